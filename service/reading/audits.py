"""The programme of audits: a year of processes by months, and what ISO 9001:2015, 9.2.2 asks to be thought of.

Beside each process stand the changes in it, what went wrong in it, and how long ago it was audited last. Audits of no
process stand beside their unit. All of it as far as whoever asks may read.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.reading.audit_grounds import YEAR, changes_made, nonconformities_found
from service.reading.gathered import gathered_by
from service.reading.permitted import readable_by
from service.reading.tasks import days_late
from states.kyrgyz import sort_key
from states.lifecycle import Lifecycle
from states.registry import lifecycle
from states.text import Text
from states.working_days import today

AUDIT: Final = "audit"
ORDERS: Final = ("code", "longest", "nonconformities")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit in a programme; `late` is by how many working days what it waits for is late, `raised` how many
    nonconformities were raised from it.
    """

    id: UUID
    code: str
    title: str
    state: str
    planned_on: date
    original_planned_on: date
    carried_out_on: date | None
    lead: Text | None
    unit: Text | None
    unit_id: UUID | None
    process_id: UUID | None
    late: int
    raised: int

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle of audits."""
        return lifecycle(AUDIT)

    @property
    def over(self) -> bool:
        """Whether nothing of it is ahead: it was completed, or cancelled."""
        return self.state in (_ACCEPTED, _CANCELLED)


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A process, or a unit that is audited without one, with its audits in each month of the year.

    `unit` is the one that an audit of it would be of. `nonconformities` were found and `changes` (revisions of its
    documents) came into force within the last year. It `waits` where its last audit is longer ago and none is ahead.
    """

    process_id: UUID | None
    unit_id: UUID | None
    code: str
    name: Text
    unit: str | None
    months: tuple[tuple[AuditRow, ...], ...]
    last: AuditRow | None
    last_on: date | None
    nonconformities: int
    changes: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A year's programme; `years` are those that have one, this year and the next among them.

    Where whoever asks does not read `all` audits, what is missing may only be hidden from them.
    """

    year: int
    years: tuple[int, ...]
    all: bool
    lines: tuple[ProgrammeLine, ...]

    @property
    def audits(self) -> list[AuditRow]:
        """The audits of the year, in the order of their days."""
        every = (audit for line in self.lines for month in line.months for audit in month)
        return sorted(every, key=lambda audit: (audit.planned_on, audit.code))


def read_programme(
    connection: sa.Connection, actor: Actor, now: datetime, year: int | None = None, order: str = "code"
) -> Programme:
    """The programme of a year, this one unless another is asked for; lines by code, or those to be looked at first."""
    snapshot, day = organisation(connection), today(now)
    year = year or day.year
    every = _audits(connection, actor, now, snapshot)
    by_line: dict[Hashable, list[AuditRow]] = defaultdict(list)
    for audit in every:
        by_line[_line_of(audit)].append(audit)
    found, changed = nonconformities_found(connection, actor, now, day), changes_made(connection, actor, now, day)
    lines = [
        _line(year, day, by_line.get(row.id, ()), row.id, None, row.code, Text(*[row.name] * 3), unit, found, changed)
        for row, unit in _processes(connection, snapshot)
    ]
    lines += [
        _line(year, day, audits, None, key, "", snapshot.units[key].name, snapshot.units[key].code, found, changed)
        for key, audits in by_line.items()
        if isinstance(key, UUID) and audits[0].process_id is None
    ]
    years = {day.year, day.year + 1, year, *(audit.planned_on.year for audit in every)}
    reads_all = isinstance(readable_by(connection, actor, now, AUDIT), sa.True_)
    return Programme(year, tuple(sorted(years)), reads_all, tuple(_in_order(lines, order)))


def _line(
    year: int,
    day: date,
    audits: Sequence[AuditRow],
    process_id: UUID | None,
    unit_id: UUID | None,
    code: str,
    name: Text,
    unit: str | None,
    found: Mapping[Hashable, int],
    changed: Mapping[UUID, int],
) -> ProgrammeLine:
    months: list[list[AuditRow]] = [[] for _ in range(12)]
    for audit in audits:
        if audit.planned_on.year == year:
            months[audit.planned_on.month - 1].append(audit)
    done = [audit for audit in audits if audit.carried_out_on and audit.state != _CANCELLED]
    last = max(done, key=lambda audit: (audit.carried_out_on or date.min, audit.code), default=None)
    last_on = last.carried_out_on if last else None
    ahead = any(not audit.over and audit.carried_out_on is None for audit in audits)
    return ProgrammeLine(
        process_id=process_id,
        unit_id=unit_id,
        code=code,
        name=name,
        unit=unit,
        months=tuple(tuple(sorted(month, key=lambda one: (one.planned_on, one.code))) for month in months),
        last=last,
        last_on=last_on,
        nonconformities=found.get(process_id or unit_id, 0),
        changes=changed.get(process_id, 0) if process_id else 0,
        waits=not ahead and (last_on is None or day - last_on > YEAR),
    )


def _audits(connection: sa.Connection, actor: Actor, now: datetime, snapshot: Organisation) -> list[AuditRow]:
    below, task = t.record.alias("below"), t.task.c
    raised = (
        sa.select(sa.func.count())
        .select_from(below)
        .where(below.c.parent_id == t.record.c.id, readable_by(connection, actor, now, record=below))
        .correlate(t.record)
        .scalar_subquery()
    )
    due = (
        sa.select(sa.func.min(task.due_at))
        .where(task.record_id == t.record.c.id, task.closed_at.is_(None))
        .correlate(t.record)
        .scalar_subquery()
    )
    rows = (
        sa.select(t.record, t.audit, raised.label("raised"), due.label("due_at"))
        .join(t.audit, t.audit.c.record_id == t.record.c.id)
        .where(t.record.c.kind == AUDIT, gathered_by(connection, actor, now, AUDIT))
        .order_by(t.audit.c.planned_on, t.record.c.id)
    )
    return [_audit(row, snapshot, now) for row in connection.execute(rows)]


def _audit(row: Any, snapshot: Organisation, now: datetime) -> AuditRow:
    lead, unit = snapshot.people.get(row.lead_auditor_id), snapshot.units.get(row.unit_id)
    return AuditRow(
        id=row.id,
        code=row.code,
        title=row.title,
        state=row.state,
        planned_on=row.planned_on,
        original_planned_on=row.original_planned_on,
        carried_out_on=row.carried_out_on,
        lead=lead.name if lead else None,
        unit=unit.name if unit else None,
        unit_id=row.unit_id,
        process_id=row.process_id,
        late=max(0, days_late(row.due_at, now, snapshot.calendar)) if row.due_at and row.due_at < now else 0,
        raised=row.raised,
    )


def _line_of(audit: AuditRow) -> UUID | None:
    return audit.process_id or audit.unit_id


def _processes(connection: sa.Connection, snapshot: Organisation) -> list[tuple[Any, str | None]]:
    """The processes, each with the code of the unit of whoever answers for it."""
    owners: dict[UUID, UUID] = {}
    owner = t.process_owner.c
    for process_id, post_id in connection.execute(
        sa.select(owner.process_id, owner.post_id).order_by(owner.position, owner.id)
    ):
        owners.setdefault(process_id, post_id)
    units = {one: snapshot.units[snapshot.posts[post].unit_id].code for one, post in owners.items()}
    return [(row, units.get(row.id)) for row in connection.execute(sa.select(t.process))]


def _in_order(lines: Iterable[ProgrammeLine], order: str) -> list[ProgrammeLine]:
    """Processes by their codes, then units by their names; or what was audited longest ago, or went wrong most."""
    found = sorted(lines, key=lambda line: (line.process_id is None, sort_key(line.code), sort_key(line.name.ky)))
    if order == "longest":
        found.sort(key=lambda line: line.last_on or date.min)
    elif order == "nonconformities":
        found.sort(key=lambda line: -line.nonconformities)
    return found


_ACCEPTED, _CANCELLED = "accepted", "cancelled"
