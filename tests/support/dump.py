"""All that is in a database, to be compared with what was in it before."""

import sqlalchemy as sa
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - fills the metadata
from models.database import Database


def dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as the driver gives it."""
    with database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.text(f'SELECT * FROM "{table.name}"')))  # noqa: S608 - names from the schema, or from the test
            for table in SQLModel.metadata.sorted_tables
        }
