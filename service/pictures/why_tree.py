"""The chains of “why?”: a tree from the problem down."""

from typing import Final

from service.pictures.causes import ANSWERS, NO_CAUSES, SIGN, Placed, answer, is_told, placed, told_cause
from service.pictures.drawing import Drawing
from service.pictures.figure import WhyTree
from service.pictures.marks import BOLD, EDGE, LINE, NAME, SMALL, lines, mark, quiet, unheard, words
from service.pictures.rows import NARROW
from service.pictures.words import Reader, fit
from states.drawing.letters import width
from states.drawing.tags import path, tag

_PAD: Final = 8.0
_BADGE: Final = 10.0  # half the height of a number's badge
_GAP: Final = 8.0
_MOST_LINES: Final = 4
_DEEPEST: Final = 0.5  # of the width, at most, is given to indents


def why_tree(figure: WhyTree, reader: Reader, across: float) -> Drawing:
    """The problem, and below it each cause in a box of its own, indented below what it answers."""
    causes = placed(figure.causes)
    head, bottom = problem(figure.problem, (EDGE, 2.0), across - 2 * EDGE)
    if not causes:
        said, bottom = quiet(reader.told(NO_CAUSES), EDGE, bottom + 8, across)
        return Drawing(across, bottom + 8, [head, *said])
    step = min(28.0 if across >= NARROW else 16.0, across * _DEEPEST / max(one.depth + 1 for one in causes))
    stems = [(EDGE + step / 2, bottom)]  # where the ways to deeper causes begin: of the problem, then of each cause
    boxes, ways = [], []
    for one in causes:
        x, y = EDGE + step * (one.depth + 1), bottom + _GAP
        box, bottom = _box(one, reader, (x, y), across - EDGE - x)
        boxes.append(box)
        stems.append((x + step / 2, bottom))
        stem = stems[0 if one.parent is None else one.parent + 1]
        turn = y + _PAD + _BADGE
        ways.append(tag("path", "picture-branch", d=path((stem, (stem[0], turn), (x, turn)))))
    return Drawing(across, bottom + 4, [unheard(ways), head, *boxes])


def problem(said: str, corner: tuple[float, float], across: float, most: int = 5) -> tuple[str, float]:
    """The problem in its box, and where the box ends."""
    x, y = corner
    text = fit(said, NAME * BOLD, across - 2 * _PAD, most)
    height = 2 * _PAD + LINE[NAME] * max(len(text), 1)
    inside = [
        tag("rect", "picture-problem", x=x, y=y, width=across, height=height, rx=6),
        *lines(x + _PAD, y + _PAD, text, "picture-number"),
    ]
    return mark(said, "".join(inside), None, (x, y, across, height)), y + height


def _box(one: Placed, reader: Reader, corner: tuple[float, float], across: float) -> tuple[str, float]:
    """A cause in its box, and where the box ends."""
    (x, y), number = corner, str(one.mark.no)
    badge = max(2 * _BADGE, width(number, SMALL * BOLD) + 10)
    left = x + _PAD + badge + 8
    room = across - (left - x) - _PAD
    text = fit(one.mark.text, NAME, room, _MOST_LINES)
    said = fit(reader.told(ANSWERS[one.mark.answer]), SMALL, room - SIGN, 3) if is_told(one) else ()
    below = y + _PAD + max(LINE[NAME] * len(text), 2 * _BADGE)
    bottom = below + (LINE[SMALL] * len(said) + 4 if said else 0) + _PAD
    kind = one.mark.answer if one.is_root else "deeper"
    inside = [
        tag("rect", f"picture-cause {kind}", x=x, y=y, width=across, height=bottom - y, rx=6),
        tag("rect", "picture-badge", x=x + _PAD, y=y + _PAD, width=badge, height=2 * _BADGE, rx=_BADGE),
        words(x + _PAD + badge / 2, y + _PAD + _BADGE + 4, number, "picture-badge-number", size=SMALL, anchor="middle"),
        *lines(left, y + _PAD + (2 if len(text) == 1 else 0), text, "picture-name"),
        *answer(one, left, below + LINE[SMALL] + 1, said),
    ]
    return mark(told_cause(one, reader), "".join(inside), one.mark.href, (x, y, across, bottom - y)), bottom
