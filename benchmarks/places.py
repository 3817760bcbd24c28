"""Databases that live as long as a measurement: SQLite files in a folder, PostgreSQL databases on the loopback."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import sqlalchemy as sa

from models.database import Database
from models.schema import upgrade

POSTGRES = sa.make_url(os.environ.get("SAPAT_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass
class Place:
    """Where databases are made, and what differs between the two kinds."""

    folder: Path
    is_sqlite: bool
    _made: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        """Where the database of that name is."""
        if self.is_sqlite:
            return f"sqlite:///{self.folder / name}.db"
        address = POSTGRES.set(drivername="postgresql+psycopg", database=self._own(name))
        return address.render_as_string(hide_password=False)

    def new(self, name: str) -> Database:
        """A database with the present schema, empty."""
        self._create(name, "template1")
        database = Database(self.url(name))
        upgrade(database)
        return database

    def copy(self, name: str, to: str) -> Database:
        """The same once more. Nobody may be connected to `name`."""
        if self.is_sqlite:
            shutil.copyfile(self.folder / f"{name}.db", self.folder / f"{to}.db")
        else:
            self._create(to, self._own(name))
        return Database(self.url(to))

    def settle(self, name: str) -> None:
        """Bring statistics and visibility up to date and write all of it out; nobody may be connected."""
        if self.is_sqlite:
            with closing(sqlite3.connect(self.folder / f"{name}.db")) as connection:
                connection.executescript("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with closing(psycopg.connect(_libpq(self.url(name)), autocommit=True)) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")

    def bare(self, name: str) -> "sqlite3.Connection | psycopg.Connection[Any]":
        """The driver alone, with the product's own settings, in autocommit: who measures begins and commits."""
        if not self.is_sqlite:
            return psycopg.connect(_libpq(self.url(name)), autocommit=True, options="-c timezone=UTC")
        connection = sqlite3.connect(self.folder / f"{name}.db", isolation_level=None)
        with closing(Database(self.url(name))) as database, database.read() as same:
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "cache_size"):
                connection.execute(f"PRAGMA {pragma} = {same.exec_driver_sql(f'PRAGMA {pragma}').scalar_one()}")
        return connection

    def _own(self, name: str) -> str:
        return f"sapat_bench_{os.getpid()}_{name}"

    def _create(self, name: str, template: str) -> None:
        if not self.is_sqlite:
            with closing(psycopg.connect(_libpq(POSTGRES), autocommit=True)) as connection:
                connection.execute(f'CREATE DATABASE "{self._own(name)}" TEMPLATE "{template}"')
            self._made.append(self._own(name))

    def drop(self) -> None:
        """Drop every database made here."""
        with closing(psycopg.connect(_libpq(POSTGRES), autocommit=True)) as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.clear()


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """A place for databases of the kind "sqlite" or "postgres"; they are gone afterwards."""
    with TemporaryDirectory(prefix="sapat-bench-") as folder:
        here = Place(Path(folder), kind == "sqlite")
        try:
            yield here
        finally:
            if not here.is_sqlite:
                here.drop()


def postgres_is_there() -> bool:
    """Whether the PostgreSQL named by SAPAT_TEST_POSTGRES (else one on the loopback) answers."""
    try:
        psycopg.connect(_libpq(POSTGRES), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _libpq(url: str | sa.URL) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
