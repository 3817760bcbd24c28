"""Posts and who holds them: one head to a unit, several holders to a post, never the same person twice at once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.holdings import hold_post, leave_post, withdraw_holding
from service.keeping.posts import add_post, change_post, close_post, reopen_post
from states.refusals import GuardUnmet, Incomplete, NotYours
from states.roles import Role
from states.routes import usual
from tests.keeping.keeping import DAY, NOW, do, log, post, said, snapshot
from tests.support.university import PEOPLE, University, at


def hold(university: University, person: str, post: str, since: date, until: date | None = None) -> Any:
    given = {"person": person, "post": post, "since": since, "until": until}
    return do(university, hold_post, given)


def holding_of(university: University, person: str) -> Any:
    return university.rows(t.holding, t.holding.c.person_id == university.people[person])[0]["id"]


class TestAPost:
    def test_may_have_a_role_of_the_university(self, university: University) -> None:
        post_id = do(university, add_post, post("rep", role="quality_representative"))
        assert snapshot(university).posts[post_id].role is Role.QUALITY_REPRESENTATIVE
        with pytest.raises(Incomplete):
            do(university, add_post, post("clock", role="clock"))
        do(university, change_post, post_id, {"name_ky": "rep", "unit": "DEPARTMENT", "role": "none"})
        assert snapshot(university).posts[post_id].role is None

    def test_shares_its_role_with_others(self, university: University) -> None:
        do(university, add_post, post("second", "UNI", role="quality_specialist"))
        assert len(snapshot(university).posts_of_role(Role.QUALITY_SPECIALIST)) == 2

    def test_heads_its_unit_alone(self, university: University) -> None:
        with pytest.raises(Incomplete):
            do(university, add_post, post("second", heads="yes"))
        second = do(university, add_post, post("second"))
        with pytest.raises(Incomplete):
            do(university, change_post, second, {"name_ky": "x", "unit": "DEPARTMENT", "heads": "yes"})
        university.vacate("head", DAY)
        do(university, close_post, university.posts["head"], DAY)
        assert do(university, change_post, second, {"name_ky": "x", "unit": "DEPARTMENT", "heads": "yes"})
        assert snapshot(university).head_of(university.units["DEPARTMENT"]) == second
        with pytest.raises(Incomplete):
            do(university, reopen_post, university.posts["head"])

    def test_that_is_closed_gives_its_role_to_nobody_not_even_to_the_head_above(self, university: University) -> None:
        second = do(university, add_post, post("second", role="administrator"))
        do(university, close_post, second, DAY)
        with pytest.raises(NotYours):
            do(university, add_post, post("third"), who="head")

    def test_is_kept_by_nobody_but_the_administrator(self, university: University) -> None:
        for who in set(PEOPLE) - {"admin"}:
            with pytest.raises(NotYours):
                do(university, add_post, post("x"), who=who)
            with pytest.raises(NotYours):
                do(university, close_post, university.posts["reader"], DAY, who=who)

    def test_is_kept_by_the_administrators_deputy_for_them(self, university: University) -> None:
        away = {"id": new_id(), "person_id": university.people["admin"], "deputy_id": university.people["reader"]}
        university.change(sa.insert(t.absence).values(since=DAY, until=DAY, entered_at=NOW, reason="", **away))
        do(university, add_post, post("x"), who="reader")
        assert log(university)[0]["facts"]["acting_for"] == str(university.people["admin"])

    def test_is_not_closed_while_it_answers_for_anything(self, university: University) -> None:
        for name, what in (("reader", "holders: 1"), ("owner", "documents: 1"), ("sec_ok", "councils: 1")):
            with pytest.raises(GuardUnmet) as refused:
                do(university, close_post, university.posts[name], DAY)
            assert what in said(refused.value)

    def test_that_approves_by_a_route_or_what_is_under_way_is_not_closed(self, university: University) -> None:
        post_id = university.posts["librarian"]
        university.vacate("librarian", DAY)
        before = university.rows(t.route)[0]["facts"]
        university.change(sa.update(t.route).values(facts=replace(usual(("ouk", "ok")), approver=post_id.hex).facts))
        with pytest.raises(GuardUnmet) as refused:
            do(university, close_post, post_id, DAY)
        assert said(refused.value, "what") == ["routes (as their approver): 1"]
        university.draft(NOW)
        university.change(
            sa.update(t.revision).values(approver_post_id=post_id), sa.update(t.route).values(facts=before)
        )
        with pytest.raises(GuardUnmet) as refused:
            do(university, close_post, post_id, DAY)
        assert said(refused.value, "what") == ["revisions to approve: 1"]
        university.change(sa.update(t.record).values(closed_at=NOW, state="abandoned"))
        do(university, close_post, post_id, DAY)

    def test_with_open_tasks_is_not_closed(self, university: University) -> None:
        university.vacate("owner", DAY)
        university.change(t.document.update().values(owner_post_id=None))
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        with pytest.raises(GuardUnmet) as refused:
            do(university, close_post, university.posts["owner"], DAY)
        assert set(said(refused.value)) == {"open records: 1", "open tasks: 1"}


class TestHolding:
    def test_may_be_more_than_ones_and_end_ahead(self, university: University) -> None:
        hold(university, "reader", "librarian", DAY, DAY + timedelta(days=30))
        later = DAY + timedelta(days=31)
        librarian, people = university.posts["librarian"], university.people
        found = snapshot(university)
        assert set(found.holders(librarian, DAY)) == {people["librarian"], people["reader"]}
        assert found.holders(librarian, later) == (people["librarian"],)

    def test_of_one_post_by_one_person_does_not_overlap(self, university: University) -> None:
        with pytest.raises(Incomplete):
            hold(university, "librarian", "librarian", DAY)
        until = DAY - timedelta(days=1)
        do(university, leave_post, holding_of(university, "librarian"), {"until": until})
        hold(university, "librarian", "librarian", DAY)
        with pytest.raises(Incomplete):
            do(university, leave_post, holding_of(university, "librarian"), {"until": DAY})

    def test_gives_the_post_up_on_its_last_day(self, university: University) -> None:
        do(university, leave_post, holding_of(university, "owner"), {"until": DAY})
        found, owner = snapshot(university), university.posts["owner"]
        assert found.holders(owner, DAY) == (university.people["owner"],)
        assert found.answering(owner, DAY + timedelta(days=1)) == (university.people["head"],)
        (line,) = log(university, "post.left")
        assert line["facts"] == {"before": {"until": None}, "after": {"until": DAY.isoformat()}}
        assert line["about_id"] == owner

    def test_ends_not_before_it_began(self, university: University) -> None:
        with pytest.raises(Incomplete):
            hold(university, "reader", "owner", DAY, DAY - timedelta(days=1))
        with pytest.raises(Incomplete):
            do(university, leave_post, holding_of(university, "owner"), {"until": date(1999, 12, 31)})

    def test_can_be_taken_back_only_before_it_began(self, university: University) -> None:
        ahead = hold(university, "reader", "owner", DAY + timedelta(days=1))
        do(university, withdraw_holding, ahead)
        with pytest.raises(GuardUnmet):
            do(university, withdraw_holding, holding_of(university, "owner"))
        assert log(university, "post.not_held")[0]["facts"]["after"] == {}

    def test_of_a_closed_post_is_not_possible(self, university: University) -> None:
        university.vacate("reader", DAY)
        do(university, close_post, university.posts["reader"], DAY)
        with pytest.raises(Incomplete):
            hold(university, "reader", "reader", DAY)

    def test_that_is_to_check_an_action_is_not_closed(self, university: University) -> None:
        university.under_way(NOW, DAY + timedelta(days=20))
        university.change(sa.update(t.corrective_action).values(checker_post_id=university.posts["reader"]))
        university.vacate("reader", DAY)
        with pytest.raises(GuardUnmet):
            do(university, close_post, university.posts["reader"], DAY)

    def test_moves_no_task_as_posts_have_them(self, university: University) -> None:
        found = university.reported(NOW)
        before = university.open_tasks(found)
        hold(university, "reader", "quality", DAY)
        assert university.open_tasks(found) == before
        university.go(found, "register", "reader", at(2026, 4, 6, 11), severity="minor", owner_post="owner")
