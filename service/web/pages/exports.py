"""Lists taken away as files: written whole before their first byte is sent, so that what is refused is refused.

They are written aside, one at a time: pages go on being answered, and nobody's slow line keeps a transaction open.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from service.exporting import Cell, Column, csv_lines, file_name, xlsx_file
from service.files.kinds import KINDS
from service.language import say
from service.reading.figures import Figures
from service.reading.late import DIMENSIONS, Wanted
from service.reading.records import asked_records
from service.web.pages import exports_late
from service.web.pages.addresses import asked_for
from service.web.pages.exports_readings import NAME as READINGS
from service.web.pages.exports_readings import Readings
from service.web.pages.exports_records import Records
from service.web.pages.figures import NAMES, kind_of, scope_of
from service.web.pages.figures_drawn import Drawing
from service.web.pages.files import disposition
from service.web.pages.late_asked import wanted_of
from service.web.pages.records import names_asked, narrowed_by
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

_PIECE: Final = 65_536
_aside: Final = ThreadPoolExecutor(1, "export")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list to be written: what it is called, its columns, its rows as they are read."""

    title: str
    columns: Sequence[Column]
    rows: Iterator[Sequence[Cell]]


Reads = Callable[[sa.Connection], Listed]


@router.get("/exports/late.{ending}")
async def late(request: Request, who: Who, here: Here, ending: str) -> Response:
    """What is late, or due soon."""
    wanted = wanted_of(asked_for(request, *DIMENSIONS), soon=request.query_params.get("show") == "soon")
    return await answered(here, who, ending, late_list(who, wanted))


@router.get("/exports/figures/{collection:collection}/{name}.{ending}")
async def figure(request: Request, who: Who, here: Here, collection: str, name: str, ending: str) -> Response:
    """The rows of a figure."""
    one, asked = kind_of(collection), asked_for(request, *NAMES)

    def read(connection: sa.Connection) -> Listed:
        figures = Figures(connection, who.actor, who.now, scope_of(connection, one, asked, who))
        return figure_list(figures, name, who.language)

    return await answered(here, who, ending, read)


@router.get("/exports/{collection:collection}.{ending}")
async def records(request: Request, who: Who, here: Here, collection: str, ending: str) -> Response:
    """The records of a list, as it is narrowed."""
    one = lifecycle(collection)
    asked = asked_for(request, *names_asked(one))
    return await answered(
        here, who, ending, records_list(who, one, lambda connection: narrowed_by(connection, one, asked))
    )


def late_list(who: Visitor, wanted: Wanted) -> Reads:
    """The board."""

    def read(connection: sa.Connection) -> Listed:
        rows = exports_late.rows(connection, who.actor, who.now, wanted, who.language)
        return Listed(say(_SOON if wanted.soon else _LATE, who.language), exports_late.columns(who.language), rows)

    return read


def records_list(who: Visitor, one: Lifecycle, narrowed: Callable[[sa.Connection], dict[str, Any]]) -> Reads:
    """Records of a lifecycle; `narrowed` gives what `asked_records` takes."""

    def read(connection: sa.Connection) -> Listed:
        listed: Records | Readings = (
            Readings(connection, who.now, who.language)
            if one.name == READINGS
            else Records(connection, who.actor, who.now, one, who.language)
        )
        asked = asked_records(connection, who.actor, who.now, one.name, **narrowed(connection))
        return Listed(heading(one.plural, who.language), listed.columns(), listed.rows(asked))

    return read


def figure_list(figures: Figures, name: str, language: str) -> Listed:
    """The rows of a figure. Raises NotFound where the lifecycle has no such figure."""
    drawing = Drawing(figures, language)
    if name not in drawing.names():
        raise NotFound
    drawn = drawing.draw(name)
    return Listed(drawn.figure.title, drawn.columns, iter(drawn.rows))


async def answered(here: Site, who: Visitor, ending: str, read: Reads) -> Response:
    """The list as a file, named after it and the day. Raises NotFound for an ending that is none, TooManyRows."""
    if ending not in ("csv", "xlsx"):
        raise NotFound
    file: IO[bytes] = TemporaryFile(prefix="sapat-export-")  # noqa: SIM115 - closed once it has been sent
    try:
        title = await asyncio.get_running_loop().run_in_executor(_aside, _write, here, who, ending, read, file)
    except BaseException:
        file.close()
        raise
    kind = KINDS["csv" if ending == "csv" else "xlsx"].media_type
    name = file_name(title, today(who.now), "csv" if ending == "csv" else "xlsx")
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Length": str(file.seek(0, 2)),
        "Content-Language": who.language,
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        _pieces(file), headers=headers, media_type=f"{kind}; charset=utf-8" if ending == "csv" else kind
    )


def _write(here: Site, who: Visitor, ending: str, read: Reads, file: IO[bytes]) -> str:
    """Write it on a connection of its own; gives its title."""
    with here.database.read() as connection:
        listed = read(connection)
        if ending == "xlsx":
            xlsx_file(listed.columns, listed.rows, file, title=listed.title, made=who.now)
        else:
            for piece in csv_lines(listed.columns, listed.rows):
                file.write(piece)
    return listed.title


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


_LATE, _SOON = N_("What is late"), N_("What is due soon")
