"""Horizontal bars: who has how many."""

from service.pictures.drawing import Drawing
from service.pictures.figure import Bar, Bars
from service.pictures.marks import NAME, mark, words
from service.pictures.rows import THICK, Row, Rows, numbers_room, rows, upright
from service.pictures.words import Reader
from states.drawing.tags import tag

_LEAST = 2.0


def bars(figure: Bars, reader: Reader, across: float) -> Drawing:
    """Each bar with its name and, at its end, its number."""
    room = numbers_room([[reader.number(bar.value) for bar in figure.bars]])[0]
    plot = rows([bar.name for bar in figure.bars], across, top=4, room=room)
    most = max((bar.value for bar in figure.bars), default=0)
    marks = [_bar(bar, row, plot, most, reader) for bar, row in zip(figure.bars, plot.rows, strict=True)]
    base = upright(plot, plot.left, "picture-axis")
    return Drawing(across, plot.bottom + 4, [*marks, base])


def _bar(bar: Bar, row: Row, plot: Rows, most: float, reader: Reader) -> str:
    length = (plot.right - plot.left) * bar.value / most if most > 0 and bar.value > 0 else 0
    inside = row.label()
    if length:
        inside.append(drawn(plot.left, row.middle, max(length, _LEAST), bar.tone))
    shown = reader.number(bar.value)
    x = plot.left + max(length, 0) + 6
    inside.append(words(x, row.middle + NAME * 0.36, shown, "picture-number", size=NAME))
    return mark(f"{bar.name}: {shown}", "".join(inside), bar.href, plot.area(row))


def drawn(x: float, middle: float, length: float, tone: str = "", classes: str = "picture-bar") -> str:
    """A bar that begins at `x`."""
    toned = f"{classes} tone-{tone}" if tone else classes
    return tag("rect", toned, x=x, y=middle - THICK / 2, width=length, height=THICK)
