"""The sweep: each rung is told once, to whom it concerns, whenever and however often it runs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import tables as t
from models.base import new_id
from service.sweep import Swept, is_due, sweep
from states.ladders import STANDARD, first_rung, loudest, reached, rung_at, rung_moment
from states.roles import Role
from states.working_days import Calendar
from tests.support.dump import dump
from tests.support.statements import heard, is_write
from tests.support.together import together
from tests.support.university import University, at

SPRING = at(2017, 4, 5)
# What the task of correcting, opened on 5 April and due on the 13th, says when, at nine in the morning in Bishkek.
# Counted by hand: 7 April, 1, 5 and 9 May are holidays; Monday 8 May is free for Saturday 13 May, which is worked.
LADDER = [
    (at(2017, 4, 10, 9), "owner", "task/reminder"),
    (at(2017, 4, 13, 9), "owner", "task/reminder"),
    (at(2017, 4, 14, 9), "owner", "task/reminder"),
    (at(2017, 4, 18, 9), "head", "task/escalation"),
    (at(2017, 4, 20, 9), "quality", "task/escalation"),
    (at(2017, 4, 27, 9), "vice", "task/escalation"),
    (at(2017, 5, 10, 9), "rector", "task/escalation"),
    (at(2017, 5, 16, 9), "owner", "task/reminder"),
    (at(2017, 5, 23, 9), "owner", "task/reminder"),
]
# The same rungs as notices know them: their working days from the due day.
DAYS = [-3, 0, 1, 3, 5, 10, 15, 20, 25]
PARTS = ["holder"] * 3 + ["holders_head", "quality_specialist", "vice_rector", "rector"] + ["holder"] * 2


def correcting(university: University, when: datetime = SPRING, owner: str = "owner") -> UUID:
    """A nonconformity whose owner is to correct it within five working days."""
    found = university.reported(when)
    university.go(found, "register", "quality", when, severity="minor", owner_post=owner)
    return found


def rungs(university: University, record: UUID) -> list[dict[str, Any]]:
    """The record's rung notices, in the order of the rungs."""
    notices = university.rows(t.notice, t.notice.c.record_id == record, t.notice.c.rung.is_not(None))
    return sorted(notices, key=lambda notice: int(notice["rung"]))


def told(university: University, record: UUID) -> list[tuple[int, str, int]]:
    """Rung (its working days from the due day), reader and how many were missed, of each rung notice."""
    return [(n["rung"], university.who(n["reader_id"]), n["missed"]) for n in rungs(university, record)]


def hours(start: datetime, end: datetime, step: int = 1) -> Iterable[datetime]:
    while start <= end:
        yield start
        start += timedelta(hours=step)


class TestEachRung:
    def test_is_told_once_at_its_moment_to_whom_it_concerns(self, university: University) -> None:
        """Swept twice an hour for seven weeks."""
        found = correcting(university)
        for hour in hours(at(2017, 4, 8, 0), at(2017, 5, 24, 0), step=3):
            sweep(university.database, hour)
            sweep(university.database, hour)
        said = [
            (notice["created_at"], university.who(notice["reader_id"]), notice["message"])
            for notice in rungs(university, found)
        ]
        assert said == LADDER
        assert [(notice["rung"], notice["part"]) for notice in rungs(university, found)] == list(
            zip(DAYS, PARTS, strict=True)
        )
        assert {notice["missed"] for notice in rungs(university, found)} == {0}

    def test_is_not_told_before_its_moment(self, university: University) -> None:
        found = correcting(university)
        for index, (moment, who, _) in enumerate(LADDER):
            sweep(university.database, moment - timedelta(microseconds=1))
            assert len(rungs(university, found)) == index
            sweep(university.database, moment)
            assert told(university, found)[-1] == (DAYS[index], who, 0)

    def test_is_told_to_the_quality_specialist_about_the_rector(self, university: University) -> None:
        revision = university.endorsed(SPRING)  # due on 13 April too
        for moment, _, _ in LADDER:
            sweep(university.database, moment)
        assert [who for _, who, _ in told(university, revision)] == [*["rector"] * 3, "quality", *["rector"] * 4]

    def test_is_told_to_the_person_where_a_person_holds_the_task(self, university: University) -> None:
        revision = university.draft(SPRING)
        (task,) = university.open_tasks(revision)
        sweep(university.database, task["due_at"] + timedelta(days=40))
        assert [who for _, who, _ in told(university, revision)][-1] in ("owner", "rector")

    def test_that_lies_before_the_opening_is_not_told_late(self, university: University) -> None:
        """An action that is due tomorrow has no reminder three days before."""
        _, action = university.under_way(SPRING, date(2017, 4, 6))
        sweep(university.database, at(2017, 4, 5, 23))
        assert told(university, action) == []
        sweep(university.database, at(2017, 4, 6, 9))
        assert told(university, action) == [(0, "owner", 0)]

    def test_keeps_coming_after_the_last_without_end(self, university: University) -> None:
        found = correcting(university)
        sweep(university.database, at(2017, 5, 10, 9))
        before = len(rungs(university, found))
        for day in range(365):
            sweep(university.database, at(2017, 5, 11) + timedelta(days=day))
        later = rungs(university, found)[before:]
        assert {university.who(notice["reader_id"]) for notice in later} == {"owner"}
        assert 46 <= len(later) <= 52


