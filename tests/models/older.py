"""A database as an older version left it, and rows with the columns of that time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from models.base import JSON
from models.database import Database
from models.schema import upgrade
from tests.support.databases import HOW, PostgresTemplate, address
from tests.support.missing import missing


@contextmanager
def left_by(version: str, kind: str, folder: Path) -> Iterator[Database]:
    """An empty database of the `kind` sqlite or postgres, as that version left it."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder / 'old.db'}")
        upgrade(database, version)
        yield database
        database.close()
        return
    template = PostgresTemplate.from_environment()
    if template is None:
        missing("PostgreSQL", HOW)
    name = f"sapat_test_old_{uuid4().hex[:8]}"
    with template.copy() as any_copy:
        server = sa.create_engine(address(any_copy), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        database = Database(sa.make_url(address(any_copy)).set(database=name).render_as_string(hide_password=False))
        upgrade(database, version)
        yield database
        database.close()
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.dispose()
    template.close()


# The kinds of columns that have gone, where the driver could not know them by their values.
_GONE = {"route": JSON}


def insert(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """A row with the columns of that time: what came later is left out, what has gone since may be said."""
    kinds = {name: table.c[name].type if name in table.c else _GONE.get(name) for name in values}
    columns = (sa.column(name, kind) if kind is not None else sa.column(name) for name, kind in kinds.items())
    connection.execute(sa.insert(sa.table(table.name, *columns)), values)
