"""The board: late tasks, or those due soon, with who has them, who was told, what comes next, and what one may do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.nudging import asks_as
from service.organisation import Actor, Organisation, organisation
from service.reading.board_holders import Having, Holders
from service.reading.board_told import ToldOf, told_of
from service.reading.late import AGE, HOLDER, KIND, NONE, PROCESS, UNIT, Wanted, age_of, due, narrowed, values_of
from service.reading.page import Page, ready_page
from service.reading.permitted import readable_by
from service.reading.ready import filled, ready
from service.reading.tasks import TASK, TaskView, task_views
from service.subject import NOTHING_BELOW, Holder, Subject, holder_of, typed_table
from states.ladders import rung_at
from states.lifecycle import Move, may
from states.registry import lifecycle
from states.text import Text
from states.working_days import today

# The moves that give a task to somebody else or another day, wherever a lifecycle declares them.
AT_ONCE: Final = 200  # rows of a whole list that are read together
SHIFTS: Final = ("reassign", "extend", "request_extension", "reschedule")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One task. `told` are the rungs that were told, `next_names` whom the next one tells.

    `moves` are those of SHIFTS that the reader may make; `may_nudge` whether they may ask whoever has it, `asked`
    whether somebody has done so today.
    """

    task: TaskView
    having: tuple[Having, ...]
    told: Sequence[ToldOf]
    next_names: tuple[Text, ...]
    moves: tuple[Move, ...]
    may_nudge: bool
    asked: bool
    process_id: UUID | None = None

    @property
    def rungs(self) -> tuple[int, int]:
        """On which rung of how many it is: 0 before the first, one more than there are past the last."""
        return min(self.task.rung, len(self.task.ladder.rungs) + 1), len(self.task.ladder.rungs)


def board_page(
    connection: sa.Connection,
    actor: Actor,
    now: datetime,
    wanted: Wanted,
    *,
    cursor: str | None = None,
    limit: int = 50,
    total: int | None = None,
) -> Page[BoardRow]:
    """What is asked for of what the actor may read, what was due first before all. `total`, if it was counted."""
    given = {"now": now, **values_of(wanted)}
    page = ready_page(
        connection,
        (
            "board",
            actor,
            today(now),
            tuple(given),
            wanted.unit == NONE,
            wanted.process == NONE,
            wanted.age,
            wanted.soon,
        ),
        given,
        lambda: _asked(connection, actor, now, wanted),
        (t.task.c.due_at, t.task.c.id),
        lambda row: row,
        cursor,
        limit,
        total=total,
    )
    return Page(board_rows(connection, page.rows, actor, now), page.next, page.total)


def board_groups(
    connection: sa.Connection,
    actor: Actor,
    now: datetime,
    wanted: Wanted,
    dimension: str,
    keys: Sequence[Any],
    each: int,
) -> Mapping[Any, list[BoardRow]]:
    """Of each group of these keys the first few tasks, what was due first before all."""
    snapshot, task = organisation(connection), t.task.c
    key = _key(dimension, snapshot, now)
    order = (task.due_at, task.id)
    place = sa.func.row_number().over(partition_by=key, order_by=order).label("place")
    few = _asked(connection, actor, now, wanted).where(key.in_(keys))
    few_ids = few.with_only_columns(task.id, key.label("key"), place).subquery()
    rows = connection.execute(
        TASK.add_columns(few_ids.c.key)
        .join(few_ids, few_ids.c.id == task.id)
        .where(few_ids.c.place <= each)
        .order_by(*order)
    ).all()
    found: dict[Any, list[BoardRow]] = {}
    for row, made in zip(rows, board_rows(connection, rows, actor, now), strict=True):
        found.setdefault(row.key, []).append(made)
    return found


def board_stream(connection: sa.Connection, actor: Actor, now: datetime, wanted: Wanted) -> Iterator[BoardRow]:
    """All that is asked for, in the same order, some at a time."""
    asked = _asked(connection, actor, now, wanted).order_by(t.task.c.due_at, t.task.c.id)
    found = connection.execute(asked, execution_options={"yield_per": AT_ONCE})
    for some in found.partitions(AT_ONCE):
        yield from board_rows(connection, some, actor, now)


