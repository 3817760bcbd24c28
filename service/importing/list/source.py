"""The lines of a list, out of XLSX, CSV, TSV or the tables of a Markdown text, with their numbers; none is left out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

from service.importing.measure import MAX_CELLS, SAVE_AGAIN
from service.importing.report import Report
from service.importing.table import MAX_ROWS, Merged, clean, decode, is_workbook, read_bytes, read_table
from states.refusals import Malformed
from states.text import N_

Kind = Literal["row", "head", "rule", "text"]
_RULE: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR: Final = re.compile(r"(?<!\\)\|")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. A Markdown text says which is a table's heading, its rule, or no row at all."""

    number: int
    cells: tuple[str, ...]
    kind: Kind = "row"


@dataclass(slots=True)
class Source:
    """A file's lines. `above` says of a merged cell (line, column) in which line its words stand; `wide` are the lines
    of which cells lie merged beside each other, with the ranges (first column, last column)."""

    kind: str
    encoding: str
    lines: list[Line]
    sheets: tuple[str, ...] = ()
    above: Mapping[tuple[int, int], int] = field(default_factory=dict)
    wide: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)


def read_source(path: Path, report: Report, sheet: str = "") -> Source:
    """The lines of the file; what was odd about it becomes findings. Raises Malformed, with what to do."""
    raw = read_bytes(path)
    if not is_workbook(raw):
        text, encoding = decode(raw, Report(report.what), western=True)
        if _is_markdown(text):
            decode(raw, report, western=True)
            return Source("markdown", encoding, list(_tables(text, report)))
    table = read_table(path, report, sheet=sheet, keep_breaks=True, western=True)
    lines = [Line(row.line, row.cells) for row in table.rows]
    return Source(
        table.kind,
        table.encoding,
        lines,
        table.sheets,
        _above(table.merged, [line.number for line in lines]),
        _wide(table.merged),
    )


def _is_markdown(text: str) -> bool:
    lines = text.splitlines()
    return any(_heads(above, below) for above, below in pairwise(lines))


def _heads(line: str, below: str) -> bool:
    """Whether a line is the heading of a table: it has columns, and a rule with as many stands below it."""
    return bool("|" in line and "|" in below and _RULE.fullmatch(below)) and len(_cells(line)) == len(_cells(below))


def _tables(text: str, report: Report) -> Iterator[Line]:
    lines = text.splitlines()
    inside, count = False, 0
    for place, line in enumerate(lines):
        if not line.strip():
            inside = False
            continue
        count += 1
        if count > MAX_ROWS:
            raise Malformed(N_("The file has more than %(most)s rows."), SAVE_AGAIN, most=MAX_ROWS)
        kind: Kind = "text"
        if place + 1 < len(lines) and _heads(line, lines[place + 1]):
            kind, inside = "head", True
        elif inside and _RULE.fullmatch(line) and "|" in line:
            kind = "rule"
        elif "|" in line and (inside or line.lstrip().startswith("|")):
            kind = "row"
        cells = [line] if kind == "text" else _cells(line)
        kept = clean(place + 1, cells, report, keep_breaks=True)
        if any(kept):
            yield Line(place + 1, kept, kind)


def _cells(line: str) -> list[str]:
    parts = _BAR.split(line.strip())
    parts = parts[1:] if parts and not parts[0].strip() else parts
    parts = parts[:-1] if parts and not parts[-1].strip() and line.rstrip().endswith("|") else parts
    return [_STRONG.sub(r"\2", _BREAK.sub("\n", part.replace("\\|", "|").strip())) for part in parts]


def _above(merged: Sequence[Merged], numbers: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where the words of cells stand that are merged with one above. Raises Malformed for far too many."""
    found: dict[tuple[int, int], int] = {}
    for one in merged:
        if one.last_line == one.line:
            continue
        for place in range(bisect_right(numbers, one.line), bisect_left(numbers, one.last_line + 1)):
            found[numbers[place], one.column] = one.line
            if len(found) > MAX_CELLS:
                raise Malformed(N_("The sheet is far too large: it holds too much text."), SAVE_AGAIN)
    return found


def _wide(merged: Sequence[Merged]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for one in merged:
        if one.last_column > one.column:
            found.setdefault(one.line, []).append((one.column, one.last_column))
    return found
