"""What a programme of audits should think of (ISO 9001, 9.2.2 a): what went wrong in processes, what changed."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.gathered import gathered_by

YEAR: Final = timedelta(days=365)


def nonconformities_found(connection: sa.Connection, actor: Actor, now: datetime, day: date) -> Counter[Hashable]:
    """How many were found within the last year, by process; those of no process by unit."""
    record, about = t.record.c, t.nonconformity
    rows = (
        sa.select(record.process_id, record.unit_id, sa.func.count())
        .join(about, about.c.record_id == record.id)
        .where(record.kind == about.name, record.state != _REJECTED, about.c.found_on > day - YEAR)
        .where(gathered_by(connection, actor, now, about.name))
        .group_by(record.process_id, record.unit_id)
    )
    found: Counter[Hashable] = Counter()
    for process_id, unit_id, count in connection.execute(rows):
        found[process_id or unit_id] += count
    return found


def changes_made(connection: sa.Connection, actor: Actor, now: datetime, day: date) -> dict[UUID, int]:
    """How many revisions of a process's documents came into force within the last year."""
    record, revision, document = t.record.c, t.revision.c, t.document.c
    rows = (
        sa.select(document.process_id, sa.func.count())
        .select_from(t.record.join(t.revision, revision.record_id == record.id))
        .join(t.document, document.id == revision.document_id)
        .where(record.kind == _DOCUMENT, document.process_id.is_not(None))
        .where(revision.in_force_on > day - YEAR, revision.in_force_on <= day)
        .where(gathered_by(connection, actor, now, _DOCUMENT))
        .group_by(document.process_id)
    )
    return {row[0]: row[1] for row in connection.execute(rows)}


_REJECTED, _DOCUMENT = "rejected", "document"
