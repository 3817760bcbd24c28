"""Files of records: kept once by their SHA-256, named by the record that has them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Identified, Moment

_ATTACHED = sa.text("removed_by_id IS NULL")


class File(SQLModel, table=True):
    """What the store holds under a SHA-256 (hex): its size in bytes and what it was found to be."""

    sha256: str = Field(primary_key=True)
    size: int
    media_type: str
    kept_at: datetime = Field(sa_type=Moment)


class Upload(SQLModel, table=True):
    """Who sent a file: only they may put it to a record. Whoever merely knows its hash has not got it."""

    sha256: str = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    at: datetime = Field(sa_type=Moment)


class Attachment(Identified, table=True):
    """A file of a record, from the history entry that added it to the one that removed it."""

    __table_args__ = (
        sa.Index(
            "uq_attachment_name", "record_id", "name", unique=True, sqlite_where=_ATTACHED, postgresql_where=_ATTACHED
        ),
    )

    record_id: UUID = Field(foreign_key="record.id", index=True)
    sha256: str = Field(foreign_key="file.sha256", index=True)
    name: str
    added_by_id: UUID
    removed_by_id: UUID | None = None
