"""Catalogues, for programs: which there are, and the entries of one as a tree in the order of reading."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from service.reading.catalogues import EntryRow, list_catalogues, read_catalogue
from service.web.api import schemas
from service.web.api.answer import answer
from service.web.api.asked import Asked, query, reading
from service.web.api.describe import operation
from service.web.api.shapes import Shape
from states.lifecycle import Field
from states.refusals import NotFound
from states.text import Text

router = APIRouter(prefix="/api", tags=["catalogues"])

EDITION = Field("edition", Text("Басылышы", "Редакция", "Edition; without it, all of them"), "line", required=False)


class Catalogue(Shape):
    """A catalogue; `editions` tells how many entries each has, the newest edition first."""

    name: str
    editions: dict[str, int]
    links: dict[str, str]


class Entry(Shape):
    """An entry. `value` is what a field of kind entry is given; `uses` are counted where whoever asks may read."""

    value: str
    edition: str
    code: str
    name: str
    names: dict[str, str]
    parent: str | None
    depth: int
    closed_on: date | None
    uses: int


@router.get("/catalogues", **operation("list_catalogues", "List catalogues", schemas.listed(Catalogue)))
async def every_catalogue(request: Request) -> Response:
    """All that there are."""
    query(request, ())

    def read(asked: Asked) -> Response:
        found = list_catalogues(asked.connection)
        items = [
            {"name": one.name, "editions": one.editions, "links": {"self": f"/api/catalogues/{one.name}"}}
            for one in found
        ]
        return answer({"items": items, "next": None, "total": len(items)}, asked.who.language)

    return await reading(request, read)


@router.get(
    "/catalogues/{catalogue}",
    **operation("read_catalogue", "The entries of a catalogue", schemas.listed(Entry), asks=(EDITION,), refuses=[404]),
)
async def one_catalogue(request: Request, catalogue: str) -> Response:
    """The newest edition first, each entry before those below it; all on one page."""
    asks = query(request, (EDITION,))

    def read(asked: Asked) -> Response:
        who = asked.who
        rows = read_catalogue(asked.connection, catalogue, who.actor, who.now)
        if asks["edition"]:
            rows = [row for row in rows if row.edition == asks["edition"]]
            if not rows:
                raise NotFound
        items = [_entry(row, who.language) for row in rows]
        return answer({"items": items, "next": None, "total": len(items)}, who.language)

    return await reading(request, read)


def _entry(row: EntryRow, language: str) -> dict[str, Any]:
    return {
        "value": row.value,
        "edition": row.edition,
        "code": row.code,
        "name": row.name.into(language),
        "names": row.name._asdict(),
        "parent": row.parent,
        "depth": row.depth,
        "closed_on": row.closed_on,
        "uses": row.uses,
    }
