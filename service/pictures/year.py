"""A year as a picture: a row for each name, a column for each month, in each cell how many stand how.

It is no figure of `service.pictures.figure`: its cells are counted in two directions. Late is a filled square, due a
framed one, done a disc, one beneath another, each with its own number, so that nobody needs the colours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from service.pictures.marks import EDGE, NAME, SMALL, line, mark, unheard, words
from service.pictures.words import fit, plain
from states.drawing.tags import tag

Tone = Literal["late", "waiting", "good"]
MONTHS: Final = 12
CELL: Final = 24.0
_BENEATH: Final = CELL + 4
_HEAD: Final = 22.0
_NAMES: Final = 250.0


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a month: how many stand so, the same in words, and where just those rows are."""

    number: int
    tone: Tone
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """A name with its cells by month (1 to 12)."""

    name: str
    cells: Mapping[int, Sequence[Cell]]


def year_picture(name: str, title: str, months: Sequence[str], rows: Sequence[YearRow], language: str) -> str:
    """The year drawn twice, wide and narrow, of which the stylesheet shows the one that fits. `months` are short."""
    both = "".join(_svg(name, title, months, rows, language, across) for across in (720.0, 320.0))
    return tag("figure", "picture", tag("div", "picture-frame", both))


def _svg(name: str, title: str, months: Sequence[str], rows: Sequence[YearRow], language: str, across: float) -> str:
    wide = across > 500
    left = _NAMES if wide else EDGE
    step = (across - left - EDGE) / MONTHS
    height_of_one = 30.0 if wide else 48.0
    parts: list[str] = [
        words(left + step * (place + 0.5), _HEAD - 8, month, "picture-soft", size=SMALL, anchor="middle")
        for place, month in enumerate(months)
    ]
    marks: list[str] = []
    bottom = _HEAD
    for row in rows:
        most = max(map(len, row.cells.values()), default=1)
        top, bottom = bottom, bottom + height_of_one + (most - 1) * _BENEATH
        parts.append(line(EDGE, bottom, across - EDGE, bottom, "picture-grid"))
        baseline = top + (height_of_one / 2 + NAME * 0.36 if wide else NAME + 2)
        said = fit(row.name, NAME, (_NAMES if wide else across) - 2 * EDGE, 1)
        parts.append(words(EDGE, baseline, said[0] if said else "", "picture-name"))
        first = top + (height_of_one / 2 if wide else height_of_one - CELL / 2 - 3)
        for month, cells in sorted(row.cells.items()):
            x = left + step * (month - 0.5)
            marks.extend(_cell(cell, x, first + place * _BENEATH, step) for place, cell in enumerate(cells))
    kind = "wide" if wide else "narrow"
    heard = tag("title", inside=escape(plain(title)), id=f"{name}-{kind}-title")
    return tag(
        "svg",
        f"picture-svg {kind}",
        heard + unheard(parts) + "".join(marks),
        role="group",
        lang=language,
        aria_labelledby=f"{name}-{kind}-title",
        viewBox=f"0 0 {across:.0f} {bottom + 6:.0f}",
        width=f"{across:.0f}",
        height=f"{bottom + 6:.0f}",
    )


def _cell(cell: Cell, x: float, y: float, step: float) -> str:
    half = CELL / 2 - 1
    if cell.tone == "good":
        ground = tag("circle", f"year-cell {cell.tone}", cx=x, cy=y, r=half)
    else:
        ground = tag("rect", f"year-cell {cell.tone}", x=x - half, y=y - half, width=2 * half, height=2 * half, rx=3)
    number = words(x, y + NAME * 0.36, str(cell.number), f"year-number {cell.tone}", anchor="middle")
    across = min(step, CELL + 4)
    return mark(cell.told, ground + number, cell.href, (x - across / 2, y - CELL / 2, across, CELL))
