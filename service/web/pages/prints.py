"""Prints: the page of those that a record has, and each as a PDF or a DOCX, in any of the three languages.

What a print says is read at once and laid aside; it is set after that, off the event loop and with no database held.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import IO, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from service.files.kinds import KINDS
from service.files.names import LONGEST, clean_name
from service.language import say
from service.organisation import organisation
from service.prints.as_docx import write_docx
from service.prints.common import University
from service.prints.compile import write_pdf
from service.prints.kinds import FORMS, Form
from service.prints.plain import plain
from service.prints.refusals import NoForm, NoLanguage
from service.prints.shapes import Register
from service.reading.decided import sittings_on
from service.reading.records import read_record
from service.web.pages.files import disposition
from service.web.pages.frame import show
from service.web.pages.prints_gathered import at_the_head, document_changes, gathered, prints_of
from service.web.pages.prints_registers import documents_register, records_register
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import LANGUAGES, N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

_PIECE: Final = 65_536
# Two at a time: each takes a processor and some 150 MB. Whoever comes third waits.
_aside: Final = ThreadPoolExecutor(2, "print")
NAMES: Final = {"ky": N_("In Kyrgyz"), "ru": N_("In Russian"), "en": N_("In English")}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is to be printed, what it is called, and which campus's name stands at its head."""

    shape: Any
    name: str
    campus: UUID | None


Reads = Callable[[sa.Connection, Visitor], Gathered]


@router.get("/documents/prints/register.{ending}")
async def documents(request: Request, who: Who, here: Here, ending: str) -> Response:
    """The register of documents, as its page is narrowed."""
    asked = dict(request.query_params)

    def read(connection: sa.Connection, reader: Visitor) -> Gathered:
        return _named(documents_register(connection, reader, asked), reader)

    return await _answered(request, here, who, FORMS["register"], ending, read)


@router.get("/documents/{document_id:uuid}/prints/changes.{ending}")
async def changes(request: Request, who: Who, here: Here, document_id: UUID, ending: str) -> Response:
    """The registration sheet of a document's changes."""

    def read(connection: sa.Connection, reader: Visitor) -> Gathered:
        return Gathered(*document_changes(connection, document_id, reader))

    return await _answered(request, here, who, FORMS["changes"], ending, read)


@router.get("/{collection:collection}/prints/register.{ending}")
async def records(request: Request, who: Who, here: Here, collection: str, ending: str) -> Response:
    """The records of a list, as its page is narrowed."""
    one, asked = lifecycle(collection), dict(request.query_params)

    def read(connection: sa.Connection, reader: Visitor) -> Gathered:
        return _named(records_register(connection, reader, one, asked), reader)

    return await _answered(request, here, who, FORMS["register"], ending, read)


@router.get("/{collection:collection}/{record_id:uuid}/prints")
async def prints(request: Request, who: Who, collection: str, record_id: UUID) -> Response:
    """The prints that a record has."""
    one = lifecycle(collection)

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not one:
            raise NotFound
        return {
            "view": view,
            "lifecycle": one,
            "fields": view.subject.fields,
            "prints": _shown(connection, one, view, who),
        }

    return await show(request, who, "prints.html", read)


@router.get("/{collection:collection}/{record_id:uuid}/prints/{name}.{ending}")
async def printed(
    request: Request, who: Who, here: Here, collection: str, record_id: UUID, name: str, ending: str
) -> Response:
    """One print of a record."""
    one, form, asked = lifecycle(collection), FORMS.get(name), dict(request.query_params)
    if form is None:
        raise NoForm

    def read(connection: sa.Connection, reader: Visitor) -> Gathered:
        return Gathered(*gathered(connection, one, record_id, form, reader, asked))

    return await _answered(request, here, who, form, ending, read)


