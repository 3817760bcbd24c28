"""Where a task stands on its ladder, and where it would stand by another policy: what trying and re-planning share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation
from service.policies.scope import Scope
from service.policies.tellings import replanned
from service.tasks import kept_ladder
from states.ladders import rung_at
from states.lifecycle import Ladder, Step
from states.policies import Policy, day_after, deadline_of, ladder_id, ladder_of, policy_for
from states.working_days import due_moment, today

BATCH: Final = 500
COLUMNS: Final = (
    *(t.task.c[name] for name in ("id", "record_id", "opened_at", "closed_at", "due_at", "ladder_id", "policy_id")),
    *(t.task.c[name] for name in ("granted_until", "rung", "next_notice_at", "holder_post_id", "holder_person_id")),
    *(t.record.c[name] for name in ("code", "title", "campus_id")),
)
# How far tasks were told, in working days from the due day: by task and due day, as the key of a notice has them.
Through = Mapping[tuple[UUID, str], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for some tasks: a policy (None: as declared), its ladder, and that one's identifier."""

    policy: Policy | None
    ladder: Ladder
    ladder_id: str

    @property
    def names(self) -> tuple[UUID | None, str]:
        """What its tasks have: the policy and the ladder, by their identifiers."""
        return UUID(str(self.policy.id)) if self.policy else None, self.ladder_id


@dataclass(slots=True)
class Rules:
    """What holds on a day, by severity and campus."""

    snapshot: Organisation
    scope: Scope
    day: date
    _known: dict[tuple[str | None, UUID | None], Rule] = field(default_factory=dict)

    def of(self, task: Any) -> Rule:
        """What holds for a task."""
        key = (task.severity, task.campus_id)
        if key not in self._known:
            policies = self.snapshot.policies.get(self.scope.lifecycle.name, ())
            above = self.snapshot.campuses_above(task.campus_id)
            policy = policy_for(policies, self.scope.step.name, task.severity, above, self.day)
            ladder = ladder_of(self.scope.step, policy)
            self._known[key] = Rule(policy, ladder, ladder_id(ladder))
        return self._known[key]

    def keep_ladders(self, connection: sa.Connection) -> None:
        """Keep the ladders met so far, before tasks name them."""
        for ladder in {rule.ladder_id: rule.ladder for rule in self._known.values()}.values():
            kept_ladder(connection, self.snapshot, ladder)


def told_through(connection: sa.Connection, tasks: Sequence[UUID]) -> Through:
    """The highest rung that was told of each of these tasks, for each due day it has had."""
    if not tasks:
        return {}
    day = sa.func.substr(t.notice.c.key, 34, 8)  # "task:YYYYMMDD±days:reader", identifiers as 32 letters
    told = (
        sa.select(t.notice.c.task_id, day, sa.func.max(t.notice.c.rung))
        .where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None))
        .group_by(t.notice.c.task_id, day)
    )
    return {(task, due): rung for task, due, rung in connection.execute(told)}


def due_by(task: Any, step: Step, policy: Policy | None, snapshot: Organisation) -> datetime:
    """When the task is due by a policy (None: as declared), counted from the day it was opened.

    Time that somebody gave it is not taken back.
    """
    deadline = deadline_of(step, policy)
    if deadline.on:
        due_at: datetime = task.due_at
        return due_at
    due_on = day_after(today(task.opened_at), deadline, snapshot.calendar)
    return due_moment(max(due_on, task.granted_until or due_on))


def goes_on(task: Any, ladder: Ladder, due_at: datetime, told: Through, snapshot: Organisation, now: datetime) -> int:
    """The rung with which the open task would go on by that ladder and due moment."""
    through = told.get((task.id, f"{today(due_at):%Y%m%d}"))
    if due_at == task.due_at and task.rung > 0:
        done = rung_at(snapshot.ladders[task.ladder_id], task.rung - 1).days
        through = done if through is None else max(through, done)
    return replanned(ladder, due_at, task.opened_at, through, now, snapshot.calendar)
