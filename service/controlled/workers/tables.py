"""The sheets of a workbook as tables for `sheets.typ`: values as they are read, cells that are merged together.

Whatever is not shown on a sheet (hidden ones) is left out; nothing is cut: what does not fit is refused.
"""

import datetime
import json
import zipfile
from pathlib import Path
from typing import Any

import python_calamine

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 5_000, 40, 60_000
# Parts of a workbook that are pictures: no table shows them.
_DRAWN = ("xl/media/", "xl/charts/", "xl/diagrams/")


class UnfitError(Exception):
    """Too large, or not only tables."""


def tables(name: str) -> list[dict[str, Any]]:
    """Each sheet: its name, its number of columns, and its cells with their places. Raises UnfitError."""
    with zipfile.ZipFile(name) as archive:
        if any(part.startswith(_DRAWN) for part in archive.namelist()):
            raise UnfitError("pictures")
    book = python_calamine.load_workbook(name)
    shown = [
        one.name
        for one in book.sheets_metadata
        if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        and one.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    found = [_table(book.get_sheet_by_name(one)) for one in shown]
    if sum(len(one["cells"]) for one in found) > MOST_CELLS:
        raise UnfitError("table")
    return [one for one in found if one["cells"]]


def _table(sheet: Any) -> dict[str, Any]:
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise UnfitError("table")
    rows = sheet.to_python(skip_empty_area=False)
    merged = {(top, left): (bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []}
    hidden = {
        (row, column)
        for (top, left), (bottom, right) in merged.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    cells = []
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if (y, x) in hidden:
                continue
            bottom, right = merged.get((y, x), (y, x))
            text = words(value)
            cells.append(
                {
                    "x": x,
                    "y": y,
                    "text": text,
                    "number": isinstance(value, int | float) and not isinstance(value, bool),
                    "across": min(right, len(row) - 1) - x + 1,
                    "down": min(bottom, len(rows) - 1) - y + 1,
                }
            )
    widths = [3] * len(rows[0] if rows else ())
    for cell in cells:
        if cell["across"] == 1:
            widths[cell["x"]] = max(widths[cell["x"]], min(len(cell["text"]), 40))
    return {"name": sheet.name, "columns": widths, "cells": cells}


def words(value: Any) -> str:
    """A value as people write it; days as 21.11.2026."""
    if isinstance(value, bool):
        return "☑" if value else "☐"
    if isinstance(value, datetime.datetime):
        return f"{value:%d.%m.%Y}" if value.time() == datetime.time() else f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    return str(value)


def main() -> None:
    """`job`: the workbook, and where its tables go."""
    job = json.loads(Path("job.json").read_text("utf-8"))
    said: dict[str, Any] = {}
    try:
        found = tables(job["file"])
        Path(job["made"]).write_text(json.dumps(found), "utf-8")
        said = {"sheets": len(found)} if found else {"refused": "pages"}
    except UnfitError as error:
        said = {"refused": str(error)}
    except (python_calamine.CalamineError, zipfile.BadZipFile):
        said = {"refused": "broken"}
    Path("said.json").write_text(json.dumps(said), "utf-8")


if __name__ == "__main__":
    main()
