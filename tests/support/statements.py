"""Every statement that reaches a database, through SQLAlchemy or past it, while somebody listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from models.database import Database


@contextmanager
def heard(database: Database, listener: Callable[[str], None]) -> Iterator[None]:
    """Call the listener with each statement, on the stack of whoever sends it."""

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **more: Any) -> Any:
            listener(str(query))
            return super().execute(query, *args, **more)

        def executemany(self, query: Any, *args: Any, **more: Any) -> None:
            listener(str(query))
            super().executemany(query, *args, **more)

    def listen(connection: Any, _entry: object) -> None:
        if database.is_sqlite:
            connection.set_trace_callback(listener)
        else:
            connection.cursor_factory = Cursor

    database.engine.dispose()
    sa.event.listen(database.engine, "connect", listen)
    try:
        yield
    finally:
        sa.event.remove(database.engine, "connect", listen)
        database.engine.dispose()


def is_write(statement: str) -> bool:
    """Whether the statement changes something."""
    return statement.split(maxsplit=1)[0].upper() in ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REPLACE")
