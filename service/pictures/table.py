"""The twin of a figure: the same as a plain table, for whoever prefers to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.pictures.causes import ANSWERS, placed
from service.pictures.figure import Bars, Figure, Fishbone, OverTime, Pareto, Shares, Spans, WhyTree
from service.pictures.pareto import RUNNING, descending, running
from service.pictures.shares import told_share
from service.pictures.spans import CASES, MEDIAN, P90, told_days
from service.pictures.words import Reader, Say
from states.text import N_

NAME: Final = N_("Name")
NUMBER: Final = N_("Number")
SHARE: Final = N_("Share")
NUMBERS: Final = N_("Numbers")
PERIOD: Final = N_("Period")
CAUSE: Final = N_("Cause")
BECAUSE_OF: Final = N_("Answers “why?” of")
CATEGORY: Final = N_("Category")
ANSWER: Final = N_("What becomes of it")
Cell = str | dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Table:
    """What the component `table` takes: a caption, columns (`key`, `label`, perhaps `number`), rows of cells."""

    caption: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Cell]]


def as_table(figure: Figure, say: Say, language: str) -> Table:
    """All that the figure shows and what it folds away, row by row, each with its link."""
    reader = Reader(say, language)
    match figure:
        case Bars():
            heads, rows = _counted(figure, reader)
        case Pareto():
            heads, rows = _pareto(figure, reader)
        case OverTime():
            heads, rows = _over_time(figure, reader)
        case Spans():
            heads, rows = _spans(figure, reader)
        case Shares():
            heads, rows = _shares(figure, reader)
        case Fishbone() | WhyTree():
            heads, rows = _causes(figure, reader)
        case _:
            raise TypeError(f"{type(figure).__name__} is no figure")
    return Table(figure.title, _columns(heads), [_row(row) for row in rows])


Heads = Sequence[tuple[str, bool]]  # label, whether numbers stand below it
Rows = list[list[Cell]]


def _columns(heads: Heads) -> list[dict[str, Any]]:
    return [
        {"key": f"c{place}", "label": label, **({"number": True} if number else {})}
        for place, (label, number) in enumerate(heads)
    ]


def _row(cells: Sequence[Cell]) -> dict[str, Cell]:
    return {f"c{place}": cell for place, cell in enumerate(cells)}


def _link(text: str, href: str | None) -> Cell:
    return {"text": text, "href": href} if href else text


def _counted(figure: Bars, reader: Reader) -> tuple[Heads, Rows]:
    heads = ((figure.of or reader.told(NAME), False), (figure.counted or reader.told(NUMBER), True))
    return heads, [[_link(bar.name, bar.href), reader.number(bar.value)] for bar in figure.bars]


def _pareto(figure: Pareto, reader: Reader) -> tuple[Heads, Rows]:
    bars = descending(figure)
    heads = (
        (figure.of or reader.told(NAME), False),
        (figure.counted or reader.told(NUMBER), True),
        (reader.told(RUNNING), True),
    )
    return heads, [
        [_link(bar.name, bar.href), reader.number(bar.value), reader.per_cent(share, 1)]
        for bar, share in zip(bars, running(bars), strict=True)
    ]


def _over_time(figure: OverTime, reader: Reader) -> tuple[Heads, Rows]:
    heads = ((figure.of or reader.told(PERIOD), False), *((one.name, True) for one in figure.series))
    rows: Rows = []
    for place, period in enumerate(figure.periods):
        row: list[Cell] = [_link(period.name, period.href)]
        for one in figure.series:
            value = one.values[place]
            row.append(None if value is None else _link(reader.number(value), one.hrefs[place] if one.hrefs else None))
        rows.append(row)
    return heads, rows


def _spans(figure: Spans, reader: Reader) -> tuple[Heads, Rows]:
    heads = ((figure.of or reader.told(NAME), False), *((reader.told(head), True) for head in (MEDIAN, P90, CASES)))
    return heads, [
        [_link(one.name, one.href), told_days(one.median, reader), told_days(one.p90, reader), reader.number(one.count)]
        for one in figure.spans
    ]


def _shares(figure: Shares, reader: Reader) -> tuple[Heads, Rows]:
    heads = (
        (figure.of or reader.told(NAME), False),
        (figure.counted or reader.told(SHARE), True),
        (reader.told(NUMBERS), True),
    )
    return heads, [[_link(share.name, share.href), *told_share(share, reader)] for share in figure.shares]


def _causes(figure: Fishbone | WhyTree, reader: Reader) -> tuple[Heads, Rows]:
    heads = (
        ("№", True),
        (reader.told(CAUSE), False),
        (reader.told(BECAUSE_OF), True),
        (reader.told(CATEGORY), False),
        (reader.told(ANSWER), False),
    )
    found = placed(figure.causes)
    return heads, [
        [
            str(one.mark.no),
            _link(one.mark.text, one.mark.href),
            None if one.parent is None else str(found[one.parent].mark.no),
            one.mark.bone or None,
            reader.told(ANSWERS[one.mark.answer]),
        ]
        for one in found
    ]


def in_words(table: Table, most: int) -> str:
    """The table as sentences, for the ear; what comes after `most` rows is left to the table itself."""
    sentences = []
    for row in table.rows[:most]:
        cells = [(column["label"], _text(row[column["key"]])) for column in table.columns]
        first, rest = cells[0][1], [f"{label}: {text}" for label, text in cells[1:] if text]
        sentences.append(f"{first}. {'; '.join(rest)}.")
    return " ".join([*sentences, *(["…"] if len(table.rows) > most else [])])


def _text(cell: str | Mapping[str, str] | None) -> str:
    return cell["text"] if isinstance(cell, Mapping) else cell or ""
