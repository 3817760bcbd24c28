"""What a periodic review compares a document with: all that has changed since it came into force or was reviewed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.legal_acts import ActView, acts_for
from service.reading.permitted import readable_by
from service.reading.records import RecordView
from service.reading.reviews import earliest
from states.working_days import moment, today

MOST: Final = 100  # of each kind: a review is read by one person


@dataclass(frozen=True, slots=True)
class Found:
    """A record that concerns the document: of which kind and state, on which day; `of` the audit of a finding."""

    kind: str
    record_id: UUID
    code: str
    title: str
    state: str
    day: date
    is_open: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """The document's revision answers to others since a day; in codes, as its history has it."""

    day: date
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grounds:
    """All of it. `since` is the day from which on things count (None: nobody knows, so everything does).

    `read` counts acknowledgements of the revision by their state; `earliest` is the first day of a further review.
    """

    since: date | None
    earliest: date | None
    nonconformities: tuple[Found, ...]
    findings: tuple[Found, ...]
    audits: tuple[Found, ...]
    acts: tuple[ActView, ...]
    revisions: tuple[Found, ...]
    handed: tuple[Handed, ...]
    read: Mapping[str, int]


def grounds(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> Grounds:
    """What the actor may read of it, for a revision that they may read."""
    fields = view.subject.fields
    days = [day for day in (fields["in_force_on"], fields["reviewed_on"]) if day]
    since = max(days, default=None)
    document_id, process_id = fields["document_id"], fields["process_id"]
    return Grounds(
        since=since,
        earliest=earliest(fields["in_force_on"], fields["reviewed_on"]),
        nonconformities=_nonconformities(connection, document_id, since, actor, now),
        findings=_findings(connection, document_id, since, actor, now),
        audits=_audits(connection, process_id, since, actor, now) if process_id else (),
        acts=tuple(acts_for(connection, document_id, process_id, since)),
        revisions=_revisions(connection, document_id, view.subject.id, actor, now),
        handed=_handed(connection, view.subject.id, since),
        read=_read(connection, view.subject.id),
    )


_RECORD: Final = tuple(t.record.c[name] for name in ("kind", "id", "code", "title", "state", "closed_at"))


def _nonconformities(
    connection: sa.Connection, document_id: UUID, since: date | None, actor: Actor, now: datetime
) -> tuple[Found, ...]:
    """Those that name the document: found since, or still open whenever they were found."""
    about = t.nonconformity.c
    statement = (
        sa.select(*_RECORD, about.found_on.label("day"))
        .join(t.nonconformity, about.record_id == t.record.c.id)
        .where(about.requirement_document_id == document_id, readable_by(connection, actor, now, "nonconformity"))
    )
    if since:
        statement = statement.where((about.found_on >= since) | t.record.c.closed_at.is_(None))
    return _found(connection, statement.order_by(about.found_on.desc(), t.record.c.id))


def _findings(
    connection: sa.Connection, document_id: UUID, since: date | None, actor: Actor, now: datetime
) -> tuple[Found, ...]:
    """What audits found against the document, each under its own title."""
    finding, audit = t.finding.c, t.audit.c
    day = sa.func.coalesce(audit.carried_out_on, audit.planned_on)
    statement = (
        sa.select(*_RECORD, day.label("day"), finding.title.label("finding"))
        .join(t.audit, audit.record_id == t.record.c.id)
        .join(t.finding, finding.record_id == t.record.c.id)
        .where(finding.requirement_document_id == document_id, readable_by(connection, actor, now, "audit"))
    )
    if since:
        statement = statement.where(day >= since)
    return _found(connection, statement.order_by(day.desc(), t.record.c.id, finding.no))


def _audits(
    connection: sa.Connection, process_id: UUID, since: date | None, actor: Actor, now: datetime
) -> tuple[Found, ...]:
    """Audits of the process."""
    audit = t.audit.c
    day = sa.func.coalesce(audit.carried_out_on, audit.planned_on)
    statement = (
        sa.select(*_RECORD, day.label("day"))
        .join(t.audit, audit.record_id == t.record.c.id)
        .where(t.record.c.process_id == process_id, readable_by(connection, actor, now, "audit"))
    )
    if since:
        statement = statement.where(day >= since)
    return _found(connection, statement.order_by(day.desc(), t.record.c.id))


def _revisions(
    connection: sa.Connection, document_id: UUID, but: UUID, actor: Actor, now: datetime
) -> tuple[Found, ...]:
    """The document's other revisions."""
    revision = t.revision.c
    statement = (
        sa.select(*_RECORD, t.record.c.opened_at.label("day"))
        .join(t.revision, revision.record_id == t.record.c.id)
        .where(revision.document_id == document_id, t.record.c.id != but)
        .where(readable_by(connection, actor, now, "document"))
    )
    return _found(connection, statement.order_by(revision.number.desc()))


def _found(connection: sa.Connection, statement: sa.Select[Any]) -> tuple[Found, ...]:
    found = []
    for row in connection.execute(statement.limit(MOST)):
        finding = row._mapping.get("finding")
        day = today(row.day) if isinstance(row.day, datetime) else row.day
        title, of = (finding, row.title) if finding else (row.title, "")
        found.append(Found(row.kind, row.id, row.code, title, row.state, day, row.closed_at is None, of))
    return tuple(found)


def _handed(connection: sa.Connection, record_id: UUID, since: date | None) -> tuple[Handed, ...]:
    """When it came to another owner or unit, as the revision's history says."""
    history = t.history.c
    statement = sa.select(history.at, history.given).where(history.record_id == record_id, history.move == "transfer")
    if since:
        statement = statement.where(history.at >= moment(since))
    return tuple(Handed(today(row.at), row.given) for row in connection.execute(statement.order_by(history.seq)))


def _read(connection: sa.Connection, revision_id: UUID) -> Mapping[str, int]:
    acknowledged = t.acknowledgement.c
    statement = (
        sa.select(t.record.c.state, sa.func.count())
        .join(t.acknowledgement, acknowledged.record_id == t.record.c.id)
        .where(acknowledged.revision_id == revision_id)
        .group_by(t.record.c.state)
    )
    return Counter({row[0]: row[1] for row in connection.execute(statement)})
