"""Proofs: that whoever signs, or changes how they sign in, is who they say, at that moment (21 CFR 11.200)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.accounts import passkeys, throttle
from service.accounts.account import credentials
from service.accounts.refusals import (
    PasskeyRefused,
    SessionNeeded,
    TokenNeverSigns,
    TooManyAttempts,
    WrongPassword,
)
from service.accounts.sessions import SessionFacts
from service.events import log_event
from service.signing import Proof, ProofNeeded
from service.web.site import DEMONSTRATION, TOKEN, Site, Visitor
from states.refusals import SignedOut
from states.text import N_

SERIES: Final = timedelta(minutes=10)
FRESH: Final = timedelta(minutes=10)


async def prove(here: Site, who: Visitor, typed: Mapping[str, str]) -> Proof:
    """The proof for a signature, by what was typed: `password` or `passkey` (a browser's answer to a challenge).

    Within SERIES of the session's last signature nothing need be typed. Raises SignedOut, TokenNeverSigns, ProofNeeded,
    WrongPassword, PasskeyRefused, TooManyAttempts, Busy. The signature itself tells the session by `note_signed`.
    """
    if who.came_by == DEMONSTRATION:
        return Proof("demonstration", who.now)
    if who.came_by == TOKEN:
        raise TokenNeverSigns
    session = session_of(who)
    if session.signed_at and session.signed_at <= who.now < session.signed_at + SERIES:
        return Proof("series", who.now)
    return await _given(here, who, session, typed)


async def confirm(here: Site, who: Visitor, typed: Mapping[str, str], *, always: bool = False) -> Proof:
    """The proof for changing how one signs in: as for a signature; a sign-in just now is one too, unless `always`.

    Raises what `prove` raises, and SessionNeeded for whoever has not signed in themselves.
    """
    session = session_of(who)
    if always or needs_proof(session, who.now):
        return await _given(here, who, session, typed, N_("Before this is changed, prove that it is you."))
    return Proof(session.method, session.created_at)


def needs_proof(session: SessionFacts, now: datetime) -> bool:
    """Whether somebody who changes how they sign in must prove who they are."""
    return not session.created_at <= now < session.created_at + FRESH


def needs_signing_proof(who: Visitor) -> bool:
    """Whether a form for a signature must ask for a proof."""
    signed_at = who.session.signed_at if who.session else None
    return who.came_by != DEMONSTRATION and not (signed_at and signed_at <= who.now < signed_at + SERIES)


def session_of(who: Visitor) -> SessionFacts:
    """The session. Raises SignedOut, SessionNeeded."""
    if who.person is None:
        raise SignedOut
    if who.session is None:
        raise SessionNeeded
    return who.session


def note_signed(connection: sa.Connection, session: SessionFacts | None, now: datetime) -> None:
    """A signature was made in the session: those of the next minutes belong to the same series."""
    if session:
        mine = sa.update(t.session).where(t.session.c.token_hash == session.token_hash)
        connection.execute(mine.values(signed_at=now))


async def _given(here: Site, who: Visitor, session: SessionFacts, typed: Mapping[str, str], says: str = "") -> Proof:
    if typed.get("passkey"):
        return await _by_passkey(here, who, session, typed["passkey"])
    if typed.get("password"):
        return await _by_password(here, who, session, typed["password"])
    raise ProofNeeded(says)


async def _by_password(here: Site, who: Visitor, session: SessionFacts, password: str) -> Proof:
    own, address = throttle.by_person("proof", session.person_id), throttle.by_address(who.address)
    allowances = {own: throttle.ONE, address: throttle.MANY}
    until = await here.writing(lambda connection: throttle.count(connection, allowances, who.now))
    if until:
        raise TooManyAttempts(until, who.now)
    known = await here.reading(lambda connection: credentials(connection, session.person_id))
    verified = await here.passwords.verify(password, known.password_hash if known else None)

    def conclude(connection: sa.Connection) -> None:
        if verified.right:
            throttle.forgive(connection, own, address)
        else:
            _failed(connection, who, session, "password")

    await here.writing(conclude)
    if not verified.right:
        raise WrongPassword
    return Proof("password", who.now)


async def _by_passkey(here: Site, who: Visitor, session: SessionFacts, answer: str) -> Proof:
    party = passkeys.Party.at(here.settings.address)

    def attempt(connection: sa.Connection) -> bool:
        shown = passkeys.shown(connection, party, answer, who.now, session.person_id) if party else None
        if shown is None:
            _failed(connection, who, session, "passkey")
        return shown is not None

    if not await here.writing(attempt):
        raise PasskeyRefused
    return Proof("passkey", who.now)


def _failed(connection: sa.Connection, who: Visitor, session: SessionFacts, method: str) -> None:
    mine = session.person_id
    log_event(connection, "proof.failed", who.now, actor_id=mine, about_id=mine, address=who.address, method=method)
