"""Codes that documents had before: never given to another, and still found."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Identified


class FormerCode(Identified, table=True):
    """A code that a document had until a day; on its campus nothing else is ever called by it."""

    __tablename__ = "former_code"
    __table_args__ = (sa.UniqueConstraint("campus_id", "code"),)

    campus_id: UUID = Field(foreign_key="unit.id")
    code: str = Field(index=True)
    folded: str
    document_id: UUID = Field(foreign_key="document.id", index=True)
    until: date
