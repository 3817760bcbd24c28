"""What a database's driver is really told: every statement with its values, as they reach it."""

import sqlite3
from typing import Any

import psycopg
import sqlalchemy as sa

from models.database import Database

Writes = list[tuple[str, Any, bool]]  # the statement, its values, whether there are several rows of them


def listen_in(database: Database, noted: Writes) -> None:
    """Append to `noted` what the driver is told on the connections that the database opens from now on."""

    class SqliteCursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> "SqliteCursor":
            noted.append((sql, parameters, False))
            super().execute(sql, parameters)
            return self

        def executemany(self, sql: str, parameters: Any, /) -> "SqliteCursor":
            noted.append((sql, parameters, True))
            super().executemany(sql, parameters)
            return self

    class SqliteConnection(sqlite3.Connection):
        def cursor(self, factory: Any = SqliteCursor) -> Any:
            return super().cursor(factory)

    class PostgresCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
            noted.append((query, params, False))
            return super().execute(query, params, **how)

        def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:
            noted.append((query, params_seq, True))
            super().executemany(query, params_seq, **how)

    def arrange(_dialect: sa.Dialect, _record: object, _arguments: object, parameters: dict[str, Any]) -> None:
        if database.is_sqlite:
            parameters["factory"] = SqliteConnection
        else:
            parameters["cursor_factory"] = PostgresCursor

    database.engine.dispose()
    sa.event.listen(database.engine, "do_connect", arrange)
