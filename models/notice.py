"""Notices: the outbox. What is to be told to whom, exactly once by its key."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import JSON, Identified, Moment

_WAITING = sa.text("sent_at IS NULL AND dropped_at IS NULL")


class Notice(Identified, table=True):
    """One mail to one reader. `key` is unique and becomes its Message-ID.

    Of a rung: `rung` and how many before it were `missed`. A claimed notice is somebody's until `claimed_until`; one
    that was `dropped_at` will not be sent, `error` says why.
    """

    __table_args__ = (
        sa.Index("ix_notice_next_try_at", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    key: str = Field(unique=True)
    reader_id: UUID = Field(foreign_key="person.id", index=True)
    message: str
    record_id: UUID = Field(foreign_key="record.id", index=True)
    task_id: UUID | None = Field(default=None, foreign_key="task.id", index=True)
    history_id: UUID | None = Field(default=None, foreign_key="history.id")
    rung: int | None = None
    missed: int = 0
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)
    next_try_at: datetime = Field(sa_type=Moment)
    claimed_until: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    dropped_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str | None = None
