"""Absences by programs: entered by the person themselves or the administrator, as on the pages."""

from typing import Any

import pytest

from models import tables as t
from tests.support.university import University
from tests.web.programs import Program, refused

AWAY = {"person": "reader", "since": "2026-04-08", "until": "2026-04-17", "deputy": "librarian"}


class TestAnAbsence:
    @pytest.mark.parametrize("who", ["reader", "admin"])
    def test_is_entered_changed_ended_and_cancelled(self, program: Program, university: University, who: str) -> None:
        asking = program.as_(who, Accept_Language="en")
        answers = [asking.post("/api/absences", {**AWAY, "reason": "Иш сапары"}, Idempotency_Key="a") for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        made, here = answers[0].json(), answers[0].headers["location"]
        assert (made["person"]["code"], made["deputy"]["code"], made["reason"]) == ("reader", "librarian", "Иш сапары")
        assert asking.get(here).json() == made
        assert asking.get("/api/absences").json()["items"] == [made]
        told = {"since": "2026-04-06", "until": "2026-04-17"}
        changed = asking.send("PUT", here, {}, json=told)
        assert (changed.status_code, changed.json()["deputy"], changed.json()["reason"]) == (200, None, "")
        ended = asking.post(f"{here}/end", {"until": "2026-04-10"})
        assert (ended.status_code, ended.json()["until"]) == (200, "2026-04-10")
        refused(asking.post(f"{here}/end", {"until": "2026-04-20"}), 422, "incomplete")
        assert asking.send("DELETE", here, {}).status_code == 204
        refused(asking.get(here), 404, "not-found")
        assert asking.get("/api/absences").json()["total"] == 0

    @pytest.mark.parametrize("who", ["librarian", "rector", "quality"])
    def test_is_kept_by_nobody_else(self, program: Program, university: University, who: str) -> None:
        here = program.as_("reader").post("/api/absences", AWAY).headers["location"]
        asking = program.as_(who)
        refused(asking.post("/api/absences", {**AWAY, "since": "2026-05-05", "until": "2026-05-06"}), 403, "not-yours")
        refused(asking.send("PUT", here, {}, json={"since": "2026-04-08", "until": "2026-04-09"}), 403, "not-yours")
        refused(asking.post(f"{here}/end", {"until": "2026-04-10"}), 403, "not-yours")
        refused(asking.send("DELETE", here, {}), 403, "not-yours")
        if who == "quality":
            assert asking.get(here).status_code == 200
        else:
            refused(asking.get(here), 404, "not-found")
        assert len(university.rows(t.absence)) == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"deputy": "reader"}, "deputy"),
            ({"until": "2026-04-07"}, "until"),
            ({"until": "soon"}, "until"),
            ({"person": "moon"}, "person"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_is_refused_by_field(self, program: Program, wrong: dict[str, Any], field: str) -> None:
        problem = refused(program.as_("reader").post("/api/absences", {**AWAY, **wrong}), 422, "incomplete")
        assert set(problem["errors"]) == {field}
