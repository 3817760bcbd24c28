"""Who was told of late tasks, rung by rung: as many lines as a ladder has rungs, however long a task is late."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.nudging import MESSAGE as NUDGE
from service.nudging import Nudge, nudges
from service.organisation import Organisation, organisation
from service.reading.ready import filled, ready
from service.reading.tasks import TaskView
from states.lifecycle import Channel
from states.roles import Role
from states.text import Text


@dataclass(frozen=True, slots=True)
class ToldOf:
    """One rung of a task that was told to somebody, or several that are alike.

    `days` is its place in working days from the due day. `sent_at` None: it has not been sent; `dropped`: it never will
    be, and `error` says why. One on the `page` was only put there. `times` counts reminders before the deadline, and
    those past the last rung, which are told together; what is said of them is the last one. A `nudge` is no rung:
    somebody asked.
    """

    part: Text
    reader: Text
    days: int
    at: datetime
    sent_at: datetime | None
    dropped: bool = False
    error: str | None = None
    page: bool = False
    missed: int = 0
    times: int = 1
    nudge: Nudge | None = None
    asked_by: Text | None = None


def told_of(connection: sa.Connection, tasks: Sequence[TaskView]) -> dict[UUID, list[ToldOf]]:
    """For each task who was told of it, in order of time. A task that was told to nobody has no entry."""
    if not tasks:
        return {}
    snapshot, given = organisation(connection), {"ids": filled(task.id for task in tasks)}
    many = len(given["ids"])
    found: defaultdict[UUID, list[ToldOf]] = defaultdict(list)
    rungs = ready(connection, ("rungs", many), given, partial(_rungs, snapshot))
    for row in rungs.every(connection, given):
        found[row.task_id].append(_told(row, snapshot))
    nudged = ready(connection, ("nudged", many), given, lambda: _NUDGED).every(connection, given)
    for task_id, one in _nudged(connection, nudged, snapshot):
        found[task_id].append(one)
    for some in found.values():
        some.sort(key=lambda one: (one.at, one.days, one.part.en, one.reader.en))
    return found


_N = t.notice.c
_COLUMNS = (
    *(_N.task_id, _N.rung, _N.part, _N.reader_id, _N.created_at, _N.sent_at, _N.dropped_at, _N.error, _N.channel),
    _N.missed,
)


_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_NUDGED = sa.select(*_COLUMNS, _N.key).where(_N.task_id.in_(_IDS), _N.message == NUDGE).order_by(_N.created_at, _N.key)


def _rungs(snapshot: Organisation) -> sa.Select[Any]:
    """What was told by the ladder; of what is told together, the last and how often."""
    ends = ((t.task.c.ladder_id == name, sa.literal(one.rungs[-1].days)) for name, one in snapshot.ladders.items())
    end = sa.case(*ends)
    alike = sa.case((_N.rung <= 0, -1), (_N.rung > end, 0), else_=_N.rung)
    # A day that was put off lets the same rung be reached again: that is told once more, for itself.
    itself = sa.case(((_N.rung > 0) & (_N.rung <= end), _N.key), else_="")
    among = (_N.task_id, _N.reader_id, alike, itself)
    place = sa.func.row_number().over(partition_by=among, order_by=(_N.created_at.desc(), _N.rung.desc()))
    times = sa.func.count().over(partition_by=among)
    every = (
        sa.select(*_COLUMNS, place.label("place"), times.label("times"))
        .join(t.task, t.task.c.id == _N.task_id)
        .where(_N.task_id.in_(_IDS), _N.rung.is_not(None))
        .subquery()
    )
    return sa.select(every).where(every.c.place == 1)


def _told(row: Any, snapshot: Organisation) -> ToldOf:
    return ToldOf(
        part=Role(row.part).label if row.part else _NOBODY,
        reader=snapshot.people[row.reader_id].name,
        days=row.rung,
        at=row.created_at,
        sent_at=row.sent_at,
        dropped=row.dropped_at is not None,
        error=row.error,
        page=row.channel == Channel.PAGE,
        missed=row.missed,
        times=row.times,
    )


def _nudged(connection: sa.Connection, rows: Sequence[Any], snapshot: Organisation) -> Iterator[tuple[UUID, ToldOf]]:
    known = nudges(connection, [row.key for row in rows])
    for row in rows:
        if nudge := known.get(row.key):
            yield (
                row.task_id,
                ToldOf(
                    part=nudge.role.label,
                    reader=snapshot.people[row.reader_id].name,
                    days=0,
                    at=row.created_at,
                    sent_at=row.sent_at,
                    dropped=row.dropped_at is not None,
                    error=row.error,
                    nudge=nudge,
                    asked_by=snapshot.people[nudge.by].name,
                ),
            )


_NOBODY = Text("", "", "")
