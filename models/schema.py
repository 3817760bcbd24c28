"""Bringing a database to the present schema, through the migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from models.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that this database has not had yet, in one transaction."""
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if _present(database) == newest:
        return
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _tables_may_be_rebuilt(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


@contextmanager
def _tables_may_be_rebuilt(database: Database) -> Iterator[sa.Connection]:
    """A writing transaction; on SQLite without foreign keys meanwhile, which are checked at its end.

    SQLite changes a column by building the table anew, and dropping the old one would count as deleting its rows
    (sqlite.org, "Making Other Kinds Of Table Schema Changes").
    """
    if not database.is_sqlite:
        with database.write() as connection:
            yield connection
        return
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]  # it is connected
        for pragma in ("busy_timeout = 15000", "journal_mode = WAL", "foreign_keys = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise sa.exc.IntegrityError("a migration would leave rows that point nowhere", broken, ValueError(broken))
        connection.commit()


def _present(database: Database) -> str | None:
    """The newest migration the database has had; None for a new one."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found
