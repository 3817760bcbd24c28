"""Signatures: who signed what, when, with which meaning (21 CFR 11.50, 11.70)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import JSON, Identified, Moment


class Signature(Identified, table=True):
    """`content_hash` is what was signed; `hash`, over all but the voiding, stands in the history entry of the move.

    `facts` keeps words as they were at that moment: name, post, for whom, the decision's wording, the files. Of a row
    only `voided_at` and `voided_by_id`, the history entry that changed what was signed, may change.
    """

    record_id: UUID = Field(foreign_key="record.id", index=True)
    history_id: UUID = Field(unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    acting_for_id: UUID | None = Field(default=None, foreign_key="person.id")
    meaning: str
    method: str
    signed_at: datetime = Field(sa_type=Moment)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    content_hash: str
    hash: str
    voided_at: datetime | None = Field(default=None, sa_type=Moment)
    voided_by_id: UUID | None = None
