"""How each chore fared: what the doctor shows, and what decides when to try again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from workflows.chores import NAMES, Chores, Swept, off_loop

log = structlog.get_logger(__name__)


@dataclass
class Record:
    """One chore since the process began; moments are those of the chores' clock."""

    begun: int = 0
    failures: int = 0  # in a row
    last: datetime | None = None
    last_ok: datetime | None = None
    error: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    def shown(self) -> dict[str, object]:
        """As plain values, moments in ISO 8601."""
        return {
            "runs": self.begun,
            "failures": self.failures,
            "last": self.last.isoformat() if self.last else None,
            "ok": self.last_ok.isoformat() if self.last_ok else None,
            "error": self.error,
            "counts": dict(self.counts),
        }


class Watched:
    """The chores, with a record kept of each, whether a flow runs them or they are run without Prefect."""

    def __init__(self, chores: Chores) -> None:
        self.records = {name: Record() for name in NAMES}
        self._inner = chores
        self.chores = Chores(
            deliver=self._deliver,
            sweep=self._sweep,
            publish=partial(self._counted, "publish", chores.publish),
            collect=partial(self._counted, "collect", chores.collect),
            daily=partial(self._counted, "daily", chores.daily),
            clock=chores.clock,
        )

    async def _deliver(self, at: datetime) -> Mapping[str, int]:
        self._begin("deliver")
        try:
            counts = await self._inner.deliver(at)
        except Exception as error:
            self._failed("deliver", error)
            raise
        self._ended("deliver", counts)
        return counts

    def _sweep(self, at: datetime) -> Swept:
        self._begin("sweep")
        try:
            swept = self._inner.sweep(at)
        except Exception as error:
            self._failed("sweep", error)
            raise
        self._ended("sweep", swept.counts)
        return swept

    def _counted(self, name: str, chore: Callable[[datetime], Mapping[str, int]], at: datetime) -> Mapping[str, int]:
        self._begin(name)
        try:
            counts = chore(at)
        except Exception as error:
            self._failed(name, error)
            raise
        self._ended(name, counts)
        return counts

    def _begin(self, name: str) -> None:
        record = self.records[name]
        record.begun += 1
        record.last = self._inner.clock()

    def _failed(self, name: str, error: Exception) -> None:
        record = self.records[name]
        record.failures += 1
        record.error = f"{type(error).__name__}: {error}"
        log.error("chore_failed", chore=name, in_a_row=record.failures, exc_info=error)

    def _ended(self, name: str, counts: Mapping[str, int]) -> None:
        record = self.records[name]
        record.failures, record.error, record.counts = 0, "", counts
        record.last_ok = self._inner.clock()

    async def directly(self, name: str, at: datetime) -> None:
        """Run one chore without Prefect. Raises what it raises."""
        if name == "deliver":
            await self.chores.deliver(at)
        else:
            await off_loop(partial(getattr(self.chores, name), at))
