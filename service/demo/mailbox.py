"""The mails of the demonstration's past: people have had them then; only the latest are still to be delivered."""

import sqlalchemy as sa

from models import tables as t

KEPT = 120


def settle_past(connection: sa.Connection, keep: int = KEPT) -> int:
    """Mark all but the latest `keep` notices as sent when they were written; gives how many wait."""
    waiting = t.notice.c.sent_at.is_(None) & t.notice.c.dropped_at.is_(None)
    latest = sa.select(t.notice.c.key).where(waiting).order_by(t.notice.c.created_at.desc(), t.notice.c.key).limit(keep)
    keys = list(connection.execute(latest).scalars())
    connection.execute(
        sa.update(t.notice)
        .where(waiting, t.notice.c.key.not_in(keys))
        .values(sent_at=t.notice.c.created_at, attempts=1)
    )
    return len(keys)
