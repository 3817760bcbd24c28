"""Any story: people of one university who do anything at all, and what happens meanwhile."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import ClassVar, Final

import sqlalchemy as sa
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.engine.interfaces import DBAPIConnection

from models.database import Database
from service.daily import whole_day
from service.verifying.database import lines
from service.verifying.verify import verify
from states.working_days import MORNING, moment
from tests.properties.doing import Doing
from tests.properties.happenings import Happenings
from tests.properties.stage import founded
from tests.properties.steering import Steering
from tests.properties.watch import Watch
from tests.support.university import at

BEGIN: Final = at(2026, 3, 2)
SEEDS: Final = st.integers(0, 2**32)
MEANWHILE: Final = (
    *("nothing", "days", "days", "outage", "wake", "wake", "away", "back", "left", "held", "held"),
    *("council", "seated", "policy", "policy", "no_policy", "replan", "replan"),
)
DAY: Final = timedelta(days=1)


class AnyStory(RuleBasedStateMachine):
    """One story; `open_database` is set before it is told. `done` counts over all stories."""

    done: ClassVar[Counter[tuple[str, ...]]] = Counter()
    open_database: Callable[[], tuple[Database, Callable[[], object]]]

    def __init__(self) -> None:
        super().__init__()
        self.database, self._close = type(self).open_database()
        if self.database.is_sqlite:  # what is told here is thrown away: nobody waits for the disk
            sa.event.listen(self.database.engine, "connect", _hurry)
        self.university, self.watch = founded(self.database), Watch(self.database)
        chance = Random(0)
        self.people = Doing(self.university, self.watch, chance, BEGIN, steering=Steering(chance))
        self.has_failed = False

    def teardown(self) -> None:
        """In the end nothing has changed unseen, and all that was done can be verified."""
        type(self).done += self.people.done + Counter(
            {(what,): times for what, times in self.watch.climbing.met.items()}
        )
        try:
            if self.has_failed:
                return
            self.watch.everything(self.people.now)
            with self.database.read() as connection:
                report = verify(lines(connection, self.people.now))
            assert report.well, report
        finally:
            self._close()

    @initialize(seed=SEEDS)
    def begins(self, seed: int) -> None:
        """Each story has a taste of its own."""
        self.people.steering = Steering(Random(seed))

    @rule(meanwhile=st.sampled_from(MEANWHILE), seed=SEEDS, times=st.integers(0, 30))
    def goes_on(self, meanwhile: str, seed: int, times: int) -> None:
        """Something happens meanwhile, then people do something so many times."""
        self.people.random = self.people.steering.random = Random(seed)
        self.has_failed = True  # until it has not
        self.passes(timedelta(seconds=1))
        note(f"{self.people.now:%d.%m.%Y %H:%M:%S} meanwhile: {meanwhile}")
        if meanwhile in ("nothing", "days", "outage", "wake"):
            getattr(self, meanwhile)()
        else:
            self.happens(meanwhile)
        for _ in range(times):
            self.people.something()
        self.has_failed = False

    def passes(self, time: timedelta) -> None:
        """Time goes by."""
        self.people.now += time

    def nothing(self) -> None:
        """Nothing happens."""

    def days(self) -> None:
        """Some days go by as they should: the calendar does its work at night, a sweep is made in the morning."""
        for _ in range(self.people.random.randint(1, 5)):
            self.people.now = moment(self.people.day + DAY)
            self.night()
            self.people.now = moment(self.people.day, MORNING)
            self.morning()

    def outage(self) -> None:
        """Nothing runs for weeks, longer than a ladder is perhaps."""
        self.passes(self.people.random.randint(5, 70) * DAY)
        for work in self.people.random.sample((self.night, self.morning), 2):
            self.passes(timedelta(seconds=1))
            work()

    def wake(self) -> None:
        """Time goes by until the calendar has something to do."""
        wakes = [known.row["wake_at"] for known in self.watch.records.values() if known.row["wake_at"]]
        self.people.now = max(self.people.now, min(wakes, default=self.people.now)) + timedelta(seconds=1)
        self.night()

    def night(self) -> None:
        """What is due to be woken is; leavers' tasks are given on; a seal is made."""
        whole_day(self.database, self.people.now)
        self.people.look()
        self.watch.organised(self.people.now)
        self.watch.rested(self.people.now)

    def morning(self) -> None:
        """A sweep."""
        self.watch.sweeps(self.people.now)

    def happens(self, what: str) -> None:
        """The organisation or its policies change."""
        done = getattr(Happenings(self.university, self.people.now, self.people.random), what)()
        self.people.done[what,] += done
        if what == "replan":
            self.people.done["replanned",] += self.watch.replanned(self.people.now)
        else:
            self.watch.organised(self.people.now)


def _hurry(connection: DBAPIConnection, _entry: object) -> None:
    connection.cursor().execute("PRAGMA synchronous = OFF")
