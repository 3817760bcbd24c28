"""The register of documents: what there is, what is in force, and new ones."""

from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request, Response

from service.codes import former_codes
from service.idempotency import Answered
from service.reading.documents import DocumentRow, find_document, list_documents, read_document
from service.reading.page import Page
from service.reading.records import list_records
from service.registering import OPENS, register_document
from service.web.api import registered, schemas, shapes, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, found, idempotently, query, reading, strict
from service.web.api.describe import KEY, operation
from states.lifecycle import Choice, Field
from states.registry import lifecycle
from states.text import Text
from states.working_days import today

router = APIRouter(prefix="/api", tags=["documents"])
Id = Annotated[str, Path(description="Its identifier or its code.")]

_STATES = tuple(Choice(step.name, step.label) for step in lifecycle("document").steps.values())
FILTERS = (
    Field("type", Text("Тиби", "Тип", "The code of its type"), "line", required=False),
    Field("process_group", Text("Процесстер тобу", "Группа процессов", "Process group"), "line", required=False),
    Field("state", Text("Абалы", "Состояние", "State of a revision"), "choice", required=False, choices=_STATES),
    Field("owner", Text("Жооптуу кызмат", "Ответственный", "Who answers for it"), "post", required=False),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field("q", Text("Издөө", "Поиск", "Words of the code or the title"), "line", required=False),
    *PAGING,
)


@router.get(
    "/documents",
    **operation("list_documents", "List the register of documents", schemas.listed(registered.Document), asks=FILTERS),
)
async def documents(request: Request) -> Response:
    """Documents that the filters let through. `state` is that of the revision in force or of the one under way."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        wanted, language = found(asked, FILTERS, asks), asked.who.language
        page = list_documents(
            asked.connection,
            asked.who.actor,
            asked.who.now,
            type_code=wanted["type"],
            process_group=wanted["process_group"],
            process_id=wanted["process"],
            state=wanted["state"],
            owner_post_id=wanted["owner"],
            text=wanted["q"],
            cursor=wanted["cursor"],
            limit=wanted["limit"] or 50,
        )
        rows = Page(described(asked.connection, page.rows, language), page.next, page.total)
        return answer(listed(rows, lambda row: row), language)

    return await reading(request, read)


@router.post(
    "/documents",
    **operation(
        "register_document",
        "Put a new document into the register",
        registered.Registered,
        status=201,
        headers=[KEY],
        sends=schemas.form(OPENS),
        refuses=[409],
    ),
)
async def register(request: Request) -> Response:
    """A document without any revision yet: open one with POST /api/revisions."""
    given = await body(request)
    strict(OPENS, given)

    def write(asked: Asked) -> Answered:
        document_id, code = register_document(asked.connection, given, asked.who.actor, asked.who.now)
        here = f"/api/documents/{document_id}"
        content = {"id": document_id, "code": code, "links": {"self": here, "revisions": f"{here}/revisions"}}
        return Answered(201, content, {"Location": here})

    return await idempotently(request, given, write)


@router.get(
    "/documents/{document:path}/revisions",
    **operation(
        "revisions_of_document",
        "List a document's revisions",
        schemas.listed(shapes.Row),
        asks=PAGING,
        refuses=[404],
    ),
)
async def revisions(request: Request, document: Id) -> Response:
    """The revisions of a document, the newest first."""
    asks = query(request, PAGING)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        document_id = find_document(connection, document, who.actor)
        page = list_records(
            connection,
            who.actor,
            who.now,
            "document",
            document_id=document_id,
            cursor=asks["cursor"],
            limit=asks["limit"] or 50,
        )
        return answer(listed(page, lambda row: views.row(row, who.language, today(who.now))), who.language)

    return await reading(request, read)


@router.get(
    "/documents/{document:path}",
    **operation("read_document", "Read a document of the register", registered.Document, refuses=[404]),
)
async def one_document(request: Request, document: Id) -> Response:
    """One document, with its revision in force and the one under way; a code that it had before finds it too."""

    def read(asked: Asked) -> Response:
        who = asked.who
        found_id = find_document(asked.connection, document, who.actor)
        row = read_document(asked.connection, found_id, who.actor, who.now)
        (content,) = described(asked.connection, [row], who.language)
        return answer(content, who.language)

    return await reading(request, read)


def described(connection: sa.Connection, rows: Sequence[DocumentRow], language: str) -> list[dict[str, Any]]:
    """Documents, with what they were called before, the last first."""
    before = former_codes(connection, [row.id for row in rows])
    return [{**views.document(row, language), "formerly": before.get(row.id, [])} for row in rows]
