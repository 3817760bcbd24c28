"""What a record, or one of its parts, has now, as a move would be given it: what forms are filled in with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from service.organisation import Organisation, PersonFacts, PostFacts, UnitFacts
from service.reading.mentioned import Mentioned, kept
from service.resolve import coded
from states.lifecycle import Field, Lifecycle, Move

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Coder:
    """The way back from identifiers to the codes that people give, out of what has been read already."""

    connection: sa.Connection
    snapshot: Organisation
    mentioned: Mentioned

    def code(self, kind: str, value: Any) -> Any:
        """What one would give for a value of that kind; of something that is not there any more, nothing."""
        if value is None:
            return None
        if kind == "people":
            return _codes(self.snapshot.people, value)
        if kind == "records":
            records = self.mentioned.records
            return [records[UUID(one)].code for one in value if UUID(one) in records]
        if kind == "document" and value in self.mentioned.documents:
            return self.mentioned.documents[value].code
        among: Mapping[str, Mapping[UUID, PersonFacts | PostFacts | UnitFacts]] = {
            "post": self.snapshot.posts,
            "unit": self.snapshot.units,
            "person": self.snapshot.people,
        }
        if kind in among:
            return next(iter(_codes(among[kind], [value])), None)
        return coded(self.connection, kind, value)

    def values(self, fields: Iterable[Field], row: Row) -> dict[str, Any]:
        """What the row holds for these fields, by their names; files are left out, as they are given anew."""
        return {one.name: self.code(one.kind, kept(row, one.name)) for one in fields if one.kind not in _GIVEN_ANEW}


def present(move: Move, one: Lifecycle, fields: Row, coder: Coder, day: date) -> dict[str, Any]:
    """What the record has now of what the move sets under the same name.

    Where somebody says why one thing becomes another, the new one is theirs to say; and no deadline that has passed is
    offered again.
    """
    said = [one for one in move.records if one.name != "reason"]
    if move.part or (len(said) == 1 and len(said) < len(move.records)):
        return {}
    set_by_it = [one for one in said if one.name in move.sets or f"{one.name}_id" in move.sets]
    deadlines = {step.deadline.on for step in one.steps.values() if step.deadline}
    values = coder.values(set_by_it, fields)
    past = {name for name in values if name in deadlines and isinstance(values[name], date) and values[name] < day}
    return {name: value for name, value in values.items() if value not in (None, []) and name not in past}


def _codes(known: Mapping[UUID, PersonFacts | PostFacts | UnitFacts], values: Iterable[Any]) -> list[str]:
    found = (value if isinstance(value, UUID) else UUID(str(value)) for value in values)
    return [known[one].code for one in found if one in known]


_GIVEN_ANEW = frozenset({"file", "attachment"})
