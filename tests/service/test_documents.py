"""Documents: which revision is in force, what replaces it and when, and every way out."""

from datetime import date

import pytest

from models import tables as t
from service.daily import daily
from states.refusals import GuardUnmet, NotFromHere, NotYours
from states.routes import usual
from states.working_days import moment
from tests.support.university import University, at, order, protocol

SPRING = at(2017, 4, 5)
APPROVED = at(2017, 4, 19)
MAY = date(2017, 5, 2)


def in_force(university: University) -> list[object]:
    return [row["record_id"] for row in university.rows(t.revision, t.revision.c.in_force)]


class TestTheRevisionInForce:
    def test_stays_until_the_next_one_replaces_it(self, university: University) -> None:
        first = university.in_force(SPRING)
        second = university.endorsed(APPROVED)
        assert in_force(university) == [first]
        university.go(second, "approve", "rector", APPROVED, **order("01-12/138", APPROVED, MAY))
        assert university.state(second) == "scheduled"
        assert in_force(university) == [first]
        daily(university.database, at(2017, 5, 1, 23, 59))
        assert (university.state(first), in_force(university)) == ("effective", [first])
        daily(university.database, moment(MAY))
        assert (university.state(first), university.state(second)) == ("superseded", "effective")
        assert in_force(university) == [second]

    def test_is_replaced_at_once_where_the_order_says_today(self, university: University) -> None:
        first = university.in_force(SPRING)
        second = university.in_force(APPROVED)
        assert (university.state(first), university.state(second)) == ("superseded", "effective")
        assert in_force(university) == [second]
        entry = university.history(first)[-1]
        assert (entry["move"], entry["actor_id"], entry["cause_id"]) == (
            "supersede",
            None,
            university.history(second)[-1]["id"],
        )

    def test_is_replaced_while_it_is_under_review_and_its_task_closed(self, university: University) -> None:
        first = university.in_force(SPRING)
        daily(university.database, at(2018, 4, 5))
        assert university.state(first) == "periodic_review"
        university.in_force(at(2018, 4, 19))
        assert university.state(first) == "superseded"
        assert university.open_tasks(first) == []

    def test_is_none_where_it_was_withdrawn(self, university: University) -> None:
        first = university.in_force(SPRING)
        university.go(first, "withdraw", "rector", APPROVED, order_no="7", decided_on=APPROVED.date(), reason="Эскирди")
        assert in_force(university) == []
        assert university.record(first)["wake_at"] is None
        second = university.in_force(APPROVED)
        assert in_force(university) == [second]

    def test_is_still_the_old_one_where_the_order_is_recalled(self, university: University) -> None:
        first = university.in_force(SPRING)
        second = university.endorsed(APPROVED)
        university.go(second, "approve", "rector", APPROVED, **order("01-12/138", APPROVED, MAY))
        university.go(second, "recall", "rector", at(2017, 4, 20), reason="Ката")
        assert daily(university.database, moment(MAY)) == {"woken": 0, "refused": 0}
        assert (university.state(second), in_force(university)) == ("rector_approval", [first])
        assert university.one(t.revision, t.revision.c.record_id == second)["in_force_on"] is None


