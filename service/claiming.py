"""Claiming: a batch of notices becomes ours for the time of a lease, and each of them a letter.

A claim puts the notice's next try ahead by the lease: if the claimant dies, it is tried again after that
(docs/decisions/delivery.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from notifications.message import Letter
from service.digest import BELONGS, take_due
from service.digest_letter import write_digests
from service.invited import MESSAGES
from service.letters import Letterhead, write_letters
from service.marking import fault_of, keep
from service.overtaken import UNSENT, settle, supersede

# Notices whose mails enclose files; and those that are mails of their own, and light ones.
ENCLOSING: Final = t.notice.c.message.in_(MESSAGES)
AT_ONCE: Final = ~BELONGS & ~ENCLOSING


class Claimed(NamedTuple):
    """A batch that is ours: the letters, what ended before it was one, and the notices that each digest tells."""

    letters: Sequence[Letter]
    ended: Counter[str]
    told_in: Mapping[str, Sequence[str]] = MappingProxyType({})

    @property
    def is_empty(self) -> bool:
        """Whether nothing waited."""
        return not self.letters and not self.ended


def waiting(now: datetime) -> sa.ColumnElement[bool]:
    """The notices that wait to be sent at `now`."""
    return UNSENT & (t.notice.c.next_try_at <= now)


def claim(
    database: Database,
    head: Letterhead,
    now: datetime,
    which: sa.ColumnElement[bool],
    most: int,
    lease: timedelta,
) -> Claimed:
    """Take a batch for ourselves; what is no longer true or cannot be written ends here, with its reason, counted."""
    with database.write() as connection:
        due = sa.select(t.notice.c.key, t.notice.c.task_id).where(waiting(now), which)
        due = due.order_by(t.notice.c.next_try_at, t.notice.c.key).limit(most).with_for_update(skip_locked=True)
        found = connection.execute(due).all()
        if not found:
            return Claimed((), Counter())
        keys = [row.key for row in found]
        dropped = settle(connection, keys, now) + supersede(connection, {row.task_id for row in found}, now)
        notices = _lease(connection, keys, now + lease)
        written = write_letters(connection, notices, head, now)
        return _claimed(connection, written, dropped, now)


def claim_digests(database: Database, head: Letterhead, now: datetime, lease: timedelta) -> Claimed:
    """The same for digests, and for what of them cannot wait until its morning."""
    with database.write() as connection:
        due = take_due(connection, now)
        keys = [row.key for row in due.rows]
        dropped = settle(connection, keys, now, opened=True) if keys else 0
        dropped += supersede(connection, {row.task_id for row in due.rows}, now) if keys else 0
        alone = _lease(connection, [row.key for row in due.alone], now + lease)
        digests = {
            name: _lease(connection, [row.key for row in rows], now + lease, {"sent_in": name, "error": None})
            for name, rows in due.digests.items()
        }
        written, told_in = write_digests(connection, digests, head, now)
        written |= write_letters(connection, alone, head, now)
        unfit = [key for key, why in written.items() if isinstance(why, Exception) and key not in told_in]
        if unfit:  # by itself from now on: it holds up no other
            connection.execute(sa.update(t.notice).where(t.notice.c.key.in_(unfit)).values(sent_in=None))
        return _claimed(connection, written, dropped, now, told_in)


def _lease(
    connection: sa.Connection, keys: Sequence[str], until: datetime, more: Mapping[str, object] = MappingProxyType({})
) -> list[sa.Row[Any]]:
    """Hold these notices, as far as they are still to be told, for the time of the lease; in their order."""
    if not keys:
        return []
    held = sa.update(t.notice).where(t.notice.c.key.in_(keys), t.notice.c.dropped_at.is_(None))
    held = held.values(next_try_at=until, attempts=t.notice.c.attempts + 1, **more)
    return sorted(connection.execute(held.returning(t.notice)).all(), key=lambda row: (row.created_at, row.key))


def _claimed(
    connection: sa.Connection,
    written: Mapping[str, Letter | Exception],
    dropped: int,
    now: datetime,
    told_in: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Claimed:
    faults = [fault_of(key, why) for key, why in written.items() if isinstance(why, Exception)]
    ended = keep(connection, faults, now, told_in) + Counter(dropped=dropped)
    return Claimed([one for one in written.values() if isinstance(one, Letter)], ended, told_in)
