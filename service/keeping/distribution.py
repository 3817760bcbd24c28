"""Whom documents concern: laid down by the quality specialist, for a type or for a document of its own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.concerned import Rules, concerned, laid_down
from service.keeping.change import alone, delete, insert, row_of
from service.keeping.given import Fields, read_given, works
from service.organisation import Actor, Organisation, organisation
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours
from states.roles import LABELS, Role
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text("документтер кимге тиешелүү экенин белгилөө", "рассылка документов", "whom documents concern")
ADDS: Final[Fields] = (
    Field("everybody", Text("Бардык кызматкерлер", "Все сотрудники", "Everybody"), "flag", required=False),
    Field(
        "unit",
        Text("Бөлүм", "Подразделение", "Unit"),
        "unit",
        required=False,
        help=Text("Ага караган бөлүмдөр менен кошо", "Со всем, что в него входит", "With all that belongs to it"),
    ),
    Field(
        "post",
        Text("Кызмат", "Должность", "Post"),
        "post",
        required=False,
        help=Text("Аны ким ээлесе, ошого", "Тот, кто её занимает", "Whoever holds it"),
    ),
    Field("person", Text("Адам", "Человек", "Person"), "person", required=False),
)


class Of(NamedTuple):
    """What is laid down: for all documents of a type, or for one document."""

    type_code: str | None = None
    document_id: UUID | None = None


def keeps(snapshot: Organisation, actor: Actor) -> bool:
    """Whether the actor lays down whom documents concern: a quality specialist, or Sapat itself."""
    return actor.person_id is None or snapshot.plays(actor, Role.QUALITY_SPECIALIST)


def must_keep(snapshot: Organisation, actor: Actor) -> None:
    """Raise NotYours unless the actor lays it down."""
    if not keeps(snapshot, actor):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def add_rule(connection: sa.Connection, of: Of, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """Everybody, a unit, a post or a person more; its identifier. Those are asked to read what is in force.

    Raises NotYours, NotFound, Incomplete, and GuardUnmet for what is laid down already.
    """
    act = _begin(connection, of, actor, now)
    values = read_given(act, ADDS, given)
    works(act.organisation.units, values["unit"], "unit")
    works(act.organisation.posts, values["post"], "post")
    named = [name for name in ("everybody", "unit", "post", "person") if values[name]]
    if len(named) != 1:
        raise Incomplete({"everybody" if named else "unit": N_("Choose one: everybody, a unit, a post or a person.")})
    row = {
        **of._asdict(),
        "everybody": values["everybody"],
        **{f"{name}_id": values[name] for name in ("unit", "post", "person")},
    }
    same = (t.distribution.c[name].is_not_distinct_from(value) for name, value in row.items())
    if connection.execute(sa.select(t.distribution.c.id).where(*same)).first():
        raise GuardUnmet(N_("This is laid down already."), N_("Choose somebody else."))
    rule_id = insert(act, t.distribution, "distribution.added", row, about_id=of.document_id)
    _give_out_anew(act, of)
    return rule_id


def remove_rule(connection: sa.Connection, of: Of, rule_id: UUID, actor: Actor, now: datetime) -> None:
    """One of them less. Who was asked already is still asked: the quality specialist can excuse them.

    Raises NotYours, NotFound.
    """
    act = _begin(connection, of, actor, now)
    row = row_of(act, t.distribution, rule_id)
    if Of(row["type_code"], row["document_id"]) != of:
        raise NotFound
    delete(act, t.distribution, "distribution.removed", row, about_id=of.document_id)
    _give_out_anew(act, of)  # without any row the type's hold, and without those what is usual


def how_many(connection: sa.Connection, of: Of, day: date) -> int:
    """How many people that concerns on `day`; of a type all of its documents together."""
    snapshot, laid = organisation(connection), laid_down(connection)
    people: set[UUID] = set()
    known: set[tuple[Any, ...]] = set()
    for row in connection.execute(sa.select(t.document).where(_theirs(of))).mappings():
        document = dict(row)
        if of.type_code and document["id"] in laid.by_document:
            continue
        rules: Rules = laid.of(document["id"], document["type_code"])
        place = tuple(document[name] for name in ("unit_id", "process_id", "owner_post_id", "campus_id"))
        if place not in known:
            people.update(concerned(snapshot, rules, document, day))
        known.add(place)
    return len(people)


def _begin(connection: sa.Connection, of: Of, actor: Actor, now: datetime) -> Act:
    must_keep(organisation(connection), organisation(connection).anew(actor, today(now)))
    act = alone(connection, actor, now)
    there = (
        sa.select(t.document.c.id).where(t.document.c.id == of.document_id)
        if of.document_id
        else sa.select(t.document_type.c.code).where(t.document_type.c.code == of.type_code)
    )
    if connection.execute(there).first() is None:
        raise NotFound
    return act


def _theirs(of: Of) -> sa.ColumnElement[bool]:
    document = t.document.c
    return document.id == of.document_id if of.document_id else document.type_code == of.type_code


def _give_out_anew(act: Act, of: Of) -> None:
    """Have the revisions in force looked at once more: whom they concern now, and who was not asked, is asked."""
    revisions = (
        sa.select(t.revision.c.record_id)
        .join(t.document, t.document.c.id == t.revision.c.document_id)
        .where(t.revision.c.in_force, _theirs(of))
    )
    file = t.controlled_file.c
    act.connection.execute(
        sa.update(t.controlled_file).where(file.record_id.in_(revisions)).values(distributed_at=None)
    )
