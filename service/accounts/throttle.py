"""How often signing in may fail, counted in the database: for all processes together, whoever writes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.accounts.tokens import hashed

WINDOW: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` failures within the window; each further one makes the pause twice as long, from `first` to `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def pause(self, failures: int) -> timedelta | None:
        """How long nobody may try after so many failures."""
        over = failures - self.free
        return min(self.first * 2 ** min(over, 16), self.longest) if over >= 0 else None


ONE: Final = Allowance(5, timedelta(seconds=30), timedelta(minutes=15))
# A whole university may come from one address.
MANY: Final = Allowance(100, timedelta(seconds=10), timedelta(minutes=2))


def by_name(typed: str) -> str:
    """The counter of what was typed as a name, known or not. Some type their password there: only a hash is kept."""
    return f"account:{hashed(typed)}"


def by_person(what: str, person_id: UUID) -> str:
    """The counter of what somebody must give who has shown a password (`code`) or signed in (`proof`)."""
    return f"{what}:{person_id}"


def by_address(address: str) -> str:
    """The counter of an address; of IPv6 the network of 64 bits, for that is what one subscriber has."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return f"address:{address[:80]}"
    return f"address:{ip_network((known, 64), strict=False) if isinstance(known, IPv6Address) else known}"


def count(connection: sa.Connection, allowances: Mapping[str, Allowance], now: datetime) -> datetime | None:
    """Count an attempt before it is tried, so that many at once are no way around; `forgive` it when it succeeds.

    Where a pause is on, nothing is counted, and its end is given.
    """
    names = sorted(allowances)
    fresh = {"failures": 0, "since": now, "blocked_until": None}
    insert_new(connection, t.attempts, [{"name": name, **fresh} for name in names])
    mine = sa.select(t.attempts).where(t.attempts.c.name.in_(names)).order_by(t.attempts.c.name).with_for_update()
    rows = connection.execute(mine).all()
    ends: list[datetime] = [row.blocked_until for row in rows if row.blocked_until and row.blocked_until > now]
    if ends:
        return max(ends)
    for row in rows:
        over = now >= (row.blocked_until or row.since) + WINDOW
        failures, since = (1, now) if over else (row.failures + 1, row.since)
        pause = allowances[row.name].pause(failures)
        values = {"failures": failures, "since": since, "blocked_until": now + pause if pause else None}
        connection.execute(sa.update(t.attempts).where(t.attempts.c.name == row.name).values(values))
    return None


def forgive(connection: sa.Connection, own: str, address: str) -> None:
    """It was right: forget the failures under `own`, and take this attempt back from `address`."""
    connection.execute(sa.delete(t.attempts).where(t.attempts.c.name == own))
    failures = t.attempts.c.failures
    back = sa.update(t.attempts).where(t.attempts.c.name == address, failures > 0)
    still = sa.case((failures > MANY.free, t.attempts.c.blocked_until), else_=sa.null())
    connection.execute(back.values(failures=failures - 1, blocked_until=still))


def tidy(connection: sa.Connection, now: datetime) -> None:
    """Take away what counts no longer."""
    long_ago = now - timedelta(days=1)
    old = (t.attempts.c.since < long_ago) & sa.func.coalesce(t.attempts.c.blocked_until < long_ago, sa.true())
    connection.execute(sa.delete(t.attempts).where(old))