class TestADraft:
    def test_is_the_only_one_under_way(self, university: University) -> None:
        university.in_force(SPRING)
        second = university.draft(APPROVED)
        with pytest.raises(GuardUnmet):
            university.draft(APPROVED)
        university.go(second, "abandon", "owner", APPROVED, reason="Кереги жок")
        third = university.draft(APPROVED)
        assert university.record(third)["code"] == "УСТ 4.09/3"

    def test_is_the_only_one_while_the_next_waits_for_its_day(self, university: University) -> None:
        second = university.endorsed(APPROVED)
        university.go(second, "approve", "rector", APPROVED, **order("1", APPROVED, MAY))
        with pytest.raises(GuardUnmet):
            university.draft(APPROVED)

    def test_goes_through_every_council_again_after_it_was_returned(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        university.go(revision, "endorse", "sec_ouk", SPRING, **protocol("1", SPRING))
        university.go(revision, "return_for_revision", "sec_ok", SPRING, **protocol("2", SPRING))
        assert university.state(revision) == "draft"
        university.go(revision, "submit", "owner", SPRING)
        with pytest.raises(NotYours):
            university.go(revision, "endorse", "sec_ok", SPRING, **protocol("3", SPRING))
        university.go(revision, "endorse", "sec_ouk", SPRING, **protocol("3", SPRING))
        assert university.state(revision) == "council_review"

    def test_goes_on_to_the_next_council_once_amendments_are_entered(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        university.go(revision, "endorse_with_amendments", "sec_ouk", SPRING, **protocol("1", SPRING))
        assert university.state(revision) == "amendment"
        university.go(revision, "enter_amendments", "owner", SPRING, clauses="4.1")
        (task,) = university.open_tasks(revision)
        assert (task["step"], task["holder_post_id"]) == ("council_review", university.posts["sec_ok"])

    def test_ends_where_a_council_rejects_it(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        university.go(revision, "reject", "sec_ouk", SPRING, **protocol("1", SPRING))
        assert university.record(revision)["closed_at"] == SPRING
        assert [row["move"] for row in university.rows(t.decision)] == ["reject"]
        with pytest.raises(NotFromHere):
            university.go(revision, "submit", "owner", SPRING)

    def test_comes_back_to_its_author_from_the_rector(self, university: University) -> None:
        revision = university.endorsed(SPRING)
        university.go(revision, "return_to_author", "rector", SPRING, reason="Толук эмес")
        (task,) = university.open_tasks(revision)
        assert (task["step"], task["holder_person_id"]) == ("draft", university.people["owner"])

    @pytest.mark.parametrize("steps", [0, 1, 2, 3])
    def test_may_be_abandoned_until_it_is_approved(self, university: University, steps: int) -> None:
        revision = university.draft(SPRING)
        ways = [
            ("submit", "owner", {}),
            ("endorse", "sec_ouk", protocol("1", SPRING)),
            ("endorse", "sec_ok", protocol("2", SPRING)),
        ]
        for name, who, given in ways[:steps]:
            university.go(revision, name, who, SPRING, **given)
        university.go(revision, "abandon", "owner", SPRING, reason="Кереги жок")
        assert university.state(revision) == "abandoned"
        assert university.open_tasks(revision) == []

    def test_cannot_be_abandoned_once_it_is_approved(self, university: University) -> None:
        revision = university.endorsed(SPRING)
        university.go(revision, "approve", "rector", SPRING, **order("1", SPRING, MAY))
        with pytest.raises(NotFromHere):
            university.go(revision, "abandon", "owner", SPRING, reason="Кереги жок")

    def test_needs_a_route(self, university: University) -> None:
        with university.database.write() as connection:
            connection.execute(t.route.update().values(facts=usual(()).facts))
        revision = university.draft(SPRING)
        with pytest.raises(GuardUnmet, match="no route"):
            university.go(revision, "submit", "owner", SPRING)

    def test_is_decided_although_a_council_of_its_route_is_gone(self, university: University) -> None:
        """Nobody is the secretary of a council that does not exist: the quality specialist answers for it."""
        with university.database.write() as connection:
            connection.execute(t.route.update().values(facts=usual(("gone",)).facts))
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        university.go(revision, "endorse", "quality", SPRING, **protocol("1", SPRING))
        assert university.state(revision) == "rector_approval"
        assert university.one(t.decision)["body_id"] is None


class TestAReview:
    def test_opens_a_year_after_the_entry_into_force(self, university: University) -> None:
        revision = university.endorsed(APPROVED)
        university.go(revision, "approve", "rector", APPROVED, **order("1", APPROVED, MAY))
        daily(university.database, moment(MAY))
        assert daily(university.database, at(2018, 5, 1, 23)) == {"woken": 0, "refused": 0}
        assert daily(university.database, at(2018, 5, 2, 0, 5)) == {"woken": 1, "refused": 0}
        (task,) = university.open_tasks(revision)
        assert (task["step"], task["holder_post_id"]) == ("periodic_review", university.posts["quality"])

    def test_is_made_not_more_than_once_a_year(self, university: University) -> None:
        revision = university.in_force(SPRING)
        with pytest.raises(GuardUnmet, match="less than a year"):
            university.go(revision, "open_review", "quality", at(2017, 6, 1))
        daily(university.database, at(2018, 4, 5))
        university.go(revision, "reaffirm", "quality", at(2018, 4, 20), findings="Жарайт")
        with pytest.raises(GuardUnmet, match="less than a year"):
            university.go(revision, "open_review", "quality", at(2019, 4, 19))
        university.go(revision, "open_review", "quality", at(2019, 4, 20))

    def test_that_reaffirms_comes_again_a_year_later(self, university: University) -> None:
        revision = university.in_force(SPRING)
        daily(university.database, at(2018, 4, 5))
        university.go(revision, "reaffirm", "quality", at(2018, 4, 20), findings="Жарайт")
        assert university.record(revision)["wake_at"] == moment(date(2019, 4, 20))
        assert university.open_tasks(revision) == []

    def test_that_revises_opens_a_draft_of_the_owner(self, university: University) -> None:
        revision = university.in_force(SPRING)
        daily(university.database, at(2018, 4, 5))
        university.go(revision, "revise", "quality", at(2018, 4, 20), summary="4.1-пункт эскирди")
        successor = university.one(t.revision, t.revision.c.number == 2)
        assert university.state(successor["record_id"]) == "draft"
        (task,) = university.open_tasks(successor["record_id"])
        assert task["holder_post_id"] == university.posts["owner"]
        entry = university.history(successor["record_id"])[0]
        assert (entry["cause_id"], entry["actor_id"]) == (university.history(revision)[-1]["id"], None)
        assert in_force(university) == [revision]
        university.go(successor["record_id"], "submit", "owner", at(2018, 4, 21))

    def test_that_revises_is_content_with_a_draft_that_is_under_way(self, university: University) -> None:
        revision = university.in_force(SPRING)
        university.draft(at(2018, 4, 1))
        daily(university.database, at(2018, 4, 5))
        university.go(revision, "revise", "quality", at(2018, 4, 20), summary="4.1-пункт эскирди")
        assert university.state(revision) == "effective"
        assert len(university.rows(t.revision)) == 2

    def test_may_end_in_withdrawal(self, university: University) -> None:
        revision = university.in_force(SPRING)
        daily(university.database, at(2018, 4, 5))
        with pytest.raises(NotYours):
            university.go(
                revision, "withdraw", "quality", at(2018, 4, 6), order_no="9", decided_on=date(2018, 4, 6), reason="x"
            )
        university.go(
            revision, "withdraw", "rector", at(2018, 4, 6), order_no="9", decided_on=date(2018, 4, 6), reason="x"
        )
        assert (university.open_tasks(revision), in_force(university)) == ([], [])
