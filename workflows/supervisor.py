"""Keeps the embedded Prefect alive, and says whether it can be used just now."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import time
from typing import TYPE_CHECKING, Literal

import structlog

from workflows.chores import off_loop
from workflows.embedded import EmbeddedPrefect
from workflows.rhythm import Rhythm

if TYPE_CHECKING:  # importing it imports Prefect, which must wait until the settings are there
    from workflows.deployments import Deployments

log = structlog.get_logger(__name__)
State = Literal["starting", "ready", "doubtful", "down"]


class Supervisor:
    """Starts Prefect, asks after its health, starts it again with longer and longer waits. Lives on one loop."""

    def __init__(self, prefect: EmbeddedPrefect, rhythm: Rhythm) -> None:
        self.state: State = "starting"
        self.restarts = 0
        self.error = ""
        self.settled = asyncio.Event()  # its first start has come to something, good or bad
        self._prefect = prefect
        self._rhythm = rhythm
        self._doubt = asyncio.Event()
        self._deployments: Deployments | None = None

    def usable(self) -> Deployments | None:
        """The deployments while Prefect answers, else None: do without it."""
        return self._deployments if self.state == "ready" and self._prefect.ready() else None

    def doubt(self) -> None:
        """Somebody had trouble with Prefect: look after it now. On the loop only."""
        self._doubt.set()

    async def keep(self) -> None:
        """Keep Prefect running until cancelled."""
        failures = 0
        while True:
            begun = time.monotonic()
            why = await self._one_life()
            if why != self.error:  # once, however often it is tried
                log.warning("prefect_down", why=why, chores="go on without it")
            self.state, self.error, self._deployments = "down", why, None
            self.settled.set()
            failures = 1 if time.monotonic() - begun > self._rhythm.steady else failures + 1
            wait = self._rhythm.wait(failures, self._rhythm.first_wait)
            await off_loop(self._prefect.stop)
            await asyncio.sleep(wait)
            self.restarts += 1

    async def _one_life(self) -> str:
        """Start it and watch it to its end; returns why it ended."""
        self.state = "starting"
        try:
            await self._start()
            self.state, self.error = "ready", ""
            self.settled.set()
            log.info("prefect_ready", url=self._prefect.url, restarts=self.restarts)
            return await self._watch()
        except Exception as error:  # noqa: BLE001  whatever is wrong with Prefect, the chores go on without it
            return f"{type(error).__name__}: {error}"

    async def _start(self) -> None:
        await off_loop(self._prefect.start)
        if not await off_loop(lambda: self._prefect.wait(self._rhythm.start)):
            raise RuntimeError(self._prefect.error or f"not ready after {self._rhythm.start:.0f} s")
        await off_loop(lambda: importlib.import_module("workflows.deployments"))
        from workflows.deployments import Deployments

        deployments = Deployments()
        await deployments.open()
        self._deployments = deployments

    async def _watch(self) -> str:
        failures = 0
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), 1.0 if failures else self._rhythm.health)
            self._doubt.clear()
            if not self._prefect.alive():
                return self._prefect.error or "its thread ended"
            failures = 0 if await off_loop(self._prefect.health) else failures + 1
            self.state = "doubtful" if failures else "ready"
            if failures >= self._rhythm.failures:
                return f"no answer {failures} times in a row"
