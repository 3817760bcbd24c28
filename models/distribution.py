"""Who has to read a document that comes into force, who has read it, and which copies of it were printed."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Identified


class Distribution(Identified, table=True):
    """Whom a document concerns: everybody, a unit, a post or a person.

    A row of a type stands for all documents of it that have no rows of their own.
    """

    type_code: str | None = Field(default=None, foreign_key="document_type.code", index=True)
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    everybody: bool = False
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")


class Acknowledgement(SQLModel, table=True):
    """The typed side of a record of the lifecycle `acknowledgement`: one person has to read one revision.

    `content` is the SHA-256 (hex) of what the revision says: the signature on the acknowledgement is bound to it.
    """

    __table_args__ = (sa.UniqueConstraint("revision_id", "reader_id"),)

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    revision_id: UUID = Field(foreign_key="record.id")
    reader_id: UUID = Field(foreign_key="person.id", index=True)
    content: str


class PrintedCopy(SQLModel, table=True):
    """The typed side of a record of the lifecycle `printed_copy`: a numbered copy on paper, and where it is."""

    __tablename__ = "printed_copy"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    document_id: UUID = Field(foreign_key="document.id")
    number: int
    kept_at: str
    issued_on: date
    returned_on: date | None = None
