"""Figures: how many records, how old, of which causes, how fast and how punctual; counted where they are kept.

Each is counted over what the actor may read, and by what `figures_behind` says of records: whoever looks behind a
number finds exactly as many.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from service.organisation import Actor, organisation
from service.reading.entries import Catalogue, catalogues
from service.reading.figures_behind import Behind, Days, deadlines, left_by_closing, placed, root_causes
from service.reading.figures_days import month_of, since_asked, until_asked, worked_between
from service.reading.gathered import gathered_by
from service.reading.ready import ready
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
        self.connection, self.actor, self.scope, self.now = connection, actor, scope, now
        self.snapshot = organisation(connection)
        self.dialect = connection.dialect.name
        before = months_of(scope.days)[0].since or scope.since
        # Whoever asks for other days is given the same statements.
        self._given = {
            "since_day": scope.since,
            "until_day": scope.until,
            "since": moment(scope.since),
            "after": moment(scope.until + timedelta(days=1)),
            "began": moment(before),
        }

    @cached_property
    def _among(self) -> tuple[sa.ColumnElement[bool], ...]:
        one, behind = self.scope.one, Behind(campus=self.scope.campus, within=self.scope.within)
        may = gathered_by(self.connection, self.actor, self.now, one.name)
        return t.record.c.kind == one.name, may, *placed(behind, self.snapshot)

    def ageing(self) -> list[int]:
        """How many are open today, by how many days ago they were opened: one number more than AGES."""

        def asked() -> sa.Select[Any]:
            opened = t.record.c.opened_at
            bounds = [moment(today(self.now) - timedelta(days=most)) for most in AGES]
            ages = ((opened >= bound, place) for place, bound in enumerate(bounds))
            age = sa.case(*ages, else_=len(AGES)).label("age")
            return self._by(sa.select(age, sa.func.count()), t.record.c.closed_at.is_(None), by="age")

        counted = {row[0]: row[1] for row in self._rows("ageing", asked)}
        return [counted.get(place, 0) for place in range(len(AGES) + 1)]

    def over_time(self) -> list[Month]:
        """Month by month; the first and the last one may be a part of a month."""
        record = t.record.c
        opened, closed = self._by_month("opened", record.opened_at), self._by_month("closed", record.closed_at)

        def before() -> sa.Select[Any]:
            began = sa.bindparam("began", type_=Moment())
            there = [record.opened_at < began, record.closed_at.is_(None) | (record.closed_at >= began)]
            return sa.select(sa.func.count()).select_from(t.record).where(*self._among, *there)

        stock: int = self._rows("stock", before)[0][0]
        months = []
        for days in months_of(self.scope.days):
            name = f"{days.since:%Y-%m}"
            stock += opened.get(name, 0) - closed.get(name, 0)
            months.append(Month(days, opened.get(name, 0), closed.get(name, 0), stock))
        return months

    def _by_month(self, name: str, column: sa.ColumnElement[Any]) -> Mapping[str, int]:
        def asked() -> sa.Select[Any]:
            month = month_of(column, self.dialect).label("month")
            each: sa.Select[*tuple[Any, ...]] = sa.select(month, sa.func.count())
            return self._by(each, *since_asked(column), *until_asked(column), by="month")

        return {row[0]: row[1] for row in self._rows(name, asked)}

    def steps(self) -> list[StepTime]:
        """The steps in their order, each with those who left it in these days.

        All the time counts that a record has been in the step so far, also where it came back to it, or where more time
        was granted meanwhile. Being granted more time is not leaving it.
        """
        times: dict[str, Counter[int]] = {}
        for step, took, count in self._rows("steps", self._left):
            times.setdefault(step, Counter())[int(took)] += count
        return [_time(step, times[step]) for step in self.scope.one.steps if step in times]

    def _left(self) -> sa.Select[Any]:
        task, record = t.task.c, t.record.c
        days = worked_between(task.opened_at, task.closed_at, self.snapshot.calendar, today(self.now), self.dialect)
        left = sa.case((left_by_closing(self.scope.one), task.closed_at))
        each = (
            sa.select(task.step, sa.func.sum(days).label("days"))
            .join(t.record, record.id == task.record_id)
            # Whoever left a step in these days has moved since they began.
            .where(*self._among, *since_asked(record.moved_at), *until_asked(task.closed_at))
            .group_by(task.record_id, task.step)
            .having(*since_asked(sa.func.max(left, type_=task.closed_at.type)))
            .subquery()
        )
        return sa.select(each.c.step, each.c.days, sa.func.count()).group_by(each.c.step, each.c.days)

    def on_time(self, *, first: bool) -> list[tuple[UUID | None, int, int]]:
        """By unit: how many of how many that ended in these days kept their date, or their first one."""
        asked = deadlines(self.scope.one)
        if asked is None:
            return []
        unit, table = t.record.c.unit_id, asked.table
        kept = sa.func.sum(sa.case((asked.kept(self.dialect, first=first), 1), else_=0))
        ended = (*asked.said, *since_asked(asked.ended), *until_asked(asked.ended))

        def counted() -> sa.Select[Any]:
            each = sa.select(unit, kept, sa.func.count()).join(table, table.c.record_id == t.record.c.id)
            return self._by(each, *ended, by=unit)

        rows = self._rows("kept first" if first else "kept", counted)
        return [(row[0], int(row[1]), row[2]) for row in rows]

    def causes(self, *, top: bool) -> list[tuple[str | None, int]]:
        """How many of those opened in these days have a root cause of a kind (None: not said yet), the most first.

        With `top` those kinds are counted together that stand under one at the top of the catalogue.
        """
        known = self.catalogue
        tops = {entry.value: above.value for entry in known.entries if (above := known.top(entry.value))} if top else {}

        def counted() -> sa.Select[Any]:
            cause, opened = t.cause.c, t.record.c.opened_at
            code: sa.ColumnElement[Any] = sa.case(tops, value=cause.code, else_=cause.code) if tops else cause.code
            each: sa.Select[Any] = sa.select(code.label("kind_of_cause"), sa.func.count(cause.record_id.distinct()))
            each = each.join(t.record, t.record.c.id == cause.record_id)
            return self._by(each, *root_causes(), *since_asked(opened), *until_asked(opened), by="kind_of_cause")

        rows = self._rows(("causes", *tops.items()), counted)
        return sorted(((row[0], row[1]) for row in rows), key=lambda pair: (-pair[1], pair[0] or ""))

    @cached_property
    def catalogue(self) -> Catalogue:
        """The kinds of causes."""
        return catalogues(self.connection, ["cause"])["cause"]

    def _by(
        self, statement: sa.Select[Any], *asked: sa.ColumnElement[bool], by: str | sa.ColumnElement[Any]
    ) -> sa.Select[Any]:
        # By a column's name: with parameters in it, PostgreSQL would not know it for the same.
        return statement.where(*self._among, *asked).group_by(sa.text(by) if isinstance(by, str) else by)

    def _rows(self, name: Hashable, asked: Callable[[], sa.Select[Any]]) -> Sequence[Any]:
        of = self.scope
        key = ("figures", name, self.actor, today(self.now), of.one.name, of.campus, of.within)
        return ready(self.connection, key, self._given, asked).every(self.connection, self._given)


def first_day(connection: sa.Connection, actor: Actor, now: datetime, one: Lifecycle) -> date:
    """The day on which the first record was opened that the actor may read; today where there is none."""

    def first() -> sa.Select[Any]:
        may = gathered_by(connection, actor, now, one.name)
        return sa.select(sa.func.min(t.record.c.opened_at)).where(t.record.c.kind == one.name, may)

    (found,) = ready(connection, ("first day", actor, today(now), one.name), {}, first).one(connection, {})
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
