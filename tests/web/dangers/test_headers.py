"""What browsers are told with every answer, and what is told to nobody."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.web.app import create_app
from tests.support.university import University
from tests.web.dangers.conftest import NOW, Wire
from tests.web.programs import HOST, Program
from tests.web.visitors import Visitor, application

PATHS = [
    "/tasks",
    "/person",
    "/nowhere",
    "/documents",
    "/nonconformities/new",
    "/static/pages.css",
    "/api/me",
    "/api/nowhere",
    "/api/openapi.json",
    "/api/docs",
    "/healthz",
    "/",
]


def policy(answer: httpx.Response) -> dict[str, str]:
    """The directives of an answer's content security policy."""
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


class TestEveryAnswer:
    @pytest.fixture(params=PATHS)
    def answer(self, visitor: Visitor, request: pytest.FixtureRequest) -> httpx.Response:
        return visitor.is_("dean").get(request.param)

    def test_may_not_be_framed(self, answer: httpx.Response) -> None:
        assert policy(answer)["frame-ancestors"] == "'none'"
        assert answer.headers["x-frame-options"] == "DENY"

    def test_runs_and_loads_nothing_from_elsewhere_and_nothing_inline(self, answer: httpx.Response) -> None:
        rules = policy(answer)
        assert rules["default-src"] == "'none'"
        assert rules["base-uri"] == "'none'"
        assert {value for name, value in rules.items() if name.endswith("-src")} <= {"'none'", "'self'"}
        assert rules["form-action"] == "'self'"

    def test_is_what_it_says_it_is(self, answer: httpx.Response) -> None:
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.status_code == 200:
            assert "content-type" in answer.headers

    def test_tells_no_other_site_where_one_was(self, answer: httpx.Response) -> None:
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert not [name for name in answer.headers if name.startswith("access-control-")]

    def test_is_kept_by_nobody_unless_it_is_public_or_asked_about_each_time(self, answer: httpx.Response) -> None:
        kept = answer.headers["cache-control"]
        assert kept in ("no-store", "private, no-cache") or answer.url.path.startswith("/static/")

    def test_says_no_version_of_what_it_is_made_of(self, answer: httpx.Response) -> None:
        told = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        assert not re.search(r"uvicorn|starlette|fastapi|python|sqlalchemy|x-powered-by|server:", told, re.I)


class TestAProtectedSite:
    @pytest.fixture
    def protected(self, university: University) -> Iterator[Visitor]:
        app = application(university.database, NOW)
        app.state.site.settings.base_url = "https://sapat.test"
        yield Visitor(create_app(app.state.site))
        app.state.site.close()

    def test_is_protected_for_good(self, protected: Visitor) -> None:
        for path in PATHS:
            assert protected.get(path).headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"

    def test_sets_cookies_that_travel_protected_only(self, protected: Visitor) -> None:
        answer = protected.post("/language", {"language": "en"}, Origin="https://sapat.test")
        assert "secure" in answer.headers["set-cookie"].lower()

    def test_that_is_not_protected_promises_nothing(self, visitor: Visitor) -> None:
        assert "strict-transport-security" not in visitor.get("/tasks").headers


class TestACookie:
    def test_is_read_by_no_script_and_sent_by_no_other_site(self, visitor: Visitor) -> None:
        for path, form in (("/language", {"language": "en"}), ("/person", {"person": "dean"})):
            set_here = visitor.post(path, form).headers.get_list("set-cookie")
            assert set_here
            for cookie in set_here:
                assert "domain" not in cookie.lower()
                if "max-age=0" not in cookie.lower():
                    assert {"httponly", "path=/", "samesite=lax"} <= {one.strip().lower() for one in cookie.split(";")}


class TestAMistakeOfOurs:
    @pytest.fixture
    def broken(self, app: FastAPI) -> FastAPI:
        async def fails(_: Request) -> Response:
            raise RuntimeError("postgresql://sapat:geheim@db/sapat in /srv/sapat/service/secret.py")

        app.router.routes[:0] = [Route("/broken", fails), Route("/api/broken", fails)]
        return app

    @pytest.mark.parametrize("path", ["/broken", "/api/broken"])
    def test_is_told_without_what_it_was(self, broken: FastAPI, path: str) -> None:
        answer = Program(broken).as_("dean").get(path)
        assert answer.status_code == 500
        assert not re.search(r"geheim|Traceback|\.py|RuntimeError|line \d", answer.text)


class TestTheWire:
    def test_names_no_server(self, wire: Wire) -> None:
        assert b"server:" not in wire.ask("GET /healthz HTTP/1.1\nHost: HOST").lower()

    @pytest.mark.parametrize(
        "head",
        [
            "GET /language%0d%0aSet-Cookie:%20a=b HTTP/1.1\nHost: HOST",
            "GET /tasks?x=%0d%0aSet-Cookie:%20a=b HTTP/1.1\nHost: HOST",
            "GET /person?next=/%0d%0aSet-Cookie:%20a=b HTTP/1.1\nHost: HOST",
            "GET /%E5%98%8A%E5%98%8DSet-Cookie:%20a=b/ HTTP/1.1\nHost: HOST",
            "GET /tasks HTTP/1.1\nHost: HOST\nAccept-Language: en%0d%0aSet-Cookie: a=b",
        ],
    )
    def test_gets_no_header_of_somebody_elses(self, wire: Wire, head: str) -> None:
        answer = wire.ask(head).partition(b"\r\n\r\n")[0].lower()
        assert answer.startswith(b"http/1.1")
        assert b"\r\nset-cookie: a=b" not in answer

    def test_gets_no_second_answer(self, wire: Wire) -> None:
        body = b"next=%2F%0d%0aContent-Length:%200%0d%0a%0d%0aHTTP/1.1%20200%20OK&person=dean"
        answer = wire.ask(
            "POST /person HTTP/1.1\nHost: HOST\nOrigin: http://HOST\n"
            f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(body)}",
            body,
        )
        assert answer.count(b"HTTP/1.1 ") == 1


class TestASharedOrigin:
    def test_is_asked_for_by_nobody(self, program: Program) -> None:
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = program.send("OPTIONS", "/api/nonconformities", headers)
        assert answer.status_code == 405
        assert "access-control-allow-origin" not in answer.headers
        assert HOST not in str(answer.headers)
