"""Webhooks: addresses that are told of moves, and the calls still to be made."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Identified, Moment

_WAITING = sa.text("sent_at IS NULL AND dropped_at IS NULL")


class Webhook(Identified, table=True):
    """An address that the administrator entered. `secret` signs each call (HMAC-SHA-256); it is encrypted."""

    url: str
    label: str
    secret: str
    created_at: datetime = Field(sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class WebhookCall(Identified, table=True):
    """One move to be told to one webhook; tried again like a notice."""

    __tablename__ = "webhook_call"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "history_id"),
        sa.Index("ix_webhook_call_next_try_at", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    webhook_id: UUID = Field(foreign_key="webhook.id")
    history_id: UUID
    next_try_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    dropped_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str | None = None
