"""One line to the embedded Prefect, kept open for all runs."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

from prefect.client.orchestration import PrefectClient
from prefect.context import AsyncClientContext, SettingsContext, SyncClientContext, get_settings_context
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY

T = TypeVar("T")


class Line:
    """Prefect's clients in a context of their own, in which the runs are made.

    Left to itself a run opens four clients, each reading the certificate authorities anew (34 ms for a plain loopback
    connection), and a thread for heartbeats, which nobody listens to here.
    """

    def __init__(self) -> None:
        self._context = contextvars.copy_context()
        self._entered = contextlib.AsyncExitStack()  # never left: the line ends with its Prefect

    async def open(self) -> None:
        """Connect. Raises when Prefect does not answer."""
        await asyncio.create_task(self._enter(), context=self._context)

    async def _enter(self) -> None:
        outer = get_settings_context()
        quiet = outer.settings.copy_with_update(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})
        self._entered.enter_context(SettingsContext(profile=outer.profile, settings=quiet))
        self._entered.enter_context(SyncClientContext())
        await self._entered.enter_async_context(AsyncClientContext())

    @property
    def client(self) -> PrefectClient:
        """Prefect's client; to be used on the loop the line was opened on."""
        return self._context[AsyncClientContext.__var__].client

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something of Prefect's in this context; several at a time do not disturb each other."""
        return await asyncio.create_task(work, context=self._context.copy())
