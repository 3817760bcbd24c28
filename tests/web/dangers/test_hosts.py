"""Sapat answers by its own names only; whatever a request calls it, mails and pages lead to where it really is."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service.settings import Settings
from service.web.guard import names_of
from tests.support.post import post_of
from tests.support.university import University
from tests.web.dangers.conftest import NOW, Wire, status
from tests.web.programs import NONCONFORMITY, Program, refused
from tests.web.visitors import Visitor, application

EVIL = [
    "evil.example",
    "sapat.test.evil.example",
    "evil.example:80",
    "sapat.test:8001",
    "sapat.test@evil.example",
    "evil.example#sapat.test",
    "localhost:1",
    "localhost",
    "127.0.0.1:8000.evil.example",
    "[::1]",
    "0.0.0.0:8000",
    "",
]


class TestAHost:
    @pytest.mark.parametrize("host", EVIL)
    def test_of_somebody_else_is_answered_by_nothing(self, program: Program, visitor: Visitor, host: str) -> None:
        refused(program.as_("dean").get("/api/me", Host=host), 421, "misdirected")
        answer = visitor.is_("dean").get("/tasks", Host=host)
        assert answer.status_code == 421
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("host", ["sapat.test", "SAPAT.Test", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
    def test_of_ours_is_answered(self, program: Program, host: str) -> None:
        assert program.as_("dean").get("/api/me", Host=host).status_code == 200

    def test_may_be_one_that_the_administrator_added(self, university: University) -> None:
        app = application(university.database, NOW, hosts="sapat.uni.example, old.uni.example:8443")
        program = Program(app).as_("dean")
        for host in ("sapat.uni.example", "old.uni.example:8443"):
            assert program.get("/api/me", Host=host).status_code == 200
        assert program.get("/api/me", Host="old.uni.example").status_code == 421
        app.state.site.close()

    def test_that_another_header_claims_is_nobody(self, visitor: Visitor) -> None:
        headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
        for path in ("/tasks", "/api/openapi.json", "/", "/nonconformities/new/", "/tasks/"):
            answer = visitor.is_("dean").get(path, **headers)
            assert "evil.example" not in answer.text + str(answer.headers), path

    def test_of_a_usual_port_may_be_said_without_it(self) -> None:
        assert "sapat.uni.example" in names_of(Settings(base_url="https://sapat.uni.example:443"))
        assert names_of(Settings(base_url="https://a:b@sapat.uni.example/x")) >= {"sapat.uni.example"}


class TestOnTheWire:
    def test_a_request_that_names_nobody_or_two_is_refused(self, wire: Wire) -> None:
        assert status(wire.ask("GET /healthz HTTP/1.1\nHost: HOST")) == 200
        assert status(wire.ask("GET /healthz HTTP/1.1\nHost: HOST\nHost: evil.example")) == 400
        assert status(wire.ask("GET /healthz HTTP/1.1")) == 400
        assert status(wire.ask("GET /healthz HTTP/1.0")) == 400
        assert status(wire.ask("GET /healthz HTTP/1.1\nHost: evil.example")) == 421

    def test_an_address_of_another_server_is_refused(self, wire: Wire) -> None:
        assert status(wire.ask("GET http://evil.example/healthz HTTP/1.1\nHost: HOST")) in (400, 404)
        assert status(wire.ask("CONNECT evil.example:443 HTTP/1.1\nHost: evil.example:443")) in (400, 421)


class TestAMail:
    def test_leads_to_the_address_that_is_set_whatever_a_request_called_us(
        self, university: University, tmp_path: Path
    ) -> None:
        app = application(university.database, NOW, hosts="other.example")
        answer = Program(app).as_("dean").post("/api/nonconformities", NONCONFORMITY, Host="other.example")
        assert answer.status_code == 201
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            told = [mail.raw.decode("ascii") + mail.text + mail.html for mail in post.mails()]
        app.state.site.close()
        assert told
        for mail in told:
            assert "other.example" not in mail
            assert "https://sapat.example/nonconformities/" in mail


class TestARedirect:
    def test_stays_where_the_browser_is(self, app: FastAPI, visitor: Visitor) -> None:
        for path in ("/", "/tasks/", "/documents/", "//evil.example/", "/nonconformities/"):
            answer = visitor.get(path)
            where = httpx.URL(answer.headers.get("location", "/"))
            assert where.host in ("", "sapat.test"), path
