"""What all tables share: identifiers that sort by time, moments in UTC, names in three languages, constraint names."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from states.text import Text

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

JSON: sa.types.TypeEngine[Any] = sa.JSON().with_variant(JSONB(), "postgresql")

JSON_OR_NULL: sa.types.TypeEngine[Any] = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

# Kept keys sort by code point on both databases, whatever the server's locale.
SORT_KEY: sa.types.TypeEngine[str] = sa.String().with_variant(sa.String(collation="C"), "postgresql")


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases. Raises ValueError for a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: D102 - SQLAlchemy says what it does
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[datetime | None], Any] | None:  # noqa: D102 - SQLAlchemy says what it does
        # As SQLAlchemy would have it kept, in one step: many moments go into each move.
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: D102 - SQLAlchemy says what it does
        if value is None:
            return None
        # SQLite gives back what was kept without its zone, PostgreSQL in the zone of its session.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def new_id() -> UUID:
    """A new identifier (UUIDv7): later ones sort after earlier ones."""
    return uuid7()


class Identified(SQLModel):
    """Something with an identifier of its own."""

    id: UUID = Field(default_factory=new_id, primary_key=True)


class Numbered(SQLModel):
    """One of several that a record has of a part: numbered 1, 2, …; one that was removed keeps its number."""

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    no: int = Field(primary_key=True)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class Named(SQLModel):
    """Something with a name in each language."""

    name_ky: str
    name_ru: str
    name_en: str

    @property
    def name(self) -> Text:
        """The three names together."""
        return Text(self.name_ky, self.name_ru, self.name_en)


def table(model: type[SQLModel]) -> sa.Table:
    """The table behind a model, for statements that name columns."""
    found: sa.Table = model.__table__  # type: ignore[attr-defined]  # set by SQLModel's metaclass
    return found
