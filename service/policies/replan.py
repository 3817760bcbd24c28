"""Re-planning: open tasks get the deadline and the ladder that hold today, once somebody has seen what would change.

Nothing is told twice for the same due day, nothing that comes from now on is left out; of what has passed by the new
plan the next sweep tells the loudest, as after an outage. Original deadlines never change.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.act import Act
from service.organisation import Actor, Organisation, organisation
from service.policies.keeping import tell
from service.policies.open_tasks import BATCH, COLUMNS, Rules, due_by, goes_on, told_through
from service.policies.scope import Scope, given_of, must_keep, severity_column, tasks_in
from service.reading.permitted import readable_by
from states.ladders import rung_moment
from states.refusals import GuardUnmet
from states.text import N_
from states.working_days import today

EXAMPLES: Final = 20
_OPEN = t.task.c.closed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Change:
    """One task as it is planned, and as it would be: due, the ladder, when it speaks next."""

    task_id: UUID
    record_id: UUID
    code: str
    title: str
    due_at: datetime
    next_at: datetime
    ladder_id: str
    policy_id: UUID | None
    new_due_at: datetime
    new_next_at: datetime
    new_ladder_id: str
    new_policy_id: UUID | None
    new_rung: int


@dataclass(slots=True)
class Preview:
    """What re-planning would change, or has changed.

    `due` and `next` count tasks by the day before and the day after. `moved` are due at another moment, `climbing`
    have another ladder, `at_once` are told of at the next sweep. `planned` tasks are as they should be already. `seen`
    names what was looked at: whoever re-plans gives it back.
    """

    seen: str
    changing: int = 0
    planned: int = 0
    at_once: int = 0
    moved: int = 0
    climbing: int = 0
    due: Counter[tuple[date, date]] = field(default_factory=Counter)
    next: Counter[tuple[date, date]] = field(default_factory=Counter)
    examples: list[Change] = field(default_factory=list)

    def add(self, change: Change, now: datetime) -> None:
        """One task more that changes."""
        self.changing += 1
        self.at_once += change.new_next_at <= now
        self.moved += change.due_at != change.new_due_at
        self.climbing += change.ladder_id != change.new_ladder_id
        self.due[today(change.due_at), today(change.new_due_at)] += 1
        self.next[today(change.next_at), today(max(change.new_next_at, now))] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(change)


def unplanned(connection: sa.Connection, scope: Scope, actor: Actor, now: datetime) -> int:
    """How many open tasks of a scope, of those that the actor may read, have another policy or ladder than holds today.

    One count in the database. Raises NotYours.
    """
    act = _act(connection, scope, actor, now)
    holds, severity = Rules(act.organisation, scope, act.day), severity_column(scope.lifecycle)
    by = (t.task.c.policy_id, t.task.c.ladder_id, t.record.c.campus_id)
    statement = (
        tasks_in(scope, act.organisation, *by, severity, sa.func.count().label("tasks"))
        .where(_OPEN, readable_by(connection, act.actor, now))
        .group_by(*by, *([severity] if isinstance(severity, sa.Column) else []))
    )
    rows = connection.execute(statement)
    return sum(row.tasks for row in rows if (row.policy_id, row.ladder_id) != holds.of(row).names)


def preview_replan(connection: sa.Connection, scope: Scope, actor: Actor, now: datetime) -> Preview:
    """What would change for the open tasks of a scope that the actor may read. Raises NotYours."""
    act = _act(connection, scope, actor, now)
    found = Preview(_seen(act.organisation, scope, act.day))
    for changes in _changes(act, scope, Rules(act.organisation, scope, act.day), found):
        for change in changes:
            found.add(change, now)
    return found


def replan(connection: sa.Connection, scope: Scope, seen: str, actor: Actor, now: datetime) -> Preview:
    """Re-plan the open tasks of a scope; gives what was changed. A task that is being moved or told is left alone.

    `seen` is what `preview_replan` gave. Raises NotYours, and GuardUnmet where other policies hold by now.
    """
    act = _act(connection, scope, actor, now)
    done = Preview(_seen(act.organisation, scope, act.day))
    if seen != done.seen:
        raise GuardUnmet(
            N_("Other deadlines and ladders hold than those you looked at. Nothing was changed."),
            N_("Look at what would change, and decide again."),
        )
    holds = Rules(act.organisation, scope, act.day)
    for changes in _changes(act, scope, holds, done, lock=True):
        if changes:
            holds.keep_ladders(connection)
            _PLAN.run(connection, *(_row(change) for change in changes))
            tell(act, "policy.replanned", None, {**given_of(act.organisation, scope), "tasks": _told(changes)})
        for change in changes:
            done.add(change, now)
    return done


def _act(connection: sa.Connection, scope: Scope, actor: Actor, now: datetime) -> Act:
    snapshot = organisation(connection)
    actor = snapshot.anew(actor, today(now))
    must_keep(snapshot, actor, scope.campus_id)
    return Act(connection, snapshot, actor, now)


def _seen(snapshot: Organisation, scope: Scope, day: date) -> str:
    """A name for the policies that hold for the step on a day."""
    every = snapshot.policies.get(scope.lifecycle.name, ())
    holding = sorted(str(one.id) for one in every if one.step == scope.step.name and one.effective_from <= day)
    said = "\n".join([*map(str, scope.key), *holding])
    return sha256(said.encode()).hexdigest()[:32]


def _changes(act: Act, scope: Scope, holds: Rules, found: Preview, *, lock: bool = False) -> Iterator[list[Change]]:
    """The tasks whose plan is another than what holds today, batch by batch, in the order of their identifiers."""
    columns = (*COLUMNS, severity_column(scope.lifecycle))
    readable = readable_by(act.connection, act.actor, act.now)
    statement = tasks_in(scope, act.organisation, *columns).where(_OPEN, readable).order_by(t.task.c.id).limit(BATCH)
    if lock:  # what is being moved or told at this moment is left alone
        statement = statement.with_for_update(of=t.task, skip_locked=True)
    last: UUID | None = None
    while tasks := act.connection.execute(statement.where(t.task.c.id > last) if last else statement).all():
        last = tasks[-1].id
        changing = [task for task in tasks if _differs(task, holds, scope, act.organisation)]
        found.planned += len(tasks) - len(changing)
        told = told_through(act.connection, [task.id for task in changing])
        yield [_change(task, holds, scope, told, act) for task in changing]


def _differs(task: Any, holds: Rules, scope: Scope, snapshot: Organisation) -> bool:
    rule = holds.of(task)
    due_at = due_by(task, scope.step, rule.policy, snapshot)
    return (task.policy_id, task.ladder_id, task.due_at) != (*rule.names, due_at)


def _change(task: Any, holds: Rules, scope: Scope, told: Any, act: Act) -> Change:
    rule = holds.of(task)
    due_at = due_by(task, scope.step, rule.policy, act.organisation)
    rung = goes_on(task, rule.ladder, due_at, told, act.organisation, act.now)
    return Change(
        task.id,
        task.record_id,
        task.code,
        task.title,
        task.due_at,
        task.next_notice_at,
        task.ladder_id,
        task.policy_id,
        due_at,
        rung_moment(rule.ladder, rung, due_at, act.organisation.calendar),
        rule.ladder_id,
        rule.names[0],
        rung,
    )


def _row(change: Change) -> dict[str, Any]:
    return {
        "of": change.task_id,
        "due_at": change.new_due_at,
        "ladder_id": change.new_ladder_id,
        "policy_id": change.new_policy_id,
        "rung": change.new_rung,
        "next_notice_at": change.new_next_at,
    }


_PLAN = Prepared(sa.update(t.task).where(t.task.c.id == sa.bindparam("of"), _OPEN))


def _told(changes: list[Change]) -> list[dict[str, str | None]]:
    """What the log keeps of each task: when it was due and by which policy, and when and by which it is now."""
    return [
        {
            "task": str(one.task_id),
            "due_at": one.due_at.isoformat(),
            "policy": str(one.policy_id) if one.policy_id else None,
            "new_due_at": one.new_due_at.isoformat(),
            "new_policy": str(one.new_policy_id) if one.new_policy_id else None,
        }
        for one in changes
    ]
