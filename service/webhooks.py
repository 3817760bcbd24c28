"""Webhooks: addresses that the administrator enters, and the calls that moves put in their queue."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.prepared import Prepared
from service.accounts.administration import must_administer
from service.act import Act
from service.events import log_event
from service.organisation import Actor, organisation_changed
from service.vault import Vault
from states.refusals import Duplicate, Incomplete, NotFound
from states.text import N_

# What was told is kept so long, for whoever asks what happened.
KEPT: Final = timedelta(days=30)
DISABLED: Final = "disabled"
WAITING: Final = t.webhook_call.c.sent_at.is_(None) & t.webhook_call.c.dropped_at.is_(None)


@dataclass(frozen=True, slots=True)
class Entered:
    """A webhook and its secret, which is told this once."""

    id: UUID
    secret: str


def enqueue(act: Act, history_id: UUID) -> None:
    """Put a call for each webhook into the queue, in the transaction of the move; without webhooks, nothing."""
    if webhooks := act.organisation.webhooks:
        rows = [{"webhook_id": one, "history_id": history_id, "next_try_at": act.now} for one in webhooks]
        act.writes.add(_ENQUEUE, *({"id": new_id(), "attempts": 0, **row} for row in rows))


_ENQUEUE = Prepared(sa.insert(t.webhook_call))


def enter_webhook(
    connection: sa.Connection, vault: Vault, actor: Actor, url: str, label: str, now: datetime
) -> Entered:
    """A new webhook; `Outgoing.check_address` has found nothing wrong with `url`.

    Raises NotAdministrator, Incomplete, Duplicate where an active one has the same address.
    """
    must_administer(connection, actor, now)
    if missing := {name: _MISSING for name, value in (("url", url), ("label", label)) if not value.strip()}:
        raise Incomplete(missing)
    active = (t.webhook.c.url == url) & t.webhook.c.disabled_at.is_(None)
    if connection.execute(sa.select(sa.exists().where(active))).scalar_one():
        raise Duplicate(what=url)
    entered = Entered(new_id(), secrets.token_urlsafe(32))
    sealed = vault.seal(entered.secret, _owner(entered.id))
    row = {"id": entered.id, "url": url, "label": label.strip(), "secret": sealed, "created_at": now}
    connection.execute(sa.insert(t.webhook), {**row, "disabled_at": None})
    organisation_changed(connection)
    log_event(connection, "webhook.entered", now, actor_id=actor.person_id, about_id=entered.id, url=url, label=label)
    return entered


def renew_secret(connection: sa.Connection, vault: Vault, actor: Actor, webhook_id: UUID, now: datetime) -> Entered:
    """Another secret, from the next call on. Raises NotAdministrator, NotFound."""
    must_administer(connection, actor, now)
    renewed = Entered(webhook_id, secrets.token_urlsafe(32))
    _change(connection, webhook_id, secret=vault.seal(renewed.secret, _owner(webhook_id)))
    log_event(connection, "webhook.secret_renewed", now, actor_id=actor.person_id, about_id=webhook_id)
    return renewed


def disable_webhook(connection: sa.Connection, actor: Actor, webhook_id: UUID, now: datetime) -> None:
    """Nothing more is told to it; what waits is dropped. Raises NotAdministrator, NotFound."""
    must_administer(connection, actor, now)
    _change(connection, webhook_id, disabled_at=now)
    waits = sa.update(t.webhook_call).where(t.webhook_call.c.webhook_id == webhook_id, WAITING)
    connection.execute(waits.values(dropped_at=now, error=DISABLED))
    organisation_changed(connection)
    log_event(connection, "webhook.disabled", now, actor_id=actor.person_id, about_id=webhook_id)


def active_webhook(
    connection: sa.Connection, vault: Vault, actor: Actor, webhook_id: UUID, now: datetime
) -> tuple[str, str]:
    """The address and the secret of a webhook, for trying it. Raises NotAdministrator, NotFound."""
    must_administer(connection, actor, now)
    found = connection.execute(sa.select(t.webhook).where(_active(webhook_id))).one_or_none()
    if found is None:
        raise NotFound
    return found.url, secret_of(vault, webhook_id, found.secret)


def secret_of(vault: Vault, webhook_id: UUID, sealed: str) -> str:
    """The secret again. Raises ValueError where the vault's key is not the one it was sealed with."""
    return vault.open(sealed, _owner(webhook_id))


def forget_calls(connection: sa.Connection, now: datetime) -> int:
    """Take away the calls that ended long ago; gives how many."""
    call, long_ago = t.webhook_call.c, now - KEPT
    return connection.execute(
        sa.delete(t.webhook_call).where((call.sent_at < long_ago) | (call.dropped_at < long_ago))
    ).rowcount


def _change(connection: sa.Connection, webhook_id: UUID, **values: object) -> None:
    if connection.execute(sa.update(t.webhook).where(_active(webhook_id)).values(**values)).rowcount != 1:
        raise NotFound


def _active(webhook_id: UUID) -> sa.ColumnElement[bool]:
    return (t.webhook.c.id == webhook_id) & t.webhook.c.disabled_at.is_(None)


def _owner(webhook_id: UUID) -> str:
    return f"webhook:{webhook_id}"


_MISSING = N_("This is needed.")
