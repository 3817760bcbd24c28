"""How long things take: half of them, and nine of ten."""

from typing import Final

from service.pictures.drawing import Drawing
from service.pictures.figure import Span, Spans
from service.pictures.marks import EDGE, LINE, NAME, SMALL, line, mark, shape, unheard, words
from service.pictures.rows import AXIS, NARROW, Row, Rows, grid, head_lines, heads_above, numbers_room, rows
from service.pictures.scale import ticks
from service.pictures.shares import NONE
from service.pictures.words import Reader
from states.text import N_

MEDIAN: Final = N_("Half done within")
P90: Final = N_("Nine of ten within")
CASES: Final = N_("Cases")
DAYS: Final = N_("working days")
WITH_CASES: Final = N_("%(name)s (cases: %(count)s)")
_SIGNS: Final = 16.0
_KINDS: Final = ("picture-number", "picture-name", "picture-soft")


def told_days(days: float | None, reader: Reader) -> str:
    """Working days, as they are written in a column."""
    return NONE if days is None else reader.number(days)


def spans(figure: Spans, reader: Reader, across: float) -> Drawing:
    """A disc for the median, a diamond for nine of ten, a line between them."""
    most = max((days for one in figure.spans for days in (one.median, one.p90) if days is not None), default=0)
    scale = ticks(most, 4 if across > 400 else 3)
    narrow = across < NARROW
    columns = [
        [told_days(one.median, reader) for one in figure.spans],
        [told_days(one.p90, reader) for one in figure.spans],
        [reader.number(one.count) for one in figure.spans],
    ]
    names = [one.name for one in figure.spans]
    heads = [head_lines(reader.told(head)) for head in (MEDIAN, P90, CASES)]
    if narrow:
        names = [reader.told(WITH_CASES, name=name, count=count) for name, count in zip(names, columns[2], strict=True)]
        columns, heads = columns[:2], heads[:2]
    rooms = numbers_room(columns, heads)
    top = LINE[SMALL] * max(len(head) for head in heads) + _SIGNS + 4
    plot = rows(names, across, top=top, room=sum(rooms) + 4)
    rights = [across - EDGE - sum(rooms[place + 1 :]) for place in range(len(rooms))]
    marks = []
    for place, (one, row) in enumerate(zip(figure.spans, plot.rows, strict=True)):
        numbers = [
            words(x, row.middle + NAME * 0.36, column[place], kind, anchor="end")
            for column, x, kind in zip(columns, rights, _KINDS, strict=False)
        ]
        inside = [*row.label(), *_strip(one, row, plot, scale[-1]), *numbers]
        marks.append(mark(in_words(one, reader), "".join(inside), one.href, plot.area(row)))
    above = [
        *heads_above(heads, rights, plot.top - _SIGNS),
        *(_sign(number, x - 6, plot.top - _SIGNS + 6) for number, x in enumerate(rights[:2])),
        *grid(plot, [(day / scale[-1], reader.number(day)) for day in scale]),
        words(plot.left, plot.bottom + AXIS + 8, reader.told(DAYS), "picture-soft", size=SMALL),
    ]
    return Drawing(across, plot.bottom + AXIS + 14, [unheard(above), *marks])


def in_words(one: Span, reader: Reader) -> str:
    """One row, for the ear."""
    told = [
        f"{reader.told(head)} {told_days(days, reader)} {reader.told(DAYS)}"
        for head, days in ((MEDIAN, one.median), (P90, one.p90))
    ]
    return f"{one.name}: {'; '.join(told)}; {reader.told(CASES)}: {reader.number(one.count)}"


def _strip(one: Span, row: Row, plot: Rows, most: float) -> list[str]:
    places = [None if days is None else plot.at(days / most) for days in (one.median, one.p90)]
    found = [line(plot.left, row.middle, plot.right, row.middle, "picture-rail")]
    if places[0] is not None and places[1] is not None:
        found.append(line(places[0], row.middle, places[1], row.middle, "picture-reach"))
    # The disc last: where both fall together, the diamond's corners are still seen behind it.
    return [*found, *(_sign(k, x, row.middle) for k, x in reversed([*enumerate(places)]) if x is not None)]


def _sign(number: int, x: float, y: float) -> str:
    return shape(0, x, y, "picture-disc", 4.5) if number == 0 else shape(2, x, y, "picture-ring", 5)
