"""Statements that are compiled once and given to the driver as they are: the write path's.

SQLAlchemy needs longer to run such a statement than the database to carry it out. Its types, dialects and errors stay.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

Process = Callable[[Any], Any] | None


class _Compiled(NamedTuple):
    sql: str
    by_place: bool
    given: tuple[tuple[str, Process], ...]
    found: tuple[Process, ...]


class Prepared:
    """A statement to be run many times. What differs is bound by name, or is a column to be set or inserted."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def run(self, connection: sa.Connection, *rows: Mapping[str, Any]) -> int:
        """Run it for rows of the same names; gives how many rows it met."""
        return self._execute(connection, self._for(connection, rows[0]), rows).rowcount

    def first(self, connection: sa.Connection, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row that it finds."""
        compiled = self._for(connection, row)
        found = self._execute(connection, compiled, [row]).fetchone()
        return None if found is None else _read(compiled, found)

    def every(self, connection: sa.Connection, row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All the rows that it finds."""
        compiled = self._for(connection, row)
        return [_read(compiled, found) for found in self._execute(connection, compiled, [row]).fetchall()]

    def _execute(
        self,
        connection: sa.Connection,
        compiled: _Compiled,
        rows: Sequence[Mapping[str, Any]],
    ) -> DBAPICursor:
        values = [_values(compiled, row) for row in rows]
        cursor = connection.connection.cursor()
        try:
            if len(values) == 1:
                cursor.execute(compiled.sql, values[0])
            else:
                cursor.executemany(compiled.sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            base = connection.dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(compiled.sql, None, error, base, dialect=connection.dialect) from error
        return cursor

    def _for(self, connection: sa.Connection, row: Mapping[str, Any]) -> _Compiled:
        shape = (connection.dialect.name, *row)
        if shape not in self._compiled:
            self._compiled[shape] = _compile(self._statement, connection.dialect, list(row))
        return self._compiled[shape]


class Writes:
    """Statements whose answers nobody waits for, sent together: on PostgreSQL without a way there and back for each."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Prepared, tuple[Mapping[str, Any], ...]]] = []

    def add(self, statement: Prepared, *rows: Mapping[str, Any]) -> None:
        """Have a statement carried out for rows of the same names, after those before it."""
        if rows:
            self._waiting.append((statement, rows))

    def send(self, connection: sa.Connection) -> None:
        """Carry them out; what one of them finds wrong is raised here."""
        waiting, self._waiting = self._waiting, []
        driver: Any = connection.connection.driver_connection
        pipeline = nullcontext() if connection.dialect.name == "sqlite" else driver.pipeline()
        base = connection.dialect.loaded_dbapi.Error
        try:
            with pipeline:
                for statement, rows in waiting:
                    statement.run(connection, *rows)
        except base as error:
            raise sa.exc.DBAPIError.instance("", None, error, base, dialect=connection.dialect) from error


def _compile(statement: sa.ClauseElement, dialect: sa.Dialect, names: list[str]) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)
    given = compiled.positiontup or compiled.binds
    columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
    return _Compiled(
        compiled.string,
        compiled.positional,
        tuple((name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in given),
        tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
    )


def _read(compiled: _Compiled, found: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([process(value) if process else value for process, value in zip(compiled.found, found, strict=True)])


def _values(compiled: _Compiled, row: Mapping[str, Any]) -> Any:
    if compiled.by_place:
        return [process(row[name]) if process else row[name] for name, process in compiled.given]
    return {name: process(row[name]) if process else row[name] for name, process in compiled.given}
