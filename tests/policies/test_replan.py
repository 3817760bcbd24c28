"""Re-planning: only when somebody asks, after a look; no rung twice, none left out, no burst, nothing that is done."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import tables as t
from service.overtaken import supersede
from service.policies.replan import Preview, preview_replan, replan
from service.policies.scope import Scope
from service.sweep import is_due, sweep
from states.ladders import STANDARD, rung_at, rung_moment
from states.lifecycle import Ladder
from states.refusals import GuardUnmet, NotYours
from states.working_days import due_moment, today
from tests.keeping.keeping import do, log, see, snapshot
from tests.policies.policies import (
    DAY,
    NOW,
    correcting,
    given_ladder,
    ladders,
    make,
    rungs_told,
    scope,
    task_of,
    with_second_campus,
)
from tests.policies.test_dry_run import given_of
from tests.support.dump import dump
from tests.support.university import University, at


def looked(university: University, when: datetime = NOW, of: Scope | None = None, who: str = "quality") -> Preview:
    """What re-planning would change."""
    return see(university, preview_replan, of or scope(), university.as_(who, when), when)


def replanned(university: University, when: datetime = NOW, of: Scope | None = None, who: str = "quality") -> Preview:
    """Look, and re-plan."""
    seen = looked(university, when, of, who).seen
    return do(university, replan, of or scope(), seen, who=who, when=when)


class TestAnOpenTask:
    def test_stays_as_it_is_until_somebody_asks(self, university: University) -> None:
        found = correcting(university, NOW)
        before = task_of(university, found)
        made = make(university, days=2, ladder=given_ladder((-1, "holder"), (2, "rector")))
        assert task_of(university, found) == before
        preview = looked(university)
        assert task_of(university, found) == before
        assert (preview.changing, preview.moved, preview.climbing, preview.at_once) == (1, 1, 1, 0)
        assert preview.due == Counter({(date(2026, 4, 13), date(2026, 4, 8)): 1})
        assert preview.next == Counter({(date(2026, 4, 8), date(2026, 4, 7)): 1})
        replanned(university)
        after = task_of(university, found)
        assert (after["due_at"], after["policy_id"]) == (due_moment(date(2026, 4, 8)), made)
        assert (after["rung"], after["next_notice_at"]) == (0, at(2026, 4, 7, 9))
        kept = {"due_at", "policy_id", "rung", "next_notice_at", "ladder_id"}
        assert {name for name in after if after[name] != before[name]} <= kept
        assert after["original_due_at"] == due_moment(date(2026, 4, 13))
        assert looked(university).changing == 0

    def test_of_a_step_with_a_date_of_its_own_changes_its_ladder_alone(self, university: University) -> None:
        _, action = university.under_way(NOW, date(2026, 4, 20))
        before = task_of(university, action)
        make(university, lifecycle="corrective_action", step="in_progress", ladder=given_ladder((2, "rector")))
        replanned(university, of=scope("in_progress", "corrective_action"))
        after = task_of(university, action)
        assert after["due_at"] == before["due_at"]
        assert after["next_notice_at"] == at(2026, 4, 22, 9)

    def test_goes_back_to_what_is_declared_where_that_holds_again(self, university: University) -> None:
        make(university, days=2, ladder=given_ladder((2, "rector")))
        found = correcting(university, NOW)
        make(university, when=NOW + timedelta(hours=1))
        replanned(university, NOW + timedelta(hours=2))
        assert task_of(university, found)["due_at"] == due_moment(date(2026, 4, 13))
        assert task_of(university, found)["next_notice_at"] == at(2026, 4, 8, 9)

    def test_takes_the_policy_of_its_own_severity(self, university: University) -> None:
        major, minor = correcting(university, NOW), correcting(university, NOW, "minor")
        make(university, days=2, severity="major")
        make(university, days=8)
        replanned(university)
        assert task_of(university, major)["due_at"] == due_moment(date(2026, 4, 8))
        assert task_of(university, minor)["due_at"] == due_moment(date(2026, 4, 16))

    def test_of_another_step_severity_or_lifecycle_is_left_alone(self, university: University) -> None:
        minor = correcting(university, NOW, "minor")
        waiting = university.reported(NOW)
        before = [task_of(university, record) for record in (minor, waiting)]
        make(university, days=2)
        assert replanned(university, of=scope(severity="major")).changing == 0
        assert replanned(university, of=scope("draft", "document")).changing == 0
        assert [task_of(university, record) for record in (minor, waiting)] == before

    def test_that_one_may_not_read_is_left_to_those_who_may(self, university: University) -> None:
        with_second_campus(university)
        found = correcting(university, NOW)
        there = sa.update(t.record).values(campus_id=university.units["CAMPUS2"])
        university.change(there.where(t.record.c.id == found))
        make(university, days=2)
        assert replanned(university).changing == 0
        theirs = Scope(scope().lifecycle, scope().step, campus_id=university.units["CAMPUS2"])
        assert replanned(university, of=theirs, who="quality_2").changing == 1

    def test_that_is_done_meanwhile_is_left_alone(self, university: University) -> None:
        found, other = correcting(university, NOW), correcting(university, NOW)
        make(university, days=2)
        seen = looked(university).seen
        university.go(found, "record_correction", "owner", NOW, correction="x")
        before = university.rows(t.task, t.task.c.record_id == found)
        assert do(university, replan, scope(), seen, who="quality", when=NOW).changing == 1
        assert university.rows(t.task, t.task.c.record_id == found) == before
        assert task_of(university, other)["due_at"] == due_moment(date(2026, 4, 8))

    def test_that_is_being_moved_or_told_is_left_to_the_next_time(self, university: University) -> None:
        if university.database.is_sqlite:
            return  # it has one writer at a time: nothing is being moved while somebody re-plans
        held, free = correcting(university, NOW), correcting(university, NOW)
        make(university, days=2)
        (task,) = university.open_tasks(held)
        with university.database.write() as moving:
            moving.execute(sa.update(t.task).where(t.task.c.id == task["id"]).values(closed_at=NOW, outcome="x"))
            assert replanned(university).changing == 1
            moving.rollback()
        assert task_of(university, free)["due_at"] == due_moment(date(2026, 4, 8))
        assert (looked(university).changing, looked(university).planned) == (1, 1)


class TestWhatIsTold:
    def test_of_a_due_day_that_comes_earlier_is_the_loudest_rung_alone(self, university: University) -> None:
        """Due on 13 April by five days; by two it has been late since the 8th, on the 16th for six days."""
        found = correcting(university, NOW)
        sweep_at(university, at(2026, 4, 8, 9), at(2026, 4, 13, 9), at(2026, 4, 14, 9))
        now = at(2026, 4, 16)
        make(university, days=2, when=now)
        preview = replanned(university, now)
        assert preview.at_once == 1
        sweep_at(university, now, now + timedelta(minutes=1))
        assert told(university, found) == [
            ("20260413", -3, 0),
            ("20260413", 0, 0),
            ("20260413", 1, 0),
            ("20260408", 5, 3),
        ]
        # By the calendar the next is the vice-rector, ten working days after the 8th.
        assert task_of(university, found)["next_notice_at"] == at(2026, 4, 22, 9)

    def test_of_a_due_day_that_comes_later_begins_with_its_reminders(self, university: University) -> None:
        found = correcting(university, NOW)
        sweep_at(university, at(2026, 4, 8, 9), at(2026, 4, 13, 9), at(2026, 4, 14, 9))
        now = at(2026, 4, 14)
        make(university, days=12, when=now)  # due on the 22nd
        assert replanned(university, now).at_once == 0
        sweep_at(university, *mornings(now, 10))
        assert told(university, found)[3:] == [("20260422", -3, 0), ("20260422", 0, 0), ("20260422", 1, 0)]

    def test_of_a_later_due_day_is_not_dropped_for_what_was_told_of_the_earlier(self, university: University) -> None:
        found = correcting(university, NOW)
        sweep_at(university, at(2026, 4, 8, 9), at(2026, 4, 13, 9), at(2026, 4, 14, 9))
        university.change(sa.update(t.notice).values(sent_at=NOW))
        now = at(2026, 4, 14)
        make(university, days=12, when=now)
        replanned(university, now)
        sweep_at(university, at(2026, 4, 17, 9))
        with university.database.write() as connection:
            supersede(connection, {task_of(university, found)["id"]}, at(2026, 4, 17, 9))
        assert rungs_told(university, found)[-1]["rung"] == -3
        assert rungs_told(university, found)[-1]["dropped_at"] is None

    def test_of_the_same_due_day_is_what_is_above_what_was_told(self, university: University) -> None:
        found = correcting(university, NOW)
        sweep_at(university, at(2026, 4, 8, 9), at(2026, 4, 13, 9), at(2026, 4, 14, 9), at(2026, 4, 16, 9))
        now = at(2026, 4, 16)
        rungs = ((-2, "holder"), (0, "holder"), (2, "rector"), (3, "rector"), (4, "vice_rector"), (6, "rector"))
        make(university, ladder=given_ladder(*rungs), when=now)
        replanned(university, now)
        sweep_at(university, *mornings(now, 6))
        places = [rung for _, rung, _ in told(university, found)]
        assert places == [-3, 0, 1, 3, 4, 6]

    def test_after_going_there_and_back_is_nothing_twice(self, university: University) -> None:
        """The due day moves away and comes back: what was told of it then is known."""
        found = correcting(university, NOW)
        sweep_at(university, at(2026, 4, 8, 9), at(2026, 4, 13, 9), at(2026, 4, 14, 9))
        make(university, when=at(2026, 4, 14), days=12)
        replanned(university, at(2026, 4, 14))
        # What it reminds of one day before was not told then, and is not told after what came later.
        make(university, when=at(2026, 4, 15), ladder=given_ladder((-1, "holder"), (4, "rector")))
        assert replanned(university, at(2026, 4, 15)).at_once == 0
        sweep_at(university, *mornings(at(2026, 4, 15), 4))
        assert [rung for _, rung, _ in told(university, found)] == [-3, 0, 1, 4]

    def test_is_not_what_an_outage_passed_over(self, university: University) -> None:
        """After it the rector was told, and the holder's later reminders were not: they stay untold."""
        found = correcting(university, NOW)
        now = at(2026, 7, 6)
        sweep_at(university, now)
        before = task_of(university, found)
        assert [rung for _, rung, _ in told(university, found)] == [15]
        page = {**given_of(STANDARD), "again": {"days": 5, "channel": "page"}}
        make(university, when=now, ladder=page)
        assert replanned(university, now).at_once == 0
        after = task_of(university, found)
        assert (after["rung"], after["next_notice_at"]) == (before["rung"], before["next_notice_at"])

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(
        plans=st.lists(
            st.tuples(ladders(), st.none() | st.integers(1, 15), st.booleans(), st.integers(1, 12)), max_size=3
        ),
        outage=st.integers(0, 9),
    )
    def test_is_each_rung_once_and_none_that_is_reached_is_left_out(
        self, university: University, plans: list[tuple[Ladder, int | None, bool, int]], outage: int
    ) -> None:
        """Any policies one after the other, with mornings swept between them and perhaps an outage before the last."""
        university.change(sa.delete(t.notice), sa.delete(t.task), sa.delete(t.policy))
        found, now = correcting(university, NOW), NOW
        for place, (ladder, days, working, pause) in enumerate(plans):
            sweep_at(university, *mornings(now, pause))
            now += timedelta(days=pause + (outage if place == len(plans) - 1 else 0))
            count: dict[str, Any] = (
                {} if days is None else {"days": days, "count": "working" if working else "calendar"}
            )
            with suppress(GuardUnmet):  # the same as before
                make(university, when=now, ladder=given_of(ladder), **count)
            replanned(university, now)
            sweep_at(university, now)
            assert len({row["rung"] for row in rungs_told(university, found) if row["created_at"] == now}) <= 1
        sweep_at(university, *mornings(now, 45))
        self._once(university, found)
        self._none_left_out(university, found, now)

    @staticmethod
    def _once(university: University, record: UUID) -> None:
        """A rung of a due day was told at one moment alone, whatever ladder it stood on."""
        moments: dict[tuple[str, int], set[datetime]] = {}
        for row in rungs_told(university, record):
            moments.setdefault((row["key"].split(":")[1][:8], row["rung"]), set()).add(row["created_at"])
        assert all(len(those) == 1 for those in moments.values())

    @staticmethod
    def _none_left_out(university: University, record: UUID, now: datetime) -> None:
        """Each rung that comes later than `now` was told on its morning; of two on one morning the louder."""
        task, calendar = task_of(university, record), snapshot(university).calendar
        ladder, due = snapshot(university).ladders[task["ladder_id"]], f"{today(task['due_at']):%Y%m%d}"
        said = [(row["created_at"], row["rung"]) for row in rungs_told(university, record) if f":{due}" in row["key"]]
        for index in range(task["rung"]):
            speaks = rung_moment(ladder, index, task["due_at"], calendar)
            if speaks > now:
                assert [rung for at, rung in said if at == speaks and rung >= rung_at(ladder, index).days]
        assert task["next_notice_at"] > now + timedelta(days=44)


