"""Statements made ready for one reader: compiled once with all that is theirs in them, then given only what differs.

What somebody may read is a hundred identifiers. SQLAlchemy looks through all of them each time it is given such a
statement, which takes it several times as long as the database needs to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models.base import Moment
from service.organisation import Organisation, organisation

T = TypeVar("T")
Process = Callable[[Any], Any] | None
REMEMBERED: Final = 1_000  # statements and lists kept of an organisation as it is
LENGTHS: Final = (8, 50, 200)


class Ready:
    """A SELECT that is to be run many times, on databases of one kind.

    `given` are the parameters that differ, by name, each with some value; for one that is `expanding` a list, of which
    all have the same length (see `filled`).
    """

    def __init__(self, dialect: sa.Dialect, statement: sa.Select[Any], given: Mapping[str, Any]) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        state = compiled.construct_expanded_state(dict(given))
        several = state.parameter_expansion
        writes = {name: _writes(bind.type, dialect) for name, bind in compiled.binds.items()} | state.processors
        differ = {each: (name, place) for name in given for place, each in enumerate(several.get(name, (name,)))}
        self._sql: str = state.statement
        self._by_place = bool(compiled.positional)
        self._names: list[str] = list(state.positiontup if self._by_place else state.parameters)
        self._fixed = [
            None if name in differ else _made(writes.get(name), state.parameters[name]) for name in self._names
        ]
        self._differ: list[tuple[int, str, int | None, Process]] = []
        for place, name in enumerate(self._names):
            if name in differ:
                given_as, number = differ[name]
                self._differ.append((place, given_as, number if given_as in several else None, writes.get(name)))
        columns = statement.selected_columns
        reads = (_reads(column.type, dialect) for column in columns)
        self._found = [(place, read) for place, read in enumerate(reads) if read]
        self._make = _row_of(tuple(column.key or "" for column in columns))

    def every(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[Any]:
        """All the rows that it finds, by the names of their columns; the second of one name has none."""
        found = [list(row) for row in self._run(connection, given)]
        for row in found:
            for place, read in self._found:
                row[place] = read(row[place])
        return [self._make(row) for row in found]

    def one(self, connection: sa.Connection, given: Mapping[str, Any]) -> Any:
        """The only row that it finds."""
        (found,) = self.every(connection, given)
        return found

    def _run(self, connection: sa.Connection, given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        values = self._fixed.copy()
        for place, name, number, process in self._differ:
            value = given[name]
            values[place] = _made(process, value if number is None else value[number])
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, values if self._by_place else dict(zip(self._names, values, strict=True)))
            return cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            base = connection.dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(self._sql, None, error, base, dialect=connection.dialect) from error
        finally:
            cursor.close()


def ready(
    connection: sa.Connection, key: Hashable, given: Mapping[str, Any], make: Callable[[], sa.Select[Any]]
) -> Ready:
    """The statement that `make` makes, as it was made ready for the same `key` and the organisation as it is.

    All that the statement depends on must stand in the key, but for what is `given`.
    """
    return once(organisation(connection), key, lambda: Ready(connection.dialect, make(), given))


def once(snapshot: Organisation, key: Hashable, make: Callable[[], T]) -> T:
    """What follows from the organisation as it is and from `key`, worked out when it is first asked for."""
    found: T | None = snapshot.kept.get(key)
    if found is None:
        if len(snapshot.kept) >= REMEMBERED:
            snapshot.kept.clear()
        found = snapshot.kept[key] = make()
    return found


def filled(values: Iterable[Any]) -> list[Any]:
    """The values, at least one, with the last of them again and again: few lengths mean few statements."""
    found = list(values)
    length = next((one for one in LENGTHS if one >= len(found)), len(found))
    return found + found[-1:] * (length - len(found))


# The same ones come back with every row, of posts, units, people, and from page to page.
@lru_cache(maxsize=50_000)
def _identifier(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


@lru_cache(maxsize=50_000)
def _moment(text: str | None) -> datetime | None:
    # As `Moment` makes it, in one step.
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _row_of(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # names known only now
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


def _made(process: Process, value: Any) -> Any:
    return process(value) if process else value


def _writes(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process:
    """How a value is given to the driver."""
    process: Process = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _reads(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process:
    """How a value of a column is made out of what the driver gives."""
    if dialect.name == "sqlite":
        if isinstance(kind, sa.Uuid):
            return _identifier
        if isinstance(kind, Moment):
            return _moment
    process: Process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process
