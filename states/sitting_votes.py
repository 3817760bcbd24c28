"""How a body votes at its sitting: who has a vote, how an item was voted on, whether it is carried."""

from collections.abc import Mapping, Sequence
from typing import Any

from states.sitting_fields import ON_DOCUMENTS, ON_OTHERS
from states.voting import Assembly, Majority, Votes, counted

Row = Mapping[str, Any]
THERE = ("present", "online")


def is_there(attendee: Row) -> bool:
    """Whether a member takes part, in the room or online."""
    return attendee["presence"] in THERE


def assembly(fields: Row, attendees: Sequence[Row]) -> Assembly:
    """How many sit in the body, are there, and vote for others."""
    present = {row["person_id"] for row in attendees if is_there(row)}
    lent = [row for row in attendees if not is_there(row) and row["proxy_id"] in present]
    return Assembly(len(attendees), len(present), len(lent) if fields["proxies"] else 0)


def voices(fields: Row, attendees: Sequence[Row]) -> frozenset[Any]:
    """The people who have a vote: those who are there, and those for whom one of them votes."""
    present = {row["person_id"] for row in attendees if is_there(row)}
    lent = {row["person_id"] for row in attendees if row["proxy_id"] in present} if fields["proxies"] else set()
    return frozenset(present | lent)


def by_others(item: Row, ballots: Sequence[Row], may_vote: frozenset[Any]) -> bool:
    """Whether an item that was voted on by name has the vote of somebody who has none."""
    cast = (row["person_id"] for row in ballots if row["item"] == item["no"])
    return item["ballot"] == "by_name" and not may_vote.issuperset(cast)


def votes_on(item: Row, ballots: Sequence[Row]) -> Votes:
    """How an item was voted on: as it was counted, or by name."""
    if item["ballot"] == "by_name":
        return counted(row["vote"] for row in ballots if row["item"] == item["no"])
    return Votes(item["votes_for"] or 0, item["votes_against"] or 0, item["votes_abstained"] or 0)


def rule_of(item: Row, fields: Row) -> Majority:
    """By which majority an item is carried."""
    return Majority(item["majority"] or fields["majority"])


def is_voted_on(item: Row) -> bool:
    """Whether an item has votes that count: numbers that were typed before it was without a vote do not."""
    return item["ballot"] == "by_name" or (item["ballot"] != "none" and item["votes_for"] is not None)


def decides_alike(item: Row) -> bool:
    """Whether the decision is one that can be taken on such an item."""
    return item["decision"] in (ON_DOCUMENTS if item["about_id"] else ON_OTHERS)
