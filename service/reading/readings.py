"""Who has read a revision, as far as whoever asks may know: counts and names are of the readings that they may read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.page import Page, read_page
from service.reading.permitted import may_read, readable_by
from service.readings import KIND
from states.lifecycle import Kind
from states.refusals import NotFound
from states.registry import lifecycle

READ: Final = "read"
_of, _record, _task = t.acknowledgement.c, t.record.c, t.task.c
_OPEN: Final = tuple(step.name for step in lifecycle(KIND).steps.values() if step.kind is not Kind.FINAL)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a unit have read it, have yet to, are late with it, and need not any more."""

    unit_id: UUID | None
    read: int
    to_read: int
    late: int
    lapsed: int

    @property
    def asked(self) -> int:
        """Those whom it still concerns."""
        return self.read + self.to_read


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reader of a revision; `read_at` where they have read it, `due_at` where they have yet to."""

    record_id: UUID
    reader_id: UUID
    unit_id: UUID | None
    state: str
    due_at: datetime | None
    read_at: datetime | None
    late: bool


def require_known(connection: sa.Connection, revision_id: UUID, actor: Actor, now: datetime) -> None:
    """Raise NotFound unless the actor may read the revision, or the reading of somebody who has to read it."""
    if may_read(connection, revision_id, actor, now):
        return
    if connection.execute(_readings(connection, revision_id, actor, now, _record.id).limit(1)).first() is None:
        raise NotFound


def tallies(connection: sa.Connection, revision_id: UUID, actor: Actor, now: datetime) -> list[Tally]:
    """Counts by unit."""
    late = _record.state.in_(_OPEN) & (_due() < now)
    counted = (_record.state == READ, _record.state.in_(_OPEN), late, ~_record.state.in_((READ, *_OPEN)))
    columns = (sa.func.sum(sa.case((one, 1), else_=0)) for one in counted)
    rows = _readings(connection, revision_id, actor, now, _record.unit_id, *columns).group_by(_record.unit_id)
    return [Tally(row[0], *(int(number) for number in row[1:])) for row in connection.execute(rows)]


def readers(
    connection: sa.Connection,
    revision_id: UUID,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None = None,
    limit: int | None = None,
) -> Iterator[ReadingRow]:
    """Who has to read it: those who are late first, then those who have yet to, then those who have."""
    order = sa.case((_record.state.in_(_OPEN), 0), (_record.state == READ, 1), else_=2)
    rows = _readers(connection, revision_id, actor, now, unit_id)
    rows = rows.order_by(order, _due(), _record.closed_at.desc(), _record.id).limit(limit)
    for row in connection.execute(rows):
        yield _row(row, now)


def page_of_readers(
    connection: sa.Connection,
    revision_id: UUID,
    actor: Actor,
    now: datetime,
    unit_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[ReadingRow]:
    """The same by cursor, in the order in which they were asked."""
    rows = _readers(connection, revision_id, actor, now, unit_id)
    return read_page(connection, rows, (_record.id,), lambda row: _row(row, now), cursor, limit)


def _readers(
    connection: sa.Connection, revision_id: UUID, actor: Actor, now: datetime, unit_id: UUID | None
) -> sa.Select[Any]:
    columns = (_record.id, _of.reader_id, _record.unit_id, _record.state, _due().label("due_at"), _record.closed_at)
    rows: sa.Select[Any] = _readings(connection, revision_id, actor, now, *columns)
    return rows.where(_record.unit_id == unit_id) if unit_id else rows


def _row(row: Any, now: datetime) -> ReadingRow:
    is_late = row.state in _OPEN and row.due_at is not None and row.due_at < now
    read_at = row.closed_at if row.state == READ else None
    return ReadingRow(row.id, row.reader_id, row.unit_id, row.state, row.due_at, read_at, is_late)


def to_read(connection: sa.Connection, actor: Actor, limit: int = 20) -> Sequence[Any]:
    """What the actor themselves has yet to read, the most urgent first: `id`, `code`, `title`, `due_at`."""
    rows = (
        sa.select(_record.id, _record.code, _record.title, _task.due_at)
        .join(t.task, (_task.record_id == _record.id) & _task.closed_at.is_(None))
        .join(t.acknowledgement, _of.record_id == _record.id)
        .where(_of.reader_id == actor.person_id, _record.state.in_(_OPEN))
    )
    return connection.execute(rows.order_by(_task.due_at, _record.id).limit(limit)).all()


def _readings(connection: sa.Connection, revision_id: UUID, actor: Actor, now: datetime, *columns: Any) -> Any:
    return (
        sa.select(*columns)
        .select_from(t.record.join(t.acknowledgement, _of.record_id == _record.id))
        .where(_of.revision_id == revision_id, _record.kind == KIND, readable_by(connection, actor, now, KIND))
    )


def _due() -> sa.ScalarSelect[Any]:
    open_task = (_task.record_id == _record.id) & _task.closed_at.is_(None)
    return sa.select(sa.func.min(_task.due_at)).where(open_task).correlate(t.record).scalar_subquery()
