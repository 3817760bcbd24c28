"""The value of a cell: what kind of thing it is, and texts without what no file may hold."""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from service.exporting.columns import Cell, Column
from states.working_days import BISHKEK

# What XML 1.0 has no way to write: controls, halves of letters, two places that are no letters.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAK: Final = re.compile("\r\n?")
Value = str | int | float | Decimal | date | datetime


def value(column: Column, cell: Cell) -> Value | None:
    """What is written: of the column's kind where it can be, else text; None for an empty cell.

    A moment comes back naive, as clocks in Bishkek show it. Raises ValueError for a moment without a zone.
    """
    match column.kind, cell:
        case _, None | "":
            return None
        case "flag", bool():
            return cell
        case "number" | "share", int() | float() | Decimal() if not isinstance(cell, bool):
            return cell if math.isfinite(cell) else None
        case "date" | "moment", datetime():
            shown = in_bishkek(cell)
            return shown.date() if column.kind == "date" else shown
        case "date" | "moment", date():
            return cell
        case _:
            return plain(in_bishkek(cell).isoformat(" ", "seconds") if isinstance(cell, datetime) else str(cell))


def plain(words: str) -> str:
    """The text without what XML cannot hold; its lines end as lines do everywhere."""
    return _ILLEGAL.sub("", _BREAK.sub("\n", words))


def in_bishkek(moment: datetime) -> datetime:
    """The time on the wall in Bishkek. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(BISHKEK).replace(tzinfo=None, microsecond=0)
