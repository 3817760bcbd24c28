"""Pages on which types and processes are kept and brought in; the way there from a form that lacks one, and back."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from states.text import LANGUAGES
from tests.support.university import University
from tests.web.visitors import HOST, Visitor, forms, words

PATHS = ["/document-types", "/document-types/type/УСТ", "/processes"]
KEPT = ["/document-types/new", "/processes/new", "/processes/import", "/documents/import"]
TYPE = {"code": "ЖЖ", "name_ky": "Жобо", "review_months": "12"}
PROCESSES = "code\tname\tsection\towner\n3.2\tКитепкана\tКамсыздоо\t\n3.3\tЖатакана\tКамсыздоо\t\n"
REGISTER = "№\ttitle\ttype\tcode\n1\tКитепкана жөнүндө жобо\tЖЖ\tЖЖ 3.01\n"


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


def upload(visitor: Visitor, path: str, content: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=visitor.cookies) as client:
            files = {"table": ("list.tsv", content.encode())}
            return await client.post(path, files=files, headers={"Sec-Fetch-Site": "same-origin"})

    return asyncio.run(send())


def nothing(university: University) -> None:
    university.change(sa.delete(t.document), sa.delete(t.route), sa.delete(t.document_type))


def at(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["location"]).query).items()}


class TestThePages:
    def test_open_in_each_language_for_who_may(self, visitor: Visitor, university: University) -> None:
        for who, status in (("quality", 200), ("admin", 200), ("reader", 403)):
            for language in LANGUAGES:
                visitor.is_(who, language)
                assert {path: visitor.get(path).status_code for path in PATHS} == dict.fromkeys(PATHS, 200)
                assert {path: visitor.get(path).status_code for path in KEPT} == dict.fromkeys(KEPT, status)
        posted = {path: visitor.is_("reader").post(path, {}).status_code for path in [*KEPT, "/document-types/legend"]}
        assert set(posted.values()) == {403}
        assert not university.rows(t.process)

    def test_a_type_is_entered_corrected_and_removed(self, visitor: Visitor, university: University) -> None:
        wrong = visitor.post("/document-types/new", {**TYPE, "code": "Ж 1"})
        assert (wrong.status_code, "Жобо" in wrong.text) == (422, True)
        done = visitor.post("/document-types/new", TYPE)
        page = visitor.get(done.headers["location"])
        assert "This type has no route" in words(page)
        (change,) = [form for form in forms(page) if form.action.endswith("/change")]
        visitor.post(change.action, {**change.fields, "name_en": "Regulation", "review_months": "24"})
        assert "Regulation" in words(visitor.get("/document-types"))
        visitor.post("/document-types/type/ЖЖ/remove")
        assert visitor.get("/document-types/type/ЖЖ").status_code == 404
        refused = visitor.post("/document-types/type/УСТ/remove")
        assert (refused.status_code, "Documents have this type" in words(refused)) == (422, True)
        wrong = visitor.post("/document-types/type/УСТ/change", {"name_ky": "Стандарты", "review_months": "0"})
        assert (wrong.status_code, "Стандарты" in wrong.text) == (422, True)
        assert visitor.post("/document-types/type/УСТ/explode").status_code == 404

    def test_a_process_is_entered_corrected_and_removed(self, visitor: Visitor, university: University) -> None:
        done = visitor.post("/processes/new", {"code": "3.2", "name": "Китепкана", "owner": "librarian"})
        path = done.headers["location"].partition("?")[0]
        assert "Librarian (post)" in words(visitor.get(path))
        visitor.post(f"{path}/keep/change", {"code": "3.2", "name": "Окуу залы"})
        assert "Окуу залы" in words(visitor.get("/processes"))
        visitor.post(f"{path}/keep/remove")
        assert not university.rows(t.process)
        assert visitor.get(path).status_code == 404

    @pytest.mark.parametrize(
        ("kind", "content", "table", "rows"),
        [("processes", PROCESSES, t.process, 2), ("documents", REGISTER, t.document, 2)],
    )
    def test_a_table_is_tried_and_brought_in(
        self, visitor: Visitor, university: University, kind: str, content: str, table: Any, rows: int
    ) -> None:
        before = len(university.rows(table))
        tried = upload(visitor, f"/{kind}/import", content)
        assert "A trial run: nothing was written." in words(tried)
        assert len(university.rows(table)) == before
        (form,) = [form for form in forms(tried) if form.action.endswith("/confirm")]
        done = visitor.post(form.action, form.fields)
        assert "It was brought in." in words(done)
        assert len(university.rows(table)) == rows

    def test_a_table_without_headings_is_refused(self, visitor: Visitor) -> None:
        assert upload(visitor, "/processes/import", "a\tb\n1\t2\n").status_code == 400


class TestAFormThatLacksOne:
    def test_leads_to_it_and_back_with_what_was_typed(self, visitor: Visitor, university: University) -> None:
        nothing(university)
        page = visitor.get("/documents/new")
        assert "There is no type yet" in words(page)
        typed = {"code": "ЖЖ 3.01", "title": "Китепкана жөнүндө & жобо", "process_group": "3"}
        left = visitor.post("/documents/new", {**typed, "do": "type"})
        there = visitor.get(left.headers["location"])
        (form,) = [form for form in forms(there) if form.action == "/document-types/new"]
        wrong = visitor.post(form.action, {**form.fields, **TYPE, "code": "1"})
        (form,) = [form for form in forms(wrong) if form.action == "/document-types/new"]
        back = visitor.post(form.action, {**form.fields, **TYPE})
        assert at(back) == {**typed, "type": "ЖЖ", "done": "1"}
        page = visitor.get(back.headers["location"])
        (form,) = [form for form in forms(page) if form.action == "/documents/new"]
        assert (form.fields["code"], form.fields["title"]) == (typed["code"], typed["title"])
        left = visitor.post("/documents/new", {**form.fields, "type": "ЖЖ", "do": "process"})
        (form,) = [one for one in forms(visitor.get(left.headers["location"])) if one.action == "/processes/new"]
        back = visitor.post(form.action, {**form.fields, "code": "3.2", "name": "Китепкана", "owner": "librarian"})
        assert at(back)["process"] == "3.2"
        done = visitor.post("/documents/new", {**at(back), "do": "keep"})
        assert done.status_code == 303, words(done)
        assert "The document stands in the register" in words(visitor.get(done.headers["location"]))
        row = university.one(t.document)
        assert (row["type_code"], row["title"]) == ("ЖЖ", typed["title"])
        assert row["owner_post_id"] == university.posts["librarian"]

    def test_takes_the_types_that_come_with_sapat_and_comes_back(
        self, visitor: Visitor, university: University
    ) -> None:
        nothing(university)
        left = visitor.post("/documents/new", {"title": "Китепкана", "do": "types"})
        page = visitor.get(left.headers["location"])
        # The button carries the way back, as a browser sends it.
        assert 'name="next" value="/documents/new?title=' in page.text
        back = visitor.post("/document-types/legend", {"next": "/documents/new?title=%D0%9A"})
        assert at(back) == {"title": "К", "done": "1"}
        assert len(university.rows(t.document_type)) > 5

    def test_leads_nowhere_else(self, visitor: Visitor) -> None:
        elsewhere = {"А": "https://elsewhere.example/", "Б": "//elsewhere.example", "В": "/documents/newer", "Г": "/"}
        for code, said in elsewhere.items():
            done = visitor.post("/document-types/new", {**TYPE, "code": code, "next": said})
            assert done.headers["location"].startswith("/document-types/type/"), said

    def test_says_whom_to_ask_where_it_is_not_theirs(self, visitor: Visitor, university: University) -> None:
        visitor.post("/processes/new", {"code": "3.2", "name": "Китепкана", "owner": "owner"})
        nothing(university)
        text = words(visitor.is_("owner", "en").get("/documents/new"))
        assert "The quality specialist enters the types of documents." in text
        assert "Enter the first one" not in text


class TestADocument:
    def test_is_corrected_on_its_page_by_the_quality_specialist(self, visitor: Visitor, university: University) -> None:
        document = university.one(t.document)["id"]
        page = visitor.get(f"/documents/{document}")
        (form,) = [form for form in forms(page) if form.action.endswith("/card")]
        given = {**form.fields, "unit": "LIBRARY", "owner_post": "librarian", "process": ""}
        done = visitor.post(form.action, {**given, "title": "Туура аталышы"})
        text = words(visitor.get(done.headers["location"]))
        assert "What the register says of the document is corrected." in text
        assert "Sapat Saparov, 6 April 2026: Title, Unit, Responsible post" in text
        wrong = visitor.post(form.action, {**given, "title": ""})
        assert wrong.status_code == 422
        visitor.is_("reader", "en")
        assert not [form for form in forms(visitor.get(f"/documents/{document}")) if form.action.endswith("/card")]
        assert visitor.post(form.action, given).status_code == 403

    def test_says_what_happened_to_its_code(self, visitor: Visitor, university: University) -> None:
        document = university.one(t.document)["id"]
        done = visitor.post(f"/documents/{document}/code", {"code": "УСТ 4.77", "reason": "Ката"})
        assert "The document has its new code" in words(visitor.get(done.headers["location"]))
