"""Files for programs: sent first, named by a move then, downloaded by whoever may read the record."""

from tempfile import SpooledTemporaryFile
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from service.files.refusals import FileTooLarge
from service.files.store import MOST_BYTES
from service.web.api.answer import answer
from service.web.api.describe import PROBLEM, operation
from service.web.api.shapes import SentFile
from service.web.incoming import keep, typed_name, within
from service.web.pages.files import answered, readable
from service.web.site import Here, Who
from states.refusals import Incomplete, Malformed
from states.text import N_

router = APIRouter(prefix="/api", tags=["files"])

# Besides the file: the boundaries of multipart, and the names of its parts.
_MORE: Final = 16_384
_IN_MEMORY: Final = 1_000_000
_NAME: Final = {
    "name": "Sapat-Filename",
    "in": "header",
    "required": False,
    "description": "The name of a file that is sent as it is, in UTF-8 and percent-encoded.",
    "schema": {"type": "string", "examples": ["%D0%96%D0%BE%D0%B1%D0%BE.pdf"]},
}
_BODY: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
_REFUSES: Final[dict[int | str, Any]] = {
    status: {"description": told, **PROBLEM}
    for status, told in ((401, "Nobody asks."), (404, "There is no such file."), (422, "This is no identifier."))
}
_SENDING: Final = operation(
    "send_file", "Send a file, for a move to name", SentFile, status=201, headers=[_NAME], refuses=[400, 409, 413, 415]
)


@router.post(
    "/files",
    **{
        **_SENDING,
        "openapi_extra": {**_SENDING["openapi_extra"], "requestBody": _BODY},
    },
)
async def send(request: Request, who: Who, here: Here) -> Response:
    """Send one file: as `file` of a form, or as it is with `Sapat-Filename`. What is answered is a move's `given`.

    A file that no move has named within a day is taken away.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    read = within(request, MOST_BYTES + _MORE, FileTooLarge())
    if kind == "multipart/form-data":
        async with read.form(max_files=1, max_fields=0) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile) or not sent.filename:
                raise Incomplete({"file": N_("Choose a file.")})
            kept = await keep(here, sent.file, typed_name(sent.filename), who)
    else:
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            async for piece in read.stream():
                spool.write(piece)
            spool.seek(0)
            kept = await keep(here, spool, _named(request), who)
    return answer(kept, who.language, 201)


@router.get(
    "/files/{attachment_id}",
    **{
        **operation("read_file", "Download a file of a record", None, refuses=[404]),
        "response_class": Response,
        "responses": {200: {"description": "The file.", "content": {"application/octet-stream": {}}}, **_REFUSES},
    },
)
async def download(request: Request, who: Who, here: Here, attachment_id: UUID) -> Response:
    """The content of a file, for whoever may read the record that has it. Its ETag is its SHA-256."""
    return await answered(request, here, await readable(here, who, attachment_id))


def _named(request: Request) -> str:
    """The name in `Sapat-Filename`. Raises Malformed for what is no UTF-8."""
    try:
        return unquote(request.headers.get("Sapat-Filename", ""), errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed(N_("The name of the file is not in UTF-8."), N_("Percent-encode it.")) from error
