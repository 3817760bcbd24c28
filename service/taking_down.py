"""One thing that is typed into the minutes of a sitting, as a page or a program sends it.

Of attendance and items only what a sitting decides about can be typed: who sits in the body and what stands on the
agenda are moves of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.minutes import add_row, cast_vote, keep, remove_row
from service.organisation import Actor, organisation
from service.parts import read_part
from service.reading.sittings import count
from service.subject import load
from states.lifecycle import Field
from states.refusals import Incomplete, Malformed, NotFound
from states.sitting_parts import ATTENDEE, BALLOT, INSTRUCTION, ITEM
from states.text import N_

PARTS: Final = ("agenda_item", "attendee", "ballot", "instruction")
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "agenda_item": ITEM.fields,
    "attendee": tuple(one for one in ATTENDEE.fields if one.name != "person"),
    "ballot": BALLOT.fields,
    "instruction": INSTRUCTION.fields,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `values` of fields of the row `no` of a part, over what `was` there; or that it is removed.

    Without a number: a new instruction; a vote (item, person, vote); and for everybody of whom nothing is said yet,
    their presence, or their vote where no person is named.
    """

    part: str
    values: Mapping[str, Any] = field(default_factory=dict)
    no: int | None = None
    was: Mapping[str, Any] | None = None
    removes: bool = False


def take_down(connection: sa.Connection, record_id: UUID, typed: Typed, actor: Actor, now: datetime) -> int | None:
    """Keep it; the number of the row where it is about one.

    Raises NotFound, NotYours, GuardUnmet, Incomplete, TypedOver; Malformed for what is none of these.
    """
    part, no = typed.part, typed.no
    if part not in PARTS:
        raise Incomplete({"part": N_("Choose one of the answers.")})
    if unknown := typed.values.keys() - {one.name for one in FIELDS[part]}:
        raise Incomplete(dict.fromkeys(unknown, N_("This is not asked for here.")))
    if part == "ballot":
        _vote(connection, record_id, typed, actor, now)
    elif typed.removes and part == "instruction" and no is not None:
        remove_row(connection, record_id, part, no, actor, now)
    elif typed.removes:
        raise Malformed(_NOT_REMOVED)
    elif no is not None:
        _known(connection, record_id, typed)
        keep(connection, record_id, part, no, typed.values, actor, now, was=typed.was)
    elif part == "instruction":
        _known(connection, record_id, typed)
        return add_row(connection, record_id, part, typed.values, actor, now)
    elif part == "attendee":
        _mark_the_rest(connection, record_id, typed.values.get("presence"), actor, now)
    else:
        raise Malformed(_NOT_ADDED)
    return no


def _known(connection: sa.Connection, record_id: UUID, typed: Typed) -> None:
    """Raise Incomplete for an item that is not on the agenda, or a proxy who is no member."""
    item, proxy = typed.values.get("item"), typed.values.get("proxy")
    if item not in (None, "") and str(item) not in {str(row["no"]) for row in _rows(connection, record_id, ITEM.name)}:
        raise Incomplete({"item": N_("Nothing here has this code. Choose one from the list.")})
    if proxy not in (None, ""):
        people = organisation(connection).people
        members = {people[row["person_id"]].code for row in _rows(connection, record_id, ATTENDEE.name)}
        if proxy not in members:
            raise Incomplete({"proxy": N_("They are no member of this body.")})


def _mark_the_rest(connection: sa.Connection, record_id: UUID, presence: Any, actor: Actor, now: datetime) -> None:
    """Say it of every member of whom nothing has been said."""
    if not presence:
        raise Incomplete({"presence": N_("This is needed.")})
    for row in _rows(connection, record_id, ATTENDEE.name):
        if row["presence"] is None:
            keep(connection, record_id, ATTENDEE.name, row["no"], {"presence": presence}, actor, now)


def _vote(connection: sa.Connection, record_id: UUID, typed: Typed, actor: Actor, now: datetime) -> None:
    item, person, vote = (typed.values.get(name) for name in ("item", "person", "vote"))
    number = _number(item)
    if number is None:
        raise Incomplete({"item": N_("Give a whole number, 0 or more.")})
    if not isinstance(vote, str | None) or not isinstance(person, str | None):
        raise Incomplete({"vote": N_("Write words here.")})
    for one in [person] if person is not None else _silent(connection, record_id, number):
        cast_vote(connection, record_id, number, one, vote or "", actor, now)


def _number(item: Any) -> int | None:
    """The number of an item, as an integer or its digits; of what is longer than any there is none."""
    if isinstance(item, str) and item.isascii() and item.isdigit() and len(item) <= _DIGITS:
        return int(item)
    return item if type(item) is int and 0 <= item < 10**_DIGITS else None


def _silent(connection: sa.Connection, record_id: UUID, item: int) -> list[str]:
    """Those who have a vote on an item and have not cast it, by code."""
    subject = load(connection, record_id)
    if subject.lifecycle.name != "sitting":
        raise NotFound
    parts = {name: _rows(connection, record_id, name) for name in PARTS}
    voted = {row["person_id"] for row in parts["ballot"] if row["item"] == item}
    people, voices = organisation(connection).people, count(subject.fields, parts).voices
    return sorted(people[one].code for one in voices - voted)


def _rows(connection: sa.Connection, record_id: UUID, part: str) -> list[Mapping[str, Any]]:
    return read_part(connection, record_id, part)


_DIGITS: Final = 6
_NOT_REMOVED = N_("Only instructions can be removed here; items are taken off the agenda by a move.")
_NOT_ADDED = N_("Items are added to the agenda by a move of the sitting.")
