"""What a comparison is made of and what it comes to: paragraphs, rows of two sides, pieces that differ."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

HEADING, TEXT, ITEM, ROW, NOTE = "heading", "text", "item", "row", "note"

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
# A paragraph that stands elsewhere now: on the left where it was, on the right where it is.
MOVED_AWAY, MOVED_HERE = "moved-away", "moved-here"
KINDS: Final = (SAME, CHANGED, ADDED, REMOVED, MOVED_AWAY, MOVED_HERE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a text, its spaces made single. `style` is one of HEADING, TEXT, ITEM, ROW, NOTE."""

    text: str
    style: str = TEXT


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph; `marked` where the other side does not have it."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph beside the other; a side on which there is none is empty. `kind` is one of KINDS."""

    kind: str
    style: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The words of a paragraph that is the same on both sides."""
        return "".join(piece.text for piece in self.right or self.left)


@dataclass(frozen=True)
class Differences:
    """Two texts beside each other: every paragraph of both, in their order."""

    lines: tuple[Line, ...]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many paragraphs are of each kind; a moved one counts once, as moved here."""
        found = Counter(line.kind for line in self.lines)
        del found[MOVED_AWAY]
        return found

    @property
    def alike(self) -> bool:
        """Whether the texts say the same."""
        return all(line.kind == SAME for line in self.lines)

    @cached_property
    def share(self) -> float:
        """How much of both texts is the same, from 0 to 1, counted in letters."""
        pieces = [piece for line in self.lines for piece in (*line.left, *line.right)]
        moved = sum(len(line.text) for line in self.lines if line.kind in (MOVED_AWAY, MOVED_HERE))
        same = sum(len(piece.text) for piece in pieces if not piece.marked) + moved
        return same / max(1, sum(len(piece.text) for piece in pieces))


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Why two files were not compared: `why` is one of WHYS, `side` is `old`, `new`, or nothing where it is both."""

    why: str
    side: str = ""


# kind: not of a kind with text; damaged: no reader opens it; empty: no text in it (a scan); long: past the limits;
# slow: it took too long, or too much memory.
WHYS: Final = ("kind", "damaged", "empty", "long", "slow")

Outcome = Differences | NotCompared


def packed(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain JSON."""
    if isinstance(outcome, NotCompared):
        return {"why": outcome.why, "side": outcome.side}
    return {"lines": [_line(one) for one in outcome.lines]}


def unpacked(told: dict[str, Any]) -> Outcome:
    """The outcome that was packed. Raises KeyError, TypeError, ValueError for anything else."""
    if "why" in told:
        if told["why"] not in WHYS:
            raise ValueError(told["why"])
        return NotCompared(told["why"], told["side"])
    return Differences(tuple(_unpacked(one) for one in told["lines"]))


def _line(line: Line) -> list[Any]:
    if line.kind == SAME:
        return [SAME, line.style, line.text]
    return [line.kind, line.style, _pieces(line.left), _pieces(line.right)]


def _pieces(pieces: Iterable[Piece]) -> list[list[Any]]:
    return [[piece.text, int(piece.marked)] for piece in pieces]


def _unpacked(told: Sequence[Any]) -> Line:
    kind, style, *sides = told
    if kind == SAME:
        both = (Piece(sides[0]),)
        return Line(SAME, style, both, both)
    left, right = (tuple(Piece(text, bool(marked)) for text, marked in side) for side in sides)
    if kind not in KINDS:
        raise ValueError(kind)
    return Line(kind, style, left, right)
