"""Records of every lifecycle there is: one collection each, made from the declarations."""

from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request, Response

from models import tables as t
from service.accounts.proving import note_signed
from service.idempotency import Answered
from service.moves import move
from service.opening import open_record
from service.organisation import organisation
from service.reading.authors import is_the_authors, knows_author, withheld
from service.reading.documents import find_document
from service.reading.mentioned import mentioned_by
from service.reading.present import Coder
from service.reading.records import find_record, list_records, read_record
from service.reading.registers import list_history, process_named
from service.reading.tasks import move_label
from service.subject import load
from service.web.api import controlled, readings, reviews, schemas, shapes, views
from service.web.api.answer import answer, etag, expected, listed, unchanged
from service.web.api.asked import (
    PAGING,
    Asked,
    body,
    flag,
    found,
    idempotently,
    proven,
    query,
    reading,
    signature,
    strict,
)
from service.web.api.describe import IF_MATCH, IF_NONE_MATCH, KEY, operation
from service.web.api.filters import choices, filters
from service.web.api.refusals import Outdated
from service.web.api.signatures import seen, signatures_on, to_be_signed
from states.lifecycle import Lifecycle
from states.refusals import Incomplete, Stale
from states.registry import lifecycles
from states.text import N_
from states.working_days import today

Id = Annotated[str, Path(description="Its identifier or its code.")]


