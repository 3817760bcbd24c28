"""What is late, or due soon, in numbers: every way of counting it out of one look at the database."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.reading.mine import OPEN
from service.reading.permitted import readable_by
from service.reading.ready import ready
from service.reading.tasks import SOON_WORKING_DAYS
from states.working_days import Calendar, due_moment, moment, today

# Upper bounds, in working days, of the ages that are counted together; the last one is open.
AGES: Final = (5, 10, 15, 30, 90)
# What belongs to no unit or to no process, where one is asked for.
NONE: Final = UUID(int=0)

KIND, UNIT, PROCESS, HOLDER, AGE = "kind", "unit", "process", "holder", "age"
DIMENSIONS: Final = (KIND, UNIT, PROCESS, HOLDER, AGE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks are asked for; None: any. With `soon` those that are due within three working days, else late ones.

    `holder` is a post or a person; NONE asks for what belongs to no unit, or to no process.
    """

    kind: str | None = None
    unit: UUID | None = None
    process: UUID | None = None
    holder: UUID | None = None
    age: int | None = None
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """So many tasks that agree in all that can be asked for; `due_at` is when the first of them was due."""

    kind: str
    unit: UUID
    process: UUID
    holder: UUID
    age: int
    count: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """So many tasks that agree in one thing, and when the first of them was due."""

    key: Hashable
    count: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LateNumbers:
    """How many tasks there are, by whatever they can be asked for."""

    cells: tuple[Cell, ...]

    def of(self, wanted: Wanted, but: str = "") -> list[Cell]:
        """Those that are asked for, whatever is asked of the dimension `but`."""
        asked = [(name, value) for name in DIMENSIONS if name != but and (value := getattr(wanted, name)) is not None]
        return [cell for cell in self.cells if all(getattr(cell, name) == value for name, value in asked)]

    def total(self, wanted: Wanted) -> int:
        """How many are asked for."""
        return sum(cell.count for cell in self.of(wanted))

    def by(self, dimension: str, wanted: Wanted) -> list[Group]:
        """How many are asked for, the most first; ages from the oldest on."""
        found: dict[Any, list[Cell]] = {}
        for cell in self.of(wanted):
            found.setdefault(getattr(cell, dimension), []).append(cell)
        groups = [Group(key, sum(one.count for one in some), _first(some)) for key, some in found.items()]
        if dimension == AGE:
            return sorted(groups, key=lambda group: group.due_at)
        return sorted(groups, key=lambda group: (-group.count, group.due_at))


def _first(cells: Iterable[Cell]) -> datetime:
    return min(cell.due_at for cell in cells)


def late_numbers(connection: sa.Connection, actor: Actor, now: datetime, *, soon: bool = False) -> LateNumbers:
    """Counted over everything that is late now, or due soon, and that the actor may read."""
    given, key = {"now": now}, ("late numbers", actor, today(now), soon)
    rows = ready(connection, key, given, lambda: _numbers(connection, actor, now, soon)).every(connection, given)
    return LateNumbers(
        tuple(
            Cell(
                row.lifecycle,
                row.unit_id or NONE,
                row.process_id or NONE,
                row.holder_post_id or row.holder_person_id,
                row.age,
                row.how_many,
                row.first,
            )
            for row in rows
        )
    )


def _numbers(connection: sa.Connection, actor: Actor, now: datetime, soon: bool) -> sa.Select[Any]:
    snapshot, task, record = organisation(connection), t.task.c, t.record.c
    columns = (task.lifecycle, record.unit_id, record.process_id, task.holder_post_id, task.holder_person_id)
    # Grouped by its place in the list: PostgreSQL takes the same words with other parameters for something else.
    age = (sa.literal_column("0") if soon else age_of(snapshot.calendar, today(now))).label("age")
    return (
        sa.select(*columns, age, sa.func.count().label("how_many"), sa.func.min(task.due_at).label("first"))
        .join(t.record, record.id == task.record_id)
        .where(*due(snapshot, now, soon=soon), readable_by(connection, actor, now))
        .group_by(*columns, sa.text("age"))
    )


def due(snapshot: Organisation, now: datetime, *, soon: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on open tasks that are late, or due soon; the moment is their parameter `now`."""
    due_at, at = t.task.c.due_at, sa.bindparam("now", now, t.task.c.due_at.type)
    if not soon:
        return OPEN, due_at < at
    return OPEN, due_at >= at, due_at <= due_moment(snapshot.calendar.add(today(now), SOON_WORKING_DAYS))


def age_of(calendar: Calendar, day: date) -> sa.ColumnElement[int]:
    """Which of the ages a late task has on `day`: 0, 1, … up to how many AGES there are."""
    bounds = (moment(since(calendar, day, most)) for most in AGES)
    young = ((t.task.c.due_at >= bound, place) for place, bound in enumerate(bounds))
    return sa.case(*young, else_=len(AGES))


def since(calendar: Calendar, day: date, most: int) -> date:
    """The earliest day from which there have been at most so many working days until `day`."""
    first = calendar.add(day, -most - 1)
    while calendar.between(first, day) > most:
        first += timedelta(days=1)
    return first


def values_of(wanted: Wanted) -> dict[str, Any]:
    """The parameters of `narrowed`, by name."""
    asked = {name: getattr(wanted, name) for name in (KIND, UNIT, PROCESS, HOLDER)}
    return {name: value for name, value in asked.items() if value is not None and value != NONE}


def narrowed(wanted: Wanted, calendar: Calendar, day: date) -> list[sa.ColumnElement[bool]]:
    """What is asked for, as conditions on tasks and their records, with the parameters `values_of` it."""
    task, record = t.task.c, t.record.c
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(task.lifecycle == sa.bindparam(KIND, wanted.kind, sa.String()))
    for name, column, value in ((UNIT, record.unit_id, wanted.unit), (PROCESS, record.process_id, wanted.process)):
        if value is not None:
            found.append(column.is_(None) if value == NONE else column == sa.bindparam(name, value, sa.Uuid()))
    if wanted.holder is not None:
        holder = sa.bindparam(HOLDER, wanted.holder, sa.Uuid())
        found.append((task.holder_post_id == holder) | (task.holder_person_id == holder))
    if wanted.age is not None and not wanted.soon:
        found.append(age_of(calendar, day) == wanted.age)
    return found
