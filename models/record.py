"""A record: anything that a lifecycle moves. Its typed side stands in a table of its own beside it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Identified, Moment


class Record(Identified, table=True):
    """One revision, nonconformity or action on its way.

    `version` counts its moves and is the optimistic lock; `head` is the hash of its last history entry; `wake_at` the
    moment at which the clock moves it on; `folded` what a search looks in; `round` in which round of what it hangs on
    it was opened; `campus` the part of the university whose posts answer for it; `author_hidden` that
    its author is told to nobody but the quality specialist.
    """

    __table_args__ = (
        sa.Index("ix_record_kind_id", "kind", "id"),
        sa.Index("ix_record_kind_state", "kind", "state"),
        sa.Index("ix_record_kind_code", "kind", "code"),
        sa.Index(
            "ix_record_wake_at",
            "wake_at",
            sqlite_where=sa.text("wake_at IS NOT NULL"),
            postgresql_where=sa.text("wake_at IS NOT NULL"),
        ),
    )

    kind: str
    code: str
    title: str
    folded: str
    state: str
    version: int = 1
    head: str = ""
    author_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    author_hidden: bool = False
    campus_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    owner_post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    process_id: UUID | None = Field(default=None, foreign_key="process.id", index=True)
    parent_id: UUID | None = Field(default=None, foreign_key="record.id", index=True)
    round: int = 0
    opened_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    wake_at: datetime | None = Field(default=None, sa_type=Moment)
