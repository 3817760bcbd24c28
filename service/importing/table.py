"""Reading a table out of a file: TSV, CSV or XLSX into rows of plain text with their line numbers.

What cannot be read is refused with what to do; what is odd (ragged rows, an old encoding, control characters) is read
and said. A file is never trusted: its size, rows, columns and what it unpacks to are limited.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

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
_ACCENTED: Final = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ºª«»–—’“”°№…\xa0")
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty; `line` is the line (or the spreadsheet's row) it begins in."""

    line: int
    cells: tuple[str, ...]


class Merged(NamedTuple):
    """Cells of a spreadsheet that are one: its first and last line, its first and last column (0, 1, …)."""

    line: int
    column: int
    last_line: int
    last_column: int


@dataclass(slots=True)
class Table:
    """A file's rows, and how it was read: `kind` is tsv, csv or xlsx; a workbook has merged cells and sheets too."""

    kind: str
    encoding: str
    rows: list[Row] = field(default_factory=list)
    merged: Sequence[Merged] = ()
    sheets: tuple[str, ...] = ()


def read_table(
    path: Path, report: Report, *, sheet: str = "", keep_breaks: bool = False, western: bool = False
) -> Table:
    """The table in a file; what was odd about it becomes findings. Raises Malformed, with what to do.

    `sheet` names the sheet of a workbook (else its first); `keep_breaks` leaves the lines of a cell apart; `western`
    reads what is neither UTF-8 nor Cyrillic as Windows-1252.
    """
    raw = read_bytes(path)
    lines: Iterable[tuple[int, list[str]]]
    if is_workbook(raw):
        from service.importing.workbook import workbook_sheet

        found = workbook_sheet(raw, report, sheet)
        table, lines = Table("xlsx", "", merged=found.merged, sheets=found.names), found.rows
    else:
        text, encoding = decode(raw, report, western=western)
        delimiter = _delimiter(text, path.suffix.casefold())
        table = Table("tsv" if delimiter == "\t" else "csv", encoding)
        lines = _tabbed(text) if delimiter == "\t" else _separated(text, delimiter)
    for line, cells in lines:
        cleaned = clean(line, cells, report, keep_breaks=keep_breaks)
        if any(cleaned):
            table.rows.append(Row(line, cleaned))
        if len(table.rows) > MAX_ROWS:
            raise Malformed(N_("The file has more than %(most)s rows."), _TOO_LARGE, most=MAX_ROWS)
    if not table.rows:
        raise Malformed(N_("The file is empty."), N_("Check that it is the right one."))
    return table


def read_bytes(path: Path) -> bytes:
    """What the file holds, no more than MAX_BYTES. Raises Malformed."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Malformed(
                N_("The file is too large: %(size)s bytes, at most %(most)s."), _TOO_LARGE, size=size, most=MAX_BYTES
            )
        return path.read_bytes()
    except OSError as error:
        raise Malformed(
            N_("The file cannot be read: %(why)s."), N_("Check its name and place."), why=error.strerror or "?"
        ) from error


def is_workbook(raw: bytes) -> bool:
    """Whether it is a zip, as XLSX is."""
    return raw.startswith(b"PK\x03\x04")


def decode(raw: bytes, report: Report, *, western: bool = False) -> tuple[str, str]:
    """The text, and the encoding it was in; an old one is reported. Raises Malformed."""
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _old_encoding(raw, error, western)
        says = _NOT_UTF8 if encoding == "cp1251" else _WESTERN
        report.find(None, "file", "encoding", Severity.WARNING, says)
    if text.count("\x00") * 100 > len(text) or text.startswith("%PDF"):
        raise Malformed(N_("This is not a table in text or XLSX."), _SAVE_AS)
    return text, encoding


_NOT_UTF8 = N_("The file is not in UTF-8; it was read as Windows-1251. Letters like ң, ө, ү may be lost in it.")
_WESTERN = N_("The file is not in UTF-8; it was read as Windows-1252. Check letters like á, ñ, ü.")


def _old_encoding(raw: bytes, error: UnicodeDecodeError, western: bool) -> tuple[str, str]:
    """Windows-1251 decodes nearly anything, so it is believed only where the result reads as Cyrillic."""
    wrong = Malformed(
        N_("The file is not in UTF-8: byte %(at)s cannot be read."),
        _SAVE_AS,
        at=f"{error.start} (0x{raw[error.start]:02X})",
    )
    for encoding, reads in (("cp1251", _reads_as_cyrillic), ("cp1252", _reads_as_latin if western else _never)):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if reads(text) and not any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
            return text, encoding
    raise wrong from error


def _never(_: str) -> bool:
    return False


def _reads_as_latin(text: str) -> bool:
    """Whether it is words with accents, as Spanish has them: few of its letters, and each within or beside others."""
    foreign = [letter for letter in text if ord(letter) > 127]
    accented = sum(letter in _ACCENTED for letter in foreign)
    letters = sum(letter.isalpha() for letter in text)
    return accented >= 0.9 * len(foreign) and len(foreign) * 5 <= letters


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


def clean(line: int, cells: list[str], report: Report, *, keep_breaks: bool = False) -> tuple[str, ...]:
    """The cells of a line as they are kept. Raises Malformed for too many, or one that has no end."""
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
    cells = [_CONTROL.sub("", cell) for cell in cells]
    if keep_breaks:
        return tuple(re.sub(r"[\t\xa0]", " ", re.sub(r"\r\n?", "\n", cell)).strip() for cell in cells)
    return tuple(re.sub(r"[\t\r\n\xa0]", " ", cell).strip() for cell in cells)
