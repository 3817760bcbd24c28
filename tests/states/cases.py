"""Records as the lifecycles see them, for any move of any lifecycle."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from states.lifecycle import Case, Field, Lifecycle, Move
from states.registry import lifecycles
from states.roles import Role
from states.routes import usual
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
    "author_id": "автор",
    "reader_id": None,
    "nc_kind": "programme",
    "requirement": None,
    "impact": None,
    "risk": None,
    "severity": "major",
    "original_complete_by": None,
    "rounds": 0,
    "reopened": 0,
    "occurred_on": None,
    "found_on": TODAY,
    "title": "сөз",
    "found": "сөз",
    "source": "monitoring",
    "extension_reason": "сөз",
    "type_route": usual(("educational_methodical_council", "academic_council")).facts,
    "meanings": ("endorses", "approves"),
    "approver_post_id": None,
    "by_order": True,
    "in_force_on": None,
    "criterion": "сөз",
    "due_on": TODAY,
    "original_due_on": YESTERDAY,
    "implemented_on": None,
    "extensions": 0,
    "requested_due_on": TOMORROW,
    "checks": 0,
    "owner_post_id": "жооптуунун кызматы",
    "checker_post_id": None,
    "parent_id": None,
    "process_id": None,
    "unit_id": "бөлүм",
    "carried_out_on": YESTERDAY,
    "held_on": TODAY,
    "quorum": "half",
    "majority": "present",
    "proxies": True,
    "papers": {"1": [["сөз.pdf", "0"]]},
    "chair_id": "биринчи",
}
# What can be asked about a record by a name.
ASKED: Mapping[str, Any] = {
    "waiting": [{"about_id": "жазуу", "title": "сөз", "speaker": None}],
    "members": ["мүчө"],
    "sits": frozenset({"сөз"}),
    "titled": lambda day: f"кеңеш, {day}",
    "papers": {"1": [["сөз.pdf", "0"]]},
    "protocol_numbers": frozenset({"7"}),
    "elsewhere": frozenset(),
    "council_day": None,
    "order_under": lambda _number, _day: None,
}
CHILDREN: tuple[Mapping[str, int], ...] = ({}, {"planned": 1}, {"closed": 1}, {"planned": 1, "closed": 1})
# What a move records, where it is not what its kind is filled with.
GIVEN: Mapping[str, Any] = {
    "new_due_on": TOMORROW,
    "check_on": TODAY + timedelta(days=10),
    "votes_for": 2,
    "cause": 2,
    "because_of": 1,
    "similar_checked": "found",
    "begins_at": "14:00",
}
FINAL_CHILDREN = frozenset({"closed"})

CAUSES: tuple[Mapping[str, Any], ...] = (
    {"no": 1, "because_of": None, "code": None, "no_action": None},
    {"no": 2, "because_of": 1, "code": "1/M1", "no_action": "сөз"},
)
FINDING: Mapping[str, Any] = {
    "no": 1,
    "kind": "nonconformity",
    "title": "сөз",
    "found": "сөз",
    "nc_kind": "programme",
    "requirement": None,
    "requirement_document_id": None,
    "clause": None,
    "raised": False,
}
_STEP: Mapping[str, Any] = {"no": 1, "title": "сөз", "step_due_on": None, "done_on": YESTERDAY}
ITEM: Mapping[str, Any] = {
    "no": 1,
    "place": 1,
    "about_id": "жазуу",
    "title": "сөз",
    "ballot": "open",
    "majority": None,
    "votes_for": 2,
    "votes_against": 0,
    "votes_abstained": 0,
    "decision": "endorse",
    "wording": "сөз",
}
MEMBER: Mapping[str, Any] = {"no": 1, "person_id": "биринчи", "presence": "present", "proxy_id": None}
AWAY: Mapping[str, Any] = {"no": 3, "person_id": "үчүнчү", "presence": "excused", "proxy_id": "биринчи"}
MEMBERS = (MEMBER, {**MEMBER, "no": 2, "person_id": "экинчи", "presence": "online"}, AWAY)
INSTRUCTION: Mapping[str, Any] = {"no": 1, "item": 1, "what": "сөз", "owner_post_id": "кызмат", "due_on": TOMORROW}
# What any record may have several of.
PARTS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "cause": CAUSES,
    "work_step": (_STEP,),
    "evidence": ({"no": 1, "what": "сөз", "evidence_on": TODAY, "file": None},),
    "question": ({"no": 1, "clause": None, "text": "сөз", "answer": "conforms", "note": None},),
    "finding": (FINDING,),
    "agenda_item": (ITEM,),
    "attendee": MEMBERS,
    "ballot": (),
    "instruction": (INSTRUCTION,),
    "correction": (),
}


@dataclass
class Circumstance:
    """One way in which things may stand when a move is made: what differs from `FIELDS`, `GIVEN`, `PARTS`."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    below: Mapping[str, Any] = field(default_factory=dict)
    above: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    plays: bool = False


