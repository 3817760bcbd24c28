"""Tasks as people see them: what is mine, and what is late at the university."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.letters import holder_name
from service.organisation import Actor, Organisation, organisation
from service.reading.page import Page, read_page
from service.subject import Holder
from states.ladders import rung_at
from states.lifecycle import Lifecycle, Step
from states.registry import lifecycle
from states.text import Text
from states.working_days import Calendar, today

SOON_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task with its record.

    `holder` is the post or person that has it, `people` who that is today. `days` are working days: how late it is
    (> 0) or how long there is still (<= 0).
    """

    id: UUID
    record_id: UUID
    lifecycle: Lifecycle
    step: Step
    code: str
    title: str
    holder: Text
    people: tuple[Text, ...]
    unit: Text | None
    opened_at: datetime
    due_at: datetime
    original_due_at: datetime
    days: int
    late: bool
    rung: int
    next_notice_at: datetime
    next_part: Text
    holder_post_id: UUID | None = None
    holder_person_id: UUID | None = None

    def is_with(self, actor: Actor) -> bool:
        """Whether it is this person's, or that of a post they answer for."""
        return self.holder_post_id in actor.posts or (
            self.holder_person_id is not None and self.holder_person_id == actor.person_id
        )

    @property
    def group(self) -> str:
        """`late`, `today`, `soon` or `later`."""
        if self.late:
            return "late"
        return "today" if self.days == 0 else "soon" if self.days >= -SOON_WORKING_DAYS else "later"


@dataclass(frozen=True, slots=True)
class Telling:
    """One rung that was told: to whom, as what, when."""

    task_id: UUID
    rung: int
    part: Text
    reader: Text
    created_at: datetime
    sent_at: datetime | None
    missed: int


_TASK = sa.select(t.task, t.record.c.code, t.record.c.title, t.record.c.unit_id, t.record.c.process_id).join(
    t.record, t.record.c.id == t.task.c.record_id
)
OPEN = t.task.c.closed_at.is_(None)


BEGINNINGS = {
    "open": Text("ачылды", "открыто", "opened"),
    "import": Text("реестрден киргизилди", "внесено из реестра", "brought in from a register"),
}


def move_label(one: Lifecycle, name: str) -> Text:
    """What to call a move of the history, its beginning too."""
    return one.moves[name].label if name in one.moves else BEGINNINGS.get(name, Text(name, name, name))


def belongs_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Which tasks are a person's: their own and those of the posts they answer for."""
    return (t.task.c.holder_person_id == actor.person_id) | t.task.c.holder_post_id.in_(actor.posts)


def tasks_of(connection: sa.Connection, actor: Actor, now: datetime, limit: int = 200) -> list[TaskView]:
    """The open tasks of a person: their own and those of the posts they answer for, the most urgent first."""
    rows = connection.execute(
        _TASK.where(OPEN, belongs_to(actor)).order_by(t.task.c.due_at, t.task.c.id).limit(limit)
    ).all()
    return _views(connection, rows, now)


def list_tasks_of(
    connection: sa.Connection, actor: Actor, now: datetime, cursor: str | None = None, limit: int = 50
) -> Page[TaskView]:
    """The same by cursor: what is late first, then what is due today, soon, later."""
    snapshot = organisation(connection)
    mine = _TASK.where(OPEN, belongs_to(actor))
    return read_page(
        connection, mine, (t.task.c.due_at, t.task.c.id), lambda row: _view(row, snapshot, now), cursor, limit
    )


def tasks_on(connection: sa.Connection, record_id: UUID, now: datetime) -> list[TaskView]:
    """The open tasks of one record."""
    rows = connection.execute(_TASK.where(OPEN, t.task.c.record_id == record_id).order_by(t.task.c.due_at)).all()
    return _views(connection, rows, now)


def late_board(
    connection: sa.Connection,
    now: datetime,
    *,
    lifecycle_name: str | None = None,
    unit_id: UUID | None = None,
    post_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskView]:
    """What is late, the longest first."""
    late = _TASK.where(OPEN, t.task.c.due_at < now)
    if lifecycle_name:
        late = late.where(t.task.c.lifecycle == lifecycle_name)
    if unit_id:
        late = late.where(t.record.c.unit_id == unit_id)
    if post_id:
        late = late.where(t.task.c.holder_post_id == post_id)
    snapshot = organisation(connection)
    return read_page(
        connection, late, (t.task.c.due_at, t.task.c.id), lambda row: _view(row, snapshot, now), cursor, limit
    )


def told(connection: sa.Connection, tasks: Sequence[UUID]) -> list[Telling]:
    """Who was told of these tasks by the ladder, rung by rung."""
    if not tasks:
        return []
    snapshot = organisation(connection)
    rows = connection.execute(
        sa.select(t.notice, t.task.c.lifecycle, t.task.c.step)
        .join(t.task, t.task.c.id == t.notice.c.task_id)
        .where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None))
        .order_by(t.notice.c.rung, t.notice.c.key)
    )
    return [
        Telling(
            row.task_id,
            row.rung,
            _part(lifecycle(row.lifecycle).steps[row.step], row.rung),
            snapshot.people[row.reader_id].name,
            row.created_at,
            row.sent_at,
            row.missed,
        )
        for row in rows
    ]


def _views(connection: sa.Connection, rows: Sequence[Any], now: datetime) -> list[TaskView]:
    snapshot = organisation(connection)
    return [_view(row, snapshot, now) for row in rows]


def _view(row: Any, snapshot: Organisation, now: datetime) -> TaskView:
    one = lifecycle(row.lifecycle)
    step = one.steps[row.step]
    has_it = Holder(row.holder_post_id, row.holder_person_id)
    return TaskView(
        id=row.id,
        record_id=row.record_id,
        lifecycle=one,
        step=step,
        code=row.code,
        title=row.title,
        holder=holder_name(has_it, snapshot),
        people=tuple(snapshot.people[one].name for one in has_it.readers(snapshot, today(now))),
        unit=snapshot.units[row.unit_id].name if row.unit_id else None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        original_due_at=row.original_due_at,
        days=days_late(row.due_at, now, snapshot.calendar),
        late=now > row.due_at,
        rung=row.rung,
        next_notice_at=row.next_notice_at,
        next_part=_part(step, row.rung),
        holder_post_id=row.holder_post_id,
        holder_person_id=row.holder_person_id,
    )


def days_late(due_at: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days past the deadline (at least 1 where it is past), or before it as a number <= 0."""
    due, day = today(due_at), today(now)
    return max(1, calendar.between(due, day)) if now > due_at else -calendar.between(day, due)


def _part(step: Step, rung: int) -> Text:
    return rung_at(step.ladder, rung).to.label if step.ladder else Text("", "", "")
