"""Makes the moves of the demonstration's tales, each by somebody who may make it, through the one write path."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.demo.tales import Stop, Tale, dates_for, words_for
from service.moves import move
from service.opening import open_record
from service.organisation import Actor, Organisation, organisation
from service.subject import Subject, holder, load, roles_of
from states.lifecycle import Field, Move, permits
from states.refusals import NotYours
from states.registry import lifecycle
from states.roles import Role
from states.working_days import today


class Teller:
    """Tells one stop after another, in the order of time; keeps count of protocols and orders."""

    def __init__(self) -> None:
        self._sittings: dict[tuple[str, date], int] = {}
        self._bodies: Counter[str] = Counter()
        self._items: Counter[tuple[str, date]] = Counter()
        self._orders = 137

    def tell(self, connection: sa.Connection, tale: Tale, stop: Stop, now: datetime, until: date | None) -> None:
        """Make the move of the stop at `now`. Raises any Refusal: then the tale is told wrongly."""
        snapshot = organisation(connection)
        if stop.move == "open":
            self._open(connection, tale, snapshot, now, until)
            return
        if tale.record_id is None:
            tale.record_id = _in_force(connection, tale.row["document"])
        subject = load(connection, tale.record_id)
        declared = subject.lifecycle.moves[stop.move]
        day = today(now)
        given = {
            **self._facts(subject, declared, day),
            **_worded(declared.records, words_for(tale, stop.move)),
            **dict(dates_for(declared.records, day, until)),
        }
        move(connection, tale.record_id, stop.move, _who(subject, declared, snapshot, day), given, now)

    def _open(
        self, connection: sa.Connection, tale: Tale, snapshot: Organisation, now: datetime, until: date | None
    ) -> None:
        one = lifecycle(tale.lifecycle)
        day = today(now)
        given = {**_worded(one.opens, tale.row), **dict(dates_for(one.opens, day, until))}
        parent_id = tale.parent.record_id if tale.parent else None
        actor = _reporter(connection, tale, snapshot, day)
        tale.record_id = open_record(connection, one.name, given, actor, now, parent_id=parent_id).record_id

    def _facts(self, subject: Subject, declared: Move, day: date) -> dict[str, Any]:
        """Numbers of protocols and orders, items and votes, where the move is a decision."""
        if declared.decision == "order":
            self._orders += 1
            return {"order_no": f"01-12/{self._orders}"}
        if declared.decision != "body":
            return {}
        body = subject.fields["route"][subject.fields["position"]]
        sitting = (body, day)
        if sitting not in self._sittings:
            self._bodies[body] += 1
            self._sittings[sitting] = self._bodies[body]
        self._items[sitting] += 1
        return {
            "protocol_no": str(self._sittings[sitting]),
            "agenda_item": str(self._items[sitting]),
            "votes_for": 11 + day.toordinal() % 8,
            "votes_against": int(day.toordinal() % 5 == 0),
            "votes_abstained": day.toordinal() % 3,
        }


def _worded(fields: tuple[Field, ...], words: Any) -> dict[str, Any]:
    return {field.name: words[field.name] for field in fields if field.kind != "date" and words.get(field.name)}


def _who(subject: Subject, declared: Move, snapshot: Organisation, day: date) -> Actor:
    """Somebody who may make the move, looked for in the order in which the declaration names the parts."""
    for actor in _candidates(subject, declared, snapshot, day):
        if permits(declared, roles_of(actor, subject.fields, snapshot)):
            return actor
    raise NotYours(move=declared.label, who=tuple(role.label for role in declared.by))


def _candidates(subject: Subject, declared: Move, snapshot: Organisation, day: date) -> Iterator[Actor]:
    for role in declared.by:
        for person in holder(role, subject.fields, snapshot).readers(snapshot, day):
            yield snapshot.actor(person, day)


def _reporter(connection: sa.Connection, tale: Tale, snapshot: Organisation, day: date) -> Actor:
    """Who opens the record: whoever reports it, or the owner of the document or of the nonconformity."""
    posts = {post.code: post.id for post in snapshot.posts.values()}
    post_id: UUID | None = posts.get(tale.row.get("reporter", ""))
    if tale.parent and tale.parent.record_id:
        post_id = load(connection, tale.parent.record_id).fields["owner_post_id"]
    elif tale.lifecycle == "document":
        owner = sa.select(t.document.c.owner_post_id).where(t.document.c.code == tale.row["document"])
        post_id = connection.execute(owner).scalar_one()
    post_id = post_id or snapshot.post_of(Role.QUALITY_SPECIALIST)
    return snapshot.actor(snapshot.readers(post_id, day)[0], day)


def _in_force(connection: sa.Connection, code: str) -> UUID:
    found: UUID = connection.execute(
        sa.select(t.revision.c.record_id)
        .join(t.document, t.document.c.id == t.revision.c.document_id)
        .where(t.document.c.code == code, t.revision.c.in_force)
    ).scalar_one()
    return found
