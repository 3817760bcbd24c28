"""How large a workbook becomes when it is read, worked out from its XML before anybody reads it.

A reader of sheets builds the whole rectangle between the first cell and the last, and copies a shared text into every
cell that names it: two cells far apart, or one long text named often, are as dangerous as a zip bomb.
"""

import re
from typing import Final

from service.files.archive import parsed, reader
from states.refusals import Malformed
from states.text import N_

MAX_CELLS: Final = 2_000_000
MAX_ELEMENTS: Final = 5_000_000
MAX_LETTERS: Final = 64_000_000
# Spreadsheets themselves keep 32,767 letters in a cell.
MAX_TEXT: Final = 100_000
_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
SAVE_AGAIN: Final = N_("Copy the table into a new workbook, save it as XLSX and try again.")
_FAR = N_("The sheet is far too large: cells lie too far apart.")
_MUCH = N_("The sheet is far too large: it holds too much text.")


class Measure:
    """Reads each part of a workbook once, whatever it is called: a sheet is what has cells."""

    def __init__(self) -> None:
        self._texts: list[int] = []
        self._named: dict[int, int] = {}
        self._elements = 0

    def read(self, part: bytes) -> None:
        """Measure one part of XML. Raises Malformed, UnsafeArchiveError."""
        parsed(part, _Part(self).parser)

    def judge(self) -> None:
        """Once all parts are read: is what cells name too much? Raises Malformed."""
        longest = len(self._texts)
        letters = sum(times * self._texts[text] for text, times in self._named.items() if text < longest)
        if letters > MAX_LETTERS:
            raise Malformed(_MUCH, SAVE_AGAIN)

    def count(self) -> None:
        """One element more. Raises Malformed."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise Malformed(_MUCH, SAVE_AGAIN)

    def text(self) -> None:
        """A shared text begins."""
        self._texts.append(0)

    def letters(self, number: int) -> None:
        """The shared text goes on. Raises Malformed."""
        self._texts[-1] += number
        if self._texts[-1] > MAX_TEXT:
            raise Malformed(_MUCH, SAVE_AGAIN)

    def names(self, text: str) -> None:
        """A cell holds the shared text of that number."""
        if text.isascii() and text.isdigit() and len(text) < 10:
            self._named[int(text)] = self._named.get(int(text), 0) + 1


class _Part:
    """One part while it is parsed: where its rows and cells are, and which of them hold something."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._row = self._column = 0
        self._rows: tuple[int, int] | None = None
        self._columns = (0, 0)
        self._shared = False
        self._inside = ""
        self._value = ""
        self._length = 0
        self.parser = reader(self._begins, self._ends)
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self._letters

    def _begins(self, name: str, facts: dict[str, str]) -> None:
        self._measure.count()
        match name.rpartition(":")[2]:
            case "row":
                row = facts.get("r", "")
                self._row = int(row) if row.isascii() and row.isdigit() and len(row) < 9 else self._row + 1
                self._column = 0
            case "c":
                self._column += 1
                self._shared = facts.get("t") == "s"
                if place := _PLACE.fullmatch(facts.get("r", "")):
                    self._row, self._column = int(place[2]), _number(place[1])
            case "v" | "is" | "f":
                self._holds()
                self._inside, self._value, self._length = "v", "", 0
            case "si":
                self._measure.text()
                self._inside = "si"

    def _ends(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                if self._shared:
                    self._measure.names(self._value.strip())
                self._inside = ""
            case "si":
                self._inside = ""

    def _letters(self, letters: str) -> None:
        if self._inside == "si":
            self._measure.letters(len(letters))
        elif self._inside == "v":
            self._length += len(letters)
            if self._length > MAX_TEXT:
                raise Malformed(_MUCH, SAVE_AGAIN)
            if len(self._value) < 20:
                self._value += letters[:20]

    def _holds(self) -> None:
        row, column = self._row, self._column
        if self._rows is None:
            self._rows, self._columns = (row, row), (column, column)
        first, last = min(self._rows[0], row), max(self._rows[1], row)
        left, right = min(self._columns[0], column), max(self._columns[1], column)
        self._rows, self._columns = (first, last), (left, right)
        if (last - first + 1) * (right - left + 1) > MAX_CELLS or last > MAX_CELLS:
            raise Malformed(_FAR, SAVE_AGAIN)


def _number(letters: str) -> int:
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters.upper())))
