"""Runs the chores in their rhythm: through Prefect while there is one, directly while there is none."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import structlog

from workflows import chores as registry
from workflows.chores import NAMES, Chores, off_loop
from workflows.embedded import EmbeddedPrefect
from workflows.pick_up import PickUp
from workflows.rhythm import Rhythm, day_of
from workflows.supervisor import Supervisor
from workflows.watch import Watched

log = structlog.get_logger(__name__)
GRACE = 1.2  # seconds a chore that has begun is given when Sapat is stopped


@dataclass
class _Beat:
    name: str
    every: float
    due: Callable[[datetime], bool]
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Dispatcher:
    """The chores on an event loop in a thread of their own.

    `pending(now)`: whether a mail is due; `sweep_due(now)`: whether a task has something to say; `collect_due(now)`:
    whether there is a mailbox to look into; `publish_due(now)`: whether a file is to be made. All are asked often, from
    changing threads, and have to be cheap: where they answer False nothing else happens. `prefect`: None to do without;
    its `on_run` and `on_end` are taken over.
    """

    def __init__(
        self,
        chores: Chores,
        *,
        pending: Callable[[datetime], bool],
        sweep_due: Callable[[datetime], bool],
        collect_due: Callable[[datetime], bool] = lambda _: False,
        publish_due: Callable[[datetime], bool] = lambda _: False,
        prefect: EmbeddedPrefect | None = None,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._rhythm = rhythm or Rhythm()
        self._watched = Watched(chores)
        self._clock = chores.clock
        self._prefect = prefect
        self._supervisor = Supervisor(prefect, self._rhythm) if prefect else None
        self._locks = {name: asyncio.Lock() for name in NAMES}
        self._day_done: date | None = None
        self._deliver = _Beat("deliver", self._rhythm.deliver, pending)
        self._sweep = _Beat("sweep", self._rhythm.sweep, sweep_due)
        self._publish = _Beat("publish", self._rhythm.publish, publish_due)
        self._collect = _Beat("collect", self._rhythm.collect, collect_due)
        self._daily = _Beat("daily", self._rhythm.daily, lambda now: day_of(now) != self._day_done)
        self._pick_up = PickUp(self._supervisor, self._locks, self._rhythm.poll) if self._supervisor else None
        self._nudged = False
        self._ending = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; returns at once, long before Prefect is ready."""
        registry.use(self._watched.chores)
        if self._prefect and self._supervisor and self._pick_up:
            self._prefect.on_end = partial(self._call, self._supervisor.doubt)
            self._prefect.on_run = partial(self._call, self._pick_up.look)
        self._loop = loop = asyncio.new_event_loop()  # here, so that whatever is told from now on is heard
        self._thread = threading.Thread(target=self._run_loop, args=(loop,), name="sapat-dispatcher", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Something was put into the outbox. From any thread, any number of times; costs next to nothing."""
        if not self._nudged:
            self._nudged = True
            self._call(self._wake)

    def stop(self, timeout: float = 3.0) -> bool:
        """End the chores, then Prefect, within `timeout` seconds; says whether both threads have ended."""
        self._call(self._ending.set)
        if self._thread is not None:
            self._thread.join(timeout * 2 / 3)
        prefect_ended = self._prefect.stop(timeout / 3) if self._prefect else True
        return prefect_ended and not (self._thread and self._thread.is_alive())

    def status(self) -> dict[str, Any]:
        """For the doctor: `{"running", "prefect": {state, url, restarts, error}, "chores": {name: Record.shown()}}`."""
        supervisor, prefect = self._supervisor, self._prefect
        return {
            "running": bool(self._thread and self._thread.is_alive()),
            "prefect": {
                "state": supervisor.state if supervisor else "off",
                "url": prefect.url if prefect else "",
                "restarts": supervisor.restarts if supervisor else 0,
                "error": supervisor.error if supervisor else "",
            },
            "chores": {name: record.shown() for name, record in self._watched.records.items()},
        }

    def _wake(self) -> None:
        self._deliver.wake.set()
        self._publish.wake.set()  # what came into force: its file

    def _call(self, callback: Callable[[], object]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nothing left to tell
                self._loop.call_soon_threadsafe(callback)

    def _run_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        beats = (self._deliver, self._sweep, self._publish, self._collect, self._daily)
        tasks = [asyncio.create_task(self._keep(beat)) for beat in beats]
        if self._supervisor and self._pick_up:
            tasks += [asyncio.create_task(self._supervisor.keep()), asyncio.create_task(self._pick_up.keep())]
        await self._ending.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                for lock in self._locks.values():
                    await lock.acquire()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=GRACE / 2)

    async def _keep(self, beat: _Beat) -> None:
        if self._supervisor and beat is not self._deliver:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._supervisor.settled.wait(), self._rhythm.patience)
        failures = 0
        while True:
            beat.wake.clear()
            if beat is self._deliver:
                self._nudged = False
            try:
                done = await self._if_due(beat)
                failures = 0
            except Exception as error:  # noqa: BLE001  no chore may end the loop that would try it again
                failures += 1
                wait = self._rhythm.wait(failures, self._rhythm.chore_wait)
                log.warning("chore_put_off", chore=beat.name, why=str(error), again_in=wait)
                await asyncio.sleep(wait)
                continue
            await asyncio.sleep(min(self._rhythm.gap, beat.every))
            if not (done and self._more(beat)):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(beat.wake.wait(), max(beat.every - self._rhythm.gap, 0))

    def _more(self, beat: _Beat) -> bool:
        """Whether there may be another batch: the one before was not empty."""
        counts = self._watched.records[beat.name].counts
        return bool(counts.get("sent") or counts.get("controlled_made"))

    async def _if_due(self, beat: _Beat) -> bool:
        """Run the chore if it is due; says whether it ran. Raises what the chore raised."""
        now = self._clock()
        if not await off_loop(lambda: beat.due(now)):
            return False
        async with self._locks[beat.name]:
            await self._run(beat.name, now)
        if beat is self._daily:
            self._day_done = day_of(now)
        return True

    async def _run(self, name: str, now: datetime) -> None:
        record = self._watched.records[name]
        begun = record.begun
        if self._supervisor and (deployments := self._supervisor.usable()):
            try:
                await deployments.run(name, now)
            except Exception as error:  # noqa: BLE001  Prefect's trouble; whether the chore was reached is seen below
                log.warning("prefect_run_failed", chore=name, why=f"{type(error).__name__}: {error}")
                self._supervisor.doubt()
            if record.begun > begun:
                if record.error:
                    raise RuntimeError(record.error)
                return
        await self._watched.directly(name, now)
