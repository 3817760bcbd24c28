"""Absences, as far as whoever asks may see why somebody is away: entered, changed, ended early, cancelled.

Units, posts and people stand in `registers`.
"""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.idempotency import Answered
from service.keeping.absences import (
    CHANGES,
    ENDS,
    ENTERS,
    cancel_absence,
    change_absence,
    end_early,
    enter_absence,
    may_see,
)
from service.organisation import Organisation, organisation
from service.reading.page import read_page
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, idempotently, query, reading, strict, writing
from service.web.api.describe import KEY, operation
from service.web.api.shapes import Named, Shape
from service.web.site import Visitor
from states.given import parse_given
from states.refusals import NotFound
from states.working_days import today

router = APIRouter(prefix="/api", tags=["university"])


class Absence(Shape):
    """Who is away from a day to a day (both included), and who acts for them; nobody: the head above answers."""

    id: UUID
    person: Named
    deputy: Named | None
    since: date
    until: date
    reason: str


@router.get("/absences", **operation("list_absences", "List absences", schemas.listed(Absence), asks=PAGING))
async def list_absences(request: Request) -> Response:
    """Those of now and ahead that whoever asks may see, the oldest entered first."""
    asks = query(request, PAGING)

    def read(asked: Asked) -> Response:
        snapshot, who, absence = organisation(asked.connection), asked.who, t.absence.c
        people = [person for person in snapshot.people if may_see(snapshot, who.actor, person)]
        wanted = sa.select(t.absence).where(absence.cancelled_at.is_(None), absence.until >= today(who.now))
        if len(people) < len(snapshot.people):
            wanted = wanted.where(absence.person_id.in_(people))
        page = read_page(
            asked.connection,
            wanted,
            (absence.id,),
            lambda row: _view(row, snapshot, who),
            asks["cursor"],
            asks["limit"] or 50,
        )
        return answer(listed(page, lambda one: one), who.language)

    return await reading(request, read)


@router.get("/absences/{absence}", **operation("read_absence", "Read an absence", Absence, refuses=[404]))
async def read_absence(request: Request, absence: UUID) -> Response:
    """One of them, also of those that are over."""
    return await reading(request, lambda asked: answer(_one(asked, absence), asked.who.language))


@router.post(
    "/absences",
    **operation("enter_absence", "Enter an absence", Absence, status=201, headers=[KEY], sends=schemas.form(ENTERS)),
)
async def enter(request: Request) -> Response:
    """By the person themselves, or by the administrator. Without a deputy the head above answers."""
    given = await body(request)
    strict(ENTERS, given)

    def write(asked: Asked) -> Answered:
        absence_id = enter_absence(asked.connection, given, asked.who.actor, asked.who.now)
        return Answered(201, _one(asked, absence_id), {"Location": f"/api/absences/{absence_id}"})

    return await idempotently(request, given, write)


@router.put(
    "/absences/{absence}",
    **operation("change_absence", "Change an absence", Absence, sends=schemas.form(CHANGES), refuses=[404]),
)
async def change(request: Request, absence: UUID) -> Response:
    """All of it anew, but for whose it is. What has been is not changed."""
    given = await body(request)
    strict(CHANGES, given)

    def write(asked: Asked) -> Response:
        change_absence(asked.connection, absence, given, asked.who.actor, asked.who.now)
        return answer(_one(asked, absence), asked.who.language)

    return await writing(request, write)


@router.post(
    "/absences/{absence}/end",
    **operation("end_absence", "End an absence early", Absence, headers=[KEY], sends=schemas.form(ENDS), refuses=[404]),
)
async def end(request: Request, absence: UUID) -> Response:
    """`until` is its last day: yesterday, where they are back today, or later."""
    given = await body(request)
    strict(ENDS, given)
    until = parse_given(ENDS, given)["until"]

    def write(asked: Asked) -> Answered:
        end_early(asked.connection, absence, until, asked.who.actor, asked.who.now)
        return Answered(200, _one(asked, absence))

    return await idempotently(request, given, write)


@router.delete(
    "/absences/{absence}", **operation("cancel_absence", "Cancel an absence", None, status=204, refuses=[404])
)
async def cancel(request: Request, absence: UUID) -> Response:
    """It does not take place; once it has begun, end it early instead."""

    def write(asked: Asked) -> Response:
        cancel_absence(asked.connection, absence, asked.who.actor, asked.who.now)
        return Response(status_code=204)

    return await writing(request, write)


def _one(asked: Asked, absence_id: UUID) -> dict[str, Any]:
    """As Absence has it. Raises NotFound, also for whoever may not see why they are away."""
    snapshot, who, absence = organisation(asked.connection), asked.who, t.absence.c
    row = asked.connection.execute(sa.select(t.absence).where(absence.id == absence_id)).one_or_none()
    if row is None or row.cancelled_at is not None or not may_see(snapshot, who.actor, row.person_id):
        raise NotFound
    return _view(row, snapshot, who)


def _view(row: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": _named(snapshot, row.person_id, who),
        "deputy": _named(snapshot, row.deputy_id, who) if row.deputy_id else None,
        "since": row.since,
        "until": row.until,
        "reason": row.reason,
    }


def _named(snapshot: Organisation, person_id: UUID, who: Visitor) -> dict[str, str]:
    person = snapshot.people[person_id]
    return {"code": person.code, "name": person.name.into(who.language)}
