"""The migrations and the models say the same, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import models.tables  # noqa: F401 - fills the metadata
from models.database import Database
from models.schema import upgrade


class TestMigrations:
    def test_give_the_schema_of_the_models(self, database: Database) -> None:
        with database.read() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, SQLModel.metadata) == []

    def test_may_be_run_again(self, database: Database) -> None:
        upgrade(database)
        upgrade(database)
