"""Codes: what is proposed is free, nothing is used twice, what was changed is still found, what was signed stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.codes import Code, CodeGone, CodeTaken, NotACode, change_code, propose, propose_member
from service.importing.register import import_register
from service.organisation import CLOCK
from service.reading.documents import find_document, list_documents
from service.registering import register_document
from states.kyrgyz import fold, sort_key
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotYours
from states.text import LANGUAGES
from tests.importing.files import HEAD, write_tsv
from tests.keeping.keeping import NOW, log
from tests.support.together import together
from tests.support.university import DOCUMENT, University
from tests.web.visitors import Visitor, application, forms, words


def brought(university: University, code: str, campus: UUID | None = None) -> UUID:
    """A document as an import brings it, whatever its code."""
    row = {
        "id": new_id(),
        "campus_id": campus or university.units["UNI"],
        "code": code,
        "title": f"Аталышы {code}",
        "folded": fold(f"{code} Аталышы"),
        "sort_key": sort_key(code),
        "type_code": "УСТ",
        "process_group": "4",
        "is_series": code.endswith(":nn"),
        "given": {},
    }
    university.change(sa.insert(t.document).values(row))
    return UUID(str(row["id"]))


def the_document(university: University) -> UUID:
    return UUID(str(university.one(t.document, t.document.c.title == "Алдын алуучу жана түзөтүүчү иш-аракеттер")["id"]))


def proposed(university: University, group: str = "4", type_code: str = "УСТ") -> str:
    with university.database.read() as connection:
        return propose(connection, university.units["UNI"], type_code, group)


def member(university: University, series: str) -> str:
    with university.database.read() as connection:
        return propose_member(connection, university.units["UNI"], series)


def register(university: University, code: str, who: str = "quality", **more: Any) -> str:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        given = {"type": "УСТ", "code": code, "title": f"Жаңы {code}", **more}
        return register_document(connection, given, actor, NOW)[1]


def change(university: University, document: UUID, code: str, who: str = "quality") -> str:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        return change_code(connection, document, {"code": code, "reason": "Топ өзгөрдү"}, actor, NOW)


class TestACode:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("УСТ 4.09", ("УСТ", 4, 9, None)),
            ("УСТ4.09", ("УСТ", 4, 9, None)),
            ("ЖЖ 3.19:nn", ("ЖЖ", 3, 19, "nn")),
            ("ЖЖ 3.19: 01", ("ЖЖ", 3, 19, "01")),
            ("Колдонмо", None),
        ],
    )
    def test_is_taken_apart(self, written: str, read: tuple[Any, ...] | None) -> None:
        found = Code.of(written)
        assert (found and (found.prefix, found.group, found.number, found.member)) == read


class TestWhatIsProposed:
    def test_follows_the_highest_number_of_the_group_whichever_type_has_it(self, university: University) -> None:
        assert proposed(university) == "УСТ 4.10"
        brought(university, "ЖЖ 4.12")
        brought(university, "ЖЖ 3.40")
        assert proposed(university) == "УСТ 4.13"
        assert proposed(university, "3", "ПО") == "ПО 3.41"
        assert proposed(university, "1") == "УСТ 1.01"

    def test_fills_no_gap_and_forgets_no_former_code(self, university: University) -> None:
        last = brought(university, "УСТ 4.20")
        change(university, last, "УСТ 1.01")
        assert proposed(university) == "УСТ 4.21"

    def test_counts_a_series_and_a_campus_by_itself(self, university: University) -> None:
        brought(university, "ЖЖ 4.30:nn")
        assert proposed(university) == "УСТ 4.31"
        far = new_id()
        named = {f"name_{language}": "Талас" for language in ("ky", "ru", "en")}
        university.change(sa.insert(t.unit).values(id=far, code="FAR", is_campus=True, parent_id=None, **named))
        brought(university, "УСТ 4.77", far)
        assert proposed(university) == "УСТ 4.31"

    def test_needs_a_group(self, university: University) -> None:
        with pytest.raises(NotACode):
            proposed(university, "төрт")

    def test_of_a_series_is_its_next_member(self, university: University) -> None:
        brought(university, "ЖЖ 3.19:nn")
        assert member(university, "ЖЖ 3.19:nn") == "ЖЖ 3.19:01"
        register(university, "ЖЖ 3.19:01")
        change(university, UUID(str(university.one(t.document, t.document.c.code == "ЖЖ 3.19:01")["id"])), "ЖЖ 3.19:07")
        assert member(university, "ЖЖ 3.19:nn") == "ЖЖ 3.19:08"
        with pytest.raises(NotACode):
            member(university, DOCUMENT)


class TestNothingIsUsedTwice:
    @pytest.mark.parametrize("code", [DOCUMENT, "уст 4.09", "УСТ4.09", "ЖЖ 4.09", "ЖЖ 4.9"])
    def test_neither_a_code_nor_its_number(self, university: University, code: str) -> None:
        with pytest.raises(CodeTaken) as refused:
            register(university, code)
        assert DOCUMENT in str(refused.value.facts["by"])

    def test_nor_one_that_a_document_had(self, university: University) -> None:
        change(university, the_document(university), "УСТ 4.15")
        for code in (DOCUMENT, "ПО 4.09"):
            with pytest.raises(CodeGone) as refused:
                register(university, code)
            assert refused.value.facts["until"] == "06.04.2026"

    def test_what_an_import_brought_stays_and_a_series_gets_its_members(self, university: University) -> None:
        brought(university, "ЖЖ 3.19:nn")
        brought(university, "УН 3.19")
        assert register(university, "ЖЖ 3.19:01") == "ЖЖ 3.19:01"
        assert university.one(t.document, t.document.c.code == "ЖЖ 3.19:01")["is_series"] is False
        for code in ("ЖЖ 3.19:01", "ЖЖ 3.19", "КН 3.19:01"):
            with pytest.raises(CodeTaken):
                register(university, code)

    def test_of_many_at_once_one_gets_it(self, university: University) -> None:
        results = together([lambda: register(university, "УСТ 4.10")] * 4)
        assert sorted(type(one).__name__ for one in results) == ["CodeTaken"] * 3 + ["str"]
        assert len(university.rows(t.document)) == 2

    def test_nor_one_number_under_two_names_at_once(self, university: University) -> None:
        calls = [lambda code=f"{prefix} 4.10": register(university, code) for prefix in ("УСТ", "ЖЖ", "ПО")]
        results = together(calls)
        assert sum(isinstance(one, str) for one in results) == 1
        assert all(isinstance(one, str | Duplicate) for one in results)

    def test_nor_while_another_document_takes_it(self, university: University) -> None:
        document = the_document(university)
        results = together([lambda: register(university, "УСТ 4.10"), lambda: change(university, document, "УСТ 4.10")])
        assert sum(isinstance(one, str) for one in results) == 1
        assert sum(isinstance(one, CodeTaken) for one in results) == 1


class TestAChangedCode:
    def test_is_said_with_the_reason_in_the_log(self, university: University) -> None:
        document = the_document(university)
        assert change(university, document, " УСТ  3.15 ") == "УСТ 3.15"
        row = university.one(t.document, t.document.c.id == document)
        assert (row["code"], row["process_group"]) == ("УСТ 3.15", "3")
        (line,) = log(university, "document.code_changed")
        assert (line["about_id"], line["actor_id"]) == (document, university.people["quality"])
        said = {"before": {"code": DOCUMENT}, "after": {"code": "УСТ 3.15"}, "reason": "Топ өзгөрдү"}
        assert line["facts"] == said

    @pytest.mark.parametrize("who", ["owner", "rector", "admin", "head"])
    def test_is_the_quality_specialists(self, university: University, who: str) -> None:
        with pytest.raises(NotYours):
            change(university, the_document(university), "УСТ 4.15", who)

    def test_still_finds_the_document(self, university: University) -> None:
        document = the_document(university)
        change(university, document, "УСТ 4.15")
        change(university, document, "УСТ 4.16")
        actor = university.as_("reader", NOW)
        with university.database.read() as connection:
            for code in (DOCUMENT, "УСТ 4.15", "УСТ 4.16"):
                assert find_document(connection, code, actor) == document
                assert [row.id for row in list_documents(connection, actor, NOW, text=code).rows] == [document]
            with pytest.raises(NotFound):
                find_document(connection, "УСТ 4.17", actor)

    def test_leaves_what_was_begun_under_it_and_names_what_comes(self, university: University) -> None:
        first = university.in_force(NOW)
        change(university, the_document(university), "УСТ 4.15")
        assert university.record(first)["code"] == "УСТ 4.09/1"
        assert university.record(university.draft(NOW, document=DOCUMENT))["code"] == "УСТ 4.15/2"

    def test_names_the_document_in_forms(self, university: University) -> None:
        document = the_document(university)
        change(university, document, "УСТ 4.15")
        found = university.open(
            "nonconformity",
            "auditor",
            NOW,
            title="Эски шифр",
            found="Эски шифр менен",
            nc_kind="programme",
            source="internal_audit",
            found_on=NOW.date(),
            requirement_document=DOCUMENT,
        )
        row = university.one(t.nonconformity, t.nonconformity.c.record_id == found)
        assert row["requirement_document_id"] == document

    def test_may_come_back_to_its_own_document(self, university: University) -> None:
        document = the_document(university)
        change(university, document, "УСТ 4.15")
        assert change(university, document, DOCUMENT) == DOCUMENT
        assert [row["code"] for row in university.rows(t.former_code)] == ["УСТ 4.15"]
        with pytest.raises(GuardUnmet):
            change(university, document, DOCUMENT)

    def test_is_not_given_without_a_reason(self, university: University) -> None:
        actor = university.as_("quality", NOW)
        with university.database.write() as connection, pytest.raises(Incomplete):
            change_code(connection, the_document(university), {"code": "УСТ 4.15", "reason": ""}, actor, NOW)

    def test_is_not_brought_again_by_an_import(self, university: University, tmp_path: Path) -> None:
        change(university, the_document(university), "УСТ 4.15")
        file = write_tsv(tmp_path / "register.tsv", [HEAD, ("4", "9", "Иш-аракеттер", "УСТ", DOCUMENT)])
        report = import_register(university.database, file, CLOCK, NOW)
        assert (report.taken, report.unchanged) == (0, 1)
        (finding,) = [one for one in report.findings if one.code == "former-code"]
        assert finding.facts["now"] == "УСТ 4.15"
        assert len(university.rows(t.document)) == 1


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


class TestThePages:
    def test_propose_register_and_refuse_what_is_taken(self, visitor: Visitor, university: University) -> None:
        asked = {"type": "УСТ", "process_group": "4", "title": "Жаңы стандарт", "code": ""}
        page = visitor.post("/documents/new", {**asked, "do": "propose"})
        (form,) = [form for form in forms(page) if form.action == "/documents/new"]
        assert form.fields["code"] == "УСТ 4.10"
        taken = visitor.post("/documents/new", {**asked, "code": DOCUMENT, "do": "keep"})
        assert taken.status_code == 409
        assert "is taken by" in words(taken)
        assert "The next free one is УСТ 4.10." in words(taken)
        assert "Жаңы стандарт" in taken.text
        done = visitor.post("/documents/new", {**asked, "code": "УСТ 4.10", "do": "keep"})
        assert done.status_code == 303
        assert "УСТ 4.10" in words(visitor.get(done.headers["location"]))

    def test_of_a_series_offer_its_next_member(self, visitor: Visitor, university: University) -> None:
        document = brought(university, "ЖЖ 3.19:nn")
        page = visitor.get(f"/documents/{document}")
        assert "/documents/new?series=" in page.text
        (form,) = [form for form in forms(visitor.get("/documents/new?series=ЖЖ 3.19:nn")) if "code" in form.fields]
        assert form.fields["code"] == "ЖЖ 3.19:01"

    def test_are_for_those_who_may(self, visitor: Visitor, university: University) -> None:
        visitor.is_("reader", "en")
        assert visitor.get("/documents/new").status_code == 403
        assert "/documents/new" not in visitor.get("/documents").text
        path = f"/documents/{the_document(university)}"
        assert not [form for form in forms(visitor.get(path)) if form.action.endswith("/code")]
        assert visitor.post(f"{path}/code", {"code": "УСТ 4.15", "reason": "x"}).status_code == 403

    def test_change_the_code_and_say_what_it_was(self, visitor: Visitor, university: University) -> None:
        path = f"/documents/{the_document(university)}"
        (form,) = [form for form in forms(visitor.get(path)) if form.action.endswith("/code")]
        assert form.fields["code"] == "УСТ 4.10"
        wrong = visitor.post(form.action, {"code": "УСТ 4.15", "reason": ""})
        assert wrong.status_code == 422
        assert "УСТ 4.15" in wrong.text
        assert visitor.post(form.action, {"code": "УСТ 4.15", "reason": "Жаңы тизме"}).status_code == 303
        for language in LANGUAGES:
            visitor.is_("quality", language)
            assert DOCUMENT in words(visitor.get(path))
        said = words(visitor.is_("reader", "en").get(f"/documents?q={DOCUMENT}"))
        assert "formerly УСТ 4.09" in said
