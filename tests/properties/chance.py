"""What people give by chance: mostly what fits what they look at, now and then something that does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from states.lifecycle import Field
from tests.properties.stage import DOCUMENTS, FILE, PROCESS
from tests.support.university import BODIES, ENTRIES

Row = Mapping[str, Any]

# Dates of what has been; all others are of what will be.
_PAST: Final = frozenset(
    {
        *("decided_on", "found_on", "occurred_on", "known_on", "corrected_on"),
        *("implemented_on", "evidence_on", "carried_out_on", "done_on"),
    }
)
# How often what need not be given is given; half of the time unless said.
_GIVEN: Final = {
    "answer": 0.9,
    "because_of": 0.35,
    "causes": 0.9,
    "causes_too": 0.6,
    "checker_post": 0.3,
    "code": 0.95,
    "confidential": 0.15,
    "nc_kind": 0.9,
    "no_action": 0.4,
    "order_no": 0.95,
    "other_due_on": 0.2,
    "process": 0.2,
    "votes_for": 0.8,
}
ODD: Final = 0.04


@dataclass(slots=True)
class Sight:
    """What somebody sees who is about to give something.

    `documents` are those that may be revised, `codes` are those of nonconformities. Of the record: its `fields`, the
    `parts` that it has several of, the numbers of the causes `above` it, the records `below` it, the names of its
    `files`. `in_force` are documents in force, `protocol_nos` the number that a protocol should have, and others,
    `members` who sits in the body.
    """

    day: date
    random: Random
    people: Sequence[str]
    posts: Sequence[str]
    units: Sequence[str]
    documents: Sequence[str] = ()
    fields: Row = field(default_factory=dict)
    parts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    above: Sequence[int] = ()
    below: Sequence[Row] = ()
    files: Sequence[str] = ()
    codes: Sequence[str] = ()
    in_force: Sequence[str] = ()
    protocol_nos: Sequence[str] = ()
    members: Sequence[str] = ()


def given_for(fields: Sequence[Field], sight: Sight) -> dict[str, Any]:
    """What somebody gives for these fields; sometimes nothing, or what is not asked for."""
    random, given = sight.random, dict[str, Any]()
    for one in fields:
        if random.random() < _share(one, sight):
            given[one.name] = _value(one, given, sight)
    if random.random() < ODD / 2:
        given["nonsense"] = "1"
    return given


def _share(one: Field, sight: Sight) -> float:
    """How often the field is filled in."""
    if one.name == "due_on" and "due_on" in sight.fields and sight.fields["due_on"] < sight.day:
        return 0.9
    return 0.995 if one.required else _GIVEN.get(one.name, 0.5)


def _value(one: Field, given: Row, sight: Sight) -> Any:
    random = sight.random
    match one.kind:
        case "date":
            return _day(one.name, given, sight)
        case "number":
            return random.choice((0, 0, 1)) if one.name == "votes_against" else random.randint(1, 30)
        case "choice":
            return random.choice(one.choices).value
        case "flag":
            return random.random() < 0.5
        case "part" | "parts" | "attachment":
            return _of_its_own(one, sight)
        case "entry":
            return random.choice([f"{edition}/{code}" for of, edition, code, _ in ENTRIES if of == one.of])
        case "file":
            return {**FILE, "name": f"{random.randint(1, 999)}.txt"}
        case "people" | "records":
            among = sight.people if one.kind == "people" else sight.codes
            return random.sample(among, min(len(among), random.randint(0, 2)))
        case "document" if sight.in_force and random.random() > ODD:
            return random.choice(sight.in_force)
        case "person" if one.of and sight.members and random.random() > ODD:
            return random.choice(sight.members)
        case "document" | "process" | "post" | "unit" | "person" | "body":
            return _named(one.kind, sight)
        case "time":
            return random.choice(("9:30", "14.00")) if random.random() > ODD else random.choice(("25:00", "14"))
        case "line" if one.name == "protocol_no" and sight.protocol_nos:
            return sight.protocol_nos[0] if random.random() > ODD else random.choice(sight.protocol_nos)
        case "line" if one.name == "order_no":  # an order of a year has one day
            return str(random.randint(1, 900))
        case _:
            # The document to be revised is asked for by its code, in a line.
            return random.choice(sight.documents) if one.name == "document" else "Текст"


def _named(kind: str, sight: Sight) -> str:
    among = {
        "document": tuple(DOCUMENTS),
        "process": (PROCESS,),
        "post": sight.posts,
        "unit": sight.units,
        "person": sight.people,
        "body": tuple(BODIES),
    }
    return sight.random.choice(among[kind]) if sight.random.random() > ODD / 4 else "unknown"


def _of_its_own(one: Field, sight: Sight) -> Any:
    """One of what the record has, or something it has not."""
    random = sight.random
    if one.kind == "attachment":
        return random.choice(sight.files) if sight.files and random.random() > ODD else "0.txt"
    if one.kind == "part":
        numbers = [row["no"] for row in sight.parts[one.of]]
        return random.choice(numbers) if numbers and random.random() > ODD else random.randint(1, 4)
    numbers = [no for no in sight.above if random.random() < 0.85]
    return numbers if random.random() > ODD else [*numbers, random.randint(1, 4)]


def _day(name: str, given: Row, sight: Sight) -> date:
    day, random = sight.day, sight.random
    if random.random() < ODD:
        return day + timedelta(days=random.choice((-400, -9, -1, 1, 9, 400)))
    if name == "occurred_on":
        day = given.get("found_on", day)
    if name == "held_on":
        return day + timedelta(days=random.choice((0, 0, 0, 0, 1, 3)))
    if name == "decided_on" and sight.fields.get("state") == "rector_approval":
        return day  # an order is not before the last council
    if name in _PAST:
        return day - timedelta(days=random.choice((0, 0, 0, 1, 4)))
    if name == "in_force_on":
        decided: date = given.get("decided_on", day)
        return random.choice((decided, day, day, day + timedelta(days=random.randint(1, 25))))
    if name == "new_due_on":
        due: date = sight.fields.get("due_on", day)
        return max(due, day) + timedelta(days=random.randint(1, 20))
    if name == "complete_by":
        day = max([day, *(row["due_on"] for row in sight.below if not row["closed_at"])])
    return day + timedelta(days=random.choice((0, 1, 1, 3, 7, 20, 45)))
