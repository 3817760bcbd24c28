"""XLSX, which is a zip that may unpack to anything: checked and repacked before it is read.

A reader of sheets builds the whole rectangle between the first cell and the last, so two cells far apart are as
dangerous as a zip bomb: the rectangle is worked out first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from service.importing.report import Report, Severity
from states.refusals import Malformed
from states.text import N_

MAX_UNPACKED: Final = 64_000_000
MAX_MEMBERS: Final = 500
MAX_CELLS: Final = 2_000_000
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SAVE_AGAIN = N_("Copy the table into a new workbook, save it as XLSX and try again.")


def workbook_rows(raw: bytes, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, with their numbers. Raises Malformed."""
    try:
        safe = _repacked(raw)
        # What is repacked holds no more than was counted, whatever the original's directory claims.
        workbook = CalamineWorkbook.from_filelike(safe)
        names = workbook.sheet_names
        sheet = workbook.get_sheet_by_name(names[0])
        first = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except (zipfile.BadZipFile, zlib.error, CalamineError, NotImplementedError, EOFError, IndexError) as error:
        raise Malformed(N_("The workbook is damaged or is not an XLSX file."), _SAVE_AGAIN) from error
    if names[1:]:
        report.find(
            None,
            "file",
            "other-sheets",
            Severity.WARNING,
            N_("Only the first sheet, “%(sheet)s”, was read; these were not: %(others)s."),
            sheet=names[0],
            others=", ".join(names[1:]),
        )
    for number, row in enumerate(rows, start=first + 1):
        yield number, [_text(cell) for cell in row]


def _repacked(raw: bytes) -> BytesIO:
    safe = BytesIO()
    unpacked = 0
    with zipfile.ZipFile(BytesIO(raw)) as source, zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as target:
        members = source.infolist()
        if len(members) > MAX_MEMBERS:
            raise Malformed(N_("The workbook has too many parts."), _SAVE_AGAIN)
        for member in members:
            if member.flag_bits & 1:
                raise Malformed(N_("The workbook is protected by a password."), N_("Save it without a password."))
            if unpacked + member.file_size > MAX_UNPACKED:
                raise Malformed(N_("The workbook unpacks to far too much."), _SAVE_AGAIN)
            content = source.read(member)
            unpacked += len(content)
            if member.filename.startswith("xl/worksheets/"):
                _measure(content)
            target.writestr(member.filename, content)
    safe.seek(0)
    return safe


def _measure(sheet: bytes) -> None:
    rows, columns = [1], [1]
    for letters, digits in set(_CELL.findall(sheet)):
        rows.append(int(digits))
        columns.append(sum((letter - 64) * 26**place for place, letter in enumerate(reversed(letters.upper()))))
    if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > MAX_CELLS or max(rows) > MAX_CELLS:
        raise Malformed(N_("The sheet is far too large: cells lie too far apart."), _SAVE_AGAIN)


def _text(cell: object) -> str:
    # A spreadsheet keeps numbers as fractions: 19 comes as 19.0.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
