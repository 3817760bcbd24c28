"""History: append-only by trigger, chained per record by hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import JSON, Identified, Moment


class History(Identified, table=True):
    """One move. `actor_id` None is Sapat itself; `cause` is the entry that this one followed from.

    `post_id` is the post in which the actor did it, `acting_for_id` whose deputy they were then; `signature` is the
    hash of the signature that the move carries. `hash` is SHA-256 over the entry and `previous`, the hash of the
    record's entry before it.
    """

    __tablename__ = "history"
    __table_args__ = (sa.UniqueConstraint("record_id", "seq"),)

    record_id: UUID = Field(foreign_key="record.id")
    seq: int
    at: datetime = Field(sa_type=Moment)
    actor_id: UUID | None = Field(default=None, foreign_key="person.id")
    acting_for_id: UUID | None = Field(default=None, foreign_key="person.id")
    post_id: UUID | None = None
    signature: str | None = None
    move: str
    from_state: str
    to_state: str
    given: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    cause_id: UUID | None = None
    previous: str
    hash: str