class TestAnOutage:
    def test_of_nine_days_tells_the_highest_rung_with_what_was_missed(self, university: University) -> None:
        found = correcting(university)
        sweep(university.database, at(2017, 4, 10, 9))
        sweep(university.database, at(2017, 4, 19, 11))
        assert told(university, found) == [(-3, "owner", 0), (3, "head", 2)]
        sweep(university.database, at(2017, 4, 20, 9))
        assert told(university, found)[-1] == (5, "quality", 0)

    def test_of_a_year_tells_one_person_once(self, university: University) -> None:
        found = correcting(university)
        swept = sweep(university.database, at(2018, 4, 13))
        assert swept.counts == {"tasks": 1, "notices": 1}
        assert len(rungs(university, found)) == 1
        (task,) = university.open_tasks(found)
        assert task["next_notice_at"] > at(2018, 4, 13)

    def test_of_many_years_looks_at_each_day_a_few_times(self) -> None:
        """Somebody types 1905 for 2019: the sweep must go on for everybody else (it takes minutes)."""
        looked = 0

        class Counting(Calendar):
            def is_working(self, day: date) -> bool:
                nonlocal looked
                looked += 1
                return super().is_working(day)

        years = 8
        assert reached(STANDARD, 0, SPRING, SPRING + timedelta(days=365 * years), Counting()) > 300
        assert looked < 10 * 365 * years


class TestASweepAgain:
    def test_at_the_same_moment_does_nothing(self, university: University) -> None:
        correcting(university)
        first = sweep(university.database, at(2017, 4, 13, 9))
        before = dump(university.database)
        second = sweep(university.database, at(2017, 4, 13, 9))
        assert (first.counts["notices"], second.counts) == (1, {"tasks": 0, "notices": 0})
        assert (len(first.rows), second.rows) == (1, [])
        assert dump(university.database) == before

    def test_with_nothing_due_writes_nothing(self, university: University) -> None:
        correcting(university)
        now = at(2017, 4, 10, 9) - timedelta(microseconds=1)
        statements: list[str] = []
        with university.database.read() as connection:
            assert not is_due(connection, now)
        with heard(university.database, statements.append):
            sweep(university.database, now)
        assert statements
        assert [statement for statement in statements if is_write(statement)] == []

    def test_with_a_clock_that_went_back_does_nothing(self, university: University) -> None:
        correcting(university)
        sweep(university.database, at(2017, 4, 20))
        before = dump(university.database)
        sweep(university.database, at(2017, 4, 13, 9))
        assert dump(university.database) == before

    def test_after_it_died_before_its_commit_tells_all_the_same(self, university: University) -> None:
        found = correcting(university)
        statements: list[str] = []

        def die(statement: str) -> None:
            statements.append(statement)
            if statement.lstrip().upper().startswith("UPDATE TASK"):
                raise KeyboardInterrupt

        if not university.database.is_sqlite:  # an exception in SQLite's trace is swallowed
            with pytest.raises(KeyboardInterrupt), heard(university.database, die):
                sweep(university.database, at(2017, 4, 13, 9))
            assert told(university, found) == []
        sweep(university.database, at(2017, 4, 13, 9))
        assert told(university, found) == [(0, "owner", 1)]