_DATES = (
    *("decided_on", "in_force_on", "complete_by", "new_due_on", "implemented_on", "due_on", "other_due_on", "check_on"),
    *("planned_on", "carried_out_on", "evidence_on", "corrected_on", "done_on", "step_due_on", "concession_until"),
    *("occurred_on", "found_on", "known_on", "held_on", "returned_on"),
)
_KEPT: tuple[Mapping[str, Any], ...] = (
    {},
    {"type_route": usual(()).facts},
    {"position": 1},
    {"reviewed_on": YESTERDAY},
    {"in_force_on": YESTERDAY},
    {"held_on": TOMORROW},
    {"papers": {"1": [["башка.pdf", "1"]]}},
)
_ASKED: tuple[Mapping[str, Any], ...] = (
    {},
    {"votes_against": 3},
    {"attachment": "жок.pdf"},
    {"because_of": 2},
    {"cause": 1},
    {"causes_too": False},
    {"similar_checked": "none"},
    {"protocol_no": "7"},
    {"order_no": None},
    {"kind": "nonconformity", "nc_kind": None},
    *({name: day} for day in (YESTERDAY, TOMORROW) for name in _DATES),
)
_OPEN_ACTION = {"planned": 1}
# Two bodies have decided, and its type does without the third one by now.
_LONGER_ROUTE: Mapping[str, Any] = {
    "route": ("educational_methodical_council", "academic_council", "rectorate"),
    "meanings": ("endorses", "endorses", "approves"),
    "position": 2,
}


def _earlier(number: str, _day: date) -> Any:
    """An order that has the number already."""
    return SimpleNamespace(number=number, decided_on=YESTERDAY, code="сөз")


