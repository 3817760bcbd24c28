"""The way of a nonconformity: its shorter and its longer one, back to the causes, opened again; what stays aside."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from models import tables as t
from states.refusals import Duties, GuardUnmet, Incomplete, NotFound, NotFromHere, NotYours
from states.working_days import due_moment
from tests.service.test_parts import add, analysing, refuses
from tests.support.chain import assert_whole
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DUE, LATER = date(2026, 6, 1), date(2026, 7, 1)


def typed(university: University, found: UUID) -> dict[str, Any]:
    """What only a nonconformity has."""
    return university.one(t.nonconformity, t.nonconformity.c.record_id == found)


def done(university: University, action: UUID, outcome: str = "find_effective", when: datetime = NOW) -> None:
    university.go(action, "implement", "owner", when, evidence="Буйрук №3", implemented_on=when.date())
    university.go(action, outcome, "quality", when, rationale="Текшерилди")


def started(university: University, action: UUID) -> None:
    for name, who in (("approve", "vice"), ("start", "owner")):
        university.go(action, name, who, NOW)


def planned(university: University, found: UUID) -> None:
    university.go(found, "submit_plan", "owner", NOW, complete_by=DUE)


def closed(university: University) -> UUID:
    found, action = university.under_way(NOW, DUE)
    done(university, action)
    university.go(found, "close", "quality", NOW, evaluation="Жакшы")
    return found


class TestTheShorterWay:
    def minor(self, university: University, **given: Any) -> UUID:
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        university.go(found, "record_correction", "owner", NOW, correction="Табылды", **given)
        return found

    def test_of_a_minor_one_leads_from_its_correction_to_the_verification(self, university: University) -> None:
        found = self.minor(university, corrected_on=NOW.date())
        (task,) = university.open_tasks(found)
        assert (task["step"], task["holder_post_id"]) == ("verification", university.posts["quality"])
        university.go(found, "close", "quality", NOW, evaluation="Жакшы")
        assert university.state(found) == "closed"

    def test_is_longer_where_its_owner_or_whoever_checks_it_asks_for_the_causes(self, university: University) -> None:
        assert university.state(self.minor(university, causes_too="on")) == "cause_analysis"
        found = self.minor(university)
        university.go(found, "analyse_again", "quality", NOW, reason="Үчүнчү жолу")
        assert university.state(found) == "cause_analysis"

    def test_is_not_there_for_a_major_one(self, university: University) -> None:
        assert university.state(analysing(university)) == "cause_analysis"


class TestAPlan:
    def test_is_blocked_by_a_root_cause_without_action_and_reason(self, university: University) -> None:
        found = university.planning(NOW)
        add(university, found, "Дагы бир себеп")
        university.action(found, NOW, DUE)
        refusal = refuses(university, GuardUnmet, lambda: planned(university, found))
        assert "neither an action nor a reason" in refusal.says
        university.go(found, "amend_cause", "owner", NOW, cause=2, text="Дагы", code="1/P1", no_action="Бир жолку")
        planned(university, found)
        assert university.state(found) == "acting"

    @pytest.mark.parametrize("ends", ["withdraw", "cancel"])
    def test_is_not_made_of_an_action_that_was_cancelled(self, university: University, ends: str) -> None:
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE)
        university.go(action, ends, "owner" if ends == "withdraw" else "vice", NOW, reason="Кереги жок")
        refuses(university, GuardUnmet, lambda: planned(university, found))
        university.action(found, NOW, DUE)
        planned(university, found)

    def test_of_reasons_alone_is_verified_at_once(self, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип", code="M1", no_action="Бир жолку")
        planned(university, found)
        assert university.state(found) == "verification"

    def test_ends_no_sooner_than_its_last_action(self, university: University) -> None:
        found = university.planning(NOW)
        university.action(found, NOW, LATER)
        refuses(university, GuardUnmet, lambda: planned(university, found))
        university.go(found, "submit_plan", "owner", NOW, complete_by=LATER)
        (task,) = university.open_tasks(found)
        assert task["due_at"] == due_moment(LATER)

    def test_is_not_moved_before_an_action_either(self, university: University) -> None:
        found, _ = university.under_way(NOW, DUE)
        asked = {"complete_by": date(2026, 5, 29), "reason": "Эрте"}
        refuses(university, GuardUnmet, lambda: university.go(found, "reschedule", "vice", NOW, **asked))


class TestWhatWasNotEffective:
    def test_sends_it_back_counts_the_round_and_has_it_planned_anew(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE)
        done(university, action, "find_ineffective")
        assert (university.state(action), university.state(found)) == ("ineffective", "cause_analysis")
        assert (typed(university, found)["rounds"], typed(university, found)["reopened"]) == (1, 0)
        university.go(found, "record_causes", "owner", NOW, similar_checked="found", similar="Китепканада да ушундай")
        refuses(university, GuardUnmet, lambda: planned(university, found))
        second = university.action(found, NOW, LATER)
        assert university.record(second)["round"] == 1
        university.go(found, "submit_plan", "owner", NOW, complete_by=LATER)
        kept = typed(university, found)
        assert (kept["complete_by"], kept["original_complete_by"]) == (LATER, DUE)
        started(university, second)
        done(university, second)
        assert university.state(found) == "verification"
        assert_whole(university, found)

    def test_in_each_round_is_counted(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE)
        for number in (1, 2, 3):
            done(university, action, "find_ineffective")
            assert typed(university, found)["rounds"] == number
            university.analysed(found, NOW)
            action = university.action(found, NOW, DUE)
            university.go(action, "link_causes", "owner", NOW, causes=list(range(1, number + 2)))
            planned(university, found)
            started(university, action)
        done(university, action)
        university.go(found, "close", "quality", NOW, evaluation="Жакшы")
        assert university.state(found) == "closed"

    def test_leaves_what_goes_on_in_the_plan_and_its_end_is_the_end_of_the_work(self, university: University) -> None:
        """Planned anew with an action of the round before: once that is effective nothing is planned a third time."""
        found, first = university.under_way(NOW, DUE)
        second = university.action(found, NOW, DUE)
        university.go(second, "submit", "owner", NOW)
        started(university, second)
        done(university, first, "find_ineffective")
        university.go(found, "record_causes", "owner", NOW, similar_checked="none", similar="Жок")
        planned(university, found)
        assert university.state(found) == "acting"
        done(university, second)
        assert university.state(found) == "verification"


class TestReopening:
    def test_leads_from_the_end_back_to_the_causes(self, university: University) -> None:
        found = closed(university)
        assert university.record(found)["closed_at"] == NOW
        later = at(2026, 9, 1)
        university.go(found, "reopen", "quality", later, reason="Кайталанды")
        assert (university.state(found), university.record(found)["closed_at"]) == ("cause_analysis", None)
        (task,) = university.open_tasks(found)
        assert (task["step"], task["holder_post_id"]) == ("cause_analysis", university.posts["owner"])
        assert task["due_at"] == at(2026, 9, 15, 18)  # ten working days
        kept = typed(university, found)
        assert (kept["rounds"], kept["reopened"], kept["evaluation"]) == (1, 1, None)
        told = university.rows(t.notice, t.notice.c.created_at == later)
        assert {university.who(row["reader_id"]) for row in told} == {"owner", "auditor"}
        assert_whole(university, found)

    def test_is_for_the_quality_specialist_and_the_vice_rector_and_only_from_closed(
        self, university: University
    ) -> None:
        found = closed(university)
        for who in ("owner", "head", "auditor", "rector"):
            refuses(university, NotYours, partial(university.go, found, "reopen", who, NOW, reason="x"))
        rejected = university.reported(NOW)
        university.go(rejected, "reject", "quality", NOW, reason="Негизсиз")
        refuses(university, NotFromHere, lambda: university.go(rejected, "reopen", "quality", NOW, reason="x"))
        university.go(found, "reopen", "vice", NOW, reason="Кайталанды")

    def test_ends_in_a_second_end(self, university: University) -> None:
        found = closed(university)
        university.go(found, "reopen", "quality", NOW, reason="Кайталанды")
        university.analysed(found, NOW)
        action = university.action(found, NOW, DUE)
        university.go(action, "link_causes", "owner", NOW, causes=[1, 2])
        planned(university, found)
        started(university, action)
        done(university, action)
        second = at(2026, 9, 1)
        university.go(found, "close", "quality", second, evaluation="Эми жакшы")
        assert university.record(found)["closed_at"] == second
        assert university.open_tasks(found) == []


class TestAConcession:
    def test_is_granted_by_somebody_above_and_changes_neither_step_nor_task(self, university: University) -> None:
        found = university.planning(NOW)
        tasks = university.open_tasks(found)
        given = {"concession": "Бир семестрге", "concession_until": DUE}
        refuses(university, NotYours, lambda: university.go(found, "concede", "quality", NOW, **given))
        university.go(found, "concede", "vice", NOW, **given)
        kept = typed(university, found)
        assert (kept["concession"], kept["concession_until"]) == ("Бир семестрге", DUE)
        assert kept["conceded_by_id"] == university.people["vice"]
        assert university.open_tasks(found) == tasks

    def test_is_not_granted_to_oneself(self, university: University) -> None:
        found = university.planning(NOW, owner="vice")
        refuses(university, Duties, lambda: university.go(found, "concede", "vice", NOW, concession="x"))
        university.go(found, "concede", "rector", NOW, concession="x")

    def test_is_void_once_the_requirement_is_another(self, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "concede", "vice", NOW, concession="x")
        university.go(found, "describe", "quality", NOW, object="Журнал")
        assert university.one(t.signature)["voided_at"] is None
        university.go(found, "describe", "quality", NOW, requirement="Протокол жүргүзүлөт")
        assert university.one(t.signature)["voided_at"] == NOW


class TestDescribing:
    def test_keeps_what_the_requirement_is_and_where_it_stands(self, university: University) -> None:
        found = university.planning(NOW)
        university.go(
            found, "describe", "quality", NOW, requirement_document="УСТ 4.09", clause="7.5", risk="high", impact="Көп"
        )
        kept = typed(university, found)
        document = university.one(t.document)["id"]
        assert (kept["requirement_document_id"], kept["clause"]) == (document, "2015/7.5")
        assert (kept["risk"], kept["impact"]) == ("high", "Көп")

    def test_is_not_for_its_owner(self, university: University) -> None:
        found = university.planning(NOW)
        refuses(university, NotYours, lambda: university.go(found, "describe", "owner", NOW, object="x"))


class TestReassigning:
    def test_gives_the_task_to_another_and_leaves_its_deadline(self, university: University) -> None:
        found = university.planning(NOW)
        (before,) = university.open_tasks(found)
        later = at(2026, 4, 8)
        university.go(found, "reassign", "quality", later, owner_post="librarian", reason="Китепкананыкы")
        (after,) = university.open_tasks(found)
        assert after == {**before, "holder_post_id": university.posts["librarian"]}
        told = university.rows(t.notice, t.notice.c.created_at == later)
        assert [(university.who(row["reader_id"]), row["message"]) for row in told] == [("librarian", "task/opened")]
        refuses(university, NotFound, lambda: university.go(found, "add_cause", "owner", NOW, text="x"))
        university.go(found, "add_cause", "librarian", NOW, text="x")

    def test_back_tells_the_first_one_again(self, university: University) -> None:
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        for post in ("librarian", "owner"):
            university.go(found, "reassign", "quality", NOW, owner_post=post, reason="x")
        messages = (t.notice.c.message == "task/opened", t.notice.c.reader_id == university.people["owner"])
        tasks = [row["task_id"] for row in university.rows(t.notice, t.notice.c.record_id == found, *messages)]
        (task,) = university.open_tasks(found)
        assert tasks.count(task["id"]) == 2


class TestSimilarOnes:
    def test_are_linked_by_their_numbers(self, university: University) -> None:
        other, found = university.reported(NOW), analysing(university)
        add(university, found, "Тартип жок")
        told = {"similar_checked": "found", "similar": "Китепканада"}
        attempt = partial(university.go, found, "record_causes", "owner", NOW, **told)
        for codes in ("NC-2026-001 NC-2099-001", "УСТ", ["NC-2026-001", "nc-2026-001"]):
            refuses(university, Incomplete, partial(attempt, similar_records=codes))
        attempt(similar_records="NC-2026-001")
        assert typed(university, found)["similar_records"] == [other.hex]

    def test_are_no_records_of_another_kind(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        code = university.record(action)["code"]
        found = analysing(university)
        add(university, found, "Тартип жок")
        told = {"similar_checked": "found", "similar": "Китепканада", "similar_records": [code]}
        refuses(university, Incomplete, lambda: university.go(found, "record_causes", "owner", NOW, **told))


class TestDisputing:
    def test_is_possible_until_an_action_is_open(self, university: University) -> None:
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE)
        refuses(university, GuardUnmet, lambda: university.go(found, "dispute", "owner", NOW, reason="Биздики эмес"))
        university.go(action, "withdraw", "owner", NOW, reason="x")
        university.go(found, "dispute", "owner", NOW, reason="Биздики эмес")
        (task,) = university.open_tasks(found)
        assert (task["step"], task["holder_post_id"]) == ("reported", university.posts["quality"])

    def test_lets_it_be_assessed_as_another_severity(self, university: University) -> None:
        found = analysing(university)
        university.go(found, "dispute", "owner", NOW, reason="Бир эле учур")
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        university.go(found, "record_correction", "owner", NOW, correction="Табылды")
        assert university.state(found) == "verification"


class TestSeverity:
    def test_is_copied_to_its_actions(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        assert university.one(t.corrective_action, t.corrective_action.c.record_id == action)["severity"] == "major"

    def test_of_an_action_that_stands_alone_is_none(self, university: University) -> None:
        told: dict[str, Any] = {"title": "x", "action_kind": "improvement", "criterion": "x", "due_on": DUE}
        university.open("corrective_action", "quality", NOW, owner_post="owner", **told)
        assert university.one(t.corrective_action)["severity"] is None
