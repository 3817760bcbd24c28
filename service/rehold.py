"""Tasks whose holder is another now: a council has a new secretary, a record a new owner, an author has left."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.organisation import CLOCK, organisation
from service.subject import load
from service.tasks import hand_on, tell_holders
from states.working_days import today

JUST: Final = timedelta(days=2)
_OPEN = t.task.c.closed_at.is_(None)


def rehold(connection: sa.Connection, now: datetime, posts: Collection[UUID] | None = None) -> int:
    """Give open tasks to whoever should have them at `now`, and tell those; gives how many changed hands.

    Looks at the tasks that `posts` held until now; without any, at all that are open.
    """
    held = t.task.c.holder_post_id.in_(posts) if posts is not None else sa.true()
    return sum(rehold_record(connection, one, now) for one in _records(connection, held))


def rehold_of_leavers(connection: sa.Connection, now: datetime) -> int:
    """The same for the tasks of people who hold no post any more."""
    return sum(rehold_record(connection, one, now) for one in records_of_leavers(connection, now))


def records_of_leavers(connection: sa.Connection, now: datetime) -> list[UUID]:
    """The records with open tasks of people who hold no post any more, and those with tasks opened these days.

    A task may have been opened in the very moment in which its council got another secretary, unseen by that change.
    """
    day, holding = today(now), t.holding.c
    holds = sa.exists().where(
        holding.person_id == t.task.c.holder_person_id,
        holding.since <= day,
        holding.until.is_(None) | (holding.until >= day),
    )
    left = t.task.c.holder_person_id.is_not(None) & ~holds
    return _records(connection, left | (t.task.c.opened_at > now - JUST))


def rehold_record(connection: sa.Connection, record_id: UUID, now: datetime) -> int:
    """The same for one record. Raises NotFound, NobodyThere where there is no post at all that could have its task."""
    act = Act(connection, organisation(connection), CLOCK, now)
    subject = load(connection, record_id, for_change=True)
    moved = hand_on(act, subject)
    tell_holders(act, subject, moved)
    return len(moved)


def _records(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[UUID]:
    records = sa.select(t.task.c.record_id).where(_OPEN, where).distinct().order_by(t.task.c.record_id)
    return list(connection.execute(records).scalars())
