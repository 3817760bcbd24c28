"""A dry run says what then happens: held to the sweep itself, in the month behind and in the month ahead."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import tables as t
from service.policies.dry_run import MONTH, DryRun, Told, dry_run
from service.policies.keeping import read_policy
from service.policies.replan import preview_replan, replan
from service.sweep import sweep
from states.lifecycle import Channel
from states.policies import ladder_facts
from states.refusals import NotYours
from states.roles import Role
from states.working_days import due_moment, today
from tests.keeping.keeping import do, see
from tests.policies.policies import NOW, correcting, given_ladder, ladders, make, scope, task_of, with_second_campus
from tests.support.dump import dump
from tests.support.university import University, at

BUSY = given_ladder((-1, "holder"), (1, "holder"), (2, "rector"), again=1)
Row = tuple[date, str, UUID]


def tried(university: University, when: datetime = NOW, who: str = "quality", **more: Any) -> DryRun:
    """What a policy for the step of correcting would do."""
    actor = university.as_(who, when)
    said = {"lifecycle": "nonconformity", "step": "correction", **more}
    return see(
        university,
        lambda connection: dry_run(connection, read_policy(connection, said, actor, when, trying=True), actor, when),
    )


def told(university: University, since: datetime, until: datetime) -> Counter[Row]:
    """What was really told of rungs of the step of correcting, by day, part and reader."""
    notice = t.notice.c
    correcting = sa.select(t.task.c.id).where(t.task.c.step == "correction")
    when = (notice.created_at > since, notice.created_at <= until)
    rows = university.rows(t.notice, notice.rung.is_not(None), notice.task_id.in_(correcting), *when)
    return Counter((today(row["created_at"]), row["part"], row["reader_id"]) for row in rows)


def same(counts: Told, rows: Counter[Row]) -> bool:
    """Whether the counts are those of the rows."""
    days, parts, readers = Counter[date](), Counter[str](), Counter[UUID]()
    for (day, part, reader), times in rows.items():
        days[day] += times
        parts[part] += times
        readers[reader] += times
    by_part = Counter[str]()
    for (role, _), times in counts.parts.items():
        by_part[role.value] += times
    return (counts.total, counts.days, by_part, counts.readers) == (rows.total(), days, parts, readers)


def sweep_each_morning(university: University, since: datetime, days: int) -> None:
    """From `since` on, whose own moment is swept too."""
    sweep(university.database, since)
    for day in range(1, days + 1):
        sweep(university.database, datetime.combine(today(since) + timedelta(days=day), since.time(), since.tzinfo))


class TestTheMonthAhead:
    def test_as_it_is_planned_is_what_sweeps_say(self, university: University) -> None:
        now = at(2026, 4, 20, 9)
        for days in (14, 11, 4, 0):
            correcting(university, now - timedelta(days=days))
        sweep(university.database, now - timedelta(days=6))
        found = tried(university, now, days=2)
        sweep_each_morning(university, now, 30)
        assert same(found.as_planned, told(university, now - timedelta(microseconds=1), now + MONTH))
        assert found.as_planned.total > 20

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @given(ladder=ladders(), days=st.integers(1, 12), working=st.booleans(), swept=st.sets(st.integers(1, 19)))
    def test_by_a_policy_is_what_sweeps_say_once_it_is_made_and_open_tasks_are_re_planned(
        self, university: University, ladder: Any, days: int, working: bool, swept: set[int]
    ) -> None:
        self._clear(university)
        now = at(2026, 4, 20, 9)
        for ago in (19, 12, 5, 1):
            correcting(university, now - timedelta(days=ago))
        for ago in sorted(swept, reverse=True):
            sweep(university.database, now - timedelta(days=ago))
        says: dict[str, Any] = {"days": days, "count": "working" if working else "calendar", "ladder": given_of(ladder)}
        found = tried(university, now, **says)
        make(university, when=now, **says)
        seen = see(university, preview_replan, scope(), university.as_("quality", now), now).seen
        do(university, replan, scope(), seen, who="quality", when=now)
        before = told(university, now - MONTH, now)
        sweep_each_morning(university, now, 30)
        assert same(found.will, told(university, now - MONTH, now + MONTH) - before)

    @staticmethod
    def _clear(university: University) -> None:
        university.change(
            sa.delete(t.notice), sa.update(t.task).values(closed_at=NOW, outcome="x"), sa.update(t.task).values(
                policy_id=None
            ), sa.delete(t.policy),
        )  # fmt: skip

    def test_shows_the_tasks_that_are_told_of_soonest(self, university: University) -> None:
        records = [correcting(university, NOW - timedelta(days=days)) for days in (0, 5, 3)]
        found = tried(university, days=10)
        assert [one.record_id for one in found.examples] == [records[1], records[2], records[0]]
        example = found.examples[-1]
        assert example.due_at == task_of(university, records[0])["due_at"]
        assert example.new_due_at == due_moment(date(2026, 4, 20))
        assert (example.next_rung.days, example.new_next_rung.days) == (-3, -3)
        assert (found.open_now, found.moved, found.late_now) == (3, 3, 0)


class TestTheMonthBehind:
    def test_by_the_policy_that_held_is_what_was_sent(self, university: University) -> None:
        """Tasks opened each day, some done early, some late, some not at all; swept each morning."""
        make(university, days=2, ladder=BUSY, when=at(2026, 3, 2, 8))
        records = {day: correcting(university, at(2026, 3, day)) for day in range(2, 31)}
        for day in range(2, 32):
            sweep(university.database, at(2026, 3, day, 9))
            if day % 3 == 0 and day > 5:
                for begun in (day - 3, day - 1):
                    if university.state(records[begun]) == "correction":
                        university.go(records[begun], "record_correction", "owner", at(2026, 3, day), correction="x")
        now = at(2026, 3, 31, 12)
        found = tried(university, now, days=2, ladder=BUSY)
        assert same(found.really, told(university, found.since, now))
        assert same(found.would_have, told(university, found.since, now))
        assert found.really.total > 100
        assert found.open_then == len(records)

    def test_by_another_policy_counts_from_the_day_each_task_was_opened(self, university: University) -> None:
        found = correcting(university, at(2026, 3, 23))
        university.go(found, "record_correction", "owner", at(2026, 3, 31, 9), correction="x")
        # Due on the 25th: reminded on the 24th, told on the 26th, the rector on the 27th, the holder on the 30th; on
        # the 31st it was done in the very moment in which it would have been told again.
        once = tried(university, days=2, ladder=BUSY)
        assert once.would_have.days == Counter({date(2026, 3, day): 1 for day in (24, 26, 27, 30)})
        assert once.would_have.readers[university.people["rector"]] == 1
        assert (once.really.total, once.open_then, once.open_now) == (0, 1, 0)

    def test_leaves_out_what_was_done_before_it_and_what_was_not_open_yet(self, university: University) -> None:
        found = correcting(university, at(2026, 1, 5))
        university.go(found, "record_correction", "owner", at(2026, 3, 2), correction="x")
        assert tried(university, days=2).open_then == 0
        assert tried(university, at(2026, 1, 4), days=2).open_then == 0
        assert tried(university, at(2026, 3, 1), days=2).open_now == 0  # it was closed, whatever day one asks about

    def test_of_a_step_with_a_date_of_its_own_keeps_that_date(self, university: University) -> None:
        _, action = university.under_way(at(2026, 3, 9), date(2026, 3, 20))
        found = tried(university, lifecycle="corrective_action", step="in_progress", ladder=BUSY)
        (example,) = found.examples
        assert example.due_at == example.new_due_at == task_of(university, action)["due_at"]
        assert found.would_have.parts[Role.RECTOR, example.new_next_rung.channel] == 1


class TestWhatItIsFor:
    def test_is_only_what_no_closer_policy_is_for(self, university: University) -> None:
        correcting(university, NOW, "major")
        correcting(university, NOW, "minor")
        assert tried(university, days=2).open_now == 2
        assert tried(university, days=2, severity="major").open_now == 1
        make(university, days=3, severity="minor")
        assert tried(university, days=2).open_now == 1
        assert tried(university, days=2, campus="UNI").open_now == 2
        assert tried(university, days=2, campus="UNI", severity="minor").open_now == 1

    def test_counts_somebody_who_is_meant_twice_once(self, university: University) -> None:
        university.reported(NOW)  # the quality specialist has the task
        both = {"rungs": [{"days": 1, "to": ["holder", "quality_specialist"]}], "again": {"days": 400}}
        found = tried(university, step="reported", ladder=both)
        assert found.will.parts == Counter({(Role.HOLDER, Channel.MAIL): 1})

    def test_is_only_what_one_may_read(self, university: University) -> None:
        with_second_campus(university)
        record = correcting(university, NOW)
        assert tried(university, days=2).open_now == 1
        there = sa.update(t.record).values(campus_id=university.units["CAMPUS2"])
        university.change(there.where(t.record.c.id == record))
        assert tried(university, days=2).open_now == 0
        assert tried(university, days=2, who="quality_2", campus="CAMPUS2").open_now == 1

    @pytest.mark.parametrize("who", ["admin", "owner"])
    def test_is_not_asked_by_others(self, university: University, who: str) -> None:
        with pytest.raises(NotYours):
            tried(university, who=who, days=2)

    def test_is_not_written(self, university: University) -> None:
        correcting(university, NOW)
        before = dump(university.database)
        tried(university, days=2, ladder=BUSY)
        assert dump(university.database) == before


def given_of(ladder: Any) -> dict[str, Any]:
    """A ladder as it is given."""
    facts = ladder_facts(ladder)
    again = {name: value for name, value in facts["again"].items() if name != "to"}
    return {"rungs": facts["rungs"], "again": again}
