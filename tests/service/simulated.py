"""A year of CAPA, simulated once for a module, on both databases in turn."""

from collections.abc import Iterator

import pytest

from models.database import Database
from service.simulating.simulate import Plan, simulate
from tests.support.databases import HOW, PostgresTemplate, SqliteTemplate
from tests.support.missing import missing
from tests.support.university import at

NOW = at(2026, 11, 20, 15)
NONCONFORMITIES, ACTIONS = 30, 60


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def simulated(request: pytest.FixtureRequest, sqlite_template: SqliteTemplate) -> Iterator[Database]:
    """Nonconformities, actions and audits of a year; nothing changes them any more."""
    template: SqliteTemplate | PostgresTemplate | None = sqlite_template
    if request.param == "postgres":
        template = request.getfixturevalue("postgres_template")
    if template is None:
        missing("PostgreSQL", HOW)
    with template.copy() as database:
        simulate(database, Plan(NOW, NONCONFORMITIES, ACTIONS, 1))
        yield database
