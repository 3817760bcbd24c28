"""Explanations as their page shows them: what a move asks, who plays its parts, and everybody's answer."""

from typing import Any

from service.language import say
from service.organisation import PostFacts
from service.reading.conditions import GuardView
from service.reading.parts import PartView
from service.reading.permissions import OPEN, READ, Explanation, acts_of
from service.reading.powers import Power, Powers
from service.reading.reasons import Verdict, Why
from service.subject import Subject
from service.web.pages.wording import badge, heading
from service.web.site import Visitor
from states.text import N_, Text

MOST = 12
_STOPPED = (Why.NOT_NOW, Why.DUTIES)
_TONES = {
    Why.MAY: "good",
    Why.CONDITION: "waiting",
    Why.NOT_NOW: "waiting",
    Why.DUTIES: "stopped",
    Why.NO_PART: "resting",
}


def act_label(name: str, label: Text, language: str) -> str:
    """What is asked about, as it stands at the beginning of a line."""
    return say(_NEW, language, {"what": label}) if name.startswith(OPEN) else heading(label, language)


def explained_card(explained: Explanation, language: str, readable: bool = False) -> dict[str, Any]:
    """An explanation; the record's title and the way to it only where the reader may read it."""
    one, subject = explained.lifecycle, explained.subject
    return {
        "label": act_label(explained.name, explained.label, language),
        "over": heading(one.label, language),
        "code": subject.fields["code"] if subject else "",
        "title": subject.fields["title"] if subject and readable else "",
        "href": f"/{one.collection}/{subject.id}" if subject and readable else "",
        "state": badge(one, subject.state, language) if subject else None,
        "sources": [heading(one.steps[name].label, language) for name in explained.sources if name in one.steps],
        "parts": [_part(part, language) for part in explained.parts],
        "with_record": subject is not None,
        "never_by": [heading(role.label, language) for role in explained.never_by],
        "guards": [_guard(view, language) for view in explained.guards],
        "may": [_line(verdict, language) for verdict in explained.verdicts if verdict.admitted],
        "stopped": [_line(verdict, language) for verdict in explained.verdicts if verdict.why in _STOPPED],
        "others": [_line(verdict, language) for verdict in explained.verdicts if verdict.why is Why.NO_PART],
    }


def asks(subject: Subject, language: str) -> list[dict[str, str]]:
    """What can be asked about a record where it stands: who may make each move from here, and who may read it."""
    one = subject.lifecycle
    acts = {move.name for move in one.moves_from(subject.state)} | {READ}
    return [
        {"label": act_label(name, label, language), "href": f"/permissions?act={one.name}.{name}&record={subject.id}"}
        for name, label in acts_of(one).items()
        if name in acts
    ]


def powers_card(powers: Powers, who: Visitor) -> dict[str, Any]:
    """Everything that a person may do."""
    language = who.language
    return {
        "name": powers.person.name.into(language),
        "mine": who.person is not None and who.person.id == powers.person.id,
        "held": [{"term": _post(one.post, language), "value": one.note.into(language)} for one in powers.held],
        "stands_in": [
            {"term": one.name.into(language), "value": note.into(language)} for one, note in powers.stands_in
        ],
        "offices": [{"what": one.into(language), "why": one.verdict.reason.into(language)} for one in powers.offices],
        "groups": _groups(powers.moves, language),
        "complete": powers.complete,
    }


def _groups(moves: tuple[Power, ...], language: str) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for power in moves:
        found.setdefault(heading(power.lifecycle.plural, language), []).append(_power(power, language))
    return [{"label": label, "moves": rows} for label, rows in found.items()]


def _power(power: Power, language: str) -> dict[str, Any]:
    one = power.lifecycle
    by_reason: dict[str, list[dict[str, str]]] = {}
    for on in power.records:
        href = f"/permissions?act={one.name}.{power.name}&record={on.subject.id}"
        by_reason.setdefault(on.verdict.reason.into(language), []).append(
            {"code": on.subject.fields["code"], "href": href}
        )
    return {
        "label": act_label(power.name, power.label, language),
        "reasons": [
            {"why": why, "records": records[:MOST], "more": max(0, len(records) - MOST)}
            for why, records in by_reason.items()
        ],
    }


def _part(part: PartView, language: str) -> dict[str, Any]:
    return {
        "label": heading(part.role.label, language),
        "person": part.person.name.into(language) if part.person else "",
        "hidden": part.hidden,
        "posts": [
            {
                "name": _post(view.post, language),
                "people": [
                    {"name": one.person.name.into(language), "note": one.note.into(language), "acts": one.acts}
                    for one in view.people
                ],
            }
            for view in part.posts
        ],
    }


def _guard(view: GuardView, language: str) -> dict[str, Any]:
    states = {None: ("resting", _DEPENDS), True: ("good", _HOLDS), False: ("late", _FAILS)}
    tone, word = states[view.holds]
    return {"says": say(view.guard.says, language), "tone": tone, "word": say(word, language)}


def _line(verdict: Verdict, language: str) -> dict[str, Any]:
    reason = verdict.reason.into(language)
    otherwise = {"note": verdict.otherwise.into(language)} if verdict.otherwise else {}
    return {
        "person": {"text": verdict.person.name.into(language), "href": f"/permissions?person={verdict.person.code}"},
        "may": {"text": say(_WORDS[verdict.why], language), "tone": _TONES[verdict.why]},
        "why": {"text": reason, **otherwise},
    }


def _post(post: PostFacts, language: str) -> str:
    return heading(post.name, language)


_NEW = N_("New: %(what)s")
_HOLDS, _FAILS, _DEPENDS = N_("not so"), N_("so now"), N_("depends on what is recorded")
_WORDS = {
    Why.MAY: N_("yes"),
    Why.CONDITION: N_("yes, but"),
    Why.NOT_NOW: N_("not now"),
    Why.DUTIES: N_("no"),
    Why.NO_PART: N_("no"),
}
