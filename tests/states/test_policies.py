"""Policies: which one holds where several fit, and which ladders could never work."""

from datetime import date, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.ladders import RECTORS, STANDARD
from states.lifecycle import Channel, Deadline, Ladder, Rung, Step
from states.policies import (
    MOST_DAYS,
    MOST_RUNGS,
    TOLD,
    Policy,
    check_ladder,
    day_after,
    deadline_of,
    ladder_facts,
    ladder_from,
    ladder_id,
    ladder_of,
    policy_for,
)
from states.refusals import Incomplete
from states.roles import Role
from states.text import Text
from states.working_days import Calendar

DAY = date(2026, 4, 6)
NAME = Text("а", "а", "a")
COLLEGE, UNIVERSITY, OTHER = "college", "university", "other"
PLACES = (COLLEGE, UNIVERSITY)  # a college of the university, which is a campus of its own
HOLDER, AGAIN = (Role.HOLDER,), Rung(5, (Role.HOLDER,))


def policy(number: int = 1, **differs: Any) -> Policy:
    said = {"lifecycle": "nonconformity", "step": "correction", "effective_from": DAY, "days": number}
    return Policy(id=number, **{**said, **differs})


def holds(*policies: Policy, severity: str | None = "major", places: tuple[str, ...] = PLACES, day: date = DAY) -> Any:
    """Which one holds, whatever their order."""
    found = {policy_for(order, "correction", severity, places, day) for order in permutations(policies)}
    (one,) = found
    return one.id if one else None


class TestTheClosestFit:
    def test_is_none_where_nothing_was_said(self) -> None:
        assert holds() is None
        assert holds(policy(step="cause_analysis")) is None
        assert holds(policy(severity="minor")) is None
        assert holds(policy(campus_id=OTHER)) is None

    def test_is_the_one_of_the_severity_before_the_one_of_any(self) -> None:
        assert holds(policy(1), policy(2, severity="major")) == 2
        assert holds(policy(1), policy(2, severity="major"), severity="minor") == 1
        assert holds(policy(1), policy(2, severity="major"), severity=None) == 1

    def test_is_the_one_of_the_campus_before_the_one_of_the_severity(self) -> None:
        assert holds(policy(1, severity="major"), policy(2, campus_id=COLLEGE)) == 2
        assert holds(policy(1, campus_id=COLLEGE), policy(2, campus_id=COLLEGE, severity="major")) == 2

    def test_is_the_one_of_the_own_campus_before_those_above_before_none(self) -> None:
        own, above, none = policy(1, campus_id=COLLEGE), policy(2, campus_id=UNIVERSITY), policy(3)
        assert holds(own, above, none) == 1
        assert holds(above, none) == 2
        assert holds(own, above, none, places=(UNIVERSITY,)) == 2
        assert holds(own, above, none, places=()) == 3

    def test_is_the_newest_of_those_alike_from_its_day_on(self) -> None:
        old, new = policy(1, effective_from=DAY), policy(2, effective_from=DAY + timedelta(days=10))
        assert holds(old, new, day=DAY - timedelta(days=1)) is None
        assert holds(old, new, day=DAY) == 1
        assert holds(old, new, day=DAY + timedelta(days=9)) == 1
        assert holds(old, new, day=DAY + timedelta(days=10)) == 2

    def test_is_an_old_one_that_fits_closer_before_a_new_one_that_fits_less(self) -> None:
        newer = DAY + timedelta(days=1)
        assert holds(policy(1, severity="major"), policy(2, effective_from=newer), day=newer) == 1
        closer, later = policy(1, campus_id=COLLEGE), policy(2, severity="major", effective_from=newer)
        assert holds(closer, later, day=newer) == 1

    def test_of_two_of_one_day_is_the_one_made_last(self) -> None:
        assert holds(policy(1), policy(2)) == 2


class TestTheDeadline:
    STEP = Step("correction", NAME, deadline=Deadline(days=5), ladder=STANDARD)
    DATED = Step("acting", NAME, deadline=Deadline(on="complete_by"), ladder=STANDARD)

    def test_is_the_declared_one_where_no_policy_says_otherwise(self) -> None:
        assert deadline_of(self.STEP, None) == Deadline(days=5)
        assert deadline_of(self.STEP, policy(days=None)) == Deadline(days=5)

    def test_is_a_policys_in_working_or_calendar_days(self) -> None:
        friday = date(2026, 4, 10)
        working, calendar = (
            deadline_of(self.STEP, policy(days=3)),
            deadline_of(self.STEP, policy(days=3, working=False)),
        )
        assert day_after(friday, working, Calendar()) == date(2026, 4, 15)
        assert day_after(friday, calendar, Calendar()) == date(2026, 4, 13)

    def test_of_calendar_days_may_be_a_sunday_and_counts_holidays(self) -> None:
        assert day_after(date(2026, 4, 10), Deadline(2, working=False), Calendar()) == date(2026, 4, 12)
        assert day_after(date(2026, 4, 30), Deadline(2, working=False), Calendar()) == date(2026, 5, 2)

    def test_on_a_date_of_its_own_stays_there(self) -> None:
        assert deadline_of(self.DATED, policy(days=3)) == Deadline(on="complete_by")

    def test_and_the_ladder_are_asked_only_of_a_step_that_waits(self) -> None:
        final = Step("closed", NAME)
        for ask in (deadline_of, ladder_of):
            with pytest.raises(TypeError):
                ask(final, None)


