"""What is counted at a sitting while it lasts: the quorum, each item's votes, and what still hinders closing it.

The conditions are those of the move that closes the protocol (`states.sitting_checks`); here each is said of the item
that it is about, so that one finds it among forty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from states.sitting_checks import Hindrance, Minutes, hindrances
from states.sitting_votes import Row, rule_of
from states.voting import Assembly, Majority, Quorum, Votes


@dataclass(frozen=True, slots=True)
class Counted:
    """How an item stands: by which rule it is carried, with how many votes in favour; `voted` where anybody did.

    `possible` where no more votes are counted than can be cast.
    """

    no: int
    place: int
    rule: Majority
    votes: Votes
    voted: bool
    needed: int
    possible: bool
    carried: bool
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a sitting stands; `voices` are the people who have a vote now, in person or through somebody else."""

    assembly: Assembly
    needed: int
    quorate: bool
    voices: frozenset[UUID]
    items: tuple[Counted, ...]
    hindrances: tuple[Hindrance, ...]


def count(fields: Row, parts: Mapping[str, Sequence[Row]], papers: Mapping[str, Any] | None = None) -> Numbers:
    """How a sitting stands by what has been typed. `papers` are those of the items as they are now, where known."""
    minutes = Minutes(fields, parts, lambda: papers)
    found = hindrances(minutes)
    items = sorted(parts["agenda_item"], key=lambda row: (row["place"], row["no"]))
    return Numbers(
        assembly=minutes.there,
        needed=max(Quorum(fields["quorum"]).needs(minutes.there.members), 1),
        quorate=minutes.quorate(),
        voices=minutes.voices,
        items=tuple(_counted(minutes, item, found) for item in items),
        hindrances=tuple(one for one in found if one.item not in {row["no"] for row in items}),
    )


def _counted(minutes: Minutes, item: Row, found: Sequence[Hindrance]) -> Counted:
    none, votes, rule = item["ballot"] == "none", minutes.votes(item), rule_of(item, minutes.fields)
    voted = bool(minutes.ballots.get(item["no"])) if item["ballot"] == "by_name" else item["votes_for"] is not None
    return Counted(
        item["no"],
        item["place"],
        rule,
        votes,
        voted=voted and not none,
        needed=0 if none else minutes.there.needs(rule, votes),
        possible=minutes.possible(item),
        carried=minutes.possible(item) and minutes.enough(item),
        hindrances=tuple(one for one in found if one.item == item["no"]),
    )
