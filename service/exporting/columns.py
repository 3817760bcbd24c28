"""What a column of an exported list is called, and what stands in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["text", "number", "date", "moment", "share", "flag"]
Cell = str | int | float | Decimal | date | datetime | None  # a bool is an int

_WIDTHS: Final[dict[Kind, int]] = {"text": 32, "number": 11, "date": 12, "moment": 18, "share": 10, "flag": 10}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header in the reader's language, the kind of its cells, its width in letters (0: as the kind).

    text    as it is, never a formula
    number  int, float or Decimal
    date    a date; of an aware moment, the day in Bishkek
    moment  an aware moment, written as the time in Bishkek
    share   a part of one: 0.25 is 25 %
    flag    true or false
    A cell of another type than its column's is written as text; None is an empty cell.
    """

    name: str
    kind: Kind = "text"
    width: int = 0

    @property
    def letters(self) -> int:
        """How wide the column is drawn, in letters."""
        return self.width or _WIDTHS[self.kind]
