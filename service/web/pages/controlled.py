"""The controlled file of a revision: the file itself, what it is, and what hinders it; asked for once more."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models import tables as t
from service.controlled import rows
from service.controlled.assemble import qr
from service.controlled.given import IN_FORCE, FileView, Unmade, file_of, not_made, standing
from service.controlled.office import LIBREOFFICE, PANDOC
from service.controlled.render import ARCHIVAL, AS_IT_IS, PLAIN, SIMPLIFIED
from service.files.attachments import AttachmentView
from service.language import say
from service.organisation import organisation
from service.reading.documents import read_document
from service.reading.permitted import require_readable
from service.reading.records import read_record
from service.web.pages.check import PATH as CHECK
from service.web.pages.files import answered
from service.web.pages.frame import show
from service.web.site import Here, Visitor, Who
from states.kyrgyz import moment_in_words
from states.refusals import NotFound, NotYours
from states.registry import lifecycle
from states.roles import LABELS, Role
from states.text import N_, Text

router = APIRouter(include_in_schema=False)

KIND: Final = "document"


@router.get("/documents/{document_id:uuid}/controlled.pdf")
async def of_document(who: Who, here: Here, document_id: UUID) -> Response:
    """Leads to the controlled file of the revision in force. Raises NotFound."""

    def read(connection: sa.Connection) -> UUID | None:
        return read_document(connection, document_id, who.actor, who.now).in_force_id

    revision = await here.reading(read)
    if revision is None:
        raise NotFound
    return RedirectResponse(f"/revisions/{revision}/controlled.pdf", 303)


@router.get("/revisions/{record_id:uuid}/controlled.pdf")
async def pdf(request: Request, who: Who, here: Here, record_id: UUID) -> Response:
    """The file, to be saved: byte for byte the same as long as it is given out. Raises NotFound."""

    def read(connection: sa.Connection) -> AttachmentView:
        require_readable(connection, record_id, who.actor, who.now)
        file, stands = file_of(connection, record_id), standing(connection, record_id)
        if file is None or file.sha256 is None or stands is None:
            raise NotFound
        name = f"{stands.code} № {stands.number}.pdf"
        return AttachmentView(record_id, name, file.sha256, file.size or 0, "application/pdf")

    return await answered(request, here, await here.reading(read))


@router.get("/revisions/{record_id:uuid}/controlled")
async def about(request: Request, who: Who, here: Here, record_id: UUID) -> Response:
    """What the file is and how it was made, or why there is none. Raises NotFound."""
    checked_at = f"{here.settings.address}{CHECK}/{record_id}"

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not lifecycle(KIND):
            raise NotFound
        file, stands = file_of(connection, record_id), standing(connection, record_id)
        return {
            "view": view,
            "fields": view.subject.fields,
            "lifecycle": view.lifecycle,
            "file": _shown(file, who.language) if file else None,
            "stands": stands,
            "in_force": stands is not None and stands.state == IN_FORCE,
            "checked_at": checked_at,
            "qr_href": f"/revisions/{record_id}/controlled.svg",
            "may_ask": stands is not None and organisation(connection).plays(who.actor, Role.QUALITY_SPECIALIST),
            "path": f"/revisions/{record_id}",
        }

    return await show(request, who, "controlled.html", read)


@router.get("/revisions/{record_id:uuid}/controlled.svg")
async def code(who: Who, here: Here, record_id: UUID) -> Response:
    """The QR code that stands on its pages. Raises NotFound."""
    await here.reading(lambda connection: require_readable(connection, record_id, who.actor, who.now))
    drawn = qr(f"{here.settings.address}{CHECK}/{record_id}")
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


@router.post("/revisions/{record_id:uuid}/controlled")
async def make_again(who: Who, here: Here, record_id: UUID) -> Response:
    """Ask for the file, or for a new one. Raises NotFound, NotYours."""

    def ask(connection: sa.Connection) -> None:
        require_readable(connection, record_id, who.actor, who.now)
        must_keep_quality(connection, who)
        if standing(connection, record_id) is None:
            raise NotFound
        rows.ask(connection, record_id, who.now)

    await here.writing(ask)
    return RedirectResponse(f"/revisions/{record_id}/controlled", 303)


@router.get("/controlled")
async def unmade(request: Request, who: Who) -> Response:
    """The controlled files that are not made, and why: for the quality specialist. Raises NotYours."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep_quality(connection, who)
        counted = sa.select(t.controlled_file.c.state, sa.func.count()).group_by(t.controlled_file.c.state)
        counts: dict[str, int] = dict(connection.execute(counted).tuples().all())
        return {"rows": [_line(one, who.language) for one in not_made(connection)], "made": counts.get(rows.MADE, 0)}

    return await show(request, who, "controlled_unmade.html", read)


def must_keep_quality(connection: sa.Connection, who: Visitor) -> None:
    """Raise NotYours unless they are a quality specialist."""
    if not organisation(connection).plays(who.actor, Role.QUALITY_SPECIALIST):
        raise NotYours(move=_MAKING, who=(LABELS[Role.QUALITY_SPECIALIST],))


def _shown(file: FileView, language: str) -> dict[str, Any]:
    return {
        "state": file.state,
        "says": say(file.says, language, file.facts) if file.says else "",
        "again": moment_in_words(file.next_try_at, language) if file.next_try_at and file.tried else "",
        "made_at": moment_in_words(file.made_at, language) if file.made_at else "",
        "sha256": file.sha256,
        "pages": file.pages,
        "how": [say(_WAYS[way], language) for way in file.how if way in _WAYS],
        "simplified": not SIMPLIFIED.isdisjoint(file.how),
    }


def _line(one: Unmade, language: str) -> dict[str, Any]:
    told = _shown(one.file, language)
    state = _STATES[one.file.state]
    return {
        "title": {"code": one.code, "text": one.title, "href": f"/revisions/{one.record_id}/controlled"},
        "state": {"text": say(state, language), "tone": "late" if one.file.state == rows.FAILED else "waiting"},
        "says": told["says"],
        "again": told["again"],
    }


_MAKING: Final = Text("Көзөмөлдөгү файлдар", "Контролируемые файлы", "Controlled files")
_STATES: Final = {
    rows.FAILED: N_("cannot be made"),
    rows.PENDING: N_("is being made"),
    rows.MADE: N_("made"),
}
_WAYS: Final = {
    AS_IT_IS: N_("a PDF, taken as its author made it"),
    LIBREOFFICE: N_("printed by LibreOffice"),
    PANDOC: N_("set in a simplified layout"),
    PLAIN: N_("tables, text or pictures, set plainly"),
    ARCHIVAL: N_("for archives: PDF/A-2b"),
}
