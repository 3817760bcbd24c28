"""What a figure shows: plain facts in the reader's language; nothing here knows how it is drawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["", "late", "waiting", "good"]
Answer = Literal["action", "reason", "nothing", "deeper"]
Number = int | float

_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
MOST_SERIES: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that was counted; `tone` says more only of what its name says already."""

    name: str
    value: Number
    href: str | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, say: its whole name, the short one for the axis, and where its rows are."""

    name: str
    short: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """What was counted in each period; None where nothing was. `hrefs`, where given, are as many, for the table."""

    name: str
    values: Sequence[Number | None]
    hrefs: Sequence[str | None] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took in working days: half took at most `median`, nine of ten at most `p90`."""

    name: str
    median: Number | None
    p90: Number | None
    count: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    name: str
    part: int
    whole: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class CauseMark:
    """A cause: its number, what it answers (the problem where None), the category it is coded as ("": not yet).

    `answer` says what became of it: an action removes it, a reason is stated why none does, nothing yet, or that the
    question goes deeper.
    """

    no: int
    text: str
    because_of: int | None
    bone: str
    answer: Answer
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What all figures have: a name that is theirs alone on the page, a title, and a sentence or two about it.

    Raises ValueError for a name that is not like `late-by-unit`.
    """

    name: str
    title: str
    description: str = ""

    def __post_init__(self) -> None:
        """Look at the name, which becomes part of identifiers."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a figure is not called {self.name!r}")


@dataclass(frozen=True, kw_only=True)
class Bars(Figure):
    """Horizontal bars in the order given. `of` heads the names, `counted` the numbers."""

    bars: Sequence[Bar]
    of: str = ""
    counted: str = ""


@dataclass(frozen=True, kw_only=True)
class Pareto(Figure):
    """The most frequent first, with the running share; what comes after `most` is drawn as one bar."""

    bars: Sequence[Bar]
    of: str = ""
    counted: str = ""
    most: int = 12
    others_href: str | None = None


@dataclass(frozen=True, kw_only=True)
class OverTime(Figure):
    """Series over the same periods. Raises ValueError where they differ in length or are more than four."""

    periods: Sequence[Period]
    series: Sequence[Series]
    of: str = ""

    def __post_init__(self) -> None:
        """Look at the lengths."""
        super().__post_init__()
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"{len(self.series)} lines cannot be told apart")
        for one in self.series:
            if len(one.values) != len(self.periods) or len(one.hrefs) not in (0, len(self.periods)):
                raise ValueError(f"{one.name}: {len(one.values)} values for {len(self.periods)} periods")


@dataclass(frozen=True, kw_only=True)
class Spans(Figure):
    """The time in each step, in working days."""

    spans: Sequence[Span]
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Shares(Figure):
    """Parts of wholes, in per cent, with both numbers. `counted` heads the parts: "on time"."""

    shares: Sequence[Share]
    of: str = ""
    counted: str = ""


@dataclass(frozen=True, kw_only=True)
class Fishbone(Figure):
    """Causes under their categories, along the way to the problem (Ishikawa)."""

    problem: str
    causes: Sequence[CauseMark]


@dataclass(frozen=True, kw_only=True)
class WhyTree(Figure):
    """From the problem down: why, and why that (five times why)."""

    problem: str
    causes: Sequence[CauseMark]
