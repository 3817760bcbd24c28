"""Checklists of audits: which former ones can be taken over, and what became of findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.audits import AUDIT
from service.reading.permitted import readable_by
from service.reading.records import RecordRow, RecordView

Row = Mapping[str, Any]
MOST: Final = 40
RAISES: Final = "raise_nonconformity"


@dataclass(frozen=True, slots=True)
class FormerAudit:
    """An audit with a checklist; `alike` where it is of the same process, or of the same unit."""

    id: UUID
    code: str
    title: str
    on: date
    questions: int
    alike: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """What was raised from a finding; no `record` where whoever asks may not read it."""

    record: RecordRow | None


def former_audits(connection: sa.Connection, fields: Row, actor: Actor, now: datetime) -> list[FormerAudit]:
    """The audits whose checklists can be taken over by the one with these fields: those alike first, the latest first.

    No more than MOST, and only those that the actor may read.
    """
    record, audit, question = t.record.c, t.audit.c, t.question.c
    count = (
        sa.select(sa.func.count())
        .where(question.record_id == record.id, question.removed_at.is_(None))
        .correlate(t.record)
        .scalar_subquery()
    )
    process_id, unit_id = fields["process_id"], fields["unit_id"]
    same = record.process_id == process_id if process_id else record.unit_id == unit_id
    alike = sa.case((same, 1), else_=0)
    day = sa.func.coalesce(audit.carried_out_on, audit.planned_on)
    rows = (
        sa.select(record.id, record.code, record.title, day.label("on"), count.label("questions"), alike.label("alike"))
        .join(t.audit, audit.record_id == record.id)
        .where(record.kind == AUDIT, record.id != fields["id"], count > 0, readable_by(connection, actor, now, AUDIT))
        .order_by(alike.desc(), day.desc(), record.id.desc())
        .limit(MOST)
    )
    return [
        FormerAudit(row.id, row.code, row.title, row.on, row.questions, bool(row.alike))
        for row in connection.execute(rows)
    ]


def raised_from(connection: sa.Connection, view: RecordView) -> dict[int, Raised]:
    """What was raised from each finding, by its number: records begun by the move that raised them."""
    moves = {entry.id: int(entry.given["finding"]) for entry in view.history if entry.move_name == RAISES}
    if not moves:
        return {}
    begun = sa.select(t.history.c.record_id, t.history.c.cause_id).where(
        t.history.c.seq == 1,
        t.history.c.record_id.in_(sa.select(t.record.c.id).where(t.record.c.parent_id == view.subject.id)),
    )
    readable = {child.id: child for child in view.children}
    return {
        moves[row.cause_id]: Raised(readable.get(row.record_id))
        for row in connection.execute(begun)
        if row.cause_id in moves
    }
