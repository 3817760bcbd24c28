"""What is particular to actions: nobody checks own work, and nobody is left without somebody who may decide."""

from datetime import date

import pytest

from states.corrective_action import LIFECYCLE
from states.lifecycle import Case
from states.refusals import Duties, GuardUnmet
from states.roles import Role

TODAY, DUE = date(2026, 4, 6), date(2026, 4, 10)


class TestMoreTime:
    def test_is_asked_for_a_day_later_than_both_the_due_day_and_today(self) -> None:
        for new_due_on, today in ((DUE, TODAY), (date(2026, 4, 20), date(2026, 4, 20))):
            given = {"new_due_on": new_due_on, "reason": "Бюджет кечикти"}
            case = Case("in_progress", {"due_on": DUE}, today, frozenset({Role.OWNER}), given)
            with pytest.raises(GuardUnmet):
                LIFECYCLE.fire(case, "request_extension")

    def test_cannot_be_granted_for_a_day_that_has_passed_but_for_another_one(self) -> None:
        fields = {"due_on": DUE, "requested_due_on": date(2026, 4, 15), "extensions": 0}
        later = date(2026, 4, 20)
        given: dict[str, date | None] = {"note": None, "other_due_on": None}
        with pytest.raises(GuardUnmet):
            LIFECYCLE.fire(
                Case("extension_requested", fields, later, frozenset({Role.VICE_RECTOR}), given), "grant_extension"
            )
        given = {"note": None, "other_due_on": date(2026, 4, 30)}
        case = Case("extension_requested", fields, later, frozenset({Role.VICE_RECTOR}), given)
        assert LIFECYCLE.fire(case, "grant_extension").sets["due_on"](case) == date(2026, 4, 30)

    def test_when_granted_counts_and_replaces_the_due_day(self) -> None:
        fields = {"due_on": DUE, "requested_due_on": date(2026, 5, 15), "extensions": 1}
        case = Case(
            "extension_requested", fields, TODAY, frozenset({Role.VICE_RECTOR}), {"note": None, "other_due_on": None}
        )
        sets = LIFECYCLE.fire(case, "grant_extension").sets
        assert case.state == "in_progress"
        assert {name: value(case) for name, value in sets.items()} == {
            "due_on": date(2026, 5, 15),
            "extensions": 2,
            "requested_due_on": None,
        }

    def test_for_the_vice_rectors_own_action_is_decided_by_the_rector(self) -> None:
        own = Case("extension_requested", {}, TODAY, frozenset({Role.VICE_RECTOR, Role.OWNER}), {"reason": "Жок"})
        with pytest.raises(Duties):
            LIFECYCLE.fire(own, "refuse_extension")
        own.roles = frozenset({Role.RECTOR})
        LIFECYCLE.fire(own, "refuse_extension")
        assert own.state == "in_progress"

    def test_is_not_needed_by_what_is_done_meanwhile(self) -> None:
        given = {"evidence": "Акт", "implemented_on": TODAY, "check_on": None}
        case = Case("extension_requested", {}, TODAY, frozenset({Role.OWNER}), given)
        sets = LIFECYCLE.fire(case, "implement").sets
        assert case.state == "implemented"
        assert sets["check_on"](case) == date(2026, 5, 6)
