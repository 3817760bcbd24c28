"""Webhooks as their page shows them: what each was told, what waits, and what did not arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.webhooks import DISABLED, WAITING

MOST: Final = 30


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook, without its secret, and how many calls were made, wait, and were given up within a month."""

    id: UUID
    url: str
    label: str
    created_at: datetime
    disabled_at: datetime | None
    called: int
    last_at: datetime | None
    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class FailedCall:
    """A call that was not taken: what it was to tell, how often it was tried, and when it will be tried again."""

    label: str
    kind: str
    code: str
    record_id: UUID
    attempts: int
    error: str
    next_try_at: datetime | None


def list_webhooks(connection: sa.Connection) -> list[WebhookView]:
    """All webhooks, those in use first, then the newest."""
    call, hook = t.webhook_call.c, t.webhook.c
    given_up = call.dropped_at.is_not(None) & (call.error != DISABLED)
    rows = connection.execute(
        sa.select(hook.id, hook.url, hook.label, hook.created_at, hook.disabled_at)
        .add_columns(sa.func.count(call.sent_at), sa.func.max(call.sent_at))
        .add_columns(sa.func.count(sa.case((WAITING, call.id))), sa.func.count(sa.case((given_up, 1))))
        .join_from(t.webhook, t.webhook_call, (call.webhook_id == hook.id), isouter=True)
        .group_by(hook.id, hook.url, hook.label, hook.created_at, hook.disabled_at)
        .order_by(hook.disabled_at.is_not(None), hook.id.desc())
    )
    return [WebhookView(*row) for row in rows]


def list_failed_calls(connection: sa.Connection) -> list[FailedCall]:
    """The newest calls that were tried in vain."""
    call, record = t.webhook_call.c, t.record.c
    rows = connection.execute(
        sa.select(t.webhook.c.label, record.kind, record.code, record.id, call.attempts, call.error)
        .add_columns(sa.case((WAITING, call.next_try_at)))
        .join_from(t.webhook_call, t.webhook, t.webhook.c.id == call.webhook_id)
        .join(t.history, t.history.c.id == call.history_id)
        .join(t.record, record.id == t.history.c.record_id)
        .where(call.sent_at.is_(None), call.error.is_not(None), call.error != DISABLED)
        .order_by(call.id.desc())
        .limit(MOST)
    )
    return [FailedCall(*row) for row in rows]
