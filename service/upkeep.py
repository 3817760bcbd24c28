"""What is thrown away in time: uploads that nothing names, calls, answers and challenges that are over."""

from datetime import datetime

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.files.orphans import sweep_orphans
from service.files.store import Store
from service.idempotency import KEPT
from service.webhooks import forget_calls


def tidy(database: Database, store: Store, now: datetime) -> dict[str, int]:
    """Take away what nobody can ask for any more; gives how much of each."""
    with database.write() as connection:
        connection.execute(sa.delete(t.challenge).where(t.challenge.c.expires_at <= now))
        connection.execute(sa.delete(t.idempotent_answer).where(t.idempotent_answer.c.created_at < now - KEPT))
        return {"calls_forgotten": forget_calls(connection, now), "orphans": sweep_orphans(connection, store, now)}
