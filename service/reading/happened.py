"""What has happened to a record: its history, entry by entry, and the decisions taken on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation, organisation
from service.reading.authors import CONFIDENTIAL, is_the_authors, told_given, without_flag
from service.reading.decided import does_of, meant, outcome
from service.reading.tasks import move_label
from states.lifecycle import Lifecycle
from states.roles import Role
from states.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record's history; `actor` None is Sapat itself. `post` is the one in which they did it.

    One that is `hidden` does not say who did it to whoever reads it. One of which something is withheld has no hash
    either: whoever has it could try out what was recorded.
    """

    id: UUID
    seq: int
    at: datetime
    actor: Text | None
    acting_for: Text | None
    post: Text | None
    signed: bool
    move: Text
    move_name: str
    from_state: str
    to_state: str
    from_label: Text | None
    to_label: Text
    given: dict[str, Any]
    hash: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as it is kept; `who` is the body, or the post in which somebody approved.

    `move` says what it was by the route of the document, and so does `means` of a signature on it, where that is
    something else than was declared. `body_id` is None where no body decided.
    """

    history_id: UUID
    kind: str
    body_id: UUID | None
    who: Text
    move: Text
    move_name: str
    number: str
    decided_on: Any
    agenda_item: str | None
    votes: tuple[int | None, int | None, int | None]
    wording: str | None
    in_force_on: Any
    means: Text | None = None


def history_of(
    connection: sa.Connection,
    record_id: UUID,
    one: Lifecycle,
    *,
    knows_author: bool = True,
    untold: frozenset[str] = frozenset(),
) -> list[Entry]:
    """A record's history, the first entry first, for somebody who is told who its author is or is not.

    `untold` are the names of what is withheld from them.
    """
    snapshot = organisation(connection)
    rows = connection.execute(sa.select(t.history).where(t.history.c.record_id == record_id).order_by(t.history.c.seq))
    entries = rows.all()
    author_id = None if knows_author or not entries else entries[0].actor_id
    return [
        _entry(row, one, snapshot, not knows_author and is_the_authors(one, row, author_id), untold) for row in entries
    ]


def _entry(row: Any, one: Lifecycle, snapshot: Organisation, hidden: bool, untold: frozenset[str]) -> Entry:
    given = told_given(row.given, untold)
    people, posts = ({}, {}) if hidden else (snapshot.people, snapshot.posts)
    return Entry(
        id=row.id,
        seq=row.seq,
        at=row.at,
        actor=CONFIDENTIAL if hidden else people[row.actor_id].name if row.actor_id else None,
        acting_for=people[row.acting_for_id].name if row.acting_for_id in people else None,
        post=posts[row.post_id].name if row.post_id in posts else None,
        signed=row.signature is not None,
        move=move_label(one, row.move),
        move_name=row.move,
        from_state=row.from_state,
        to_state=row.to_state,
        from_label=one.steps[row.from_state].label if row.from_state else None,
        to_label=one.steps[row.to_state].label,
        given=without_flag(given) if hidden else given,
        hash="" if hidden or given != row.given else row.hash,
        hidden=hidden,
    )


def decisions_of(
    connection: sa.Connection, record_id: UUID, one: Lifecycle, fields: Mapping[str, Any]
) -> list[DecisionView]:
    """The decisions on a record, the first one first; `fields` are the record's, which say its route."""
    snapshot, does = organisation(connection), does_of(fields)
    bodies = {body.id: body for body in snapshot.bodies.values()}
    said = {body.id: does.get(body.code) for body in bodies.values()}
    rows = connection.execute(
        sa.select(t.decision, t.history.c.post_id)
        .join(t.history, t.history.c.id == t.decision.c.history_id)
        .where(t.decision.c.record_id == record_id)
        .order_by(t.decision.c.id)
    )
    return [
        DecisionView(
            history_id=row.history_id,
            kind=row.kind,
            body_id=row.body_id,
            who=bodies[row.body_id].name if row.body_id else _approver(snapshot, row.post_id),
            move=outcome(row.move, said.get(row.body_id)) or move_label(one, row.move),
            move_name=row.move,
            number=row.number.lstrip("№ "),  # the label says it
            decided_on=row.decided_on,
            agenda_item=row.agenda_item,
            votes=(row.votes_for, row.votes_against, row.votes_abstained),
            wording=row.wording,
            in_force_on=row.in_force_on,
            means=meant(row.move, said.get(row.body_id)),
        )
        for row in rows
    ]


def _approver(snapshot: Organisation, post_id: UUID | None) -> Text:
    """The post in which somebody approved; where none was written down, it was the rector's."""
    post = snapshot.posts.get(post_id) if post_id else None
    return post.name if post else Role.RECTOR.label
