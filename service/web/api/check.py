"""Is this document in force, and is this PDF ours? For programs of anybody; nothing is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from service.controlled.given import in_force_as, standing
from service.reading.page import Page
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import query
from service.web.api.controlled import Stands, stands
from service.web.api.describe import PROBLEM, operation
from service.web.api.shapes import Shape
from service.web.incoming import within
from service.web.pages.check import AROUND, MOST_BYTES, FileTooLargeToCheck, NoFile, count_check, judgement
from service.web.site import Anybody, Here
from states.lifecycle import Field
from states.refusals import NotFound
from states.text import Text

router = APIRouter(prefix="/api/check", tags=["controlled files"])

CODE: Final = Field("code", Text("Документтин шифри", "Шифр документа", "The code of a document"), "line")
_BINARY: Final = {"type": "string", "format": "binary"}
_MULTIPART: Final = {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
_BODY: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _MULTIPART},
        "application/pdf": {"schema": _BINARY},
        "application/octet-stream": {"schema": _BINARY},
    },
}
_TOO_MANY: Final[dict[int, Any]] = {
    429: {"description": "Too many within a short time; `Retry-After` is in seconds.", **PROBLEM}
}
_BUSY: Final[dict[int, Any]] = {
    503: {"description": "Others are being checked, or one from there; `Retry-After` is in seconds.", **PROBLEM}
}


class Checked(Shape):
    """What a PDF is: `ours` byte for byte; its seal is `sealed`, but its bytes are not known; `changed`; `foreign`.

    `stands` is the revision whose file it is, or which it says it is.
    """

    verdict: Literal["ours", "sealed", "changed", "foreign"]
    sha256: str
    sealed_at: datetime | None
    stands: Stands | None


@router.get(
    "",
    **operation(
        "check_code",
        "What is in force under a code",
        schemas.listed(Stands),
        asks=(CODE,),
        somebody=False,
        more=_TOO_MANY,
    ),
)
async def check_code(request: Request, who: Anybody, here: Here) -> Response:
    """On each campus one, however the code is typed; also under one that the document had before. Throttled."""
    code = query(request, (CODE,))["code"]
    if who.person is None:  # inside, everybody reads the register
        await count_check(here, who)
    found = await here.reading(lambda connection: in_force_as(connection, code))
    return answer(listed(Page(found, None, len(found)), stands), who.language)


@router.get(
    "/{revision}",
    **operation("check_revision", "How a revision stands", Stands, somebody=False, refuses=[404], more=_TOO_MANY),
)
async def check_revision(request: Request, who: Anybody, here: Here, revision: UUID) -> Response:
    """Of what is in force, or once was; of everything else, and of what there is not, the same 404. Throttled."""
    found = await here.reading(lambda connection: standing(connection, revision))
    if found is None:
        await count_check(here, who)
        raise NotFound
    return answer(stands(found), who.language)


_CHECKING: Final = operation(
    "check_file", "Check a PDF", Checked, somebody=False, refuses=[400, 413, 415], more={**_TOO_MANY, **_BUSY}
)


@router.post("", **{**_CHECKING, "openapi_extra": {**_CHECKING["openapi_extra"], "requestBody": _BODY}})
async def check_file(request: Request, who: Anybody, here: Here) -> Response:
    """As `file` of a form, or as it is; 64 MB at most. It is kept nowhere. Throttled."""
    await count_check(here, who)
    async with _sent(request) as file:
        verdict, record_id, sha256 = await judgement(here, who, file)
    meant = record_id or verdict.claims
    found = await here.reading(lambda connection: standing(connection, meant)) if meant else None
    told = {
        "verdict": verdict.verdict.value,
        "sha256": sha256,
        "sealed_at": verdict.sealed_at,
        "stands": stands(found) if found else None,
    }
    return answer(told, who.language)


@asynccontextmanager
async def _sent(request: Request) -> AsyncIterator[IO[bytes]]:
    """The file, on the disk where it is a large one. Raises NoFile, FileTooLargeToCheck."""
    read = within(request, MOST_BYTES + AROUND, FileTooLargeToCheck())
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with read.form(max_files=1, max_fields=0) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise NoFile
            yield _fit(sent.file, sent.size or 0)
        return
    with TemporaryFile() as file:
        async for piece in read.stream():
            await asyncio.to_thread(file.write, piece)
        yield _fit(file, file.tell())


def _fit(file: IO[bytes], size: int) -> IO[bytes]:
    if not size:
        raise NoFile
    if size > MOST_BYTES:
        raise FileTooLargeToCheck
    return file
