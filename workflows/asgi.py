"""What stands before Prefect's own application: who may talk to it, and whom its page may talk to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Prefect's application, kept at home.

    - A request with another Host is refused: a page elsewhere may resolve its own name to 127.0.0.1.
    - A Content-Security-Policy keeps the UI from calling other hosts. Its bundle starts Amplitude's client, which asks
      for a configuration, before it has read that analytics are off.
    - `on_run()` is called after a run was asked for, so that nobody has to poll for it.
    """

    def __init__(self, app: App, port: int, on_run: Callable[[], None]) -> None:
        self._app = app
        self._on_run = on_run
        self._hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}
        own = f"'self' http://127.0.0.1:{port} ws://127.0.0.1:{port} ws://localhost:{port}"
        self._policy = (
            "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
            "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; frame-ancestors 'self'; "
            f"connect-src {own}"
        ).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI wants it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif dict(scope["headers"]).get(b"host") not in self._hosts:
            await self._refuse(scope, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, lambda message: send(self._told_where(message)))
            if scope["method"] == "POST" and scope["path"].endswith("/create_flow_run"):
                self._on_run()
        else:
            await self._app(scope, receive, send)

    def _told_where(self, message: Message) -> Message:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"content-security-policy", self._policy)]
        return message

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"Not a host of this server.\n"})
