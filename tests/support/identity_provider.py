"""An identity provider on loopback: OpenID Connect with PKCE as it must be, and every way in which it may misbehave."""

import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from socket import create_server
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode

import uvicorn
from joserfc import jwk, jws
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "sapat", "s3cret: ключ"
REDIRECT = "http://sapat.test/oidc/callback"


@cache
def rsa_key(kid: str, owner: str = "provider") -> jwk.Key:
    """A key of the owner's; made once, for it takes long."""
    return jwk.RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class IdentityProvider:
    """Whoever comes is `claims`: nobody has to type a password here. The other fields are what it does wrong."""

    issuer: str
    clock: Callable[[], datetime]
    claims: dict[str, Any] = field(default_factory=dict)
    key: jwk.Key = field(default_factory=lambda: rsa_key("one"))
    # What it publishes, where that is not the key it signs with; and what it adds to the header of its tokens.
    published: list[jwk.Key] | None = None
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    # Claims that replace the right ones; None takes one away.
    wrong: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    # The whole answer at a path, instead of the right one.
    instead: dict[str, Response] = field(default_factory=dict)
    in_answer: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Its four addresses."""

        def at(path: str, answer: Callable[[Request], Any], method: str = "GET") -> Route:
            async def ask(request: Request) -> Response:
                self.asked.append(path)
                found: Response = self.instead.get(path) or await answer(request)
                return found

            return Route(path, ask, methods=[method])

        return Starlette(
            routes=[
                at("/.well-known/openid-configuration", self._discovery),
                at("/keys", self._keys),
                at("/authorize", self._authorize),
                at("/token", self._token, "POST"),
            ]
        )

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
        )

    async def _keys(self, _: Request) -> Response:
        published = [self.key] if self.published is None else self.published
        return JSONResponse({"keys": [key.as_dict(private=False) for key in published]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        fits = (
            asked.get("client_id") == CLIENT
            and asked.get("redirect_uri") == REDIRECT
            and asked.get("response_type") == "code"
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
        )
        if not fits:
            return JSONResponse({"error": "invalid_request"}, 400)
        code = token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer, **self.in_answer}
        return RedirectResponse(f"{REDIRECT}?{urlencode(answer)}", 303)

    async def _token(self, request: Request) -> Response:
        told = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.tokens.append({**told, "authorization": request.headers.get("Authorization", "")})
        if not _is_client(request, told):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(told.get("code", ""), None)  # a code serves once
        challenge = urlsafe_b64encode(sha256(told.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or told.get("grant_type") != "authorization_code"
            or told.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.id_token(asked["nonce"])
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def id_token(self, nonce: str) -> str:
        """Who has come, signed."""
        now = int(self.clock().timestamp())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in {**right, **self.claims, **self.wrong}.items() if value is not None}
        header = {"alg": self.algorithm, "typ": "JWT", "kid": self.key.kid, **self.header}
        signed = f"{_encoded(header)}.{_encoded(claims)}"
        # By hand: a library would not sign what must not be signed.
        by = jws.JWSRegistry.algorithms[self.algorithm]
        signature = b"" if self.algorithm == "none" else by.sign(signed.encode(), self.key)
        return f"{signed}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _is_client(request: Request, told: dict[str, str]) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = b64decode(given).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)
    return (told.get("client_id"), told.get("client_secret")) == (CLIENT, SECRET)


@contextmanager
def identity_provider(clock: Callable[[], datetime]) -> Iterator[IdentityProvider]:
    """A provider that answers until the end of the block."""
    with create_server(("127.0.0.1", 0)) as free:
        provider = IdentityProvider(f"http://127.0.0.1:{free.getsockname()[1]}", clock)
        server = uvicorn.Server(uvicorn.Config(provider.app(), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < until, "the identity provider does not start"
            time.sleep(0.01)
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join(10)
