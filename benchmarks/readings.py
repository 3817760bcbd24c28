"""A revision comes into force and 500 people are asked to read it, against the bare driver inserting the same rows.

The limit has every row ready (record, typed row, history with its hash, task, notice), puts as many of them into each
transaction as the product does, and gives the driver all rows of a table at once. Each on a database of its own.
"""

from contextlib import closing
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.figures import Figure, beside, interleaved, seconds
from benchmarks.listening import Writes, listen_in
from benchmarks.places import Place, place
from benchmarks.university import NOW, found, submit_revisions
from models import tables as t
from models.base import new_id
from models.database import Database
from service.organisation import organisation, organisation_changed
from service.readings import AT_ONCE, KIND, ask_readers
from service.tasks import kept_ladder
from states.registry import lifecycle

ROUNDS = 7
READERS = 500
TABLES = 5  # record, its typed side, history, task, notice
Rows = dict[str, list[Any]]  # by statement, the values of its rows


def measure(kind: str) -> dict[str, Figure]:
    """Readers asked per second."""
    with place(kind) as here:
        original = here.new("original")
        revisions = submit_revisions(original, found(original), ROUNDS)
        _crowd(original, revisions)
        original.close()
        here.settle("original")
        copies = {name: here.copy("original", name) for name in ("recorded", "product", "limit")}
        rows = _record(copies["recorded"], revisions)
        copies["limit"].close()
        with closing(here.bare("limit")) as connection, closing(copies["recorded"]), closing(copies["product"]):

            def product(one: int) -> float:
                _come_into_force(copies["product"], revisions[one])
                return READERS / seconds(partial(_ask, copies["product"]))

            def bare(one: int) -> float:
                return READERS / seconds(partial(_insert, here, connection, rows[revisions[one]]))

            rates = interleaved(ROUNDS, [product, bare])
    return {f"readers_asked_{kind}": beside("readers/s", *rates)}


def _ask(database: Database) -> None:
    counts = ask_readers(database, NOW)
    assert counts["readers_asked"] == READERS, counts


def _record(database: Database, revisions: list[UUID]) -> dict[UUID, Rows]:
    """What the product inserts for each revision."""
    noted: Writes = []
    listen_in(database, noted)
    found_rows: dict[UUID, Rows] = {}
    for revision in revisions:
        _come_into_force(database, revision)
        noted.clear()
        _ask(database)
        rows: Rows = {}
        for statement, values, many in noted:
            if statement.startswith("INSERT"):
                rows.setdefault(statement, []).extend(values if many else [values])
        assert [len(some) for some in rows.values()] == [READERS] * TABLES
        found_rows[revision] = rows
    return found_rows


def _insert(here: Place, connection: Any, rows: Rows) -> None:
    cursor = connection.cursor()
    for start in range(0, READERS, AT_ONCE):
        cursor.execute("BEGIN IMMEDIATE" if here.is_sqlite else "BEGIN")
        for statement, some in rows.items():
            cursor.executemany(statement, some[start : start + AT_ONCE])
        cursor.execute("COMMIT")


def _come_into_force(database: Database, revision: UUID) -> None:
    row = {"record_id": revision, "state": "pending", "asked_at": NOW, "next_try_at": NOW, "tried": 0}
    with database.write() as connection:
        connection.execute(sa.insert(t.controlled_file), row)


def _crowd(database: Database, revisions: list[UUID]) -> None:
    """A unit of so many people, whom all documents of the type concern; the revisions stand in force."""
    unit = new_id()
    people, posts, holdings = [], [], []
    for number in range(READERS):
        person, post, code = new_id(), new_id(), f"R{number:03d}"
        named = {"code": code, "name_ky": code, "name_ru": code, "name_en": code}
        people.append({"id": person, "email": f"{code}@u.example", "language": "ky", **named})
        posts.append({"id": post, "unit_id": unit, "heads": False, **named})
        holdings.append({"id": new_id(), "person_id": person, "post_id": post, "since": date(2000, 1, 1)})
    with database.write() as connection:
        top = connection.execute(sa.select(t.unit.c.id).where(t.unit.c.is_campus)).scalar_one()
        row = {"id": unit, "parent_id": top, "is_campus": False, "code": "READERS"}
        connection.execute(sa.insert(t.unit), {**row, "name_ky": "R", "name_ru": "R", "name_en": "R"})
        for table, rows in ((t.person, people), (t.post, posts), (t.holding, holdings)):
            connection.execute(sa.insert(table), rows)
        rule = {"id": new_id(), "type_code": "УСТ", "unit_id": unit, "everybody": False}
        connection.execute(sa.insert(t.distribution), rule)
        effective = sa.update(t.record).where(t.record.c.id.in_(revisions)).values(state="effective")
        connection.execute(effective)
        connection.execute(sa.update(t.revision).values(in_force=True))
        ladder = lifecycle(KIND).steps["to_read"].ladder
        assert ladder is not None
        kept_ladder(connection, organisation(connection), ladder)
        organisation_changed(connection)
