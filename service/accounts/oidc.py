"""Signing in by an identity provider: OpenID Connect, authorization code with PKCE (RFC 9700, OpenID Connect Core 3.1).

State, nonce and verifier wait in a challenge that only this browser's cookie finds, once, for ten minutes. Who somebody
is tells the table `identity` by issuer and subject; an e-mail address counts once, to find out who that is.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.accounts import challenges, throttle
from service.accounts.account import credentials
from service.accounts.provider_refusals import (
    AccountClosed,
    AddressUnconfirmed,
    LinkedOtherwise,
    NobodyLinked,
    NotBegunHere,
    ProviderRefused,
)
from service.accounts.refusals import TooManyAttempts
from service.accounts.sessions import open_session
from service.accounts.signing_in import Caller, Entered
from service.accounts.tokens import hashed, new_token
from service.events import log_event
from service.organisation import organisation
from service.settings import Settings
from service.web.site import Site
from states.refusals import Refusal

if TYPE_CHECKING:
    from service.accounts.provider import Provider

PURPOSE: Final = "oidc"
CALLBACK: Final = "/oidc/callback"


@dataclass(frozen=True, slots=True)
class Client:
    """Sapat as the identity provider knows it, and what people call the provider."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str
    label: str

    @classmethod
    def of(cls, settings: Settings) -> "Client | None":
        """The client of the settings; None where there is no identity provider."""
        if not (settings.oidc_issuer and settings.oidc_client_id):
            return None
        secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else ""
        label = settings.oidc_label or urlsplit(settings.oidc_issuer).hostname or settings.oidc_issuer
        return cls(settings.oidc_issuer, settings.oidc_client_id, secret, settings.address + CALLBACK, label)


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is by the provider. `email` is empty unless the provider says that it is theirs."""

    issuer: str
    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and what its cookie holds until it comes back."""

    url: str
    token: str


async def begin(here: Site, provider: "Provider", caller: Caller, back: str) -> Begun:
    """Send somebody to the provider. Raises ProviderAway, ProviderUnfit, TooManyAttempts."""
    many = {throttle.by_address(caller.address): throttle.MANY}
    if until := await here.writing(lambda connection: throttle.count(connection, many, caller.now)):
        raise TooManyAttempts(until, caller.now)
    token, state, nonce, verifier = (new_token() for _ in range(4))
    url = await provider.authorization_url(state, nonce, verifier, caller.now)
    facts = {"state": hashed(state), "nonce": nonce, "verifier": verifier, "back": back}
    await here.writing(lambda connection: challenges.ask(connection, PURPOSE, token, caller.now, facts=facts))
    return Begun(url, token)


async def sign_in(here: Site, provider: "Provider", token: str, answer: Mapping[str, str], caller: Caller) -> Entered:
    """Sign in whoever comes back with the provider's `answer` (the query of the callback).

    Raises NotBegunHere, ProviderAway, ProviderUnfit, ProviderRefused, NobodyLinked and its like; each is logged.
    """
    begun = await here.writing(lambda connection: challenges.take(connection, PURPOSE, token, caller.now))
    try:
        if begun is None or not hmac.compare_digest(hashed(answer.get("state", "")), begun.facts["state"]):
            raise NotBegunHere
        if "error" in answer or not answer.get("code"):
            raise ProviderRefused(provider=provider.client.label)
        await provider.check_sender(answer.get("iss", ""), caller.now)
        proven = await provider.proven(answer["code"], begun.facts["verifier"], begun.facts["nonce"], caller.now)

        def enter(connection: sa.Connection) -> str:
            person_id = person_of(connection, proven, provider.client.label, caller)
            throttle.forgive(connection, "", throttle.by_address(caller.address))
            return open_session(connection, person_id, PURPOSE, caller.now, address=caller.address, agent=caller.agent)

        return Entered(await here.writing(enter), begun.facts["back"])
    except Refusal as refusal:
        why = refusal.code

        def log(connection: sa.Connection) -> None:
            log_event(connection, "sign_in.failed", caller.now, address=caller.address, method=PURPOSE, why=why)

        await here.writing(log)
        raise


def person_of(connection: sa.Connection, proven: Proven, label: str, caller: Caller) -> UUID:
    """The person whose identity this is; linked at the first time by an e-mail address that is theirs alone.

    Raises AddressUnconfirmed, NobodyLinked, LinkedOtherwise, AccountClosed.
    """
    mine = (t.identity.c.issuer == proven.issuer) & (t.identity.c.subject == proven.subject)
    person_id = connection.execute(sa.select(t.identity.c.person_id).where(mine)).scalar()
    if person_id is None:
        person_id = _link(connection, proven, label, caller)
    if _is_disabled(connection, person_id):
        raise AccountClosed
    return person_id


def _link(connection: sa.Connection, proven: Proven, label: str, caller: Caller) -> UUID:
    if not proven.email:
        raise AddressUnconfirmed(provider=label)
    known = organisation(connection).people.values()
    people = [one.id for one in known if _same(one.email, proven.email)]
    enabled = [one for one in people if not _is_disabled(connection, one)]
    if len(enabled) != 1:
        if people and not enabled:
            raise AccountClosed
        raise NobodyLinked(provider=label, email=proven.email)
    (person_id,) = enabled
    connection.execute(sa.select(t.person.c.id).where(t.person.c.id == person_id).with_for_update())
    # An address that was taken from one and given to another must not open the first one's account.
    linked = (t.identity.c.issuer == proven.issuer) & (t.identity.c.person_id == person_id)
    if connection.execute(sa.select(sa.exists().where(linked))).scalar_one():
        raise LinkedOtherwise(provider=label, email=proven.email)
    row = {"issuer": proven.issuer, "subject": proven.subject, "person_id": person_id, "created_at": caller.now}
    insert_new(connection, t.identity, [row])
    log_event(
        connection,
        "identity.linked",
        caller.now,
        actor_id=person_id,
        about_id=person_id,
        address=caller.address,
        issuer=proven.issuer,
    )
    return person_id


def _same(one: str, other: str) -> bool:
    """Letters that only look alike once they are folded must not be taken for each other."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def _is_disabled(connection: sa.Connection, person_id: UUID) -> bool:
    known = credentials(connection, person_id)
    return known is not None and known.disabled
