"""The typed side of a record of the lifecycle `corrective_action`, preventive ones too."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel


class CorrectiveAction(SQLModel, table=True):
    """What will be done by when, with what proof. `original_due_on` never changes."""

    __tablename__ = "corrective_action"

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    action_kind: str
    criterion: str
    resources: str | None = None
    due_on: date
    original_due_on: date
    requested_due_on: date | None = None
    extensions: int = 0
    evidence: str | None = None
    implemented_on: date | None = None
    check_on: date | None = None