class TestAClosedTask:
    def test_tells_nobody(self, university: University) -> None:
        found = correcting(university)
        university.go(found, "record_correction", "owner", at(2017, 4, 6), correction="Түзөтүлдү")
        (task,) = university.open_tasks(found)
        for moment, _, _ in LADDER:
            sweep(university.database, moment)
        assert {notice["task_id"] for notice in rungs(university, found)} == {task["id"]}

    def test_is_none_while_its_extension_is_asked_for(self, university: University) -> None:
        """Asking stops no clock: holder and vice-rector are both reminded, each of their own task."""
        _, action = university.under_way(SPRING, date(2017, 4, 14))
        university.go(
            action, "request_extension", "owner", at(2017, 4, 13), new_due_on=date(2017, 5, 15), reason="Убакыт жок"
        )
        sweep(university.database, at(2017, 4, 17, 9))
        assert sorted(who for _, who, _ in told(university, action)) == ["owner"]
        sweep(university.database, at(2017, 4, 18, 9))
        assert sorted(who for _, who, _ in told(university, action)) == ["owner", "vice"]


class TestTheRows:
    def test_say_what_was_told_to_whom(self, university: University) -> None:
        correcting(university)
        swept = sweep(university.database, at(2017, 4, 19))
        assert swept.rows == [
            {
                "record": "NC-2017-001",
                "step": "correction",
                "rung": "3",
                "missed": "3",
                "told": "Bashchy Bashchiev",
            }
        ]


class TestTwoSweepsAtOnce:
    def test_tell_each_rung_once(self, university: University) -> None:
        records = [correcting(university, SPRING + timedelta(minutes=n), "owner") for n in range(30)]
        records += [correcting(university, SPRING + timedelta(minutes=n), "librarian") for n in range(30)]
        for moment, _, _ in LADDER:
            results = together([partial(sweep, university.database, moment) for _ in range(3)])
            assert all(isinstance(result, Swept) for result in results), results
            assert sum(result.counts["notices"] for result in results if isinstance(result, Swept)) == len(records)
        for record in records:
            assert [rung for rung, _, _ in told(university, record)] == DAYS
            (task,) = university.open_tasks(record)
            assert task["rung"] == len(LADDER)

    def test_for_different_moments_tell_nobody_twice(self, university: University) -> None:
        records = [correcting(university) for _ in range(30)]
        moments = [moment for moment, _, _ in LADDER]
        for earlier, later in zip(moments[::2], moments[1::2], strict=False):
            calls = [partial(sweep, university.database, moment) for moment in (earlier, later)]
            results = together(calls)
            assert all(isinstance(result, Swept) for result in results), results
        sweep(university.database, moments[7])  # what one of them held was left to the next
        for record in records:
            assert_told_what_is_reached(university, record, moments[7], one_at_a_time=False)


class TestAnOutageOfAnyLength:
    @pytest.mark.parametrize("told_before", range(len(STANDARD.rungs)))
    @pytest.mark.parametrize("days", [1, 9, 30, 400])
    def test_never_silences_whoever_stands_higher(self, told_before: int, days: int) -> None:
        """From whatever rung, over whatever gap: the highest escalation that was reached is the one that is told."""
        calendar = Calendar()
        down_since = rung_moment(STANDARD, told_before, SPRING, calendar)
        top = reached(STANDARD, told_before, SPRING, down_since + timedelta(days=days), calendar)
        says = loudest(STANDARD, told_before + 1, top) if top > told_before else None
        passed = [STANDARD.rungs[rung].to for rung in range(told_before + 1, min(top + 1, len(STANDARD.rungs)))]
        escalations = [part for part in passed if part != (Role.HOLDER,)]
        if escalations:
            assert says is not None
            assert STANDARD.rungs[says].to == escalations[-1]
        else:
            assert says in (None, top)

    def test_tells_the_rector_although_the_ladder_has_passed_them(self, university: University) -> None:
        record = correcting(university)
        sweep(university.database, LADDER[5][0])
        sweep(university.database, LADDER[8][0])
        assert told(university, record)[-1][1] == "rector"


