"""The minutes of a sitting while it lasts: each field kept as it is typed, so that nothing is lost when anything dies.

What is typed is no change of state: no history, no version, no task. It is bound once, by the move that closes the
protocol and signs all of it. Writing the same value twice does nothing, so a browser may send again what it is not sure
of; and one that typed over somebody else's words is told, not obeyed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.parts import next_no, read_part
from service.resolve import coded, resolve
from service.subject import Subject, all_roles, load
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours, Refusal
from states.sitting_fields import VOTES
from states.text import N_
from states.working_days import today


class TypedOver(Refusal):
    """Somebody else has written something else there since; `now` is what stands there, as it would be given."""

    status = 409
    code = "typed-over"
    says = N_("Somebody else has written here meanwhile: “%(now)s”.")
    next_step = N_("Put both together and save it again.")

    def __init__(self, now: Any = None, field: str = "") -> None:
        super().__init__(now="" if now is None else str(now))
        self.now, self.field = now, field


def keep(
    connection: sa.Connection,
    record_id: UUID,
    part: str,
    no: int,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    was: Mapping[str, Any] | None = None,
) -> None:
    """Keep what was typed into fields of a row; empty means nothing.

    `was` is what stood in a field when the typing began. Raises NotFound, NotYours, GuardUnmet, Incomplete, TypedOver.
    """
    subject, actor = _open(connection, record_id, part, actor, now)
    row = next((one for one in read_part(connection, record_id, part) if one["no"] == no), None)
    if row is None:
        raise NotFound
    fields = _fields(subject, part, given)
    values = _values(connection, fields, given, row, now)
    before = _values(connection, fields, was or {}, row, now)
    _require_fitting(connection, subject, part, row, values)
    by_column = {_column(field): field for field in fields}
    for name, value in values.items():
        if was is not None and name in before and row[name] not in (before[name], value):
            field = by_column[name]
            raise TypedOver(coded(connection, field.kind, row[name]), field.name)
    if not values:
        return
    table = t.record.metadata.tables[part]
    connection.execute(sa.update(table).where(table.c.record_id == record_id, table.c.no == no).values(values))


def add_row(
    connection: sa.Connection, record_id: UUID, part: str, given: Mapping[str, Any], actor: Actor, now: datetime
) -> int:
    """A new row of a part, with what is known of it; its number. Raises NotFound, NotYours, GuardUnmet, Incomplete."""
    subject, actor = _open(connection, record_id, part, actor, now)
    needed = {field.name for field in subject.lifecycle.parts[part].fields if field.required}
    if missing := needed - {name for name, value in given.items() if value not in (None, "")}:
        raise Incomplete(dict.fromkeys(missing, N_("This is needed.")))
    values = _values(connection, _fields(subject, part, given), given, {}, now)
    _require_fitting(connection, subject, part, {}, values)
    table, no = t.record.metadata.tables[part], next_no(connection, record_id, part)
    connection.execute(sa.insert(table).values(record_id=record_id, no=no, **values))
    return no


def remove_row(connection: sa.Connection, record_id: UUID, part: str, no: int, actor: Actor, now: datetime) -> None:
    """Take a row away again. Raises NotFound, NotYours, GuardUnmet."""
    _open(connection, record_id, part, actor, now)
    table = t.record.metadata.tables[part]
    there = (table.c.record_id == record_id) & (table.c.no == no) & table.c.removed_at.is_(None)
    if connection.execute(sa.update(table).where(there).values(removed_at=now)).rowcount != 1:
        raise NotFound


def cast_vote(
    connection: sa.Connection, record_id: UUID, item: int, person: str, vote: str, actor: Actor, now: datetime
) -> None:
    """How a member (by code) voted on an item; an empty vote takes it back.

    Raises NotFound, NotYours, GuardUnmet, Incomplete.
    """
    _open(connection, record_id, "ballot", actor, now)
    if vote and vote not in [choice.value for choice in VOTES]:
        raise Incomplete({"vote": N_("Choose one of the answers.")})
    about = next((one for one in read_part(connection, record_id, "agenda_item") if one["no"] == item), None)
    if about is None:
        raise NotFound
    if about["ballot"] != "by_name":
        raise Incomplete({"vote": N_("This item is not voted on by name.")})
    members = {one["person_id"] for one in read_part(connection, record_id, "attendee")}
    who = next((one.id for one in organisation(connection).people.values() if one.code == person), None)
    if who not in members:
        raise Incomplete({"person": N_("They are no member of this body.")})
    ballot = t.ballot.c
    theirs = (ballot.record_id == record_id) & (ballot.item == item) & (ballot.person_id == who)
    if not vote:
        connection.execute(sa.delete(t.ballot).where(theirs))
    elif connection.execute(sa.update(t.ballot).where(theirs).values(vote=vote)).rowcount == 0:
        row = {"record_id": record_id, "no": next_no(connection, record_id, "ballot"), "item": item}
        connection.execute(sa.insert(t.ballot).values(**row, person_id=who, vote=vote))


def _open(connection: sa.Connection, record_id: UUID, part: str, actor: Actor, now: datetime) -> tuple[Subject, Actor]:
    """The record, where that part may be typed into now, by this actor."""
    subject, snapshot = load(connection, record_id, for_change=True), organisation(connection)
    actor = snapshot.anew(actor, today(now))
    step = subject.lifecycle.steps[subject.state]
    if part not in subject.lifecycle.typed_in.get(subject.state, ()):
        raise GuardUnmet(
            N_("This is not written now: the state is “%(state)s”."),
            N_("After the protocol is closed, enter a correction."),
            state=step.label,
        )
    if step.owner not in all_roles(actor, subject.fields, snapshot):
        raise NotYours(move=subject.lifecycle.label, who=(step.owner.label,) if step.owner else ())
    return subject, actor


def _require_fitting(
    connection: sa.Connection, subject: Subject, part: str, row: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Raise Incomplete where what was typed into a row does not fit what stands there, or the sitting."""
    if values.get("due_on") and values["due_on"] <= subject.fields["held_on"]:
        raise Incomplete({"due_on": N_("Choose a day after the sitting.")})
    # A vote by name becomes no other one while it has votes: who voted how would stay, and be read.
    if row.get("ballot") == "by_name" != values.get("ballot", "by_name"):
        ballots = read_part(connection, subject.id, "ballot")
        if part == "agenda_item" and any(one["item"] == row["no"] for one in ballots):
            raise Incomplete({"ballot": N_("Votes were cast by name on this item. Take each of them back first.")})


