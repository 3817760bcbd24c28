"""Whom documents concern, for programs: what is laid down for types and for documents, and how many people that is."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.idempotency import Answered
from service.keeping.distribution import ADDS, Of, add_rule, how_many, must_keep, remove_rule
from service.organisation import Organisation, organisation
from service.reading.documents import find_document
from service.reading.page import read_page
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, idempotently, query, reading, strict, writing
from service.web.api.describe import KEY, operation
from service.web.api.shapes import Named, Shape
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import Incomplete, NotFound
from states.text import N_, Text
from states.working_days import today

router = APIRouter(prefix="/api/distribution", tags=["distribution"])

OF: Final = (
    Field("type", Text("Документтин тиби", "Тип документов", "The code of a type"), "line", required=False),
    Field(
        "document",
        Text("Документ: шифри же белгиси", "Документ: шифр или идентификатор", "A document: id or code"),
        "line",
        required=False,
    ),
)


class DocumentNamed(Shape):
    """A document of the register."""

    id: UUID
    code: str
    title: str
    href: str


class Rule(Shape):
    """A row of the distribution: of a type or of a document; everybody, or a unit with all below it, a post, a person.

    Rows of a document stand before those of its type; where there are none, its unit and its owner are concerned.
    """

    id: UUID
    type: str | None
    document: DocumentNamed | None
    everybody: bool
    unit: Named | None
    post: Named | None
    person: Named | None


class Reach(Shape):
    """How many people the documents of a type, or one document, concern today; `by` what is laid down for what."""

    people: int
    by: str
    rules: list[Rule]


@router.get(
    "",
    **operation(
        "list_distribution", "List whom documents concern", schemas.listed(Rule), asks=(*OF, *PAGING), refuses=[404]
    ),
)
async def rules(request: Request) -> Response:
    """What is laid down, for the quality specialist; of a type, or of a document, only its own."""
    asks = query(request, (*OF, *PAGING))

    def read(asked: Asked) -> Response:
        snapshot, who = organisation(asked.connection), asked.who
        must_keep(snapshot, who.actor)
        statement = _RULES
        if asks["type"] or asks["document"]:
            statement = statement.where(_whose(_of(asked, asks)))
        page = read_page(
            asked.connection, statement, (t.distribution.c.id,), lambda row: row, asks["cursor"], asks["limit"] or 50
        )
        return answer(listed(page, lambda row: _rule(row, snapshot, who.language)), who.language)

    return await reading(request, read)


@router.get(
    "/reach", **operation("reach_of_distribution", "How many people it concerns", Reach, asks=OF, refuses=[404])
)
async def reach(request: Request) -> Response:
    """Of a document what holds for it: its own rows, else its type's, else (`usual`) its unit and its owner."""
    asks = query(request, OF)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        must_keep(organisation(connection), who.actor)
        of = _of(asked, asks)
        own = _rules_of(asked, of)
        theirs = own or _rules_of(asked, Of(type_code=_type_of(connection, of)))
        by = "document" if own and of.document_id else "type" if theirs else "usual"
        content = {"people": how_many(connection, of, today(who.now)), "by": by, "rules": theirs}
        return answer(content, who.language)

    return await reading(request, read)


@router.post(
    "",
    **operation(
        "add_to_distribution",
        "Lay down whom documents concern",
        Rule,
        status=201,
        headers=[KEY],
        sends=schemas.form((*OF, *ADDS)),
        refuses=[404],
    ),
)
async def add(request: Request) -> Response:
    """Everybody, a unit, a post or a person more; those whom it concerns now are asked to read what is in force."""
    given = await body(request)
    strict((*OF, *ADDS), given)

    def write(asked: Asked) -> Answered:
        connection, who = asked.connection, asked.who
        must_keep(organisation(connection), who.actor)
        of = _of(asked, parse_given(OF, {one.name: given.get(one.name) for one in OF}))
        whom = {one.name: given.get(one.name) for one in ADDS}
        rule_id = add_rule(connection, of, whom, who.actor, who.now)
        row = connection.execute(_RULES.where(t.distribution.c.id == rule_id)).one()
        return Answered(201, _rule(row, organisation(connection), who.language), {"Location": "/api/distribution"})

    return await idempotently(request, given, write)


@router.delete(
    "/{rule}", **operation("remove_from_distribution", "Take one of them away", None, status=204, refuses=[404])
)
async def remove(request: Request, rule: UUID) -> Response:
    """Who was asked to read already is still asked: the quality specialist can excuse them."""

    def write(asked: Asked) -> Response:
        connection, who, there = asked.connection, asked.who, t.distribution.c
        must_keep(organisation(connection), who.actor)
        whose = sa.select(there.type_code, there.document_id).where(there.id == rule)
        row = connection.execute(whose).first()
        if row is None:
            raise NotFound
        remove_rule(connection, Of(*row), rule, who.actor, who.now)
        return Response(status_code=204)

    return await writing(request, write)


def _of(asked: Asked, asks: dict[str, Any]) -> Of:
    """The type or the document that is meant. Raises Incomplete, NotFound."""
    if bool(asks["type"]) == bool(asks["document"]):
        raise Incomplete({"document" if asks["type"] else "type": N_("Name a type or a document, not both.")})
    if asks["document"]:
        return Of(document_id=find_document(asked.connection, asks["document"], asked.who.actor))
    of = Of(type_code=asks["type"])
    there = sa.select(t.document_type.c.code).where(t.document_type.c.code == of.type_code)
    if asked.connection.execute(there).first() is None:
        raise NotFound
    return of


def _type_of(connection: sa.Connection, of: Of) -> str:
    if of.type_code:
        return of.type_code
    found: str = connection.execute(
        sa.select(t.document.c.type_code).where(t.document.c.id == of.document_id)
    ).scalar_one()
    return found


def _rules_of(asked: Asked, of: Of) -> list[dict[str, Any]]:
    snapshot = organisation(asked.connection)
    rows = asked.connection.execute(_RULES.where(_whose(of)).order_by(t.distribution.c.id))
    return [_rule(row, snapshot, asked.who.language) for row in rows]


def _whose(of: Of) -> sa.ColumnElement[bool]:
    rule = t.distribution.c
    return rule.document_id == of.document_id if of.document_id else rule.type_code == of.type_code


def _rule(row: Any, snapshot: Organisation, language: str) -> dict[str, Any]:
    about = {"id": row.document_id, "code": row.code, "title": row.title}
    return {
        # In words: what is answered again by an Idempotency-Key is the same to the letter.
        "id": str(row.id),
        "type": row.type_code,
        "document": {**about, "id": str(row.document_id), "href": f"/api/documents/{row.document_id}"}
        if row.document_id
        else None,
        "everybody": row.everybody,
        "unit": views.named(snapshot.units.get(row.unit_id), language),
        "post": views.named(snapshot.posts.get(row.post_id), language),
        "person": views.named(snapshot.people.get(row.person_id), language),
    }


_RULES: Final = sa.select(t.distribution, t.document.c.code, t.document.c.title).outerjoin(
    t.document, t.document.c.id == t.distribution.c.document_id
)
