"""Reading a table out of a file: TSV, CSV or XLSX into rows of plain text with their line numbers.

What cannot be read is refused with what to do; what is odd (ragged rows, an old encoding, control characters) is read
and said. A file is never trusted: its size, rows, columns and what it unpacks to are limited.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final

from service.importing.report import Report, Severity
from states.refusals import Malformed
from states.text import N_

MAX_BYTES: Final = 10_000_000
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 20_000
_TOO_LARGE = N_("Split it into smaller files and import them one after the other.")
_SAVE_AS = N_("Save it from the spreadsheet as XLSX, or as CSV in UTF-8, and try again.")

# Neither PostgreSQL nor a page can hold these; tabs and line breaks within a cell are spaces.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]")
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty; `line` is the line (or the spreadsheet's row) it begins in."""

    line: int
    cells: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """A file's rows, and how it was read: `kind` is tsv, csv or xlsx."""

    kind: str
    encoding: str
    rows: list[Row] = field(default_factory=list)


def read_table(path: Path, report: Report) -> Table:
    """The table in a file; what was odd about it becomes findings. Raises Malformed, with what to do."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Malformed(
                N_("The file is too large: %(size)s bytes, at most %(most)s."), _TOO_LARGE, size=size, most=MAX_BYTES
            )
        raw = path.read_bytes()
    except OSError as error:
        raise Malformed(
            N_("The file cannot be read: %(why)s."), N_("Check its name and place."), why=error.strerror or "?"
        ) from error
    if raw.startswith(b"PK\x03\x04"):
        from service.importing.workbook import workbook_rows

        table = Table("xlsx", "")
        lines: Iterable[tuple[int, list[str]]] = workbook_rows(raw, report)
    else:
        text, encoding = _decode(raw, report)
        delimiter = _delimiter(text, path.suffix.casefold())
        table = Table("tsv" if delimiter == "\t" else "csv", encoding)
        lines = _tabbed(text) if delimiter == "\t" else _separated(text, delimiter)
    for line, cells in lines:
        cleaned = _clean(line, cells, report)
        if any(cleaned):
            table.rows.append(Row(line, cleaned))
        if len(table.rows) > MAX_ROWS:
            raise Malformed(N_("The file has more than %(most)s rows."), _TOO_LARGE, most=MAX_ROWS)
    if not table.rows:
        raise Malformed(N_("The file is empty."), N_("Check that it is the right one."))
    return table


def _decode(raw: bytes, report: Report) -> tuple[str, str]:
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _old_encoding(raw, error), "cp1251"
        report.find(
            None,
            "file",
            "encoding",
            Severity.WARNING,
            N_("The file is not in UTF-8; it was read as Windows-1251. Letters like ң, ө, ү may be lost in it."),
        )
    if text.count("\x00") * 100 > len(text) or text.startswith("%PDF"):
        raise Malformed(N_("This is not a table in text or XLSX."), _SAVE_AS)
    return text, encoding


def _old_encoding(raw: bytes, error: UnicodeDecodeError) -> str:
    """Windows-1251 decodes nearly anything, so it is believed only where the result reads as Cyrillic."""
    wrong = Malformed(
        N_("The file is not in UTF-8: byte %(at)s cannot be read."),
        _SAVE_AS,
        at=f"{error.start} (0x{raw[error.start]:02X})",
    )
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError:
        raise wrong from error
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text) or not _reads_as_cyrillic(text):
        raise wrong from error
    return text


def _reads_as_cyrillic(text: str) -> bool:
    """Whether it is words in Cyrillic: not accented Latin, not KOI8-R, in which small and capital letters swap."""
    foreign = [letter for letter in text if ord(letter) > 127]
    words = [word for word in re.findall(r"[^\W\d_]+", text) if _RUSSIAN.search(word)]
    mixed = sum(bool(re.search(r"[A-Za-z]", word)) for word in words)
    swapped, usual = (len(re.findall(pair, text)) for pair in (r"[а-яё][А-ЯЁ]", r"[А-ЯЁ][а-яё]"))
    russian = sum(bool(_RUSSIAN.match(letter)) for letter in foreign)
    return russian >= 0.8 * len(foreign) and mixed * 5 <= len(words) and swapped <= usual


def _delimiter(text: str, suffix: str) -> str:
    """The separator that the first lines use most, outside quotation marks."""
    if suffix == ".tsv":
        return "\t"
    plain = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:20]))
    return max(",;\t", key=plain.count)


def _tabbed(text: str) -> Iterator[tuple[int, list[str]]]:
    # Quotation marks are letters here: one that is never closed must not swallow the rows after it.
    for line, row in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        yield line, [_unquoted(cell) for cell in row.split("\t")]


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and cell[1:-1].count('"') == 2 * cell[1:-1].count('""'):
        return cell[1:-1].replace('""', '"')
    return cell


def _separated(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(
            N_("Line %(line)s cannot be read as CSV: a quotation mark is not closed, or a cell is far too long."),
            N_("Correct the line, or save the file as XLSX."),
            line=line,
        ) from error


def _clean(line: int, cells: list[str], report: Report) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise Malformed(N_("Line %(line)s has more than %(most)s columns."), _SAVE_AS, line=line, most=MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Malformed(
            N_("A cell in line %(line)s is longer than %(most)s characters."), _SAVE_AS, line=line, most=MAX_CELL
        )
    joined = "".join(cells)
    if _CONTROL.search(joined):
        report.find(
            line, "file", "control", Severity.WARNING, N_("Characters that cannot be shown were left out of this line.")
        )
    # A no-break space is a space: seed 001 has 22 of them between the words of codes and titles.
    return tuple(re.sub(r"[\t\r\n\xa0]", " ", _CONTROL.sub("", cell)).strip() for cell in cells)
