"""The rows of controlled files: asked for, taken in hand, made, failed; each step a transaction of its own.

Whoever takes a row in hand has it for a time (`next_try_at`), and longer by renewing it while at work: if that process
dies, another one takes it then. That moment, which has a random part, says whose hand it is.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from models import tables as t
from models.database import insert_new
from service.controlled.refusals import GIVEN_UP

PENDING, MADE, FAILED = "pending", "made", "failed"
IN_HAND: Final = timedelta(minutes=20)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_TRIES: Final = 12
_file = t.controlled_file.c


class Taken(NamedTuple):
    """A row in hand until a moment that no other hand has."""

    record_id: UUID
    tried: int
    until: datetime


def ask(connection: sa.Connection, record_id: UUID, now: datetime) -> None:
    """Ask for the file of a revision, or for it once more. What was made before is given out until the new one is."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    fresh = {"state": PENDING, "asked_at": now, "next_try_at": now, "tried": 0, "says": None}
    statement = dialect.insert(t.controlled_file).values(record_id=record_id, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=[_file.record_id], set_=fresh))


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a file waits to be made at `now`."""
    return connection.execute(sa.select(sa.exists().where(_file.next_try_at <= now))).scalar_one()


def take(connection: sa.Connection, now: datetime) -> Taken | None:
    """Take the next that is due in hand; one that was tried too often is given up meanwhile."""
    due = sa.select(_file.record_id, _file.tried, _file.next_try_at, _file.says).where(_file.next_try_at <= now)
    following = due.order_by(_file.next_try_at, _file.record_id).limit(1).with_for_update(skip_locked=True)
    while row := connection.execute(following).first():
        mine = _mine(Taken(row.record_id, row.tried, row.next_try_at))
        if row.tried < MOST_TRIES:
            taken = Taken(row.record_id, row.tried + 1, _until(now))
            connection.execute(mine.values(tried=taken.tried, next_try_at=taken.until))
            return taken
        why = told(row.says)[1].get("why", "?")
        connection.execute(mine.values(state=FAILED, next_try_at=None, says=written(GIVEN_UP, {"why": why})))
    return None


def renew(connection: sa.Connection, taken: Taken, now: datetime) -> Taken | None:
    """Have it in hand for longer; None where it has gone over into another hand."""
    longer = taken._replace(until=_until(now))
    held = connection.execute(_mine(taken).values(next_try_at=longer.until)).rowcount == 1
    return longer if held else None


def _until(now: datetime) -> datetime:
    """The end of the time in hand, less a random part of a second."""
    return now + IN_HAND - timedelta(microseconds=1 + secrets.randbelow(999_999))


def made(connection: sa.Connection, taken: Taken, now: datetime, facts: Mapping[str, Any]) -> bool:
    """Note that it is made: `sha256`, `size`, `pages`, `how`. False where it has gone over into another hand."""
    done = {"state": MADE, "made_at": now, "next_try_at": None, "says": None, **facts}
    if connection.execute(_mine(taken).values(done)).rowcount != 1:
        return False
    digest = {"sha256": facts["sha256"], "record_id": taken.record_id, "made_at": now}
    insert_new(connection, t.controlled_digest, [digest])
    return True


def failed(connection: sa.Connection, taken: Taken, says: str, facts: Mapping[str, Any]) -> None:
    """Note that it cannot be made, and why: until somebody asks for it again."""
    connection.execute(_mine(taken).values(state=FAILED, next_try_at=None, says=written(says, facts)))


def put_off(connection: sa.Connection, taken: Taken, says: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Note what went wrong, and when it is tried again: each time after twice as long."""
    wait = min(FIRST_WAIT * 2 ** min(taken.tried - 1, 16), LONGEST_WAIT)
    connection.execute(_mine(taken).values(next_try_at=now + wait, says=written(says, facts)))


def written(says: str, facts: Mapping[str, Any]) -> str:
    """A sentence for the catalogues with its facts, as the row keeps it."""
    return json.dumps({"says": says, "facts": dict(facts)}, ensure_ascii=False)


def told(says: str | None) -> tuple[str, dict[str, Any]]:
    """The sentence and its facts again; both empty where nothing is said."""
    kept: dict[str, Any] = json.loads(says) if says else {"says": "", "facts": {}}
    return kept["says"], kept["facts"]


def _mine(taken: Taken) -> sa.Update:
    return sa.update(t.controlled_file).where(
        _file.record_id == taken.record_id, _file.next_try_at == taken.until, _file.state == PENDING
    )
