"""The pieces figures are made of: words, marks that lead somewhere, shapes that can be told apart without colour."""

from html import escape
from typing import Final

from service.pictures.words import fit, plain
from states.drawing.tags import tag

NAME, SMALL = 13.0, 11.5  # sizes of letters
LINE: Final = {NAME: 16.0, SMALL: 14.0}
EDGE: Final = 6.0  # free at both sides, for the ring around what has the focus
BOLD: Final = 1.08
SHAPES: Final = 4


def words(x: float, y: float, said: str, classes: str = "", *, size: float = NAME, anchor: str = "start") -> str:
    """One line of text; `y` is where its letters stand."""
    aside = {"text_anchor": anchor} if anchor != "start" else {}
    return tag("text", classes, escape(plain(said)), x=x, y=y, font_size=size, **aside)


def lines(x: float, y: float, said: tuple[str, ...], classes: str = "", *, size: float = NAME) -> list[str]:
    """Lines below each other; `y` is the top of the first."""
    return [words(x, y + LINE[size] * k - 3.5, line, classes, size=size) for k, line in enumerate(said, start=1)]


def mark(told: str, inside: str, href: str | None, area: tuple[float, float, float, float]) -> str:
    """Something that was counted, with its whole name; a link where its rows can be seen.

    `area` (x, y, width, height) is what can be pressed, and what shows the focus. Raises ValueError for an address that
    leads away from here.
    """
    x, y, across, down = area
    title = tag("title", inside=escape(plain(told)))
    ground = tag("rect", "picture-area", x=x, y=y, width=across, height=down, rx=4)
    if href is None:
        return tag("g", "picture-mark", title + ground + inside, role="img")
    if not href.startswith(("/", "?", "#")) or href.startswith(("//", "/\\")):
        raise ValueError(f"a figure leads to rows of ours, not to {href!r}")
    return tag("a", "picture-mark", title + ground + inside, href=href)


def unheard(parts: list[str]) -> str:
    """Axes and the like: they help the eye, the marks say the same."""
    return tag("g", inside="".join(parts), aria_hidden="true")


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> str:
    """A straight line."""
    return tag("line", classes, x1=x1, y1=y1, x2=x2, y2=y2)


def shape(number: int, x: float, y: float, classes: str, size: float = 4.0) -> str:
    """A disc, a square, a diamond, a triangle: one for each series."""
    half = size
    match number % SHAPES:
        case 0:
            return tag("circle", classes, cx=x, cy=y, r=half)
        case 1:
            return tag("rect", classes, x=x - half, y=y - half, width=2 * half, height=2 * half)
        case 2:
            reach = half * 1.3
            d = f"M{x:.1f} {y - reach:.1f}l{reach:.1f} {reach:.1f}l{-reach:.1f} {reach:.1f}l{-reach:.1f} {-reach:.1f}z"
        case _:
            reach = half * 1.2
            d = f"M{x:.1f} {y - reach:.1f}l{reach:.1f} {2 * reach:.1f}h{-2 * reach:.1f}z"
    return tag("path", classes, d=d)


def quiet(said: str, x: float, y: float, across: float) -> tuple[list[str], float]:
    """What is said where there is nothing to draw, in as many lines as it needs from `y` down, and where it ends."""
    told = fit(said, NAME, across - EDGE - x, 4)
    return lines(x, y, told, "picture-soft"), y + LINE[NAME] * len(told)
