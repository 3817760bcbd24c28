"""Lists by cursor: the next page begins after the last row seen, however many rows come or go meanwhile."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models.base import Moment
from service.reading.ready import ready
from states.refusals import Malformed
from states.text import N_

MOST: Final = 200
LARGEST: Final = 2**31 - 1

T = TypeVar("T")
Shown = Callable[[sa.Select[Any]], sa.Select[Any]]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, where the next page begins (None at the end), how many rows there are in all.

    Where only so many were to be counted, `total` is one more than that for any number above.
    """

    rows: list[T]
    next: str | None
    total: int


def read_page(
    connection: sa.Connection,
    statement: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
    make: Callable[[Any], T],
    cursor: str | None,
    limit: int,
    *,
    shown: Shown = lambda page: page,
    newest_first: bool = False,
    total: int | None = None,
    most: int | None = None,
) -> Page[T]:
    """The page of `statement` that begins after `cursor`, in the order of the columns `order` (unique together).

    `shown` makes what is read of the rows out of the statement that finds a page of them; it keeps their order, and the
    columns of `order` last.
    `total` is for whoever has counted already, `most` for whoever need not know of more rows than so many.
    The columns of `order` must hold strings, numbers, moments or identifiers. Raises Malformed for a cursor that is
    not one of ours.
    """
    limit, after = _limited(limit), _read_cursor(cursor, order) if cursor else []
    rows = connection.execute(shown(_paged(statement, order, limit, after, newest_first=newest_first))).all()
    if total is None:
        total = _seen(len(rows), limit, most, begins=not after)
    if total is None:
        total = int(connection.execute(_counted(statement, most)).scalar_one())
    return _page(rows, order, make, limit, total)


def ready_page(
    connection: sa.Connection,
    key: Hashable,
    given: Mapping[str, Any],
    statement: Callable[[], sa.Select[Any]],
    order: Sequence[sa.ColumnElement[Any]],
    make: Callable[[Any], T],
    cursor: str | None,
    limit: int,
    *,
    shown: Shown = lambda page: page,
    newest_first: bool = False,
    total: int | None = None,
    most: int | None = None,
) -> Page[T]:
    """`read_page` of a statement that is made ready once for each `key` (see `ready`), with the parameters `given`."""
    limit, after = _limited(limit), _read_cursor(cursor, order) if cursor else []
    told = {**given, **{_after(place): value for place, value in enumerate(after)}}
    page = ready(
        connection,
        (key, "page", limit, bool(after)),
        told,
        lambda: shown(_paged(statement(), order, limit, after, newest_first=newest_first)),
    )
    rows = page.every(connection, told)
    if total is None:
        total = _seen(len(rows), limit, most, begins=not after)
    if total is None:
        counted = ready(connection, (key, "count", most), given, lambda: _counted(statement(), most))
        total = int(counted.one(connection, given)[0])
    return _page(rows, order, make, limit, total)


def _seen(rows: int, limit: int, most: int | None, *, begins: bool) -> int | None:
    """How many rows there are in all, where these tell it; None where they must be counted."""
    if most is not None and rows > most:
        return most + 1
    return rows if begins and rows <= limit else None


def _limited(limit: int) -> int:
    return max(1, min(limit, MOST))


def _after(place: int) -> str:
    """The name of the parameter that holds the value of the last row seen."""
    return f"after_{place}"


def _paged(
    statement: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
    limit: int,
    after: Sequence[Any],
    *,
    newest_first: bool,
) -> sa.Select[Any]:
    """A page, and one row more if there is one; the columns of `order` come last."""
    if after:
        seen = (
            sa.bindparam(_after(place), value, type_=column.type)
            for place, (value, column) in enumerate(zip(after, order, strict=True))
        )
        key, last = sa.tuple_(*order), sa.tuple_(*seen)
        statement = statement.where(key < last if newest_first else key > last)
    ordered = statement.add_columns(*order)
    ordered = ordered.order_by(*(column.desc() if newest_first else column.asc() for column in order))
    return ordered.limit(limit + 1)


def _counted(statement: sa.Select[Any], most: int | None) -> sa.Select[Any]:
    counted = statement if most is None else statement.limit(most + 1)
    return sa.select(sa.func.count()).select_from(counted.subquery())


def _page(
    rows: Sequence[Any], order: Sequence[sa.ColumnElement[Any]], make: Callable[[Any], T], limit: int, total: int
) -> Page[T]:
    more = len(rows) > limit
    rows = rows[:limit]
    after_last = _write_cursor(rows[-1][-len(order) :]) if more else None
    return Page([make(row) for row in rows], after_last, total)


def _write_cursor(values: Sequence[Any]) -> str:
    written = [value if isinstance(value, int) else _in_words(value) for value in values]
    return urlsafe_b64encode(json.dumps(written, ensure_ascii=False).encode()).decode().rstrip("=")


def _in_words(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read_cursor(cursor: str, order: Sequence[sa.ColumnElement[Any]]) -> list[Any]:
    refusal = Malformed(N_("This is not a cursor of ours."), N_("Begin at the first page again."))
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise refusal
        return [_read(value, column) for value, column in zip(values, order, strict=True)]
    except (ValueError, RecursionError) as error:
        raise refusal from error


def _read(value: Any, column: sa.ColumnElement[Any]) -> Any:
    if isinstance(column.type, sa.Integer):
        if type(value) is int and abs(value) <= LARGEST:
            return value
    elif isinstance(value, str) and "\0" not in value:
        value.encode()  # half a character is no text
        if isinstance(column.type, sa.Uuid):
            return UUID(value)
        if not isinstance(column.type, Moment):
            return value
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            return moment
    raise ValueError("not a value of this column")
