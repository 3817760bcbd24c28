"""Notices that something has overtaken before they went out: what is no longer true is not told."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t

UNSENT: Final = t.notice.c.sent_at.is_(None) & t.notice.c.dropped_at.is_(None)
_TASK_DONE = sa.exists().where(t.task.c.id == t.notice.c.task_id, t.task.c.closed_at.is_not(None))
_RUNG: Final = t.notice.c.rung.is_not(None)
_RUNGS = sa.select(*(t.notice.c[name] for name in ("key", "task_id", "reader_id", "missed", "sent_at")))


def drop(connection: sa.Connection, which: sa.ColumnElement[bool], why: str, now: datetime) -> int:
    """Give these notices up; gives how many."""
    return connection.execute(sa.update(t.notice).where(which).values(dropped_at=now, error=why[:500])).rowcount


def settle(connection: sa.Connection, keys: Sequence[str], now: datetime, *, opened: bool = False) -> int:
    """Drop the rungs whose task has been done meanwhile: nobody is told of what is no longer late.

    With `opened` also that the task was opened: a morning later it is no news that there was something to do.
    """
    told = _RUNG | (t.notice.c.message == "task/opened") if opened else _RUNG
    return drop(connection, t.notice.c.key.in_(keys) & told & _TASK_DONE, "settled", now)


def supersede(connection: sa.Connection, tasks: set[UUID | None], now: datetime) -> int:
    """Of the rungs of a task that wait for one reader only the highest is still true: it speaks for the lower ones."""
    rungs = _RUNGS.where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None), t.notice.c.dropped_at.is_(None))
    told = connection.execute(rungs.order_by(t.notice.c.created_at, t.notice.c.rung)).all()
    highest = {(row.task_id, row.reader_id): row.key for row in told}
    lower = {row.key: row for row in told if not row.sent_at and row.key != highest[row.task_id, row.reader_id]}
    if not lower:
        return 0
    # No lock is waited for, so no two claims wait for each other: what is being marked is left to the next one.
    ours = sa.select(t.notice.c.key).where(t.notice.c.key.in_([*lower, *highest.values()]), UNSENT)
    free = set(connection.execute(ours.with_for_update(skip_locked=True)).scalars())
    unsaid: Counter[str] = Counter()
    for key, row in lower.items():
        if key in free:
            unsaid[highest[row.task_id, row.reader_id]] += 1 + row.missed
    for key in unsaid.keys() & free:
        more = sa.update(t.notice).where(t.notice.c.key == key)
        connection.execute(more.values(missed=t.notice.c.missed + unsaid[key]))
    return drop(connection, t.notice.c.key.in_(lower.keys() & free), "superseded", now)
