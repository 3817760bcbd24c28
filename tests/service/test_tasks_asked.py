"""My tasks, narrowed: by kind, by when they are due, by whose they are, by words; on both databases."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.reading.tasks_asked import AskedTasks, asked_tasks_of, kinds_of, next_monday
from tests.support.university import University, at

# Reported on Monday 3 April 2017, three working days: due on Thursday 6 April.
MONDAY = at(2017, 4, 3)


def asked(university: University, who: str, moment: datetime, **wanted: Any) -> list[UUID]:
    with university.database.read() as connection:
        found = asked_tasks_of(connection, university.as_(who, moment), moment, AskedTasks(**wanted), 200)
    return [task.record_id for task in found]


class TestWhen:
    @pytest.mark.parametrize(
        ("day", "when"),
        [(3, "week"), (6, "week"), (7, "late"), (2, "later")],
        ids=["before", "that day", "after", "the week before"],
    )
    def test_each_task_is_late_or_due_this_week_or_later(self, university: University, day: int, when: str) -> None:
        found = university.reported(MONDAY)
        moment = at(2017, 4, day)
        (task,) = university.open_tasks(found)
        assert task["due_at"].date() == date(2017, 4, 6)
        for one in ("late", "week", "later"):
            assert asked(university, "quality", moment, when=one) == ([found] if one == when else [])

    def test_a_week_ends_with_its_sunday(self) -> None:
        assert next_monday(date(2017, 4, 3)) == next_monday(date(2017, 4, 9)) == date(2017, 4, 10)


class TestKinds:
    def test_are_asked_for_by_name_and_told(self, university: University) -> None:
        found = university.reported(MONDAY)
        assert asked(university, "quality", MONDAY, kind="nonconformity") == [found]
        assert asked(university, "quality", MONDAY, kind="corrective_action") == []
        with university.database.read() as connection:
            assert kinds_of(connection, university.as_("quality", MONDAY)) == ["nonconformity"]
            assert kinds_of(connection, university.as_("librarian", MONDAY)) == []


class TestWhose:
    def test_a_deputys_own_are_apart_from_those_of_whoever_is_away(self, university: University) -> None:
        theirs, own = university.reported(MONDAY), university.reported(MONDAY)
        for found, post in ((theirs, "owner"), (own, "librarian")):
            university.go(found, "register", "quality", MONDAY, severity="minor", owner_post=post)
        spell = {"since": date(2017, 4, 3), "until": date(2017, 4, 7), "entered_at": MONDAY}
        away = {"person_id": university.people["owner"], "deputy_id": university.people["librarian"]}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell))
        assert set(asked(university, "librarian", MONDAY)) == {theirs, own}
        assert asked(university, "librarian", MONDAY, whose="own") == [own]
        assert asked(university, "librarian", MONDAY, whose="deputy") == [theirs]
        assert asked(university, "owner", MONDAY, whose="own") == [theirs]


class TestWords:
    def test_are_found_in_codes_and_titles_in_any_order_and_spelling(self, university: University) -> None:
        found = university.reported(MONDAY)
        record = university.record(found)
        words = f"{record['title'].split()[-1].upper()} {record['code']}"
        assert asked(university, "quality", MONDAY, text=words) == [found]
        assert asked(university, "quality", MONDAY, text=f"{words} %") == []
