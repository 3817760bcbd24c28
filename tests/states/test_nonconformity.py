"""What is particular to nonconformities: the tree of causes, what answers them, where the end of the work leads."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.causes import root_causes, unanswered
from states.lifecycle import Case
from states.nonconformity import LIFECYCLE
from states.refusals import GuardUnmet
from states.roles import Role

TODAY = date(2026, 4, 6)
DAYS = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
OWNER = frozenset({Role.OWNER})


def cause(no: int, because_of: int | None = None, **said: Any) -> dict[str, Any]:
    return {"no": no, "because_of": because_of, "code": "1/M1", "no_action": None, **said}


def action(*causes: int, state: str = "in_progress", **said: Any) -> dict[str, Any]:
    closed = TODAY if state in ("closed", "ineffective", "cancelled") else None
    row = {"state": state, "causes": list(causes) or None, "due_on": TODAY, "closed_at": closed}
    return {**row, **said}


FOUND: Mapping[str, Any] = {"occurred_on": None, "found_on": TODAY}


def fires(state: str, move: str, given_: Mapping[str, Any], **more: Any) -> Case:
    roles = more.pop("roles", OWNER)
    case = Case(
        state,
        {"severity": "major", "rounds": 0, "reopened": 0, **FOUND, **more.pop("fields", {})},
        TODAY,
        roles,
        given_,
        **more,
    )
    LIFECYCLE.fire(case, move)
    return case


class TestARootCause:
    def test_is_one_that_is_because_of_nothing_deeper(self) -> None:
        chain = [cause(1), cause(2, 1), cause(3, 2), cause(4, 1), cause(5)]
        assert [one["no"] for one in root_causes(chain)] == [3, 4, 5]

    def test_is_the_one_above_again_once_the_deeper_one_is_removed(self) -> None:
        assert [one["no"] for one in root_causes([cause(1)])] == [1]

    @given(st.lists(st.integers(0, 20), max_size=20))
    def test_is_there_wherever_there_is_a_cause(self, above: Sequence[int]) -> None:
        """Any tree: each cause hangs on one that was there before it, or on the nonconformity itself."""
        tree = [cause(no, above[no - 1] % no or None) for no in range(1, len(above) + 1)]
        roots = {one["no"] for one in root_causes(tree)}
        assert bool(roots) == bool(tree)
        for one in tree:
            below = {one["no"]}
            while not below & roots:
                below = {other["no"] for other in tree if other["because_of"] in below}
                assert below


class TestACause:
    @pytest.mark.parametrize("state", ["planned", "approval", "in_progress", "implemented", "closed"])
    def test_is_answered_by_an_action_that_is_under_way_or_was_effective(self, state: str) -> None:
        assert unanswered([cause(1)], [action(1, state=state)]) == []

    @pytest.mark.parametrize("state", ["cancelled", "ineffective"])
    def test_is_answered_by_none_that_was_cancelled_or_not_effective(self, state: str) -> None:
        assert unanswered([cause(1)], [action(1, state=state)]) == [cause(1)]
        assert unanswered([cause(1)], [action(1, state=state), action(1)]) == []

    def test_is_answered_by_a_reason(self) -> None:
        assert unanswered([cause(1, no_action="Бир жолку")], []) == []
        assert unanswered([cause(1, no_action="")], []) == [cause(1, no_action="")]

    def test_is_answered_by_no_action_for_another_or_for_none(self) -> None:
        assert unanswered([cause(1), cause(2)], [action(2), action()]) == [cause(1)]

    def test_above_another_needs_no_answer_and_gives_none(self) -> None:
        chain = [cause(1), cause(2, 1)]
        assert unanswered(chain, [action(2)]) == []
        assert unanswered(chain, [action(1)]) == [cause(2, 1)]


class TestAPlan:
    PLAN: Mapping[str, Any] = {"complete_by": TODAY}

    def submitted(self, causes: Sequence[Mapping[str, Any]], *actions: Mapping[str, Any], **given_: Any) -> str:
        unfinished = sum(not one["closed_at"] for one in actions)
        parts = {"cause": causes}
        asked = {**self.PLAN, **given_}
        fields = {"original_complete_by": None}
        return fires(
            "action_planning", "submit_plan", asked, below=actions, open_children=unfinished, parts=parts, fields=fields
        ).state

    def test_with_a_root_cause_that_nothing_answers_is_blocked_and_says_so(self) -> None:
        with pytest.raises(GuardUnmet, match="root cause has neither an action nor a reason"):
            self.submitted([cause(1), cause(2)], action(1))

    def test_of_actions_leads_to_them(self) -> None:
        assert self.submitted([cause(1)], action(1)) == "acting"

    def test_of_reasons_only_leads_to_the_verification(self) -> None:
        assert self.submitted([cause(1, no_action="Бир жолку")]) == "verification"

    def test_is_done_no_sooner_than_its_last_open_action(self) -> None:
        tomorrow = DAYS[2]
        with pytest.raises(GuardUnmet, match="due later"):
            self.submitted([cause(1)], action(1, due_on=tomorrow))
        assert self.submitted([cause(1)], action(1, due_on=tomorrow), complete_by=tomorrow) == "acting"
        assert self.submitted([cause(1)], action(1), action(1, due_on=tomorrow, state="cancelled")) == "acting"

    def test_is_not_done_by_a_day_that_has_passed(self) -> None:
        with pytest.raises(GuardUnmet, match="in the past"):
            self.submitted([cause(1, no_action="Бир жолку")], complete_by=DAYS[0])


class TestACircleOfCauses:
    def amended(self, no: int, because_of: int | None, *tree: Mapping[str, Any]) -> None:
        asked = {"cause": no, "because_of": because_of, "text": "Эмне үчүн", "code": None, "no_action": None}
        fires("cause_analysis", "amend_cause", asked, parts={"cause": tree})

    @pytest.mark.parametrize(("no", "because_of"), [(1, 1), (1, 2), (1, 3), (2, 3), (2, 2)])
    def test_is_refused_however_long(self, no: int, because_of: int) -> None:
        with pytest.raises(GuardUnmet, match="cause of itself"):
            self.amended(no, because_of, cause(1), cause(2, 1), cause(3, 2))

    @pytest.mark.parametrize(("no", "because_of"), [(3, 1), (2, None), (3, None), (4, 3), (1, 4)])
    def test_is_not_seen_where_there_is_none(self, no: int, because_of: int | None) -> None:
        self.amended(no, because_of, cause(1), cause(2, 1), cause(3, 2), cause(4))


class TestRemovingACause:
    def removed(self, tree: Sequence[Mapping[str, Any]], *actions: Mapping[str, Any]) -> None:
        fires("action_planning", "remove_cause", {"cause": 1}, parts={"cause": tree}, below=actions)

    def test_is_refused_where_a_deeper_cause_hangs_on_it(self) -> None:
        with pytest.raises(GuardUnmet, match="hangs on this cause"):
            self.removed([cause(1), cause(2, 1)])

    def test_is_refused_where_an_open_action_removes_it(self) -> None:
        with pytest.raises(GuardUnmet, match="hangs on this cause"):
            self.removed([cause(1)], action(2, 1))

    def test_is_allowed_where_nothing_does_any_more(self) -> None:
        self.removed([cause(1), cause(2)], action(2), action(1, state="cancelled"), action())


class TestTheEndOfTheWork:
    CLOCK = frozenset({Role.CLOCK})

    def ended(self, children: Mapping[str, int], *actions: Mapping[str, Any]) -> str:
        unfinished = sum(not one["closed_at"] for one in actions)
        return fires(
            "acting", "actions_done", {}, roles=self.CLOCK, below=actions, children=children, open_children=unfinished
        ).state

    def test_leads_to_the_verification_where_something_was_effective(self) -> None:
        earlier = action(1, state="closed", closed_at=DAYS[0])
        assert self.ended({"closed": 1, "cancelled": 1}, earlier, action(1, state="cancelled")) == "verification"

    def test_leads_back_to_the_plan_where_all_was_cancelled(self) -> None:
        assert self.ended({"cancelled": 1}, action(1, state="cancelled")) == "action_planning"

    def test_of_a_former_round_does_not_count_in_this_one(self) -> None:
        former = action(1, state="closed", closed_at=DAYS[0])
        assert self.ended({"cancelled": 1}, former, action(1, state="cancelled")) == "action_planning"

    def test_that_was_begun_in_the_former_round_counts_where_it_ends_now(self) -> None:
        """The plan was accepted with it; it is effective, and the last: nothing is planned anew."""
        former = action(1, state="cancelled", closed_at=DAYS[0])
        assert self.ended({}, former, action(1, state="closed")) == "verification"

    def test_is_not_there_while_one_goes_on(self) -> None:
        with pytest.raises(GuardUnmet, match="still open"):
            self.ended({"closed": 1, "planned": 1}, action(1, state="closed"), action(1, state="planned"))


class TestTheShorterWay:
    @pytest.mark.parametrize(
        ("severity", "causes_too", "leads_to"),
        [
            ("minor", None, "verification"),
            ("minor", False, "verification"),
            ("minor", True, "cause_analysis"),
            ("major", None, "cause_analysis"),
            ("major", False, "cause_analysis"),
        ],
    )
    def test_is_for_minor_ones_only(self, severity: str, causes_too: bool | None, leads_to: str) -> None:
        asked = {"correction": "Табылды", "corrected_on": None, "causes_too": causes_too}
        assert fires("correction", "record_correction", asked, fields={"severity": severity}).state == leads_to

    def test_is_not_taken_with_a_correction_that_is_still_to_come(self) -> None:
        asked = {"correction": "Табылат", "corrected_on": DAYS[2], "causes_too": None}
        with pytest.raises(GuardUnmet, match="in the future"):
            fires("correction", "record_correction", asked)


class TestTheAnalysis:
    ASKED: Mapping[str, Any] = {"similar_checked": "none", "similar": "Жок", "similar_records": None}

    def test_needs_a_cause(self) -> None:
        with pytest.raises(GuardUnmet, match="No cause"):
            fires("cause_analysis", "record_causes", self.ASKED, parts={"cause": []})

    def test_needs_a_kind_for_each_root_cause_and_for_no_other(self) -> None:
        with pytest.raises(GuardUnmet, match="kind of a root cause"):
            fires("cause_analysis", "record_causes", self.ASKED, parts={"cause": [cause(1), cause(2, 1, code=None)]})
        fires("cause_analysis", "record_causes", self.ASKED, parts={"cause": [cause(1, code=None), cause(2, 1)]})


class TestTheReport:
    def holds(self, **given_: Any) -> bool:
        asked: dict[str, Any] = {"found_on": TODAY, "occurred_on": None, "known_on": None, "source": "monitoring"}
        case = Case("reported", {}, TODAY, frozenset({Role.COLLEAGUE}), {**asked, **given_})
        return all(guard.holds(case) for guard in LIFECYCLE.opening_guards)

    def test_is_of_days_that_have_been(self) -> None:
        assert self.holds(found_on=TODAY, occurred_on=DAYS[0], known_on=TODAY)
        for name in ("found_on", "occurred_on", "known_on"):
            assert not self.holds(**{name: DAYS[2]})

    def test_is_of_something_that_occurred_before_it_was_found(self) -> None:
        assert not self.holds(found_on=DAYS[0], occurred_on=TODAY)

    def test_of_an_internal_audit_is_not_made_by_those_who_were_audited(self) -> None:
        assert not self.holds(source="internal_audit")
