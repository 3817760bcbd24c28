"""What has happened to a record: its history, entry by entry, and the decisions taken on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from service.reading.tasks import move_label
from states.lifecycle import Lifecycle
from states.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record's history; `actor` None is Sapat itself."""

    seq: int
    at: datetime
    actor: Text | None
    acting_for: Text | None
    move: Text
    move_name: str
    from_state: str
    to_state: str
    from_label: Text | None
    to_label: Text
    given: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as it is kept; `who` is the body or the rector."""

    kind: str
    who: Text
    move: Text
    move_name: str
    number: str
    decided_on: Any
    agenda_item: str | None
    votes: tuple[int | None, int | None, int | None]
    wording: str | None
    in_force_on: Any


def history_of(connection: sa.Connection, record_id: UUID, one: Lifecycle) -> list[Entry]:
    """A record's history, the first entry first."""
    people = organisation(connection).people
    rows = connection.execute(sa.select(t.history).where(t.history.c.record_id == record_id).order_by(t.history.c.seq))
    return [
        Entry(
            seq=row.seq,
            at=row.at,
            actor=people[row.actor_id].name if row.actor_id else None,
            acting_for=people[row.acting_for_id].name if row.acting_for_id else None,
            move=move_label(one, row.move),
            move_name=row.move,
            from_state=row.from_state,
            to_state=row.to_state,
            from_label=one.steps[row.from_state].label if row.from_state else None,
            to_label=one.steps[row.to_state].label,
            given=row.given,
            hash=row.hash,
        )
        for row in rows
    ]


def decisions_of(connection: sa.Connection, record_id: UUID, one: Lifecycle) -> list[DecisionView]:
    """The decisions on a record, the first one first."""
    snapshot = organisation(connection)
    bodies = {body.id: body.name for body in snapshot.bodies.values()}
    rows = connection.execute(
        sa.select(t.decision).where(t.decision.c.record_id == record_id).order_by(t.decision.c.id)
    )
    rector = Text("ректор", "ректор", "rector")
    return [
        DecisionView(
            kind=row.kind,
            who=bodies[row.body_id] if row.body_id else rector,
            move=move_label(one, row.move),
            move_name=row.move,
            number=row.number.lstrip("№ "),  # the label says it
            decided_on=row.decided_on,
            agenda_item=row.agenda_item,
            votes=(row.votes_for, row.votes_against, row.votes_abstained),
            wording=row.wording,
            in_force_on=row.in_force_on,
        )
        for row in rows
    ]
