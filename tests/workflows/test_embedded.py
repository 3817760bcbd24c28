"""Prefect inside the process: kept at home, and brought back when it dies."""

from __future__ import annotations

import http.client
import json
import urllib.request

import pytest

from tests.workflows.conftest import Running, until

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore:Type object:DeprecationWarning")]  # Prefect's own


def get(running: Running, path: str, host: str = "") -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", running.prefect.port, timeout=10)
    connection.request(
        "GET", path, headers={"host": host or f"127.0.0.1:{running.prefect.port}", "accept": "text/html"}
    )
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


class TestTheServer:
    def test_tells_nobody_about_us(self, running: Running) -> None:
        with urllib.request.urlopen(f"{running.prefect.url}/api/admin/settings", timeout=10) as answer:  # noqa: S310 - an address of our own
            settings = json.load(answer)
        assert settings["server"]["analytics_enabled"] is False
        assert settings["telemetry"]["enable_resource_metrics"] is False
        assert settings["server"]["ui"]["show_promotional_content"] is False

    def test_answers_with_its_page_and_forbids_it_other_hosts(self, running: Running) -> None:
        status, headers, page = get(running, "/v2/")
        assert status == 200
        assert b"<title>Prefect" in page
        assert "connect-src 'self'" in headers["content-security-policy"]

    def test_serves_the_files_of_the_page(self, running: Running) -> None:
        _, _, page = get(running, "/v2/")
        script = page.decode().split('<script type="module" crossorigin src="')[1].split('"')[0]
        assert get(running, script)[0] == 200

    def test_refuses_a_name_that_is_not_its_own(self, running: Running) -> None:
        assert get(running, "/api/health", host="somewhere.example")[0] == 421

    def test_keeps_what_it_writes_in_its_folder(self, running: Running) -> None:
        assert (running.prefect.home / "ui" / "v2" / "index.html").is_file()
        assert (running.prefect.home / "prefect.db").is_file()


class TestADeadPrefect:
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # what the dead one leaves
    def test_holds_nothing_up_and_is_started_again(self, running: Running) -> None:
        restarts = running.dispatcher.status()["prefect"]["restarts"]
        running.prefect.kill()
        running.fakes.outbox = 3
        running.dispatcher.nudge()
        until(lambda: running.fakes.outbox == 0)
        until(lambda: running.dispatcher.status()["prefect"]["restarts"] > restarts)
        until(lambda: running.state() == "ready")
        before = len(running.runs("deliver", "COMPLETED"))
        running.fakes.outbox = 4
        running.dispatcher.nudge()
        until(lambda: len(running.runs("deliver", "COMPLETED")) > before)

    def test_leaves_no_run_that_looks_as_if_it_ran(self, running: Running) -> None:
        until(lambda: not running.runs("deliver", "RUNNING"))
