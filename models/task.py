"""Tasks: what a record waits for, of whom, by when, and the next moment it has something to say."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Identified, Moment

_OPEN = sa.text("closed_at IS NULL")


class Task(Identified, table=True):
    """A step's task. It is held by a post (whoever holds that now) or by a person; never by both.

    `rung` is the index of the next rung of its ladder, `next_notice_at` that one's moment; deadline and ladder are
    facts of the task, whatever policies come later, unless somebody gives it more time: `granted_until` that day.
    `original_due_at` never changes.
    """

    __table_args__ = (
        sa.Index("ix_task_next_notice_at", "next_notice_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_task_holder_post_id", "holder_post_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_task_holder_person_id", "holder_person_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_task_due_at", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.CheckConstraint("(holder_post_id IS NULL) <> (holder_person_id IS NULL)", name="one_holder"),
    )

    record_id: UUID = Field(foreign_key="record.id", index=True)
    lifecycle: str
    step: str
    holder_post_id: UUID | None = Field(default=None, foreign_key="post.id")
    holder_person_id: UUID | None = Field(default=None, foreign_key="person.id")
    opened_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    original_due_at: datetime = Field(sa_type=Moment)
    ladder_id: str = Field(foreign_key="ladder.id")
    policy_id: UUID | None = Field(default=None, foreign_key="policy.id")
    granted_until: date | None = None
    rung: int
    next_notice_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str | None = None
