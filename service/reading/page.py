"""Lists by cursor: the next page begins after the last row seen, however many rows come or go meanwhile."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models.base import Moment
from states.refusals import Malformed
from states.text import N_

MOST: Final = 200
LARGEST: Final = 2**31 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, where the next page begins (None at the end), how many rows there are in all."""

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
    newest_first: bool = False,
    total: int | None = None,
) -> Page[T]:
    """The page of `statement` that begins after `cursor`, in the order of the columns `order` (unique together).

    `total` is for whoever has counted already.
    The columns of `order` must hold strings, numbers, moments or identifiers. Raises Malformed for a cursor that is
    not one of ours.
    """
    limit = max(1, min(limit, MOST))
    if total is None:
        total = connection.execute(sa.select(sa.func.count()).select_from(statement.subquery())).scalar_one()
    if cursor:
        after = _read_cursor(cursor, order)
        key, seen = sa.tuple_(*order), sa.tuple_(*(sa.literal(value, column.type) for value, column in after))
        statement = statement.where(key < seen if newest_first else key > seen)
    ordered = statement.add_columns(*order)
    ordered = ordered.order_by(*(column.desc() if newest_first else column.asc() for column in order))
    rows = connection.execute(ordered.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    after_last = _write_cursor(rows[-1][-len(order) :]) if more else None
    return Page([make(row) for row in rows], after_last, total)


def _write_cursor(values: Sequence[Any]) -> str:
    written = [value if isinstance(value, int) else _in_words(value) for value in values]
    return urlsafe_b64encode(json.dumps(written, ensure_ascii=False).encode()).decode().rstrip("=")


def _in_words(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read_cursor(cursor: str, order: Sequence[sa.ColumnElement[Any]]) -> list[tuple[Any, sa.ColumnElement[Any]]]:
    refusal = Malformed(N_("This is not a cursor of ours."), N_("Begin at the first page again."))
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise refusal
        return [(_read(value, column), column) for value, column in zip(values, order, strict=True)]
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
