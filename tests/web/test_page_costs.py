"""What pages cost the database: what is due or shown, not what there is; and no statement for each row that is shown.

Counted, not timed: SQLite's own steps and statements. Beside a history, another one with four times as many records of
which just as many are open.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from benchmarks.university import NOW
from benchmarks.years import fill
from models.database import Database
from service.opening import open_record
from service.reading.people import actor_by_code
from service.web.site import LANGUAGE, PERSON
from tests.support.databases import SqliteTemplate
from tests.web.visitors import Visitor, application

SHORT, LONG = 1_000, 4_000
OPEN = 200  # of either
STEP = 50  # so many of SQLite's steps are counted as one
OFFICE, SOMEBODY = "quality_specialist", "U11-3"


@dataclass
class Cost:
    """How many statements, and how many of SQLite's steps (in STEPs), something has taken."""

    statements: int = 0
    steps: int = 0


@dataclass
class History:
    """A university with a history, and what asking for a page of it costs."""

    database: Database
    app: FastAPI

    def cost(self, person: str, path: str) -> Cost:
        """Of a page that has been opened before."""
        visitor = Visitor(self.app, {PERSON: person, LANGUAGE: "ky"})
        assert visitor.get(path).status_code == 200
        with counted(self.database) as cost:
            assert visitor.get(path).status_code == 200
        return cost

    def reported(self) -> str:
        """The address of a nonconformity that has just been reported."""
        given = {"title": "Протокол жок", "found": "Табылган жок", "nc_kind": "programme", "source": "monitoring"}
        with self.database.write() as connection:
            actor = actor_by_code(connection, OFFICE, NOW)
            made = open_record(connection, "nonconformity", {**given, "found_on": NOW.date()}, actor, NOW)
            return f"/nonconformities/{made.record_id}"


@contextmanager
def counted(database: Database) -> Iterator[Cost]:
    """What is asked of the database meanwhile."""
    cost = Cost()

    def stepped() -> int:
        cost.steps += 1
        return 0

    def said(_statement: str) -> None:
        cost.statements += 1

    def lent(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(stepped, STEP)
        connection.set_trace_callback(said)

    def given_back(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_progress_handler(None, 0)
        connection.set_trace_callback(None)

    sa.event.listen(database.engine, "checkout", lent)
    sa.event.listen(database.engine, "checkin", given_back)
    try:
        yield cost
    finally:
        sa.event.remove(database.engine, "checkout", lent)
        sa.event.remove(database.engine, "checkin", given_back)


def _history(template: SqliteTemplate, records: int) -> Iterator[History]:
    with template.copy() as database:
        fill(database, records, OPEN / records)
        app = application(database, NOW)
        yield History(database, app)
        app.state.site.close()


@pytest.fixture(scope="module")
def short(sqlite_template: SqliteTemplate) -> Iterator[History]:
    yield from _history(sqlite_template, SHORT)


@pytest.fixture(scope="module")
def long(sqlite_template: SqliteTemplate) -> Iterator[History]:
    yield from _history(sqlite_template, LONG)


@pytest.mark.parametrize("person", [OFFICE, SOMEBODY])
@pytest.mark.parametrize("path", ["/tasks", "/late", "/late/soon", "/late/by/unit", "/late/by/holder"])
class TestWhatWaits:
    def test_costs_as_much_as_there_is_of_it_however_long_the_history(
        self, short: History, long: History, path: str, person: str
    ) -> None:
        little, much = short.cost(person, path), long.cost(person, path)
        assert abs(much.statements - little.statements) <= 3  # a kind of which nothing is late is not asked for
        assert much.steps < 2 * little.steps + 200


class TestOneRecord:
    def test_costs_the_same_however_many_there_are(self, short: History, long: History) -> None:
        little, much = (one.cost(OFFICE, one.reported()) for one in (short, long))
        assert abs(much.statements - little.statements) <= 5
        assert much.steps < 2 * little.steps + 200


@pytest.mark.parametrize("path", ["/tasks", "/late", "/told", "/nonconformities", "/actions", "/figures/actions"])
class TestAPage:
    def test_asks_no_question_for_each_of_its_rows(self, long: History, path: str) -> None:
        """Whoever reads everything has full pages, somebody in the last unit nearly empty ones."""
        full, nearly_empty = (long.cost(person, path).statements for person in (OFFICE, SOMEBODY))
        assert full <= nearly_empty + 6
