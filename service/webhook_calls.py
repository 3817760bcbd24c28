"""Telling webhooks of moves: calls are claimed, signed, sent and marked; at least once, in the same way as mails.

A claim puts the next try ahead by a lease, so whoever dies leaves nothing behind. A receiver knows a call that comes
twice by its `id`. A receiver that does not answer holds up no other, and is tried once, not once for each call.
"""

import asyncio
import hmac
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.outgoing import Outgoing
from service.vault import Vault
from service.webhooks import DISABLED, WAITING, secret_of
from states.refusals import Refusal
from states.registry import lifecycle

SIGNATURE: Final = "Sapat-Signature"
BATCH: Final = 100
LEASE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(minutes=10)
GIVEN_UP_AFTER: Final = timedelta(days=3)
# Seconds after which a run begins no other call: mails are delivered by the same chore.
SPAN: Final = 10.0

_call = t.webhook_call.c


@dataclass(frozen=True, slots=True)
class Call:
    """One move to be told to one webhook. `sealed` is the webhook's secret as it is kept."""

    id: UUID
    webhook_id: UUID
    url: str
    sealed: str
    body: bytes
    moved_at: datetime


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a call waits to be made at `now`."""
    return connection.execute(sa.select(sa.exists().where(WAITING, _call.next_try_at <= now))).scalar_one()


async def deliver_calls(
    database: Database,
    vault: Vault,
    outgoing: Outgoing,
    now: datetime,
    *,
    address: str,
    seconds: Callable[[], float] = time.monotonic,
) -> dict[str, int]:
    """Make the calls that wait; gives how many were `called`, will be tried again (`uncalled`), and were given up.

    `address` is what the links begin with. The run begins at `now`; `seconds` tells how long it has taken.
    """
    begun = seconds()
    run = _Run(database, vault, outgoing, lambda: now + timedelta(seconds=seconds() - begun), now)
    counts: Counter[str] = Counter()
    while not run.over():
        calls = await asyncio.to_thread(_claim, database, address, run.moment())
        by_webhook = groupby(sorted(calls, key=lambda call: call.webhook_id), key=lambda call: call.webhook_id)
        done = sum(await asyncio.gather(*(run.tell(list(some)) for _, some in by_webhook)), Counter())
        counts += done
        if not done["called"]:
            break
    return {what: counts[what] for what in ("called", "uncalled", "given_up") if counts[what]}


def signature(secret: str, body: bytes, now: datetime) -> str:
    """What a receiver checks: HMAC-SHA-256 by the secret over `<t>.<body>`, `t` in seconds since 1970."""
    at = int(now.timestamp())
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, 'sha256').hexdigest()}"


async def send(outgoing: Outgoing, url: str, secret: str, body: bytes, now: datetime) -> int:
    """Send a signed body; the status of the answer. Raises Refusal."""
    return await outgoing.post(url, body, {"Content-Type": "application/json", SIGNATURE: signature(secret, body, now)})


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of calls."""

    database: Database
    vault: Vault
    outgoing: Outgoing
    moment: Callable[[], datetime]
    begun: datetime

    def over(self) -> bool:
        return self.moment() >= self.begun + timedelta(seconds=SPAN)

    async def tell(self, calls: list[Call]) -> Counter[str]:
        """Make one webhook's calls, one after the other. Where nobody answers, the others wait with it."""
        counts: Counter[str] = Counter()
        for number, call in enumerate(calls):
            if self.over():
                await self._keep(_release, calls[number:])
                break
            try:
                secret = secret_of(self.vault, call.webhook_id, call.sealed)
                status = await send(self.outgoing, call.url, secret, call.body, self.moment())
            except (Refusal, ValueError) as error:
                counts += await self._keep(_put_off_all, calls[number:], str(error))
                break
            if 200 <= status < 300:
                counts += await self._keep(_mark, call)
            else:
                counts += await self._keep(_put_off, call, f"HTTP {status}")
        return counts

    async def _keep(self, change: Callable[..., Counter[str]], *given: Any) -> Counter[str]:
        def write() -> Counter[str]:
            with self.database.write() as connection:
                return change(connection, *given, self.moment())

        return await asyncio.to_thread(write)


