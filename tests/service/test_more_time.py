"""More time: for a step, for an action and with it for its nonconformity; and what may be planned within which time."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation, organisation_changed
from service.policies.open_tasks import due_by
from service.sweep import sweep
from states.kyrgyz import fold
from states.refusals import Duties, GuardUnmet, NotYours
from states.registry import lifecycle
from states.working_days import due_moment
from tests.service.test_parts import refuses
from tests.support.chain import assert_whole
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DUE, LATER = date(2026, 6, 1), date(2026, 7, 1)
WHY: dict[str, Any] = {"reason": "Өргүү мезгили"}


def analysing(university: University) -> UUID:
    found = university.reported(NOW)
    university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
    university.go(found, "record_correction", "owner", NOW, correction="Табылды")
    return found


class TestMoreTimeForAStep:
    def test_moves_the_open_task_and_leaves_its_first_day(self, university: University) -> None:
        found = analysing(university)
        (before,) = university.open_tasks(found)
        university.go(found, "extend", "quality", NOW, new_due_on=DUE, **WHY)
        (after,) = university.open_tasks(found)
        assert after["id"] == before["id"]
        assert after["due_at"] == due_moment(DUE) > before["due_at"] == after["original_due_at"]
        assert university.state(found) == "cause_analysis"
        assert_whole(university, found)

    def test_silences_the_ladder_until_the_new_day_comes_near(self, university: University) -> None:
        found = analysing(university)
        (before,) = university.open_tasks(found)
        university.go(found, "extend", "quality", NOW, new_due_on=DUE, **WHY)
        sweep(university.database, before["next_notice_at"])
        assert not university.rows(t.notice, t.notice.c.rung.is_not(None))
        (after,) = university.open_tasks(found)
        sweep(university.database, after["next_notice_at"])
        (told,) = university.rows(t.notice, t.notice.c.rung.is_not(None))
        assert (told["task_id"], told["rung"]) == (before["id"], -3)

    def test_is_not_less_time(self, university: University) -> None:
        found = analysing(university)
        (task,) = university.open_tasks(found)
        day = task["due_at"].date()
        for new_due_on in (NOW.date(), day):
            give = partial(university.go, found, "extend", "quality", NOW, new_due_on=new_due_on, **WHY)
            refuses(university, GuardUnmet, give)

    def test_is_not_given_by_whoever_needs_it(self, university: University) -> None:
        found = analysing(university)
        refuses(university, NotYours, partial(university.go, found, "extend", "owner", NOW, new_due_on=DUE, **WHY))
        university.go(found, "reassign", "quality", NOW, owner_post="quality", **WHY)
        refuses(university, Duties, partial(university.go, found, "extend", "quality", NOW, new_due_on=DUE, **WHY))

    def test_is_not_taken_back_by_a_policy(self, university: University) -> None:
        found = analysing(university)
        university.go(found, "extend", "quality", NOW, new_due_on=DUE, **WHY)
        with university.database.read() as connection:
            task = connection.execute(sa.select(t.task).where(t.task.c.closed_at.is_(None))).one()
            step = lifecycle("nonconformity").steps["cause_analysis"]
            assert due_by(task, step, None, organisation(connection)) == due_moment(DUE)


class TestMoreTimeForAnAction:
    def test_takes_its_nonconformity_along(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE)
        university.go(action, "request_extension", "owner", NOW, new_due_on=LATER, **WHY)
        university.go(action, "grant_extension", "vice", NOW)
        row = university.one(t.nonconformity)
        assert (row["complete_by"], row["original_complete_by"]) == (LATER, DUE)
        entry = university.history(found)[-1]
        assert (entry["move"], entry["actor_id"], entry["given"]["reason"]) == ("reschedule", None, WHY["reason"])
        (task,) = university.open_tasks(found)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(LATER), due_moment(DUE))
        assert_whole(university, found)

    def test_that_was_asked_for_before_reasons_were_kept_can_be_granted(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE)
        university.go(action, "request_extension", "owner", NOW, new_due_on=LATER, **WHY)
        university.change(sa.update(t.corrective_action).values(extension_reason=None))
        university.go(action, "grant_extension", "vice", NOW)
        assert university.history(found)[-1]["given"]["reason"] == university.record(action)["code"]

    def test_that_its_nonconformity_has_leaves_that_alone(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE)
        university.go(found, "reschedule", "vice", NOW, complete_by=LATER, **WHY)
        moves = len(university.history(found))
        university.go(action, "extend", "vice", NOW, new_due_on=date(2026, 6, 15), **WHY)
        assert len(university.history(found)) == moves
        assert university.one(t.nonconformity)["complete_by"] == LATER

    def test_keeps_why_it_was_asked_for(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        university.go(action, "request_extension", "owner", NOW, new_due_on=LATER, **WHY)
        row = university.one(t.corrective_action)
        assert (row["requested_due_on"], row["extension_reason"]) == (LATER, WHY["reason"])


class TestWhatIsPlanned:
    def test_is_not_later_than_its_nonconformity(self, university: University) -> None:
        found, _ = university.under_way(NOW, DUE)
        refuses(university, GuardUnmet, partial(university.action, found, NOW, LATER))
        university.action(found, NOW, DUE)

    def test_before_the_causes_are_known_is_a_correction(self, university: University) -> None:
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        told = {"title": "Журналды табуу", "criterion": "Табылды", "due_on": DUE, "owner_post": "librarian"}
        plan = partial(university.open, "corrective_action", "owner", NOW, found, **told)
        refuses(university, GuardUnmet, partial(plan, action_kind="corrective"))
        action = plan(action_kind="correction")
        corrected = partial(university.go, found, "record_correction", "owner", NOW, correction="Табылды")
        refuses(university, GuardUnmet, corrected)
        university.go(action, "withdraw", "librarian", NOW, **WHY)
        corrected()
        assert university.state(found) == "verification"

    @pytest.mark.parametrize("day", [LATER, date(2026, 6, 2)])
    def test_in_steps_is_done_in_steps(self, university: University, day: date) -> None:
        _, action = university.under_way(NOW, DUE)
        add = partial(university.go, action, "add_step", "owner", NOW, title="Биринчи кадам")
        refuses(university, GuardUnmet, partial(add, step_due_on=day))
        add(step_due_on=DUE)
        done = {"evidence": "Акт", "implemented_on": NOW.date()}
        refuses(university, GuardUnmet, partial(university.go, action, "implement", "owner", NOW, **done))
        step = {"work_step": 1, "title": "Биринчи кадам", "done_on": NOW.date()}
        university.go(action, "amend_step", "owner", NOW, **step)
        university.go(action, "implement", "owner", NOW, **done)
        assert university.state(action) == "implemented"


class TestTheCampus:
    def test_follows_the_unit(self, university: University) -> None:
        """Registered for a unit of another campus, it answers to that one's posts and policies."""
        found = university.reported(NOW)
        with university.database.write() as connection:
            ids = dict(connection.execute(sa.select(t.unit.c.code, t.unit.c.id)).tuples().all())
            connection.execute(sa.update(t.unit).where(t.unit.c.code == "LIBRARY").values(is_campus=True))
            organisation_changed(connection)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner", unit="LIBRARY")
        record = university.record(found)
        assert (record["unit_id"], record["campus_id"]) == (ids["LIBRARY"], ids["LIBRARY"])


class TestTheDescription:
    def test_is_corrected_and_found_by_its_new_words(self, university: University) -> None:
        found = university.reported(NOW)
        before = university.one(t.nonconformity)
        process = university.one(t.process)["code"] if university.rows(t.process) else None
        university.go(found, "describe", "quality", NOW, title="Жаңы аталыш", process=process)
        record, after = university.record(found), university.one(t.nonconformity)
        assert record["title"] == "Жаңы аталыш"
        assert fold("жаңы аталыш") in record["folded"]
        assert (after["found"], after["source"], after["found_on"]) == tuple(
            before[name] for name in ("found", "source", "found_on")
        )

    def test_has_its_days_in_order(self, university: University) -> None:
        found = university.reported(NOW)
        for wrong in ({"known_on": LATER}, {"occurred_on": NOW.date(), "found_on": date(2026, 4, 1)}):
            refuses(university, GuardUnmet, partial(university.go, found, "describe", "quality", NOW, **wrong))
