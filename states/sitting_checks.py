"""What hinders closing a protocol: one list, read by the move that closes it and by the page that says what is missing.

Each check finds the numbers of the items of which it does not hold, or None where it is about the sitting as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from states.sitting_fields import MUST_BE_CARRIED
from states.sitting_votes import Row, assembly, by_others, decides_alike, is_there, rule_of, voices, votes_on
from states.text import N_
from states.voting import Assembly, Quorum, Votes

POSTPONED: Final = "postpone"


class Minutes:
    """A sitting as it has been typed so far.

    `papers` reads those of the items as they are now; it tells None where nobody has looked.
    """

    def __init__(
        self, fields: Row, parts: Mapping[str, Sequence[Row]], papers: Callable[[], Mapping[str, Any] | None]
    ) -> None:
        self.fields, self.parts, self._papers = fields, parts, papers

    @cached_property
    def there(self) -> Assembly:
        """How many are there, and vote for others."""
        return assembly(self.fields, self.parts["attendee"])

    @cached_property
    def voices(self) -> frozenset[Any]:
        """The people who have a vote."""
        return voices(self.fields, self.parts["attendee"])

    @cached_property
    def ballots(self) -> Mapping[int, Sequence[Row]]:
        """The votes by name, by the number of the item."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.parts["ballot"]:
            found[row["item"]].append(row)
        return found

    @cached_property
    def changed(self) -> frozenset[int]:
        """The items whose papers are not those that the members were sent: changed, added, or taken up since."""
        sent, now = self.fields["papers"] or {}, self._papers()
        if now is None:
            return frozenset()
        items = (item["no"] for item in self.parts["agenda_item"])
        return frozenset(no for no in items if sent.get(str(no), []) != now.get(str(no), []))

    def quorate(self) -> bool:
        """Whether so many are there that the body can decide."""
        return self.there.quorate(Quorum(self.fields["quorum"]))

    def votes(self, item: Row) -> Votes:
        """How an item was voted on."""
        return votes_on(item, self.ballots.get(item["no"], ()))

    def possible(self, item: Row) -> bool:
        """Whether no more votes are counted on an item than can be cast."""
        return item["ballot"] == "none" or self.votes(item).cast <= self.there.voices

    def enough(self, item: Row) -> bool:
        """Whether an item has the votes it needs; one without a vote was agreed to by all."""
        return item["ballot"] == "none" or self.there.carried(rule_of(item, self.fields), self.votes(item))


Finds = Callable[[Minutes], Iterable[int | None]]


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold before the protocol is closed: English sentences for the catalogues.

    `says` stands beside what it is about; `refuses` and `next_step` are said where one closes all the same.
    """

    finds: Finds
    says: str
    refuses: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the protocol cannot be closed yet: an English sentence, and the number of the item it is about, if any."""

    says: str
    item: int | None = None


def hindrances(minutes: Minutes) -> list[Hindrance]:
    """All that hinders closing."""
    return [Hindrance(check.says, item) for check in CHECKS for item in check.finds(minutes)]


def _items(is_wrong: Callable[[Minutes, Row], bool]) -> Finds:
    return lambda minutes: (item["no"] for item in minutes.parts["agenda_item"] if is_wrong(minutes, item))


def _whole(holds: Callable[[Minutes], bool]) -> Finds:
    return lambda minutes: () if holds(minutes) else (None,)


def _instructions(is_wrong: Callable[[Minutes, Row], bool]) -> Finds:
    return lambda minutes: (row["item"] for row in minutes.parts["instruction"] if is_wrong(minutes, row))


def _chair_is_there(minutes: Minutes) -> bool:
    chair = minutes.fields["chair_id"]
    return any(row["person_id"] == chair and is_there(row) for row in minutes.parts["attendee"])


def _unworded(_: Minutes, item: Row) -> bool:
    return decides_alike(item) and item["decision"] != POSTPONED and not item["wording"]


def _not_carried(minutes: Minutes, item: Row) -> bool:
    return item["decision"] in MUST_BE_CARRIED and not minutes.enough(item)


def _two_proxies(minutes: Minutes) -> Iterator[None]:
    lent = Counter(row["proxy_id"] for row in minutes.parts["attendee"] if row["proxy_id"] and not is_there(row))
    if minutes.fields["proxies"] and any(times > 1 for times in lent.values()):
        yield None


CHECKS: Final = (
    Check(
        _whole(Minutes.quorate),
        N_("There is no quorum."),
        N_("There is no quorum: nothing can be decided."),
        N_("Mark who is there, or end the sitting without decisions."),
    ),
    Check(
        _whole(_chair_is_there),
        N_("Whoever is in the chair is not marked as present."),
        N_("Whoever is in the chair is not marked as present."),
        N_("Mark them present, or choose who was in the chair."),
    ),
    Check(
        _whole(lambda minutes: bool(minutes.parts["agenda_item"])),
        N_("The agenda is empty."),
        N_("The agenda is empty: there is nothing to make a protocol of."),
        N_("Add an item, or record that the sitting was not held."),
    ),
    Check(
        _items(lambda _, item: not item["decision"]),
        N_("There is no decision yet."),
        N_("An item has no decision yet, or one that does not fit it."),
        N_("Decide each item, or postpone it."),
    ),
    Check(
        _items(lambda _, item: bool(item["decision"]) and not decides_alike(item)),
        N_("The decision does not fit the item."),
        N_("An item has no decision yet, or one that does not fit it."),
        N_("Decide each item, or postpone it."),
    ),
    Check(
        _items(_unworded),
        N_("The decision has no wording yet."),
        N_("A decision has no wording yet."),
        N_("Write what was decided, or the remarks, word for word."),
    ),
    Check(
        _items(lambda minutes, item: not minutes.possible(item)),
        N_("More votes are counted than there are people to vote."),
        N_("On an item more votes are counted than there are people to vote."),
        N_("Check the attendance and the votes."),
    ),
    Check(
        _items(lambda minutes, item: by_others(item, minutes.ballots.get(item["no"], ()), minutes.voices)),
        N_("Somebody who is not there has a vote: mark them present, or take the vote back."),
        N_("An item has the vote of somebody who was not there."),
        N_("Mark them present, or take their vote back."),
    ),
    Check(
        _items(_not_carried),
        N_("It does not have the votes that the decision needs."),
        N_("An item does not have the votes that its decision needs."),
        N_("Check the votes, or decide it otherwise."),
    ),
    Check(
        _items(lambda minutes, item: item["decision"] != POSTPONED and item["no"] in minutes.changed),
        N_("Its papers are no longer those that were sent: postpone it."),
        N_("The papers of an item are no longer those that the members were sent."),
        N_("Postpone the item: the members have not seen this text."),
    ),
    Check(
        _two_proxies,
        N_("Somebody votes for more than one absent member."),
        N_("Somebody votes for more than one absent member."),
        N_("Each member may hold one proxy."),
    ),
    Check(
        _instructions(lambda _, row: not (row["owner_post_id"] and row["due_on"])),
        N_("An instruction has no post or no date yet."),
        N_("An instruction does not say who does it, or by when."),
        N_("Choose a post and a date, or remove the instruction."),
    ),
    Check(
        _instructions(lambda minutes, row: bool(row["due_on"]) and row["due_on"] <= minutes.fields["held_on"]),
        N_("An instruction is due on the day of the sitting or before it."),
        N_("An instruction is due on the day of the sitting or before it."),
        N_("Choose a later day for it."),
    ),
)
