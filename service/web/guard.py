"""Around every answer: what another site makes a browser send is refused, and browsers are told what pages never do."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web.api.refusals import FromElsewhere
from service.web.refused import for_programs, problem_answer
from service.web.site import language_of

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Plain ASGI: Starlette's middleware for functions starts a task for each request, which a decision would feel."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless another site sent it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _from_elsewhere(Headers(scope=scope)):
            await _refusal(Request(scope))(scope, receive, tell)
            return
        await self.app(scope, receive, tell)


def _from_elsewhere(headers: Headers) -> bool:
    fetch_site = headers.get("Sec-Fetch-Site")
    if fetch_site:
        return fetch_site not in ("same-origin", "none")
    origin = headers.get("Origin", "")
    return bool(origin) and origin.partition("://")[2] != headers.get("Host")


def _refusal(request: Request) -> Response:
    if for_programs(request):
        return problem_answer(FromElsewhere(), language_of(request))
    return Response("This was sent from another site.", 403, media_type="text/plain")
