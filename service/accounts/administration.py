"""What the administrator does with the accounts of others, and how the first one comes to be."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.accounts.account import ensure_account
from service.accounts.demonstration import is_demonstration
from service.accounts.links import RESET, WELCOME, make_link
from service.accounts.refusals import NotAdministrator
from service.accounts.sessions import end_sessions
from service.events import log_event
from service.organisation import CLOCK, Actor, Organisation, organisation, organisation_changed
from states.refusals import GuardUnmet
from states.roles import LABELS, Role
from states.text import N_, Text
from states.working_days import today

FIRST_LASTS: Final = timedelta(days=1)
CODE: Final = "administrator"
_UNIVERSITY: Final = Text("Университет", "Университет", "University")


def is_administrator(snapshot: Organisation, person_id: UUID | None, day: date) -> bool:
    """Whether the person holds a post of the administrator on `day`; a vacant one falls to nobody."""
    held = snapshot.posts_of(person_id, day) if person_id else frozenset()
    return any(snapshot.posts[post].role is Role.ADMINISTRATOR for post in held)


def must_administer(connection: sa.Connection, actor: Actor, now: datetime) -> None:
    """Raises NotAdministrator."""
    if not is_administrator(organisation(connection), actor.person_id, today(now)):
        raise NotAdministrator


def link_for(connection: sa.Connection, person_id: UUID, actor: Actor, now: datetime) -> str:
    """A link's token: the welcome of whoever has no password yet, else the way back."""
    has = sa.select(t.account.c.password_hash).where(t.account.c.person_id == person_id)
    return make_link(connection, person_id, RESET if connection.execute(has).scalar() else WELCOME, actor, now)


def disable(connection: sa.Connection, person_id: UUID, actor: Actor, now: datetime) -> None:
    """Nobody signs in to the account from now on, and whoever was signed in is so no longer.

    Raises GuardUnmet where somebody disables their own.
    """
    if person_id == actor.person_id:
        raise GuardUnmet(N_("This is your own account."), N_("Ask another administrator."))
    ensure_account(connection, person_id, now)
    on = sa.update(t.account).where(t.account.c.person_id == person_id, t.account.c.disabled_at.is_(None))
    if connection.execute(on.values(disabled_at=now)).rowcount:
        log_event(connection, "account.disabled", now, actor_id=actor.person_id, about_id=person_id)
        end_sessions(connection, person_id, actor.person_id, now)


def enable(connection: sa.Connection, person_id: UUID, actor: Actor, now: datetime) -> None:
    """The account may be used again."""
    off = sa.update(t.account).where(t.account.c.person_id == person_id, t.account.c.disabled_at.is_not(None))
    if connection.execute(off.values(disabled_at=None)).rowcount:
        log_event(connection, "account.enabled", now, actor_id=actor.person_id, about_id=person_id)


def first_link(connection: sa.Connection, now: datetime) -> str | None:
    """A link's token for the administrator where nobody can sign in yet; None where somebody can, or may be anybody."""
    if is_demonstration(connection) or _somebody_can_sign_in(connection):
        return None
    return make_link(connection, _administrator(connection, now), WELCOME, CLOCK, now, lasts=FIRST_LASTS)


def _somebody_can_sign_in(connection: sa.Connection) -> bool:
    a = t.account.c
    ways = (
        sa.exists().where(a.password_hash.is_not(None), a.disabled_at.is_(None)),
        sa.exists().where(t.passkey.c.id.is_not(None)),
        sa.exists().where(t.identity.c.subject.is_not(None)),
    )
    return connection.execute(sa.select(sa.or_(*ways))).scalar_one()


def _administrator(connection: sa.Connection, now: datetime) -> UUID:
    """Whoever holds the administrator's post today; where nobody does, somebody of that code, made for it."""
    snapshot, day = organisation(connection), today(now)
    posts = sorted(post.id for post in snapshot.posts.values() if post.role is Role.ADMINISTRATOR)
    for post_id in posts:
        if people := snapshot.holders(post_id, day):
            return people[0]
    person_id = _found_or_made(connection, t.person, {"email": "", "language": "ky"}, LABELS[Role.ADMINISTRATOR], CODE)
    post_id = posts[0] if posts else _post(connection)
    holding = {"id": new_id(), "person_id": person_id, "post_id": post_id, "since": day, "until": None}
    connection.execute(sa.insert(t.holding), holding)
    organisation_changed(connection)
    log_event(connection, "administrator.made", now, about_id=person_id)
    return person_id


def _post(connection: sa.Connection) -> UUID:
    top = sa.select(t.unit.c.id).where(t.unit.c.parent_id.is_(None)).order_by(t.unit.c.code).limit(1)
    unit_id = connection.execute(top).scalar()
    if unit_id is None:
        top_one = {"parent_id": None, "is_campus": True, "closed_on": None, "successor_id": None}
        unit_id = _found_or_made(connection, t.unit, top_one, _UNIVERSITY, "university")
    more = {"unit_id": unit_id, "role": str(Role.ADMINISTRATOR), "heads": False, "closed_on": None}
    return _found_or_made(connection, t.post, more, LABELS[Role.ADMINISTRATOR], CODE)


def _found_or_made(
    connection: sa.Connection, table: sa.Table, more: Mapping[str, object], name: Text, code: str
) -> UUID:
    found: UUID | None = connection.execute(sa.select(table.c.id).where(table.c.code == code)).scalar()
    if found is not None:
        return found
    made, names = new_id(), {"name_ky": name.ky, "name_ru": name.ru, "name_en": name.en}
    connection.execute(sa.insert(table), {"id": made, "code": code, **names, **more})
    return made