def _asked(connection: sa.Connection, actor: Actor, now: datetime, wanted: Wanted) -> sa.Select[Any]:
    snapshot = organisation(connection)
    of_them = due(snapshot, now, soon=wanted.soon)
    asked = narrowed(wanted, snapshot.calendar, today(now))
    return TASK.where(*of_them, *asked, readable_by(connection, actor, now))


def _key(dimension: str, snapshot: Organisation, now: datetime) -> sa.ColumnElement[Any]:
    none = sa.literal(NONE, sa.Uuid)
    task, record = t.task.c, t.record.c
    keys: dict[str, sa.ColumnElement[Any]] = {
        KIND: task.lifecycle,
        UNIT: sa.func.coalesce(record.unit_id, none, type_=sa.Uuid()),
        PROCESS: sa.func.coalesce(record.process_id, none, type_=sa.Uuid()),
        HOLDER: sa.func.coalesce(task.holder_post_id, task.holder_person_id, type_=sa.Uuid()),
        AGE: age_of(snapshot.calendar, today(now)),
    }
    return keys[dimension]


def board_rows(connection: sa.Connection, rows: Sequence[Any], actor: Actor, now: datetime) -> list[BoardRow]:
    """Rows of `TASK` with all that the board says of them, read in a few statements for all of them."""
    snapshot, day = organisation(connection), today(now)
    tasks = task_views(connection, rows, now)
    holders, told = Holders(snapshot, day), told_of(connection, tasks)
    subjects = _subjects(connection, tasks)
    made = []
    for task in tasks:
        subject = subjects[task.record_id]
        has_it = holder_of(task, task.step)
        shifts = [move for move in subject.lifecycle.moves_from(subject.state) if move.name in SHIFTS]
        # Which parts one plays is long to work out, and seldom is there anything to be played.
        case = subject.case(actor, snapshot, day, NOTHING_BELOW) if shifts else None
        mine = task.is_with(actor)
        spoken = told.get(task.id, ())
        campus = subject.fields["campus_id"]
        names = (one for part in rung_at(task.ladder, task.rung).to for one in holders.told(part, has_it, campus))
        made.append(
            BoardRow(
                task=task,
                having=holders.having(has_it),
                told=spoken,
                next_names=tuple(dict.fromkeys(names)),
                moves=tuple(move for move in shifts if case and may(move, case)),
                may_nudge=not mine and asks_as(snapshot, actor, subject.fields, has_it, day) is not None,
                asked=_was_asked(spoken, has_it, snapshot, day),
                process_id=subject.fields["process_id"],
            )
        )
    return made


def _was_asked(spoken: Iterable[ToldOf], has_it: Holder, snapshot: Organisation, day: date) -> bool:
    """Whether somebody has asked those who have the task now, today; who had it before does not count."""
    asked = [one.nudge for one in spoken if one.nudge and today(one.at) == day]
    readers = set(has_it.readers(snapshot, day)) if asked else set()
    return any(not readers.isdisjoint(one.told) for one in asked)


def _subjects(connection: sa.Connection, tasks: Iterable[TaskView]) -> dict[UUID, Subject]:
    """The records of the tasks, of each lifecycle in one statement."""
    of_kind: dict[str, set[UUID]] = {}
    for task in tasks:
        of_kind.setdefault(task.lifecycle.name, set()).add(task.record_id)
    found: dict[UUID, Subject] = {}
    for name, ids in of_kind.items():
        one, names = lifecycle(name), [column.name for column in _columns(name)]
        given = {"ids": filled(ids)}
        asked = ready(connection, ("subjects", name, len(given["ids"])), given, partial(_records, name))
        for row in asked.every(connection, given):
            fields = dict(zip(names, row, strict=True))
            found[fields["id"]] = Subject(one, fields)
    return found


@cache
def _columns(name: str) -> list[sa.ColumnElement[Any]]:
    return [*t.record.c, *(column for column in typed_table(name).c if column.name != "record_id")]


def _records(name: str) -> sa.Select[Any]:
    typed = typed_table(name)
    ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
    whole = sa.select(*_columns(name)).join_from(t.record, typed, typed.c.record_id == t.record.c.id)
    return whole.where(t.record.c.id.in_(ids))
