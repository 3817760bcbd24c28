"""XLSX, which is a zip that may unpack to anything: measured and repacked before it is read."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from service.files.archive import DAMAGED, Limits, UnsafeArchiveError, members, opened
from service.importing.measure import SAVE_AGAIN, Measure
from service.importing.report import Report, Severity
from service.importing.table import Merged
from states.refusals import Malformed
from states.text import N_

LIMITS: Final = Limits(members=500, unpacked=64_000_000, whole=64_000_000)
_XML: Final = (".xml", ".rels")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows with their numbers, its merged cells, and what the sheets of its workbook are called."""

    rows: Iterator[tuple[int, list[str]]]
    merged: list[Merged]
    names: tuple[str, ...]


def workbook_sheet(raw: bytes, report: Report, wanted: str = "") -> Sheet:
    """The sheet of the `wanted` name, else the first. Raises Malformed."""
    try:
        safe = _repacked(raw)
        # What is repacked holds no more than was counted, whatever the original's directory claims.
        workbook = CalamineWorkbook.from_filelike(safe)
        names = workbook.sheet_names
        name = wanted if wanted in names else names[0]
        sheet = workbook.get_sheet_by_name(name)
        first, left = sheet.start or (0, 0)
        rows = sheet.to_python(skip_empty_area=True)
        ranges = sheet.merged_cell_ranges or []
    except UnsafeArchiveError as error:
        raise Malformed(_BROKEN if error.says == DAMAGED else error.says, SAVE_AGAIN) from error
    except (CalamineError, IndexError) as error:
        raise Malformed(_BROKEN, SAVE_AGAIN) from error
    if others := ", ".join(one for one in names if one != name):
        says = _ONLY_FIRST if name == names[0] else _ONLY_THIS
        report.find(None, "file", "other-sheets", Severity.WARNING, says, sheet=name, others=others)
    return Sheet(
        ((number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=first + 1)),
        [Merged(top + 1, begin - left, bottom + 1, end - left) for (top, begin), (bottom, end) in ranges],
        tuple(names),
    )


def _repacked(raw: bytes) -> BytesIO:
    """The parts that make up an XLSX and no other: the reader knows other kinds, which were not measured."""
    safe, measure = BytesIO(), Measure()
    with opened(BytesIO(raw), LIMITS) as source, zipfile.ZipFile(safe, "w", zipfile.ZIP_STORED) as target:
        for name, content in members(source, LIMITS, _is_read):
            if content is not None:
                measure.read(content)
                target.writestr(name, content)
    measure.judge()
    safe.seek(0)
    return safe


def _is_read(name: str) -> bool:
    folded = name.casefold()
    return folded.endswith(_XML) and folded.startswith(("xl/", "_rels/", "[content_types]"))


def _text(cell: object) -> str:
    # A spreadsheet keeps numbers as fractions: 19 comes as 19.0.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


_ONLY_FIRST = N_("Only the first sheet, “%(sheet)s”, was read; these were not: %(others)s.")
_ONLY_THIS = N_("Only the sheet “%(sheet)s” was read; these were not: %(others)s.")
_BROKEN = N_("The workbook is damaged or is not an XLSX file.")
