"""How an account stands: for its owner, and for the administrator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.accounts.account import folded
from service.accounts.second_factor import codes_left
from service.accounts.sessions import IDLE
from service.organisation import PersonFacts, organisation
from states.kyrgyz import sort_key

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class AccountView:
    """What is kept of an account, without its secrets. `seen_at` is when its person was here last."""

    person_id: UUID
    password_set_at: datetime | None
    totp_since: datetime | None
    disabled_at: datetime | None
    passkeys: int
    sessions: int
    tokens: int
    seen_at: datetime | None


def account_view(connection: sa.Connection, person_id: UUID, now: datetime) -> AccountView:
    """One account, also of somebody who has none yet."""
    return account_views(connection, [person_id], now)[person_id]


def account_views(connection: sa.Connection, people: Iterable[UUID], now: datetime) -> dict[UUID, AccountView]:
    """The accounts of these people."""
    wanted = list(people)
    accounts = {row.person_id: row for row in connection.execute(_of(t.account, wanted))}
    passkeys = _counted(connection, t.passkey, wanted, sa.true())
    s, a = t.session.c, t.api_token.c
    going = s.ended_at.is_(None) & (s.ends_at > now) & (s.seen_at > now - IDLE)
    sessions = _counted(connection, t.session, wanted, going)
    tokens = _counted(connection, t.api_token, wanted, a.revoked_at.is_(None) & (a.expires_at > now))
    last = sa.select(s.person_id, sa.func.max(s.seen_at)).where(s.person_id.in_(wanted)).group_by(s.person_id)
    seen = {row.person_id: row[1] for row in connection.execute(last)}
    return {
        one: AccountView(
            one,
            row.password_set_at if row and row.password_hash else None,
            row.totp_since if row else None,
            row.disabled_at if row else None,
            passkeys.get(one, 0),
            sessions.get(one, 0),
            tokens.get(one, 0),
            seen.get(one),
        )
        for one, row in ((one, accounts.get(one)) for one in wanted)
    }


def recovery_codes_left(connection: sa.Connection, view: AccountView) -> int:
    """How many recovery codes have not been used; 0 where there is no second factor."""
    return codes_left(connection, view.person_id) if view.totp_since else 0


def find_people(connection: sa.Connection, words: str, language: str, after: str) -> tuple[list[PersonFacts], str]:
    """The people in whose name, code or address the words are, PAGE of them; and after whom the next page begins."""
    wanted = folded(words)
    people = organisation(connection).people.values()
    found = [one for one in people if wanted in folded(" ".join((*one.name, one.code, one.email)))]
    found.sort(key=lambda one: (sort_key(one.name.into(language)), one.code))
    begins = next((place + 1 for place, one in enumerate(found) if one.code == after), 0)
    page = found[begins : begins + PAGE]
    return page, page[-1].code if len(found) > begins + PAGE else ""


def _of(table: sa.Table, people: list[UUID]) -> sa.Select[Any]:
    return sa.select(table).where(table.c.person_id.in_(people))


def _counted(
    connection: sa.Connection, table: sa.Table, people: list[UUID], which: sa.ColumnElement[bool]
) -> dict[UUID, int]:
    owner = table.c.person_id
    counted = sa.select(owner, sa.func.count()).where(owner.in_(people), which).group_by(owner)
    return {row.person_id: row[1] for row in connection.execute(counted)}