class TestWhoAsks:
    @pytest.mark.parametrize("who", ["admin", "rector", "owner"])
    def test_is_nobody_but_the_quality_specialist(self, university: University, who: str) -> None:
        correcting(university, NOW)
        make(university, days=2)
        seen = looked(university).seen
        with pytest.raises(NotYours):
            looked(university, who=who)
        with pytest.raises(NotYours):
            do(university, replan, scope(), seen, who=who, when=NOW)

    def test_has_looked_at_what_holds_now(self, university: University) -> None:
        found = correcting(university, NOW)
        make(university, days=2)
        seen = looked(university).seen
        make(university, days=3)
        before = task_of(university, found)
        for old in (seen, ""):
            with pytest.raises(GuardUnmet):
                do(university, replan, scope(), old, who="quality", when=NOW)
        assert task_of(university, found) == before

    def test_stands_in_the_log_with_each_task(self, university: University) -> None:
        found = correcting(university, NOW)
        made = make(university, days=2)
        replanned(university)
        (line,) = log(university, "policy.replanned")
        assert line["actor_id"] == university.people["quality"]
        assert line["facts"]["step"] == "correction"
        (one,) = line["facts"]["tasks"]
        assert one == {
            "task": str(task_of(university, found)["id"]),
            "due_at": due_moment(date(2026, 4, 13)).isoformat(),
            "policy": None,
            "new_due_at": due_moment(date(2026, 4, 8)).isoformat(),
            "new_policy": str(made),
        }
        lines = len(log(university))
        replanned(university)
        assert len(log(university)) == lines

    def test_writes_nothing_by_looking(self, university: University) -> None:
        correcting(university, NOW)
        make(university, days=2, effective_from=DAY)
        before = dump(university.database)
        looked(university)
        assert dump(university.database) == before


class TestMany:
    def test_are_re_planned_batch_by_batch(self, university: University, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.policies.replan.BATCH", 3)
        records = [correcting(university, NOW - timedelta(days=place % 4)) for place in range(10)]
        make(university, days=9)
        assert replanned(university).changing == 10
        assert {task_of(university, record)["policy_id"] for record in records} != {None}
        assert sum(len(line["facts"]["tasks"]) for line in log(university, "policy.replanned")) == 10
        assert looked(university).planned == 10


def mornings(since: datetime, days: int) -> Iterable[datetime]:
    """Nine o'clock of each day after `since`."""
    for day in range(1, days + 1):
        later = since.astimezone(NOW.tzinfo) + timedelta(days=day)
        yield later.replace(hour=9, minute=0)


def sweep_at(university: University, *moments: datetime) -> None:
    for now in moments:
        with university.database.read() as connection:
            due = is_due(connection, now)
        if due:
            sweep(university.database, now)


def told(university: University, record: UUID) -> list[tuple[str, int, int]]:
    """Due day, rung and how many were missed, in the order in which they were told."""
    rows: list[dict[str, Any]] = rungs_told(university, record)
    return [(row["key"].split(":")[1][:8], row["rung"], row["missed"]) for row in rows]
