"""What an ID token must fulfil before anything in it is believed (OpenID Connect Core 3.1.3.7)."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from joserfc import jwk, jws, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from service.accounts.oidc import Client, Proven
from service.accounts.provider_refusals import ProviderRefused

# By public keys only: neither `none` nor what a shared secret could sign.
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
KINDS: Final = ("RSA", "EC", "OKP")
# Seconds by which clocks may differ.
LEEWAY: Final = 60
MOST_KEYS: Final = 50
# OpenID Connect Core 2: a subject is at most 255 characters.
LONGEST: Final = 255


class UnknownKeyError(Exception):
    """The token was signed by a key that is not among these: the provider may have changed its keys."""


def keys_of(document: dict[str, Any]) -> jwk.KeySet:
    """The keys of a JWK set that can be used; others are passed over. Raises ValueError where it is no such set."""
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("not a set of keys")
    keys: list[jwk.Key] = []
    for one in listed:
        if isinstance(one, dict) and one.get("kty") in KINDS:
            with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
                keys.append(jwk.import_key(one))
    return jwk.KeySet(keys)


def read_id_token(token: str, keys: jwk.KeySet, client: Client, nonce: str, now: datetime) -> Proven:
    """Who the token is about, once all of it holds. Raises ProviderRefused, UnknownKeyError."""
    claims: dict[str, Any]
    try:
        registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        claims = jwt.decode(token, keys, registry=registry).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProviderRefused(provider=client.label) from error
    # Where a token is for several, it must have been given out for us.
    given_to, audience = claims.get("azp"), claims["aud"]
    if given_to != client.client_id and (given_to is not None or (isinstance(audience, list) and len(audience) > 1)):
        raise ProviderRefused(provider=client.label)
    subject, email = claims["sub"], claims.get("email")
    if not subject or len(subject) > LONGEST or not subject.isprintable():
        raise ProviderRefused(provider=client.label)
    confirmed = claims.get("email_verified") is True and isinstance(email, str) and email.isprintable()
    return Proven(client.issuer, subject, str(email).strip()[:LONGEST] if confirmed else "")
