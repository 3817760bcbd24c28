"""The pages of catalogues: read by everybody signed in, kept by the quality specialist, and the same for programs."""

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from states.text import LANGUAGES
from tests.keeping.keeping import log
from tests.support.university import University, at
from tests.web.programs import Program, refused
from tests.web.visitors import Visitor, forms, words

NOW = at(2026, 4, 6)
NAMES = {"name_ky": "Окуу", "name_ru": "Учёба", "name_en": "Training"}
PATHS = ["/catalogues", "/catalogues/cause", "/catalogues/clause?edition=2015", "/catalogues/cause/1/M1"]
TABLE = "code\tparent\tname_ky\tname_ru\tname_en\n4\t\tЧөйрө\tСреда\tContext\n4.1\t4\tТүшүнүү\tПонимание\tKnowing\n"


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


def send(visitor: Visitor, page: httpx.Response, ending: str, **typed: str) -> httpx.Response:
    """Fill in the form whose action ends like that."""
    (form,) = [form for form in forms(page) if form.action.endswith(ending)]
    return visitor.post(form.action, {**form.fields, **typed})


def entries(university: University, catalogue: str = "cause") -> set[str]:
    return {row["code"] for row in university.rows(t.entry, t.entry.c.catalogue == catalogue)}


class TestEveryPage:
    @pytest.mark.parametrize("who", ["quality", "reader"])
    def test_opens_for_each_person_in_each_language(self, visitor: Visitor, who: str) -> None:
        for language in LANGUAGES:
            visitor.is_(who, language)
            for path in PATHS:
                page = visitor.get(path)
                assert page.status_code == 200, (path, words(page))
                assert " style=" not in page.text

    def test_shows_the_editions_as_words_and_not_as_the_program_keeps_them(self, visitor: Visitor) -> None:
        page = visitor.get("/catalogues")
        assert '<ul class="cells"><li>' in page.text
        assert "2015 2 entries" in words(page)
        assert "{" not in words(page)

    def test_offers_forms_only_to_whoever_keeps_catalogues(self, visitor: Visitor) -> None:
        for path in PATHS:
            visitor.is_("reader")
            assert not [form for form in forms(visitor.get(path)) if form.action.startswith("/catalogues")]
        assert visitor.get("/catalogues/cause/next").status_code == 403
        assert visitor.post("/catalogues/cause/1/M1/close").status_code == 403

    def test_of_what_is_not_there_is_not_found(self, visitor: Visitor) -> None:
        for path in (
            "/catalogues/colour",
            "/catalogues/cause?edition=9",
            "/catalogues/cause/1/Q",
            "/catalogues/cause/9/M",
        ):
            assert visitor.get(path).status_code == 404, path
        assert visitor.post("/catalogues/cause/1/M1/paint").status_code == 404

    def test_asks_nobody_unknown_in(self, app: FastAPI) -> None:
        assert Visitor(app).get("/catalogues").status_code == 303


class TestTheQualitySpecialist:
    def test_adds_renames_places_closes_and_removes(self, visitor: Visitor, university: University) -> None:
        page = visitor.get("/catalogues/cause/1/M")
        answer = send(visitor, page, "/M/add", code="м2", **NAMES)
        assert answer.headers["location"] == "/catalogues/cause/1/M2?done=1"
        page = visitor.get(answer.headers["location"])
        assert "Training" in words(page)
        assert send(visitor, page, "/M2/rename", name_en="Learning").status_code == 303
        assert send(visitor, page, "/M2/up").status_code == 303
        assert "Its order now: M2, M1" in words(visitor.get("/catalogues/cause/1/M2"))
        assert send(visitor, page, "/M2/close").status_code == 303
        page = visitor.get("/catalogues/cause/1/M2")
        assert "not chosen since" in words(page)
        assert send(visitor, page, "/M2/reopen").status_code == 303
        assert send(visitor, page, "/M2/remove").headers["location"] == "/catalogues/cause?done=1"
        assert "M2" not in entries(university)
        happened = ["added", "renamed", "placed", "closed", "reopened", "removed"]
        assert [line["kind"] for line in log(university)] == [f"catalogue.entry_{what}" for what in happened]

    def test_loses_nothing_that_was_typed_where_it_is_refused(self, visitor: Visitor) -> None:
        page = send(visitor, visitor.get("/catalogues/cause"), "/1/add", code="M1", **NAMES)
        assert page.status_code == 409
        assert 'value="Training"' in page.text
        page = send(visitor, visitor.get("/catalogues/cause/1/M"), "/M/add", code="a b", **NAMES)
        assert page.status_code == 422
        assert 'aria-invalid="true"' in page.text

    def test_cannot_remove_what_was_used(self, visitor: Visitor, university: University) -> None:
        page = visitor.get("/catalogues/cause/1/M1")
        university.planning(NOW)
        page = send(visitor, page, "/M1/remove")
        assert page.status_code == 422
        assert "It has been used" in words(page)
        assert not [form for form in forms(visitor.get("/catalogues/cause/1/M1")) if form.action.endswith("/remove")]

    def test_keeps_a_code_in_cyrillic_letters(self, visitor: Visitor) -> None:
        answer = send(visitor, visitor.get("/catalogues/cause/1/M"), "/M/add", code="Ж1", **NAMES)
        page = visitor.get(answer.headers["location"])
        assert send(visitor, page, "/Ж1/rename", name_en="").headers["location"] == answer.headers["location"]


