"""A file that a record had once: when it was taken out, and to which sittings it had been sent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.permitted import readable_by, require_readable
from service.reading.tasks import move_label
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import Text


@dataclass(frozen=True, slots=True)
class SentTo:
    """A sitting whose members were sent a file."""

    id: UUID
    body: Text
    held_on: date
    begins_at: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A file that its record has no longer, by which move, when and why; `sha256` in hex."""

    name: str
    sha256: str
    record_id: UUID
    lifecycle: Lifecycle
    code: str
    title: str
    move: Text
    at: datetime
    reason: str
    sent_to: tuple[SentTo, ...]


def taken_out(connection: sa.Connection, attachment_id: UUID, actor: Actor, now: datetime) -> TakenOut:
    """The file of that identifier, for whoever may read its record. Raises NotFound; for one that is there too."""
    row = connection.execute(_TAKEN, {"of": attachment_id}).one_or_none()
    if row is None:
        raise NotFound
    require_readable(connection, row.record_id, actor, now)
    one = lifecycle(row.kind)
    sent = tuple(_sent(connection, row, actor, now))
    label, reason = move_label(one, row.move), str(row.given.get("reason") or "")
    return TakenOut(row.name, row.sha256, row.record_id, one, row.code, row.title, label, row.at, reason, sent)


def _sent(connection: sa.Connection, row: sa.Row[tuple[object, ...]], actor: Actor, now: datetime) -> list[SentTo]:
    """The sittings, of those that may be read, the last one first."""
    bodies = {one.id: one for one in organisation(connection).bodies.values()}
    item, sitting, record = t.agenda_item.c, t.sitting.c, t.record.c
    rows = (
        sa.select(record.id, sitting.body_id, sitting.held_on, sitting.begins_at, sitting.papers, item.no)
        .join(t.sitting, sitting.record_id == record.id)
        .join(t.agenda_item, item.record_id == record.id)
        .where(item.about_id == row.record_id, readable_by(connection, actor, now))
        .order_by(sitting.held_on.desc(), record.id)
    )
    paper = [row.name, row.sha256]
    return [
        SentTo(one.id, bodies[one.body_id].name, one.held_on, one.begins_at)
        for one in connection.execute(rows)
        if paper in (one.papers or {}).get(str(one.no), ())
    ]


_TAKEN = (
    sa.select(t.attachment.c.name, t.attachment.c.sha256, t.attachment.c.record_id)
    .add_columns(*(t.record.c[name] for name in ("kind", "code", "title")))
    .add_columns(*(t.history.c[name] for name in ("move", "at", "given")))
    .join(t.record, t.record.c.id == t.attachment.c.record_id)
    .join(t.history, t.history.c.id == t.attachment.c.removed_by_id)
    .where(t.attachment.c.id == sa.bindparam("of"))
)
