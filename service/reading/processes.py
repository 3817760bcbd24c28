"""The register of processes: who answers for each, its documents, and what is open in it."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.permitted import readable_by
from states.kyrgyz import sort_key
from states.text import Text


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process. `owner_as_given` is what the source says.

    `open` counts the records in which something waits, by lifecycle: those that whoever asks may read.
    """

    id: UUID
    code: str
    name: str
    section: str
    owners: tuple[Text, ...]
    owner_as_given: str
    documents: int
    open: Counter[str]


def list_processes(connection: sa.Connection, actor: Actor, now: datetime) -> list[ProcessRow]:
    """All of them, in the order of their codes."""
    posts = organisation(connection).posts
    owners: dict[UUID, list[Text]] = defaultdict(list)
    for process_id, post_id in connection.execute(
        sa.select(t.process_owner.c.process_id, t.process_owner.c.post_id).order_by(t.process_owner.c.position)
    ):
        owners[process_id].append(posts[post_id].name)
    documents = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(t.document.c.process_id, sa.func.count()).group_by(t.document.c.process_id)
        )
    }
    is_open: dict[UUID, Counter[str]] = defaultdict(Counter)
    counted = (
        sa.select(t.record.c.process_id, t.record.c.kind, sa.func.count(sa.distinct(t.record.c.id)))
        .join(t.task, t.task.c.record_id == t.record.c.id)
        .where(t.task.c.closed_at.is_(None), t.record.c.process_id.is_not(None), readable_by(connection, actor, now))
        .group_by(t.record.c.process_id, t.record.c.kind)
    )
    for process_id, kind, how_many in connection.execute(counted):
        is_open[process_id][kind] = how_many
    rows = [
        ProcessRow(
            id=row.id,
            code=row.code,
            name=row.name,
            section=row.section,
            owners=tuple(owners[row.id]),
            owner_as_given=row.owner_as_given,
            documents=documents.get(row.id, 0),
            open=is_open[row.id],
        )
        for row in connection.execute(sa.select(t.process))
    ]
    return sorted(rows, key=lambda row: sort_key(row.code))
