"""What a council has done with a document: what its route had the council do, said in one place for all who say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.permitted import readable_by
from states.routes import Does
from states.text import Text

# What letting a document go on is called where its route has the body do something else than endorse it.
_LETS_ON: Final[Mapping[tuple[str, Does], Text]] = {
    ("endorse", Does.DISCUSSES): Text("Талкууланды", "Обсуждено", "Discussed"),
    ("endorse", Does.APPROVES): Text("Бекитилди", "Утверждено", "Approved"),
    ("endorse_with_amendments", Does.DISCUSSES): Text(
        "Талкууланды, өзгөртүүлөр киргизилсин", "Обсуждено, внести изменения", "Discussed, to be amended"
    ),
    ("endorse_with_amendments", Does.APPROVES): Text(
        "Өзгөртүүлөр менен бекитилди", "Утверждено с изменениями", "Approved with amendments"
    ),
}


def does_of(fields: Mapping[str, Any]) -> dict[str, Does]:
    """What each body of a revision's route does with it, by the body's code; `fields` are the revision's."""
    bodies, meanings = fields.get("route") or (), fields.get("meanings") or ()
    return {code: Does(does) for code, does in zip(bodies, meanings, strict=False)}


def decides(fields: Mapping[str, Any]) -> Does | None:
    """What the body does that a revision waits for now; None of what has no route."""
    meanings, position = fields.get("meanings") or (), fields.get("position") or 0
    return Does(meanings[position]) if position < len(meanings) else None


def outcome(decision: str, does: Does | None) -> Text | None:
    """What a decision is called where the route has the body discuss or approve; None where its own name fits."""
    return _LETS_ON.get((decision, does)) if does else None


def meant(move: str, does: Does | None) -> Text | None:
    """What a signature on a decision of a body means by the route, amended or not; None where it is as it was kept."""
    if does is None or (move, does) not in _LETS_ON:
        return None
    return Text(*(word[0].lower() + word[1:] for word in _LETS_ON["endorse", does]))


@dataclass(frozen=True, slots=True)
class Sat:
    """The sitting whose protocol holds a decision, and whether whoever asks may read all of it."""

    id: UUID
    body_id: UUID
    protocol_no: str
    held_on: date
    readable: bool


def sittings_on(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> list[Sat]:
    """The closed sittings that had a record on their agenda. Whoever may read it has their extracts about it."""
    item, sitting, record = t.agenda_item.c, t.sitting.c, t.record.c
    may = sa.case((readable_by(connection, actor, now, "sitting"), 1), else_=0)
    found = (
        sa.select(sitting.record_id, sitting.body_id, sitting.protocol_no, sitting.held_on, may)
        .join(t.record, record.id == sitting.record_id)
        .join(t.agenda_item, item.record_id == sitting.record_id)
        .where(item.about_id == record_id, item.removed_at.is_(None), record.kind == "sitting")
        .where(record.state == "closed")
        .order_by(record.closed_at)
    )
    return [Sat(*row[:4], bool(row[4])) for row in connection.execute(found)]
