"""The outbox: notices are claimed, written, sent and marked, so that each goes out once, whatever dies when.

Each mail is marked as soon as the server has answered; between that answer and the mark lies the only moment in which
a crash can send a mail a second time, with the same Message-ID (docs/decisions/delivery.md).
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

import sqlalchemy as sa

from models.database import Database
from notifications.message import Letter
from notifications.render import Renderer
from notifications.smtp import Outcome, SmtpServer, send_all
from service.claiming import AT_ONCE, ENCLOSING, Claimed, claim, claim_digests, waiting
from service.letters import Letterhead
from service.marking import fault_of, keep

BATCH: Final = 200
# Mails the server has answered and that are not marked yet, at most: what a crash may send twice.
UNMARKED: Final = 8
RENDERED_AHEAD: Final = 20
LEASE: Final = timedelta(minutes=2)
# Mails with enclosures go when no other wait, few at a time; one that was begun within the lease may take long to go.
FEW: Final = 8
LONG_LEASE: Final = timedelta(minutes=10)
# Seconds that whoever stops us leaves the server to answer what is on the wire.
LAST_ANSWERS: Final = 5.0


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs: where notices are, how mails are written, and the server that takes them."""

    database: Database
    renderer: Renderer
    server: SmtpServer
    head: Letterhead


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a notice waits to be sent at `now`."""
    return connection.execute(sa.select(sa.exists().where(waiting(now)))).scalar_one()


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
    """One run of deliveries. What the server has answered stays in `answered` until it is marked for good.

    `told_in` says which notices a digest of the present batch tells.
    """

    office: PostOffice
    moment: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    answered: list[Outcome] = field(default_factory=list)
    told_in: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stopped: bool = False
    _one_mark: threading.Lock = field(default_factory=threading.Lock)

    async def work(self, now: datetime) -> None:
        """Batch after batch, until nothing waits or nothing comes to an end."""
        while not self.stopped:
            claimed = await asyncio.to_thread(self._claim, now)
            if claimed.is_empty:
                return
            self.counts += claimed.ended
            self.told_in = claimed.told_in
            before = self.counts["sent"] + self.counts["dropped"]
            await self._send(claimed.letters, now + LEASE)
            if claimed.letters and self.counts["sent"] + self.counts["dropped"] == before:
                return
            now = self.moment()

    def _claim(self, now: datetime) -> Claimed:
        """The next batch: of what goes at once, else of digests, else of mails with enclosures."""
        database, head = self.office.database, self.office.head
        claimed = claim(database, head, now, AT_ONCE, BATCH, LEASE)
        if claimed.is_empty:
            claimed = claim_digests(database, head, now, LEASE)
        if claimed.is_empty:
            claimed = claim(database, head, now, ENCLOSING, FEW, LONG_LEASE)
        return claimed

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
        """The mails, as long as they are ours to send; while some go out the next ones are written."""
        starts = iter(range(0, len(letters), RENDERED_AHEAD))

        def next_ones() -> asyncio.Task[list[tuple[str, EmailMessage | Outcome]]]:
            at = next(starts, len(letters))
            some = letters[at : at + RENDERED_AHEAD]
            return asyncio.create_task(asyncio.to_thread(_render, self.office, some, self.moment()))

        ahead = next_ones()
        while mails := await ahead:
            ahead = next_ones()
            for key, mail in mails:
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
                    ended = keep(connection, batch, self.moment(), self.told_in)
                del self.answered[: len(batch)]
                self.counts += ended


def _render(office: PostOffice, letters: Sequence[Letter], now: datetime) -> list[tuple[str, EmailMessage | Outcome]]:
    return [(letter.key, _written_mail(office, letter, now)) for letter in letters]


def _written_mail(office: PostOffice, letter: Letter, now: datetime) -> EmailMessage | Outcome:
    try:
        return office.renderer.render(letter, now)
    except Exception as error:  # noqa: BLE001 - one that cannot be written must not hold up the others
        return fault_of(letter.key, error)
