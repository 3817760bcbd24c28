"""Which column of a table is which: headings in Kyrgyz, Russian and English, wherever the heading row stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.importing.report import Report, Severity
from service.importing.table import Row, Table
from states.kyrgyz import fold
from states.refusals import Malformed
from states.text import N_

REGISTER: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "process group", "топ", "бөлүм", "процесстер тобу", "группа", "раздел"),
    "no": ("no", "number", "№", "n", "№ п/п", "п/п", "номер", "катар №", "катар номери", "к/н"),
    "title": (
        *("title", "name", "document", "document title", "аталышы", "документтин аталышы", "нормативдик документтин"),
        *("нормативдик документтердин аталышы", "наименование", "название", "наименование документа"),
    ),
    "type": (
        *("type", "type as given", "document type", "тиби", "түрү", "нд тиби", "документтин тиби", "документтин түрү"),
        *("тип", "вид", "тип документа", "вид документа", "тип нд"),
    ),
    "code": ("code", "code as given", "document code", "шифр", "шифри", "код", "коду", "обозначение"),
}
PROCESSES: Mapping[str, tuple[str, ...]] = {
    "section": ("section", "section as given", "group", "топ", "бөлүм", "раздел", "группа"),
    "code": ("code", "№", "no", "number", "номер", "процесстин карта №", "процесстин №", "процесстин коду", "код"),
    "name": (
        *("name", "name as given", "process", "title", "аталышы", "процесстин аталышы", "наименование", "название"),
        *("процесс", "наименование процесса"),
    ),
    "owner": (
        *("owner", "owner post as given", "process owner", "post", "жетекчиси", "процесстин жетекчиси", "кызматы"),
        *("кызматчы", "владелец", "владелец процесса", "руководитель процесса", "должность"),
    ),
    "name_in_text": ("name in text lines 496 529", "name in text", "тексттеги аталышы", "наименование в тексте"),
}
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A row by the names of its columns. `given` holds all its words under the file's own headings."""

    line: int
    values: Mapping[str, str]
    given: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def entries(
    table: Table, known: Mapping[str, tuple[str, ...]], needed: tuple[str, ...], report: Report
) -> Iterator[Entry]:
    """The rows below the heading row. Raises Malformed where no row names all of `needed`."""
    aliases = {_plain(alias): name for name, words in known.items() for alias in words}
    for at, row in enumerate(table.rows[:_LOOKED_AT]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            name = aliases.get(_plain(cell))
            if name:
                places.setdefault(name, place)
        if all(name in places for name in needed):
            return _below(table.rows[at + 1 :], row.cells, places, report)
    raise Malformed(
        N_("No row names the columns. Needed at least: %(needed)s."),
        N_("Put a heading above each column, for example: №, title, type, code."),
        needed=", ".join(needed),
    )


def _below(rows: list[Row], heads: tuple[str, ...], places: Mapping[str, int], report: Report) -> Iterator[Entry]:
    wanted = len(heads)
    for row in rows:
        cells = row.cells
        while len(cells) > wanted and not cells[-1]:
            cells = cells[:-1]
        if len(cells) > wanted:
            report.find(
                row.line,
                "file",
                "ragged",
                Severity.WARNING,
                N_("The row has %(cells)s cells, the heading %(wanted)s: what is too many was kept with the source."),
                cells=len(cells),
                wanted=wanted,
            )
        elif len(cells) < wanted:
            report.find(
                row.line,
                "file",
                "ragged",
                Severity.HINT,
                N_("The row has %(cells)s cells, the heading %(wanted)s: the missing ones were taken as empty."),
                cells=len(cells),
                wanted=wanted,
            )
        values = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        named = {_heading(heads, place): cell for place, cell in enumerate(cells) if cell}
        yield Entry(row.line, values, named)


def _heading(heads: tuple[str, ...], place: int) -> str:
    head = heads[place] if place < len(heads) else ""
    return head if head and heads.index(head) == place else f"{head or '?'}[{place + 1}]"


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[_\-–.:/]+", " ", fold(heading)).split())
