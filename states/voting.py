"""Quorum and majority: whether a body can decide, and whether it has decided. Numbers in, numbers out.

Whoever is there counts for the quorum; whom they vote for by proxy counts only among the votes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from states.text import Text


class Quorum(StrEnum):
    """How many of a body's members must be there for it to decide."""

    HALF = "half"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"
    NONE = "none"

    @property
    def label(self) -> Text:
        """What people call the rule."""
        return _QUORUMS[self]

    def needs(self, members: int) -> int:
        """How many of so many members must be there."""
        if self is Quorum.NONE:
            return 0
        return members // 2 + 1 if self is Quorum.HALF else share(*_SHARES[self], members)


class Majority(StrEnum):
    """How many votes carry a decision."""

    SIMPLE = "simple"
    PRESENT = "present"
    ABSOLUTE = "absolute"
    TWO_THIRDS = "two_thirds"

    @property
    def label(self) -> Text:
        """What people call the rule."""
        return _MAJORITIES[self]


_QUORUMS = {
    Quorum.HALF: Text("мүчөлөрүнүн жарымынан көбү", "больше половины членов", "more than half of the members"),
    Quorum.TWO_THIRDS: Text(
        "мүчөлөрүнүн үчтөн экисинен кем эмес", "не менее двух третей членов", "at least two thirds of the members"
    ),
    Quorum.THREE_QUARTERS: Text(
        "мүчөлөрүнүн төрттөн үчүнөн кем эмес",
        "не менее трёх четвертей членов",
        "at least three quarters of the members",
    ),
    Quorum.NONE: Text("кворум талап кылынбайт", "кворум не требуется", "no quorum is needed"),
}
_MAJORITIES = {
    Majority.SIMPLE: Text(
        "жөнөкөй көпчүлүк: макулдар каршылардан көп",
        "простое большинство: «за» больше, чем «против»",
        "simple majority: more for than against",
    ),
    Majority.PRESENT: Text(
        "катышкандардын жарымынан көбү", "больше половины присутствующих", "more than half of those present"
    ),
    Majority.ABSOLUTE: Text(
        "бардык мүчөлөрдүн жарымынан көбү", "больше половины всех членов", "more than half of all members"
    ),
    Majority.TWO_THIRDS: Text(
        "катышкандардын үчтөн экисинен кем эмес",
        "не менее двух третей присутствующих",
        "at least two thirds of those present",
    ),
}


_SHARES = {Quorum.TWO_THIRDS: (2, 3), Quorum.THREE_QUARTERS: (3, 4)}


def share(part: int, of: int, members: int) -> int:
    """So many parts of the members, rounded up: two thirds of 35 are 24."""
    return -(-members * part // of)


@dataclass(frozen=True, slots=True)
class Votes:
    """How an item was voted on."""

    in_favour: int
    against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        """All that were counted."""
        return self.in_favour + self.against + self.abstained


@dataclass(frozen=True, slots=True)
class Assembly:
    """A body on its day: how many sit in it, how many of them are there, and for how many these vote besides."""

    members: int
    present: int
    proxies: int = 0

    @property
    def voices(self) -> int:
        """How many votes can be cast."""
        return self.present + self.proxies

    def quorate(self, rule: Quorum) -> bool:
        """Whether it can decide by the rule; a body in which nobody sits, or of which nobody came, cannot."""
        return self.present > 0 and self.present >= rule.needs(self.members)

    def needs(self, rule: Majority, votes: Votes) -> int:
        """How many votes in favour carry it, with the votes as they were cast."""
        if rule is Majority.SIMPLE:
            return votes.against + 1
        if rule is Majority.ABSOLUTE:
            return self.members // 2 + 1
        return self.voices // 2 + 1 if rule is Majority.PRESENT else max(share(2, 3, self.voices), 1)

    def carried(self, rule: Majority, votes: Votes) -> bool:
        """Whether it has been decided."""
        return votes.in_favour >= self.needs(rule, votes)


def counted(votes: Iterable[str]) -> Votes:
    """Votes that were cast by name (`for`, `against`, `abstained`), counted."""
    every = list(votes)
    return Votes(every.count("for"), every.count("against"), every.count("abstained"))
