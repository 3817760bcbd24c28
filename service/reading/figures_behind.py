"""The records behind a figure: what figures count and lists are narrowed by, said once, so that both agree."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from service.organisation import Organisation
from service.reading.entries import Catalogue
from service.reading.figures_days import day_of
from service.subject import typed_table
from states.lifecycle import Lifecycle, Move
from states.working_days import moment

Condition = sa.ColumnElement[bool]
UNCODED: Final = "none"  # a root cause whose kind has not been said yet
ANY, YES, NO = "any", "yes", "no"
_CLOSED: Final = "closed"  # the step in which a record ends that ends well


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included; None: from the beginning, or without end."""

    since: date | None = None
    until: date | None = None

    @property
    def said(self) -> bool:
        """Whether any day is said."""
        return self.since is not None or self.until is not None

    def hold(self, column: sa.ColumnElement[Any]) -> list[Condition]:
        """The conditions on a date, or on a moment, whose day is the one in Bishkek."""
        since: date | datetime | None = self.since
        after: date | datetime | None = self.until + timedelta(days=1) if self.until else None
        if isinstance(column.type, Moment):
            since, after = moment(self.since) if self.since else None, moment(after) if after else None
        return [*([column >= since] if since else []), *([column < after] if after else [])]


@dataclass(frozen=True, slots=True)
class Behind:
    """What is asked of records, all of it together; what is not said is not asked.

    `left` a step that was left on some of the days `left_on`; `open_on` a day at whose end it was still open; `kept`:
    it ended on some of the days `ended` and had a date for that (`any`), which was kept (`yes`) or not (`no`); its
    first date, where `first` says so. `cause` is the kind of a root cause (edition/code), with all kinds below it.
    """

    opened: Days = Days()
    closed: Days = Days()
    open_on: date | None = None
    left: str = ""
    left_on: Days = Days()
    kept: str = ""
    first: bool = False
    ended: Days = Days()
    cause: str = ""
    campus: UUID | None = None
    within: UUID | None = None


def conditions(
    behind: Behind, one: Lifecycle, snapshot: Organisation, causes: Catalogue, dialect: str
) -> list[Condition]:
    """All that is asked, as conditions on `record`."""
    record = t.record.c
    found = [*behind.opened.hold(record.opened_at), *behind.closed.hold(record.closed_at)]
    if behind.open_on:
        found += open_at_end_of(behind.open_on)
    if behind.left:
        left = [t.task.c.record_id == record.id, t.task.c.step == behind.left, t.task.c.closed_at.is_not(None)]
        found.append(_there(t.task, *left, left_by_closing(one), *behind.left_on.hold(t.task.c.closed_at)))
    if behind.kept:
        found.append(_kept(behind, one, dialect))
    if behind.cause:
        found.append(_has_cause(behind.cause, causes))
    return [*found, *placed(behind, snapshot)]


def placed(behind: Behind, snapshot: Organisation) -> Iterator[Condition]:
    """Where a record belongs: the campus that answers for it, a unit with all that belongs to it."""
    if behind.campus:
        yield t.record.c.campus_id == behind.campus
    if behind.within:
        yield t.record.c.unit_id.in_(snapshot.beneath([behind.within]))


def open_at_end_of(day: date) -> list[Condition]:
    """Whether a record was open when the day ended."""
    after, record = moment(day + timedelta(days=1)), t.record.c
    return [record.opened_at < after, record.closed_at.is_(None) | (record.closed_at >= after)]


@cache
def left_by_closing(one: Lifecycle) -> Condition:
    """Whether a closed task ended because its record left the step.

    Where only the day of it was put off, a task of the same step took its place at that moment. That is looked for only
    after moves that may end where they began, or where the step beside which they began is.
    """
    task, again = t.task.c, t.task.alias("again")
    of_step = (again.c.record_id == task.record_id, again.c.step == task.step)
    goes_on = sa.exists().where(*of_step, again.c.opened_at == task.closed_at).correlate(t.task)
    staying = [move.name for move in one.moves.values() if {way.to for way in move.ways} & _begins(one, move)]
    return task.outcome.not_in(staying) | ~goes_on


def _begins(one: Lifecycle, move: Move) -> set[str]:
    """The steps in which a record may be when the move is made, with those that wait meanwhile."""
    return {*move.sources, *(one.steps[name].beside for name in move.sources)}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By when the whole of a record was to be done: now and at first; `ended` is when it was, if `said` holds."""

    table: sa.Table
    ended: sa.ColumnElement[Any]
    current: sa.ColumnElement[Any]
    first: sa.ColumnElement[Any]
    said: tuple[Condition, ...]

    def kept(self, dialect: str, *, first: bool) -> Condition:
        """Whether it was done by its date, or by its first one."""
        return day_of(self.ended, dialect) <= (self.first if first else self.current)


@cache
def deadlines(one: Lifecycle) -> Deadlines | None:
    """By when the whole of a record was to be done; None where the lifecycle keeps no first date beside a later one.

    Done it is on the day that says so, if there is one, else when it was closed. What is never closed begins by its
    date, as audits do, and is no deadline of the whole.
    """
    table = typed_table(one.name)
    name = next((column.name for column in table.c if f"original_{column.name}" in table.c), "")
    if not name or _CLOSED not in one.steps:
        return None
    implemented = table.c.get("implemented_on")
    ended = t.record.c.closed_at if implemented is None else implemented
    said: list[Condition] = [ended.is_not(None), table.c[f"original_{name}"].is_not(None)]
    if implemented is None:
        said.append(t.record.c.state == _CLOSED)
    return Deadlines(table, ended, table.c[name], table.c[f"original_{name}"], tuple(said))


def root_causes() -> list[Condition]:
    """Which rows of `cause` count: not removed, and because of nothing deeper."""
    deeper = t.cause.alias("deeper")
    below = [deeper.c.record_id == t.cause.c.record_id, deeper.c.because_of == t.cause.c.no]
    explained = sa.exists().where(*below, deeper.c.removed_at.is_(None))
    return [t.cause.c.removed_at.is_(None), ~explained]


def with_those_below(causes: Catalogue, value: str) -> Collection[str]:
    """The kinds of causes that one is and that stand below it, as edition/code."""
    found = {value}
    for entry in causes.entries:  # each stands before those below it
        if entry.parent and f"{entry.edition}/{entry.parent}" in found:
            found.add(entry.value)
    return found


def _has_cause(value: str, causes: Catalogue) -> Condition:
    coded = t.cause.c.code.is_(None) if value == UNCODED else t.cause.c.code.in_(with_those_below(causes, value))
    return _there(t.cause, t.cause.c.record_id == t.record.c.id, coded, *root_causes())


def _kept(behind: Behind, one: Lifecycle, dialect: str) -> Condition:
    asked = deadlines(one)
    if asked is None:
        return sa.false()
    kept = asked.kept(dialect, first=behind.first)
    more = {YES: [kept], NO: [~kept]}.get(behind.kept, [])
    ended = [*asked.said, *behind.ended.hold(asked.ended)]
    return _there(asked.table, asked.table.c.record_id == t.record.c.id, *ended, *more)


def _there(table: sa.FromClause, *asked: Condition) -> Condition:
    return sa.select(sa.literal(1)).select_from(table).where(*asked).correlate(t.record).exists()
