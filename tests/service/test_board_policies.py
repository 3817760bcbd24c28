"""The board under policies: the rung, whom it tells next and when, by which way, is what the sweep then does."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.reading.board import BoardRow
from service.sweep import sweep
from service.web.pages.late_lines import line, told
from states.ladders import STANDARD, rung_at
from states.lifecycle import Channel, Ladder
from states.working_days import due_moment, today
from tests.policies.test_replan import replanned
from tests.service.test_board import row, rows
from tests.service.test_policies import BOTH, DAY, NOW, PAGED, SHORT, correcting, says
from tests.support.university import University, at

LATE = at(2026, 4, 14, 8)  # the day after those are due that have five working days


def notices(university: University, record: UUID) -> list[dict[str, Any]]:
    found = university.rows(t.notice, t.notice.c.record_id == record, t.notice.c.rung.is_not(None))
    return sorted(found, key=lambda one: one["created_at"])


def climbed(university: University, until: datetime) -> None:
    """Swept whenever there is something to be told, up to a moment."""
    for _ in range(50):
        with university.database.read() as connection:
            open_ones = t.task.c.closed_at.is_(None)
            when = connection.execute(sa.select(sa.func.min(t.task.c.next_notice_at)).where(open_ones)).scalar_one()
        if when > until:
            return
        sweep(university.database, when)
    raise AssertionError("the ladder has no end")


def shown(one: BoardRow) -> dict[str, Any]:
    return line(one, "en")


class TestWhatComesNext:
    @pytest.mark.parametrize("ladder", [STANDARD, SHORT, BOTH, PAGED], ids=["standard", "short", "both", "paged"])
    @pytest.mark.parametrize("who", ["holds", "is away", "has left"])
    def test_is_what_the_sweep_then_does(self, university: University, ladder: Ladder, who: str) -> None:
        """Rung by rung, until it has been repeated twice."""
        says(university, ladder)
        found = correcting(university)
        if who == "is away":
            spell = {"since": DAY, "until": date(2027, 1, 1), "entered_at": NOW, "id": new_id()}
            away = {"person_id": university.people["owner"], "deputy_id": university.people["reader"]}
            university.change(sa.insert(t.absence).values(**spell, **away))
        if who == "has left":
            university.vacate("owner", date(2026, 4, 7))
        university.change(sa.update(t.task).values(due_at=due_moment(date(2026, 4, 13))))
        for place in range(len(ladder.rungs) + 2):
            (task,) = university.open_tasks(found)
            assert task["rung"] == place
            when = task["next_notice_at"]
            late = max(when, LATE) - timedelta(minutes=1)
            one = row(university, "quality", late)
            before = {notice["key"] for notice in notices(university, found)}
            sweep(university.database, when)
            told_now = [notice for notice in notices(university, found) if notice["key"] not in before]
            assert one.rungs == (min(place, len(ladder.rungs) + 1), len(ladder.rungs))
            assert one.task.next_notice_at == when
            names = {name.en for name in one.next_names}
            people = {university.who(notice["reader_id"]) for notice in told_now}
            assert names == {name_of(university, person) for person in people}
            assert {notice["channel"] for notice in told_now} == {rung_at(ladder, place).channel}
            page = "on the page only" in shown(one)["next"]["note"]
            assert page == (rung_at(ladder, place).channel is Channel.PAGE)

    def test_names_each_part_of_a_rung_that_tells_several(self, university: University) -> None:
        says(university, BOTH)
        correcting(university)
        climbed(university, LATE)
        one = row(university, "quality", LATE)
        assert [name.en for name in one.next_names] == ["Bashchy Bashchiev", "Sapat Saparov"]
        assert one.task.next_notice_at == at(2026, 4, 14, 9)
        assert one.rungs == (1, 3)
        climbed(university, at(2026, 4, 14, 9))
        heard = row(university, "quality", at(2026, 4, 14, 10)).told
        assert [(had.days, had.part.en, had.reader.en) for had in heard[1:]] == [
            (1, "head of the task's holder", "Bashchy Bashchiev"),
            (1, "quality specialist", "Sapat Saparov"),
        ]


def name_of(university: University, person: str) -> str:
    return str(university.one(t.person, t.person.c.code == person)["name_en"])


class TestARungThatIsOnThePageOnly:
    def test_says_so_before_and_after(self, university: University) -> None:
        says(university, PAGED)
        correcting(university)
        climbed(university, LATE)
        assert shown(row(university, "quality", LATE))["next"] == {
            "text": "Quality specialist",
            "names": "Sapat Saparov",
            "at": "14 Apr 2026",
            "note": "on the page only",
        }
        climbed(university, at(2026, 4, 14, 9))
        one = row(university, "quality", at(2026, 4, 14, 10))
        assert (one.told[-1].page, one.told[-1].dropped) == (True, False)
        assert told(one.told[-1], "en")["note"] == "on the page only"
        assert shown(one)["next"]["note"] == ""  # the rector gets a mail


class TestDays:
    @pytest.mark.parametrize(("working", "due", "late"), [(True, date(2026, 4, 13), 1), (False, date(2026, 4, 11), 2)])
    def test_are_working_days_or_those_of_the_calendar(
        self, university: University, working: bool, due: date, late: int
    ) -> None:
        says(university, days=5, working=working)
        correcting(university)
        (morning_after, on_time) = (at(2026, 4, 14), at(2026, 4, 11, 12))
        one = row(university, "quality", morning_after)
        assert today(one.task.due_at) == due
        assert one.task.days == late  # working days: the weekend is none
        assert rows(university, "quality", on_time) == []

    def test_of_rungs_are_working_days_whatever_those_of_the_deadline_are(self, university: University) -> None:
        says(university, SHORT, days=5, working=False)
        correcting(university)
        one = row(university, "quality", at(2026, 4, 12))  # due on Saturday: its first rung is on Monday
        assert one.task.next_notice_at == at(2026, 4, 13, 9)


class TestARungThatIsReachedAgain:
    """A day that was put off by a new policy: the same rung comes once more, and is a line of its own."""

    def test_is_told_twice_and_said_twice(self, university: University) -> None:
        found = correcting(university)
        (before,) = university.open_tasks(found)
        climbed(university, at(2026, 4, 17, 9))  # the head was told: three working days after the 13th
        says(university, days=9, effective_from=DAY)
        replanned(university, at(2026, 4, 17, 12))
        (after,) = university.open_tasks(found)
        assert (after["id"], today(after["due_at"])) == (before["id"], date(2026, 4, 17))
        climbed(university, at(2026, 4, 22, 9))
        heard = row(university, "quality", at(2026, 4, 22, 12)).told
        heads = [(had.times, today(had.at)) for had in heard if had.days == 3]
        assert heads == [(1, date(2026, 4, 16)), (1, date(2026, 4, 22))]
        notes = [told(had, "en")["note"] for had in heard if had.days == 3]
        assert not [note for note in notes if "since then" in note]
        assert sum(had.times for had in heard) == len(notices(university, found))


class TestTheRungs:
    def test_are_those_of_the_tasks_own_ladder(self, university: University) -> None:
        """A policy of today changes nothing of what was opened under another."""
        old = correcting(university)
        says(university, SHORT)
        new = correcting(university)
        of = {one.task.record_id: one.rungs[1] for one in rows(university, "quality", LATE)}
        assert of == {old: len(STANDARD.rungs), new: 1}
