"""Who has read a revision, for programs: counts by unit and names, as far as whoever asks may know."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from service.organisation import Organisation, organisation
from service.reading.page import Page
from service.reading.readings import ReadingRow, Tally, page_of_readers, tallies
from service.reading.records import find_record
from service.readings import KIND
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, found, query, reading
from service.web.api.describe import operation
from service.web.api.shapes import Named, Shape
from states.lifecycle import Field
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import Text

of_revisions = APIRouter(prefix="/api", tags=["revisions"])
Id = Annotated[str, Path(description="Its identifier or its code.")]

FILTERS: Final = (Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False), *PAGING)


class ReadingOf(Shape):
    """One reader; `read_at` where they have read it, `due_at` where they have yet to. `href` is their own record."""

    id: UUID
    reader: Named
    unit: Named | None
    state: str
    state_label: str
    due_at: datetime | None
    read_at: datetime | None
    late: bool
    href: str


class UnitReadings(Shape):
    """How many of a unit have read it, have yet to, are late with it, and need not any more."""

    unit: Named | None
    read: int
    to_read: int
    late: int
    lapsed: int


@of_revisions.get(
    "/revisions/{record:path}/readings",
    **operation(
        "readings_of_revision", "Who has read a revision", schemas.listed(ReadingOf), asks=FILTERS, refuses=[404]
    ),
)
async def readings(request: Request, record: Id) -> Response:
    """In the order in which they were asked. One signs one's own by the move `acknowledge` of what `href` names."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        wanted, snapshot, language = found(asked, FILTERS, asks), organisation(connection), who.language
        revision = _revision(asked, record)
        page = page_of_readers(
            connection, revision, who.actor, who.now, wanted["unit"], wanted["cursor"], wanted["limit"] or 50
        )
        return answer(listed(page, lambda one: _reader(one, snapshot, language)), language)

    return await reading(request, read)


@of_revisions.get(
    "/revisions/{record:path}/readings/units",
    **operation(
        "readings_by_unit", "How many have read a revision, by unit", schemas.listed(UnitReadings), refuses=[404]
    ),
)
async def by_unit(request: Request, record: Id) -> Response:
    """Of those of whom one may know: no number counts anybody who is not in the list of names too."""
    query(request, ())

    def read(asked: Asked) -> Response:
        connection, who, snapshot = asked.connection, asked.who, organisation(asked.connection)
        counted = tallies(connection, _revision(asked, record), who.actor, who.now)
        counted.sort(key=lambda one: snapshot.units[one.unit_id].code if one.unit_id else "")
        page = Page(counted, None, len(counted))
        return answer(listed(page, lambda one: _unit(one, snapshot, who.language)), who.language)

    return await reading(request, read)


def _revision(asked: Asked, name: str) -> UUID:
    """The revision; one that may not be read any more too, to whom a reading of it is known. Raises NotFound."""
    connection, who = asked.connection, asked.who
    try:
        return find_record(connection, name, who.actor, who.now, "document")
    except NotFound:
        with suppress(ValueError):
            if tallies(connection, UUID(name), who.actor, who.now):
                return UUID(name)
        raise


def _reader(one: ReadingRow, snapshot: Organisation, language: str) -> dict[str, Any]:
    cycle = lifecycle(KIND)
    return {
        "id": one.record_id,
        "reader": views.named(snapshot.people[one.reader_id], language),
        "unit": views.named(snapshot.units.get(one.unit_id), language) if one.unit_id else None,
        "state": one.state,
        "state_label": cycle.steps[one.state].label.into(language),
        "due_at": one.due_at,
        "read_at": one.read_at,
        "late": one.late,
        "href": views.address(cycle, one.record_id),
    }


def _unit(one: Tally, snapshot: Organisation, language: str) -> dict[str, Any]:
    unit = snapshot.units.get(one.unit_id) if one.unit_id else None
    numbers = {name: getattr(one, name) for name in ("read", "to_read", "late", "lapsed")}
    return {"unit": views.named(unit, language), **numbers}