def _shown(connection: sa.Connection, one: Lifecycle, view: Any, who: Visitor) -> list[dict[str, Any]]:
    """Each form with its files: first the language of whoever asks."""
    languages = sorted(LANGUAGES, key=lambda language: language != who.language)
    return [
        {
            "name": name,
            "files": [
                {
                    "href": f"/{one.collection}/{view.subject.id}/prints/{form.name}.{ending}?language={language}{of}",
                    "label": f"{say(NAMES[language], who.language)}, {ending.upper()}",
                    "first": language == who.language,
                }
                for language in languages
                for ending in ("pdf", "docx")
                if ending == "pdf" or form.docx
            ],
        }
        for form in prints_of(one, view, connection)
        for name, of in _each(connection, form, view, who)
    ]


def _each(connection: sa.Connection, form: Form, view: Any, who: Visitor) -> Iterator[tuple[str, str]]:
    """A form by its name, with what its address says besides: an extract is of one item of one protocol."""
    name = heading(form.label, who.language)
    if form.name != "extract":
        yield name, ""
        return
    if "agenda_item" not in view.parts:
        bodies = {body.id: body.name for body in organisation(connection).bodies.values()}
        for sat in sittings_on(connection, view.subject.id, who.actor, who.now):
            yield f"{name}: {heading(bodies[sat.body_id], who.language)}, № {sat.protocol_no}", f"&sitting={sat.id}"
        return
    items = sorted(view.parts["agenda_item"], key=lambda row: (row["place"], row["no"]))
    for no, row in enumerate(items, start=1):
        yield f"{name}: {no}. {row['title']}", f"&item={no}"


def _named(register: Register, reader: Visitor) -> Gathered:
    title = register.title
    return Gathered(register, title if isinstance(title, str) else title.into(reader.language), None)


async def _answered(request: Request, here: Site, who: Visitor, form: Form, ending: str, read: Reads) -> Response:
    """The print as a file. Raises NoForm, NoLanguage, FormBroken, TooLong, and what `read` raises."""
    language = request.query_params.get("language", who.language)
    if language not in LANGUAGES:
        raise NoLanguage(language=language[:20])
    if ending not in ("pdf", "docx") or (ending == "docx" and not form.docx):
        raise NoForm
    file: IO[bytes] = TemporaryFile(prefix="sapat-print-")  # noqa: SIM115 - closed once it has been sent
    reader = replace(who, language=language)
    try:
        name = await asyncio.get_running_loop().run_in_executor(_aside, _write, here, reader, form, ending, read, file)
    except BaseException:
        file.close()
        raise
    kind = KINDS[ending]
    found = disposition(clean_name(f"{name[: LONGEST - 20]} {today(who.now)}.{ending}", kind.media_type))
    headers = {
        # A PDF is looked at first, and then printed; a DOCX is taken away.
        "Content-Disposition": found.replace("attachment", "inline", 1) if ending == "pdf" else found,
        "Content-Length": str(file.seek(0, 2)),
        "Content-Language": language,
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type=kind.media_type)


def _write(here: Site, reader: Visitor, form: Form, ending: str, read: Reads, file: IO[bytes]) -> str:
    """Read on a connection of its own, give that back, write the print; gives its name."""
    folder = here.settings.forms
    with TemporaryFile(prefix="sapat-print-", mode="w+", encoding="utf-8") as aside:
        with here.database.read() as connection:
            told = read(connection, reader)
            university: University = at_the_head(connection, reader, told.campus, folder)
            shape = _laid_aside(told.shape, reader.language, aside)
        write = write_pdf if ending == "pdf" else write_docx
        write(form, shape, university, reader.language, file, folder)
    label = heading(form.label, reader.language)
    return told.name if form.name == "register" else f"{told.name} {label}".replace("/", "-")


def _laid_aside(shape: Any, language: str, aside: IO[str]) -> Any:
    """A register with its rows on the disk: reading them needs the database no more, nor memory."""
    if not isinstance(shape, Register):
        return shape
    for row in shape.rows:
        aside.write(json.dumps(plain(row, language), ensure_ascii=False) + "\n")
    aside.seek(0)
    return replace(shape, rows=(json.loads(line) for line in aside))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
