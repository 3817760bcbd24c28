"""Tokens of programs: made by a person for a time, to read or to write as that person; shown once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.prepared import Prepared
from service.accounts.account import ensure_account
from service.accounts.tokens import hashed, new_token
from service.events import log_event
from states.given import parse_given
from states.lifecycle import Choice, Field
from states.refusals import Incomplete, NotFound
from states.text import N_, Text

PREFIX: Final = "sapat_"
READ, WRITE = "read", "write"
LONGEST_DAYS: Final = 365
USED_EVERY: Final = timedelta(hours=1)
FIELDS: Final = (
    Field("label", Text("Эмне үчүн", "Для чего", "What it is for"), "line"),
    Field(
        "scope",
        Text("Эмне кыла алат", "Что может", "What it may do"),
        "choice",
        choices=(
            Choice(READ, Text("окуу", "читать", "read")),
            Choice(WRITE, Text("окуу жана жазуу", "читать и писать", "read and write")),
        ),
    ),
    Field("days", Text("Канча күнгө", "На сколько дней", "For how many days"), "number"),
)


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The token of a request."""

    id: UUID
    person_id: UUID
    scope: str
    used_at: datetime | None


_a = t.api_token.c
_FIND = Prepared(
    sa.select(_a.id, _a.person_id, _a.scope, _a.used_at, _a.expires_at, t.account.c.disabled_at)
    .select_from(t.api_token.outerjoin(t.account, t.account.c.person_id == _a.person_id))
    .where(_a.token_hash == sa.bindparam("token"), _a.revoked_at.is_(None))
)


def make_token(
    connection: sa.Connection, person_id: UUID, given: dict[str, Any], now: datetime, address: str = ""
) -> tuple[UUID, str]:
    """A new token by FIELDS: its identifier, and what nobody sees again. Raises Incomplete."""
    values = parse_given(FIELDS, given)
    if not 1 <= values["days"] <= LONGEST_DAYS:
        raise Incomplete({"days": N_("Give a number from 1 to 365.")})
    ensure_account(connection, person_id, now)
    token, token_id = new_token(PREFIX), new_id()
    expires_at = now + timedelta(days=values["days"])
    row = {"id": token_id, "token_hash": hashed(token), "person_id": person_id, "label": values["label"]}
    times = {"created_at": now, "expires_at": expires_at, "used_at": None, "revoked_at": None}
    connection.execute(sa.insert(t.api_token), {**row, "scope": values["scope"], **times})
    facts = {"token": str(token_id), "label": values["label"], "scope": values["scope"], "days": values["days"]}
    log_event(connection, "token.made", now, actor_id=person_id, about_id=person_id, address=address, **facts)
    return token_id, token


def find_token(connection: sa.Connection, token: str, now: datetime) -> TokenFacts | None:
    """The token, unless it is too old, revoked, or its account disabled."""
    row = _FIND.first(connection, {"token": hashed(token)})
    if row is None:
        return None
    *facts, expires_at, disabled_at = row
    return None if disabled_at is not None or now >= expires_at else TokenFacts(*facts)


def is_stale(token: TokenFacts, now: datetime) -> bool:
    """Whether it should be written down that the token is in use."""
    return token.used_at is None or now >= token.used_at + USED_EVERY


def note_used(connection: sa.Connection, token: TokenFacts, now: datetime) -> None:
    """The token is in use."""
    due = _a.used_at.is_(None) | (_a.used_at <= now - USED_EVERY)
    connection.execute(sa.update(t.api_token).where(_a.id == token.id, due).values(used_at=now))


def list_tokens(connection: sa.Connection, person_id: UUID, now: datetime) -> list[sa.Row[Any]]:
    """The person's tokens that are good, the newest first."""
    good = (_a.person_id == person_id) & _a.revoked_at.is_(None) & (_a.expires_at > now)
    return list(connection.execute(sa.select(t.api_token).where(good).order_by(_a.id.desc())))


def revoke_token(
    connection: sa.Connection, person_id: UUID, token_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    """The token is worth nothing from now on. Raises NotFound."""
    mine = (_a.person_id == person_id) & (_a.id == token_id) & _a.revoked_at.is_(None)
    if not connection.execute(sa.update(t.api_token).where(mine).values(revoked_at=now)).rowcount:
        raise NotFound
    log_event(connection, "token.revoked", now, actor_id=actor_id, about_id=person_id, token=str(token_id))


def revoke_all(connection: sa.Connection, person_id: UUID, actor_id: UUID | None, now: datetime) -> None:
    """None of the person's tokens is good any more."""
    for row in list_tokens(connection, person_id, now):
        revoke_token(connection, person_id, row.id, actor_id, now)
