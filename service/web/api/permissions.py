"""Who may do this, and why: of a move, with or without a record, and of a person."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service.language import say
from service.organisation import organisation
from service.reading.conditions import GuardView
from service.reading.parts import PartView
from service.reading.permissions import Explanation, explain, explain_declaration, find_any
from service.reading.powers import Power, Powers, explain_person
from service.reading.reasons import Verdict
from service.web.api import explained as shapes
from service.web.api.answer import answer
from service.web.api.asked import Asked, query, reading
from service.web.api.describe import operation
from service.web.api.views import named
from service.web.asking import act_meant, must_explain, person_meant
from states.lifecycle import Field
from states.refusals import Incomplete
from states.text import N_, Text

router = APIRouter(prefix="/api", tags=["permissions"])

_ACT = Text("Эмне: document.approve", "Что: document.approve", "What: document.approve, document.read, …")
_RECORD = Text("Жазуу", "Запись", "The record: id or code")
ASKS = (Field("act", _ACT, "line", required=False), Field("record", _RECORD, "line", required=False))


@router.get(
    "/permissions",
    **operation("who_may", "Who may do this, and why", shapes.WhoMay, asks=ASKS, refuses=[404]),
)
async def who_may(request: Request) -> Response:
    """Everybody's answer on a record, or, without one, the declaration. For administrators and quality specialists."""
    asks = query(request, ASKS)

    def read(asked: Asked) -> Response:
        who, connection = asked.who, asked.connection
        must_explain(organisation(connection), who, "")
        if not asks["act"]:
            raise Incomplete({"act": N_("This is needed.")})
        one, name = act_meant(asks["act"])
        if not asks["record"]:
            return answer(_explained(explain_declaration(one, name), who.language), who.language)
        record_id = find_any(connection, one, asks["record"])
        return answer(_explained(explain(connection, record_id, name, who.now, who.actor), who.language), who.language)

    return await reading(request, read)


@router.get(
    "/permissions/{person}",
    **operation("what_may", "What a person may do, and why", shapes.WhatMay, refuses=[404]),
)
async def what_may(request: Request, person: str) -> Response:
    """All that a person may do today; about `me` everybody may ask."""

    def read(asked: Asked) -> Response:
        who, connection, snapshot = asked.who, asked.connection, organisation(asked.connection)
        must_explain(snapshot, who, person)
        person_id = person_meant(snapshot, who, person)
        return answer(_powers(explain_person(connection, person_id, who.now, who.actor), who.language), who.language)

    return await reading(request, read)


def _explained(explained: Explanation, language: str) -> dict[str, Any]:
    one, subject = explained.lifecycle, explained.subject
    return {
        "act": f"{one.name}.{explained.name}",
        "label": explained.label.into(language),
        "record": {"id": subject.id, "code": subject.fields["code"], "state": subject.state} if subject else None,
        "by": [_part(part, language) for part in explained.parts],
        "never_by": [{"code": role.value, "name": role.label.into(language)} for role in explained.never_by],
        "from": list(explained.sources),
        "guards": [_guard(view, language) for view in explained.guards],
        "people": [_verdict(verdict, language) for verdict in explained.verdicts],
    }


def _part(part: PartView, language: str) -> dict[str, Any]:
    return {
        "code": part.role.value,
        "name": part.role.label.into(language),
        "person": named(part.person, language),
        "posts": [
            {
                **(named(view.post, language) or {}),
                "people": [
                    {**(named(one.person, language) or {}), "note": one.note.into(language), "acts": one.acts}
                    for one in view.people
                ],
            }
            for view in part.posts
        ],
    }


def _guard(view: GuardView, language: str) -> dict[str, Any]:
    guard = view.guard
    return {"says": say(guard.says, language), "next_step": say(guard.next_step, language), "holds": view.holds}


def _verdict(verdict: Verdict, language: str) -> dict[str, Any]:
    return {
        "person": named(verdict.person, language),
        "may": verdict.may,
        "why": verdict.why.value,
        "reason": verdict.reason.into(language),
        "otherwise": verdict.otherwise.into(language) if verdict.otherwise else None,
        "acting_for": named(verdict.acting_for, language),
        "part": verdict.part.value if verdict.part else None,
        "post": named(verdict.post, language),
    }


def _powers(powers: Powers, language: str) -> dict[str, Any]:
    return {
        "person": named(powers.person, language),
        "posts": [{**(named(one.post, language) or {}), "note": one.note.into(language)} for one in powers.held],
        "stands_in_for": [
            {**(named(person, language) or {}), "note": note.into(language)} for person, note in powers.stands_in
        ],
        "at_any_time": [
            {"what": one.into(language), "reason": one.verdict.reason.into(language)} for one in powers.offices
        ],
        "moves": [_power(power, language) for power in powers.moves],
        "complete": powers.complete,
    }


def _power(power: Power, language: str) -> dict[str, Any]:
    return {
        "act": f"{power.lifecycle.name}.{power.name}",
        "label": power.label.into(language),
        "records": [
            {"id": on.subject.id, "code": on.subject.fields["code"], **_verdict(on.verdict, language)}
            for on in power.records
        ],
    }
