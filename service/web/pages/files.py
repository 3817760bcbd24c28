"""Files of records: how they are shown, and downloaded by those who may read the record."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from service.files.attachments import AttachmentView, attachment, attachments_of
from service.files.kinds import BY_MEDIA_TYPE
from service.language import say
from service.reading.permitted import require_readable
from service.reading.taken_out import SentTo, taken_out
from service.web.incoming import store_of
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.kyrgyz import day_in_words, moment_in_words
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)

# Whatever a browser makes of it in spite of all, it is a page of no origin that runs and loads nothing.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@router.get("/files/{attachment_id:uuid}/{name}")
async def download(request: Request, who: Who, here: Here, attachment_id: UUID, name: str) -> Response:
    """The file, to be saved; of one that was taken out, what happened to it.

    Raises NotFound for whoever may not read the record, and for another name.
    """
    try:
        found = await readable(here, who, attachment_id)
    except NotFound:
        return await _gone(request, who, attachment_id, name)
    if found.name != name:
        raise NotFound
    return await answered(request, here, found)


async def _gone(request: Request, who: Visitor, attachment_id: UUID, name: str) -> Response:
    """Older mails lead to files that were there when they were written. Raises NotFound where there was none."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        found, language = taken_out(connection, attachment_id, who.actor, who.now), who.language
        if found.name != name:
            raise NotFound
        moment = {"move": heading(found.move, language), "at": moment_in_words(found.at, language)}
        sent = [
            {"href": f"/sittings/{one.id}/day", "text": say(_SITTING, language, _sitting(one, language))}
            for one in found.sent_to
        ]
        href = f"/{found.lifecycle.collection}/{found.record_id}"
        facts: list[dict[str, Any]] = [
            {"term": say(_OF, language), "value": {"href": href, "text": f"{found.code} {found.title}"}},
            {"term": say(_TAKEN, language), "value": say(_BY, language, moment)},
            *([{"term": say(_WHY, language), "value": found.reason}] if found.reason else []),
            {"term": "SHA-256", "value": found.sha256},
            *([{"term": say(_SENT, language), "value": sent}] if sent else []),
        ]
        files = [entry(one, language) for one in attachments_of(connection, found.record_id)]
        return {"name": found.name, "facts": facts, "sent": sent, "files": files, "record_href": href}

    return await show(request, who, "file_gone.html", read, 410)


def _sitting(one: SentTo, language: str) -> dict[str, str]:
    return {"body": one.body.into(language), "day": day_in_words(one.held_on, language), "time": one.begins_at}


async def readable(here: Site, who: Visitor, attachment_id: UUID) -> AttachmentView:
    """The file, if the visitor may read its record. Raises NotFound."""

    def read(connection: sa.Connection) -> AttachmentView:
        record_id, found = attachment(connection, attachment_id)
        require_readable(connection, record_id, who.actor, who.now)
        return found

    return await here.reading(read)


async def answered(request: Request, here: Site, found: AttachmentView) -> Response:
    """The content of a file, read through before its first byte is sent. Raises FileDamagedError."""
    tag = f'"{found.sha256}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(found.name),
        "Content-Security-Policy": POLICY,
    }
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    store = store_of(here)
    await here.reading(lambda _: store.check(found.sha256))
    headers["Content-Length"] = str(found.size)
    media_type = f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    return StreamingResponse(store.read(found.sha256), headers=headers, media_type=media_type)


def disposition(name: str) -> str:
    """To be saved under this name (RFC 6266, 4.3; the letters beyond ASCII as RFC 8187 has them)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def entry(one: AttachmentView, language: str) -> dict[str, Any]:
    """A file as the component `files` shows it."""
    return {
        "name": one.name,
        "href": f"/files/{one.id}/{quote(one.name, safe='')}",
        "kind": BY_MEDIA_TYPE[one.media_type].name,
        "size": in_words(one.size, language),
        "sha256": one.sha256,
    }


def in_words(size: int, language: str) -> str:
    """A size in bytes as people read it."""
    if size < 1000:
        return say(_BYTES, language, {"number": size})
    if size < 1_000_000:
        return say(_KB, language, {"number": round(size / 1000)})
    return say(_MB, language, {"number": f"{size / 1_000_000:.1f}".replace(".", "." if language == "en" else ",")})


_OF, _TAKEN, _WHY = N_("It belonged to"), N_("Taken out"), N_("Reason")
_SENT = N_("Sent to the members for")
_BY, _SITTING = N_("%(at)s: %(move)s"), N_("%(body)s, %(day)s, %(time)s")
_BYTES, _KB, _MB = N_("%(number)s bytes"), N_("%(number)s KB"), N_("%(number)s MB")
