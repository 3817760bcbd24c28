"""The next edition of a catalogue, out of a table: tried first, then entered whole or not at all.

What was recorded under another edition stays as it is: entries are kept as edition/code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.importing.columns import Entry, entries
from service.importing.report import Report, Severity
from service.importing.table import read_table
from service.keeping.catalogue_change import ENTRY, Key, begin, must_keep, tell
from service.keeping.catalogue_codes import key, new_edition, written
from service.organisation import Actor, organisation
from states.refusals import GuardUnmet, Incomplete, Malformed, NotFound
from states.text import N_, Text

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "clause", "код", "коду", "шифр", "шифри", "пункт", "№"),
    "parent": ("parent", "below", "under", "upper", "ата", "эмненин астында", "жогорку", "под чем", "родитель"),
    "name_ky": ("name ky", "ky", "name in kyrgyz", "аталышы", "аталышы кыргызча", "кыргызча", "кырг"),
    "name_ru": ("name ru", "ru", "name in russian", "название", "название по-русски", "аталышы орусча", "орусча"),
    "name_en": ("name en", "en", "name in english", "название по-английски", "аталышы англисче", "англисче", "name"),
}
NEEDED: Final = ("code", "name_ky")
MOST_ENTRIES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry that would be entered, in the order of the table; `depth` 0 is the top."""

    code: str
    parent: str | None
    name: Text
    depth: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What the table would become, and what was noticed about it."""

    edition: str
    report: Report
    planned: tuple[Planned, ...]

    @property
    def fits(self) -> bool:
        """Whether it can be entered: nothing of it is wrong, and there is something."""
        return bool(self.planned) and not self.report.refused


def try_edition(
    connection: sa.Connection, catalogue: str, edition: str, path: Path, actor: Actor, now: datetime, *, name: str = ""
) -> Trial:
    """Read the table at `path`, and write nothing. Raises NotYours, NotFound, Incomplete, Malformed."""
    must_keep(organisation(connection), actor)
    return _read(connection, catalogue, edition, path, name, dry_run=True)


def enter_edition(
    connection: sa.Connection, catalogue: str, edition: str, path: Path, actor: Actor, now: datetime, *, name: str = ""
) -> Trial:
    """Enter it. Raises as `try_edition`, and GuardUnmet where anything in the table is wrong."""
    act = begin(connection, catalogue, actor, now)
    trial = _read(connection, catalogue, edition, path, name, dry_run=False)
    if not trial.fits:
        raise GuardUnmet(N_("Something in the table is wrong."), N_("Correct the lines that are named, and try again."))
    order = {one.code: place for place, one in enumerate(trial.planned)}
    rows = [
        {
            "catalogue": catalogue,
            "edition": trial.edition,
            "code": one.code,
            "parent": one.parent,
            "position": order[one.code],
            **{f"name_{language}": words for language, words in one.name._asdict().items()},
        }
        # What stands above others must be there before them.
        for one in sorted(trial.planned, key=lambda one: one.depth)
    ]
    connection.execute(sa.insert(t.entry), rows)
    tell(act, "edition_entered", Key(catalogue, trial.edition), {}, {"entries": len(rows), "source": name})
    return trial


def _read(connection: sa.Connection, catalogue: str, edition: str, path: Path, name: str, *, dry_run: bool) -> Trial:
    there = set(connection.execute(sa.select(ENTRY.edition).where(ENTRY.catalogue == catalogue).distinct()).scalars())
    if not there:
        raise NotFound
    edition = new_edition(edition, there)
    report = Report("catalogue", name, dry_run)
    rows = _rows(path, report)
    planned = _planned(rows, report)
    report.rows, report.taken = len(rows), len(planned)
    return Trial(edition, report, planned)


def _rows(path: Path, report: Report) -> list[Entry]:
    table = read_table(path, report)
    if len(table.rows) > MOST_ENTRIES:
        raise Malformed(N_("The table has more than %(most)s rows."), "", most=MOST_ENTRIES)
    try:
        return list(entries(table, COLUMNS, NEEDED, report))
    except Malformed as malformed:
        raise Malformed(
            N_("No row names the columns. Needed at least: %(needed)s."),
            N_("Let the table begin with a line of headings: code, parent, name_ky, name_ru, name_en."),
            needed=", ".join(NEEDED),
        ) from malformed


def _planned(rows: Iterable[Entry], report: Report) -> tuple[Planned, ...]:
    kept: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    for row in rows:
        code = _code(row, report, lines)
        if code and _names(row, report):
            kept[code] = row
            lines[key(code)] = row.line
    codes = {key(code): code for code in kept}
    parents = {code: _parent(code, row, codes, report) for code, row in kept.items()}
    found = []
    for code, row in kept.items():
        if parents[code] == "":
            continue
        depth = _depth(code, parents)
        if depth is None:
            report.refuse(row.line, "circle", N_("“%(code)s” stands below itself."), code=code)
            continue
        found.append(Planned(code, parents[code], _name(row), depth))
    return tuple(found)


def _code(row: Entry, report: Report, lines: Mapping[str, int]) -> str:
    """The code of a row; empty where it has none, or one that another row has."""
    try:
        code = written(row["code"])
    except Incomplete as odd:
        report.refuse(row.line, "code", odd.errors["code"])
        return ""
    if (line := lines.get(key(code))) is not None:
        report.refuse(row.line, "twice", N_("The code “%(code)s” stands in line %(line)s too."), code=code, line=line)
        return ""
    return code


def _names(row: Entry, report: Report) -> bool:
    if not row["name_ky"]:
        report.refuse(row.line, "name", N_("There is no name in Kyrgyz."))
        return False
    if not (row["name_ru"] and row["name_en"]):
        says = N_("A name is missing: the Kyrgyz one stands in its place.")
        report.find(row.line, "fields", "name", Severity.WARNING, says)
    return True


def _parent(code: str, row: Entry, codes: Mapping[str, str], report: Report) -> str | None:
    """What the row stands below; of 7.5.3 without one that is 7.5, if that is there. Empty where it is not there."""
    said = row["parent"]
    if not said:
        upper, _, _ = code.rpartition(".")
        return codes.get(key(upper))
    if found := codes.get(key(said)):
        return found
    report.refuse(row.line, "parent", N_("“%(parent)s”, below which it should stand, is not there."), parent=said)
    return ""


def _depth(code: str, parents: Mapping[str, str | None]) -> int | None:
    """How deep it stands; None where what it stands below stands below it."""
    depth, upper = 0, parents[code]
    while upper:
        depth, upper = depth + 1, parents[upper]
        if depth > len(parents):
            return None
    return depth


def _name(row: Entry) -> Text:
    return Text(*(row[f"name_{language}"] or row["name_ky"] for language in ("ky", "ru", "en")))
