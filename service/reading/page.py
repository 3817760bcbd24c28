"""Lists by cursor: the next page begins after the last row seen, however many rows come or go meanwhile."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from states.refusals import Malformed
from states.text import N_

MOST: Final = 200

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
) -> Page[T]:
    """The page of `statement` that begins after `cursor`, in the order of the columns `order` (unique together).

    The columns of `order` must hold strings or identifiers. Raises Malformed for a cursor that is not one of ours.
    """
    limit = max(1, min(limit, MOST))
    total = connection.execute(sa.select(sa.func.count()).select_from(statement.subquery())).scalar_one()
    if cursor:
        after = _read_cursor(cursor, order)
        key, seen = sa.tuple_(*order), sa.tuple_(*(sa.literal(value, column.type) for value, column in after))
        statement = statement.where(key < seen if newest_first else key > seen)
    ordered = statement.add_columns(*(sa.cast(column, sa.String) for column in order))
    ordered = ordered.order_by(*(column.desc() if newest_first else column.asc() for column in order))
    rows = connection.execute(ordered.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    after_last = _write_cursor(rows[-1][-len(order) :]) if more else None
    return Page([make(row) for row in rows], after_last, total)


def _write_cursor(values: Sequence[str]) -> str:
    return urlsafe_b64encode(json.dumps(list(values), ensure_ascii=False).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: Sequence[sa.ColumnElement[Any]]) -> list[tuple[str | UUID, sa.ColumnElement[Any]]]:
    refusal = Malformed(N_("This is not a cursor of ours."), N_("Begin at the first page again."))
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise refusal
        pairs = zip(values, order, strict=True)
        return [(UUID(value) if isinstance(column.type, sa.Uuid) else value, column) for value, column in pairs]
    except ValueError as error:
        raise refusal from error
