"""What was asked and waits for its answer: once, for a few minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.accounts.tokens import hashed

LASTS: Final = timedelta(minutes=10)
_COLUMNS: Final = (t.challenge.c.person_id, t.challenge.c.facts)


class Asked(NamedTuple):
    """A challenge: whom it was put to, and what must be remembered with it."""

    person_id: UUID | None
    facts: Mapping[str, Any]


def ask(
    connection: sa.Connection,
    purpose: str,
    token: str,
    now: datetime,
    person_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Remember the challenge by the hash of `token`, which whoever answers gives back; forget those that are over."""
    connection.execute(sa.delete(t.challenge).where(t.challenge.c.expires_at <= now))
    row = {"token_hash": hashed(token), "purpose": purpose, "person_id": person_id, "facts": dict(facts or {})}
    connection.execute(sa.insert(t.challenge), {**row, "expires_at": now + LASTS})


def asked(connection: sa.Connection, purpose: str, token: str, now: datetime, *, alone: bool = False) -> Asked | None:
    """The challenge, if it still waits. `alone`: nobody else gets it until this transaction has ended."""
    waits = sa.select(*_COLUMNS).where(_mine(purpose, token, now))
    row = connection.execute(waits.with_for_update() if alone else waits).one_or_none()
    return Asked(*row) if row else None


def take(connection: sa.Connection, purpose: str, token: str, now: datetime) -> Asked | None:
    """The challenge, which is over with this: of two that answer at once only one gets it."""
    taken = sa.delete(t.challenge).where(_mine(purpose, token, now)).returning(*_COLUMNS)
    row = connection.execute(taken).one_or_none()
    return Asked(*row) if row else None


def _mine(purpose: str, token: str, now: datetime) -> sa.ColumnElement[bool]:
    known = t.challenge.c.token_hash == hashed(token)
    return known & (t.challenge.c.purpose == purpose) & (t.challenge.c.expires_at > now)
