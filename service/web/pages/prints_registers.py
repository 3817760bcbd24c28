"""Registers as they are printed: of documents, and of the records of any lifecycle."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.language import say
from service.organisation import organisation
from service.prints.shapes import Register, RegisterColumn
from service.reading.documents import KIND, list_documents
from service.reading.page import MOST
from service.reading.records import asked_records
from service.web.pages.addresses import identifier
from service.web.pages.records import names_asked, narrowed_by
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.lifecycle import Lifecycle
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

AT_ONCE: Final = 500
Row = tuple[Any, ...]


def documents_register(connection: sa.Connection, who: Visitor, asked: Mapping[str, str]) -> Register:
    """The register of documents in the order of its codes, with of their revisions what whoever asks may read."""
    return Register(
        title=say(_DOCUMENTS, who.language),
        columns=_columns(_OF_DOCUMENTS, who.language),
        rows=_documents(connection, who, asked),
        dated=today(who.now),
    )


def _documents(connection: sa.Connection, who: Visitor, asked: Mapping[str, str]) -> Iterator[Row]:
    steps, cursor = lifecycle(KIND).steps, None
    while True:
        page = list_documents(
            connection,
            who.actor,
            who.now,
            type_code=asked.get("type"),
            process_group=asked.get("group"),
            process_id=identifier(asked.get("process")),
            state=asked.get("state"),
            owner_post_id=identifier(asked.get("owner")),
            text=asked.get("q"),
            cursor=cursor,
            limit=MOST,
        )
        for row in page.rows:
            state = row.state or row.under_way_state
            yield (
                row.code,
                row.title,
                row.type_code,
                row.number,
                row.in_force_on,
                row.review_due_on,
                heading(steps[state].label, who.language) if state else None,
                heading(row.owner, who.language) if row.owner else None,
            )
        if not page.next:
            return
        cursor = page.next


def records_register(connection: sa.Connection, who: Visitor, one: Lifecycle, asked: Mapping[str, str]) -> Register:
    """The records of a list, the newest first, as far as whoever asks may read them. Raises Malformed."""
    named = {name: asked[name] for name in names_asked(one) if asked.get(name)}
    wanted = asked_records(connection, who.actor, who.now, one.name, **narrowed_by(connection, one, named))
    return Register(
        title=heading(one.plural, who.language),
        columns=_columns(_OF_RECORDS, who.language),
        rows=_records(connection, who, one, wanted),
        dated=today(who.now),
    )


def _records(connection: sa.Connection, who: Visitor, one: Lifecycle, asked: sa.Select[Any]) -> Iterator[Row]:
    snapshot = organisation(connection)
    found = connection.execute(asked.order_by(t.record.c.id.desc()), execution_options={"yield_per": AT_ONCE})
    for row in found:
        owner = snapshot.posts.get(row.owner_post_id)
        yield (
            row.code,
            row.title,
            heading(one.steps[row.state].label, who.language),
            heading(owner.name, who.language) if owner else None,
            today(row.opened_at),
            today(row.due_at) if row.due_at else None,
            today(row.closed_at) if row.closed_at else None,
        )


def _columns(named: Mapping[str, int], language: str) -> tuple[RegisterColumn, ...]:
    return tuple(RegisterColumn(say(name, language), width, name == _NUMBER) for name, width in named.items())


_DOCUMENTS = N_("Register of documents")
_CODE, _TITLE, _TYPE, _NUMBER = N_("Code"), N_("Title"), N_("Type"), N_("Revision №")
_SINCE, _REVIEW, _STATE, _OWNER = N_("In force since"), N_("Next review"), N_("State"), N_("Owner")
_OPENED, _DUE, _CLOSED = N_("Opened"), N_("Due"), N_("Closed")
# Columns with their widths in millimetres; what is left goes to the title.
_OF_DOCUMENTS: Final = {
    _CODE: 30,
    _TITLE: 0,
    _TYPE: 16,
    _NUMBER: 20,
    _SINCE: 25,
    _REVIEW: 25,
    _STATE: 30,
    _OWNER: 42,
}
_OF_RECORDS: Final = {_CODE: 32, _TITLE: 0, _STATE: 34, _OWNER: 46, _OPENED: 24, _DUE: 24, _CLOSED: 24}
