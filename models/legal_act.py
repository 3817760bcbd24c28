"""Laws and other acts that may ask for a document to be changed, entered by hand."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Identified, Moment


class LegalAct(Identified, table=True):
    """An act of the state or the university's founder: for one process, one document, or (neither) for all."""

    __tablename__ = "legal_act"

    title: str
    number: str | None = None
    in_force_on: date = Field(index=True)
    says: str | None = None
    process_id: UUID | None = Field(default=None, foreign_key="process.id", index=True)
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    entered_at: datetime = Field(sa_type=Moment)
    entered_by_id: UUID | None = Field(default=None, foreign_key="person.id")
