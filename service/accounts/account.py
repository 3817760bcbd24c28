"""Accounts: who a typed name is, their password, and whether they may sign in at all."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.events import log_event
from service.organisation import PersonFacts, organisation


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs to know of an account."""

    person_id: UUID
    password_hash: str | None
    has_totp: bool
    disabled: bool


def folded(typed: str) -> str:
    """A name as it is compared: capital letters and spaces around it mean nothing."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def person_named(connection: sa.Connection, name: str) -> UUID | None:
    """Whose code or e-mail address the folded `name` is. An address that several people share is nobody's."""
    people = organisation(connection).people.values()
    coded = [one.id for one in people if folded(one.code) == name]
    found = coded or [one.id for one in people if folded(one.email) == name]
    return found[0] if name and len(found) == 1 else None


def credentials(connection: sa.Connection, person_id: UUID | None) -> Credentials | None:
    """What is kept of the person's account; None where they have none."""
    a = t.account.c
    columns = (a.person_id, a.password_hash, a.totp_since.is_not(None), a.disabled_at.is_not(None))
    row = connection.execute(sa.select(*columns).where(a.person_id == person_id)).one_or_none()
    return Credentials(*row) if row else None


def ensure_account(connection: sa.Connection, person_id: UUID, now: datetime) -> None:
    """Give the person an account, unless they have one."""
    nothing = {"password_hash": None, "password_set_at": None, "totp_secret": None, "totp_since": None, "totp_step": 0}
    row = {"person_id": person_id, "created_at": now, "disabled_at": None, **nothing}
    insert_new(connection, t.account, [row])


def own_words(person: PersonFacts) -> Iterator[str]:
    """What a password of this person must not be made of."""
    yield person.code
    yield person.email
    yield from person.name


def keep_password(
    connection: sa.Connection,
    person_id: UUID,
    kept: str,
    actor_id: UUID | None,
    now: datetime,
    address: str = "",
) -> None:
    """From now on `kept` is the hash of the person's password; what was begun with the one before leads nowhere."""
    ensure_account(connection, person_id, now)
    mine = sa.update(t.account).where(t.account.c.person_id == person_id)
    connection.execute(mine.values(password_hash=kept, password_set_at=now))
    link = t.one_time_link.c
    connection.execute(sa.delete(t.one_time_link).where(link.person_id == person_id, link.used_at.is_(None)))
    connection.execute(sa.delete(t.challenge).where(t.challenge.c.person_id == person_id))
    log_event(connection, "password.set", now, actor_id=actor_id, about_id=person_id, address=address)


def renew_hash(connection: sa.Connection, person_id: UUID, kept: str, renewed: str) -> None:
    """The same password by today's parameters, unless it was changed meanwhile."""
    mine = (t.account.c.person_id == person_id) & (t.account.c.password_hash == kept)
    connection.execute(sa.update(t.account).where(mine).values(password_hash=renewed))
