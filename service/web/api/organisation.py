"""Absences, as far as whoever asks may see why somebody is away; units, posts and people stand in `registers`."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping.absences import may_see
from service.organisation import Organisation, organisation
from service.reading.page import read_page
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, query, reading
from service.web.api.describe import operation
from service.web.api.shapes import Named, Shape
from service.web.site import Visitor
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
