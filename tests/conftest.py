"""What all tests share: both databases, a small university, and a loud end where something could not be tried."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings

from models.database import Database
from tests.support.databases import HOW, PostgresTemplate, SqliteTemplate
from tests.support.missing import missing
from tests.support.university import University

settings.register_profile("sapat", deadline=None, print_blob=True)
settings.load_profile("sapat")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: its file takes minutes; it is begun before all others")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several work together (`make test`): long files first, then those with most tests, so that none is last."""
    if hasattr(config, "workerinput"):
        tests = Counter(item.path for item in items)
        long = {item.path for item in items if item.get_closest_marker("long")}
        items.sort(key=lambda item: (item.path not in long, -tests[item.path], item.path))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[PostgresTemplate | None]:
    template = PostgresTemplate.from_environment()
    yield template
    if template:
        template.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An upgraded, empty database: the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        sqlite: SqliteTemplate = request.getfixturevalue("sqlite_template")
        with sqlite.copy() as copied:
            yield copied
        return
    postgres: PostgresTemplate | None = request.getfixturevalue("postgres_template")
    if postgres is None:
        missing("PostgreSQL", HOW)
    with postgres.copy() as copied:
        yield copied


@pytest.fixture
def university(database: Database) -> University:
    """A small university with people of three languages and the document `УСТ 4.09`, on both databases in turn."""
    return University.founded(database)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    if not reasons:
        return
    terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} not run: {reason}")
    terminalreporter.write_line("SAPAT_TEST_COMPLETE=1 makes each of them a failure.")