class TestTheNextEdition:
    def test_is_pasted_tried_and_entered(self, visitor: Visitor, university: University) -> None:
        page = send(visitor, visitor.get("/catalogues/clause/next"), "/next", edition="2026", pasted=TABLE)
        assert page.status_code == 200
        assert "A trial run" in words(page)
        assert entries(university, "clause") == {"7", "7.5"}
        answer = send(visitor, page, "/next/confirm")
        assert answer.status_code == 303
        page = visitor.get(answer.headers["location"])
        assert "Context" in words(page)
        assert send(visitor, visitor.get("/catalogues/clause?edition=2015"), "/2015/close").status_code == 303
        assert "This edition is closed" in words(visitor.get("/catalogues/clause?edition=2015"))

    def test_that_is_wrong_says_where_and_keeps_what_was_pasted(self, visitor: Visitor) -> None:
        page = visitor.post("/catalogues/clause/next", {"edition": "2026", "pasted": f"{TABLE}4.1\t\tА\n"})
        assert "The code “4.1” stands in line 3 too." in words(page)
        assert not [form for form in forms(page) if form.action.endswith("/confirm")]
        assert "Knowing" in page.text.partition("<textarea")[2]
        page = visitor.post("/catalogues/clause/next", {"edition": "2015", "pasted": TABLE})
        assert page.status_code == 422
        assert 'id="f-edition-error"' in page.text
        page = visitor.post("/catalogues/clause/next", {"edition": "2026", "pasted": " "})
        assert 'id="f-pasted-error"' in page.text

    def test_waits_for_nobody_for_ever(self, visitor: Visitor) -> None:
        for key in ("0" * 64, "../../etc/passwd"):
            page = visitor.post("/catalogues/clause/next/confirm", {"key": key, "name": "a.tsv", "edition": "2026"})
            assert page.status_code == 404


class TestAProgram:
    def test_reads_the_tree_with_what_was_used(self, program: Program, university: University) -> None:
        university.planning(NOW)
        program.person = "quality"
        assert [one["name"] for one in program.get("/api/catalogues").json()["items"]] == ["cause", "clause"]
        told = program.get("/api/catalogues/cause", Accept_Language="ru").json()
        assert [(one["value"], one["depth"], one["uses"]) for one in told["items"]] == [
            ("1/M", 0, 0),
            ("1/M1", 1, 1),
            ("1/P", 0, 0),
            ("1/P1", 1, 0),
        ]
        assert told["items"][1]["name"] == "M1 (ru)"
        assert told["items"][1]["names"] == {"ky": "M1 (ky)", "ru": "M1 (ru)", "en": "M1 (en)"}
        assert program.get("/api/catalogues/cause?edition=1").json()["total"] == 4

    def test_is_told_of_what_is_not_there(self, program: Program) -> None:
        program.person = "quality"
        refused(program.get("/api/catalogues/colour"), 404, "not-found")
        refused(program.get("/api/catalogues/cause?edition=9"), 404, "not-found")
        refused(program.get("/api/catalogues/cause?page=9"), 422, "incomplete")
