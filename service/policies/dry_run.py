"""What a policy would have sent in the last month, and what it will send in the next: nothing is written.

The past: the tasks that were open then, whatever policy they were opened under, closed when they really were; beside
it what was really sent. The future: the tasks that are open, as if they were re-planned now and stayed open; beside it
what they say as they are planned. One pass over the tasks of the step; what is kept are counts and a few examples.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.policies.keeping import Proposed
from service.policies.open_tasks import BATCH, COLUMNS, Through, due_by, goes_on, told_through
from service.policies.scope import severity_column, tasks_in
from service.policies.tellings import tellings
from service.reading.permitted import readable_by
from service.subject import Holder, holder_of, part_readers
from states.ladders import first_rung, rung_at, rung_moment
from states.lifecycle import Channel, Ladder, Rung
from states.policies import ladder_of, policy_for
from states.roles import Role
from states.working_days import today

MONTH: Final = timedelta(days=30)
EXAMPLES: Final = 10


@dataclass(slots=True)
class Told:
    """What is told: how often, on which days, as which part by which channel, to whom."""

    total: int = 0
    days: Counter[date] = field(default_factory=Counter)
    parts: Counter[tuple[Role, Channel]] = field(default_factory=Counter)
    readers: Counter[UUID] = field(default_factory=Counter)

    def add(self, day: date, part: Role, channel: Channel, reader: UUID, times: int = 1) -> None:
        """So many tellings more."""
        self.total += times
        self.days[day] += times
        self.parts[part, channel] += times
        self.readers[reader] += times


@dataclass(frozen=True, slots=True)
class Example:
    """An open task: due now and by the policy, and what is said next of it, when and to which parts."""

    record_id: UUID
    code: str
    title: str
    due_at: datetime
    new_due_at: datetime
    next_at: datetime
    next_rung: Rung
    new_next_at: datetime
    new_next_rung: Rung


@dataclass(slots=True)
class DryRun:
    """What was found, for the window from `since` over `now` to `until`.

    `would_have` and `really` are of the past, `will` and `as_planned` of the future. `open_then` tasks were open in the
    past month, `open_now` are open, of which `late_now` are late, and `late_then` by the policy; `moved` have another
    due day by it.
    """

    since: datetime
    now: datetime
    until: datetime
    would_have: Told = field(default_factory=Told)
    really: Told = field(default_factory=Told)
    will: Told = field(default_factory=Told)
    as_planned: Told = field(default_factory=Told)
    open_then: int = 0
    open_now: int = 0
    late_now: int = 0
    late_then: int = 0
    moved: int = 0
    examples: list[Example] = field(default_factory=list)


def dry_run(connection: sa.Connection, proposed: Proposed, actor: Actor, now: datetime) -> DryRun:
    """Try a policy out on the tasks that it is for and that the actor may read."""
    return _Trial(connection, proposed, actor, now).run()


class _Trial:
    """One dry run: what all its parts ask for, and what they have found so far."""

    def __init__(self, connection: sa.Connection, proposed: Proposed, actor: Actor, now: datetime) -> None:
        self.connection, self.scope, self.policy = connection, proposed.scope, proposed.policy
        self.snapshot, self.now = organisation(connection), now
        self.readable = readable_by(connection, actor, now)
        self.ladder = ladder_of(self.scope.step, self.policy)
        self.found = DryRun(now - MONTH, now, now + MONTH)
        self.addresses = _Addresses(self.snapshot)
        self._ours: dict[tuple[str | None, UUID | None], bool] = {}

    def run(self) -> DryRun:
        for tasks in self._tasks():
            told = told_through(self.connection, [task.id for task in tasks if task.closed_at is None])
            for task in tasks:
                self._past(task)
                if task.closed_at is None:
                    self._future(task, told)
        self._really()
        self.found.examples = _first(self.found.examples)
        return self.found

    def _tasks(self) -> Iterator[list[Any]]:
        """Those that were open at any time since a month ago, batch by batch."""
        columns = (*COLUMNS, severity_column(self.scope.lifecycle))
        there = (t.task.c.opened_at <= self.now) & _open_after(self.found.since)
        statement = tasks_in(self.scope, self.snapshot, *columns).where(there, self.readable)
        rows = self.connection.execute(statement, execution_options={"yield_per": BATCH})
        for batch in rows.partitions():
            yield [row for row in batch if self._is_ours(row.severity, row.campus_id)]

    def _is_ours(self, severity: str | None, campus_id: UUID | None) -> bool:
        """Whether this policy would be the one that holds for such a record: a closer one would hold instead."""
        known = self._ours.get((severity, campus_id))
        if known is None:
            others = self.snapshot.policies.get(self.scope.lifecycle.name, ())
            day, above = self.policy.effective_from, self.snapshot.campuses_above(campus_id)
            found = policy_for((*others, self.policy), self.scope.step.name, severity, above, day)
            known = self._ours[severity, campus_id] = found is self.policy
        return known

    def _past(self, task: Any) -> None:
        found, calendar, step = self.found, self.snapshot.calendar, self.scope.step
        found.open_then += 1
        due_at = due_by(task, step, self.policy, self.snapshot)
        rung = first_rung(self.ladder, due_at, task.opened_at, calendar)
        until = min(task.closed_at or self.now, self.now)
        said = tellings(self.ladder, rung, due_at, task.opened_at, until, calendar, found.since)
        for at, one in said:
            if at != task.closed_at:
                self._tell(found.would_have, task, at, one)

    def _future(self, task: Any, told: Through) -> None:
        found = self.found
        own = self.snapshot.ladders[task.ladder_id]
        due_at = due_by(task, self.scope.step, self.policy, self.snapshot)
        rung = goes_on(task, self.ladder, due_at, told, self.snapshot, self.now)
        found.open_now += 1
        found.late_now += task.due_at < self.now
        found.late_then += due_at < self.now
        found.moved += due_at != task.due_at
        planned = self._say(found.as_planned, task, own, task.rung, task.due_at)
        would_be = self._say(found.will, task, self.ladder, rung, due_at)
        found.examples.append(
            Example(
                task.record_id,
                task.code,
                task.title,
                task.due_at,
                due_at,
                *planned,
                *would_be,
            )
        )
        if len(found.examples) > 2 * BATCH:
            found.examples = _first(found.examples)

    def _say(self, counts: Told, task: Any, ladder: Ladder, rung: int, due_at: datetime) -> tuple[datetime, Rung]:
        """Count what is said of an open task by a ladder in the month ahead; gives what is said first, and when."""
        calendar = self.snapshot.calendar
        said = list(tellings(ladder, rung, due_at, self.now, self.found.until, calendar))
        for at, one in said:
            self._tell(counts, task, at, one)
        return said[0] if said else (rung_moment(ladder, rung, due_at, calendar), rung_at(ladder, rung))

    def _tell(self, counts: Told, task: Any, at: datetime, rung: Rung) -> None:
        day = today(at)
        has_it = holder_of(task, self.scope.step)
        for reader, part in self.addresses.of(rung, has_it, task.campus_id, day).items():
            counts.add(day, part, rung.channel, reader)

    def _really(self) -> None:
        """What was told of the same tasks in the same month, as the outbox has it."""
        notice, found = t.notice.c, self.found
        by = (notice.created_at, notice.part, notice.channel, notice.reader_id, t.record.c.campus_id)
        severity = severity_column(self.scope.lifecycle)
        counted = (sa.func.count().label("times"),)
        statement = (
            tasks_in(self.scope, self.snapshot, *by, severity, *counted)
            .join(t.notice, notice.task_id == t.task.c.id)
            .where(_open_after(found.since), self.readable, notice.rung.is_not(None), notice.dropped_at.is_(None))
            .where(notice.created_at > found.since, notice.created_at <= found.now)
            .group_by(*by, *([severity] if isinstance(severity, sa.Column) else []))
        )
        for row in self.connection.execute(statement, execution_options={"yield_per": BATCH}):
            if self._is_ours(row.severity, row.campus_id):
                part, channel = Role(row.part) if row.part else Role.HOLDER, Channel(row.channel)
                found.really.add(today(row.created_at), part, channel, row.reader_id, row.times)


class _Addresses:
    """Who is meant by each part of a task on a day: the organisation is small, the tasks are many."""

    def __init__(self, snapshot: Organisation) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[Role, Holder, UUID | None, date], tuple[UUID, ...]] = {}

    def of(self, rung: Rung, has_it: Holder, campus_id: UUID | None, day: date) -> dict[UUID, Role]:
        """Each reader once, with the first part as which they are told."""
        found: dict[UUID, Role] = {}
        for part in rung.to:
            for reader in self._readers(part, has_it, campus_id, day):
                found.setdefault(reader, part)
        return found

    def _readers(self, part: Role, has_it: Holder, campus_id: UUID | None, day: date) -> tuple[UUID, ...]:
        key = (part, has_it, campus_id, day)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = part_readers(part, has_it, campus_id, self._snapshot, day)
        return known


def _open_after(moment: datetime) -> sa.ColumnElement[bool]:
    return t.task.c.closed_at.is_(None) | (t.task.c.closed_at > moment)


def _first(examples: list[Example]) -> list[Example]:
    """Those of which something is said soonest."""
    return sorted(examples, key=lambda one: (one.new_next_at, one.code, one.record_id))[:EXAMPLES]
