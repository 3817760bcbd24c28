"""What the fields of a record mention: documents and other records, each kind read in one statement."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.permitted import readable_by
from service.reading.records import RecordView
from states.lifecycle import Field, Lifecycle
from states.registry import lifecycle

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document of the register."""

    id: UUID
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record that is mentioned; `title` is empty where whoever asks may not read it: its number tells nothing."""

    id: UUID
    code: str
    title: str
    lifecycle: Lifecycle
    readable: bool


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Documents and records by their identifiers."""

    documents: Mapping[UUID, DocumentName] = field(default_factory=dict)
    records: Mapping[UUID, RecordName] = field(default_factory=dict)


def kept(row: Row, name: str) -> Any:
    """What a row holds for a field: in a column of its name, else in that of its identifier."""
    return row[name] if name in row else row.get(f"{name}_id")


def fields_of(one: Lifecycle) -> dict[str, Field]:
    """All that a lifecycle records of the record itself, by name: what opens one first, then what its moves add."""
    found: dict[str, Field] = {}
    for fields in (one.opens, *(move.records for move in one.moves.values() if not move.part)):
        for asked in fields:
            found.setdefault(asked.name, asked)
    return found


def mentioned_by(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> Mentioned:
    """What a record and its parts mention."""
    return mentioned(connection, actor, now, _rows(view))


def _rows(view: RecordView) -> Iterator[tuple[Iterable[Field], Row]]:
    yield fields_of(view.lifecycle).values(), view.subject.fields
    for part in view.lifecycle.parts.values():
        if any(one.kind in ("document", "records") for one in part.fields):
            yield from ((part.fields, row) for row in view.parts[part.name])


def mentioned(
    connection: sa.Connection, actor: Actor, now: datetime, rows: Iterable[tuple[Iterable[Field], Row]]
) -> Mentioned:
    """What these rows mention, each in its fields of the kinds `document` and `records`."""
    documents: set[UUID] = set()
    records: set[UUID] = set()
    for fields, row in rows:
        for one in fields:
            if one.kind == "document" and (document_id := kept(row, one.name)):
                documents.add(document_id)
            elif one.kind == "records":
                records.update(UUID(hexed) for hexed in kept(row, one.name) or ())
    return Mentioned(_documents(connection, documents), _records(connection, actor, now, records))


def _documents(connection: sa.Connection, wanted: set[UUID]) -> dict[UUID, DocumentName]:
    if not wanted:
        return {}
    document = t.document.c
    rows = sa.select(document.id, document.code, document.title).where(document.id.in_(wanted))
    return {row.id: DocumentName(*row) for row in connection.execute(rows)}


def _records(connection: sa.Connection, actor: Actor, now: datetime, wanted: set[UUID]) -> dict[UUID, RecordName]:
    if not wanted:
        return {}
    record = t.record.c
    may = sa.case((readable_by(connection, actor, now), 1), else_=0).label("may")
    rows = sa.select(record.id, record.code, record.title, record.kind, may).where(record.id.in_(wanted))
    return {
        row.id: RecordName(row.id, row.code, row.title if row.may else "", lifecycle(row.kind), bool(row.may))
        for row in connection.execute(rows)
    }
