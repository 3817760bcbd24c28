"""Signing in: a name and a password, then perhaps a code; or a passkey. Each ends in a session, or in a refusal.

While a password is checked no transaction is open: it takes a tenth of a second, and nobody waits for that.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from service.accounts import challenges, passkeys, second_factor, throttle
from service.accounts.account import Credentials, credentials, folded, person_named, renew_hash
from service.accounts.passwords import Verified
from service.accounts.refusals import PasskeyRefused, TooManyAttempts, WrongCode, WrongSignIn
from service.accounts.sessions import open_session
from service.accounts.tokens import new_token
from service.events import log_event
from service.web.site import Site

SECOND: Final = "second-factor"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever is at the other end: from which address, with which browser, at which moment."""

    address: str
    agent: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """Signed in: what the cookie of the session holds, and where one wanted to go."""

    token: str
    back: str


@dataclass(frozen=True, slots=True)
class Halfway:
    """The password was right and the second factor is asked for: what the cookie until then holds."""

    token: str


async def by_password(here: Site, name: str, password: str, caller: Caller, back: str = "/") -> Entered | Halfway:
    """Sign in by code or e-mail address and password. Raises WrongSignIn, TooManyAttempts, Busy.

    Whether there is such an account shows neither in the answer nor in the time it takes.
    """
    typed, now = folded(name), caller.now
    own, address = throttle.by_name(typed), throttle.by_address(caller.address)
    await _may_try(here, own, address, now)

    def look(connection: sa.Connection) -> Credentials | None:
        return credentials(connection, person_named(connection, typed))

    known = await here.reading(look)
    verified = await here.passwords.verify(password, known.password_hash if known else None)

    def conclude(connection: sa.Connection) -> Entered | Halfway | None:
        # Read again: meanwhile the account may have been disabled, or have another password.
        if known is None or not verified.right or credentials(connection, known.person_id) != known or known.disabled:
            about = known.person_id if known else None
            log_event(connection, "sign_in.failed", now, about_id=about, address=caller.address, method="password")
            return None
        throttle.forgive(connection, own, address)
        throttle.tidy(connection, now)
        return _go_on(connection, known, verified, caller, back)

    outcome = await here.writing(conclude)
    if outcome is None:
        raise WrongSignIn
    return outcome


def _go_on(
    connection: sa.Connection, known: Credentials, verified: Verified, caller: Caller, back: str
) -> Entered | Halfway:
    if verified.renewed and known.password_hash:
        renew_hash(connection, known.person_id, known.password_hash, verified.renewed)
    if known.has_totp:
        token = new_token()
        challenges.ask(connection, SECOND, token, caller.now, known.person_id, {"back": back})
        return Halfway(token)
    return Entered(_opened(connection, known.person_id, "password", caller), back)


async def by_code(here: Site, halfway: str, code: str, caller: Caller) -> Entered:
    """Go on with the second factor. Raises WrongCode, TooManyAttempts, and WrongSignIn where the first step is too old.

    The first step serves for one session: its cookie is worth nothing afterwards.
    """
    vault, now = here.vault(), caller.now

    def attempt(connection: sa.Connection) -> Entered | TooManyAttempts | WrongCode | WrongSignIn:
        asked = challenges.asked(connection, SECOND, halfway, now, alone=True)
        known = credentials(connection, asked.person_id) if asked else None
        if asked is None or known is None or known.disabled:
            return WrongSignIn()
        own, address = throttle.by_person("code", known.person_id), throttle.by_address(caller.address)
        if until := throttle.count(connection, {own: throttle.ONE, address: throttle.MANY}, now):
            return TooManyAttempts(until, now)
        how = second_factor.use(connection, vault, known.person_id, code, now)
        if how is None:
            about = known.person_id
            log_event(connection, "sign_in.failed", now, about_id=about, address=caller.address, method="code")
            return WrongCode()
        throttle.forgive(connection, own, address)
        challenges.take(connection, SECOND, halfway, now)
        return Entered(_opened(connection, known.person_id, f"password+{how}", caller), str(asked.facts["back"]))

    outcome = await here.writing(attempt)
    if isinstance(outcome, Entered):
        return outcome
    raise outcome


async def by_passkey(here: Site, answer: str, caller: Caller, back: str = "/") -> Entered:
    """Sign in with a passkey alone: the device knows its owner. Raises PasskeyRefused."""
    party = passkeys.Party.at(here.settings.address)

    def attempt(connection: sa.Connection) -> Entered | None:
        person_id = passkeys.shown(connection, party, answer, caller.now) if party else None
        known = credentials(connection, person_id)
        if known is None or known.disabled:
            log_event(
                connection,
                "sign_in.failed",
                caller.now,
                about_id=person_id,
                address=caller.address,
                method="passkey",
            )
            return None
        return Entered(_opened(connection, known.person_id, "passkey", caller), back)

    entered = await here.writing(attempt)
    if entered is None:
        raise PasskeyRefused
    return entered


def _opened(connection: sa.Connection, person_id: UUID, method: str, caller: Caller) -> str:
    return open_session(connection, person_id, method, caller.now, address=caller.address, agent=caller.agent)


async def _may_try(here: Site, own: str, address: str, now: datetime) -> None:
    """Count the attempt. Raises TooManyAttempts."""
    allowances = {own: throttle.ONE, address: throttle.MANY}
    until = await here.writing(lambda connection: throttle.count(connection, allowances, now))
    if until:
        raise TooManyAttempts(until, now)
