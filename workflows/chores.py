"""What Sapat does by itself, as the flows see it: a few callables that take a moment."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

NAMES: Final = ("deliver", "sweep", "publish", "collect", "daily")
T = TypeVar("T")


class Swept(Protocol):
    """What a sweep did: how many of what, and what it told whom."""

    @property
    def counts(self) -> Mapping[str, int]:
        """What was done, by kind: `{"reminded": 12, "escalated": 2}`."""

    @property
    def rows(self) -> list[dict[str, str]]:
        """One row for each notice, the same columns in all."""


@dataclass(frozen=True)
class Chores:
    """The use-cases that run by themselves. Each takes an aware moment and may be run again with no harm."""

    deliver: Callable[[datetime], Awaitable[Mapping[str, int]]]
    sweep: Callable[[datetime], Swept]
    daily: Callable[[datetime], Mapping[str, int]]
    clock: Callable[[], datetime]
    collect: Callable[[datetime], Mapping[str, int]] = lambda _: {}
    publish: Callable[[datetime], Mapping[str, int]] = lambda _: {}


_in_use: list[Chores] = []


def use(chores: Chores) -> None:
    """Say which chores the flows of this process run: a flow's parameters are stored, and callables cannot be."""
    _in_use[:] = [chores]


def in_use() -> Chores:
    """The chores of this process. Raises LookupError when nobody called `use`."""
    if not _in_use:
        raise LookupError("no chores: call workflows.chores.use(...) before a flow runs")
    return _in_use[0]


def in_words(counts: Mapping[str, int]) -> str:
    """`{"sent": 3, "failed": 0}` → `sent 3, failed 0`."""
    return ", ".join(f"{what} {n}" for what, n in counts.items()) or "nothing to do"


async def off_loop(call: Callable[[], T]) -> T:
    """Await a blocking call in a thread of its own.

    Not `asyncio.to_thread`: the interpreter joins an executor's threads at exit, so one call stuck in a database would
    keep the process from ending. A daemon thread may be left behind, because all truth is in a transaction.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # None only where T allows it

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = context.run(call)
        except BaseException as raised:  # noqa: BLE001  handed on to whoever awaits
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="sapat-chore", daemon=True).start()
    return await done
