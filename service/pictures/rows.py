"""Names with something drawn beside them, or on narrow screens below them: where each row stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.pictures.marks import BOLD, EDGE, LINE, NAME, SMALL, line, words
from service.pictures.marks import lines as text_lines
from service.pictures.words import fit
from states.drawing.letters import width
from states.drawing.tags import tag

NARROW: Final = 480.0  # below this, names stand above what is drawn
THICK: Final = 14.0  # of a bar
_NAMES: Final = 0.36  # of the width, at most
_GAP: Final = 10.0
_LEAST: Final = 28.0
_HEADS: Final = 56.0, 112.0  # how wide the head of a column of numbers is, at least and at most


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name in lines, from where to where it goes, and the height at which it is drawn."""

    name: tuple[str, ...]
    top: float
    height: float
    text: float
    middle: float

    @property
    def area(self) -> tuple[float, float]:
        """The top and the height of what can be pressed."""
        return self.top, self.height

    def label(self) -> list[str]:
        """The name, drawn."""
        return text_lines(EDGE, self.text, self.name, "picture-name")


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows, and between which sides they are drawn."""

    left: float
    right: float
    top: float
    bottom: float
    width: float
    rows: tuple[Row, ...]

    def at(self, part: float) -> float:
        """Where so much of the whole (0 to 1) is, from the left side."""
        return self.left + (self.right - self.left) * part

    def area(self, row: Row) -> tuple[float, float, float, float]:
        """What can be pressed: the whole row."""
        return 2.0, row.top, self.width - 4, row.height


def rows(names: Sequence[str], across: float, *, top: float, room: float) -> Rows:
    """Rows below each other in a picture so wide, from `top` on; `room` is kept free at the right for numbers."""
    if across < NARROW:
        left, limit = EDGE, across - 2 * EDGE
    else:
        limit = min(across * _NAMES, max((width(name, NAME) for name in names), default=0) + 1)
        left = EDGE + limit + _GAP
    placed: list[Row] = []
    y = top
    for name in names:
        row = _row(fit(name, NAME, limit, 2), y, below=across < NARROW)
        placed.append(row)
        y += row.height
    return Rows(left, across - EDGE - room, top, y, across, tuple(placed))


def _row(name: tuple[str, ...], y: float, *, below: bool) -> Row:
    text = LINE[NAME] * len(name)
    if below:
        return Row(name, y, text + THICK + 14, y + 4, y + 4 + text + 4 + THICK / 2)
    height = max(_LEAST, text + 8)
    return Row(name, y, height, y + (height - text) / 2, y + height / 2)


def numbers_room(columns: Sequence[Sequence[str]], heads: Sequence[Sequence[str]] = ()) -> list[float]:
    """How wide columns of numbers are, with their heads (in lines), and the distance before each."""
    found = []
    for place, column in enumerate(columns):
        head = heads[place] if heads else ()
        widest = [width(one, NAME * BOLD) for one in column] + [width(one, SMALL) for one in head]
        found.append(max(widest, default=0) + _GAP)
    return found


def heads_above(heads: Sequence[Sequence[str]], rights: Sequence[float], bottom: float) -> list[str]:
    """The heads of columns of numbers, their last lines standing at `bottom`."""
    return [
        words(x, bottom - 4 - LINE[SMALL] * (len(head) - k), said, "picture-soft", size=SMALL, anchor="end")
        for head, x in zip(heads, rights, strict=True)
        for k, said in enumerate(head, start=1)
    ]


def head_lines(said: str) -> tuple[str, ...]:
    """The head of a column of numbers, in lines as narrow as its words allow."""
    longest = max((width(word, SMALL) for word in said.split()), default=0.0)
    return fit(said, SMALL, min(max(longest + 1, _HEADS[0]), _HEADS[1]), 4)


def upright(plot: Rows, x: float, classes: str) -> str:
    """A line from top to bottom; where names stand above what is drawn, it leaves them free: a piece in each row."""
    if plot.width >= NARROW:
        return line(x, plot.top, x, plot.bottom, classes)
    reach = THICK / 2 + 3
    return tag("path", classes, d="".join(f"M{x:.1f} {row.middle - reach:.1f}v{2 * reach:.1f}" for row in plot.rows))


def grid(plot: Rows, places: Sequence[tuple[float, str]], *, strong: float | None = None) -> list[str]:
    """Lines from top to bottom with what they mean below them: (part of the whole, label).

    Where labels would touch, the ends of the scale and the `strong` line keep theirs.
    """
    parts, taken = [], list[tuple[float, float]]()
    for part, label in sorted(
        places, key=lambda place: (place[0] not in (strong, places[-1][0], places[0][0]), place[0])
    ):
        x, half = plot.at(part), width(label, SMALL) / 2 + 2
        parts.append(upright(plot, x, "picture-goal" if part == strong else "picture-grid"))
        if all(x + half <= left or right <= x - half for left, right in taken):
            taken.append((x - half, x + half))
            x = min(max(x, half), plot.width - half)
            parts.append(words(x, plot.bottom + 15, label, "picture-soft", size=SMALL, anchor="middle"))
    return parts


AXIS: Final = 22.0  # what the labels of a grid need below it
