"""The flows, run by a real Prefect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.conftest import NOON, Running, Swept, until
from workflows.sweep import ROWS_SHOWN

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore:Type object:DeprecationWarning")]  # Prefect's own


class TestAFlowRun:
    def test_ends_completed_under_a_name_people_can_read(self, running: Running) -> None:
        running.fakes.overdue = True
        run = until(lambda: running.runs("sweep", "COMPLETED"))[0]
        assert run["name"] == "sweep 2026-11-21 09:00"
        assert {"sapat", "sweep"} <= set(run["tags"])
        assert run["state"]["message"] == "reminded 1, escalated 1"

    def test_is_one_for_a_whole_batch(self, running: Running) -> None:
        until(lambda: running.fakes.outbox == 0)
        before = len(running.runs("deliver", "COMPLETED"))
        running.fakes.outbox = 500
        running.dispatcher.nudge()
        run = until(lambda: running.runs("deliver", "COMPLETED")[: -before or None])
        assert [each["state"]["message"] for each in run] == ["sent 500, failed 0, waiting 0"]

    def test_of_the_day_is_made_when_a_new_day_has_begun(self, running: Running) -> None:
        running.fakes.now = NOON + timedelta(days=1)
        until(lambda: "daily 2026-11-22 09:00" in [run["name"] for run in running.runs("daily", "COMPLETED")])
        assert running.fakes.moments["daily"].count(running.fakes.now) == 1

    def test_is_failed_when_the_use_case_raises_and_the_next_one_works(self, running: Running) -> None:
        running.fakes.breaks = {"deliver"}
        running.fakes.outbox = 1
        running.dispatcher.nudge()
        run = until(lambda: running.runs("deliver", "FAILED"))[0]
        assert "the mail server is away" in run["state"]["message"]
        record = running.dispatcher.status()["chores"]["deliver"]
        assert record["error"] == "ConnectionError: the mail server is away"
        running.fakes.breaks = set()
        until(lambda: running.fakes.outbox == 0)
        until(lambda: running.dispatcher.status()["chores"]["deliver"]["failures"] == 0)


class TestASweep:
    def artifact(self, running: Running) -> dict[str, str]:
        found: list[dict[str, str]] = running.ask(
            "/artifacts/filter", {"artifacts": {"key": {"any_": ["sweep"]}}, "sort": "CREATED_DESC", "limit": 1}
        )
        return found[0] if found else {"data": "", "description": ""}

    def test_leaves_a_table_of_what_was_said_to_whom(self, running: Running) -> None:
        running.fakes.swept = Swept({"reminded": 1}, [{"told": "dean's office", "of": "D-18"}])
        running.fakes.overdue = True
        until(lambda: self.artifact(running)["data"] == '[{"told": "dean\'s office", "of": "D-18"}]')
        assert "- reminded: **1**" in self.artifact(running)["description"]

    def test_shows_the_first_rows_and_counts_the_others(self, running: Running) -> None:
        running.fakes.swept = Swept({"reminded": 999}, [{"told": f"reader {n}"} for n in range(ROWS_SHOWN + 7)])
        running.fakes.overdue = True
        until(lambda: "**7** more" in self.artifact(running)["description"])
        assert self.artifact(running)["data"].count("reader") == ROWS_SHOWN


class TestARunAskedFor:
    @pytest.mark.parametrize("name", ["deliver", "sweep", "publish", "collect", "daily"])
    def test_by_a_deployments_name_is_run_here(self, running: Running, name: str) -> None:
        deployment = running.ask("/deployments/filter", {"deployments": {"name": {"any_": ["sapat"]}}})
        known = {each["tags"][1]: each for each in deployment}
        assert known[name]["description"]
        made = running.ask(
            f"/deployments/{known[name]['id']}/create_flow_run", {"parameters": {"at": "2027-01-05T12:00:00+06:00"}}
        )
        run = until(lambda: [each for each in running.runs(name, "COMPLETED") if each["id"] == made["id"]])[0]
        assert run["name"] == f"{name} 2027-01-05 12:00"
        assert running.fakes.moments[name][-1].isoformat() == "2027-01-05T12:00:00+06:00"
