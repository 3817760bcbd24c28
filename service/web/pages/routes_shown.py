"""How routes are written on pages: in words, as a chain of bodies, and what a change of them does."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from service.keeping.routes import may_reroute
from service.language import say
from service.organisation import Organisation, organisation
from service.reading.records import RecordView
from service.reading.routes import Effect, Effects, chain
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.kyrgyz import day_short
from states.roles import LABELS, Role
from states.routes import Way
from states.text import N_
from states.working_days import today

Shown = dict[str, Any]
PATH = "/routes"


def body_name(snapshot: Organisation, code: str, language: str) -> str:
    """What a body is called; its code where there is none of that code any more."""
    found = snapshot.bodies.get(code)
    return heading(found.name, language) if found else code


def approver_name(snapshot: Organisation, post_id: UUID | None, language: str) -> str:
    """Who approves at the end of a route."""
    post = snapshot.posts.get(post_id) if post_id else None
    return heading(post.name if post else LABELS[Role.RECTOR], language)


def way_shown(snapshot: Organisation, way: Way | None, language: str) -> list[Shown]:
    """A route as the chain in `routes.html`: bodies with what they do, then who approves; empty for none."""
    if way is None:
        return []
    stages = [
        {"label": body_name(snapshot, stage.body, language), "note": stage.does.label.into(language)}
        for stage in way.stages
    ]
    approver = UUID(way.approver) if way.approver else None
    return [*stages, _last(approver_name(snapshot, approver, language), way.by_order, language)]


def _last(approver: str, by_order: bool, language: str) -> Shown:
    return {"label": approver, "note": say(_BY_ORDER if by_order else _WITHOUT_ORDER, language), "last": True}


def chain_shown(connection: sa.Connection, view: RecordView, language: str) -> list[Shown]:
    """The route of a revision as the component `strip` takes it: what is done, where it is, what comes."""
    taken, approver, by_order = chain(connection, view.subject.id)
    if not taken:
        return []
    snapshot, state = organisation(connection), view.subject.state
    steps = [
        {
            "label": heading(one.body, language),
            "note": (one.does.done if one.state == "done" else one.does.label).into(language),
            "state": one.state,
        }
        for one in taken
    ]
    waits = state in ("draft", "council_review", "amendment", "rejected", "abandoned")
    standing = "current" if state == "rector_approval" else "next" if waits else "done"
    return [*steps, {**_last(approver_name(snapshot, approver, language), by_order, language), "state": standing}]


def effects_shown(snapshot: Organisation, found: Effects, who: Visitor) -> list[Shown]:
    """A line for each revision before a body: which one, and which one then."""
    return [_effect(snapshot, one, who) for one in found.under_way]


def _effect(snapshot: Organisation, one: Effect, who: Visitor) -> Shown:
    language = who.language
    if not one.routed:
        then: Any = {"text": say(_NO_ROUTE, language), "tone": "stopped"}
    elif not one.changes:
        then = say(_AS_IT_IS, language)
    elif one.then == one.now:
        then = {"text": body_name(snapshot, one.now, language), "note": say(_LATER, language)}
    elif one.then:
        then = {"text": body_name(snapshot, one.then, language), "tone": "waiting"}
    else:
        then = {"text": say(_TO_APPROVAL, language), "tone": "waiting"}
    notes = [
        say(note, language)
        for note, holds in (
            (_NOT_YOURS, one.changes and not may_reroute(snapshot, who.actor, one)),
            (_ON_AGENDA, one.on_agenda and one.then != one.now),
        )
        if holds
    ]
    if notes:
        then = [then, {"text": "", "note": " ".join(notes)}]
    return {
        "record": {"code": one.code, "text": one.title, "href": f"/revisions/{one.record_id}"},
        "now": body_name(snapshot, one.now, language),
        "then": then,
        "due": day_short(today(one.due_at), language) if one.due_at else None,
    }


_BY_ORDER, _WITHOUT_ORDER = N_("approves by a numbered order"), N_("approves without a numbered order")
_NO_ROUTE, _AS_IT_IS = N_("no route: it stays as it is"), N_("stays as it is")
_LATER, _TO_APPROVAL = N_("the same; what comes later changes"), N_("on to approval: nobody is left")
_NOT_YOURS = N_("Its own campus's quality specialist decides this.")
_ON_AGENDA = N_("It stands on the agenda of a sitting: the secretary has to take it off there.")
