"""Sealing: once a day the heads of all histories that moved go into one root, which chains to the seal before.

A seal costs what has moved since the one before, not what exists.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.verifying.database import AT_ONCE, rows
from service.verifying.lines import events_hash, in_utc, seal_hash
from service.verifying.merkle import Tree, leaf_bytes
from service.verifying.sealed import printed_line
from states.working_days import today

MARGIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal as it was made; `at` in ISO 8601, UTC. `models.seal.Seal` says what each means."""

    number: int
    at: str
    leaves: int
    root: str
    events_until: int
    events_hash: str
    previous: str
    hash: str


def seal(database: Database, now: datetime, printed: Path | None = None) -> Sealed | None:
    """Seal what has changed since the seal before, in one transaction; None where nothing has.

    `printed` is a file outside the database to which each seal is added as a line `number moment root hash`: whoever
    rewrites the database cannot rewrite what was printed or copied elsewhere.
    """
    with database.write() as connection:
        made = _seal(connection, now)
    if printed is not None:
        with database.read() as connection:
            _print(connection, printed)
    return made


def _seal(connection: sa.Connection, now: datetime) -> Sealed | None:
    if connection.dialect.name == "postgresql":
        # One state for all that follows, and it begins once the lock is held: no event with a lower number can be
        # committed later, and of two who seal at once the second sees the first's seal. SQLite has one writer anyway.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")
    before = connection.execute(sa.select(t.seal).order_by(t.seal.c.number.desc()).limit(1)).one_or_none()
    after = before.events_until if before else 0
    until = connection.execute(sa.select(sa.func.max(t.event.c.number))).scalar() or 0
    tree, changed = Tree(), _changed(connection, now, before.at if before else None)
    in_order = sa.select(changed).order_by(changed.c.id).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(in_order):
        tree.add(leaf_bytes(row.id.hex, row.version, row.head))
    if not tree.leaves and until <= after:
        return None
    facts: dict[str, Any] = {
        "number": before.number + 1 if before else 1,
        "at": in_utc(now),
        "leaves": tree.leaves,
        "root": tree.root(),
        "events_until": max(until, after),
        "events_hash": events_hash(rows(connection, "event", t.event.c.number > after)),
        "previous": before.hash if before else "",
    }
    made = Sealed(**facts, hash=seal_hash(facts))
    connection.execute(sa.insert(t.seal), {**asdict(made), "at": now})
    leaves = sa.select(sa.literal(made.number), *changed.c)
    connection.execute(sa.insert(t.seal_leaf).from_select(["seal_number", "record_id", "seq", "head"], leaves))
    return made


def _changed(connection: sa.Connection, now: datetime, sealed_at: datetime | None) -> sa.Subquery:
    """Record, version and head of whatever has moved since it was last sealed."""
    heads = sa.select(t.record.c.id, t.record.c.version, t.record.c.head)
    sealed = sa.select(t.seal_leaf.c.record_id, t.seal_leaf.c.seq, t.seal_leaf.c.head)
    newest = _newest_sealed(connection)
    # Identifiers sort by the clock that gave them. A clock may have been wrong: where it has gone back since, and once
    # a month whatever happens, we look at all records rather than trust it.
    a_new_month = sealed_at is None or today(sealed_at).replace(day=1) != today(now).replace(day=1)
    if newest is not None and not a_new_month and newest < _first_id(now):
        # A transaction may commit later than the identifier it gave, so an entry older than the newest that is sealed
        # may not have been there yet; a day is longer than any transaction. What was there is told by its leaf.
        since = _first_id(_moment_of(newest) - MARGIN)
        moved = sa.select(t.history.c.record_id).where(t.history.c.id >= since)
        heads, sealed = heads.where(t.record.c.id.in_(moved)), sealed.where(t.seal_leaf.c.record_id.in_(moved))
    return heads.except_(sealed).subquery()


def _newest_sealed(connection: sa.Connection) -> UUID | None:
    """The newest entry that the last seal of any records covers."""
    last = sa.select(sa.func.max(t.seal.c.number)).where(t.seal.c.leaves > 0).scalar_subquery()
    leaf, entry = t.seal_leaf, t.history
    same = sa.and_(entry.c.record_id == leaf.c.record_id, entry.c.seq == leaf.c.seq)
    newest = sa.select(entry.c.id).select_from(leaf.join(entry, same)).where(leaf.c.seal_number == last)
    return connection.execute(newest.order_by(entry.c.id.desc()).limit(1)).scalar()


def _moment_of(identifier: UUID) -> datetime:
    """The moment in a UUIDv7 (RFC 9562, 5.7): milliseconds since 1970 in the first 48 bits."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def _first_id(moment: datetime) -> UUID:
    """What sorts before every UUIDv7 of that moment and after every earlier one."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _print(connection: sa.Connection, path: Path) -> None:
    """Add the lines that the file has not: also those of a seal after which somebody pulled the plug."""
    known = set(path.read_text("utf-8").splitlines()) if path.exists() else set()
    missing = [line for line in map(printed_line, rows(connection, "seal")) if line not in known]
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in missing)
