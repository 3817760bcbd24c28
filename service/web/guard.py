"""Around every request: only for names of ours, nothing that another site made a browser send, no body without end.

Around every answer: browsers are told what our pages never do, and that nobody keeps them.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import Settings
from service.web.api.refusals import FromElsewhere, Misdirected, Unclear
from service.web.refused import for_programs, problem_answer
from service.web.site import language_of
from states.refusals import NotFound, Refusal

HEADERS: Final = {
    # 'self' for scripts: a passkey needs one. Nothing inline, nothing from elsewhere, nothing evaluated.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cache-Control": "no-store",
}
_HSTS: Final = "max-age=31536000; includeSubDomains"
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


class Guard:
    """Plain ASGI: Starlette's middleware for functions starts a task for each request, which a decision would feel."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._secure = settings.address.startswith("https://")
        self._names = names_of(settings)
        told = {**HEADERS, **({"Strict-Transport-Security": _HSTS} if self._secure else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it is meant for somebody else, or another site sent it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        coming = _has_body(scope)

        async def hear() -> Message:
            nonlocal coming
            message = await receive()
            coming = coming and message.get("more_body", False)
            return message

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                if coming:
                    # Who answers before all has come wants no more of it: else the server goes on taking it.
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
                said = {name.lower() for name, _ in message["headers"]}
                if b"content-security-policy" in said and b"x-frame-options" not in said:
                    # Who has a policy of their own says in it by whom they may be framed.
                    said.add(b"x-frame-options")
                message["headers"] = [*message["headers"], *(one for one in self._headers if one[0] not in said)]
            await send(message)

        refusal = self._refuses(scope)
        if refusal is None:
            await self.app(scope, hear, tell)
        else:
            await _refused(Request(scope), refusal)(scope, receive, tell)

    def _refuses(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("Host")
        if len(hosts) != 1 or not scope["path"].startswith("/"):
            return Unclear()
        if hosts[0].lower() not in self._names:
            return Misdirected()
        if _CONTROL.search(scope["path"]):
            return NotFound()
        if scope["method"] not in _SAFE and self._from_elsewhere(headers, hosts[0].lower()):
            return FromElsewhere()
        return None

    def _from_elsewhere(self, headers: Mapping[str, str], host: str) -> bool:
        """Whether a browser sent it from another site, or does not say from where (docs/decisions/forms.md)."""
        site, origin = headers.get("Sec-Fetch-Site", ""), headers.get("Origin", "")
        if site and site not in ("same-origin", "none"):
            return True
        if origin:
            scheme, _, name = origin.lower().partition("://")
            schemes = ("https",) if self._secure and host.rpartition(":")[0] not in _LOOPBACK else ("http", "https")
            return name != host or scheme not in schemes
        return not site and "cookie" in headers


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and told != b"0") for name, told in scope["headers"]
    )


def names_of(settings: Settings) -> frozenset[str]:
    """The values of Host that mean this Sapat: of its address, of this machine, and those of `hosts`."""
    address = urlsplit(settings.address)
    own = address.netloc.rpartition("@")[2]
    more = (name.strip() for name in settings.hosts.split(","))
    local = (f"{name}:{settings.port}" for name in _LOOPBACK)
    # Browsers leave the usual port away.
    usual = ":443" if address.scheme == "https" else ":80"
    names = {name.lower() for name in (own, *local, *more) if name}
    return frozenset(names | {name.removesuffix(usual) for name in names})


def _refused(request: Request, refusal: Refusal) -> Response:
    if for_programs(request):
        return problem_answer(refusal, language_of(request))
    return PlainTextResponse(f"{refusal.says}\n", refusal.status)
