"""The outbox: notices are claimed, written, sent and marked, so that each goes out once, whatever dies when.

A claim puts the notice's next try ahead by a lease: if the claimant dies, it is tried again after that. Each mail is
marked as soon as the server has answered; between that answer and the mark lies the only moment in which a crash can
send a mail a second time, with the same Message-ID (docs/decisions/delivery.md).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from notifications.message import Letter, LetterError
from notifications.render import Renderer
from notifications.smtp import Outcome, SmtpServer, send_all
from service.letters import Letterhead, write_letters

BATCH: Final = 200
# Mails the server has answered whose mark may wait for the one being written: what a crash may send twice.
UNMARKED: Final = 8
LEASE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs: where notices are, how mails are written, and the server that takes them."""

    database: Database
    renderer: Renderer
    server: SmtpServer
    head: Letterhead


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return t.notice.c.sent_at.is_(None) & t.notice.c.dropped_at.is_(None) & (t.notice.c.next_try_at <= now)


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a notice waits to be sent at `now`."""
    return connection.execute(sa.select(sa.exists().where(_waiting(now)))).scalar_one()


async def deliver(office: PostOffice, now: datetime) -> dict[str, int]:
    """Send what waits; gives how many were sent, will be tried again, and were dropped.

    Stops at the first batch of which nothing came to an end: the server is away, and each notice keeps its own pause.
    """
    counts = {"sent": 0, "failed": 0, "dropped": 0}
    while True:
        letters, dropped = await asyncio.to_thread(_claim, office, now)
        counts["dropped"] += dropped
        if not letters:
            if dropped:
                continue
            return counts
        before = counts["sent"] + counts["dropped"]
        await _send(office, letters, now, counts)
        if counts["sent"] + counts["dropped"] == before:
            return counts


def _claim(office: PostOffice, now: datetime) -> tuple[list[Letter], int]:
    """Take a batch for ourselves; what is settled or impossible is dropped here, with its reason."""
    with office.database.write() as connection:
        some = sa.select(t.notice.c.key).where(_waiting(now)).order_by(t.notice.c.next_try_at, t.notice.c.key)
        some = some.limit(BATCH).with_for_update(skip_locked=True)
        claimed = connection.execute(
            sa.update(t.notice)
            .where(t.notice.c.key.in_(some.scalar_subquery()))
            .values(next_try_at=now + LEASE, attempts=t.notice.c.attempts + 1)
            .returning(t.notice)
        ).all()
        settled = _settled(connection, claimed)
        _drop(connection, sorted(settled), "settled", now)
        notices = sorted((row for row in claimed if row.key not in settled), key=lambda row: (row.created_at, row.key))
        letters, impossible = _written(connection, notices, office.head, now)
        for key, why in impossible.items():
            _drop(connection, [key], why, now)
        return letters, len(settled) + len(impossible)


def _settled(connection: sa.Connection, claimed: Sequence[sa.Row[Any]]) -> set[str]:
    """Rungs whose task has been done meanwhile: nobody is told of what is no longer late."""
    tasks = {row.task_id for row in claimed if row.rung is not None}
    if not tasks:
        return set()
    done = set(
        connection.execute(
            sa.select(t.task.c.id).where(t.task.c.id.in_(tasks), t.task.c.closed_at.is_not(None))
        ).scalars()
    )
    return {row.key for row in claimed if row.rung is not None and row.task_id in done}


def _written(
    connection: sa.Connection, notices: Sequence[sa.Row[Any]], head: Letterhead, now: datetime
) -> tuple[list[Letter], dict[str, str]]:
    try:
        return list(write_letters(connection, notices, head, now).values()), {}
    except LetterError:
        # One of them has an impossible address or name: find it, and let the others go.
        letters: list[Letter] = []
        impossible: dict[str, str] = {}
        for notice in notices:
            try:
                letters += write_letters(connection, [notice], head, now).values()
            except LetterError as error:
                impossible[notice.key] = str(error)
        return letters, impossible


def _drop(connection: sa.Connection, keys: Sequence[str], why: str, now: datetime) -> None:
    if keys:
        drop = sa.update(t.notice).where(t.notice.c.key.in_(keys))
        connection.execute(drop.values(dropped_at=now, error=why[:500]))


async def _send(office: PostOffice, letters: Sequence[Letter], now: datetime, counts: dict[str, int]) -> None:
    """Render ahead of the wire, in a thread; mark as the answers come, grouped while a mark is being written."""
    answered: list[Outcome] = []
    marking: asyncio.Task[None] | None = None
    async for outcome in send_all(office.server, _mails(office, letters, now, answered)):
        answered.append(outcome)
        if marking is None or marking.done() or len(answered) >= UNMARKED:
            if marking:
                await marking
            batch = answered.copy()
            answered.clear()
            marking = asyncio.create_task(asyncio.to_thread(_mark, office.database, batch, now, counts))
    if marking:
        await marking
    await asyncio.to_thread(_mark, office.database, answered, now, counts)


async def _mails(
    office: PostOffice, letters: Sequence[Letter], now: datetime, unwritten: list[Outcome]
) -> AsyncIterator[tuple[str, EmailMessage]]:
    ahead = 20
    for start in range(0, len(letters), ahead):
        for key, mail in await asyncio.to_thread(_render, office, letters[start : start + ahead], now):
            if isinstance(mail, Outcome):
                unwritten.append(mail)
            else:
                yield key, mail


def _render(office: PostOffice, letters: Sequence[Letter], now: datetime) -> list[tuple[str, EmailMessage | Outcome]]:
    return [(letter.key, _written_mail(office, letter, now)) for letter in letters]


def _written_mail(office: PostOffice, letter: Letter, now: datetime) -> EmailMessage | Outcome:
    """The mail, or what became of it: one that cannot be written must not hold up the others."""
    try:
        return office.renderer.render(letter, now)
    except Exception as error:  # noqa: BLE001 - a fault of ours is put off and shown, until it is mended
        hopeless = isinstance(error, LetterError)
        return Outcome(letter.key, accepted=False, permanent=hopeless, reply=f"{type(error).__name__}: {error}")


def _mark(database: Database, outcomes: Sequence[Outcome], now: datetime, counts: dict[str, int]) -> None:
    if not outcomes:
        return
    for outcome in outcomes:
        counts["sent" if outcome.accepted else "dropped" if outcome.permanent else "failed"] += 1
    with database.write() as connection:
        sent = [outcome.key for outcome in outcomes if outcome.accepted]
        if sent:
            connection.execute(sa.update(t.notice).where(t.notice.c.key.in_(sent)).values(sent_at=now, error=None))
        for outcome in outcomes:
            if outcome.permanent:
                _drop(connection, [outcome.key], outcome.reply, now)
            elif not outcome.accepted:
                _put_off(connection, outcome, now)


def _put_off(connection: sa.Connection, outcome: Outcome, now: datetime) -> None:
    mine = t.notice.c.key == outcome.key
    attempts: int = connection.execute(sa.select(t.notice.c.attempts).where(mine)).scalar_one()
    pause = min(timedelta(seconds=15 * 2 ** min(attempts, 10)), LONGEST_PAUSE)
    connection.execute(sa.update(t.notice).where(mine).values(next_try_at=now + pause, error=outcome.reply[:500]))