def _fields(subject: Subject, part: str, given: Mapping[str, Any]) -> list[Field]:
    known = {field.name: field for field in subject.lifecycle.parts[part].fields}
    if unknown := given.keys() - known.keys():
        raise Incomplete(dict.fromkeys(unknown, N_("This is not asked for here.")))
    return [known[name] for name in given]


def _values(
    connection: sa.Connection, fields: list[Field], given: Mapping[str, Any], row: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """What was typed, by the columns that keep it. What must be said in the end may be empty while it is typed."""
    asked = [replace(field, required=False) for field in fields if field.name in given]
    typed = parse_given(asked, {key: value for key, value in given.items() if value not in (None, "")})
    # Who sits in a body need not hold a post here; whoever is instructed must.
    day = today(now) if any(field.kind == "post" for field in asked) else None
    found = resolve(organisation(connection), connection, asked, typed, day=day, present=row)
    columns = {field.name: _column(field) for field in asked}
    needed = {field.name for field in fields if field.required or field.name == "ballot"}
    if empty := [name for name in needed & found.keys() if found[name] is None]:
        raise Incomplete(dict.fromkeys(empty, N_("This is needed.")))
    return {columns[name]: value for name, value in found.items()}


def _column(field: Field) -> str:
    return f"{field.name}_id" if field.kind in ("person", "post") else field.name
