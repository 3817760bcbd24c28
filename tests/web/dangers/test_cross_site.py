"""What another site makes a browser send is refused, whoever is signed in; what a program sends is its own."""

import pytest
from fastapi import FastAPI

from models import tables as t
from service.web.site import PERSON
from tests.support.university import University
from tests.web.dangers.conftest import NOW
from tests.web.programs import HOST, NONCONFORMITY, Program, refused
from tests.web.visitors import Visitor, application, moves

NOTHING = {"Sec-Fetch-Site": ""}
ATTACKS = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.sapat.test"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {**NOTHING, "Origin": "https://evil.example"},
    {**NOTHING, "Origin": "null"},
    {**NOTHING, "Origin": "http://sapat.test.evil.example"},
    {**NOTHING, "Origin": "http://sapat.test:8000"},
    {**NOTHING, "Origin": "http://evil@sapat.test"},
    {**NOTHING, "Origin": "file://"},
    {**NOTHING, "Origin": "sapat.test"},
    NOTHING,
    {**NOTHING, "Referer": "http://sapat.test/"},
]


class TestAFormOfAnotherSite:
    @pytest.mark.parametrize("headers", ATTACKS, ids=range(len(ATTACKS)))
    def test_decides_nothing(self, visitor: Visitor, university: University, headers: dict[str, str]) -> None:
        found = university.reported(NOW)
        page = visitor.is_("quality").get(f"/nonconformities/{found}")
        form = moves(page)["register"]
        typed = {**form.fields, "severity": "minor", "owner_post": "owner"}
        assert visitor.post(form.action, typed, **headers).status_code == 403
        assert university.state(found) == "reported"

    @pytest.mark.parametrize("headers", ATTACKS, ids=range(len(ATTACKS)))
    def test_opens_nothing_through_the_api(
        self, program: Program, university: University, headers: dict[str, str]
    ) -> None:
        cookie = {"Cookie": f"{PERSON}=dean", **headers}
        refused(program.post("/api/nonconformities", NONCONFORMITY, **cookie), 403, "from-elsewhere")
        assert university.rows(t.record) == []

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_cannot_pass_words_off_as_json(self, program: Program, kind: str) -> None:
        headers = {"Cookie": f"{PERSON}=dean", "Origin": HOST, "Content-Type": kind}
        answer = program.send("POST", "/api/nonconformities", headers, content=b'{"title": "x"}')
        refused(answer, 415, "unsupported-media-type")

    @pytest.mark.parametrize("path", ["/person", "/language", "/nonconformities/new"])
    def test_reaches_no_form_at_all(self, visitor: Visitor, path: str) -> None:
        answer = visitor.is_("dean").post(path, {"person": "rector"}, **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    def test_may_link_here(self, visitor: Visitor) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert visitor.is_("dean").get("/tasks", **headers).status_code == 200


class TestOurOwnForm:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "same-origin", "Origin": HOST},
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none", "Origin": HOST},
            {"Sec-Fetch-Site": "", "Origin": HOST},
            {"Sec-Fetch-Site": "", "Origin": "http://SAPAT.test"},
        ],
    )
    def test_is_taken(self, visitor: Visitor, headers: dict[str, str]) -> None:
        assert visitor.is_("dean").post("/language", {"language": "en"}, **headers).status_code == 303

    def test_is_not_taken_from_the_unprotected_twin_of_a_protected_site(self, university: University) -> None:
        app = application(university.database, NOW)
        app.state.site.settings.base_url = "https://sapat.test"
        twin = Visitor(_guarded(app)).is_("dean")
        for origin, answered in (("http://sapat.test", 403), ("https://sapat.test", 303)):
            headers = {"Sec-Fetch-Site": "", "Origin": origin}
            assert twin.post("/language", {"language": "en"}, **headers).status_code == answered
        app.state.site.close()


class TestAProgram:
    def test_that_has_no_cookie_need_not_say_where_it_is(self, program: Program) -> None:
        assert program.as_("dean").post("/api/nonconformities", NONCONFORMITY).status_code == 201

    @pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    def test_cannot_call_one_method_another(self, program: Program, university: University, header: str) -> None:
        answer = program.as_("dean").send("GET", "/api/nonconformities?_method=POST", {header: "POST"})
        assert answer.status_code in (200, 422)
        assert university.rows(t.record) == []

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"])
    def test_has_no_other_methods(self, program: Program, method: str) -> None:
        assert program.as_("dean").send(method, "/api/nonconformities", {}).status_code == 405


def _guarded(app: FastAPI) -> FastAPI:
    """The same site, with a guard that knows its settings of now."""
    from service.web.app import create_app

    return create_app(app.state.site)
