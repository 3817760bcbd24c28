"""Days as the database counts them: the day in Bishkek of a moment, its month, and the working days between two."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import Grouping

from models.base import Moment
from states.working_days import Calendar

_FIRST: Final = date(2000, 1, 1)  # of the days that are counted; public holidays are known from then on
# Bishkek keeps no summer time since 2005: SQLite knows no zones, and needs none for what Sapat has seen.
_AHEAD: Final = "+6 hours"
_ZONE: Final = "Asia/Bishkek"


def day_of(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """The day in Bishkek; a date is its own day. Compares with dates."""
    if not isinstance(column.type, Moment):
        return column
    if dialect == "sqlite":
        return sa.func.date(column, _AHEAD, type_=sa.Date())
    return sa.cast(sa.func.timezone(_ZONE, column), sa.Date)


def month_of(column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[str]:
    """The month in Bishkek of a moment, as `2026-03`."""
    if dialect == "sqlite":
        return sa.func.strftime("%Y-%m", column, _AHEAD, type_=sa.String())
    return sa.func.to_char(sa.func.timezone(_ZONE, column), "YYYY-MM", type_=sa.String())


def since_asked(column: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
    """Not before the days asked for; of a moment the day in Bishkek (parameters `since`, `since_day`)."""
    name = "since" if isinstance(column.type, Moment) else "since_day"
    return [column >= sa.bindparam(name, type_=column.type)]


def until_asked(column: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
    """Not after the days asked for (parameters `after`, `until_day`)."""
    if isinstance(column.type, Moment):
        return [column < sa.bindparam("after", type_=column.type)]
    return [column <= sa.bindparam("until_day", type_=column.type)]


def worked_between(
    start: sa.ColumnElement[Any], end: sa.ColumnElement[Any], calendar: Calendar, until: date, dialect: str
) -> sa.ColumnElement[int]:
    """How many working days lie after the day of one moment up to and with that of a later one, none after `until`.

    Looked up by the number of the day in a list of how many there had been: no join of a calendar is as fast.
    """
    counted = _counted(calendar, until.year)
    ends: Iterable[sa.ColumnElement[Any]]
    if dialect == "sqlite":
        known: sa.ColumnElement[Any] = sa.literal(_as_bytes(counted), sa.LargeBinary)
        ends = (sa.cast(sa.func.substr(known, _number(one) * _WIDE + 1, _WIDE), sa.Integer) for one in (end, start))
    else:
        known = Grouping(sa.literal(list(counted), ARRAY(sa.Integer)))
        first = sa.cast(_FIRST, sa.Date)
        ends = (known[day_of(one, dialect) - first + 1] for one in (end, start))
    last, before = ends
    return last - before


def _number(column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    passed = sa.func.julianday(column, _AHEAD) - sa.func.julianday(_FIRST.isoformat())
    return sa.cast(passed, sa.Integer)


@lru_cache(maxsize=4)
def _counted(calendar: Calendar, last_year: int) -> tuple[int, ...]:
    """How many days have been worked since the first one, by each day up to the end of a year."""
    days = range((date(last_year, 12, 31) - _FIRST).days + 1)
    return tuple(calendar.between(_FIRST, _FIRST + timedelta(days=one)) for one in days)


@lru_cache(maxsize=4)
def _as_bytes(counted: tuple[int, ...]) -> bytes:
    """Numbers of so many digits each, one after the other: the n-th is found without looking at those before it."""
    return b"".join(b"%0*d" % (_WIDE, one) for one in counted)


_WIDE: Final = 5
