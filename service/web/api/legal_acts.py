"""Legal acts, for programs: a list for everybody; entering, correcting and removing them for the quality specialist."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.idempotency import Answered
from service.keeping.legal_acts import SAYS, correct_act, enter_act, remove_act
from service.reading.legal_acts import ActView, list_acts
from service.reading.page import Page
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import Asked, body, idempotently, query, reading, strict, writing
from service.web.api.describe import KEY, operation
from service.web.api.shapes import Shape
from states.refusals import NotFound

router = APIRouter(prefix="/api/legal-acts", tags=["reviews"])


class LegalAct(Shape):
    """An act, with the code of the process or of the document that it is for; for all where it names neither."""

    id: UUID
    title: str
    number: str | None
    in_force_on: date
    says: str | None
    process: str | None
    document: str | None
    entered_at: datetime
    entered_by: str | None


@router.get("", **operation("list_legal_acts", "List legal acts", schemas.listed(LegalAct)))
async def acts(request: Request) -> Response:
    """All of them, those that come into force last first."""
    query(request, ())

    def read(asked: Asked) -> Response:
        rows, language = list_acts(asked.connection), asked.who.language
        return answer(listed(Page(rows, None, len(rows)), lambda one: view(one, language)), language)

    return await reading(request, read)


@router.get("/{act}", **operation("read_legal_act", "Read a legal act", LegalAct, refuses=[404]))
async def one_act(request: Request, act: UUID) -> Response:
    """One of them."""
    return await reading(request, lambda asked: answer(_one(asked, act), asked.who.language))


@router.post(
    "",
    **operation("enter_legal_act", "Enter a legal act", LegalAct, status=201, headers=[KEY], sends=schemas.form(SAYS)),
)
async def enter(request: Request) -> Response:
    """For a process, for a document, or for all. It counts for the next review of each, whenever it came into force."""
    given = await body(request)
    strict(SAYS, given)

    def write(asked: Asked) -> Answered:
        act_id = enter_act(asked.connection, given, asked.who.actor, asked.who.now)
        return Answered(201, _one(asked, act_id), {"Location": f"/api/legal-acts/{act_id}"})

    return await idempotently(request, given, write)


@router.put(
    "/{act}",
    **operation("correct_legal_act", "Correct a legal act", LegalAct, sends=schemas.form(SAYS), refuses=[404]),
)
async def correct(request: Request, act: UUID) -> Response:
    """All of it anew: what is left out is empty. The log keeps what it said before."""
    given = await body(request)
    strict(SAYS, given)

    def write(asked: Asked) -> Response:
        correct_act(asked.connection, act, given, asked.who.actor, asked.who.now)
        return answer(_one(asked, act), asked.who.language)

    return await writing(request, write)


@router.delete(
    "/{act}", **operation("remove_legal_act", "Remove an act entered by mistake", None, status=204, refuses=[404])
)
async def remove(request: Request, act: UUID) -> Response:
    """The log keeps what it said."""

    def write(asked: Asked) -> Response:
        remove_act(asked.connection, act, asked.who.actor, asked.who.now)
        return Response(status_code=204)

    return await writing(request, write)


def _one(asked: Asked, act_id: UUID) -> dict[str, Any]:
    found = next((one for one in list_acts(asked.connection) if one.id == act_id), None)
    if found is None:
        raise NotFound
    return view(found, asked.who.language)


def view(one: ActView, language: str) -> dict[str, Any]:
    """An act as LegalAct has it, in words: what is answered again by an Idempotency-Key is the same to the letter."""
    return {
        "id": str(one.id),
        "title": one.title,
        "number": one.number,
        "in_force_on": one.in_force_on.isoformat(),
        "says": one.says,
        "process": one.process,
        "document": one.document,
        "entered_at": one.entered_at.isoformat(),
        "entered_by": one.entered_by.into(language) if one.entered_by else None,
    }
