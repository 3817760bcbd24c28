"""What the page says hinders closing is what the move refuses, no more and no less; numbers come from the rules."""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from service.reading.sittings import Numbers, count
from states.lifecycle import Case
from states.registry import lifecycle
from states.sitting_fields import ON_DOCUMENTS, ON_OTHERS
from states.voting import Majority, Quorum
from tests.support.university import at

DECISIONS = (None, *ON_DOCUMENTS, *ON_OTHERS)
FIELDS: dict[str, Any] = {
    "quorum": "half",
    "majority": "simple",
    "proxies": False,
    "papers": None,
    "chair_id": UUID(int=1),
    "held_on": None,
}
CLOSE = lifecycle("sitting").moves["close"]


def invented(seed: int) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]], dict[str, Any]]:
    """A small sitting of any kind: its fields, its parts, and the papers as they are now."""
    dice = Random(seed)
    people = [UUID(int=number) for number in range(1, dice.randint(2, 6))]
    fields: dict[str, Any] = {
        "quorum": dice.choice(list(Quorum)).value,
        "majority": dice.choice(list(Majority)).value,
        "proxies": dice.random() < 0.5,
        "papers": dice.choice([None, {"1": [["а.docx", "0" * 64]]}]),
        "chair_id": people[0],
        "held_on": at(2026, 4, 15).date(),
    }
    attendees = [
        {
            "no": no,
            "person_id": one,
            "presence": dice.choice(["present", "present", "present", "online", "excused", None]),
            "proxy_id": dice.choice([None, *people]),
        }
        for no, one in enumerate(people, start=1)
    ]
    items = [
        {
            "no": no,
            "place": no,
            "about_id": dice.choice([None, UUID(int=99)]),
            "ballot": dice.choice(["open", "by_name", "none"]),
            "majority": dice.choice([None, *(one.value for one in Majority)]),
            "votes_for": dice.choice([None, 1, 2, 3]),
            "votes_against": dice.choice([None, 0, 1]),
            "votes_abstained": None,
            "decision": dice.choice(DECISIONS),
            "wording": dice.choice([None, "Токтом", "Токтом"]),
        }
        for no in range(1, dice.choice([1, *[2, 3] * 8]))
    ]
    ballots = [
        {"no": 1, "item": item["no"], "person_id": one, "vote": dice.choice(["for", "for", "against"])}
        for item in items
        for one in people
        if dice.random() < 0.6
    ]
    complete = {"owner_post_id": UUID(int=7), "due_on": at(2026, 5, 1).date()}
    instruction = {
        "no": 1,
        "item": 1,
        **complete,
        **dice.choice([{}, {}, {"due_on": None}, {"due_on": at(2026, 4, 15).date()}]),
    }
    parts: dict[str, list[dict[str, Any]]] = {
        "agenda_item": items,
        "attendee": attendees,
        "ballot": ballots,
        "instruction": dice.choice([[], [instruction]]),
    }
    return fields, parts, dice.choice([{}, {"1": [["а.docx", "0" * 64]]}])


def refuses(fields: dict[str, Any], parts: dict[str, Any], papers: dict[str, Any]) -> bool:
    """Whether the move that closes would be refused."""
    known = {"papers": papers, "protocol_numbers": frozenset()}
    day = at(2026, 4, 15).date()
    given = {"protocol_no": "1"}
    case = Case("in_session", fields, day, given=given, parts=parts, ask=known.__getitem__)
    return not all(guard.holds(case) for guard in CLOSE.guards)


def hindered(numbers: Numbers) -> bool:
    return bool(numbers.hindrances) or any(one.hindrances for one in numbers.items)


def test_what_hinders_closing_is_what_closing_refuses() -> None:
    told = []
    for seed in range(3000):
        fields, parts, papers = invented(seed)
        assert hindered(count(fields, parts, papers)) == refuses(fields, parts, papers), (seed, fields, parts)
        told.append(refuses(fields, parts, papers))
    # Both ends of it have been seen often enough to mean something.
    assert min(told.count(True), told.count(False)) > 30


@pytest.mark.parametrize(
    ("quorum", "present", "needed", "met"),
    [("two_thirds", 24, 24, True), ("two_thirds", 23, 24, False), ("half", 17, 18, False), ("none", 1, 1, True)],
)
def test_the_quorum_is_the_bodys_rule(quorum: str, present: int, needed: int, met: bool) -> None:
    attendees = [
        {"no": no, "person_id": UUID(int=no), "presence": "present" if no <= present else "absent", "proxy_id": None}
        for no in range(1, 36)
    ]
    fields = {
        "quorum": quorum,
        "majority": "simple",
        "proxies": False,
        "papers": None,
        "chair_id": UUID(int=1),
        "held_on": None,
    }
    numbers = count(fields, {"attendee": attendees, "agenda_item": [], "ballot": [], "instruction": []})
    assert (numbers.needed, numbers.quorate, len(numbers.voices)) == (needed, met, present)


@pytest.mark.parametrize(("votes", "possible"), [((12, 2, 0), True), ((12, 5, 0), False), ((99, 0, 0), False)])
def test_nothing_is_carried_by_more_votes_than_there_are_people(votes: tuple[int, int, int], possible: bool) -> None:
    attendees = [{"no": no, "person_id": UUID(int=no), "presence": "present", "proxy_id": None} for no in range(1, 15)]
    cast = dict(zip(("votes_for", "votes_against", "votes_abstained"), votes, strict=True))
    item: dict[str, Any] = {"no": 1, "place": 1, "about_id": None, "ballot": "open", "majority": None, **cast}
    item |= {"decision": "resolved", "wording": "Токтом"}
    parts: dict[str, list[dict[str, Any]]] = {
        "attendee": attendees,
        "agenda_item": [item],
        "ballot": [],
        "instruction": [],
    }
    (counted,) = count(FIELDS, parts).items
    assert (counted.possible, counted.carried) == (possible, possible)
    assert len(counted.hindrances) == (0 if possible else 1)
