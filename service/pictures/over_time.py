"""Series by month: what came, what went, what is still there."""

from itertools import groupby
from typing import Final

from service.pictures.drawing import Drawing, nothing
from service.pictures.figure import OverTime, Series
from service.pictures.marks import BOLD, EDGE, LINE, NAME, SMALL, line, mark, shape, unheard, words
from service.pictures.rows import NARROW
from service.pictures.scale import ticks
from service.pictures.shares import NONE
from service.pictures.words import Reader, fit
from states.drawing.letters import width
from states.drawing.tags import tag

_HIGH: Final = 220.0
_LABEL: Final = 150.0  # the widest name at the end of a line
_APART: Final = 17.0  # labels at the ends of lines
_DOTS: Final = 14.0  # periods closer than this have no dot each


def over_time(figure: OverTime, reader: Reader, across: float) -> Drawing:
    """Lines told apart by their shapes and dashes, named at their ends; each period leads to its rows."""
    if not figure.periods or not figure.series:
        return nothing(reader, across)
    seen = [value for one in figure.series for value in one.values if value is not None]
    scale = ticks(max(seen, default=0), 4, whole=all(float(value).is_integer() for value in seen))
    ends = [_end(one, reader, named=across >= NARROW) for one in figure.series]
    legend, top = _legend(figure, across)
    left = EDGE + max(width(reader.number(tick), SMALL) for tick in scale) + 8
    right = across - EDGE - max(width(end, NAME * BOLD) for end in ends) - 14
    bottom = top + _HIGH
    step = (right - left) / len(figure.periods)
    middles = [left + step * (place + 0.5) for place in range(len(figure.periods))]

    def high(value: float) -> float:
        return bottom - _HIGH * max(value, 0) / scale[-1]

    axis = []
    for tick in scale:
        y = high(tick)
        axis.append(line(left, y, right, y, "picture-grid" if tick else "picture-axis"))
        axis.append(words(left - 6, y + 4, reader.number(tick), "picture-soft", size=SMALL, anchor="end"))
    axis += _months(figure, middles, step, bottom)
    columns = [
        mark(_heard(figure, place, reader), "", period.href, (left + step * place, top - 4, step, _HIGH + 24))
        for place, period in enumerate(figure.periods)
    ]
    drawn: list[str] = []
    for number, one in enumerate(figure.series):
        points = [(x, None if value is None else high(value)) for x, value in zip(middles, one.values, strict=True)]
        drawn += _line(number, points, dots=step >= _DOTS)
    labels = _labels(figure, ends, [high(_last(one) or 0) for one in figure.series], right + 12, (top, bottom))
    return Drawing(across, bottom + 26, [*columns, unheard([*legend, *axis, *drawn, *labels])])


def _heard(figure: OverTime, place: int, reader: Reader) -> str:
    values = [
        f"{one.name}: {NONE if (value := one.values[place]) is None else reader.number(value)}" for one in figure.series
    ]
    return f"{figure.periods[place].name}. {'; '.join(values)}"


def _last(one: Series) -> float | None:
    return next((value for value in reversed(one.values) if value is not None), None)


def _end(one: Series, reader: Reader, *, named: bool) -> str:
    last = _last(one)
    number = NONE if last is None else reader.number(last)
    if not named:
        return number
    return f"{number} {' '.join(fit(one.name, NAME, _LABEL, 1))}"


def _legend(figure: OverTime, across: float) -> tuple[list[str], float]:
    """The legend, and where it ends."""
    parts: list[str] = []
    x, y = EDGE, 16.0
    for number, one in enumerate(figure.series):
        name = " ".join(fit(one.name, NAME, across - 2 * EDGE - 40, 1))
        if x > EDGE and x + 40 + width(name, NAME) > across - EDGE:
            x, y = EDGE, y + 20
        parts += [
            line(x, y - 4, x + 30, y - 4, f"picture-line series-{number}"),
            shape(number, x + 15, y - 4, f"picture-dot series-{number}"),
            words(x + 36, y, name, "picture-name"),
        ]
        x += 36 + width(name, NAME) + 20
    return parts, y + 18


def _months(figure: OverTime, middles: list[float], step: float, bottom: float) -> list[str]:
    """As many short names as there is room for, counted back from the last."""
    widest = max(width(period.short, SMALL) for period in figure.periods)
    every = max(1, -int(-(widest + 8) // step))
    last = len(middles) - 1
    return [
        words(
            middles[place],
            bottom + LINE[SMALL] + 3,
            figure.periods[place].short,
            "picture-soft",
            size=SMALL,
            anchor="middle",
        )
        for place in range(last, -1, -every)
    ]


def _line(number: int, points: list[tuple[float, float | None]], *, dots: bool) -> list[str]:
    """The line, with gaps where nothing was counted, and its dots."""
    pieces = [
        [(x, y) for x, y in piece if y is not None]
        for there, piece in groupby(points, key=lambda point: point[1] is not None)
        if there
    ]
    classes = f"series-{number}"
    drawn = [
        tag("path", f"picture-line {classes}", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece))
        for piece in pieces
        if len(piece) > 1
    ]
    shown = [
        point
        for piece in pieces
        for place, point in enumerate(piece)
        if dots or len(piece) == 1 or (piece is pieces[-1] and place == len(piece) - 1)
    ]
    return [*drawn, *(shape(number, x, y, f"picture-dot {classes}") for x, y in shown)]


def _labels(
    figure: OverTime, ends: list[str], heights: list[float], x: float, between: tuple[float, float]
) -> list[str]:
    """Names and last numbers at the ends of the lines, none on another."""
    order = sorted(range(len(ends)), key=lambda place: heights[place])
    placed: list[float] = []
    for place in order:
        placed.append(max(heights[place], placed[-1] + _APART if placed else between[0]))
    over = placed[-1] - between[1]
    if over > 0:
        # Pushed up again from the bottom, where lines end close to nothing.
        limit = between[1]
        for k in range(len(placed) - 1, -1, -1):
            placed[k] = min(placed[k], limit)
            limit = placed[k] - _APART
    return [
        words(x, y + 4, ends[place], f"picture-number series-{place}") for place, y in zip(order, placed, strict=True)
    ]
