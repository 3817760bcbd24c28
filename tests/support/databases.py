"""Empty, upgraded databases of both kinds, each a copy of one that was upgraded once."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.database import Database
from models.schema import upgrade

VARIABLE = "SAPAT_TEST_POSTGRES"
HOW = f"{VARIABLE}=postgresql+psycopg://postgres@127.0.0.1:5432/postgres make test"


# Whoever is still connected to a copy, a killed process perhaps, must let go of it.
_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# Tables, indexes and triggers, and whether those are on: what a test may have changed besides rows.
_SHAPE = (
    "SELECT relname, relfilenode = 0, tgname, tgenabled FROM pg_class LEFT JOIN pg_trigger ON tgrelid = pg_class.oid"
    " AND NOT tgisinternal WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 3"
)


def address(database: Database) -> str:
    """The database's address, for another process."""
    return database.url.render_as_string(hide_password=False)


class SqliteTemplate:
    """One upgraded SQLite file, copied for whoever needs one of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "template.db"
        database = Database(f"sqlite:///{self._file}")
        upgrade(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A database of its own; its file goes with it."""
        folder = self._folder / uuid4().hex
        folder.mkdir()
        shutil.copyfile(self._file, folder / "sapat.db")
        database = Database(f"sqlite:///{folder / 'sapat.db'}")
        try:
            yield database
        finally:
            database.close()
            shutil.rmtree(folder, ignore_errors=True)


class PostgresTemplate:
    """One upgraded database on the server, copied for whoever needs one of their own."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._server = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._name = f"sapat_test_{uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{self._name}" TEMPLATE template0')
        self._clean: list[str] = []
        database = Database(self._address(self._name))
        upgrade(database)
        with database.read() as connection:
            self._shape = connection.exec_driver_sql(_SHAPE).all()
        database.close()

    @classmethod
    def from_environment(cls) -> "PostgresTemplate | None":
        """The one on the server of SAPAT_TEST_POSTGRES, if that is set."""
        url = os.environ.get(VARIABLE)
        return cls(url) if url else None

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A database of its own: a new copy, or one that a test has left and that is as new again."""
        name = self._clean.pop() if self._clean else self._copied()
        database = Database(self._address(name))
        try:
            yield database
        finally:
            database.close()
            if self._wiped(name):
                self._clean.append(name)
            else:
                self._drop(name)

    def close(self) -> None:
        """Take the template and what is left of its copies away."""
        for name in (*self._clean, self._name):
            self._drop(name)
        self._server.dispose()

    def _copied(self) -> str:
        name = f"{self._name}_{uuid4().hex[:8]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        return name

    def _wiped(self, name: str) -> bool:
        """Empty the copy, past its triggers; whether it is as new. Creating and dropping one costs ten times that."""
        engine = sa.create_engine(self._address(name), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(_ALONE)
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in SQLModel.metadata.tables.values():
                connection.execute(sa.delete(table))
            return connection.exec_driver_sql(_SHAPE).all() == self._shape

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.exec_driver_sql(statement)
