"""The typed side of a record of the lifecycle `corrective_action`, preventive ones too."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON_OR_NULL, Numbered


class CorrectiveAction(SQLModel, table=True):
    """What will be done by when, with what proof. `original_due_on` never changes.

    `causes` are the numbers of those causes of its nonconformity that it removes; `severity` is that nonconformity's.
    """

    __tablename__ = "corrective_action"

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    action_kind: str
    description: str | None = None
    criterion: str
    resources: str | None = None
    due_on: date
    original_due_on: date
    requested_due_on: date | None = None
    extension_reason: str | None = None
    cancellation_reason: str | None = None
    extensions: int = 0
    evidence: str | None = None
    implemented_on: date | None = None
    implemented_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    implemented_for_id: UUID | None = Field(default=None, foreign_key="person.id")
    check_on: date | None = None
    checks: int = 0
    checked_on: date | None = None
    rationale: str | None = None
    checker_post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    causes: list[Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    severity: str | None = None


class WorkStep(Numbered, table=True):
    """A step of an action."""

    __tablename__ = "work_step"

    title: str
    step_due_on: date | None = None
    done_on: date | None = None
