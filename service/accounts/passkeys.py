"""Passkeys (WebAuthn, level 3): made on a device that knows its owner, so one step of signing in is enough.

The library is asked for where it is needed: it takes a quarter of a second to import, and no first page waits for it.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.accounts import challenges
from service.accounts.account import ensure_account
from service.accounts.refusals import PasskeyRefused
from service.events import log_event
from service.organisation import PersonFacts
from states.refusals import NotFound

NEW, SIGN_IN, PROOF = "passkey-new", "passkey-sign-in", "passkey-proof"
LONGEST_LABEL: Final = 60
_LARGEST: Final = 20_000
# What its parts raise for bytes that are no answer of a browser: each is a refusal.
_WRONG: Final = (ValueError, KeyError, TypeError, AttributeError)
_p = t.passkey.c


@dataclass(frozen=True, slots=True)
class Party:
    """The site as browsers know it (WebAuthn's relying party): its name, and what its pages' addresses begin with."""

    name: str
    origin: str

    @classmethod
    def at(cls, address: str) -> "Party | None":
        """The site at that address; None where its host is a number or its pages are not protected."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        try:
            ip_address(host)
        except ValueError:
            protected = parts.scheme == "https" or host == "localhost"
            return cls(host, f"{parts.scheme}://{parts.netloc}") if protected else None
        return None


def ask_new(connection: sa.Connection, party: Party, person: PersonFacts, language: str, now: datetime) -> str:
    """What a browser needs to make a passkey for the person (JSON), with a challenge that waits for it."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = connection.execute(sa.select(_p.credential).where(_p.person_id == person.id)).scalars()
    options = generate_registration_options(
        rp_id=party.name,
        rp_name="Sapat",
        user_id=person.id.bytes,
        user_name=person.code,
        user_display_name=person.name.into(language),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    challenges.ask(connection, NEW, bytes_to_base64url(options.challenge), now, person.id)
    return options_to_json(options)


def add(connection: sa.Connection, party: Party, person_id: UUID, answer: str, label: str, now: datetime) -> None:
    """Keep the passkey that a browser has made. Raises PasskeyRefused."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    told, challenge = _read(answer)
    asked = challenges.take(connection, NEW, challenge, now)
    if asked is None or asked.person_id != person_id:
        raise PasskeyRefused
    try:
        made = verify_registration_response(
            credential=dict(told),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.name,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, *_WRONG) as error:
        raise PasskeyRefused from error
    credential = bytes_to_base64url(made.credential_id)
    if connection.execute(sa.select(_p.id).where(_p.credential == credential)).first():
        raise PasskeyRefused
    ensure_account(connection, person_id, now)
    row = {"id": new_id(), "person_id": person_id, "credential": credential, "uses": made.sign_count}
    key = {"public_key": bytes_to_base64url(made.credential_public_key), "label": label.strip()[:LONGEST_LABEL] or "—"}
    connection.execute(sa.insert(t.passkey), {**row, **key, "created_at": now, "used_at": None})
    log_event(connection, "passkey.added", now, actor_id=person_id, about_id=person_id, label=key["label"])


def ask(connection: sa.Connection, party: Party, now: datetime, person_id: UUID | None = None) -> str:
    """What a browser needs to show a passkey (JSON): of this person for a proof, else of whoever signs in."""
    from webauthn import base64url_to_bytes, generate_authentication_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    mine = sa.select(_p.credential).where(_p.person_id == person_id)
    allowed = connection.execute(mine).scalars().all() if person_id else []
    options = generate_authentication_options(
        rp_id=party.name,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    purpose = PROOF if person_id else SIGN_IN
    challenges.ask(connection, purpose, bytes_to_base64url(options.challenge), now, person_id)
    return options_to_json(options)


def shown(
    connection: sa.Connection, party: Party, answer: str, now: datetime, person_id: UUID | None = None
) -> UUID | None:
    """Whose passkey was shown; for a proof it must be the person's. None where it does not hold.

    Raises nothing, so that the challenge is used up whatever came: an answer is looked at once.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        told, challenge = _read(answer)
        asked = challenges.take(connection, PROOF if person_id else SIGN_IN, challenge, now)
        row = connection.execute(sa.select(t.passkey).where(_p.credential == str(told["id"]))).one_or_none()
        if asked is None or row is None or asked.person_id != person_id or person_id not in (None, row.person_id):
            return None
        if (handle := told["response"].get("userHandle")) and base64url_to_bytes(handle) != row.person_id.bytes:
            return None
        seen = verify_authentication_response(
            credential=dict(told),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.name,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except (PasskeyRefused, WebAuthnException, *_WRONG):
        return None
    same = sa.update(t.passkey).where(_p.id == row.id, _p.uses == row.uses)
    used = connection.execute(same.values(uses=seen.new_sign_count, used_at=now)).rowcount
    found: UUID = row.person_id
    return found if used else None


def list_passkeys(connection: sa.Connection, person_id: UUID) -> list[sa.Row[Any]]:
    """The person's passkeys, the oldest first."""
    return list(connection.execute(sa.select(t.passkey).where(_p.person_id == person_id).order_by(_p.id)))


def rename(connection: sa.Connection, person_id: UUID, passkey_id: UUID, label: str, now: datetime) -> None:
    """Call it something else. Raises NotFound."""
    mine = sa.update(t.passkey).where(_p.id == passkey_id, _p.person_id == person_id)
    if not connection.execute(mine.values(label=label.strip()[:LONGEST_LABEL] or "—")).rowcount:
        raise NotFound
    log_event(connection, "passkey.renamed", now, actor_id=person_id, about_id=person_id)


def remove(connection: sa.Connection, person_id: UUID, passkey_id: UUID, actor_id: UUID | None, now: datetime) -> None:
    """It opens nothing any more. Raises NotFound."""
    mine = sa.delete(t.passkey).where(_p.id == passkey_id, _p.person_id == person_id).returning(_p.label)
    label = connection.execute(mine).scalar()
    if label is None:
        raise NotFound
    log_event(connection, "passkey.removed", now, actor_id=actor_id, about_id=person_id, label=label)


def _read(answer: str) -> tuple[Mapping[str, Any], str]:
    """What a browser sent, and the challenge that it says it answers. Raises PasskeyRefused."""
    try:
        told: Any = json.loads(answer) if len(answer) <= _LARGEST else None
        client = told["response"]["clientDataJSON"]
        challenge = json.loads(urlsafe_b64decode(client + "=" * (-len(client) % 4)))["challenge"]
        if isinstance(told, dict) and isinstance(challenge, str):
            return told, challenge.rstrip("=")
    except (*_WRONG, RecursionError) as error:
        raise PasskeyRefused from error
    raise PasskeyRefused