def _claim(database: Database, address: str, now: datetime) -> list[Call]:
    """Take a batch for ourselves; what is meant for a webhook that was disabled meanwhile ends here."""
    with database.read() as connection:
        if not is_due(connection, now):
            return []
    with database.write() as connection:
        due = sa.select(_call.id).where(WAITING, _call.next_try_at <= now).order_by(_call.next_try_at, _call.id)
        ours = connection.execute(due.limit(BATCH).with_for_update(skip_locked=True)).scalars().all()
        if not ours:
            return []
        connection.execute(sa.update(t.webhook_call).where(_call.id.in_(ours)).values(next_try_at=now + LEASE))
        rows = connection.execute(_FACTS.where(_call.id.in_(ours)).order_by(_call.id)).all()
        gone = set(ours) - {row.id for row in rows}
        connection.execute(sa.update(t.webhook_call).where(_call.id.in_(gone)).values(dropped_at=now, error=DISABLED))
    return [Call(row.id, row.webhook_id, row.url, row.secret, _body(row, address), row.at) for row in rows]


_FACTS = (
    sa.select(_call.id, _call.webhook_id, _call.history_id, t.webhook.c.url, t.webhook.c.secret)
    .add_columns(t.history.c.at, t.history.c.move, t.history.c.from_state, t.history.c.to_state)
    .add_columns(t.record.c.kind, t.record.c.code, t.record.c.id.label("record_id"))
    .join(t.webhook, t.webhook.c.id == _call.webhook_id)
    .join(t.history, t.history.c.id == _call.history_id)
    .join(t.record, t.record.c.id == t.history.c.record_id)
    .where(t.webhook.c.disabled_at.is_(None))
)


def _body(row: sa.Row[Any], address: str) -> bytes:
    """What is told: nothing of people, and no title; whoever may read the record reads it at its address.

    The `id` is the call's own, the same however often it is tried: with that of a history entry one could try out who
    a confidential author is.
    """
    record = {
        "kind": row.kind,
        "code": row.code,
        "id": str(row.record_id),
        "url": f"{address}/{lifecycle(row.kind).collection}/{row.record_id}",
    }
    told = {"id": str(row.id), "type": "move", "record": record, "move": row.move}
    told |= {"from": row.from_state or None, "to": row.to_state, "at": row.at.astimezone(UTC).isoformat()}
    return json.dumps(told, ensure_ascii=False).encode()


def _mark(connection: sa.Connection, call: Call, now: datetime) -> Counter[str]:
    values = {"sent_at": now, "dropped_at": None, "error": None, "attempts": _call.attempts + 1}
    connection.execute(sa.update(t.webhook_call).where(_call.id == call.id).values(**values))
    return Counter(called=1)


def _put_off(connection: sa.Connection, call: Call, why: str, now: datetime) -> Counter[str]:
    """Try it again after a pause that grows; after three days no more."""
    mine = sa.update(t.webhook_call).where(_call.id == call.id, WAITING)
    tried = {"attempts": _call.attempts + 1, "error": why[:500]}
    if call.moved_at <= now - GIVEN_UP_AFTER:
        connection.execute(mine.values(**tried, dropped_at=now))
        return Counter(given_up=1)
    connection.execute(mine.values(**tried, next_try_at=now + _pause(connection, call)))
    return Counter(uncalled=1)


def _put_off_all(connection: sa.Connection, calls: Sequence[Call], why: str, now: datetime) -> Counter[str]:
    """Nobody answered the first of these: whatever waits for its webhook waits with it."""
    tried, ours = calls[0], [call.id for call in calls]
    after = now + _pause(connection, tried)
    counts = _put_off(connection, tried, why, now)
    others = WAITING & (_call.webhook_id == tried.webhook_id) & (_call.id != tried.id)
    old = sa.select(t.history.c.id).where(t.history.c.at <= now - GIVEN_UP_AFTER)
    given_up = sa.update(t.webhook_call).where(others, _call.history_id.in_(old))
    counts["given_up"] += connection.execute(given_up.values(dropped_at=now, error=why[:500])).rowcount
    soon = sa.update(t.webhook_call).where(others, _call.id.in_(ours) | (_call.next_try_at < after))
    counts["uncalled"] += connection.execute(soon.values(next_try_at=after, error=why[:500])).rowcount
    return counts


def _pause(connection: sa.Connection, call: Call) -> timedelta:
    attempts: int = connection.execute(sa.select(_call.attempts).where(_call.id == call.id)).scalar_one()
    return min(timedelta(seconds=15 * 2 ** min(attempts + 1, 10)), LONGEST_PAUSE)


def _release(connection: sa.Connection, calls: Sequence[Call], now: datetime) -> Counter[str]:
    ours = _call.id.in_([call.id for call in calls])
    connection.execute(sa.update(t.webhook_call).where(ours, WAITING).values(next_try_at=now))
    return Counter()
