"""The digest: readers who chose it have their news in one mail, at nine in the morning of a working day.

News are tasks opened, records moved, and reminders before or on the due day. Rungs past it, nudges and invitations to
sittings never wait, nor does what falls due before the digest would come. What waits has its `next_try_at` on that
morning: nobody looks at it before. What goes out together is marked with one `sent_in` before it is sent, so that after
a crash the same mail goes out again; whoever puts a digest together holds its reader's row, so nobody else makes
another of the rest.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service import sweep
from service.events import log_event
from service.organisation import organisation, organisation_changed
from service.overtaken import UNSENT
from states.working_days import MORNING, Calendar, moment, today

Rows = list[sa.Row[Any]]
READERS: Final = 100  # at once
# The reminders of a morning are written by the sweep of nine. So long after nine a digest waits for it, where it has
# something to say, and so long what comes is still of that morning.
AWAITED: Final = timedelta(minutes=10)
LOOK_AGAIN: Final = timedelta(seconds=20)

_notice = t.notice.c
_REMINDER = _notice.rung.is_not(None) & (_notice.rung <= 0)
_NEWS = _REMINDER | (_notice.rung.is_(None) & _notice.message.in_(("task/opened", "record/moved")))
_CHOSE_IT = _notice.reader_id.in_(sa.select(t.person.c.id).where(t.person.c.digest))
# One that was tried alone stays alone: the server may have taken it.
_WAITS = _NEWS & (_notice.attempts == 0)
_IN_DIGEST = _notice.sent_in.is_not(None)
BELONGS: Final = _IN_DIGEST | (_WAITS & _CHOSE_IT)
# The server has said no to its digest: that one has not arrived.
_REFUSED = _IN_DIGEST & _notice.error.is_not(None)


def digest_at(told_at: datetime, calendar: Calendar) -> datetime:
    """The morning (UTC) whose digest tells what was put into the outbox at `told_at`."""
    day = today(told_at)
    if calendar.is_working(day) and told_at <= moment(day, MORNING) + AWAITED:
        return moment(day, MORNING)
    return _next_morning(told_at, calendar)


def digest_key(reader_id: UUID, morning: datetime) -> str:
    """What the digest of a reader and a morning is called, and so its Message-ID: there is one."""
    return f"digest:{today(morning):%Y%m%d}:{reader_id.hex}"


@dataclass(slots=True)
class Due:
    """What is due of digests: their notices by their keys, and those that go out alone because they cannot wait."""

    digests: dict[str, Rows] = field(default_factory=dict)
    alone: Rows = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """All of them."""
        return [*self.alone, *(row for rows in self.digests.values() for row in rows)]


def take_due(connection: sa.Connection, now: datetime) -> Due:
    """What of the digests is due at `now`, for this transaction alone; what is not is put off to its morning."""
    due = _notice.next_try_at <= now
    some = sa.select(_notice.reader_id).where(UNSENT, due, BELONGS).distinct().limit(READERS)
    readers = connection.execute(some).scalars().all()
    if not readers:
        return Due()
    ours = sa.select(t.person.c.id).where(t.person.c.id.in_(readers)).order_by(t.person.c.id)
    mine = connection.execute(ours.with_for_update(key_share=True, skip_locked=True)).scalars().all()
    theirs = (_notice.reader_id.in_(mine), UNSENT, BELONGS, due | _REFUSED)
    rows = sa.select(t.notice, t.task.c.due_at).outerjoin(t.task, t.task.c.id == _notice.task_id).where(*theirs)
    found = connection.execute(rows.order_by(_notice.reader_id, _notice.created_at, _notice.key)).all()
    # No lock is waited for. Whoever has one of a reader's notices is about to write what became of it: later, then.
    locked = sa.select(_notice.key).where(*theirs).with_for_update(skip_locked=True)
    free = set(connection.execute(locked).scalars())
    busy = {row.reader_id for row in found if row.key not in free}
    sorting = _Sorting(now, organisation(connection).calendar)
    sorting.find_used(connection, mine)
    sorting.awaits_sweep = now < sorting.morning + AWAITED and sweep.is_due(connection, now)
    for reader_id, its in groupby(found, key=lambda row: row.reader_id):
        if reader_id not in busy:
            sorting.sort(reader_id, list(its))
    for until, keys in sorting.put_off.items():
        connection.execute(sa.update(t.notice).where(_notice.key.in_(keys)).values(next_try_at=until))
    return sorting.due


@dataclass(slots=True)
class _Sorting:
    """`morning` is the last one; `used` are the readers who have a digest of it already, sent or not."""

    now: datetime
    calendar: Calendar
    due: Due = field(default_factory=Due)
    put_off: dict[datetime, list[str]] = field(default_factory=lambda: defaultdict(list))
    used: frozenset[UUID] = frozenset()
    awaits_sweep: bool = False

    @property
    def morning(self) -> datetime:
        day = today(self.now)
        if self.calendar.is_working(day) and moment(day, MORNING) <= self.now:
            return moment(day, MORNING)
        return moment(self.calendar.add(day, -1), MORNING)

    def find_used(self, connection: sa.Connection, readers: Sequence[UUID]) -> None:
        keys = [digest_key(reader, self.morning) for reader in readers]
        used = sa.select(_notice.reader_id).where(_notice.reader_id.in_(readers), _notice.sent_in.in_(keys))
        self.used = frozenset(connection.execute(used.distinct()).scalars())

    def sort(self, reader_id: UUID, rows: Rows) -> None:
        ready = [row for row in rows if not row.sent_in and self._is_ready(row)]
        refused = [row for row in rows if row.sent_in and row.error is not None]
        if self.awaits_sweep and reader_id not in self.used:
            self.put_off[self.now + LOOK_AGAIN] += [row.key for row in refused]
            refused = []
        if ready:  # there is none of this morning: what an earlier one could not bring, it brings
            self.due.digests[digest_key(reader_id, self.morning)] = [*refused, *ready]
            refused = []
        due_again = {row.key for row in refused if row.next_try_at <= self.now}
        for row in rows:
            # Whoever had claimed it died without a word: the server may have taken it, so it is the same mail again.
            if (row.sent_in and row.error is None) or row.key in due_again:
                self.due.digests.setdefault(row.sent_in, []).append(row)

    def _is_ready(self, row: sa.Row[Any]) -> bool:
        """Whether it is told in the digest of this morning; if not, it goes out alone or is put off."""
        goes_at = digest_at(row.created_at, self.calendar)
        if goes_at <= self.now:
            if row.reader_id not in self.used and not self.awaits_sweep:
                return True
            goes_at = _next_morning(self.now, self.calendar) if row.reader_id in self.used else self.now + LOOK_AGAIN
        if row.due_at and row.created_at <= row.due_at < goes_at:
            self.due.alone.append(row)
        else:
            self.put_off[goes_at].append(row.key)
        return False


def _next_morning(now: datetime, calendar: Calendar) -> datetime:
    day = today(now)
    early = calendar.is_working(day) and now < moment(day, MORNING)
    return moment(day if early else calendar.add(day, 1), MORNING)


def has_digest(connection: sa.Connection, person_id: UUID) -> bool:
    """Whether they have their news as one mail a day."""
    chosen = sa.select(t.person.c.digest).where(t.person.c.id == person_id)
    return bool(connection.execute(chosen).scalar_one())


def choose_digest(connection: sa.Connection, person_id: UUID, wanted: bool, now: datetime, address: str = "") -> None:
    """From now on news come as one mail a day, or each by itself; then what waits goes out now."""
    before = has_digest(connection, person_id)
    if before == wanted:
        return
    connection.execute(sa.update(t.person).where(t.person.c.id == person_id).values(digest=wanted))
    if not wanted:
        waiting = sa.update(t.notice).where(_notice.reader_id == person_id, UNSENT, _WAITS, ~_IN_DIGEST)
        connection.execute(waiting.where(_notice.next_try_at > now).values(next_try_at=now))
    facts = {"before": before, "after": wanted}
    log_event(connection, "person.digest", now, actor_id=person_id, about_id=person_id, address=address, **facts)
    organisation_changed(connection)
