"""The typed side of a record of the lifecycle `nonconformity`."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel


class Nonconformity(SQLModel, table=True):
    """What was found, what was done at once, why it happened, and what was thought of it in the end."""

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    nc_kind: str
    source: str
    found: str
    found_on: date
    requirement: str | None = None
    severity: str | None = None
    correction: str | None = None
    causes: str | None = None
    similar: str | None = None
    evaluation: str | None = None
    complete_by: date | None = None
    original_complete_by: date | None = None
    reopened: int = 0
