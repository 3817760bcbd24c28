"""Notices: the outbox. What is to be told to whom, exactly once by its key."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Moment

_WAITING = sa.text("sent_at IS NULL AND dropped_at IS NULL")


class Notice(SQLModel, table=True):
    """One mail to one reader. `key` becomes its Message-ID.

    Of a rung: `rung` is its place in working days from the due day (below 0: before it), `part` whom it tells, `missed`
    how many before it were not told by themselves. One of the `channel` `page` is read there and never mailed.
    `sent_in` is the key of the digest that it went out in. Whoever claims a notice puts `next_try_at` ahead, so that it
    is tried again if the claimant dies. One that was `dropped_at` will not be sent; `error` says why.
    """

    __table_args__ = (
        sa.Index("ix_notice_reader_id", "reader_id", "created_at", "key"),
        sa.Index("ix_notice_next_try_at", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    key: str = Field(primary_key=True)
    reader_id: UUID = Field(foreign_key="person.id")
    message: str
    record_id: UUID = Field(foreign_key="record.id", index=True)
    task_id: UUID | None = Field(default=None, foreign_key="task.id", index=True)
    history_id: UUID | None = Field(default=None, foreign_key="history.id")
    rung: int | None = None
    part: str | None = None
    missed: int = 0
    channel: str = "mail"
    created_at: datetime = Field(sa_type=Moment)
    next_try_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    sent_in: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    dropped_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str | None = None
