"""CSV, as RFC 4180 has it: UTF-8, commas, every text in quotes, nothing a spreadsheet would calculate.

Commas, although a Russian Excel that opens the file by a double click expects semicolons: commas are what the RFC,
programs and imports agree on, and they do not change with the settings of the machine that made the file. Whoever
wants to double-click takes the XLSX. A mark at the beginning (BOM) is what makes Excel read ң ө ү.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Final
from unicodedata import normalize

from service.exporting.columns import Cell, Column
from service.exporting.values import plain, value

_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 16_384  # letters gathered before they are sent on
_SIGNS: Final = frozenset("=+-@")
_NUMBER: Final = re.compile(r"-(\d+([.,]\d+)?)?")
# Where a program that was told to split at semicolons or tabs begins its next cell, whatever quotes stand around ours.
_BREAKS: Final = re.compile(r"([;\t\n])")


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The header and the rows in pieces of whole lines; no more than a piece is held at a time.

    Dates are 2026-11-20, moments 2026-11-20 09:05:00 in Bishkek, shares parts of one, flags TRUE and FALSE.
    Raises ValueError for a row of another length than the header, and for a moment without a zone.
    """
    gathered = StringIO(newline="")
    writer = csv.writer(gathered, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(plain(column.name)) for column in columns])
    yield _BOM
    for row in rows:
        writer.writerow([_written(column, cell) for column, cell in zip(columns, row, strict=True)])
        if gathered.tell() >= _PIECE:
            yield gathered.getvalue().encode()
            gathered.seek(0)
            gathered.truncate()
    yield gathered.getvalue().encode()


def harmless(words: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula; "-5" is a number and stays."""
    if _NUMBER.fullmatch(words):
        return words
    first, *others = _BREAKS.split(words)
    starts = _begins_formula(first) or (others and not first and others[0] != ";")
    return ("'" if starts else "") + first + "".join(f"'{one}" if _begins_formula(one, '"') else one for one in others)


def _begins_formula(part: str, passed: str = "") -> bool:
    """Whether the first sign that is seen, but for those `passed`, is one of = + - @, in any width."""
    for sign in part:
        if sign.isprintable() and not sign.isspace() and sign not in passed:
            return normalize("NFKC", sign)[:1] in _SIGNS
    return False


def _written(column: Column, cell: Cell) -> str | int | float | Decimal:
    match value(column, cell):
        case None:
            return ""
        case bool() as flag:
            return "TRUE" if flag else "FALSE"
        case datetime() as moment:
            return moment.isoformat(" ", "seconds")
        case date() as day:
            return day.isoformat()
        case str() as words:
            return harmless(words)
        case number:
            return number
