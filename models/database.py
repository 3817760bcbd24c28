"""Engines and transactions: all that differs between SQLite and PostgreSQL.

SQLite through Python's driver loses updates silently under concurrent writers; so: WAL, a busy timeout, IMMEDIATE for
whoever writes, and one writer at a time within a process.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from models.prepared import Prepared

BUSY_MS = 15_000
ONE_STATE = "sapat_one_state"  # on whose connections all statements of a transaction see the same
_REPEATABLE = {"isolation_level": "REPEATABLE READ"}
_BEGIN, _BEGIN_WRITING = Prepared(sa.text("BEGIN")), Prepared(sa.text("BEGIN IMMEDIATE"))


class Database:
    """A database of Sapat's. Connections from `read` and `write` are the only ways in."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = sa.create_engine(self.url, pool_size=pool_size, max_overflow=pool_size, pool_timeout=30)
        # On PostgreSQL each statement of a transaction sees another state, unless told otherwise.
        reading: dict[str, Any] = {ONE_STATE: True, **({} if self.is_sqlite else _REPEATABLE)}
        self._readers = self.engine.execution_options(**reading)
        self._one_writer = threading.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one consistent state and writes nothing."""
        with self._readers.connect() as connection:
            if self.is_sqlite:
                _BEGIN.run(connection, {})
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction: committed once at the end, rolled back whole when anything is raised."""
        with self._one_writer, self.engine.begin() as connection:
            if self.is_sqlite:
                _BEGIN_WRITING.run(connection, {})
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose unique keys are not there yet."""
    if rows:
        new_rows(connection.dialect.name, table).run(connection, *rows)


@cache
def new_rows(dialect: str, table: sa.Table) -> Prepared:
    """The statement that inserts rows whose unique keys are not there yet."""
    return Prepared((sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing())


def put(connection: sa.Connection, table: sa.Table, row: dict[str, Any], key: str) -> None:
    """Insert the row, or overwrite the one with the same `key`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=[table.c[key]], set_=row))


def next_number(connection: sa.Connection, name: str) -> int:
    """The next number (1, 2, …) of the counter `name`; two transactions never get the same."""
    from models.tables import counter

    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    given = (
        dialect.insert(counter)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=[counter.c.name], set_={"value": counter.c.value + 1})
        .returning(counter.c.value)
    )
    return int(connection.execute(given).scalar_one())


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is never IMMEDIATE: we say ours
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
