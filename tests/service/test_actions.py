"""Nonconformities and their actions: deadlines that are locked, what follows from what, and who may not check whom."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.sweep import sweep
from states.refusals import Duties, GuardUnmet, NotFound, NotFromHere, NotYours
from states.working_days import due_moment
from tests.support.university import University, at

SPRING = at(2017, 4, 5)
DUE = date(2017, 5, 5)
MORE = date(2017, 6, 6)


def requested(university: University) -> tuple[UUID, dict[str, Any]]:
    """An action whose extension is asked for three working days before it is due; and the task of doing it."""
    _, action = university.under_way(SPRING, DUE)
    (task,) = university.open_tasks(action)
    asked = at(2017, 5, 2)
    university.go(action, "request_extension", "owner", asked, new_due_on=MORE, reason="Кызматкер ооруп калды")
    return action, task


def task_of(university: University, record: UUID, step: str) -> dict[str, Any]:
    (found,) = [task for task in university.open_tasks(record) if task["step"] == step]
    return found


class TestADeadline:
    def test_counts_working_days_and_ends_at_six_in_the_evening(self, university: University) -> None:
        """Wednesday 5 April: 7 April is a holiday (April Revolution), the third working day is Tuesday the 11th."""
        found = university.reported(SPRING)
        (task,) = university.open_tasks(found)
        assert task["due_at"] == at(2017, 4, 11, 18)
        assert task["original_due_at"] == task["due_at"]

    def test_counts_from_the_day_it_is_in_bishkek(self, university: University) -> None:
        early = university.reported(at(2017, 4, 5, 0, 1))
        late = university.reported(at(2017, 4, 5, 23, 59))
        for found in (early, late):
            assert university.open_tasks(found)[0]["due_at"] == at(2017, 4, 11, 18)

    def test_knows_the_days_that_the_university_has_moved(self, university: University) -> None:
        university.change(sa.insert(t.day_exception).values(day=date(2017, 4, 6), works=False, reason="Субботник"))
        assert university.open_tasks(university.reported(SPRING))[0]["due_at"] == at(2017, 4, 12, 18)

    def test_of_an_action_is_the_day_that_was_agreed(self, university: University) -> None:
        _, action = university.under_way(SPRING, date(2017, 5, 7))  # a Sunday
        assert university.open_tasks(action)[0]["due_at"] == due_moment(date(2017, 5, 7))

    def test_stays_what_it_was_when_the_calendar_changes_later(self, university: University) -> None:
        found = university.reported(SPRING)
        university.change(sa.insert(t.day_exception).values(day=date(2017, 4, 6), works=False, reason="Субботник"))
        assert university.open_tasks(found)[0]["due_at"] == at(2017, 4, 11, 18)


class TestAnExtension:
    def test_asked_for_stops_no_clock(self, university: University) -> None:
        action, before = requested(university)
        tasks = {task["step"]: task for task in university.open_tasks(action)}
        assert set(tasks) == {"in_progress", "extension_requested"}
        assert tasks["in_progress"] == before
        assert tasks["extension_requested"]["holder_post_id"] == university.posts["vice"]

    def test_granted_opens_a_task_that_shows_the_first_date(self, university: University) -> None:
        action, before = requested(university)
        university.go(action, "grant_extension", "vice", at(2017, 5, 3))
        (task,) = university.open_tasks(action)
        assert task["id"] != before["id"]
        assert (task["due_at"], task["original_due_at"]) == (due_moment(MORE), due_moment(DUE))
        old = university.one(t.task, t.task.c.id == before["id"])
        assert (old["closed_at"], old["outcome"]) == (at(2017, 5, 3), "grant_extension")

    def test_granted_twice_still_shows_the_first_date(self, university: University) -> None:
        action, _ = requested(university)
        university.go(action, "grant_extension", "vice", at(2017, 5, 3))
        university.go(
            action, "request_extension", "owner", at(2017, 6, 5), new_due_on=date(2017, 7, 7), reason="Дагы эле"
        )
        university.go(action, "grant_extension", "vice", at(2017, 6, 6))
        (task,) = university.open_tasks(action)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(date(2017, 7, 7)), due_moment(DUE))
        assert university.one(t.corrective_action)["extensions"] == 2

    def test_refused_leaves_the_same_task_on_the_same_rung(self, university: University) -> None:
        action, _ = requested(university)
        sweep(university.database, at(2017, 5, 10))
        before = task_of(university, action, "in_progress")
        assert before["rung"] > 0
        university.go(action, "refuse_extension", "vice", at(2017, 5, 10), reason="Убакыт жетиштүү эле")
        assert university.open_tasks(action) == [before]
        assert university.one(t.corrective_action)["requested_due_on"] is None

    def test_is_decided_by_nobody_for_themselves(self, university: University) -> None:
        _, action = university.under_way(SPRING, DUE, owner="vice")
        university.go(action, "request_extension", "vice", SPRING, new_due_on=MORE, reason="Убакыт жок")
        assert task_of(university, action, "extension_requested")["holder_post_id"] == university.posts["rector"]
        with pytest.raises(Duties):
            university.go(action, "grant_extension", "vice", SPRING)
        university.go(action, "grant_extension", "rector", SPRING)

    def test_is_not_needed_any_more_once_the_work_is_done(self, university: University) -> None:
        action, _ = requested(university)
        university.go(action, "implement", "owner", at(2017, 5, 4), evidence="Буйрук", implemented_on=date(2017, 5, 4))
        assert [task["step"] for task in university.open_tasks(action)] == ["implemented"]


class TestRescheduling:
    def test_gives_the_nonconformity_a_new_task_that_shows_the_first_date(self, university: University) -> None:
        found, _ = university.under_way(SPRING, DUE)
        university.go(found, "reschedule", "vice", at(2017, 5, 4), complete_by=MORE, reason="Узартылды")
        (task,) = university.open_tasks(found)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(MORE), due_moment(DUE))


def done(university: University, action: UUID, owner: str = "owner") -> None:
    university.go(action, "implement", owner, SPRING, evidence="Буйрук №3", implemented_on=SPRING.date())


class TestWhatFollows:
    def test_the_actions_are_submitted_with_the_plan(self, university: University) -> None:
        found = university.planning(SPRING)
        actions = [university.action(found, SPRING, DUE) for _ in range(3)]
        moved = university.go(found, "submit_plan", "owner", SPRING, complete_by=DUE)
        for action in actions:
            assert university.state(action) == "approval"
            entry = university.history(action)[-1]
            assert (entry["cause_id"], entry["actor_id"]) == (moved.history_id, None)

    def test_an_ineffective_action_sends_the_nonconformity_back_to_its_causes(self, university: University) -> None:
        found, action = university.under_way(SPRING, DUE)
        done(university, action)
        university.go(action, "find_ineffective", "quality", SPRING, rationale="Кайталанды")
        assert university.state(found) == "cause_analysis"
        assert university.one(t.nonconformity)["rounds"] == 1
        assert university.history(found)[-1]["given"]["reason"] == "Кайталанды"

    def test_the_last_effective_action_brings_it_to_the_verification(self, university: University) -> None:
        found, first = university.under_way(SPRING, DUE)
        second = university.action(found, SPRING, DUE)
        for name, who in (("submit", "owner"), ("approve", "vice"), ("start", "owner")):
            university.go(second, name, who, SPRING)
        done(university, first)
        university.go(first, "find_effective", "quality", SPRING, rationale="Жарайт")
        assert university.state(found) == "acting"
        done(university, second)
        university.go(second, "find_effective", "quality", SPRING, rationale="Жарайт")
        assert university.state(found) == "verification"

    def test_the_last_cancelled_action_brings_it_back_to_the_planning(self, university: University) -> None:
        found, action = university.under_way(SPRING, DUE)
        university.go(action, "cancel", "vice", SPRING, reason="Кереги жок")
        assert university.state(found) == "action_planning"
        (task,) = university.open_tasks(found)
        assert task["step"] == "action_planning"

    def test_a_cancelled_action_after_an_effective_one_ends_the_work(self, university: University) -> None:
        found, first = university.under_way(SPRING, DUE)
        second = university.action(found, SPRING, DUE)
        done(university, first)
        university.go(first, "find_effective", "quality", SPRING, rationale="Жарайт")
        university.go(second, "cancel", "vice", SPRING, reason="Кереги жок")
        assert university.state(found) == "verification"

    def test_nothing_is_added_to_it_once_all_is_done_and_nothing_goes_on_once_it_is_closed(
        self, university: University
    ) -> None:
        found, action = university.under_way(SPRING, DUE)
        done(university, action)
        university.go(action, "find_effective", "quality", SPRING, rationale="Жарайт")
        with pytest.raises(GuardUnmet, match="Nothing can be added"):
            university.action(found, SPRING, DUE)
        university.go(found, "close", "quality", SPRING, evaluation="Жакшы")
        assert university.record(found)["closed_at"] == SPRING
        with pytest.raises(NotFromHere):
            university.go(found, "analyse_again", "quality", SPRING, reason="Кайра")

    def test_work_goes_on_although_its_nonconformity_went_back(self, university: University) -> None:
        """Of two actions one is ineffective; the other is closed later, planned for again, and all ends well."""
        found, first = university.under_way(SPRING, DUE)
        second = university.action(found, SPRING, DUE)
        for name, who in (("submit", "owner"), ("approve", "vice"), ("start", "owner")):
            university.go(second, name, who, SPRING)
        done(university, first)
        university.go(first, "find_ineffective", "quality", SPRING, rationale="Кайталанды")
        done(university, second)
        university.go(second, "find_effective", "quality", SPRING, rationale="Жарайт")
        assert university.state(found) == "cause_analysis"
        university.analysed(found, SPRING)
        with pytest.raises(GuardUnmet, match="root cause"):
            university.go(found, "submit_plan", "owner", SPRING, complete_by=DUE)
        third = university.action(found, SPRING, DUE)
        university.go(third, "link_causes", "owner", SPRING, causes=[2])
        university.go(found, "submit_plan", "owner", SPRING, complete_by=DUE)
        for name, who in (("approve", "vice"), ("start", "owner")):
            university.go(third, name, who, SPRING)
        done(university, third)
        university.go(third, "find_effective", "quality", SPRING, rationale="Жарайт")
        university.go(found, "close", "quality", SPRING, evaluation="Жакшы")
        assert university.state(found) == "closed"


class TestOnesOwnWork:
    def test_is_checked_by_the_vice_rector_where_it_is_the_quality_specialists(self, university: University) -> None:
        found, action = university.under_way(SPRING, DUE, owner="quality")
        done(university, action, "quality")
        assert task_of(university, action, "implemented")["holder_post_id"] == university.posts["vice"]
        with pytest.raises(Duties):
            university.go(action, "find_effective", "quality", SPRING, rationale="Жарайт")
        university.go(action, "find_effective", "vice", SPRING, rationale="Жарайт")
        assert task_of(university, found, "verification")["holder_post_id"] == university.posts["vice"]
        with pytest.raises(Duties):
            university.go(found, "close", "quality", SPRING, evaluation="Жакшы")
        university.go(found, "close", "vice", SPRING, evaluation="Жакшы")

    def test_of_a_post_that_nobody_answers_for_is_done_by_nobody_but_can_be_given_away(
        self, university: University
    ) -> None:
        """The owner's post and the one above are empty: the quality specialist is told, but has no right to decide."""
        for post in ("librarian", "rector"):
            university.vacate(post, SPRING.date())
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="librarian")
        with pytest.raises(NotYours):
            university.go(found, "record_correction", "quality", SPRING, correction="Түзөтүлдү")
        university.go(found, "dispute", "quality", SPRING, reason="Китепканачы жок")
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        university.go(found, "record_correction", "owner", SPRING, correction="Түзөтүлдү")

    def test_is_not_done_by_somebody_elses_hand(self, university: University) -> None:
        _, action = university.under_way(SPRING, DUE)
        for who in ("head", "quality", "vice", "rector"):
            with pytest.raises(NotYours):
                university.go(action, "implement", who, SPRING, evidence="x", implemented_on=SPRING.date())
        with pytest.raises(NotFound):  # who may not even read it
            university.go(action, "implement", "admin", SPRING, evidence="x", implemented_on=SPRING.date())
