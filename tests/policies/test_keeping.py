"""Policies: who makes them, from which day they hold, what is refused, and what the log says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.policies.keeping import make_policy, read_policy, withdraw_policy
from states.ladders import STANDARD
from states.lifecycle import Channel
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours, Refusal
from states.registry import lifecycles
from states.roles import Role
from states.working_days import due_moment
from tests.keeping.keeping import do, log, see, snapshot
from tests.policies.policies import DAY, NOW, correcting, given_ladder, make, policy, task_of, with_second_campus
from tests.support.university import University, at

SHORT = given_ladder((-1, "holder"), (2, "holders_head"), (4, "quality_specialist"))


def refused(university: University, **more: Any) -> dict[str, str]:
    """What is wrong with a policy, by field; nothing of it was written."""
    with pytest.raises(Incomplete) as refusal:
        make(university, **more)
    assert university.rows(t.policy) == []
    assert log(university) == []
    return refusal.value.errors


class TestAPolicy:
    def test_gives_what_opens_from_its_day_on_its_days_and_its_ladder(self, university: University) -> None:
        made = make(university, days=2, ladder=SHORT, effective_from=DAY + timedelta(days=1))
        before, after = correcting(university, NOW), correcting(university, at(2026, 4, 7))
        assert task_of(university, before)["policy_id"] is None
        assert task_of(university, before)["due_at"] == due_moment(at(2026, 4, 13).date())
        task = task_of(university, after)
        assert task["policy_id"] == made
        assert task["due_at"] == task["original_due_at"] == due_moment(at(2026, 4, 9).date())
        ladder = snapshot(university).ladders[task["ladder_id"]]
        assert [(rung.days, rung.to) for rung in ladder.rungs] == [
            (-1, (Role.HOLDER,)), (2, (Role.HOLDERS_HEAD,)), (4, (Role.QUALITY_SPECIALIST,))
        ]  # fmt: skip

    def test_counts_calendar_days_where_it_says_so(self, university: University) -> None:
        make(university, days=5, count="calendar")
        assert task_of(university, correcting(university, NOW))["due_at"] == due_moment(at(2026, 4, 11).date())

    def test_tells_several_parts_and_by_the_page_alone(self, university: University) -> None:
        ladder = {
            "rungs": [{"days": 3, "to": ["rector", "vice_rector"], "channel": "page"}, {"days": 0, "to": ["holder"]}],
            "again": {"days": 2, "channel": "page"},
        }
        make(university, ladder=ladder)
        (kept,) = snapshot(university).policies["nonconformity"]
        assert kept.ladder is not None
        assert [rung.days for rung in kept.ladder.rungs] == [0, 3]
        assert kept.ladder.rungs[1].to == (Role.VICE_RECTOR, Role.RECTOR)
        assert kept.ladder.again.channel is kept.ladder.rungs[1].channel is Channel.PAGE

    def test_of_a_severity_leaves_the_others_as_they_are(self, university: University) -> None:
        make(university, days=2, severity="major")
        assert task_of(university, correcting(university, NOW, "minor"))["policy_id"] is None
        assert task_of(university, correcting(university, NOW, "major"))["policy_id"] is not None

    def test_of_the_same_day_takes_the_place_of_the_one_before(self, university: University) -> None:
        make(university, days=2)
        newer = make(university, days=3, when=NOW + timedelta(hours=1))
        assert task_of(university, correcting(university, NOW + timedelta(hours=2)))["policy_id"] == newer

    def test_can_be_as_declared_again(self, university: University) -> None:
        make(university, days=2, ladder=SHORT)
        back = make(university)
        task = task_of(university, correcting(university, NOW))
        assert task["policy_id"] == back
        assert task["due_at"] == due_moment(at(2026, 4, 13).date())
        assert snapshot(university).ladders[task["ladder_id"]] == STANDARD

    def test_stands_in_the_log_with_who_made_it_and_why(self, university: University) -> None:
        made = make(university, days=2)
        (line,) = log(university, "policy.made")
        assert (line["about_id"], line["actor_id"], line["at"]) == (made, university.people["quality"], NOW)
        assert (line["facts"]["days"], line["facts"]["reason"]) == (2, "Кеңештин чечими")
        assert "acting_for" not in line["facts"]

    def test_made_by_a_deputy_says_for_whom(self, university: University) -> None:
        away = {"person_id": university.people["quality"], "deputy_id": university.people["dean"]}
        spell = {"since": DAY, "until": DAY, "entered_by_id": university.people["admin"], "entered_at": NOW}
        university.change(sa.insert(t.absence).values(id=new_id(), reason="", **away, **spell))
        make(university, who="dean", days=2)
        (line,) = log(university, "policy.made")
        assert line["facts"]["acting_for"] == str(university.people["quality"])

    def test_reads_as_it_would_be_made_and_writes_nothing(self, university: University) -> None:
        given = {"lifecycle": "nonconformity", "step": "correction", "days": 2}
        actor = university.as_("quality", NOW)
        proposed = see(university, lambda connection: read_policy(connection, given, actor, NOW, trying=True))
        assert (proposed.policy.days, proposed.policy.effective_from) == (2, DAY)
        assert university.rows(t.policy) == []


class TestWhoMakesThem:
    @pytest.mark.parametrize("who", ["admin", "rector", "vice", "owner", "reader"])
    def test_is_nobody_but_the_quality_specialist(self, university: University, who: str) -> None:
        with pytest.raises(NotYours) as refusal:
            make(university, who=who, days=2)
        assert refusal.value.facts["who"] == (Role.QUALITY_SPECIALIST.label,)
        made = make(university, days=2, effective_from=DAY + timedelta(days=9))
        with pytest.raises(NotYours):
            do(university, withdraw_policy, made, who=who)

    @pytest.fixture
    def two(self, university: University) -> University:
        return with_second_campus(university)

    def test_of_a_campus_is_its_own(self, two: University) -> None:
        make(two, who="quality_2", days=2, campus="CAMPUS2")
        for who, campus in (("quality_2", "UNI"), ("quality_2", None), ("quality", "CAMPUS2")):
            with pytest.raises(NotYours):
                make(two, who=who, days=3, campus=campus)
        make(two, who="quality", days=4)
        assert task_of(two, correcting(two, NOW))["due_at"] == due_moment(at(2026, 4, 10).date())

    def test_of_all_is_nobodys_where_no_campus_stands_above_all(self, two: University) -> None:
        two.change(sa.update(t.unit).where(t.unit.c.code == "CAMPUS2").values(parent_id=None))
        for who in ("quality", "quality_2"):
            with pytest.raises(NotYours):
                make(two, who=who, days=3)
        make(two, who="quality", days=3, campus="UNI")


class TestWhatIsRefused:
    def test_is_told_by_field_and_all_at_once(self, university: University) -> None:
        wrong = refused(university, days=0, effective_from=DAY - timedelta(days=1), ladder=given_ladder((2, "clock")))
        assert set(wrong) == {"days", "effective_from", "rungs"}
        assert set(refused(university, days="many", effective_from="soon", reason="")) == {
            "days", "effective_from", "reason"
        }  # fmt: skip

    def test_is_a_step_severity_or_campus_that_there_is_not(self, university: University) -> None:
        assert set(refused(university, step="closed")) == {"step"}
        assert set(refused(university, step="nowhere")) == {"step"}
        assert set(refused(university, lifecycle="poem")) == {"lifecycle"}
        assert set(refused(university, step="reported", severity="major")) == {"severity"}
        assert set(refused(university, lifecycle="document", step="draft", severity="major")) == {"severity"}
        assert set(refused(university, campus="LIBRARY")) == {"campus"}
        assert set(refused(university, campus="NOWHERE")) == {"campus"}

    def test_are_days_of_a_step_that_is_due_on_a_date_of_its_own(self, university: University) -> None:
        for one in lifecycles().values():
            for step in one.steps.values():
                if step.deadline and step.deadline.on:
                    assert set(refused(university, lifecycle=one.name, step=step.name, days=3)) == {"days"}
        make(university, step="acting", ladder=SHORT)

    @pytest.mark.parametrize(
        ("ladder", "field"),
        [
            (given_ladder(), "rungs"),
            (given_ladder((-3, "holder"), (0, "holder")), "rungs"),
            (given_ladder((-3, "rector"), (1, "holder")), "rungs"),
            (given_ladder((1, "holder"), (1, "rector")), "rungs"),
            (given_ladder((1, "anyone")), "rungs"),
            (given_ladder(*((day, "holder") for day in range(1, 22))), "rungs"),
            (given_ladder((401, "holder")), "rungs"),
            (given_ladder((1, "holder"), again=0), "again"),
            ({"rungs": [{"days": 1, "to": []}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": 1, "to": "holder"}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": True, "to": ["holder"]}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": "1", "to": ["holder"]}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": 1, "to": ["holder"], "channel": "pigeon"}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": 1, "to": [["holder"]]}], "again": {"days": 1}}, "rungs"),
            ({"rungs": [7], "again": {"days": 1}}, "rungs"),
            ({"rungs": [{"days": 1, "to": ["holder"]}], "again": {"days": 1, "to": ["rector"]}}, "again"),
            ({"rungs": [{"days": 1, "to": ["holder"]}], "again": 5}, "again"),
            ({"rungs": [{"days": 1, "to": ["holder"]}]}, "ladder"),
            ("every day", "ladder"),
        ],
    )
    def test_is_a_ladder_that_would_not_work(self, university: University, ladder: Any, field: str) -> None:
        assert set(refused(university, ladder=ladder)) == {field}

    def test_is_what_would_change_nothing(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            make(university)
        make(university, days=2, ladder=SHORT)
        with pytest.raises(GuardUnmet):
            make(university, days=2, ladder=SHORT, effective_from=DAY + timedelta(days=3))
        make(university, days=2, ladder=SHORT, severity="major")
        assert len(university.rows(t.policy)) == 2


class TestAVersionThatHasNotBegun:
    def test_is_withdrawn_and_never_holds(self, university: University) -> None:
        later = at(2026, 4, 13)
        made = make(university, days=2, effective_from=later.date())
        do(university, withdraw_policy, made, who="quality")
        assert task_of(university, correcting(university, later))["policy_id"] is None
        assert university.one(t.policy)["withdrawn_at"] == NOW
        (line,) = log(university, "policy.withdrawn")
        assert (line["about_id"], line["actor_id"]) == (made, university.people["quality"])

    @pytest.mark.parametrize("days", [0, 3])
    def test_is_not_withdrawn_once_its_day_has_come(self, university: University, days: int) -> None:
        made = make(university, days=2, effective_from=DAY + timedelta(days=days))
        self._not(university, made, GuardUnmet, days)

    def test_is_withdrawn_once(self, university: University) -> None:
        made = make(university, days=2, effective_from=DAY + timedelta(days=3))
        do(university, withdraw_policy, made, who="quality")
        self._not(university, made, GuardUnmet, 0)
        self._not(university, new_id(), NotFound, 0)

    @staticmethod
    def _not(university: University, made: UUID, refusal: type[Refusal], days: int) -> None:
        lines = len(log(university))
        with pytest.raises(refusal):
            do(university, withdraw_policy, made, who="quality", when=NOW + timedelta(days=days))
        assert len(log(university)) == lines


class TestMadeAtOnce:
    def test_by_two_both_are_kept_and_the_later_holds(self, university: University) -> None:
        """Whoever comes second sees the first: the same twice is refused."""
        do(university, make_policy, policy(days=2), who="quality")
        with pytest.raises(GuardUnmet):
            do(university, make_policy, policy(days=2), who="quality")
        assert len(university.rows(t.policy)) == 1
