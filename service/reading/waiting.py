"""How much waits for whom, and what brought it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.authors import is_the_authors, knows_author
from service.reading.mine import OPEN, belongs_to
from service.reading.permitted import readable_by
from service.reading.tasks import TaskView, move_label
from states.registry import lifecycle
from states.text import Text


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks are open: mine, those of mine that are late, and what is late of all that I may read."""

    mine: int
    mine_late: int
    late: int


def counts(connection: sa.Connection, actor: Actor, now: datetime) -> Counts:
    """The numbers beside the navigation's entries."""
    mine, late = OPEN & belongs_to(actor), t.task.c.due_at < now
    counted = sa.select(sa.func.count()).select_from(t.task)
    board, may = counted.where(OPEN, late), readable_by(connection, actor, now)
    if not isinstance(may, sa.True_):  # who reads everything need not be asked about each
        board = board.join(t.record, t.record.c.id == t.task.c.record_id).where(may)
    every = (counted.where(mine), counted.where(mine, late), board)
    return Counts(*connection.execute(sa.select(*(one.scalar_subquery() for one in every))).one())


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
    """The move that brought a task here, by whom (None: by itself, or by somebody who is not told), and when."""

    move: Text
    actor: Text | None
    at: datetime
    hidden: bool = False


def reasons(connection: sa.Connection, tasks: Sequence[TaskView], actor: Actor) -> dict[UUID, Reason]:
    """By record: the last thing that happened to it, as the actor is told of it."""
    if not tasks:
        return {}
    snapshot = organisation(connection)
    last = (t.history.c.record_id == t.record.c.id) & (t.history.c.seq == t.record.c.version)
    rows = connection.execute(
        sa.select(t.history.c.move, t.history.c.from_state, t.history.c.actor_id, t.history.c.at, t.record)
        .join(t.record, last)
        .where(t.record.c.id.in_({task.record_id for task in tasks}))
    )
    found: dict[UUID, Reason] = {}
    for row in rows:
        one = lifecycle(row.kind)
        hidden = is_the_authors(one, row, row.author_id) and not knows_author(snapshot, actor, one, row._mapping)
        name = snapshot.people[row.actor_id].name if row.actor_id and not hidden else None
        found[row.id] = Reason(move_label(one, row.move), name, row.at, hidden)
    return found
