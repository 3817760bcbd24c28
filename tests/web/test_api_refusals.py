"""Everything the API refuses: as a problem (RFC 9457), with the right status, in the reader's language."""

import pytest
from fastapi import FastAPI

from service.web.api.refusals import kinds
from states.registry import lifecycles
from tests.web.programs import NONCONFORMITY, Program, refused

COLLECTIONS = [one.collection for one in lifecycles().values()]
PRIVATE = ["me", "me/tasks", "documents", "late", "units", "posts", "people", "bodies", "processes", *COLLECTIONS]
PUBLIC = ["health", "openapi.json", "docs", "problems", "problems/stale", "lifecycles", "lifecycles/document"]
MINE = "/api/nonconformities"


class TestWhoeverIsNobody:
    @pytest.mark.parametrize("path", PRIVATE)
    def test_reads_nothing_of_the_university(self, program: Program, path: str) -> None:
        refused(program.get(f"/api/{path}"), 401, "signed-out")
        refused(program.as_("nobody").get(f"/api/{path}"), 401, "signed-out")

    @pytest.mark.parametrize("path", [*COLLECTIONS, "documents", "actions/x/moves"])
    def test_writes_nothing(self, program: Program, path: str) -> None:
        told = {"move": "start"} if path.endswith("moves") else _sound(path)
        refused(program.post(f"/api/{path}", told), 401, "signed-out")

    @pytest.mark.parametrize("path", PUBLIC)
    def test_reads_how_the_api_works(self, program: Program, path: str) -> None:
        assert program.get(f"/api/{path}").status_code == 200

    @pytest.mark.parametrize("cookie", ['sapat_person="\\\\000"', "sapat_person=", "sapat_person=%00"])
    def test_is_nobody_with_a_strange_cookie_too(self, program: Program, cookie: str) -> None:
        refused(program.get("/api/me", Cookie=cookie), 401, "signed-out")


class TestAnAddress:
    @pytest.mark.parametrize("path", ["", "/", "/nothing", "/problems/nothing", "/lifecycles/nothing", "/me/nothing"])
    def test_that_is_unknown_is_not_found(self, program: Program, path: str) -> None:
        refused(program.as_("dean").get(f"/api{path}"), 404, "not-found")

    @pytest.mark.parametrize(
        "name", ["NC-1", "%00", "%F0%9F%98%80", "a%2Fb", "%FF", "00000000-0000-0000-0000-000000000000"]
    )
    def test_of_a_record_there_is_not_is_not_found(self, program: Program, name: str) -> None:
        for path in ("nonconformities", "documents"):
            refused(program.as_("dean").get(f"/api/{path}/{name}"), 404, "not-found")
        refused(program.as_("dean").get(f"/api/nonconformities/{name}/history"), 404, "not-found")
        refused(program.as_("dean").move(f"/api/actions/{name}", "start"), 404, "not-found")

    def test_knows_its_methods(self, program: Program) -> None:
        answer = program.as_("dean").send("DELETE", MINE, {})
        refused(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] in ("GET", "POST")


class TestAQuestion:
    @pytest.mark.parametrize(
        ("asked", "wrong"),
        [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=some", "limit"),
            ("limit=-1", "limit"),
            ("state=nowhere", "state"),
            ("late=perhaps", "late"),
            ("stat=reported", "stat"),
            ("state=", "state"),
            ("q=%20", "q"),
            ("owner=nobody", "owner"),
            ("unit=nowhere", "unit"),
            ("process=9.9", "process"),
            ("nc_kind=other", "nc_kind"),
        ],
    )
    def test_with_something_wrong_is_told_what(self, program: Program, asked: str, wrong: str) -> None:
        problem = refused(program.as_("dean").get(f"{MINE}?{asked}"), 422, "incomplete")
        assert set(problem["errors"]) == {wrong}

    @pytest.mark.parametrize(
        "cursor", ["x", "W10", "WzFd", "WyJ4Il0", "W251bGxd", "ыы", "WyJcdWQ4MDAiXQ", "WyJcdTAwMDAiXQ"]
    )
    @pytest.mark.parametrize("path", ["nonconformities", "late", "people", "documents", "me/tasks"])
    def test_with_a_cursor_of_somebody_elses_is_malformed(self, program: Program, path: str, cursor: str) -> None:
        answer = program.as_("dean").get(f"/api/{path}?cursor={cursor}")
        if path == "people" and cursor == "WyJ4Il0":  # ["x"] is where a list of codes may well begin
            assert answer.status_code == 200
        else:
            refused(answer, 400, "malformed")

    def test_may_look_for_anything(self, program: Program) -> None:
        for words in ("%00", "%25", "_", "'", "%22", "\\", "%F0%9F%98%80"):
            assert program.as_("dean").get(f"{MINE}?q={words}").status_code == 200


