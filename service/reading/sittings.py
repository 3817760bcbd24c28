"""What is counted at a sitting while it lasts: the quorum, each item's votes, and what still hinders closing it.

The conditions are those of the move that closes the protocol (`states.sitting`); here each is said of the item it is
about, so that one finds it among forty.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from states.sitting_fields import MUST_BE_CARRIED
from states.sitting_votes import assembly, by_others, decides_alike, rule_of, voices, votes_on
from states.text import N_
from states.voting import Assembly, Majority, Quorum, Votes

Row = Mapping[str, Any]
THERE: Final = ("present", "online")


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the protocol cannot be closed yet: an English sentence, and the number of the item it is about, if any."""

    says: str
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How an item stands: by which rule it is carried, with how many votes in favour; `voted` where anybody did."""

    no: int
    place: int
    rule: Majority
    votes: Votes
    voted: bool
    needed: int
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
    attendees, quorum = parts["attendee"], Quorum(fields["quorum"])
    there, may_vote = assembly(fields, attendees), voices(fields, attendees)
    ballots: dict[int, list[Row]] = defaultdict(list)
    for row in parts["ballot"]:
        ballots[row["item"]].append(row)
    changed = _changed(fields["papers"] or {}, papers) if papers is not None else frozenset()
    found = [
        _counted(item, fields, there, may_vote, ballots[item["no"]], changed=str(item["no"]) in changed)
        for item in parts["agenda_item"]
    ]
    quorate = there.quorate(quorum)
    return Numbers(
        assembly=there,
        needed=max(quorum.needs(there.members), 1),
        quorate=quorate,
        voices=may_vote,
        items=tuple(sorted(found, key=lambda one: one.place)),
        hindrances=tuple(_hindrances(fields, parts, quorate=quorate)),
    )


def _counted(
    item: Row, fields: Row, there: Assembly, may_vote: frozenset[UUID], ballots: Sequence[Row], *, changed: bool
) -> Counted:
    votes, rule = votes_on(item, ballots), rule_of(item, fields)
    none = item["ballot"] == "none"
    carried = none or there.carried(rule, votes)
    needed = 0 if none else there.needs(rule, votes)
    others = (Hindrance(_BY_OTHERS, item["no"]),) if by_others(item, ballots, may_vote) else ()
    wrong = (*_wrong(item, there, votes, carried=carried, changed=changed), *others)
    voted = bool(ballots) if item["ballot"] == "by_name" else item["votes_for"] is not None
    return Counted(item["no"], item["place"], rule, votes, voted and not none, needed, carried, wrong)


def _wrong(item: Row, there: Assembly, votes: Votes, *, carried: bool, changed: bool) -> Iterator[Hindrance]:
    """What hinders closing because of an item."""
    decision, no = item["decision"], item["no"]
    if not decision:
        yield Hindrance(_UNDECIDED, no)
    elif not decides_alike(item):
        yield Hindrance(_UNFIT, no)
    elif decision != "postpone" and not item["wording"]:
        yield Hindrance(_UNWORDED, no)
    if item["ballot"] != "none" and votes.cast > there.voices:
        yield Hindrance(_TOO_MANY, no)
    if decision in MUST_BE_CARRIED and not carried:
        yield Hindrance(_NOT_CARRIED, no)
    if changed and decision != "postpone":
        yield Hindrance(_CHANGED, no)


def _hindrances(fields: Row, parts: Mapping[str, Sequence[Row]], *, quorate: bool) -> Iterator[Hindrance]:
    """What hinders closing besides the items' own."""
    if not quorate:
        yield Hindrance(_NO_QUORUM)
    away = [row for row in parts["attendee"] if row["presence"] not in THERE and row["proxy_id"]]
    if fields["proxies"] and any(times > 1 for times in Counter(row["proxy_id"] for row in away).values()):
        yield Hindrance(_TWO_PROXIES)
    for row in parts["instruction"]:
        if not (row["owner_post_id"] and row["due_on"]):
            yield Hindrance(_UNINSTRUCTED, row["item"])


def _changed(sent: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """The items whose papers are no longer those that were sent."""
    return frozenset(no for no, papers in sent.items() if papers != now.get(no))


_NO_QUORUM = N_("There is no quorum.")
_TWO_PROXIES = N_("Somebody votes for more than one absent member.")
_UNINSTRUCTED = N_("An instruction has no post or no date yet.")
_UNDECIDED = N_("There is no decision yet.")
_UNFIT = N_("The decision does not fit the item.")
_UNWORDED = N_("The decision has no wording yet.")
_TOO_MANY = N_("More votes are counted than there are people to vote.")
_BY_OTHERS = N_("Somebody who is not there has a vote: mark them present, or take the vote back.")
_NOT_CARRIED = N_("It does not have the votes that the decision needs.")
_CHANGED = N_("Its papers are no longer those that were sent: postpone it.")
