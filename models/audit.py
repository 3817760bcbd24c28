"""The typed side of a record of the lifecycle `audit`: the audit, its checklist and its findings."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON_OR_NULL, Numbered


class Audit(SQLModel, table=True):
    """What is audited, against what, by whom. `auditors` holds identifiers (hex) of people."""

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    planned_on: date
    original_planned_on: date
    scope: str | None = None
    criteria: str
    lead_auditor_id: UUID = Field(foreign_key="person.id", index=True)
    auditors: list[Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    carried_out_on: date | None = None
    talked_to: str | None = None
    conclusion: str | None = None


class Question(Numbered, table=True):
    """A line of an audit's checklist, with its result."""

    clause: str | None = None
    text: str
    answer: str | None = None
    note: str | None = None


class Finding(Numbered, table=True):
    """What an audit found; `raised` once a nonconformity has been opened from it."""

    kind: str
    title: str
    found: str
    nc_kind: str | None = None
    requirement: str | None = None
    requirement_document_id: UUID | None = Field(default=None, foreign_key="document.id")
    clause: str | None = None
    raised: bool = False
