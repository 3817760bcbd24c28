"""Prefect's own server inside Sapat's process, on a loopback port and a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
import uvicorn

from workflows import settings
from workflows.asgi import Guard

log = structlog.get_logger(__name__)


class _Quiet(uvicorn.Config):
    """A second uvicorn in the process must not re-configure the loggers of the first."""

    def configure_logging(self) -> None:
        """Leave the loggers as they are."""


async def _settle(let_go: Callable[[], Awaitable[None]]) -> None:
    """End what was cut off, and let go of the database, which an open transaction would keep locked."""
    await _cancel_others(0.5)  # the most close their connections on their way out
    await let_go()
    for _ in range(4):  # some have to be told again: asyncio.run, which tells once, would wait for them for ever
        await _cancel_others(0.25)


async def _cancel_others(wait: float) -> None:
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=wait)


class EmbeddedPrefect:
    """Prefect's API and UI at `url`, e.g. http://127.0.0.1:4200. Prefect is imported in the thread, after `start()`.

    `home`: Prefect's folder (database, UI files); `port`: 0 for a free one, which is then kept over restarts, because
    Prefect's client remembers the address. `on_run` and `on_end` are called from the thread, when somebody has asked
    for a run, and when the server has ended for whatever reason.
    """

    def __init__(
        self,
        home: Path,
        port: int = 0,
        *,
        on_run: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.home = home
        self.port = port
        self.on_run = on_run
        self.on_end = on_end
        self.error = ""
        self._stopping = False
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the UI is; the API is at `/api` below it. Known from `start()` on."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Take the port and begin to start; returns at once.

        Raises OSError when the port is taken or the folder cannot be written, and RuntimeError when the server that was
        stopped has not ended: waiting for that one to be ready would be in vain.
        """
        if self.alive():
            if self._stopping:
                raise RuntimeError("the server before has not ended")
            return
        # TCP by name: of a socket that only implies it, asyncio leaves Nagle's algorithm on, 40 ms for each answer.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", self.port))
        except OSError:
            self._socket.close()
            raise
        self.port = self._socket.getsockname()[1]
        self._prepare()
        self.error = ""
        self._server = self._loop = self._main = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, args=(self._socket,), name="prefect-server", daemon=True)
        self._thread.start()

    def _prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        # Prefect pickles what a failed run raised; nobody reads it and nothing prunes it.
        shutil.rmtree(self.home / "storage", ignore_errors=True)
        for name, value in settings.preferred().items():
            os.environ.setdefault(name, value)
        os.environ.update(settings.fixed(self.home, self.port))
        if "prefect" in sys.modules:  # somebody imported it before; it has read the environment then, and only then
            from prefect.context import refresh_global_settings_context

            refresh_global_settings_context()

    def _run(self, bound: socket.socket) -> None:
        try:
            asyncio.run(self._serve(bound))
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001  whatever ended Prefect, Sapat goes on
            self.error = f"{type(error).__name__}: {error}"
        finally:
            bound.close()
            self.on_end()

    async def _serve(self, bound: socket.socket) -> None:
        from prefect.server.api.server import create_app

        from workflows.connections import Connections
        from workflows.immediate import begin_immediately

        begin_immediately()
        # Not from the cache: an application that has run once does not start its services again.
        app = Guard(create_app(ignore_cache=True), self.port, lambda: self.on_run())
        self._loop = asyncio.get_running_loop()
        self._server = uvicorn.Server(_Quiet(app, lifespan="on", timeout_graceful_shutdown=1))
        if self._stopping:  # told to while it was being imported
            return
        self._main = asyncio.current_task()
        connections = Connections()
        try:
            await self._server.serve(sockets=[bound])
        finally:
            self._main = None  # cut off once is enough: a second time it would be the settling
            await _settle(connections.let_go)

    def alive(self) -> bool:
        """Whether the server's thread runs, ready or not."""
        return self._thread is not None and self._thread.is_alive()

    def ready(self) -> bool:
        """Whether it answers requests, as far as known without asking."""
        return self.alive() and self._server is not None and self._server.started and not self._server.should_exit

    def wait(self, timeout: float) -> bool:
        """Wait until it is ready, or has ended, or `timeout` seconds are over; says whether it is ready."""
        deadline = time.monotonic() + timeout
        while not self.ready() and self.alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.ready()

    def health(self, timeout: float = 3.0) -> bool:
        """Ask it, blocking for `timeout` seconds at most: whether it answers and reaches its database."""
        if not self.ready():
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", "/api/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self, timeout: float = 2.0) -> bool:
        """Ask it to end; after `timeout` seconds take the port away from it. Says whether the thread has ended."""
        self._stopping = True
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)
        if self.alive():
            self.kill()
            log.warning("prefect_left_behind", why="its thread did not end", seconds=timeout)
        return not self.alive()

    def _cut(self) -> None:
        if self._main is not None:
            self._main.cancel()

    def kill(self) -> None:
        """End it at once, as a crash would: no shutdown, connections cut."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # closed in the meantime
                self._loop.call_soon_threadsafe(self._cut)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2.0)
        if self._socket is not None:
            self._socket.close()
