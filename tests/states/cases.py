"""Records as the lifecycles see them, for any move of any lifecycle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from states.lifecycle import Case, Field, Lifecycle, Move
from states.registry import lifecycles
from states.roles import Role
from states.text import Text

TODAY = date(2026, 4, 6)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

ALL = list(lifecycles().values())
EACH = pytest.mark.parametrize("lifecycle", ALL, ids=repr)
EACH_MOVE = pytest.mark.parametrize(
    ("lifecycle", "move"),
    [pytest.param(one, move, id=f"{one.name}-{move.name}") for one in ALL for move in one.moves.values()],
)

# What any record may have kept; a new lifecycle with other typed fields adds them here.
FIELDS: Mapping[str, Any] = {
    "route": ("educational_methodical_council", "academic_council"),
    "position": 0,
    "review_months": 36,
    "reviewed_on": None,
    "requirement": None,
    "original_complete_by": None,
    "reopened": 0,
    "type_route": ("educational_methodical_council", "academic_council"),
    "in_force_on": None,
    "criterion": "сөз",
    "due_on": TODAY,
    "extensions": 0,
    "requested_due_on": TOMORROW,
}
CHILDREN: tuple[Mapping[str, int], ...] = ({}, {"planned": 1}, {"closed": 1}, {"planned": 1, "closed": 1})
GIVEN: Mapping[str, Any] = {"new_due_on": TOMORROW, "votes_for": 2}
FINAL_CHILDREN = frozenset({"closed"})


@dataclass
class Circumstance:
    """One way in which things may stand when a move is made."""

    fields: Mapping[str, Any]
    given: Mapping[str, Any]
    children: Mapping[str, int]


_DATES = ("decided_on", "in_force_on", "complete_by", "new_due_on", "implemented_on", "due_on", "other_due_on")
_KEPT: tuple[Mapping[str, Any], ...] = (
    {},
    {"type_route": ()},
    {"position": 1},
    {"reviewed_on": YESTERDAY},
    {"in_force_on": YESTERDAY},
)
_ASKED: tuple[Mapping[str, Any], ...] = (
    {},
    {"votes_against": 3},
    *({name: day} for day in (YESTERDAY, TOMORROW) for name in _DATES),
)
CIRCUMSTANCES = tuple(Circumstance(*one) for one in product(_KEPT, _ASKED, CHILDREN))


def given(move: Move) -> dict[str, Any]:
    """All that the move asks for, filled in."""
    return {one.name: GIVEN.get(one.name, _filled(one)) for one in move.records}


def cases(move: Move, source: str, roles: frozenset[Role]) -> Iterator[Case]:
    """The move about to be made under every circumstance."""
    for one in CIRCUMSTANCES:
        filled = given(move)
        filled |= {name: value for name, value in one.given.items() if name in filled}
        unfinished = sum(count for state, count in one.children.items() if state not in FINAL_CHILDREN)
        yield Case(source, {**FIELDS, **one.fields}, TODAY, roles, filled, one.children, unfinished)


def ready(move: Move, source: str, roles: frozenset[Role] | None = None) -> Case:
    """A case in which all guards of the move hold, and its actor is one of those who may make it."""
    for case in cases(move, source, frozenset(move.by[:1]) if roles is None else roles):
        if all(guard.holds(case) for guard in move.guards):
            return case
    raise AssertionError(f"no circumstance lets {move.name} happen: add it to CIRCUMSTANCES")


def parts(declared: object) -> Iterator[object]:
    """Everything in a declaration, however deep."""
    yield declared
    if isinstance(declared, Lifecycle):
        for one in (
            declared.label,
            declared.plural,
            *declared.opens,
            *declared.steps.values(),
            *declared.moves.values(),
        ):
            yield from parts(one)
    elif is_dataclass(declared):
        for one in fields(declared):
            yield from parts(getattr(declared, one.name))
    elif isinstance(declared, tuple) and not isinstance(declared, Text):
        for item in declared:
            yield from parts(item)


def _filled(asked: Field) -> Any:
    if asked.kind == "choice":
        return asked.choices[0].value
    return {"date": TODAY, "number": 1}.get(asked.kind, "сөз")
