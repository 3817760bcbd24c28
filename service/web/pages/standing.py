"""Where a record stands, in sentences: what a move just did, whose turn it is, whom the ladder reached."""

from typing import Any

from service.language import say
from service.letters import NOT_SENT
from service.reading.ladder import RungView
from service.reading.records import RecordView
from service.web.pages.wording import heading, missed, unless
from service.web.site import Visitor
from states.kyrgyz import day_in_words, day_short
from states.lifecycle import Kind
from states.text import N_
from states.working_days import today


def done(view: RecordView, who: Visitor, version: str) -> list[dict[str, str]]:
    """What this person has just done, and who goes on: said once, of the record's last entry, if it is theirs."""
    last = view.history[-1]
    if not version or version != str(last.seq) or who.person is None or last.actor != who.person.name:
        return []
    text = say(_DONE, who.language, {"move": heading(last.move, who.language), "state": last.to_label})
    return [{"tone": "good", "text": f"{text} {turn(view, who.language)}"}]


def turn(view: RecordView, language: str) -> str:
    """Whose turn it is, and by when; or on which day it goes on by itself; or that it is over."""
    if view.tasks:
        task = view.tasks[-1]
        facts = {"holder": heading(task.holder, language), "due": day_in_words(today(task.due_at), language)}
        return " ".join(filter(None, (say(_TURN, language, facts), _asked_for(view, language))))
    step = view.lifecycle.steps[view.subject.state]
    if step.kind is Kind.FINAL:
        return say(_OVER, language)
    if step.wake and (day := view.subject.fields.get(step.wake.on)):
        label = view.lifecycle.moves[step.wake.move].label
        return say(_BY_ITSELF, language, {"day": day_in_words(day, language), "move": heading(label, language)})
    return say(_RESTS, language)


def _asked_for(view: RecordView, language: str) -> str:
    """What somebody has asked for and now waits to be told: until when, or that it be given up, and why."""
    fields, task = view.subject.fields, view.tasks[-1]
    if task.step.name == "extension_requested" and (day := fields.get("requested_due_on")):
        facts = {"day": day_in_words(day, language), "why": fields["extension_reason"]}
        return say(_MORE_TIME, language, facts)
    if task.step.name == "cancellation_requested" and (why := fields.get("cancellation_reason")):
        return say(_CANCELLATION, language, {"why": why})
    return ""


def ladder_rungs(rungs: list[RungView], language: str) -> list[dict[str, Any]]:
    """The ladder as its component shows it."""
    reached = max((place for place, rung in enumerate(rungs) if rung.told), default=-1)
    shown = []
    for place, rung in enumerate(rungs):
        notes = [missed(rung.missed, language)] if rung.missed else []
        if rung.at is None:
            notes.insert(0, say(NOT_SENT, language))
        shown.append(
            {
                "who": heading(rung.part, language),
                "name": ", ".join(filter(None, (unless(name, rung.part, language) for name in rung.names))),
                "date": day_short(today(rung.at), language) if rung.at else "",
                "iso": today(rung.at).isoformat() if rung.at else "",
                "state": "current" if place == reached else "done" if rung.told else "next",
                "note": "; ".join(notes),
                "sent": rung.at is not None,
            }
        )
    return shown


_DONE = N_("Recorded: %(move)s. The state is now “%(state)s”.")
_TURN = N_("It is with: %(holder)s, until %(due)s.")
_MORE_TIME = N_("A new due date is asked for, %(day)s: %(why)s")
_CANCELLATION = N_("Cancellation is asked for: %(why)s")
_OVER = N_("It is finished: nothing more is to be done.")
_BY_ITSELF = N_("Nothing is to be done now. On %(day)s it goes on by itself: %(move)s.")
_RESTS = N_("Nothing is to be done now.")
