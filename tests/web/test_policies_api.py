"""Deadlines and ladders for programs: the same rules, strictly typed, refused by problem+json."""

from datetime import timedelta
from typing import Any

import pytest

from models import tables as t
from models.base import new_id
from states.working_days import due_moment
from tests.policies.policies import DAY, NOW, correcting, given_ladder, make, policy, task_of
from tests.support.university import University, at
from tests.web.programs import Program, refused

STEP = {"lifecycle": "nonconformity", "step": "correction"}


def sent(**more: Any) -> dict[str, Any]:
    """What a program sends for a version."""
    return {**policy(), "effective_from": DAY.isoformat(), **more}


class TestAVersion:
    def test_is_made_listed_and_withdrawn(self, program: Program, university: University) -> None:
        quality = program.as_("quality", Accept_Language="en")
        day = (DAY + timedelta(days=9)).isoformat()
        ladder = given_ladder((-1, "holder"), (2, "rector"))
        answer = quality.post("/api/policies", sent(days=2, count="calendar", effective_from=day, ladder=ladder))
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["days"], made["count"], made["standing"], made["campus"]) == (2, "calendar", "ahead", None)
        assert made["ladder"]["rungs"][1] == {"days": 2, "to": ["rector"], "channel": "mail"}
        assert made["deadline"] == "2 calendar days after the step begins"
        assert made["told"].startswith("1 working day before: holder of the task; 2 working days after: rector; then")
        assert made["made_by"]["code"] == "quality"
        assert program.as_("reader").get("/api/policies?lifecycle=nonconformity").json()["total"] == 1
        assert program.as_("reader").get("/api/policies?lifecycle=document").json()["total"] == 0
        assert program.as_("reader").get("/api/policies?step=verification").json()["total"] == 0
        gone = quality.send("DELETE", f"/api/policies/{made['id']}", {})
        assert gone.status_code == 204
        assert quality.get("/api/policies").json()["items"][0]["standing"] == "withdrawn"
        refused(quality.send("DELETE", f"/api/policies/{made['id']}", {}), 422, "guard-unmet")
        refused(quality.send("DELETE", f"/api/policies/{new_id()}", {}), 404, "not-found")

    def test_is_made_once_by_one_key(self, program: Program, university: University) -> None:
        quality = program.as_("quality")
        first = quality.post("/api/policies", sent(days=2), Idempotency_Key="k")
        again = quality.post("/api/policies", sent(days=2), Idempotency_Key="k")
        assert first.json() == again.json()
        assert len(university.rows(t.policy)) == 1

    def test_is_read_page_by_page(self, program: Program, university: University) -> None:
        made = [make(university, days=days) for days in range(1, 6)]
        pages = list(program.as_("reader").pages("/api/policies", 2))
        assert [item["id"] for page in pages for item in page] == [str(one) for one in reversed(made)]
        assert [item["standing"] for page in pages for item in page] == ["holds", *["past"] * 4]

    @pytest.mark.parametrize("who", ["admin", "rector", "reader"])
    def test_is_set_by_nobody_but_the_quality_specialist(
        self, program: Program, university: University, who: str
    ) -> None:
        ahead = make(university, days=2, effective_from=DAY + timedelta(days=9))
        asking = program.as_(who)
        refused(asking.post("/api/policies", sent(days=2)), 403, "not-yours")
        refused(asking.post("/api/policies/dry-run", {**STEP, "days": 2}), 403, "not-yours")
        refused(asking.post("/api/policies/replan", STEP), 403, "not-yours")
        refused(asking.post("/api/policies/replan", {**STEP, "seen": "x"}), 403, "not-yours")
        refused(asking.send("DELETE", f"/api/policies/{ahead}", {}), 403, "not-yours")
        assert len(university.rows(t.policy)) == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"days": "2"}, "days"),
            ({"days": 0}, "days"),
            ({"days": 2, "count": "moons"}, "count"),
            ({"days": 2, "severity": ""}, "severity"),
            ({"days": 2, "colour": "red"}, "colour"),
            ({"days": 2, "reason": " "}, "reason"),
            ({"ladder": {"rungs": []}}, "ladder"),
            ({"ladder": given_ladder((2, "clock"))}, "rungs"),
            ({"ladder": [], "days": 2}, "ladder"),
        ],
    )
    def test_is_refused_by_field(
        self, program: Program, university: University, wrong: dict[str, Any], field: str
    ) -> None:
        problem = refused(program.as_("quality").post("/api/policies", sent(**wrong)), 422, "incomplete")
        assert set(problem["errors"]) == {field}
        assert university.rows(t.policy) == []


class TestADryRun:
    def test_tells_four_numbers_and_writes_nothing(self, program: Program, university: University) -> None:
        found = correcting(university, at(2026, 3, 30))
        told = program.as_("quality").post("/api/policies/dry-run", {**STEP, "days": 2}).json()
        assert (told["open_then"], told["open_now"], told["moved"], told["late_by_it"]) == (1, 1, 1, 1)
        assert told["really"]["total"] == 0
        assert told["would_have"]["days"][0] == {"day": "2026-04-01", "times": 1}
        parts = {(part["code"], part["channel"]): part["times"] for part in told["will"]["parts"]}
        assert parts["holders_head", "mail"] == 1
        assert {reader["code"] for reader in told["will"]["readers"]} >= {"head", "quality"}
        assert told["examples"][0]["id"] == str(found)
        assert university.rows(t.policy) == []


class TestRePlanning:
    def test_is_a_look_first_and_done_with_what_was_seen(self, program: Program, university: University) -> None:
        found, quality = correcting(university, NOW), program.as_("quality")
        make(university, days=2)
        look = quality.post("/api/policies/replan", STEP).json()
        assert (look["done"], look["changing"]) == (False, 1)
        assert look["due"] == [{"before": "2026-04-13", "after": "2026-04-08", "tasks": 1}]
        refused(quality.post("/api/policies/replan", {**STEP, "seen": "0" * 32}), 422, "guard-unmet")
        assert task_of(university, found)["policy_id"] is None
        done = quality.post("/api/policies/replan", {**STEP, "seen": look["seen"]}).json()
        assert (done["done"], done["changing"]) == (True, 1)
        assert task_of(university, found)["due_at"] == due_moment(at(2026, 4, 8).date())
        assert quality.post("/api/policies/replan", STEP).json()["changing"] == 0
