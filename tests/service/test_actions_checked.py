"""Actions: more time given or cancellation asked for beside the clock, who checks them, and what a check can say."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.sweep import sweep
from states.refusals import Duties, GuardUnmet, NotFound, NotFromHere, NotYours
from states.working_days import due_moment
from tests.service.test_parts import refuses
from tests.support.chain import assert_whole
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DUE, MORE = date(2026, 5, 4), date(2026, 6, 1)
RATIONALE = {"rationale": "Текшерилди"}


def typed(university: University, action: UUID) -> dict[str, Any]:
    """What only an action has."""
    return university.one(t.corrective_action, t.corrective_action.c.record_id == action)


def steps(university: University, action: UUID) -> dict[str, dict[str, Any]]:
    """Its open tasks by their steps."""
    return {task["step"]: task for task in university.open_tasks(action)}


def implemented(university: University, who: str = "owner", **told: Any) -> UUID:
    """An action that `who` has carried out."""
    _, action = university.under_way(NOW, DUE)
    university.go(action, "implement", who, NOW, evidence="Буйрук", implemented_on=NOW.date(), **told)
    return action


def alone(university: University, **told: Any) -> UUID:
    """An action that hangs on nothing, carried out by `owner`."""
    said = {"title": "Тартип", "action_kind": "preventive", "criterion": "Бар", "due_on": DUE, "owner_post": "owner"}
    action = university.open("corrective_action", "quality", NOW, **{**said, **told})
    for name, who in (("submit", "owner"), ("approve", "vice"), ("start", "owner")):
        university.go(action, name, who, NOW)
    university.go(action, "implement", "owner", NOW, evidence="Буйрук", implemented_on=NOW.date())
    return action


def gives(university: University, person: str, post: str) -> None:
    """The person holds the post too."""
    ids = {"person_id": university.people[person], "post_id": university.posts[post]}
    university.change(sa.insert(t.holding).values(id=new_id(), since=date(2000, 1, 1), **ids))


def away(university: University, person: str, deputy: str) -> None:
    """The person is away today, and the deputy acts for them."""
    people = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    spell = {"since": NOW.date(), "until": NOW.date(), "entered_at": NOW}
    university.change(sa.insert(t.absence).values(id=new_id(), **people, **spell))


class TestMoreTimeWithoutARequest:
    def test_is_given_by_somebody_above_and_counted_while_the_first_date_stays(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        university.go(action, "extend", "vice", NOW, new_due_on=MORE, reason="Каникул")
        kept = typed(university, action)
        assert (kept["due_on"], kept["original_due_on"], kept["extensions"]) == (MORE, DUE, 1)
        (task,) = university.open_tasks(action)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(MORE), due_moment(DUE))

    def test_is_not_less_and_not_for_oneself(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        extend = partial(university.go, action, "extend", reason="x")
        refuses(university, GuardUnmet, partial(extend, "vice", NOW, new_due_on=DUE))
        for who in ("owner", "quality", "head"):
            refuses(university, NotYours, partial(extend, who, NOW, new_due_on=MORE))
        _, own = university.under_way(NOW, DUE, owner="vice")
        extend = partial(university.go, own, "extend", reason="x", new_due_on=MORE)
        refuses(university, Duties, partial(extend, "vice", NOW))
        extend("rector", NOW)


class TestACancellation:
    def requested(self, university: University) -> tuple[UUID, UUID]:
        found, action = university.under_way(NOW, DUE)
        university.go(action, "request_cancellation", "owner", NOW, reason="Кереги жок")
        return found, action

    def test_asked_for_stops_no_clock(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        (before,) = university.open_tasks(action)
        university.go(action, "request_cancellation", "owner", NOW, reason="Кереги жок")
        tasks = steps(university, action)
        assert set(tasks) == {"in_progress", "cancellation_requested"}
        assert tasks["in_progress"] == before
        assert tasks["cancellation_requested"]["holder_post_id"] == university.posts["vice"]

    def test_refused_leaves_the_same_task_on_the_same_rung(self, university: University) -> None:
        _, action = self.requested(university)
        late = at(2026, 5, 20)
        sweep(university.database, late)
        before = steps(university, action)["in_progress"]
        assert before["rung"] > 0
        university.go(action, "refuse_cancellation", "vice", late, reason="Керек")
        assert university.open_tasks(action) == [before]

    def test_granted_ends_both_tasks_and_takes_the_nonconformity_on(self, university: University) -> None:
        found, action = self.requested(university)
        university.go(action, "cancel", "vice", NOW, reason="Макул")
        assert university.open_tasks(action) == []
        assert (university.state(action), university.state(found)) == ("cancelled", "action_planning")
        assert_whole(university, action)

    def test_is_not_needed_any_more_once_the_work_is_done(self, university: University) -> None:
        _, action = self.requested(university)
        university.go(action, "implement", "owner", NOW, evidence="Буйрук", implemented_on=NOW.date())
        assert set(steps(university, action)) == {"implemented"}

    def test_is_decided_by_nobody_for_themselves(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE, owner="vice")
        university.go(action, "request_cancellation", "vice", NOW, reason="x")
        for move in ("cancel", "refuse_cancellation"):
            refuses(university, Duties, partial(university.go, action, move, "vice", NOW, reason="x"))
        university.go(action, "cancel", "rector", NOW, reason="x")

    def test_of_the_vice_rectors_own_action_is_the_rectors_task(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE, owner="vice")
        university.go(action, "request_cancellation", "vice", NOW, reason="x")
        assert steps(university, action)["cancellation_requested"]["holder_post_id"] == university.posts["rector"]


class TestReassigning:
    def test_while_more_time_is_asked_for_moves_the_work_and_not_the_decision(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        university.go(action, "request_extension", "owner", NOW, new_due_on=MORE, reason="x")
        before = steps(university, action)
        university.go(action, "reassign", "quality", NOW, owner_post="librarian", reason="x")
        after = steps(university, action)
        assert after["extension_requested"] == before["extension_requested"]
        assert after["in_progress"] == {**before["in_progress"], "holder_post_id": university.posts["librarian"]}
        university.go(action, "grant_extension", "vice", NOW)
        assert steps(university, action)["in_progress"]["holder_post_id"] == university.posts["librarian"]

    def test_to_whoever_was_to_decide_gives_the_decision_to_somebody_else(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        university.go(action, "request_extension", "owner", NOW, new_due_on=MORE, reason="x")
        university.go(action, "reassign", "quality", NOW, owner_post="vice", reason="x")
        tasks = steps(university, action)
        assert tasks["in_progress"]["holder_post_id"] == university.posts["vice"]
        assert tasks["extension_requested"]["holder_post_id"] == university.posts["rector"]


class TestTheChecker:
    def test_is_the_quality_specialist_unless_another_post_was_named(self, university: University) -> None:
        action = implemented(university)
        assert steps(university, action)["implemented"]["holder_post_id"] == university.posts["quality"]

    def test_named_when_it_is_planned_or_approved_has_the_task(self, university: University) -> None:
        action = alone(university, checker_post="head")
        assert steps(university, action)["implemented"]["holder_post_id"] == university.posts["head"]
        found = university.planning(NOW)
        other = university.action(found, NOW, DUE)
        university.go(found, "submit_plan", "owner", NOW, complete_by=DUE)
        university.go(other, "approve", "vice", NOW, checker_post="librarian")
        university.go(other, "start", "owner", NOW)
        university.go(other, "implement", "owner", NOW, evidence="x", implemented_on=NOW.date())
        assert steps(university, other)["implemented"]["holder_post_id"] == university.posts["librarian"]
        university.go(other, "find_effective", "librarian", NOW, **RATIONALE)

    def test_is_never_the_owner(self, university: University) -> None:
        refuses(university, GuardUnmet, lambda: alone(university, checker_post="owner"))
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE)
        university.go(found, "submit_plan", "owner", NOW, complete_by=DUE)
        refuses(university, GuardUnmet, partial(university.go, action, "approve", "vice", NOW, checker_post="owner"))

    def test_who_becomes_the_owner_leaves_it_to_somebody_else(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        with university.database.write() as connection:
            checker = {"checker_post_id": university.posts["head"]}
            connection.execute(sa.update(t.corrective_action).values(checker))
        university.go(action, "reassign", "quality", NOW, owner_post="head", reason="x")
        university.go(action, "implement", "head", NOW, evidence="x", implemented_on=NOW.date())
        assert steps(university, action)["implemented"]["holder_post_id"] == university.posts["vice"]
        refuses(university, Duties, partial(university.go, action, "find_effective", "head", NOW, **RATIONALE))

    @pytest.mark.parametrize("move", ["find_effective", "find_ineffective"])
    def test_who_carried_it_out_does_not_check_it(self, university: University, move: str) -> None:
        """Neither as the named post, nor as its deputy, nor does a deputy of the owner who stands in for it."""
        action = alone(university, checker_post="head")
        gives(university, "owner", "head")
        refuses(university, Duties, partial(university.go, action, move, "owner", NOW, **RATIONALE))
        other = alone(university, checker_post="librarian")
        away(university, "librarian", "owner")
        refuses(university, Duties, partial(university.go, other, move, "owner", NOW, **RATIONALE))

    def test_stands_in_for_the_owner_and_so_does_not_check_it(self, university: University) -> None:
        action = alone(university, checker_post="librarian")
        away(university, "owner", "librarian")
        refuses(university, Duties, partial(university.go, action, "find_effective", "librarian", NOW, **RATIONALE))

    def test_who_is_away_is_stood_in_for(self, university: University) -> None:
        action = alone(university, checker_post="head")
        away(university, "head", "librarian")
        university.go(action, "find_effective", "librarian", NOW, **RATIONALE)
        entry = university.history(action)[-1]
        assert (entry["post_id"], entry["acting_for_id"]) == (university.posts["head"], university.people["head"])

    def test_of_another_action_checks_nothing_here(self, university: University) -> None:
        alone(university, checker_post="librarian")
        action = alone(university, checker_post="head")
        refuses(university, NotFound, partial(university.go, action, "find_effective", "librarian", NOW, **RATIONALE))


class TestACheck:
    def test_that_says_nothing_yet_is_made_again_on_a_later_day(self, university: University) -> None:
        action = implemented(university)
        first = steps(university, action)["implemented"]
        again = partial(university.go, action, "find_inconclusive", "quality", NOW, **RATIONALE)
        for day in (NOW.date(), date(2026, 4, 1)):
            refuses(university, GuardUnmet, partial(again, check_on=day))
        again(check_on=MORE)
        (task,) = university.open_tasks(action)
        assert (task["step"], task["due_at"]) == ("implemented", due_moment(MORE))
        assert task["id"] != first["id"]
        assert (typed(university, action)["check_on"], typed(university, action)["checks"]) == (MORE, 1)
        university.go(action, "find_effective", "quality", at(2026, 6, 1), **RATIONALE)
        assert university.state(action) == "closed"

    def test_finds_nothing_in_what_has_not_been_done(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        refuses(university, NotFromHere, partial(university.go, action, "find_effective", "quality", NOW, **RATIONALE))


class TestWhatStandsAlone:
    def test_and_was_not_effective_is_planned_anew(self, university: University) -> None:
        action = alone(university)
        later = at(2026, 5, 20)
        university.go(action, "find_ineffective", "quality", later, **RATIONALE)
        (task,) = university.open_tasks(action)
        assert (task["step"], task["holder_post_id"]) == ("planned", university.posts["owner"])
        assert university.record(action)["closed_at"] is None
        submit = partial(university.go, action, "submit", "owner", later)
        refuses(university, GuardUnmet, submit)
        submit(due_on=MORE)
        for name, who in (("approve", "vice"), ("start", "owner")):
            university.go(action, name, who, later)
        kept = typed(university, action)
        assert (kept["due_on"], kept["original_due_on"]) == (MORE, DUE)
        (task,) = university.open_tasks(action)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(MORE), due_moment(DUE))
        university.go(action, "implement", "owner", later, evidence="Дагы", implemented_on=later.date())
        university.go(action, "find_effective", "quality", later, **RATIONALE)
        assert university.state(action) == "closed"
        assert_whole(university, action)

    def test_may_change_its_date_until_it_is_approved(self, university: University) -> None:
        said = {"title": "x", "action_kind": "improvement", "criterion": "x", "due_on": DUE, "owner_post": "owner"}
        action = university.open("corrective_action", "quality", NOW, None, **said)
        university.go(action, "submit", "owner", NOW, due_on=MORE)
        university.go(action, "return_plan", "vice", NOW, reason="Эрте")
        university.go(action, "submit", "owner", NOW, due_on=DUE)
        kept = typed(university, action)
        assert (kept["due_on"], kept["original_due_on"]) == (DUE, DUE)
