"""How much waits for whom, and what brought it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.tasks import OPEN, TaskView, belongs_to, move_label
from states.registry import lifecycle
from states.text import Text


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks are open: mine, those of mine that are late, and what is late at the whole university."""

    mine: int
    mine_late: int
    late: int


def counts(connection: sa.Connection, actor: Actor, now: datetime) -> Counts:
    """The numbers beside the navigation's entries."""
    mine = OPEN & belongs_to(actor)
    row = connection.execute(
        sa.select(
            *(
                sa.select(sa.func.count()).select_from(t.task).where(where).scalar_subquery()
                for where in (mine, mine & (t.task.c.due_at < now), OPEN & (t.task.c.due_at < now))
            )
        )
    ).one()
    return Counts(*row)


def waiting(connection: sa.Connection, now: datetime) -> dict[UUID, tuple[int, int]]:
    """How many tasks each post and each person has open, and how many of them are late."""
    holder_id = sa.func.coalesce(t.task.c.holder_post_id, t.task.c.holder_person_id, type_=sa.Uuid())
    is_late = sa.case((t.task.c.due_at < now, 1), else_=0)
    rows = connection.execute(
        sa.select(holder_id, sa.func.count(), sa.func.sum(is_late)).where(OPEN).group_by(holder_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


@dataclass(frozen=True, slots=True)
class Reason:
    """The move that brought a task here, by whom (None: by itself), and when."""

    move: Text
    actor: Text | None
    at: datetime


def reasons(connection: sa.Connection, tasks: Sequence[TaskView]) -> dict[UUID, Reason]:
    """By record: the last thing that happened to it."""
    if not tasks:
        return {}
    people = organisation(connection).people
    last = (t.history.c.record_id == t.record.c.id) & (t.history.c.seq == t.record.c.version)
    rows = connection.execute(
        sa.select(t.history.c.record_id, t.history.c.move, t.history.c.actor_id, t.history.c.at, t.record.c.kind)
        .join(t.record, last)
        .where(t.record.c.id.in_({task.record_id for task in tasks}))
    )
    return {
        row.record_id: Reason(
            move_label(lifecycle(row.kind), row.move), people[row.actor_id].name if row.actor_id else None, row.at
        )
        for row in rows
    }
