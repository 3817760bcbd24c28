"""The way of a document, told move by move as TalSU and NSU describe it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from states.document import LIFECYCLE
from states.document_rules import months_after
from states.lifecycle import Case
from states.refusals import GuardUnmet, NotFromHere, NotYours
from states.roles import Role
from states.routes import Does, Stage, Way, usual

SITTING, ORDER, LATER = date(2017, 4, 5), date(2017, 4, 19), date(2017, 9, 1)
BODYS: dict[str, Any] = {
    "protocol_no": "5",
    "decided_on": SITTING,
    "agenda_item": None,
    "votes_for": 21,
    "votes_against": 0,
    "votes_abstained": 1,
    "wording": "Бекитилсин",
}
ORDERED: dict[str, Any] = {"order_no": "01-12/138", "decided_on": ORDER, "in_force_on": ORDER, "wording": None}


@dataclass
class Revision:
    """A revision whose fields are kept as the write path keeps them."""

    state: str = "draft"
    fields: dict[str, Any] = field(
        default_factory=lambda: {
            "route": (),
            "type_route": usual(("educational_methodical_council", "academic_council")).facts,
            "position": 0,
            "review_months": 36,
            "reviewed_on": None,
            "in_force_on": None,
            "review_due_on": None,
            "in_force": None,
        }
    )

    def move(self, name: str, role: Role, today: date = ORDER, **given: Any) -> list[str]:
        """Make the move; the names of what follows from it, first those that come before."""
        case = Case(self.state, self.fields, today, frozenset({role}), given)
        move = LIFECYCLE.fire(case, name)
        self.state = case.state
        self.fields |= {name: value(case) for name, value in move.sets.items()}
        return [then.move or then.relation for then in move.then if then.when is None or then.when(case)]

    def at_the_rector(self) -> "Revision":
        """Endorsed by both bodies."""
        self.move("submit", Role.AUTHOR, note=None)
        self.move("endorse", Role.SECRETARY, **BODYS)
        self.move("endorse", Role.SECRETARY, **BODYS)
        return self

    def in_force(self) -> "Revision":
        """Approved on 19 April 2017, in force that day."""
        self.at_the_rector().move("approve", Role.RECTOR, **ORDERED)
        return self


class TestTheBodiesReviewInTurn:
    def test_each_endorses_before_the_rector_sees_it(self) -> None:
        revision = Revision()
        revision.move("submit", Role.AUTHOR)
        assert (revision.state, revision.fields["position"]) == ("council_review", 0)
        revision.move("endorse", Role.SECRETARY, **BODYS)
        assert (revision.state, revision.fields["position"]) == ("council_review", 1)
        revision.move("endorse", Role.SECRETARY, **BODYS)
        assert revision.state == "rector_approval"

    def test_amendments_are_entered_before_the_next_body_reviews(self) -> None:
        revision = Revision()
        revision.move("submit", Role.AUTHOR)
        revision.move("endorse_with_amendments", Role.SECRETARY, **BODYS)
        assert revision.state == "amendment"
        revision.move("enter_amendments", Role.AUTHOR, clauses="3.2")
        assert (revision.state, revision.fields["position"]) == ("council_review", 1)
        revision.move("endorse_with_amendments", Role.SECRETARY, **BODYS)
        revision.move("enter_amendments", Role.OWNER, clauses="3.10")
        assert revision.state == "rector_approval"

    def test_what_is_returned_is_reviewed_by_all_of_them_again(self) -> None:
        revision = Revision()
        revision.move("submit", Role.AUTHOR)
        revision.move("endorse", Role.SECRETARY, **BODYS)
        revision.move("return_for_revision", Role.SECRETARY, **BODYS)
        assert revision.state == "draft"
        revision.move("submit", Role.OWNER)
        assert revision.fields["position"] == 0

    def test_a_type_without_a_route_is_reviewed_by_nobody_and_so_not_submitted(self) -> None:
        revision = Revision()
        revision.fields["type_route"] = usual(()).facts
        with pytest.raises(GuardUnmet):
            revision.move("submit", Role.AUTHOR)

    def test_a_body_does_not_decide_in_the_future(self) -> None:
        revision = Revision()
        revision.move("submit", Role.AUTHOR)
        with pytest.raises(GuardUnmet):
            revision.move("endorse", Role.SECRETARY, today=date(2017, 4, 4), **BODYS)

    def test_an_author_does_not_endorse(self) -> None:
        revision = Revision()
        revision.move("submit", Role.AUTHOR)
        with pytest.raises(NotYours):
            revision.move("endorse", Role.AUTHOR, **BODYS)


class TestItTakesAnotherRouteUnderWay:
    def begun(self, bodies: tuple[str, ...], done: int) -> Revision:
        """Submitted by a route of these bodies, of which so many have endorsed it."""
        revision = Revision()
        revision.fields["type_route"] = usual(bodies).facts
        revision.move("submit", Role.AUTHOR, note=None)
        for _ in range(done):
            revision.move("endorse", Role.SECRETARY, **BODYS)
        return revision

    def test_what_was_endorsed_stays_so_and_the_next_one_is_who_has_not_seen_it(self) -> None:
        revision = self.begun(("ouk", "ok", "rectorate"), 1)
        takes = Way((Stage("quality", Does.DISCUSSES), Stage("ouk", Does.DISCUSSES), Stage("ok", Does.ENDORSES)))
        revision.fields["type_route"] = {**takes.facts, "by_order": False}
        revision.move("reroute", Role.QUALITY_SPECIALIST, reason=None)
        assert (revision.state, revision.fields["position"]) == ("council_review", 1)
        assert revision.fields["route"] == ["ouk", "quality", "ok"]
        assert revision.fields["meanings"] == ["endorses", "discusses", "endorses"]
        assert revision.fields["by_order"] is False

    def test_with_nobody_left_it_goes_on_to_approval(self) -> None:
        revision = self.begun(("ouk", "ok", "rectorate"), 2)
        revision.fields["type_route"] = usual(("ok", "ouk")).facts
        with pytest.raises(GuardUnmet):
            revision.move("reroute", Role.QUALITY_SPECIALIST, reason=None)
        revision.move("pass_on", Role.QUALITY_SPECIALIST, reason=None)
        assert (revision.state, revision.fields["route"]) == ("rector_approval", ["ouk", "ok"])

    def test_not_passed_on_while_a_body_is_left(self) -> None:
        revision = self.begun(("ouk", "ok"), 1)
        revision.fields["type_route"] = usual(("ouk", "rectorate")).facts
        with pytest.raises(GuardUnmet):
            revision.move("pass_on", Role.QUALITY_SPECIALIST, reason=None)
        assert revision.state == "council_review"

    @pytest.mark.parametrize("name", ["reroute", "pass_on"])
    def test_not_where_it_takes_that_route_already(self, name: str) -> None:
        revision = self.begun(("ouk", "ok"), 1)
        with pytest.raises(GuardUnmet) as refused:
            revision.move(name, Role.QUALITY_SPECIALIST, reason=None)
        assert refused.value.says == "It takes this route already."

    def test_the_meaning_the_approver_and_the_order_are_a_route_too(self) -> None:
        post = UUID(int=7)
        for changed in ({"by_order": False}, {"approver_post_id": post.hex}, {"meanings": ["endorses", "endorses"]}):
            revision = self.begun(("ouk", "ok"), 0)
            revision.fields["type_route"] = {**usual(("ouk", "ok")).facts, **changed}
            revision.move("reroute", Role.QUALITY_SPECIALIST, reason=None)
            assert revision.fields["route"] == ["ouk", "ok"]
            with pytest.raises(GuardUnmet) as refused:
                revision.move("reroute", Role.QUALITY_SPECIALIST, reason=None)
            assert refused.value.says == "It takes this route already."


class TestTheRectorPutsItIntoForce:
    def test_today_and_the_revision_in_force_is_replaced_first(self) -> None:
        revision = Revision().at_the_rector()
        assert revision.move("approve", Role.RECTOR, **ORDERED) == ["supersede"]
        assert revision.state == "effective"
        assert revision.fields["in_force"] is True
        assert revision.fields["review_due_on"] == date(2020, 4, 19)
        assert all(then.first for then in LIFECYCLE.moves["approve"].then)

    def test_later_and_it_waits_for_its_day_while_the_old_one_stays_in_force(self) -> None:
        revision = Revision().at_the_rector()
        assert revision.move("approve", Role.RECTOR, **{**ORDERED, "in_force_on": LATER}) == []
        assert revision.state == "scheduled"
        assert not revision.fields["in_force"]
        assert revision.move("come_into_force", Role.CLOCK, today=LATER) == ["supersede"]
        assert revision.state == "effective"
        assert (revision.fields["in_force"], revision.fields["review_due_on"]) == (True, date(2020, 9, 1))

    def test_nobody_brings_it_into_force_before_its_day(self) -> None:
        revision = Revision().at_the_rector()
        revision.move("approve", Role.RECTOR, **{**ORDERED, "in_force_on": LATER})
        for role in set(Role) - {Role.CLOCK}:
            with pytest.raises(NotYours):
                revision.move("come_into_force", role, today=LATER)

    def test_an_order_may_be_recalled_before_its_day(self) -> None:
        revision = Revision().at_the_rector()
        revision.move("approve", Role.RECTOR, **{**ORDERED, "in_force_on": LATER})
        revision.move("recall", Role.RECTOR, reason="Ката бар")
        assert revision.state == "rector_approval"
        assert revision.fields["in_force_on"] is revision.fields["review_due_on"] is None

    def test_not_before_the_order_was_given(self) -> None:
        with pytest.raises(GuardUnmet):
            Revision().at_the_rector().move("approve", Role.RECTOR, **{**ORDERED, "in_force_on": SITTING})

    def test_what_is_entered_late_is_reviewed_that_many_months_after_it_came_into_force(self) -> None:
        revision = Revision().at_the_rector()
        revision.move("approve", Role.RECTOR, today=date(2018, 1, 10), **ORDERED)
        assert revision.state == "effective"
        assert revision.fields["review_due_on"] == date(2020, 4, 19)


class TestItIsReviewedPeriodically:
    def test_the_clock_opens_the_review_and_the_specialist_reaffirms(self) -> None:
        revision = Revision().in_force()
        revision.move("open_review", Role.CLOCK, today=date(2020, 4, 20))
        revision.move("reaffirm", Role.QUALITY_SPECIALIST, today=date(2020, 5, 4), findings="Актуалдуу")
        assert revision.state == "effective"
        assert revision.fields["review_due_on"] == date(2023, 5, 4)

    def test_not_more_than_once_a_year(self) -> None:
        revision = Revision().in_force()
        revision.fields["reviewed_on"] = date(2020, 5, 4)
        with pytest.raises(GuardUnmet):
            revision.move("open_review", Role.QUALITY_SPECIALIST, today=date(2021, 5, 3))
        revision.move("open_review", Role.QUALITY_SPECIALIST, today=date(2021, 5, 4))

    def test_revising_opens_a_successor_and_leaves_this_one_in_force(self) -> None:
        revision = Revision().in_force()
        revision.move("open_review", Role.CLOCK, today=date(2020, 4, 20))
        follows = revision.move("revise", Role.QUALITY_SPECIALIST, today=date(2020, 5, 4), summary="3-бөлүм")
        assert follows == ["successor"]
        assert (revision.state, revision.fields["in_force"]) == ("effective", True)


class TestItEnds:
    def test_superseded_by_its_successor_also_while_it_is_reviewed(self) -> None:
        for reviewed in (False, True):
            revision = Revision().in_force()
            if reviewed:
                revision.move("open_review", Role.CLOCK, today=date(2020, 4, 20))
            revision.move("supersede", Role.CLOCK)
            assert revision.state == "superseded"
            assert revision.fields["in_force"] is revision.fields["review_due_on"] is None

    def test_withdrawn_by_an_order_only(self) -> None:
        revision = Revision().in_force()
        given: dict[str, Any] = {"order_no": "7", "decided_on": ORDER, "reason": "Кереги жок"}
        with pytest.raises(NotYours):
            revision.move("withdraw", Role.QUALITY_SPECIALIST, **given)
        revision.move("withdraw", Role.RECTOR, **given)
        assert (revision.state, revision.fields["in_force"]) == ("withdrawn", None)

    def test_taken_back_by_its_author_as_long_as_nobody_has_approved_it(self) -> None:
        submitted, endorsed = Revision(), Revision().at_the_rector()
        submitted.move("submit", Role.AUTHOR)
        for revision in (submitted, endorsed):
            with pytest.raises(NotYours):
                revision.move("take_back", Role.SECRETARY, reason="Тиркеме жок")
            revision.move("take_back", Role.AUTHOR, reason="Тиркеме жок")
            assert revision.state == "draft"
            # All bodies of its route see it again: it is another text.
            revision.move("submit", Role.AUTHOR)
            assert (revision.state, revision.fields["position"]) == ("council_review", 0)
        with pytest.raises(NotFromHere):
            Revision().in_force().move("take_back", Role.AUTHOR, reason="Тиркеме жок")

    def test_abandoned_only_while_it_is_a_draft_under_way(self) -> None:
        revision = Revision().at_the_rector()
        revision.move("abandon", Role.AUTHOR, reason="Кереги жок")
        assert revision.state == "abandoned"
        with pytest.raises(NotFromHere):
            Revision().in_force().move("abandon", Role.AUTHOR, reason="Кереги жок")


class TestMonthsLater:
    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
            (date(2025, 1, 31), 1, date(2025, 2, 28)),
            (date(2025, 8, 31), 1, date(2025, 9, 30)),
            (date(2025, 12, 15), 1, date(2026, 1, 15)),
            (date(2025, 12, 15), 0, date(2025, 12, 15)),
        ],
    )
    def test_is_the_same_day_or_the_last_of_the_month(self, day: date, months: int, later: date) -> None:
        assert months_after(day, months) == later