# What only one move looks at is tried by itself.
_PARTICULAR = (
    Circumstance(fields={"severity": "minor"}, given={"causes_too": False}),
    Circumstance(fields={"severity": "minor"}, given={"causes_too": False}, children=_OPEN_ACTION),
    Circumstance(fields={"parent_id": "туура келбөөчүлүк"}),
    Circumstance(fields={"author_id": None}),
    Circumstance(fields={"owner_post_id": "сөз"}),
    Circumstance(children=_OPEN_ACTION, below={"due_on": TOMORROW}),
    Circumstance(children=_OPEN_ACTION, below={"causes": [2]}),
    Circumstance(above={"state": "acting", "complete_by": YESTERDAY}),
    Circumstance(parts={"work_step": ({**_STEP, "done_on": None},)}),
    Circumstance(parts={"cause": ()}),
    Circumstance(parts={"cause": (CAUSES[0],)}),
    Circumstance(parts={"cause": ({**CAUSES[0], "code": "1/M1"},)}),
    Circumstance(parts={"question": ({**PARTS["question"][0], "answer": None},)}),
    Circumstance(parts={"finding": ({**FINDING, "raised": True},)}),
    Circumstance(parts={"finding": ({**FINDING, "nc_kind": None},)}),
    Circumstance(parts={"finding": ({**FINDING, "kind": "observation"},)}),
    Circumstance(asked={"waiting": []}),
    Circumstance(asked={"members": []}),
    Circumstance(asked={"council_day": TOMORROW}),
    Circumstance(asked={"order_under": _earlier}),
    Circumstance(parts={"agenda_item": ()}),
    Circumstance(parts={"agenda_item": ({**ITEM, "decision": None},)}),
    Circumstance(parts={"agenda_item": ({**ITEM, "decision": "resolved"},)}),
    Circumstance(parts={"agenda_item": ({**ITEM, "wording": None},)}),
    Circumstance(parts={"agenda_item": ({**ITEM, "votes_for": 4},)}),
    Circumstance(parts={"agenda_item": ({**ITEM, "votes_for": 1},)}),
    Circumstance(
        parts={
            "agenda_item": ({**ITEM, "ballot": "by_name"},),
            "ballot": ({"no": 1, "item": 1, "person_id": "башка", "vote": "for"},),
        }
    ),
    Circumstance(
        parts={
            "attendee": (
                *MEMBERS,
                {**MEMBER, "no": 4, "person_id": "бешинчи"},
                {**AWAY, "no": 5, "person_id": "алтынчы"},
            ),
            "agenda_item": ({**ITEM, "votes_for": 3},),
        }
    ),
    Circumstance(parts={"attendee": (MEMBER, {**MEMBERS[1], "presence": "absent"}, {**AWAY, "proxy_id": None})}),
    Circumstance(parts={"instruction": ({**INSTRUCTION, "due_on": None},)}),
    Circumstance(parts={"instruction": ({**INSTRUCTION, "due_on": TODAY},)}),
    Circumstance(fields={"chair_id": "үчүнчү"}),
    Circumstance(asked={"sits": frozenset({"башка"})}),
    Circumstance(fields={"held_on": YESTERDAY}),
    Circumstance(fields={"by_order": False}),
    Circumstance(fields=_LONGER_ROUTE),
    Circumstance(plays=True),
    Circumstance(fields={"reader_id": "башка адам"}),
)
CIRCUMSTANCES = (*(Circumstance(*one) for one in product(_KEPT, _ASKED, CHILDREN)), *_PARTICULAR)


def given(move: Move) -> dict[str, Any]:
    """All that the move asks for, filled in."""
    return {one.name: GIVEN.get(one.name, _filled(one)) for one in move.records}


def cases(move: Move, source: str, roles: frozenset[Role]) -> Iterator[Case]:
    """The move about to be made under every circumstance that it could notice."""
    filled = given(move)
    for one in CIRCUMSTANCES:
        if not one.given.keys() <= filled.keys():
            continue
        unfinished = sum(count for state, count in one.children.items() if state not in FINAL_CHILDREN)
        yield Case(
            source,
            {**FIELDS, **one.fields},
            TODAY,
            roles,
            {**filled, **one.given},
            one.children,
            unfinished,
            frozenset({"сөз"}),
            below=[_action(state, **one.below) for state in one.children],
            parts={**PARTS, **one.parts},
            plays=_everybody if one.plays else _nobody,
            above=_gives(one.above),
            ask={**ASKED, **one.asked}.__getitem__,
        )


def _gives(fields: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
    return lambda: fields


def _everybody(_person: Hashable, _role: Role) -> bool:
    return True


def _nobody(_person: Hashable, _role: Role) -> bool:
    return False


def _action(state: str, **differs: Any) -> Mapping[str, Any]:
    """An action that hangs on the record."""
    closed = TODAY if state in FINAL_CHILDREN else None
    row = {"state": state, "due_on": TODAY, "closed_at": closed, "moved_at": TODAY, "causes": None, "round": 0}
    return {**row, **differs}


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
            *declared.parts.values(),
            *declared.opening_guards,
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
    if asked.kind == "flag":
        return True
    if asked.kind == "file":
        return {"sha256": "0" * 64, "name": "сөз.pdf", "size": 1, "media_type": "application/pdf"}
    filled: Mapping[str, Any] = {
        "date": TODAY,
        "number": 1,
        "part": 1,
        "parts": [1],
        "people": ["сөз"],
        "records": ["сөз"],
    }
    return filled.get(asked.kind, "сөз")
