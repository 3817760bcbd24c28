"""A live database as lines: streamed in the order in which they are verified, a few rows in memory at a time."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.verifying.lines import (
    FORMAT,
    OF_A_RECORD,
    SHAPES,
    VERSION,
    Fields,
    Line,
    UnreadableError,
    in_utc,
    record_of,
)

AT_ONCE: Final = 1000
_TABLES: Final = {
    "seal": t.seal,
    "event": t.event,
    "record": t.record,
    "entry": t.history,
    "leaf": t.seal_leaf,
    "signature": t.signature,
}
_ORDERS: Final = {
    "seal": [t.seal.c.number],
    "event": [t.event.c.number],
    "record": [t.record.c.id],
    "entry": [t.history.c.record_id, t.history.c.seq],
    "leaf": [t.seal_leaf.c.record_id, t.seal_leaf.c.seal_number],
    "signature": [t.signature.c.record_id, t.signature.c.signed_at, t.signature.c.id],
}


def lines(connection: sa.Connection, now: datetime) -> Iterator[Line]:
    """Everything that is verified, from one state of the database. Raises UnreadableError."""
    try:
        yield "header", _header(connection, now)
        yield from (("seal", seal) for seal in rows(connection, "seal"))
        yield from (("event", event) for event in rows(connection, "event"))
        for _, _, kind, fields in merge(*(_by_record(connection, kind) for kind in OF_A_RECORD)):
            yield kind, fields
    except sa.exc.DBAPIError as error:
        raise UnreadableError(str(error.orig)) from error


def rows(connection: sa.Connection, kind: str, *where: sa.ColumnElement[bool]) -> Iterator[Fields]:
    """The rows of a kind of line, in their order, as lines have them."""
    table, names = _TABLES[kind], tuple(SHAPES[kind])
    # As the driver gives them: what somebody has put there by hand need not be what the column's type can read.
    bare = [sa.type_coerce(table.c[name], sa.types.NullType()).label(name) for name in names]
    statement = sa.select(*bare).where(*where).order_by(*_ORDERS[kind]).execution_options(yield_per=AT_ONCE)
    plain = [_plain_of(table.c[name], connection.dialect.name) for name in names]
    for row in connection.execute(statement):
        yield {
            name: value if value is None or make is None else make(value)
            for name, make, value in zip(names, plain, row, strict=True)
        }


def _by_record(connection: sa.Connection, kind: str) -> Iterator[tuple[str, int, str, Fields]]:
    place = OF_A_RECORD.index(kind)
    for fields in rows(connection, kind):
        yield str(record_of(kind, fields)), place, kind, fields


def _header(connection: sa.Connection, now: datetime) -> Fields:
    count = {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (t.record, t.history)
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "at": in_utc(now),
        "records": count["record"],
        "entries": count["history"],
    }


def _plain_of(column: sa.Column[Any], dialect: str) -> Callable[[Any], Any] | None:
    """How the driver's value becomes a line's; None where it is one."""
    name = type(column.type).__name__
    if name == "Moment":
        return _moment
    if name == "JSON":
        return _parsed if dialect == "sqlite" else None
    if isinstance(column.type, sa.Uuid) and dialect != "sqlite":
        return attrgetter("hex")
    return None


def _moment(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, AttributeError):
        return value  # no moment: whoever checks it will say so


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (ValueError, TypeError, RecursionError):
        return value
