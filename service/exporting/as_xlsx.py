"""XLSX by XlsxWriter, row after row through a temporary file: what is held in memory does not grow with the list."""

import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import xlsxwriter

from service.exporting.columns import Cell, Column, Kind
from service.exporting.refusals import TooManyRows
from service.exporting.values import Value, in_bishkek, plain, value

MOST_ROWS: Final = 1_048_575  # a sheet has 1,048,576 rows; the header takes one
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TEXT: Final = 32_767  # of a cell, in UTF-16
_LONGEST_NAME: Final = 31  # of a sheet, in UTF-16
_EXACT: Final = 2**53  # a cell keeps a number as a float
_FIRST_YEAR: Final = 1900  # of the calendar of spreadsheets
_FORMATS: Final[dict[Kind, dict[str, Any]]] = {
    "text": {"text_wrap": True},
    "number": {},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "share": {"num_format": "0.0%"},
    "flag": {},
}
_HEADER: Final = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}


def xlsx_file(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    target: Path | IO[bytes],
    *,
    title: str,
    made: datetime,
) -> int:
    """Write one sheet to a path, or to an open binary file at its present place; how many rows it has.

    `title` names the sheet (shortened) and the workbook, `made` (aware) is its date. The target is touched only once
    all is written; an open file is left at the end of it. Raises TooManyRows, and ValueError for no columns, a row of
    another length, or a moment without a zone.
    """
    if not columns:
        raise ValueError("a list has at least one column")
    with TemporaryDirectory(prefix="sapat-xlsx-") as folder:
        whole = Path(folder) / "whole.xlsx"
        written = _write(whole, columns, rows, title, made)
        if isinstance(target, Path):
            shutil.move(whole, target)
        else:
            with whole.open("rb") as content:
                shutil.copyfileobj(content, target)
    return written


def require_fits(rows: int) -> None:
    """For whoever has counted before reading. Raises TooManyRows."""
    if rows > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)


def sheet_name(title: str) -> str:
    """The title as the name of a sheet: at most 31 letters, none that spreadsheets refuse."""
    legal = " ".join(re.sub(r"[\[\]:*?/\\]", " ", plain(title)).split())
    name = _cut(legal, _LONGEST_NAME).strip("' ")
    # Excel keeps this name for itself.
    return f"{name}_" if name.casefold() == "history" else name or "Sapat"


def _write(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], title: str, made: datetime) -> int:
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": plain(title), "created": in_bishkek(made)})
        sheet = workbook.add_worksheet(sheet_name(title))
        formats = {
            kind: workbook.add_format({"valign": "top", **_FORMATS[kind]}) for kind in {one.kind for one in columns}
        }
        _prepare(sheet, columns, workbook.add_format(_HEADER))
        number = 0
        for number, row in enumerate(rows, start=1):
            require_fits(number)
            for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                _put(sheet, number, place, value(column, cell), formats[column.kind])
        sheet.autofilter(0, 0, number, len(columns) - 1)
    return number


def _prepare(sheet: Any, columns: Sequence[Column], header: Any) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.letters)
        sheet.write_string(0, place, _text(plain(column.name)), header)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    # A code such as 007 is a text, and that is no mistake.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})


def _put(sheet: Any, row: int, place: int, found: Value | None, style: Any) -> None:
    match found:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, place, found, style)
        case date() if found.year >= _FIRST_YEAR:  # a moment is a date
            sheet.write_datetime(row, place, found, style)
        case int() | float() | Decimal() if -_EXACT <= found <= _EXACT:
            sheet.write_number(row, place, found, style)
        case _:
            sheet.write_string(row, place, _text(str(found)), style)


def _text(words: str) -> str:
    """What a cell can hold, as a text and nothing else."""
    cut = _cut(words, _LONGEST_TEXT)
    # XlsxWriter takes this form for markup of its own and would write it as it is.
    return f" {cut[: _LONGEST_TEXT - 1]}" if cut.startswith("<r>") and cut.endswith("</r>") else cut


def _cut(words: str, most: int) -> str:
    """At most so many units of UTF-16, as spreadsheets count; what is cut ends with an ellipsis."""
    units = words.encode("utf-16-le")
    return words if len(units) <= 2 * most else units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
