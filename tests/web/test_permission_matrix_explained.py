"""The page and the address that explain who may do this: for whom they are, what they say, and that it is true."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.reading.permissions import READ
from tests.support.university import University, at
from tests.web.permission_matrix import EVERYBODY, MATRIX, READERS
from tests.web.permission_stage import Stage
from tests.web.programs import Program, refused
from tests.web.visitors import Visitor, application, words

NOW = at(2026, 4, 6)
EXPLAINERS = {"admin", "quality"}


@pytest.fixture
def app(university: University) -> Iterator[FastAPI]:
    made = application(university.database, NOW)
    yield made
    made.state.site.close()


@pytest.fixture
def stage(university: University) -> Iterator[Stage]:
    made = Stage(university)
    yield made
    made.app.state.site.close()


class TestWhoIsTold:
    def test_are_administrators_and_quality_specialists(self, visitor: Visitor, university: University) -> None:
        told = {who for who in university.people if visitor.is_(who).get("/permissions").status_code == 200}
        assert told == EXPLAINERS

    def test_is_everybody_about_themselves(self, visitor: Visitor, university: University) -> None:
        for who in university.people:
            assert visitor.is_(who, "en").get("/permissions?person=me").status_code == 200
            assert visitor.get(f"/permissions?person={who}").status_code == 200
        assert "What I may do, and why" in words(visitor.is_("reader", "en").get("/permissions?person=me"))

    def test_is_nobody_about_others(self, visitor: Visitor) -> None:
        answer = visitor.is_("reader", "en").get("/permissions?person=rector")
        assert answer.status_code == 403
        assert "administrator, quality specialist" in words(answer)
        assert visitor.get("/permissions?act=document.approve").status_code == 403

    def test_is_nobody_who_is_not_signed_in(self, visitor: Visitor) -> None:
        assert visitor.get("/permissions?person=me").status_code == 303

    def test_is_the_same_for_programs(self, app: FastAPI, university: University) -> None:
        program = Program(app)
        for who in university.people:
            status = 200 if who in EXPLAINERS else 403
            assert program.as_(who).get("/api/permissions?act=document.approve").status_code == status
            assert program.as_(who).get("/api/permissions/rector").status_code == (200 if who == "rector" else status)
            assert program.as_(who).get("/api/permissions/me").status_code == 200
        assert program.as_("").get("/api/permissions/me").status_code == 401


class TestTheLink:
    def test_stands_on_a_record_for_who_may_be_told(self, visitor: Visitor, university: University) -> None:
        revision = university.endorsed(NOW)
        link = f"/permissions?act=document.approve&amp;record={revision}"
        assert link in visitor.is_("quality", "en").get(f"/revisions/{revision}").text
        assert link not in visitor.is_("rector", "en").get(f"/revisions/{revision}").text
        assert "Aibek Rektorov" in visitor.is_("quality", "en").get(link.replace("&amp;", "&")).text


class TestThePage:
    @pytest.mark.parametrize("language", ["ky", "ru", "en"])
    def test_speaks_each_language_in_each_state(self, visitor: Visitor, university: University, language: str) -> None:
        revision = university.endorsed(NOW)
        visitor.is_("quality", language)
        for path in (
            "/permissions",
            "/permissions?act=document.approve",
            f"/permissions?act=document.approve&record={revision}",
            f"/permissions?act=document.read&record={revision}",
            "/permissions?act=nonconformity.open-corrective_action",
            "/permissions?person=owner",
        ):
            assert visitor.get(path).status_code == 200

    def test_finds_a_record_by_its_code(self, visitor: Visitor, university: University) -> None:
        university.endorsed(NOW)
        page = visitor.is_("admin", "en").get("/permissions?act=document.approve&record=УСТ 4.09/1")
        assert "holds the post “rector (post)” since 1 January 2000" in words(page)

    def test_says_where_there_is_no_such_record(self, visitor: Visitor) -> None:
        page = visitor.is_("admin", "en").get("/permissions?act=document.approve&record=NC-1")
        assert "There is no record of this kind (document revision) with the code “NC-1”." in words(page)

    def test_tells_the_administrator_no_title_of_what_they_may_not_read(
        self, visitor: Visitor, university: University
    ) -> None:
        found = university.reported(NOW)
        path = f"/permissions?act=nonconformity.register&record={found}"
        assert "Протоколдор жок" not in visitor.is_("admin", "en").get(path).text
        assert "Протоколдор жок" in visitor.is_("quality", "en").get(path).text

    def test_refuses_what_there_is_not(self, visitor: Visitor) -> None:
        visitor.is_("admin", "en")
        for path in ("act=document.fly", "act=dream.approve", "act=x", "person=nobody"):
            assert visitor.get(f"/permissions?{path}").status_code == 404


class TestTheAddress:
    @pytest.mark.parametrize(
        ("name", "state", "move"),
        [
            ("document", "rector_approval", "approve"),
            ("document", "draft", "hand_over"),
            ("nonconformity", "verification", "close"),
            ("corrective_action", "implemented", "find_effective"),
            ("corrective_action", "in_progress", "implement"),
        ],
    )
    def test_says_what_the_matrix_says(self, stage: Stage, name: str, state: str, move: str) -> None:
        record = stage.arrive(name, state)
        program = Program(stage.app, "admin")
        told = program.get(f"/api/permissions?act={name}.{move}&record={record}").json()
        assert {one["person"]["code"] for one in told["people"] if one["may"]} == MATRIX[name, move]
        assert {one["person"]["code"] for one in told["people"]} == EVERYBODY
        told = program.get(f"/api/permissions?act={name}.{READ}&record={record}").json()
        assert {one["person"]["code"] for one in told["people"] if one["may"]} == READERS[name]

    def test_refuses_what_there_is_not(self, app: FastAPI) -> None:
        program = Program(app, "admin")
        refused(program.get("/api/permissions?act=document.fly"), 404, "not-found")
        refused(program.get("/api/permissions?act=document.approve&record=NC-1"), 404, "not-found")
        refused(program.get("/api/permissions"), 422, "incomplete")
        refused(program.get("/api/permissions/nobody"), 404, "not-found")
