"""The dispatcher with no Prefect: the chores do not need one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.workflows.conftest import QUICK, Fakes, until
from workflows.chores import Chores, in_words
from workflows.dispatcher import Dispatcher
from workflows.rhythm import Rhythm, day_of

Alone = tuple[Fakes, Dispatcher]


class TestWhatIsDue:
    def test_is_delivered_when_nudged(self, alone: Alone) -> None:
        fakes, dispatcher = alone
        fakes.outbox = 2
        dispatcher.nudge()
        until(lambda: fakes.outbox == 0)
        until(lambda: dispatcher.status()["chores"]["deliver"]["counts"])
        assert dispatcher.status()["chores"]["deliver"]["counts"]["sent"] == 2

    def test_is_delivered_when_nobody_nudges(self, alone: Alone) -> None:
        fakes, _ = alone
        fakes.outbox = 2
        until(lambda: fakes.outbox == 0)

    def test_is_swept(self, alone: Alone) -> None:
        fakes, _ = alone
        fakes.overdue = True
        until(lambda: fakes.times("sweep") == 1)

    def test_is_published_when_nudged_and_when_nobody_nudges(self, alone: Alone) -> None:
        fakes, dispatcher = alone
        fakes.unmade = 3
        until(lambda: fakes.times("publish") >= 1 and fakes.unmade == 0)
        fakes.unmade = 2
        dispatcher.nudge()
        until(lambda: fakes.unmade == 0)
        assert dispatcher.status()["chores"]["publish"]["counts"] in ({"controlled_made": 3}, {"controlled_made": 2})

    def test_is_begun_once_a_day(self, alone: Alone) -> None:
        fakes, _ = alone
        until(lambda: fakes.times("daily") == 1)
        fakes.now = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)  # 00:04 in Bishkek
        fakes.outbox = 1
        until(lambda: fakes.outbox == 0)
        assert fakes.times("daily") == 1
        fakes.now = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)
        until(lambda: fakes.times("daily") == 2)

    def test_costs_no_run_where_nothing_is_due(self, alone: Alone) -> None:
        fakes, _ = alone
        until(lambda: fakes.times("daily") == 1)
        assert fakes.times("deliver") == fakes.times("sweep") == 0


class TestAChoreThatRaises:
    @pytest.mark.parametrize("name", ["deliver", "sweep", "daily"])
    def test_is_tried_again(self, alone: Alone, name: str) -> None:
        fakes, dispatcher = alone
        until(lambda: fakes.times("daily") == 1)
        fakes.breaks = {name}
        fakes.outbox, fakes.overdue = 1, True
        fakes.now = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
        until(lambda: dispatcher.status()["chores"][name]["failures"] >= 2 or fakes.times(name) >= 3)
        fakes.breaks = set()
        fakes.outbox, fakes.overdue = 1, True
        until(lambda: dispatcher.status()["chores"][name]["failures"] == 0)
        assert dispatcher.status()["running"]

    def test_holds_up_no_other(self, alone: Alone) -> None:
        fakes, _ = alone
        fakes.breaks = {"daily", "sweep"}
        fakes.overdue = True
        fakes.outbox = 1
        until(lambda: fakes.outbox == 0)


class TestStopping:
    def test_ends_its_thread_although_a_chore_is_stuck(self) -> None:
        import threading

        let_go = threading.Event()
        begun = threading.Event()
        fakes = Fakes()

        def stuck(at: datetime) -> dict[str, int]:
            begun.set()
            let_go.wait(30)
            return {}

        chores = Chores(deliver=fakes.deliver, sweep=fakes.sweep, daily=stuck, clock=lambda: fakes.now)
        dispatcher = Dispatcher(chores, pending=lambda now: False, sweep_due=lambda now: False, rhythm=QUICK)
        dispatcher.start()
        assert begun.wait(30)
        assert dispatcher.stop(30)
        let_go.set()

    def test_takes_nudges_before_and_after(self) -> None:
        fakes = Fakes()
        dispatcher = Dispatcher(fakes.chores(), pending=lambda now: False, sweep_due=lambda now: False, rhythm=QUICK)
        dispatcher.nudge()
        dispatcher.start()
        assert dispatcher.stop(30)
        dispatcher.nudge()
        assert dispatcher.status()["prefect"]["state"] == "off"


class TestTheRhythm:
    def test_doubles_its_wait_up_to_a_limit(self) -> None:
        assert [Rhythm().wait(n, 5.0) for n in (1, 2, 3, 50)] == [5.0, 10.0, 20.0, 300.0]

    def test_begins_the_day_five_minutes_after_midnight_in_bishkek(self) -> None:
        assert day_of(datetime(2026, 11, 21, 18, 4, tzinfo=UTC)) == date(2026, 11, 21)
        assert day_of(datetime(2026, 11, 21, 18, 5, tzinfo=UTC)) == date(2026, 11, 22)

    def test_says_counts_in_words(self) -> None:
        assert in_words({"sent": 3, "failed": 0}) == "sent 3, failed 0"
        assert in_words({}) == "nothing to do"
