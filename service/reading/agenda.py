"""What stands on an agenda: the records that items are about, as they are now, and their papers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.permitted import readable_by
from states.kyrgyz import sort_key
from states.lifecycle import Lifecycle
from states.registry import lifecycle
from states.routes import Does

REMEMBERED: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class About:
    """A record that an item is about; of one that whoever asks may not read, only its code is told.

    `does` is what the body that it waits for does with it, by its route.
    """

    id: UUID
    lifecycle: Lifecycle
    code: str
    state: str
    readable: bool
    does: Does = Does.ENDORSES


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of an item: `sha256` in hex."""

    id: UUID
    item: int
    name: str
    sha256: str


def abouts_of(connection: sa.Connection, ids: Iterable[UUID], actor: Actor, now: datetime) -> dict[UUID, About]:
    """The records of these identifiers."""
    wanted = set(ids)
    if not wanted:
        return {}
    record = t.record.c
    may = sa.case((readable_by(connection, actor, now), 1), else_=0).label("may")
    way = (t.revision.c.meanings, t.revision.c.position)
    rows = sa.select(record.id, record.kind, record.code, record.state, may, *way).where(record.id.in_(wanted))
    rows = rows.outerjoin(t.revision, t.revision.c.record_id == record.id)
    return {
        row.id: About(
            row.id, lifecycle(row.kind), row.code, row.state, bool(row.may), _does(row.meanings, row.position)
        )
        for row in connection.execute(rows)
    }


def _does(meanings: list[str] | None, position: int | None) -> Does:
    return Does(meanings[position or 0]) if meanings and (position or 0) < len(meanings) else Does.ENDORSES


def papers_of(connection: sa.Connection, sitting_id: UUID) -> dict[int, list[Paper]]:
    """The files of what stands on the agenda now, by the number of the item, in the order of their names."""
    item, file = t.agenda_item.c, t.attachment.c
    rows = (
        sa.select(file.id, item.no, file.name, file.sha256)
        .join(t.attachment, file.record_id == item.about_id)
        .where(item.record_id == sitting_id, item.removed_at.is_(None), file.removed_by_id.is_(None))
    )
    found: dict[int, list[Paper]] = defaultdict(list)
    for row in sorted(connection.execute(rows), key=lambda row: (sort_key(row.name), row.sha256)):
        found[row.no].append(Paper(*row))
    return found


@dataclass(frozen=True, slots=True)
class Postponed:
    """A question that a body has put off: documents wait by themselves, this waits for its secretary to remember it."""

    title: str
    speaker: str
    held_on: date


def postponed(connection: sa.Connection, body_id: UUID, day: date) -> list[Postponed]:
    """What the body's sittings of the last year put off, and that has come on no agenda since; the oldest first."""
    item, sitting, record = t.agenda_item.c, t.sitting.c, t.record.c
    rows = connection.execute(
        sa.select(item.title, item.speaker, item.decision, record.state, sitting.held_on)
        .join(t.sitting, sitting.record_id == item.record_id)
        .join(t.record, record.id == item.record_id)
        .where(sitting.body_id == body_id, sitting.held_on >= day - REMEMBERED)
        .where(item.about_id.is_(None), item.removed_at.is_(None), record.state != "cancelled")
        .order_by(sitting.held_on, record.id, item.place)
    )
    last: dict[str, Postponed | None] = {}
    for row in rows:
        put_off = row.state == "closed" and row.decision == "postpone"
        last.pop(row.title, None)  # so that what was put off again counts from then
        last[row.title] = Postponed(row.title, row.speaker or "", row.held_on) if put_off else None
    return [one for one in last.values() if one]


def as_sent(papers: dict[int, list[Paper]]) -> dict[str, Any]:
    """The same papers as a sitting keeps those that were sent: name and SHA-256, by the number of the item."""
    return {str(no): sorted([one.name, one.sha256] for one in some) for no, some in papers.items()}
