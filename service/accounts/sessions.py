"""Sessions: a browser that is signed in, kept by the hash of its cookie, ended by time or by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.accounts.account import ensure_account
from service.accounts.tokens import hashed, new_token
from service.events import log_event

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
SEEN_EVERY: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=30)
_AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The session of a request. `signed_at` is its last signature, `created_at` when its person signed in."""

    token_hash: str
    person_id: UUID
    method: str
    created_at: datetime
    seen_at: datetime
    signed_at: datetime | None


_s = t.session.c
_COLUMNS = (_s.token_hash, _s.person_id, _s.method, _s.created_at, _s.seen_at, _s.signed_at, _s.ends_at)
_FIND = Prepared(
    sa.select(*_COLUMNS, t.account.c.disabled_at)
    .select_from(t.session.outerjoin(t.account, t.account.c.person_id == _s.person_id))
    .where(_s.token_hash == sa.bindparam("token"), _s.ended_at.is_(None))
)


def open_session(
    connection: sa.Connection, person_id: UUID, method: str, now: datetime, *, address: str = "", agent: str = ""
) -> str:
    """Sign somebody in who has proved who they are by `method`; gives what their cookie holds, always a new one.

    Whoever calls has made sure that the account is not disabled.
    """
    ensure_account(connection, person_id, now)
    old = (_s.person_id == person_id) & (_s.ends_at < now - KEPT)
    connection.execute(sa.delete(t.session).where(old))
    token = new_token()
    row = {"token_hash": hashed(token), "person_id": person_id, "method": method, "address": address}
    times = {"created_at": now, "seen_at": now, "ends_at": now + LONGEST, "signed_at": None, "ended_at": None}
    connection.execute(sa.insert(t.session), {**row, "agent": agent[:_AGENT], **times})
    log_event(connection, "session.opened", now, actor_id=person_id, about_id=person_id, address=address, method=method)
    return token


def find_session(connection: sa.Connection, token: str, now: datetime) -> SessionFacts | None:
    """The session of a cookie, unless it is over or its account disabled."""
    row = _FIND.first(connection, {"token": hashed(token)})
    if row is None:
        return None
    *facts, ends_at, disabled_at = row
    session = SessionFacts(*facts)
    over = disabled_at is not None or now >= ends_at or now >= session.seen_at + IDLE
    return None if over else session


def is_stale(session: SessionFacts, now: datetime) -> bool:
    """Whether it should be written down that the session is in use."""
    return now >= session.seen_at + SEEN_EVERY


def note_seen(connection: sa.Connection, session: SessionFacts, now: datetime) -> None:
    """The session is in use."""
    mine = sa.update(t.session).where(_s.token_hash == session.token_hash, _s.seen_at <= now - SEEN_EVERY)
    connection.execute(mine.values(seen_at=now))


def renew(connection: sa.Connection, session: SessionFacts) -> str:
    """The same session under a new token: what its cookie held before is worth nothing now."""
    token = new_token()
    mine = sa.update(t.session).where(_s.token_hash == session.token_hash)
    connection.execute(mine.values(token_hash=hashed(token)))
    return token


def list_sessions(connection: sa.Connection, person_id: UUID, now: datetime) -> list[sa.Row[Any]]:
    """The person's sessions that are not over, the one used last first."""
    going = (_s.person_id == person_id) & _s.ended_at.is_(None) & (_s.ends_at > now) & (_s.seen_at > now - IDLE)
    return list(connection.execute(sa.select(t.session).where(going).order_by(_s.seen_at.desc(), _s.token_hash)))


def end_sessions(
    connection: sa.Connection,
    person_id: UUID,
    actor_id: UUID | None,
    now: datetime,
    *,
    only: str = "",
    besides: str = "",
    address: str = "",
) -> int:
    """End a person's sessions: all, the one of the hash `only`, or all `besides` one; gives how many were ended."""
    going = (_s.person_id == person_id) & _s.ended_at.is_(None) & (_s.token_hash != besides)
    if only:
        going &= _s.token_hash == only
    ended = connection.execute(sa.update(t.session).where(going).values(ended_at=now)).rowcount
    if ended:
        log_event(
            connection, "session.ended", now, actor_id=actor_id, about_id=person_id, address=address, how_many=ended
        )
    return ended
