"""Figures: how many records, how old, of which causes, how fast and how punctual; counted where they are kept.

Each is counted over what the actor may read, and by what `figures_behind` says of records: whoever looks behind a
number finds exactly as many.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.entries import Catalogue, catalogues
from service.reading.figures_behind import Behind, Days, deadlines, left_by_closing, open_at_end_of, placed, root_causes
from service.reading.figures_days import month_of, worked_between
from service.reading.gathered import gathered_by
from states.lifecycle import Lifecycle
from states.working_days import moment, today

# Upper bounds, in days, of the ages of open records that are counted together; the last one is open.
AGES: Final = (30, 60, 90, 180, 365)
MOST_MONTHS: Final = 120


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which records a figure tells: of a lifecycle, over some days (both included), of a campus, within a unit."""

    one: Lifecycle
    since: date
    until: date
    campus: UUID | None = None
    within: UUID | None = None

    @property
    def days(self) -> Days:
        """The days."""
        return Days(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Month:
    """A month, as far as it lies in the days asked for: what was opened and closed in it, what was open at its end."""

    days: Days
    opened: int
    closed: int
    stock: int


@dataclass(frozen=True, slots=True)
class StepTime:
    """How many records have left a step, and within how many working days half and nine of ten of them did."""

    step: str
    count: int
    median: int
    p90: int


class Figures:
    """The figures of one scope, for one reader, at one moment."""

    def __init__(self, connection: sa.Connection, actor: Actor, now: datetime, scope: Scope) -> None:
        self.connection, self.scope, self.now = connection, scope, now
        self.snapshot = organisation(connection)
        self.dialect = connection.dialect.name
        behind = Behind(campus=scope.campus, within=scope.within)
        self._among = (
            t.record.c.kind == scope.one.name,
            gathered_by(connection, actor, now, scope.one.name),
            *placed(behind, self.snapshot),
        )

    def ageing(self) -> list[int]:
        """How many are open today, by how many days ago they were opened: one number more than AGES."""
        opened = t.record.c.opened_at
        bounds = [moment(today(self.now) - timedelta(days=most)) for most in AGES]
        age = sa.case(*((opened >= bound, place) for place, bound in enumerate(bounds)), else_=len(AGES)).label("age")
        rows = self._rows(sa.select(age, sa.func.count()), t.record.c.closed_at.is_(None), by=("age",))
        counted = {row[0]: row[1] for row in rows}
        return [counted.get(place, 0) for place in range(len(AGES) + 1)]

    def over_time(self) -> list[Month]:
        """Month by month; the first and the last one may be a part of a month."""
        opened, closed = (self._by_month(column) for column in (t.record.c.opened_at, t.record.c.closed_at))
        every = months_of(self.scope.days)
        before = open_at_end_of((every[0].since or self.scope.since) - timedelta(days=1))
        stock: int = self._rows(sa.select(sa.func.count()).select_from(t.record), *before)[0][0]
        months = []
        for days in every:
            name = f"{days.since:%Y-%m}"
            stock += opened.get(name, 0) - closed.get(name, 0)
            months.append(Month(days, opened.get(name, 0), closed.get(name, 0), stock))
        return months

    def _by_month(self, column: sa.ColumnElement[Any]) -> Mapping[str, int]:
        month = month_of(column, self.dialect).label("month")
        rows = self._rows(sa.select(month, sa.func.count()), *self.scope.days.hold(column), by=("month",))
        return {row[0]: row[1] for row in rows}

    def steps(self) -> list[StepTime]:
        """The steps in their order, each with those who left it in these days.

        All the time counts that a record has been in the step so far, also where it came back to it, or where more time
        was granted meanwhile. Being granted more time is not leaving it.
        """
        task, record = t.task.c, t.record.c
        days = worked_between(task.opened_at, task.closed_at, self.snapshot.calendar, today(self.now), self.dialect)
        last = Days(until=self.scope.until).hold(task.closed_at)
        left = sa.case((left_by_closing(self.scope.one), task.closed_at))
        # Whoever left a step in these days has moved since they began.
        moved = Days(since=self.scope.since).hold(record.moved_at)
        each = (
            sa.select(task.step, sa.func.sum(days).label("days"))
            .join(t.record, record.id == task.record_id)
            .where(*self._among, *moved, *last)
            .group_by(task.record_id, task.step)
            .having(*Days(since=self.scope.since).hold(sa.func.max(left, type_=task.closed_at.type)))
            .subquery()
        )
        counted = sa.select(each.c.step, each.c.days, sa.func.count()).group_by(each.c.step, each.c.days)
        times: dict[str, Counter[int]] = {}
        for step, took, count in self.connection.execute(counted):
            times.setdefault(step, Counter())[int(took)] += count
        return [_time(step, times[step]) for step in self.scope.one.steps if step in times]

    def on_time(self, *, first: bool) -> list[tuple[UUID | None, int, int]]:
        """By unit: how many of how many that ended in these days kept their date, or their first one."""
        asked = deadlines(self.scope.one)
        if asked is None:
            return []
        kept = sa.func.sum(sa.case((asked.kept(self.dialect, first=first), 1), else_=0))
        rows = self._rows(
            sa.select(t.record.c.unit_id, kept, sa.func.count()).join(
                asked.table, asked.table.c.record_id == t.record.c.id
            ),
            *asked.said,
            *self.scope.days.hold(asked.ended),
            by=(t.record.c.unit_id,),
        )
        return [(row[0], int(row[1]), row[2]) for row in rows]

    def causes(self, *, top: bool) -> list[tuple[str | None, int]]:
        """How many of those opened in these days have a root cause of a kind (None: not said yet), the most first.

        With `top` those kinds are counted together that stand under one at the top of the catalogue.
        """
        known = self.catalogue
        code: sa.ColumnElement[Any] = t.cause.c.code
        tops = {entry.value: above.value for entry in known.entries if (above := known.top(entry.value))}
        if top and tops:
            code = sa.case(tops, value=code, else_=code)
        kind = code.label("kind_of_cause")
        rows = self._rows(
            sa.select(kind, sa.func.count(t.cause.c.record_id.distinct())).join(
                t.record, t.record.c.id == t.cause.c.record_id
            ),
            *root_causes(),
            *self.scope.days.hold(t.record.c.opened_at),
            by=("kind_of_cause",),
        )
        return sorted(((row[0], row[1]) for row in rows), key=lambda pair: (-pair[1], pair[0] or ""))

    @property
    def catalogue(self) -> Catalogue:
        """The kinds of causes."""
        return catalogues(self.connection, ["cause"])["cause"]

    def _rows(
        self,
        statement: sa.Select[*tuple[Any, ...]],
        *asked: sa.ColumnElement[bool],
        by: Iterable[str | sa.ColumnElement[Any]] = (),
    ) -> Sequence[Any]:
        # By a column's name: with parameters in it, PostgreSQL would not know it for the same.
        groups = (sa.text(one) if isinstance(one, str) else one for one in by)
        return self.connection.execute(statement.where(*self._among, *asked).group_by(*groups)).all()


def first_day(connection: sa.Connection, actor: Actor, now: datetime, one: Lifecycle) -> date:
    """The day on which the first record was opened that the actor may read; today where there is none."""
    may = gathered_by(connection, actor, now, one.name)
    first = sa.select(sa.func.min(t.record.c.opened_at)).where(t.record.c.kind == one.name, may)
    found: datetime | None = connection.execute(first).scalar()
    return today(found or now)


def months_of(days: Days) -> list[Days]:
    """The months from day to day, the last ones where there are too many; each as far as it lies between."""
    if days.since is None or days.until is None:
        raise ValueError("both days must be said")
    found, since = [], days.since
    while since <= days.until:
        after = (since.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Days(since, min(days.until, after - timedelta(days=1))))
        since = after
    return found[-MOST_MONTHS:]


def _time(step: str, times: Counter[int]) -> StepTime:
    count = times.total()
    return StepTime(step, count, _within(times, count, 0.5), _within(times, count, 0.9))


def _within(times: Counter[int], count: int, part: float) -> int:
    """The least number of days within which so great a part was done."""
    done = 0
    for days in sorted(times):
        done += times[days]
        if done >= part * count - 1e-9:
            return days
    raise ValueError("nothing was counted")