class TestASweepWhileMovesHappen:
    def test_loses_no_task_and_no_rung(self, university: University) -> None:
        records = [correcting(university) for _ in range(40)]
        going, staying = records[:20], records[20:]
        moments = [moment for moment, _, _ in LADDER]

        def move_on() -> None:
            for record in going:
                university.go(record, "record_correction", "owner", at(2017, 4, 6), correction="Түзөтүлдү")

        def sweep_all() -> None:
            for moment in moments:
                sweep(university.database, moment)

        assert together([move_on, sweep_all]) == [None, None]
        sweep(university.database, moments[-1])
        for record in staying:
            assert [rung for rung, _, _ in told(university, record)] == DAYS
        for record in going:
            (task,) = university.open_tasks(record)
            assert task["step"] == "verification"
            assert_told_what_is_reached(university, record, moments[-1])

    @pytest.mark.parametrize("before", ["INSERT INTO SWEEP_ADDRESS", "INSERT INTO NOTICE", "UPDATE TASK"])
    def test_loses_nothing_that_is_opened_late_between_its_statements(
        self, university: University, before: str
    ) -> None:
        """A task that is late when it opens, committed while the sweep works: it is told now, or by the next."""
        if university.database.is_sqlite:
            return  # one writer at a time
        late = correcting(university)
        another = correcting(university, SPRING, "librarian")
        (task,) = university.open_tasks(another)
        closed = t.task.c.id == task["id"]
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).where(closed).values(closed_at=SPRING))
        now = at(2017, 4, 14, 10)
        # As if the librarian's task were opened now, although it was due yesterday: it joins the group of the owner's.
        fresh = {**task, "id": new_id(), "opened_at": now, "closed_at": None}
        opened: list[str] = []

        def interrupt(statement: str) -> None:
            if not opened and statement.lstrip().upper().startswith(before):
                opened.append(statement)
                with university.database.write() as connection:
                    connection.execute(sa.insert(t.task), fresh)

        with heard(university.database, interrupt):
            sweep(university.database, now)
        assert opened
        sweep(university.database, now + timedelta(minutes=1))
        assert len(university.rows(t.notice, t.notice.c.task_id == fresh["id"], t.notice.c.rung.is_not(None))) == 1
        assert told(university, late) == [(1, "owner", 2)]


def assert_told_what_is_reached(
    university: University, record: UUID, last: datetime, *, one_at_a_time: bool = True
) -> None:
    """Each rung of the open task was told at most once; the highest told is the one reached at the last sweep."""
    (task,) = university.open_tasks(record)
    calendar = Calendar()
    first = first_rung(STANDARD, task["due_at"], task["opened_at"], calendar)
    highest = reached(STANDARD, first, task["due_at"], last, calendar)
    notices = university.rows(t.notice, t.notice.c.task_id == task["id"], t.notice.c.rung.is_not(None))
    index = {rung_at(STANDARD, place).days: place for place in range(highest + 1)}
    said = sorted(index[notice["rung"]] for notice in notices)
    assert len(said) == len(set(said))
    if highest < first:
        assert said == []
        assert task["rung"] == first
    else:
        latest = max(notices, key=lambda notice: notice["created_at"])
        assert index[latest["rung"]] == loudest(STANDARD, highest - latest["missed"], highest)
        assert task["rung"] == highest + 1
    # What was missed and what was told are together every rung there was.
    if one_at_a_time:
        assert len(said) + sum(int(notice["missed"]) for notice in notices) == highest + 1 - first
    assert task["next_notice_at"] == rung_moment(STANDARD, task["rung"], task["due_at"], calendar)


START = at(2017, 4, 5)
MOMENTS = st.lists(st.integers(min_value=0, max_value=60 * 24 * 90), min_size=1, max_size=12)


class TestWheneverItRuns:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(minutes=MOMENTS, opened=st.integers(0, 60 * 24 * 30))
    def test_each_rung_is_told_at_most_once_and_the_last_is_the_one_reached(
        self, university: University, minutes: list[int], opened: int
    ) -> None:
        when = START + timedelta(minutes=opened)
        found = correcting(university, when)
        moments = [when + timedelta(minutes=each) for each in minutes]
        for moment in moments:  # in any order: a late process, a clock that was put right
            sweep(university.database, moment)
        assert_told_what_is_reached(university, found, max(moments))
        university.go(found, "dispute", "owner", max(moments), reason="кийинки")
        university.go(found, "reject", "quality", max(moments), reason="кийинки")
