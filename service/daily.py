"""What the calendar does by itself: what is scheduled comes into force, what is due for review is opened."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.moves import move
from service.organisation import CLOCK
from states.refusals import Refusal
from states.registry import lifecycle

AT_ONCE = 200


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a record waits to be woken at `now`."""
    return connection.execute(sa.select(sa.exists().where(t.record.c.wake_at <= now))).scalar_one()


def daily(database: Database, now: datetime) -> dict[str, int]:
    """Wake every record whose day has come, each in a transaction of its own: one that cannot go stops no other.

    Gives how many were woken and how many refused; a refused one is tried again the next day.
    """
    counts = {"woken": 0, "refused": 0}
    refused: set[UUID] = set()
    while True:
        with database.read() as connection:
            due = connection.execute(
                sa.select(t.record.c.id, t.record.c.kind, t.record.c.state)
                .where(t.record.c.wake_at <= now, t.record.c.id.not_in(refused))
                .order_by(t.record.c.wake_at, t.record.c.id)
                .limit(AT_ONCE)
            ).all()
        if not due:
            return counts
        for record_id, kind, state in due:
            wake = lifecycle(kind).steps[state].wake
            try:
                if wake is None:
                    raise Refusal
                with database.write() as connection:
                    move(connection, record_id, wake.move, CLOCK, {}, now)
                counts["woken"] += 1
            except Refusal:
                refused.add(record_id)
                counts["refused"] += 1
