"""Tasks as people see them: what is mine, and what is late at the university."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.letters import holder_name
from service.organisation import Actor, Organisation, organisation
from service.reading.mine import OPEN, belongs_to
from service.reading.page import Page, read_page
from service.reading.ready import ready
from service.subject import Holder, holder_of
from states.ladders import rung_at
from states.lifecycle import Ladder, Lifecycle, Step
from states.registry import lifecycle
from states.roles import Role, named
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
    ladder: Ladder
    next_part: Text
    holder_post_id: UUID | None = None
    holder_person_id: UUID | None = None
    ladder_id: str = ""
    policy_id: UUID | None = None

    def is_with(self, actor: Actor) -> bool:
        """Whether it is this person's, that of a post they answer for, or of somebody they stand in for."""
        return self.holder_post_id in actor.all_posts or self.holder_person_id in actor.people

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


# Tasks with what is said of their records; joined, so that both can be asked about.
TASK = sa.select(t.task, t.record.c.code, t.record.c.title, t.record.c.unit_id, t.record.c.process_id).join(
    t.record, t.record.c.id == t.task.c.record_id
)
BEGINNINGS = {
    "open": Text("ачылды", "открыто", "opened"),
    "transfer": Text("жооптуусу алмашты", "сменился ответственный", "others answer for it now"),
    "import": Text(
        "реестрден же тизмеден киргизилди", "внесено из реестра или списка", "brought in from a register or a list"
    ),
}


def move_label(one: Lifecycle, name: str) -> Text:
    """What to call a move of the history, its beginning too."""
    return one.moves[name].happened if name in one.moves else BEGINNINGS.get(name, Text(name, name, name))


def tasks_of(connection: sa.Connection, actor: Actor, now: datetime, limit: int = 200) -> list[TaskView]:
    """The open tasks of a person: their own and those of the posts they answer for, the most urgent first."""
    asked = ready(connection, ("tasks", actor, limit), {}, lambda: _mine(actor, limit))
    return task_views(connection, asked.every(connection, {}), now)


def _mine(actor: Actor, limit: int) -> sa.Select[Any]:
    return TASK.where(OPEN, belongs_to(actor)).order_by(t.task.c.due_at, t.task.c.id).limit(limit)


def list_tasks_of(
    connection: sa.Connection, actor: Actor, now: datetime, cursor: str | None = None, limit: int = 50
) -> Page[TaskView]:
    """The same by cursor: what is late first, then what is due today, soon, later."""
    snapshot = organisation(connection)
    mine = TASK.where(OPEN, belongs_to(actor))
    return read_page(
        connection, mine, (t.task.c.due_at, t.task.c.id), lambda row: _view(row, snapshot, now), cursor, limit
    )


def tasks_on(connection: sa.Connection, record_id: UUID, now: datetime) -> list[TaskView]:
    """The open tasks of one record."""
    rows = connection.execute(TASK.where(OPEN, t.task.c.record_id == record_id).order_by(t.task.c.due_at)).all()
    return task_views(connection, rows, now)


def told(connection: sa.Connection, tasks: Sequence[UUID]) -> list[Telling]:
    """Who was told of these tasks by the ladder, rung by rung."""
    if not tasks:
        return []
    snapshot = organisation(connection)
    rows = connection.execute(
        sa.select(t.notice)
        .where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None))
        .order_by(t.notice.c.created_at, t.notice.c.rung, t.notice.c.key)
    )
    return [
        Telling(
            row.task_id,
            row.rung,
            Role(row.part).label if row.part else Text("", "", ""),
            snapshot.people[row.reader_id].name,
            row.created_at,
            row.sent_at,
            row.missed,
        )
        for row in rows
    ]


def task_views(connection: sa.Connection, rows: Sequence[Any], now: datetime) -> list[TaskView]:
    """Rows of `TASK` as people see them."""
    snapshot = organisation(connection)
    # Few have many: who that is today is asked once for each.
    names = cache(lambda has_it: _names(has_it, snapshot, today(now)))
    return [_view(row, snapshot, now, names) for row in rows]


def _names(has_it: Holder, snapshot: Organisation, day: date) -> tuple[Text, ...]:
    return tuple(snapshot.people[one].name for one in has_it.readers(snapshot, day))


def _view(
    row: Any, snapshot: Organisation, now: datetime, names: Callable[[Holder], tuple[Text, ...]] | None = None
) -> TaskView:
    one = lifecycle(row.lifecycle)
    step = one.steps[row.step]
    has_it = holder_of(row, step)
    return TaskView(
        id=row.id,
        record_id=row.record_id,
        lifecycle=one,
        step=step,
        code=row.code,
        title=row.title,
        holder=holder_name(has_it, snapshot),
        people=names(has_it) if names else _names(has_it, snapshot, today(now)),
        unit=snapshot.units[row.unit_id].name if row.unit_id else None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        original_due_at=row.original_due_at,
        days=days_late(row.due_at, now, snapshot.calendar),
        late=now > row.due_at,
        rung=row.rung,
        next_notice_at=row.next_notice_at,
        ladder=(ladder := snapshot.ladders[row.ladder_id]),
        ladder_id=row.ladder_id,
        policy_id=row.policy_id,
        next_part=_part(rung_at(ladder, row.rung).to),
        holder_post_id=row.holder_post_id,
        holder_person_id=row.holder_person_id,
    )


_part = lru_cache(maxsize=500)(named)


def days_late(due_at: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days past the deadline (at least 1 where it is past), or before it as a number <= 0."""
    due, day = today(due_at), today(now)
    return max(1, calendar.between(due, day)) if now > due_at else -calendar.between(day, due)
