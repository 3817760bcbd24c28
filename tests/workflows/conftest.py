"""One real Prefect for the whole session, with a dispatcher over fakes of the use-cases."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from workflows.chores import NAMES, Chores
from workflows.dispatcher import Dispatcher
from workflows.embedded import EmbeddedPrefect
from workflows.rhythm import Rhythm

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 09:00 in Bishkek
SOON = 60.0  # seconds; the longest any condition is waited for
FIRST_START = 180.0  # it makes the database: 10 s on an idle machine, 65 and more where every core has four to serve
QUICK = Rhythm(
    deliver=0.5,
    gap=0.05,
    sweep=0.2,
    publish=0.5,
    daily=0.2,
    poll=5.0,
    patience=FIRST_START,
    start=FIRST_START,
    health=0.5,
    first_wait=0.2,
    chore_wait=0.2,
    longest_wait=1.0,
)


@dataclass
class Swept:
    counts: Mapping[str, int] = field(default_factory=lambda: {"reminded": 1, "escalated": 1})
    rows: list[dict[str, str]] = field(default_factory=lambda: [{"told": "head of department", "of": "D-17 rev. 2"}])


@dataclass
class Fakes:
    """The use-cases, counted; `outbox` and `overdue` say what is due, `breaks` which of them raise."""

    now: datetime = NOON
    outbox: int = 0
    overdue: bool = False
    unmade: int = 0
    breaks: set[str] = field(default_factory=set)
    swept: Swept = field(default_factory=Swept)
    moments: dict[str, list[datetime]] = field(default_factory=lambda: {name: [] for name in NAMES})

    def chores(self) -> Chores:
        return Chores(
            deliver=self.deliver,
            sweep=self.sweep,
            publish=self.publish,
            collect=self.collect,
            daily=self.daily,
            clock=lambda: self.now,
        )

    async def deliver(self, at: datetime) -> Mapping[str, int]:
        self._note("deliver", at)
        sent, self.outbox = self.outbox, 0
        return {"sent": sent, "failed": 0, "waiting": 0}

    def sweep(self, at: datetime) -> Swept:
        self._note("sweep", at)
        self.overdue = False
        return self.swept

    def publish(self, at: datetime) -> Mapping[str, int]:
        self._note("publish", at)
        made, self.unmade = self.unmade, 0
        return {"controlled_made": made}

    def collect(self, at: datetime) -> Mapping[str, int]:
        self._note("collect", at)
        return {"taken": 1}

    def daily(self, at: datetime) -> Mapping[str, int]:
        self._note("daily", at)
        return {"in force": 2, "reviews opened": 1}

    def times(self, name: str) -> int:
        return len(self.moments[name])

    def _note(self, name: str, at: datetime) -> None:
        self.moments[name].append(at)
        if name in self.breaks:
            raise ConnectionError("the mail server is away")


def until(condition: Callable[[], Any], seconds: float = SOON) -> Any:
    """Wait for something to become true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
    return found


@dataclass
class Running:
    """A dispatcher that has a Prefect, and Prefect's API as any other program sees it."""

    fakes: Fakes
    prefect: EmbeddedPrefect
    dispatcher: Dispatcher

    def ask(self, path: str, body: object) -> Any:
        """POST to Prefect's API; returns the JSON of the answer."""
        request = urllib.request.Request(  # noqa: S310  our own server
            f"{self.prefect.url}/api{path}", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - an address of our own
            return json.load(answer)

    def runs(self, name: str, state: str) -> list[dict[str, Any]]:
        """The runs of a flow in a state, the newest first."""
        found: list[dict[str, Any]] = self.ask(
            "/flow_runs/filter",
            {
                "flows": {"name": {"any_": [name]}},
                "flow_runs": {"state": {"type": {"any_": [state]}}},
                "sort": "START_TIME_DESC",
            },
        )
        return found

    def state(self) -> str:
        return str(self.dispatcher.status()["prefect"]["state"])


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    fakes = Fakes()
    home: Path = tmp_path_factory.mktemp("prefect")
    prefect = EmbeddedPrefect(home)
    dispatcher = Dispatcher(
        fakes.chores(),
        pending=lambda now: fakes.outbox > 0,
        sweep_due=lambda now: fakes.overdue,
        publish_due=lambda now: fakes.unmade > 0,
        prefect=prefect,
        rhythm=QUICK,
    )
    dispatcher.start()
    yield Running(fakes, prefect, dispatcher)
    assert dispatcher.stop(20)


@pytest.fixture
def running(_started: Running) -> Iterator[Running]:
    """The session's Prefect, ready, with nothing due."""
    until(lambda: _started.state() == "ready", FIRST_START)
    yield _started
    _started.fakes.breaks.clear()
    _started.fakes.swept = Swept()
    _started.fakes.outbox, _started.fakes.overdue, _started.fakes.now = 0, False, NOON


@pytest.fixture
def alone() -> Iterator[tuple[Fakes, Dispatcher]]:
    """A dispatcher that has no Prefect."""
    fakes = Fakes()
    dispatcher = Dispatcher(
        fakes.chores(),
        pending=lambda now: fakes.outbox > 0,
        sweep_due=lambda now: fakes.overdue,
        publish_due=lambda now: fakes.unmade > 0,
        rhythm=QUICK,
    )
    dispatcher.start()
    yield fakes, dispatcher
    assert dispatcher.stop()
