"""The catalogues that come with Sapat: clauses of ISO 9001, and a tree of causes that a university makes its own."""

from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.importing.facts import facts

# Each: the catalogue, its edition, and its table in `data/`. A next edition is one more line.
COME_WITH_SAPAT: Final = (("clause", "2015", "clauses_iso9001_2015"), ("cause", "1", "causes"))


def load_catalogues(database: Database) -> int:
    """Enter the catalogues that are not there yet; gives how many entries were. What somebody changed stays so."""
    with database.read() as connection:
        known = {tuple(row) for row in connection.execute(sa.select(t.entry.c.catalogue, t.entry.c.edition).distinct())}
    missing = [one for one in COME_WITH_SAPAT if one[:2] not in known]
    entries = [row for one in missing for row in _entries(*one)]
    if entries:
        with database.write() as connection:
            connection.execute(sa.insert(t.entry), entries)
    return len(entries)


def _entries(catalogue: str, edition: str, table: str) -> list[dict[str, object]]:
    return [
        {
            "catalogue": catalogue,
            "edition": edition,
            "code": row["code"],
            "parent": row["parent"] or None,
            "position": position,
            **{f"name_{language}": row[f"name_{language}"] for language in ("ky", "ru", "en")},
        }
        for position, row in enumerate(facts(table))
    ]
