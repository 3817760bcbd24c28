"""Links that let a person set a password once: the welcome, and the way back for whoever forgot theirs."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.accounts import throttle
from service.accounts.account import ensure_account, folded, keep_password
from service.accounts.api_tokens import revoke_all
from service.accounts.refusals import LinkSpent
from service.accounts.sessions import end_sessions
from service.accounts.tokens import hashed, new_token
from service.events import log_event
from service.organisation import Actor, PersonFacts, organisation

WELCOME, RESET = "welcome", "reset"
LASTS: Final = {WELCOME: timedelta(days=7), RESET: timedelta(days=1)}

_link = t.one_time_link.c


def make_link(
    connection: sa.Connection,
    person_id: UUID,
    purpose: str,
    actor: Actor,
    now: datetime,
    *,
    lasts: timedelta | None = None,
) -> str:
    """A new link's token for the person; earlier links of theirs are worth nothing from now on.

    `purpose` is `welcome` or `reset`. Who may do this is for whoever calls to know.
    """
    ensure_account(connection, person_id, now)
    connection.execute(sa.delete(t.one_time_link).where(_link.person_id == person_id))
    token, ends = new_token(), now + (lasts or LASTS[purpose])
    row = {"token_hash": hashed(token), "person_id": person_id, "purpose": purpose, "used_at": None}
    connection.execute(sa.insert(t.one_time_link), {**row, "created_at": now, "expires_at": ends})
    log_event(connection, "link.made", now, actor_id=actor.person_id, about_id=person_id, purpose=purpose)
    return token


def link_holder(connection: sa.Connection, token: str, now: datetime) -> PersonFacts:
    """Whose link it is. Raises LinkSpent. Looking uses nothing up: mail programs look at links too."""
    person_id = connection.execute(sa.select(_link.person_id).where(_good(token, now))).scalar()
    if person_id is None:
        raise LinkSpent
    return organisation(connection).people[person_id]


def set_password_by_link(connection: sa.Connection, token: str, kept: str, now: datetime, address: str = "") -> UUID:
    """Keep the password's hash; whoever was signed in as this person is so no longer. Raises LinkSpent.

    After a reset, tokens of programs are worth nothing either: nobody knows who has had the account meanwhile.
    """
    used = sa.update(t.one_time_link).where(_good(token, now)).values(used_at=now)
    row = connection.execute(used.returning(_link.person_id, _link.purpose)).one_or_none()
    if row is None:
        raise LinkSpent
    person_id: UUID = row.person_id
    keep_password(connection, person_id, kept, person_id, now, address)
    end_sessions(connection, person_id, person_id, now, address=address)
    if row.purpose == RESET:
        revoke_all(connection, person_id, person_id, now)
    person = organisation(connection).people[person_id]
    for name in (person.code, person.email):
        connection.execute(sa.delete(t.attempts).where(t.attempts.c.name == throttle.by_name(folded(name))))
    return person_id


def _good(token: str, now: datetime) -> sa.ColumnElement[bool]:
    enabled = sa.exists().where(t.account.c.person_id == _link.person_id, t.account.c.disabled_at.is_(None))
    return (_link.token_hash == hashed(token)) & _link.used_at.is_(None) & (_link.expires_at > now) & enabled
