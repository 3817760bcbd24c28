"""Pareto: the most frequent first, and which few of them make four fifths."""

from itertools import accumulate
from typing import Final

from service.pictures.bars import drawn
from service.pictures.drawing import Drawing, nothing
from service.pictures.figure import Bar, Pareto
from service.pictures.marks import EDGE, LINE, NAME, SMALL, line, lines, mark, shape, unheard, words
from service.pictures.rows import AXIS, NARROW, grid, head_lines, heads_above, numbers_room, rows, upright
from service.pictures.words import Reader, fit
from states.drawing.tags import tag
from states.text import N_

GOAL: Final = 0.8
OTHERS: Final = N_("Others: %(count)s")
RUNNING: Final = N_("Running share")
FEW: Final = N_("The most frequent %(few)s of %(all)s make up %(share)s or more.")


def descending(figure: Pareto) -> list[Bar]:
    """What was counted at least once, the most frequent first."""
    return sorted((bar for bar in figure.bars if bar.value > 0), key=lambda bar: -bar.value)


def running(bars: list[Bar]) -> list[float]:
    """The share that each makes together with those before it: 0 to 1."""
    total = sum(bar.value for bar in bars)
    return [together / total for together in accumulate(bar.value for bar in bars)]


def few(shares: list[float]) -> int:
    """How many, from the first, make four fifths."""
    return next(number for number, share in enumerate(shares, start=1) if share >= GOAL - 1e-9)


def sentence(figure: Pareto, reader: Reader) -> str:
    """What the figure says, in words; nothing where it takes all of them."""
    bars = descending(figure)
    vital = few(running(bars)) if bars else 0
    if vital == len(bars):
        return ""
    return reader.told(FEW, few=vital, all=len(bars), share=reader.per_cent(GOAL, 1))


def pareto(figure: Pareto, reader: Reader, across: float) -> Drawing:
    """Bars and the running share have one scale: the whole is 100 %."""
    if not (every := descending(figure)):
        return nothing(reader, across)
    vital = few(running(every))
    shown = _folded(every, figure, reader)
    total, shares = sum(bar.value for bar in shown), running(shown)
    values = [reader.number(bar.value) for bar in shown]
    together = [reader.per_cent(share, 1) for share in shares]
    heads = [head_lines(head) for head in (figure.counted, reader.told(RUNNING))]
    first, second = numbers_room([values, together], heads)
    said = fit(sentence(figure, reader), NAME, across - 2 * EDGE, 3)
    top = LINE[NAME] * len(said) + 8 + LINE[SMALL] * max(len(head) for head in heads)
    plot = rows([bar.name for bar in shown], across, top=top, room=first + second)
    rights = (across - EDGE - second, across - EDGE)
    marks, points = [], []
    for place, (bar, row) in enumerate(zip(shown, plot.rows, strict=True)):
        bar_class = "picture-bar" if place < vital else "picture-bar lesser"
        baseline = row.middle + NAME * 0.36
        inside = [
            *row.label(),
            drawn(plot.left, row.middle, max(plot.at(bar.value / total) - plot.left, 2), classes=bar_class),
            words(rights[0], baseline, values[place], "picture-number", anchor="end"),
            words(rights[1], baseline, together[place], "picture-name", anchor="end"),
        ]
        told = f"{bar.name}: {values[place]} ({reader.told(RUNNING)}: {together[place]})"
        marks.append(mark(told, "".join(inside), bar.href, plot.area(row)))
        points.append((plot.at(shares[place]), row.middle))
    over = [
        *heads_above(heads, rights, plot.top),
        *grid(plot, [(part, reader.per_cent(part, 1)) for part in (0, 0.5, GOAL, 1)], strong=GOAL),
        upright(plot, plot.left, "picture-axis"),
    ]
    if across < NARROW:  # the names stand in the line's way: each dot has a rail of its own instead
        over += [line(plot.left, y, plot.right, y, "picture-rail") for _, y in points]
    else:
        over.append(tag("path", "picture-line", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)))
    dots = [shape(0, x, y, "picture-dot", 3.5) for x, y in points]
    text = lines(EDGE, 2, said, "picture-name")
    return Drawing(across, plot.bottom + AXIS, [*text, unheard(over), *marks, unheard(dots)])


def _folded(bars: list[Bar], figure: Pareto, reader: Reader) -> list[Bar]:
    if len(bars) <= figure.most:
        return bars
    kept, others = bars[: figure.most - 1], bars[figure.most - 1 :]
    name = reader.told(OTHERS, count=len(others))
    return [*kept, Bar(name, sum(bar.value for bar in others), figure.others_href)]
