"""The typed side of a record of the lifecycle `nonconformity`, and its causes."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import JSON_OR_NULL, Numbered


class Nonconformity(SQLModel, table=True):
    """What was found, what was done at once, why it happened, and what was thought of it in the end.

    `clause` is an entry of the catalogue of clauses (edition/code); `similar_records` holds identifiers (hex) of those
    it is linked with; `rounds` is how often its causes were looked for again, `reopened` how often it had been closed
    before that; `their_reference` is the number it had in a list that was brought along.
    """

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    nc_kind: str
    source: str
    found: str
    found_on: date
    object: str | None = None
    requirement: str | None = None
    requirement_document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    clause: str | None = None
    occurred_on: date | None = None
    known_on: date | None = None
    reported_by: str | None = None
    impact: str | None = None
    risk: str | None = None
    severity: str | None = None
    correction: str | None = None
    corrected_on: date | None = None
    similar_checked: str | None = None
    similar: str | None = None
    similar_records: list[Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    evaluation: str | None = None
    risk_changes: str | None = None
    concession: str | None = None
    concession_until: date | None = None
    conceded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    complete_by: date | None = None
    original_complete_by: date | None = None
    rounds: int = 0
    reopened: int = 0
    their_reference: str | None = Field(default=None, index=True)


class Cause(Numbered, table=True):
    """One answer to "why?": of the nonconformity, or of the cause it is `because_of`; `code` is an edition/code."""

    text: str
    because_of: int | None = None
    code: str | None = Field(default=None, index=True)
    no_action: str | None = None

    __table_args__ = (sa.ForeignKeyConstraint(["record_id", "because_of"], ["cause.record_id", "cause.no"]),)
