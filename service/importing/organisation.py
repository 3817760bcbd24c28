"""Importing units, posts and people with what they hold: one table of each, or one with all of them.

Nothing that is there is changed: what differs is reported. People are known by their code, else by their address; units
and posts by their code, else by their name. A second time changes nothing.
"""

from datetime import datetime
from pathlib import Path

from models.database import Database
from service.importing.holders import Holders
from service.importing.importer import writing
from service.importing.places import Place, WrongCell, read_places
from service.importing.report import Progress, Report
from service.importing.table import read_table
from service.importing.units_and_posts import UnitsAndPosts
from service.keeping.change import begin, held_anew
from service.organisation import Actor
from states.text import N_, Text

WHAT = Text("түзүмдү киргизүү", "импорт структуры", "import of the organisation")


def import_organisation(
    database: Database,
    path: Path,
    actor: Actor,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    name: str = "",
) -> Report:
    """Bring in units, posts and people from a table, in one transaction; `name` is what the file is called.

    Raises Malformed for a file that is no table, NotYours for anybody but the administrator.
    """
    report = Report("organisation", name or Path(path).name, dry_run)
    table = read_table(Path(path), report)
    places = _readable(list(read_places(table, report)), report)
    with writing(database, dry_run) as connection:
        act = begin(connection, actor, now, WHAT)
        structure = UnitsAndPosts(act, report)
        holders = Holders(act, report, structure)
        # Level by level, not line by line: what a row names may stand further down.
        for take in (structure.take_units, structure.take_posts, holders.take):
            places = take(places)
            if progress:
                progress("organisation", report.rows - len(places), report.rows)
        changed = structure.changed | holders.changed
        report.taken = len([place for place in places if place.line in changed])
        report.unchanged = len(places) - report.taken
        if changed:
            held_anew(act)
    return report


def _readable(rows: list[tuple[object, Place | WrongCell]], report: Report) -> list[Place]:
    """The rows that can be read; the others are refused in the report."""
    places: list[Place] = []
    for entry, read in rows:
        report.rows += 1
        line = getattr(entry, "line", 0)
        if isinstance(read, WrongCell):
            report.refuse(line, "cell", read.sentence, **read.facts)
        elif not read.names_something:
            report.refuse(line, "nothing", N_("Not taken: the row names no unit, no post and nobody."))
        else:
            places.append(read)
    return places
