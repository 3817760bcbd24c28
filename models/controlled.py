"""The controlled file of a revision that came into force: one sealed PDF, kept by its SHA-256."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Moment


class ControlledFile(SQLModel, table=True):
    """Whether the file is made (`state`: pending, made, failed), how it was rendered, and what hindered it.

    The write path asks for it when a revision comes into force; a chore makes it, and then `next_try_at` is None.
    Another asks those concerned to read the revision: `distributed_at` is when it had asked them all.
    """

    __tablename__ = "controlled_file"
    __table_args__ = (
        sa.Index(
            "ix_controlled_file_next_try_at",
            "next_try_at",
            sqlite_where=sa.text("next_try_at IS NOT NULL"),
            postgresql_where=sa.text("next_try_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_controlled_file_asked_at",
            "asked_at",
            sqlite_where=sa.text("distributed_at IS NULL"),
            postgresql_where=sa.text("distributed_at IS NULL"),
        ),
    )

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    state: str = "pending"
    asked_at: datetime = Field(sa_type=Moment)
    next_try_at: datetime | None = Field(default=None, sa_type=Moment)
    tried: int = 0
    says: str | None = None
    made_at: datetime | None = Field(default=None, sa_type=Moment)
    sha256: str | None = None
    size: int | None = None
    pages: int | None = None
    how: str | None = None
    distributed_at: datetime | None = Field(default=None, sa_type=Moment)


class ControlledDigest(SQLModel, table=True):
    """The SHA-256 of a controlled file that was ever made: whoever holds its bytes can ask whether they are ours."""

    __tablename__ = "controlled_digest"

    sha256: str = Field(primary_key=True)
    record_id: UUID = Field(foreign_key="record.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
