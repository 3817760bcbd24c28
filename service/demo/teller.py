"""Makes the moves of the demonstration's tales, each by somebody who may make it, through the one write path."""

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.demo.casting import who_may
from service.demo.several import BEFORE, prepare
from service.demo.tales import Stop, Tale, dates_for, words_for
from service.demo.texts import docx
from service.files.attachments import remember
from service.files.store import Store
from service.moves import move
from service.opening import open_record
from service.organisation import Actor, Organisation, organisation
from service.signing import Proof
from service.subject import Subject, load
from states.lifecycle import Field, Move
from states.registry import lifecycle
from states.roles import Role
from states.working_days import today


class Teller:
    """Tells one stop after another, in the order of time; keeps count of protocols and orders.

    With a store, each revision has its text as a file, and one that was endorsed with amendments the amended text.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
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
        actor = who_may(subject, declared, snapshot, day)
        if stop.move in BEFORE:
            BEFORE[stop.move](connection, subject, tale.row.get("key", ""), actor, now)
        if stop.move == "enter_amendments":
            self._attach(connection, subject, actor, now, _AMENDED, words_for(tale, stop.move).get("clauses", ""))
        move(connection, tale.record_id, stop.move, actor, given, now, proof=Proof("demonstration", now))

    def _open(
        self, connection: sa.Connection, tale: Tale, snapshot: Organisation, now: datetime, until: date | None
    ) -> None:
        one = lifecycle(tale.lifecycle)
        day = today(now)
        given = {**_worded(one.opens, tale.row), **dict(dates_for(one.opens, day, until))}
        parent_id = tale.parent.record_id if tale.parent else None
        actor = _reporter(connection, tale, snapshot, day)
        tale.record_id = open_record(connection, one.name, given, actor, now, parent_id=parent_id).record_id
        if tale.lifecycle == "audit":
            prepare(connection, load(connection, tale.record_id), tale.row["key"], now)
        if tale.lifecycle == "document":
            self._attach(connection, load(connection, tale.record_id), actor, now, "", tale.row["summary"])

    def _attach(
        self, connection: sa.Connection, subject: Subject, actor: Actor, now: datetime, more: str, words: str
    ) -> None:
        """The author puts a text to a revision: its title, and what was written about it."""
        if self._store is None or actor.person_id is None:
            return
        fields = subject.fields
        kept = self._store.keep(docx(fields["title"], [fields["code"], words]))
        remember(connection, self._store, kept, now, actor.person_id)
        named = {**asdict(kept), "name": f"{fields['code'].replace('/', '-')}{more}.docx"}
        move(connection, subject.id, "attach_file", actor, {"file": named}, now)

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


_AMENDED = " (өзгөртүүлөр менен)"


def _worded(fields: tuple[Field, ...], words: Any) -> dict[str, Any]:
    return {field.name: words[field.name] for field in fields if field.kind != "date" and words.get(field.name)}


def _reporter(connection: sa.Connection, tale: Tale, snapshot: Organisation, day: date) -> Actor:
    """Who opens the record: whoever reports it, or the owner of the document or of the nonconformity."""
    posts = {post.code: post.id for post in snapshot.posts.values()}
    post_id: UUID | None = posts.get(tale.row.get("reporter", ""))
    if tale.parent and tale.parent.record_id:
        post_id = load(connection, tale.parent.record_id).fields["owner_post_id"]
    elif tale.lifecycle == "document":
        owner = sa.select(t.document.c.owner_post_id).where(t.document.c.code == tale.row["document"])
        post_id = connection.execute(owner).scalar_one()
        if post_id in snapshot.posts_of_role(Role.RECTOR):
            post_id = None  # nobody approves what they have written themselves
    post_id = post_id or snapshot.post_of(Role.QUALITY_SPECIALIST)
    return snapshot.actor(snapshot.readers(post_id, day)[0], day)


def _in_force(connection: sa.Connection, code: str) -> UUID:
    found: UUID = connection.execute(
        sa.select(t.revision.c.record_id)
        .join(t.document, t.document.c.id == t.revision.c.document_id)
        .where(t.document.c.code == code, t.revision.c.in_force)
    ).scalar_one()
    return found