class Collection:
    """The endpoints of one lifecycle's records."""

    def __init__(self, one: Lifecycle) -> None:
        self.one = one
        self.choices = choices(one)
        self.filters = (*filters(one), *self.choices, *PAGING)

    async def list(self, request: Request) -> Response:
        """Records that the filters let through, the newest first."""
        asks = query(request, self.filters)

        def read(asked: Asked) -> Response:
            wanted = found(asked, self.filters, asks)
            connection, who = asked.connection, asked.who
            parent, document = wanted.get("parent"), wanted.get("document")
            page = list_records(
                connection,
                who.actor,
                who.now,
                self.one.name,
                state=wanted["state"],
                text=wanted["q"],
                owner_post_id=wanted["owner"],
                unit_id=wanted["unit"],
                process_id=wanted["process"],
                parent_id=find_record(connection, parent, who.actor, who.now, self.one.child_of) if parent else None,
                document_id=find_document(connection, document, who.actor) if document else None,
                is_open=flag(wanted["open"]),
                late=flag(wanted["late"]),
                typed={field.name: wanted[field.name] for field in self.choices if wanted[field.name]},
                cursor=wanted["cursor"],
                limit=wanted["limit"] or 50,
            )
            return answer(listed(page, lambda row: views.row(row, who.language, today(who.now))), who.language)

        return await reading(request, read)

    async def open(self, request: Request) -> Response:
        """Open a record with what it must say."""
        given = await body(request)
        asks = (*self.one.opens, schemas.PARENT) if self.one.child_of else self.one.opens
        strict(asks, given)

        def write(asked: Asked) -> Answered:
            connection, who = asked.connection, asked.who
            fields = {name: value for name, value in given.items() if name != "parent" or not self.one.child_of}
            parent = self._parent(asked, given.get("parent"))
            moved = open_record(connection, self.one.name, fields, who.actor, who.now, parent_id=parent)
            code = connection.execute(sa.select(t.record.c.code).where(t.record.c.id == moved.record_id)).scalar_one()
            content = {
                "id": moved.record_id,
                "code": code,
                **self._moved(moved.record_id, moved.state, 1, who.language),
            }
            headers = {"Location": views.address(self.one, moved.record_id), "ETag": etag(1)}
            return Answered(201, content, headers)

        return await idempotently(request, given, write)

    async def read(self, request: Request, record: Id) -> Response:
        """One record, with its tasks, its decisions, and the moves that whoever asks may make."""

        def use_case(asked: Asked) -> Response:
            connection, who = asked.connection, asked.who
            record_id = find_record(connection, record, who.actor, who.now, self.one.name)
            view = read_record(connection, record_id, who.actor, who.now)
            process = process_named(connection, view.subject.fields["process_id"])
            signed, signs = signatures_on(connection, view, who.language), to_be_signed(asked, view)
            snapshot = organisation(connection)
            coder = Coder(connection, snapshot, mentioned_by(connection, view, who.actor, who.now))
            content = views.record(view, snapshot, process, who.language, signed, signs, coder, today(who.now))
            tag = etag(view.subject.fields["version"], content)
            return unchanged(request, tag, who.language) or answer(content, who.language, headers={"ETag": tag})

        return await reading(request, use_case)

    async def history(self, request: Request, record: Id) -> Response:
        """What happened to a record, the first entry first; each hash is over the entry and the one before it."""
        asks = query(request, PAGING)

        def read(asked: Asked) -> Response:
            connection, who, snapshot = asked.connection, asked.who, organisation(asked.connection)
            record_id = find_record(connection, record, who.actor, who.now, self.one.name)
            fields = load(connection, record_id).fields
            knows = knows_author(snapshot, who.actor, self.one, fields)
            untold = withheld(snapshot, who.actor, self.one, fields)
            page = list_history(connection, record_id, lambda row: row, asks["cursor"], asks["limit"] or 50)

            def view(row: Any) -> dict[str, Any]:
                label = move_label(self.one, row.move)
                hidden = not knows and is_the_authors(self.one, row, fields["author_id"])
                return views.entry(row, self.one, snapshot, label, who.language, hidden=hidden, untold=untold)

            return answer(listed(page, view), who.language)

        return await reading(request, read)

    async def move(self, request: Request, record: Id) -> Response:
        """Make a move: `move` names it, `given` holds what it records, `signature` proves who signs."""
        told = await body(request)
        secrets = signature(told)
        name, given = self._told(told)
        version = expected(request)
        declared = self.one.moves.get(name)
        saw = seen(declared, secrets)
        proof = await proven(request, secrets) if declared and declared.signs else None

        def write(asked: Asked) -> Answered:
            connection, who = asked.connection, asked.who
            record_id = find_record(connection, record, who.actor, who.now, self.one.name)
            try:
                moved = move(
                    connection, record_id, name, who.actor, given, who.now, expects=version, proof=proof, saw=saw
                )
                if proof:
                    note_signed(connection, who.session, who.now)
            except Stale as stale:
                if version is None:
                    raise
                raise Outdated from stale
            content = self._moved(record_id, moved.state, moved.version, who.language)
            return Answered(200, content, {"ETag": etag(moved.version)})

        return await idempotently(request, told, write)

    def _told(self, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        errors = {name: N_("This is not asked for here.") for name in told if name not in ("move", "given")}
        name, given = told.get("move"), told.get("given", {})
        if not isinstance(name, str) or name not in self.one.moves:
            errors["move"] = N_("Choose one of the answers.")
        if not isinstance(given, dict):
            errors["given"] = N_("This is not of the kind that is asked for.")
        if errors:
            raise Incomplete(errors)
        strict(self.one.moves[str(name)].records, given)
        return str(name), given

    def _parent(self, asked: Asked, parent: Any) -> Any:
        """What a record will hang on, where it hangs on any. Raises Incomplete, NotFound."""
        if parent is None or not self.one.child_of:
            return None
        if not isinstance(parent, str) or not parent.strip():
            raise Incomplete({"parent": N_("This is needed.")})
        return find_record(asked.connection, parent.strip(), asked.who.actor, asked.who.now, self.one.child_of)

    def _moved(self, record_id: Any, state: str, version: int, language: str) -> dict[str, Any]:
        return {
            "id": record_id,
            "state": state,
            "state_label": self.one.steps[state].label.into(language),
            "version": version,
            "links": views.links(self.one, record_id),
        }


def build(ones: Iterable[Lifecycle]) -> APIRouter:
    """The collections of these lifecycles."""
    made = APIRouter(prefix="/api")
    for one in ones:
        here, what = Collection(one), one.collection
        name, names = one.label.en, one.plural.en
        about, whole = f"/{what}/{{record:path}}", schemas.record(one)
        lists = operation(f"list_{what}", f"List {names}", schemas.listed(shapes.Row), asks=here.filters, refuses=[404])
        opens = operation(
            f"open_{what}",
            f"Open: {name}",
            shapes.Opened,
            status=201,
            headers=[KEY],
            sends=schemas.opening(one),
            refuses=[404, 409],
        )
        reads = operation(
            f"read_{what}",
            f"Read: {name}",
            whole,
            headers=[IF_NONE_MATCH],
            refuses=[404],
            more={304: {"description": "It is still the version you know."}},
        )
        tells = operation(
            f"history_of_{what}",
            f"History: {name}",
            schemas.listed(shapes.Entry),
            asks=PAGING,
            refuses=[404],
        )
        moves = operation(
            f"move_{what}",
            f"Make a move: {name}",
            shapes.Moved,
            headers=[KEY, IF_MATCH],
            sends=schemas.moving(one),
            refuses=[404, 409, 412],
        )
        made.add_api_route(f"{about}/moves", here.move, methods=["POST"], tags=[what], **moves)
        made.add_api_route(f"/{what}", here.list, methods=["GET"], tags=[what], **lists)
        made.add_api_route(f"/{what}", here.open, methods=["POST"], tags=[what], **opens)
        made.add_api_route(f"{about}/history", here.history, methods=["GET"], tags=[what], **tells)
        made.add_api_route(about, here.read, methods=["GET"], tags=[what], **reads)
    return made


router = build(lifecycles().values())
# What belongs to a revision stands before the revision itself, whose address takes all that follows.
router.routes[:0] = [route for one in (controlled, readings, reviews) for route in one.of_revisions.routes]
