"""The rows of a table, by what its columns are: which begin a nonconformity, which go on with it, which are neither."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from service.importing.list.blocks import Aside, Block
from service.importing.list.source import Line, Source
from service.importing.report import Report, Severity
from states.kyrgyz import fold
from states.text import N_

# What one nonconformity may have several of: a row with these alone goes on with the one above.
PARTS: Final = frozenset(
    {
        *("cause", "correction", "corrected_on", "action", "action_owner", "criterion", "due_on", "done_on"),
        *("evidence", "evaluation", "responsible", "status", "closed_on", "note", "action_kind", "resources"),
    }
)
# A merged cell above speaks for these too, but not for what was found: that would be a nonconformity for each line.
_ITS_OWN: Final = frozenset({"found", "title"})
_TOTAL: Final = re.compile(
    r"(?:итого|всего|жыйынтыг?ы?|жалпы|бардыгы|баары|total(?:es)?|subtotal|sum|suma)\b.{0,40}", re.DOTALL
)
_DITTO: Final = frozenset(
    {
        "-//-",
        "—//—",
        "–//–",
        "--//--",
        "//",
        '—"—',
        '-"-',
        '"',
        "''",
        "〃",
        "то же",
        "тоже",
        "ошол эле",
        "ditto",
        "idem",
        "ídem",
    }
)
_SIGNED: Final = re.compile(r"_{3,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what it says by field, and all its words under the file's own headings."""

    line: int
    values: Mapping[str, str]
    words: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(slots=True)
class Group:
    """A nonconformity: the row that begins it, and those that go on with it."""

    first: Entry
    heads: Mapping[str, str]
    more: list[Entry] = field(default_factory=list)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All its rows."""
        return (self.first, *self.more)


class Refused(NamedTuple):
    """A row that cannot be taken, and why (English, for the catalogues)."""

    line: int
    code: str
    sentence: str
    facts: Mapping[str, object]


def gather(block: Block, fields: tuple[str, ...], source: Source, report: Report) -> Iterator[Group | Aside | Refused]:
    """The nonconformities of a block, and what becomes of each other row of it."""
    if not {"found", "title"} & set(fields):
        yield from (Aside(line.number, "other-table", " | ".join(filter(None, line.cells))) for line in block.rows)
        return
    reader = _Reader(block, fields, source, report)
    group: Group | None = None
    before: Entry | None = None
    for place, line in enumerate(block.rows):
        if why := reader.aside(line, is_first=place == 0, after=group is not None):
            yield Aside(line.number, why, " | ".join(filter(None, line.cells)))
            continue
        entry = before = reader.entry(line, before)
        if group and reader.goes_on(group, entry):
            group.more.append(entry)
            continue
        if not entry["found"] and not entry["title"]:
            yield Refused(line.number, "no-found", _NO_FOUND, {"words": _short(entry)})
            continue
        if group:
            yield group
        group = Group(entry, reader.heads)
    if group:
        yield group


class _Reader:
    """Reads the rows of one block."""

    def __init__(self, block: Block, fields: tuple[str, ...], source: Source, report: Report) -> None:
        self._block, self._fields, self._source, self._report = block, fields, source, report
        self._lines = {line.number: line for line in block.rows} if source.above else {}
        self.heads = {name: block.heads[place] for place, name in enumerate(fields) if name}

    def aside(self, line: Line, *, is_first: bool, after: bool) -> str:
        """Why the line is no row of the list; "" where it is one."""
        filled = [(place, cell) for place, cell in enumerate(line.cells) if cell]
        if is_first and len(filled) > 2 and [cell for _, cell in filled] == [str(n) for n in range(1, len(filled) + 1)]:
            return "numbers"
        if len(filled) <= 3 and any(_SIGNED.search(cell) for _, cell in filled):
            return "signature"
        found = self._found(line)
        if len(filled) <= 4 and (not found or found.isdecimal()) and _TOTAL.fullmatch(fold(filled[0][1])):
            return "total"
        if len(filled) == 1:
            place = filled[0][0]
            wide = any(last - first > 1 for first, last in self._source.wide.get(line.number, ()))
            if wide or not (found or (after and self._field(place) in PARTS)):
                return "section"
        return ""

    def entry(self, line: Line, before: Entry | None) -> Entry:
        """The row by its fields; what is merged with a cell above, or says “the same”, is taken from there."""
        self._count(line)
        values: dict[str, str] = {}
        for place, name in enumerate(self._fields):
            cell = line.cells[place] if place < len(line.cells) else ""
            if not cell and name not in _ITS_OWN:
                cell = self._above(line.number, place)
            if before and fold(cell) in _DITTO:
                cell = before[name]
            if name and cell:
                values[name] = f"{values[name]}\n{cell}" if name in values else cell
        words = {_heading(self._block.heads, place): cell for place, cell in enumerate(line.cells) if cell}
        return Entry(line.number, values, words)

    def goes_on(self, group: Group, entry: Entry) -> bool:
        """Whether the row only adds to the nonconformity above: another action, another cause."""
        first, parts = group.first, PARTS & entry.values.keys()
        if not entry["found"] and not entry["title"]:
            is_merged = any(
                (entry.line, place) in self._source.above for place, name in enumerate(self._fields) if name in _ITS_OWN
            )
            return bool(parts) and (is_merged or entry["reference"] in ("", first["reference"]))
        others = (first.values.keys() | entry.values.keys()) - PARTS
        same = all(not entry[name] or fold(entry[name]) == fold(first[name]) for name in others)
        differs = any(
            entry[name] and fold(entry[name]) != fold(one[name]) for name in parts for one in group.entries[-1:]
        )
        return same and differs and bool(entry["action"] or entry["cause"])

    def _found(self, line: Line) -> str:
        return next(
            (
                line.cells[place]
                for place, name in enumerate(self._fields)
                if name == "found" and place < len(line.cells)
            ),
            "",
        )

    def _field(self, place: int) -> str:
        return self._fields[place] if place < len(self._fields) else ""

    def _above(self, number: int, place: int) -> str:
        above = self._source.above.get((number, place))
        line = self._lines.get(above) if above is not None else None
        return line.cells[place] if line and place < len(line.cells) else ""

    def _count(self, line: Line) -> None:
        cells, wanted = len(line.cells), len(self._block.heads)
        while cells > wanted and not line.cells[cells - 1]:
            cells -= 1
        if cells > wanted:
            self._report.find(line.number, "file", "ragged", Severity.WARNING, _TOO_MANY, cells=cells, wanted=wanted)
        elif cells < wanted and self._source.kind != "xlsx":
            self._report.find(line.number, "file", "ragged", Severity.HINT, _TOO_FEW, cells=cells, wanted=wanted)


def _heading(heads: tuple[str, ...], place: int) -> str:
    head = " ".join(heads[place].split()) if place < len(heads) else ""
    alone = head and sum(" ".join(one.split()) == head for one in heads) == 1
    return head if alone else f"{head or '?'}[{place + 1}]"


def _short(entry: Entry) -> str:
    return " | ".join(entry.words.values())[:120]


_NO_FOUND = N_("Not taken: the row does not say what was found (“%(words)s”).")
_TOO_MANY = N_("The row has %(cells)s cells, the heading %(wanted)s: what is too many was kept with the source.")
_TOO_FEW = N_("The row has %(cells)s cells, the heading %(wanted)s: the missing ones were taken as empty.")
