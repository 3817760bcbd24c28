"""The identity provider over HTTP: what it says of itself, its keys, and a code turned into who somebody is."""

import asyncio
import json
import ssl
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from joserfc.jwk import KeySet

from service.accounts.id_token import UnknownKeyError, keys_of, read_id_token
from service.accounts.oidc import Client, Proven
from service.accounts.provider_refusals import ProviderAway, ProviderRefused, ProviderUnfit
from service.reachable import is_loopback

SCOPE: Final = "openid email"
KEPT: Final = timedelta(hours=1)
# Whoever is away is left alone so long, however many want to sign in.
AWAY_FOR: Final = timedelta(seconds=10)
# New keys are not asked for more often, whatever tokens name.
KEYS_EVERY: Final = timedelta(seconds=30)
# Seconds for one request as a whole, and bytes of one answer.
LONGEST: Final = 5.0
LARGEST: Final = 256 * 1024

_DISCOVERY: Final = "/.well-known/openid-configuration"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    keys: str
    secret_in_body: bool
    names_itself: bool


class Provider:
    """One identity provider. What it says of itself and its keys are kept in memory for an hour."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, KeySet] | None = None
        self._away_since: datetime | None = None

    async def authorization_url(self, state: str, nonce: str, verifier: str, now: datetime) -> str:
        """Where the browser is sent. Raises ProviderAway, ProviderUnfit."""
        metadata = await self._about(now)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(asked)}"

    async def check_sender(self, issuer: str, now: datetime) -> None:
        """Whether the answer says that it is this provider's (RFC 9207). Raises ProviderRefused."""
        metadata = await self._about(now)
        if issuer != self.client.issuer and (issuer or metadata.names_itself):
            raise ProviderRefused(provider=self.client.label)

    async def proven(self, code: str, verifier: str, nonce: str, now: datetime) -> Proven:
        """Who has signed in at the provider. Raises ProviderAway, ProviderUnfit, ProviderRefused."""
        answer = await self._exchange(await self._about(now), code, verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused(provider=self.client.label)
        try:
            return read_id_token(token, await self._key_set(now, KEPT), self.client, nonce, now)
        except UnknownKeyError:
            try:
                return read_id_token(token, await self._key_set(now, KEYS_EVERY), self.client, nonce, now)
            except UnknownKeyError as error:
                raise ProviderRefused(provider=self.client.label) from error

    async def _about(self, now: datetime) -> Metadata:
        if self._metadata is None or now >= self._metadata[0] + KEPT:
            if not self._may_ask(self.client.issuer):
                raise ProviderUnfit(provider=self.client.label)
            if self._away_since and now < self._away_since + AWAY_FOR:
                raise ProviderAway(provider=self.client.label)
            try:
                document = await self._fetch("GET", f"{self.client.issuer.rstrip('/')}{_DISCOVERY}")
            except ProviderAway:
                self._away_since = now
                raise
            self._metadata = now, self._read_metadata(document)
        return self._metadata[1]

    def _read_metadata(self, document: dict[str, Any]) -> Metadata:
        authorization, token, keys = (document.get(name) for name in _ENDPOINTS)
        if document.get("issuer") != self.client.issuer or not all(map(self._may_ask, (authorization, token, keys))):
            raise ProviderUnfit(provider=self.client.label)
        methods = document.get("token_endpoint_auth_methods_supported")
        in_body = isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods
        names_itself = document.get("authorization_response_iss_parameter_supported") is True
        return Metadata(str(authorization), str(token), str(keys), in_body, names_itself)

    def _may_ask(self, url: object) -> bool:
        """Whether it is an address whose answers come from the provider: https, or a provider on this machine."""
        try:
            parts = urlsplit(str(url))
            host, own = parts.hostname or "", urlsplit(self.client.issuer)
        except ValueError:
            return False
        near = parts.scheme == own.scheme == "http" and is_loopback(host) and is_loopback(own.hostname or "")
        return bool(host) and "@" not in parts.netloc and not parts.fragment and (parts.scheme == "https" or near)

    async def _key_set(self, now: datetime, kept: timedelta) -> KeySet:
        if self._keys is None or now >= self._keys[0] + kept:
            document = await self._fetch("GET", (await self._about(now)).keys)
            try:
                self._keys = now, keys_of(document)
            except ValueError as error:
                raise ProviderUnfit(provider=self.client.label) from error
        return self._keys[1]

    async def _exchange(self, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
        client = self.client
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect_uri}
        told |= {"client_id": client.client_id, "code_verifier": verifier}
        how: dict[str, Any] = {"data": told}
        if client.secret and metadata.secret_in_body:
            told["client_secret"] = client.secret
        elif client.secret:
            # RFC 6749, 2.3.1: both are encoded as a form's values first.
            how["auth"] = (quote_plus(client.client_id), quote_plus(client.secret))
        return await self._fetch("POST", metadata.token, **how)

    async def _fetch(self, method: str, url: str, **how: Any) -> dict[str, Any]:
        """The JSON object at an address of the provider's; no redirect is followed, no proxy of ours is used."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Sapat"}
        body = bytearray()
        try:
            async with (
                asyncio.timeout(LONGEST),
                httpx.AsyncClient(trust_env=False, verify=_trust()) as http,
                http.stream(method, url, headers=headers, **how) as answer,
            ):
                async for chunk in answer.aiter_raw():
                    body += chunk
                    if len(body) > LARGEST:
                        raise ProviderAway(provider=self.client.label)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ProviderAway(provider=self.client.label) from error
        if method == "POST" and 400 <= answer.status_code < 500:
            raise ProviderRefused(provider=self.client.label)
        try:
            found = json.loads(body) if answer.status_code == 200 else None
        except (ValueError, RecursionError) as error:
            raise ProviderAway(provider=self.client.label) from error
        if not isinstance(found, dict):
            raise ProviderAway(provider=self.client.label)
        return found


@cache
def _trust() -> ssl.SSLContext:
    """The usual authorities, or those of SSL_CERT_FILE."""
    return httpx.create_ssl_context()