class TestAnotherSite:
    def test_cannot_make_a_browser_send_anything(self, program: Program) -> None:
        refused(program.as_("dean").post(MINE, NONCONFORMITY, Sec_Fetch_Site="cross-site"), 403, "from-elsewhere")
        refused(program.as_("dean").post(MINE, NONCONFORMITY, Origin="http://else.test"), 403, "from-elsewhere")


class TestTheLanguage:
    TITLES = ("Сиз системага", "Вы не", "You are not")

    @pytest.mark.parametrize(
        ("headers", "language"),
        [
            ({}, "ky"),
            ({"Accept-Language": "ru"}, "ru"),
            ({"Accept-Language": "de, en-GB;q=0.5, ru;q=0.4"}, "en"),
            ({"Accept-Language": "en;q=0.1, ru;q=0.9"}, "ru"),
            ({"Accept-Language": "en;q=0"}, "ky"),
            ({"Accept-Language": "de;q=x,,;q="}, "ky"),
            ({"Cookie": "sapat_language=en"}, "en"),
            ({"Cookie": "sapat_language=xx"}, "ky"),
        ],
    )
    def test_is_the_one_asked_for(self, program: Program, headers: dict[str, str], language: str) -> None:
        answer = program.get("/api/me", **headers)
        problem = refused(answer, 401, "signed-out")
        assert answer.headers["content-language"] == language
        assert problem["title"].startswith(dict(zip(("ky", "ru", "en"), self.TITLES, strict=True))[language])

    def test_is_the_persons_own_where_none_is_asked_for(self, program: Program) -> None:
        for person, language in (("vice", "ru"), ("dean", "en"), ("rector", "ky")):
            assert program.as_(person).get("/api/actions/x").headers["content-language"] == language


class TestEveryKindOfProblem:
    def test_is_described_at_the_address_it_names(self, program: Program) -> None:
        listed = program.get("/api/problems").json()["items"]
        assert {one["code"] for one in listed} == set(kinds())
        for one in listed:
            there = program.get(one["example"]["type"]).json()
            assert there == one
            assert one["status"] == one["example"]["status"]

    def test_has_a_code_of_its_own(self) -> None:
        assert len({kind.code for kind in kinds().values()}) == len(kinds())


class TestAMistakeOfOurs:
    def test_is_a_problem_too(self, api: FastAPI) -> None:
        api.state.site.database.close()
        api.state.site.readers.shutdown()
        refused(Program(api, "dean").get("/api/me"), 500, "internal")


def _sound(path: str) -> dict[str, str]:
    action = dict.fromkeys(("parent", "title", "criterion", "owner_post"), "x")
    return {
        "nonconformities": NONCONFORMITY,
        "revisions": {"document": "УСТ 4.09", "summary": "x"},
        "documents": {"type": "УСТ", "code": "X 1", "title": "x"},
        "actions": {**action, "action_kind": "corrective", "due_on": "2026-06-01"},
        "audits": {
            "title": "x",
            "criteria": "x",
            "unit": "LIBRARY",
            "planned_on": "2026-06-01",
            "lead_auditor": "auditor",
        },
        "sittings": {"body": "ouk", "held_on": "2026-06-01", "begins_at": "14:00", "held_at": "x"},
        "council-tasks": {"title": "x", "owner_post": "x", "due_on": "2026-06-01"},
        "acknowledgements": {},
        "printed-copies": {"document": "УСТ 4.09", "owner_post": "x", "kept_at": "x"},
    }[path]
