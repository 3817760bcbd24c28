"""Codes of documents, for programs: the next free one, and another one for a document that keeps finding it."""

from typing import Final

from fastapi import APIRouter, Request, Response

from service.codes import CHANGES, change_code
from service.idempotency import Answered
from service.reading.documents import find_document, read_document
from service.registering import OPENS, must_register, propose_code
from service.web.api import registered, schemas
from service.web.api.answer import answer
from service.web.api.asked import Asked, body, found, idempotently, query, reading, strict
from service.web.api.describe import KEY, operation
from service.web.api.documents import Id, described
from service.web.api.shapes import Shape
from states.lifecycle import Field
from states.text import Text

router = APIRouter(prefix="/api", tags=["documents"])

_MADE_OF: Final = ("type", "process_group", "process", "unit", "owner_post")
ASKS: Final = (
    *(
        Field(one.name, one.label, one.kind if one.kind in ("unit", "process", "post") else "line", required=False)
        for one in OPENS
        if one.name in _MADE_OF
    ),
    Field(
        "series",
        Text("Серия: шифри", "Серия: шифр", "The code of a series, for its next member"),
        "line",
        required=False,
    ),
)


class NextCode(Shape):
    """The next free code; null while too little is said. It is nobody's until a document is registered with it."""

    code: str | None


@router.get("/codes/next", **operation("next_code", "The next free code", NextCode, asks=ASKS))
async def next_code(request: Request) -> Response:
    """Of a type in a process group, or the next member of a series: for whoever puts documents into the register."""
    asks = query(request, ASKS)

    def read(asked: Asked) -> Response:
        who = asked.who
        must_register(asked.connection, who.actor)
        found(asked, ASKS, asks)
        given = {name: value for name, value in asks.items() if value is not None}
        code = propose_code(asked.connection, given, who.actor, who.now)
        return answer({"code": code or None}, who.language)

    return await reading(request, read)


@router.post(
    "/documents/{document:path}/code",
    **operation(
        "change_code",
        "Give a document another code",
        registered.Document,
        headers=[KEY],
        sends=schemas.form(CHANGES),
        refuses=[404, 409],
    ),
)
async def another_code(request: Request, document: Id) -> Response:
    """From today on; the old one still finds the document, and nothing else will ever have it."""
    given = await body(request)
    strict(CHANGES, given)

    def write(asked: Asked) -> Answered:
        connection, who = asked.connection, asked.who
        document_id = find_document(connection, document, who.actor)
        change_code(connection, document_id, given, who.actor, who.now)
        (row,) = described(connection, [read_document(connection, document_id, who.actor, who.now)], who.language)
        return Answered(200, row)

    return await idempotently(request, given, write)
