"""How people prove who they are: passwords, second factors, passkeys, sessions, tokens. No secret is kept readable."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON, Identified, Moment


class Account(SQLModel, table=True):
    """A person's way in. `totp_secret` is encrypted; `totp_step` is the last time step whose code was used.

    `totp_since` None: a secret was shown and not confirmed yet. Nobody signs in to an account that is `disabled_at`.
    """

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    password_hash: str | None = None
    password_set_at: datetime | None = Field(default=None, sa_type=Moment)
    totp_secret: str | None = None
    totp_since: datetime | None = Field(default=None, sa_type=Moment)
    totp_step: int = 0
    created_at: datetime = Field(sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor once; kept as SHA-256."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Passkey(Identified, table=True):
    """A WebAuthn credential. `credential` and `public_key` are base64url; `uses` is the authenticator's counter."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    credential: str = Field(unique=True)
    public_key: str
    uses: int = 0
    label: str
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Identity(SQLModel, table=True):
    """Who a person is at an identity provider (OIDC: issuer and subject, never the address of a mailbox)."""

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Moment)


class Session(SQLModel, table=True):
    """A browser that is signed in, by the SHA-256 of what its cookie holds.

    `signed_at` is the last signature made in it: within a pause from it the next one needs no new proof.
    """

    token_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    method: str
    address: str = ""
    agent: str = ""
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    signed_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiToken(Identified, table=True):
    """A program's way in, by the SHA-256 of the token. `scope` is `read` or `write`."""

    __tablename__ = "api_token"

    token_hash: str = Field(unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    label: str
    scope: str
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class OneTimeLink(SQLModel, table=True):
    """A link that lets a person set a password once; `purpose` is `welcome` or `reset`."""

    __tablename__ = "one_time_link"

    token_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    purpose: str
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Attempts(SQLModel, table=True):
    """How often signing in has failed since when, under a name (`account:…`, `address:…`)."""

    name: str = Field(primary_key=True)
    failures: int = 0
    since: datetime = Field(sa_type=Moment)
    blocked_until: datetime | None = Field(default=None, sa_type=Moment)


class Challenge(SQLModel, table=True):
    """What we asked and wait to be answered: a passkey's challenge, an identity provider's state, a second factor."""

    token_hash: str = Field(primary_key=True)
    purpose: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    expires_at: datetime = Field(sa_type=Moment, index=True)
