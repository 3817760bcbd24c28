"""The outbox: notices are claimed, written, sent and marked, so that each goes out once, whatever dies when.

A claim puts the notice's next try ahead by a lease: if the claimant dies, it is tried again after that. Each mail is
marked as soon as the server has answered; between that answer and the mark lies the only moment in which a crash can
send a mail a second time, with the same Message-ID (docs/decisions/delivery.md).
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from notifications.message import Letter, LetterError
from notifications.render import Renderer
from notifications.smtp import Outcome, SmtpServer, send_all
from service.letters import Letterhead, write_letters

BATCH: Final = 200
# Mails the server has answered and that are not marked yet, at most: what a crash may send twice.
UNMARKED: Final = 8
RENDERED_AHEAD: Final = 20
LEASE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(minutes=10)
# Seconds that whoever stops us leaves the server to answer what is on the wire.
LAST_ANSWERS: Final = 5.0

_UNSENT = t.notice.c.sent_at.is_(None) & t.notice.c.dropped_at.is_(None)


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs: where notices are, how mails are written, and the server that takes them."""

    database: Database
    renderer: Renderer
    server: SmtpServer
    head: Letterhead


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return _UNSENT & (t.notice.c.next_try_at <= now)


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a notice waits to be sent at `now`."""
    return connection.execute(sa.select(sa.exists().where(_waiting(now)))).scalar_one()


async def deliver(
    office: PostOffice, now: datetime, *, seconds: Callable[[], float] = time.monotonic
) -> dict[str, int]:
    """Send what waits; gives how many were sent, will be tried again, and were dropped.

    Stops at the first batch of which nothing came to an end: the server is away, and each notice keeps its own pause.
    Cancelled, it begins no other mail, hears the answers to those on the wire and marks them. The run begins at `now`;
    `seconds` tells how long it has taken.
    """
    begun = seconds()
    run = _Run(office, lambda: now + timedelta(seconds=seconds() - begun))
    work = asyncio.create_task(run.work(now))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        run.stopped = True
        asyncio.get_running_loop().call_later(LAST_ANSWERS, work.cancel)
        await asyncio.wait([work])
        raise
    return {what: run.counts[what] for what in ("sent", "failed", "dropped")}


@dataclass(slots=True)
class _Run:
    """One run of deliveries. What the server has answered stays in `answered` until it is marked for good."""

    office: PostOffice
    moment: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    answered: list[Outcome] = field(default_factory=list)
    stopped: bool = False
    _one_mark: threading.Lock = field(default_factory=threading.Lock)

    async def work(self, now: datetime) -> None:
        """Batch after batch, until nothing waits or nothing comes to an end."""
        while not self.stopped:
            letters, ended = await asyncio.to_thread(_claim, self.office, now)
            self.counts += ended
            if not letters and not ended:
                return
            before = self.counts["sent"] + self.counts["dropped"]
            await self._send(letters, now + LEASE)
            if letters and self.counts["sent"] + self.counts["dropped"] == before:
                return
            now = self.moment()

    async def _send(self, letters: Sequence[Letter], until: datetime) -> None:
        """Render ahead of the wire, in a thread; mark as the answers come, grouped while a mark is being written."""
        marking: asyncio.Task[None] | None = None
        try:
            async with aclosing(send_all(self.office.server, self._mails(letters, until))) as outcomes:
                async for outcome in outcomes:
                    self.answered.append(outcome)
                    if marking is None or marking.done() or len(self.answered) >= UNMARKED:
                        if marking:
                            await asyncio.wait([marking])
                        marking = asyncio.create_task(self._mark_or_stop())
        finally:
            if marking:
                await asyncio.wait([marking])
            await asyncio.to_thread(self._mark)

    async def _mails(self, letters: Sequence[Letter], until: datetime) -> AsyncIterator[tuple[str, EmailMessage]]:
        """The mails, as long as they are ours to send."""
        for start in range(0, len(letters), RENDERED_AHEAD):
            some = letters[start : start + RENDERED_AHEAD]
            for key, mail in await asyncio.to_thread(_render, self.office, some, self.moment()):
                if self.stopped or self.moment() >= until:
                    return
                if isinstance(mail, Outcome):
                    self.answered.append(mail)
                else:
                    yield key, mail

    async def _mark_or_stop(self) -> None:
        """Mark; where the database does not take it, begin no other mail: each would go out again."""
        try:
            await asyncio.to_thread(self._mark)
        except Exception:  # noqa: BLE001 - tried again with the next answer and at the end, where it is raised
            self.stopped = True

    def _mark(self) -> None:
        with self._one_mark:
            batch = self.answered.copy()
            if batch:
                with self.office.database.write() as connection:
                    ended = _keep(connection, batch, self.moment())
                del self.answered[: len(batch)]
                self.counts += ended


def _claim(office: PostOffice, now: datetime) -> tuple[list[Letter], Counter[str]]:
    """Take a batch for ourselves; what is no longer true or cannot be written ends here, with its reason, counted."""
    with office.database.write() as connection:
        due = sa.select(t.notice.c.key, t.notice.c.task_id).where(_waiting(now))
        due = due.order_by(t.notice.c.next_try_at, t.notice.c.key).limit(BATCH).with_for_update(skip_locked=True)
        found = connection.execute(due).all()
        keys = [row.key for row in found]
        dropped = _settle(connection, keys, now) + _supersede(connection, {row.task_id for row in found}, now)
        claimed = connection.execute(
            sa.update(t.notice)
            .where(t.notice.c.key.in_(keys), t.notice.c.dropped_at.is_(None))
            .values(next_try_at=now + LEASE, attempts=t.notice.c.attempts + 1)
            .returning(t.notice)
        ).all()
        notices = sorted(claimed, key=lambda row: (row.created_at, row.key))
        written = write_letters(connection, notices, office.head, now)
        faults = [_fault(key, why) for key, why in written.items() if isinstance(why, Exception)]
        ended = _keep(connection, faults, now) + Counter(dropped=dropped)
        return [letter for letter in written.values() if isinstance(letter, Letter)], ended


def _settle(connection: sa.Connection, keys: Sequence[str], now: datetime) -> int:
    """Drop the rungs whose task has been done meanwhile: nobody is told of what is no longer late."""
    done = sa.exists().where(t.task.c.id == t.notice.c.task_id, t.task.c.closed_at.is_not(None))
    return _drop(connection, t.notice.c.key.in_(keys) & t.notice.c.rung.is_not(None) & done, "settled", now)


def _supersede(connection: sa.Connection, tasks: set[UUID | None], now: datetime) -> int:
    """Of the rungs of a task that wait for one reader only the highest is still true: it speaks for the lower ones."""
    rungs = sa.select(t.notice).where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None))
    told = connection.execute(rungs.where(t.notice.c.dropped_at.is_(None)).order_by(t.notice.c.rung)).all()
    highest = {(row.task_id, row.reader_id): row.key for row in told}
    lower = {row.key: row for row in told if not row.sent_at and row.key != highest[row.task_id, row.reader_id]}
    if not lower:
        return 0
    # No lock is waited for, so no two claims wait for each other: what is being marked is left to the next one.
    ours = sa.select(t.notice.c.key).where(t.notice.c.key.in_([*lower, *highest.values()]), _UNSENT)
    free = set(connection.execute(ours.with_for_update(skip_locked=True)).scalars())
    unsaid: Counter[str] = Counter()
    for key, row in lower.items():
        if key in free:
            unsaid[highest[row.task_id, row.reader_id]] += 1 + row.missed
    for key in unsaid.keys() & free:
        more = sa.update(t.notice).where(t.notice.c.key == key)
        connection.execute(more.values(missed=t.notice.c.missed + unsaid[key]))
    return _drop(connection, t.notice.c.key.in_(lower.keys() & free), "superseded", now)


def _render(office: PostOffice, letters: Sequence[Letter], now: datetime) -> list[tuple[str, EmailMessage | Outcome]]:
    return [(letter.key, _written_mail(office, letter, now)) for letter in letters]


def _written_mail(office: PostOffice, letter: Letter, now: datetime) -> EmailMessage | Outcome:
    try:
        return office.renderer.render(letter, now)
    except Exception as error:  # noqa: BLE001 - one that cannot be written must not hold up the others
        return _fault(letter.key, error)


def _fault(key: str, error: Exception) -> Outcome:
    """What became of a mail that cannot be written: a fault of ours is put off and shown, until it is mended."""
    hopeless = isinstance(error, LetterError)
    return Outcome(key, accepted=False, permanent=hopeless, reply=f"{type(error).__name__}: {error}")


def _keep(connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime) -> Counter[str]:
    """Write down what became of these mails, and count it."""
    sent = [outcome.key for outcome in outcomes if outcome.accepted]
    if sent:
        # Whoever dropped it while it was on the wire was too late.
        told = sa.update(t.notice).where(t.notice.c.key.in_(sent))
        connection.execute(told.values(sent_at=now, dropped_at=None, error=None))
    for outcome in outcomes:
        if outcome.permanent:
            _drop(connection, t.notice.c.key == outcome.key, outcome.reply, now)
        elif not outcome.accepted:
            _put_off(connection, outcome, now)
    return Counter("sent" if one.accepted else "dropped" if one.permanent else "failed" for one in outcomes)


def _drop(connection: sa.Connection, which: sa.ColumnElement[bool], why: str, now: datetime) -> int:
    return connection.execute(sa.update(t.notice).where(which).values(dropped_at=now, error=why[:500])).rowcount


def _put_off(connection: sa.Connection, outcome: Outcome, now: datetime) -> None:
    mine = t.notice.c.key == outcome.key
    attempts: int = connection.execute(sa.select(t.notice.c.attempts).where(mine)).scalar_one()
    pause = min(timedelta(seconds=15 * 2 ** min(attempts, 10)), LONGEST_PAUSE)
    connection.execute(sa.update(t.notice).where(mine).values(next_try_at=now + pause, error=outcome.reply[:500]))
