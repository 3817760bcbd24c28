"""How much waits for whom, and what brought it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from service.organisation import Actor, Organisation, organisation
from service.reading.authors import is_the_authors, knows_author
from service.reading.mine import OPEN, held_by
from service.reading.permitted import readable_by
from service.reading.ready import filled, ready
from service.reading.tasks import TaskView, move_label
from states.registry import lifecycle
from states.text import Text
from states.working_days import today


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks are open: mine, those of mine that are late, and what is late of all that I may read."""

    mine: int
    mine_late: int
    late: int


def counts(connection: sa.Connection, actor: Actor, now: datetime) -> Counts:
    """The numbers beside the navigation's entries."""
    given = {"now": now}
    asked = ready(connection, ("counts", actor, today(now)), given, lambda: _counts(connection, actor, now))
    found = asked.one(connection, given)
    return Counts(found[0] + found[1], found[2] + found[3], found[4])


def _counts(connection: sa.Connection, actor: Actor, now: datetime) -> sa.Select[Any]:
    late = t.task.c.due_at < sa.bindparam("now", type_=Moment())
    counted = sa.select(sa.func.count()).select_from(t.task)
    # No task has holders of both kinds: each is counted in an index of its own.
    mine = [counted.where(OPEN, held) for held in held_by(actor)]
    board, may = counted.where(OPEN, late), readable_by(connection, actor, now)
    if not isinstance(may, sa.True_):  # who reads everything need not be asked about each
        board = board.join(t.record, t.record.c.id == t.task.c.record_id).where(may)
    every = (*mine, *(one.where(late) for one in mine), board)
    return sa.select(*(one.scalar_subquery() for one in every))


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
    given = {"ids": filled({task.record_id for task in tasks})}
    asked = ready(connection, ("reasons", len(given["ids"])), given, lambda: _LAST)
    rows = asked.every(connection, given)
    unnamed = _unnamed(connection, rows, actor, snapshot)
    found: dict[UUID, Reason] = {}
    for row in rows:
        one, hidden = lifecycle(row.kind), row.id in unnamed
        name = snapshot.people[row.actor_id].name if row.actor_id and not hidden else None
        found[row.id] = Reason(move_label(one, row.move), name, row.at, hidden)
    return found


def _unnamed(connection: sa.Connection, rows: Sequence[Any], actor: Actor, snapshot: Organisation) -> frozenset[UUID]:
    """The records whose last move was their author's as such, where the actor is not told who that is."""
    theirs = [row.id for row in rows if row.author_hidden and is_the_authors(lifecycle(row.kind), row, row.author_id)]
    if not theirs:
        return frozenset()
    whole = connection.execute(sa.select(t.record).where(t.record.c.id.in_(theirs)))
    return frozenset(row.id for row in whole if not knows_author(snapshot, actor, lifecycle(row.kind), row._mapping))


_LAST: Final = (
    sa.select(*(t.history.c[name] for name in ("move", "from_state", "actor_id", "at")))
    .add_columns(*(t.record.c[name] for name in ("id", "kind", "author_id", "author_hidden")))
    .join(t.record, (t.history.c.record_id == t.record.c.id) & (t.history.c.seq == t.record.c.version))
    .where(t.record.c.id.in_(sa.bindparam("ids", expanding=True)))
)
