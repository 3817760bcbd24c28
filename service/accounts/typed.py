"""A proof at the command: whoever signs there types their password, as they would on a page."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from models.database import Database
from service.accounts import throttle
from service.accounts.account import credentials
from service.accounts.demonstration import is_demonstration
from service.accounts.passwords import Passwords
from service.accounts.refusals import TooManyAttempts, WrongPassword
from service.events import log_event
from service.signing import Proof


def proof_at_the_command(database: Database, person_id: UUID, ask: Callable[[], str], now: datetime) -> Proof:
    """The person's proof; `ask` reads a password, for which a demonstration does not ask.

    Raises WrongPassword, TooManyAttempts.
    """
    with database.read() as connection:
        if is_demonstration(connection):
            return Proof("demonstration", now)
        known = credentials(connection, person_id)
    own = throttle.by_person("proof", person_id)
    with database.write() as connection:
        if until := throttle.count(connection, {own: throttle.ONE}, now):
            raise TooManyAttempts(until, now)
    passwords = Passwords()
    try:
        verified = asyncio.run(passwords.verify(ask(), known.password_hash if known else None))
    finally:
        passwords.close()
    if not verified.right or known is None or known.disabled:
        with database.write() as connection:
            log_event(connection, "proof.failed", now, actor_id=person_id, about_id=person_id, method="password")
        raise WrongPassword
    with database.write() as connection:
        throttle.forgive(connection, own, own)
    return Proof("password", now)