class TestTheLadder:
    def test_is_the_declared_one_where_no_policy_says_otherwise(self) -> None:
        step = Step("correction", NAME, deadline=Deadline(5), ladder=RECTORS)
        assert ladder_of(step, None) is RECTORS
        assert ladder_of(step, policy()) is RECTORS
        assert ladder_of(step, policy(ladder=STANDARD)) is STANDARD

    @pytest.mark.parametrize("ladder", [STANDARD, RECTORS])
    def test_is_kept_and_read_again(self, ladder: Ladder) -> None:
        assert ladder_from(ladder_facts(ladder)) == ladder

    def test_that_says_the_same_is_the_same_and_another_is_another(self) -> None:
        same = Ladder(tuple(Rung(rung.days, rung.to) for rung in STANDARD.rungs), AGAIN)
        assert ladder_id(same) == ladder_id(STANDARD) != ladder_id(RECTORS)
        paged = Ladder((*STANDARD.rungs[:-1], Rung(15, (Role.RECTOR,), Channel.PAGE)), AGAIN)
        slower = Ladder(STANDARD.rungs, Rung(6, HOLDER))
        assert len({ladder_id(one) for one in (STANDARD, paged, slower)}) == 3


def facts(*rungs: tuple[Any, Any], again: Any = 5) -> dict[str, Any]:
    return {
        "rungs": [{"days": days, "to": to, "channel": "mail"} for days, to in rungs],
        "again": {"days": again, "to": ["holder"], "channel": "mail"},
    }


GOOD = facts((-1, ["holder"]), (2, ["rector"]))
BAD: dict[str, Any] = {
    "nothing": {},
    "no list": {**GOOD, "rungs": 5},
    "none": {**GOOD, "rungs": None},
    "no rung": facts(),
    "too many": facts(*((day, ["rector"]) for day in range(1, MOST_RUNGS + 2))),
    "too far": facts((MOST_DAYS + 1, ["rector"])),
    "too early": facts((-MOST_DAYS - 1, ["holder"]), (1, ["rector"])),
    "out of order": facts((3, ["rector"]), (2, ["rector"])),
    "twice on one day": facts((2, ["rector"]), (2, ["vice_rector"])),
    "tells nobody": facts((2, [])),
    "tells somebody unknown": facts((2, ["king"])),
    "tells anybody": facts((2, ["anyone"])),
    "tells the clock": facts((2, ["clock"])),
    "tells the owner, who is no part of a task": facts((2, ["owner"])),
    "tells a word": facts((2, "rector")),
    "tells somebody twice": facts((2, ["rector", "rector"])),
    "tells others before the deadline": facts((-1, ["rector"]), (2, ["rector"])),
    "tells others on the day": facts((0, ["holder", "holders_head"]), (2, ["rector"])),
    "never escalates": facts((-1, ["holder"]), (0, ["holder"])),
    "never goes on": facts((2, ["rector"]), again=0),
    "goes back": facts((2, ["rector"]), again=-5),
    "goes on too late": facts((2, ["rector"]), again=MOST_DAYS + 1),
    "goes on with others": {**GOOD, "again": {"days": 5, "to": ["rector"], "channel": "mail"}},
    "goes on with nobody": {**GOOD, "again": {"days": 5, "to": [], "channel": "mail"}},
    "an unknown channel": {**GOOD, "again": {"days": 5, "to": ["holder"], "channel": "pigeon"}},
    "no channel": {**GOOD, "again": {"days": 5, "to": ["holder"]}},
    "half a day": facts((2.5, ["rector"])),
    "endless": facts((float("inf"), ["rector"])),
    "no number": facts((float("nan"), ["rector"])),
    "yes": facts((True, ["rector"])),
    "words": facts(("soon", ["rector"])),
    "a list of days": facts(([2], ["rector"])),
}


class TestAnImpossibleLadder:
    def test_differs_from_a_possible_one(self) -> None:
        assert ladder_from(GOOD) == Ladder((Rung(-1, HOLDER), Rung(2, (Role.RECTOR,))), AGAIN)

    @pytest.mark.parametrize("said", BAD.values(), ids=BAD.keys())
    def test_is_refused_with_a_sentence(self, said: Any) -> None:
        with pytest.raises(Incomplete) as refused:
            ladder_from(said)
        assert set(refused.value.errors) <= {"rungs", "again"}
        assert all(sentence.endswith(".") for sentence in refused.value.errors.values())

    @given(
        st.lists(st.tuples(st.integers(-5, 30), st.lists(st.sampled_from(list(Role)), max_size=3)), max_size=5),
        st.integers(-2, 10),
    )
    def test_is_the_only_one_that_is_refused(self, rungs: list[tuple[int, list[Role]]], again: int) -> None:
        """What is taken reminds its holder only, tells each part once, rises, escalates and goes on."""
        ladder = Ladder(tuple(Rung(days, tuple(to)) for days, to in rungs), Rung(again, HOLDER))
        try:
            check_ladder(ladder)
        except Incomplete:
            assert not _works(ladder)
        else:
            assert _works(ladder)


def _works(ladder: Ladder) -> bool:
    days = [rung.days for rung in ladder.rungs]
    return (
        bool(days)
        and all(one < other for one, other in pairwise(days))
        and days[-1] > 0
        and all(rung.to == HOLDER for rung in ladder.rungs if rung.days <= 0)
        and all(rung.to and len(set(rung.to)) == len(rung.to) and set(rung.to) <= set(TOLD) for rung in ladder.rungs)
        and ladder.again.days > 0
    )
