"""What a story knows of the database: what stood there when it looked last, and what has changed since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation, organisation
from service.subject import typed_table
from states.lifecycle import Lifecycle
from states.registry import lifecycles
from states.working_days import today

Row = dict[str, Any]


@dataclass(slots=True)
class Known:
    """A record as it stood: its row with its typed fields, its tasks, and every one of its parts that there ever was.

    `made` are the names of the moves that brought it there.
    """

    row: Row
    tasks: dict[UUID, Row] = field(default_factory=dict)
    parts: dict[str, dict[int, Row]] = field(default_factory=dict)
    made: frozenset[str] = frozenset()

    @property
    def lifecycle(self) -> Lifecycle:
        """What it is declared to do."""
        return lifecycles()[self.row["kind"]]

    @property
    def present(self) -> dict[str, list[Row]]:
        """Those of its parts that it has now."""
        every = {name: self.parts.get(name, {}).values() for name in self.lifecycle.parts}
        return {name: [row for row in rows if row["removed_at"] is None] for name, rows in every.items()}

    @property
    def open_tasks(self) -> list[Row]:
        """Those of its tasks that are open."""
        return [task for task in self.tasks.values() if task["closed_at"] is None]


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sees who looks at records right after something happened at `now`.

    `entries`: what their histories have more than was known, in order; signatures and decisions by entry.
    """

    connection: sa.Connection
    snapshot: Organisation
    now: datetime
    records: Mapping[UUID, Known]
    entries: list[Row]
    signatures: Mapping[UUID, Row]
    decisions: Mapping[UUID, list[Row]]

    @property
    def day(self) -> date:
        """The day it is in Bishkek."""
        return today(self.now)

    def entries_of(self, record_id: UUID) -> list[Row]:
        """What is new in one history."""
        return [entry for entry in self.entries if entry["record_id"] == record_id]


def look(connection: sa.Connection, now: datetime, before: Mapping[UUID, Known]) -> Look:
    """What has moved at `now`."""
    moved = [row["id"] for row in _rows(connection, t.record.c.moved_at, [now])]
    records = read(connection, moved)
    entries = _rows(connection, t.history.c.record_id, moved)
    seen = {record_id: known.row["version"] for record_id, known in before.items()}
    new = [entry for entry in entries if entry["seq"] > seen.get(entry["record_id"], 0)]
    history_ids = [entry["id"] for entry in new]
    signatures = _rows(connection, t.signature.c.history_id, history_ids)
    decisions: dict[UUID, list[Row]] = {}
    for row in _rows(connection, t.decision.c.history_id, history_ids):
        decisions.setdefault(row["history_id"], []).append(row)
    return Look(
        connection,
        organisation(connection),
        now,
        records,
        sorted(new, key=lambda entry: (entry["record_id"], entry["seq"])),
        {row["history_id"]: row for row in signatures},
        decisions,
    )


def notices_of(connection: sa.Connection, now: datetime) -> list[Row]:
    """What was put into the outbox at that moment."""
    return _rows(connection, t.notice.c.created_at, [now])


def read(connection: sa.Connection, records: Collection[UUID] | None = None) -> dict[UUID, Known]:
    """These records as they stand (None: all of them)."""
    found = {row["id"]: Known(row) for row in _rows(connection, t.record.c.id, records)}
    for kind in {known.row["kind"] for known in found.values()}:
        for row in _rows(connection, typed_table(kind).c.record_id, records):
            found[row["record_id"]].row |= row
    for row in _rows(connection, t.task.c.record_id, records):
        found[row["record_id"]].tasks[row["id"]] = row
    for name in {part for known in found.values() for part in known.lifecycle.parts}:
        for row in _rows(connection, t.record.metadata.tables[name].c.record_id, records):
            found[row["record_id"]].parts.setdefault(name, {})[row["no"]] = row
    return found


def _rows(connection: sa.Connection, column: sa.Column[Any], among: Collection[Any] | None) -> list[Row]:
    """The rows of the column's table in which it has one of these values (None: all), in the order of their keys."""
    if among is not None and not among:
        return []
    result = connection.execute(_every(column) if among is None else _some(column), {"among": among})
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


@cache
def _every(column: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(column.table).order_by(*column.table.primary_key)


@cache
def _some(column: sa.Column[Any]) -> sa.Select[Any]:
    return _every(column).where(column.in_(sa.bindparam("among", expanding=True)))
