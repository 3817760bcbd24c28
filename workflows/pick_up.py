"""Runs what somebody asked Prefect for, in its UI or by a deployment's name, here in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from workflows.supervisor import Supervisor

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

    from workflows.deployments import Deployments

log = structlog.get_logger(__name__)


class PickUp:
    """Looks for runs that were asked for: at once when told, else every `poll` seconds. Lives on one loop.

    `locks`: one for each chore; a run asked for waits until the dispatcher's own has ended.
    """

    def __init__(self, supervisor: Supervisor, locks: Mapping[str, asyncio.Lock], poll: float) -> None:
        self._supervisor = supervisor
        self._locks = locks
        self._poll = poll
        self._told = asyncio.Event()
        self._taken: dict[UUID, asyncio.Task[None]] = {}

    def look(self) -> None:
        """A run was asked for: look now. On the loop only."""
        self._told.set()

    async def keep(self) -> None:
        """Look until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), self._poll)
            self._told.clear()
            if deployments := self._supervisor.usable():
                try:
                    await self._take(deployments)
                except Exception as error:  # noqa: BLE001  Prefect's trouble; its runs keep until it is back
                    log.warning("prefect_runs_unread", why=f"{type(error).__name__}: {error}")
                    self._supervisor.doubt()

    async def _take(self, deployments: Deployments) -> None:
        for run in await deployments.asked_for():
            if run.id not in self._taken:
                self._taken[run.id] = asyncio.create_task(self._execute(deployments, run))

    async def _execute(self, deployments: Deployments, run: FlowRun) -> None:
        name = deployments.name_of(run)
        try:
            async with self._locks[name]:
                await deployments.execute(name, run)
        except Exception as error:  # noqa: BLE001  what the chore raised is on the run; this is Prefect's trouble
            log.warning("prefect_run_failed", chore=name, why=f"{type(error).__name__}: {error}")
            self._supervisor.doubt()
        finally:
            del self._taken[run.id]
