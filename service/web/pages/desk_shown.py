"""A document that waits for the rector, as a card of the desk: all that is needed to decide, and the ways to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from service.differences.chosen import Chosen
from service.differences.words import Differences, Outcome
from service.files.attachments import attachments_of
from service.language import says
from service.order_fields import APPROVE
from service.organisation import Organisation, organisation
from service.reading.deputies import StandingIn, held_for
from service.reading.desk import Coming, of_this_round
from service.reading.records import RecordView, read_record
from service.reading.signatures import signatures_of
from service.reading.tasks import TaskView
from service.web.pages import differences_shown as shown
from service.web.pages.decisions import decision_cards
from service.web.pages.facts import history_entries, recorded
from service.web.pages.files import entry
from service.web.pages.foreseen import notices_of
from service.web.pages.frame import until
from service.web.pages.signing import Proving
from service.web.pages.told import Told
from service.web.pages.wording import badge, due, heading
from service.web.site import Visitor
from states.kyrgyz import day_short, moment_in_words
from states.lifecycle import Move
from states.refusals import Refusal
from states.roles import Role
from states.text import Text
from states.working_days import today

# The step in which an order can approve; in the others the rector decides on each by itself.
APPROVED_FROM: Final = "rector_approval"


def card(
    connection: sa.Connection,
    task: TaskView,
    who: Visitor,
    how: Proving,
    types: Mapping[str, Text],
    absent: Mapping[Any, StandingIn],
    home: Path,
) -> dict[str, Any]:
    """A document that waits; its differences are put beside it by `with_differences`."""
    view, language = read_record(connection, task.record_id, who.actor, who.now), who.language
    told = Told(connection, view, who, None, how)
    one, fields, last = view.lifecycle, view.subject.fields, view.history[-1]
    decided = {decision.history_id for decision in view.decisions}
    behalf = absent.get(held_for(who.actor, task.holder_post_id, task.holder_person_id))
    kind = types.get(view.document.type_code)
    return {
        "id": view.subject.id,
        "href": f"/{one.collection}/{view.subject.id}",
        "code": fields["code"],
        "title": fields["title"],
        "version": fields["version"],
        "state": _state(view, task, organisation(connection), language),
        "approves": view.subject.state == APPROVED_FROM,
        "why_not": why_not(view, language),
        "foreseen": notices_of(connection, view.subject, home, language, known=True),
        "due": due(task.due_at, task.days, language),
        "first_due": day_short(today(task.original_due_at), language) if task.original_due_at != task.due_at else "",
        "since": moment_in_words(task.opened_at, language),
        "behalf": until(behalf, language) if behalf else "",
        "type": f"{view.document.type_code} · {kind.into(language)}" if kind else view.document.type_code,
        "unit": heading(view.unit, language) if view.unit else None,
        "owner": heading(view.owner, language) if view.owner else None,
        "author": view.author.into(language) if view.author else None,
        "summary": fields["summary"],
        "brought": "" if last.id in decided else heading(last.move, language),
        "brought_facts": [] if last.id in decided else recorded(last, one, told.known),
        "decisions": decision_cards(
            connection,
            view,
            of_this_round(view),
            signatures_of(connection, view.subject.id, one),
            who.actor,
            who.now,
            language,
        ),
        "files": [entry(file, language) for file in attachments_of(connection, view.subject.id)],
        "history": history_entries(view.history, one, told.known),
        "moves": [_apart(told.forms.form(move), view) for move in _one_by_one(view)],
    }


def _state(view: RecordView, task: TaskView, snapshot: Organisation, language: str) -> dict[str, str]:
    """The state; of what another post than the rector's approves, what there is to do: the state's name is his."""
    approver = snapshot.posts.get(view.subject.fields["approver_post_id"])
    shown = badge(view.lifecycle, view.subject.state, language)
    if approver is None or approver.role is Role.RECTOR or task.step.task is None:
        return shown
    return {**shown, "text": heading(task.step.task, language)}


def why_not(view: RecordView, language: str) -> str:
    """Why this person may not approve it; empty where they may."""
    assert view.case is not None  # noqa: S101 - of every record that is read
    try:
        view.lifecycle.admit(view.case, APPROVE)
    except Refusal as refusal:
        return " ".join(says(refusal, language))
    return ""


def _one_by_one(view: RecordView) -> list[Move]:
    """What the rector may do with this one alone: all but the approval, which the order does."""
    return [one for one in view.moves if Role.RECTOR in one.by and not one.part and one.name != APPROVE]


def _apart(form: dict[str, Any], view: RecordView) -> dict[str, Any]:
    """The form with identifiers of its own, for the same move is on many cards; it leads back to the desk."""
    prefix = f"{form['prefix']}{view.subject.id}-"
    controls = [{**control, "id": f"f-{prefix}{control['name']}"} for control in form["controls"]]
    action = f"/desk/{view.subject.id}/moves/{form['name']}"
    return {**form, "prefix": prefix, "controls": controls, "action": action}


def with_differences(shown_card: dict[str, Any], chosen: Chosen | None, outcome: Outcome | None, language: str) -> None:
    """Put beside a card what changes in its text."""
    compared = chosen is not None and chosen.pair is not None
    found = outcome if isinstance(outcome, Differences) else None
    shown_card["differences"] = {
        "first": chosen is not None and chosen.other is None,
        "compared": compared,
        "summary": shown.summary(outcome, language) if compared else "",
        "little": outcome is not None and shown.differs_in_all(outcome),
        "excerpt": shown.in_words(shown.excerpt(found), language) if found else [],
        "href": f"{shown_card['href']}/differences",
    }


def coming_line(one: Coming, language: str) -> dict[str, Any]:
    """A document that comes next, with where it is."""
    return {
        "href": f"/revisions/{one.id}",
        "code": one.code,
        "title": one.title,
        "step": heading(one.step.label, language),
        "council": heading(one.council, language) if one.council else "",
        "councils": ", ".join(council.into(language) for council in one.councils),
        "due": day_short(today(one.due_at), language) if one.due_at else "",
    }
