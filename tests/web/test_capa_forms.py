"""Forms of the new kinds of fields: what can be chosen, what is filled in, and that nothing typed is lost."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from tests.support.university import DOCUMENT, University, at
from tests.web.capa import NOW, analysed, audit, chosen, entered, field, form_of, send
from tests.web.visitors import Visitor, application, forms, words

HOSTILE = "<script>alert(1)</script> \" onmouseover='x'"
TOLD: dict[str, Any] = {
    "title": "Лифт иштебейт",
    "found": "Үчүнчү күн",
    "nc_kind": "environment",
    "source": "monitoring",
    "found_on": "2026-04-05",
}

AUDIT: dict[str, Any] = {
    "title": "Аудит",
    "planned_on": "2026-05-04",
    "unit": "LIBRARY",
    "criteria": "ISO 9001",
    "lead_auditor": "auditor",
}


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app)


class TestAnEntry:
    def test_is_chosen_from_a_tree_the_newest_edition_first(self, visitor: Visitor, university: University) -> None:
        entered(university, "clause", "2026", "7", None)
        entered(university, "clause", "2026", "7.5", "7")
        control = field(visitor.is_("reader", "en").get("/nonconformities/new"), "f-clause")
        assert re.findall(r'<optgroup label="([^"]+)"', control) == ["2026 · 7 7 en", "2015 · 7 7 (en)"]
        values = ["2026/7", "2026/7.5", "2015/7", "2015/7.5"]
        assert re.findall(r'<option value="([^"]+)"', control) == values

    def test_that_was_closed_is_offered_where_it_was_chosen_only(
        self, visitor: Visitor, university: University
    ) -> None:
        entered(university, "cause", "1", "Z", None)
        found = analysed(university, "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="Z")
        with university.database.write() as connection:
            connection.execute(sa.update(t.entry).where(t.entry.c.code == "Z").values(closed_on=NOW.date()))
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        assert chosen(page, "f-amend_cause-1-code") == ["1/Z"]
        assert "no longer in use" in field(page, "f-amend_cause-1-code")
        assert "1/Z" not in field(page, "f-add_cause-code")

    def test_of_the_newest_edition_is_meant_by_a_code_alone(self, visitor: Visitor) -> None:
        page = visitor.is_("reader").get("/nonconformities/new?clause=7.5")
        assert chosen(page, "f-clause") == ["2015/7.5"]

    def test_is_kept_with_its_edition(self, visitor: Visitor, university: University) -> None:
        answer = visitor.is_("reader").post("/nonconformities/new", {**TOLD, "clause": "2015/7.5"})
        assert answer.status_code == 303
        assert university.one(t.nonconformity)["clause"] == "2015/7.5"


class TestPeople:
    def test_are_as_many_as_are_chosen(self, visitor: Visitor, university: University) -> None:
        page = visitor.is_("quality").get("/audits/new")
        assert len(re.findall(r'<select[^>]*name="auditors"', page.text)) == 3
        given = {**AUDIT, "auditors": ["head", "", "dean"]}
        answer = visitor.post("/audits/new", given)
        assert answer.status_code == 303, words(answer)
        people = [university.people[code].hex for code in ("head", "dean")]
        assert university.one(t.audit)["auditors"] == people

    def test_stay_chosen_where_the_form_comes_back(self, visitor: Visitor) -> None:
        answer = visitor.is_("quality").post("/audits/new", AUDIT | {"title": "", "auditors": ["head", "dean"]})
        assert answer.status_code == 422
        assert [chosen(answer, name) for name in ("f-auditors", "f-auditors-2", "f-auditors-3")] == [
            ["head"],
            ["dean"],
            [],
        ]

    def test_are_filled_in_where_they_are_changed(self, visitor: Visitor, university: University) -> None:
        record = audit(university, auditors=["librarian"])
        page = visitor.is_("quality").get(f"/audits/{record}")
        assert chosen(page, "f-appoint-lead_auditor") == ["auditor"]
        assert chosen(page, "f-appoint-auditors") == ["librarian"]
        answer = send(visitor, form_of(page, "appoint"), lead_auditor="librarian", auditors=[], reason="Алмашты")
        assert answer.status_code == 303, words(answer)
        assert university.one(t.audit)["auditors"] == []


class TestRecords:
    def test_are_ticked_and_typed(self, visitor: Visitor, university: University) -> None:
        first, second = university.reported(NOW), university.reported(NOW)
        found = analysed(university, "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/M1")
        codes = [university.record(one)["code"] for one in (first, second)]
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        form = form_of(page, "record_causes")
        sent: dict[str, Any] = {"similar_checked": "found", "similar": "Бар"}
        sent["similar_records"] = [codes[0], f" {codes[1]}, {codes[0]}"]
        assert send(visitor, form, **sent).status_code == 303
        kept = university.one(t.nonconformity, t.nonconformity.c.record_id == found)["similar_records"]
        assert kept == [first.hex, second.hex]

    def test_that_are_alike_are_suggested_to_whoever_may_read_them(
        self, visitor: Visitor, university: University
    ) -> None:
        alike = university.open("nonconformity", "owner", NOW, **{**TOLD, "nc_kind": "programme"}, unit="DEPARTMENT")
        other = university.open("nonconformity", "reader", NOW, **{**TOLD, "nc_kind": "programme"}, unit="LIBRARY")
        found = analysed(university, "Тартип жок")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        suggested = page.text.partition("Perhaps these")[2].partition("</fieldset>")[0]
        assert f'value="{university.record(alike)["code"]}"' in suggested
        assert university.record(other)["code"] not in suggested
        assert university.record(found)["code"] not in suggested

    def test_that_there_are_not_come_back_as_they_were_typed(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/M1")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        sent = {"similar_checked": "found", "similar": HOSTILE, "similar_records": "NC-1999-001 NC-1999-002"}
        answer = send(visitor, form_of(page, "record_causes"), **sent)
        assert answer.status_code == 422
        assert 'value="NC-1999-001, NC-1999-002"' in field(answer, "f-record_causes-similar_records")
        assert "One of these is not known here" in words(answer)
        assert "&lt;script&gt;" in field(answer, "f-record_causes-similar")
        assert "<script>alert" not in answer.text


class TestADocument:
    def test_is_suggested_while_one_types(self, visitor: Visitor) -> None:
        page = visitor.is_("reader").get("/nonconformities/new")
        assert 'list="known-documents"' in field(page, "f-requirement_document")
        assert f'<datalist id="known-documents"><option value="{DOCUMENT}">' in page.text

    def test_is_where_a_report_about_it_belongs(self, visitor: Visitor, university: University) -> None:
        with university.database.write() as connection:
            connection.execute(sa.update(t.document).values(unit_id=university.units["LIBRARY"]))
        document = university.one(t.document)["id"]
        page = visitor.is_("reader", "en").get(f"/documents/{document}")
        (href,) = re.findall(r'href="(/nonconformities/new\?[^"]+)"', page.text)
        form = visitor.get(href)
        assert f'value="{DOCUMENT}"' in field(form, "f-requirement_document")
        assert chosen(form, "f-unit") == ["LIBRARY"]
        (sent,) = [one for one in forms(form) if one.action == "/nonconformities/new"]
        answer = visitor.post(sent.action, {**sent.fields, **TOLD, "unit": "LIBRARY"})
        assert answer.status_code == 303
        assert university.one(t.nonconformity)["requirement_document_id"] == document
        shown = visitor.get(answer.headers["location"])
        assert f'<a href="/documents/{document}">{DOCUMENT}' in shown.text

    def test_that_there_is_not_is_refused_and_stays_typed(self, visitor: Visitor) -> None:
        answer = visitor.is_("reader", "en").post("/nonconformities/new", {**TOLD, "requirement_document": "ЖОК 1"})
        assert answer.status_code == 422
        assert 'value="ЖОК 1"' in field(answer, "f-requirement_document")
        assert '<details class="disclosure" open>' in answer.text


class TestParts:
    def test_of_what_an_action_hangs_on_are_ticked(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "add_cause", "owner", NOW, text="Эч ким билген эмес", because_of=1, code="1/P1")
        page = visitor.is_("owner", "en").get(f"/actions/new?parent={found}&causes=2")
        ticks = re.findall(r'type="checkbox"[^>]*name="causes" value="(\d)"( checked)?', page.text)
        assert ticks == [("1", ""), ("2", " checked")]
        assert "2 · Эч ким билген эмес" in page.text
        assert chosen(page, "f-owner_post") == ["owner"]
        (form,) = [one for one in forms(page) if one.action == "/actions/new"]
        told: dict[str, Any] = {"title": "Тартип", "action_kind": "corrective", "criterion": "Бар"}
        told |= form.fields | told | {"due_on": "2026-05-01", "owner_post": "owner", "causes": ["1", "2"]}
        answer = visitor.post(form.action, told)
        assert answer.status_code == 303, words(answer)
        assert university.one(t.corrective_action)["causes"] == [1, 2]
        action = answer.headers["location"].partition("?")[0]
        page = visitor.get(action)
        assert re.findall(r'name="causes" value="(\d)" checked', page.text) == ["1", "2"]
        assert f'href="/nonconformities/{found}#cause-2"' in page.text
        answer = send(visitor, form_of(page, "link_causes"), causes=["2"])
        assert answer.status_code == 303
        assert university.one(t.corrective_action)["causes"] == [2]

    def test_are_not_asked_for_where_there_are_none(self, visitor: Visitor) -> None:
        assert 'name="causes"' not in visitor.is_("vice").get("/actions/new").text

    def test_of_the_record_itself_are_chosen_by_number_but_never_the_same_one(
        self, visitor: Visitor, university: University
    ) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок", "Эч ким билген эмес")
        page = visitor.is_("owner").get(f"/nonconformities/{found}")
        control = field(page, "f-amend_cause-2-because_of")
        assert re.findall(r'<option value="(\d+)"', control) == ["1", "3"]
        assert chosen(page, "f-amend_cause-2-because_of") == ["1"]


class TestWhatIsFilledIn:
    def test_is_what_the_record_has_where_its_description_is_corrected(
        self, visitor: Visitor, university: University
    ) -> None:
        found = university.open(
            "nonconformity",
            "reader",
            NOW,
            **TOLD,
            clause="7.5",
            requirement_document=DOCUMENT,
            impact=HOSTILE,
        )
        page = visitor.is_("quality").get(f"/nonconformities/{found}")
        assert chosen(page, "f-describe-clause") == ["2015/7.5"]
        assert f'value="{DOCUMENT}"' in field(page, "f-describe-requirement_document")
        assert "&lt;script&gt;" in field(page, "f-describe-impact")
        form = form_of(page, "describe")
        answer = send(visitor, form, impact=HOSTILE, risk="high", clause="2015/7.5", object="Лифт")
        assert answer.status_code == 303, words(answer)
        kept = university.one(t.nonconformity)
        assert (kept["clause"], kept["risk"], kept["object"]) == ("2015/7.5", "high", "Лифт")
        assert kept["requirement_document_id"] == university.one(t.document)["id"]

    def test_is_what_changes_in_a_document(self, visitor: Visitor, university: University) -> None:
        revision = university.draft(NOW)
        page = visitor.is_("owner").get(f"/revisions/{revision}")
        assert "4.1-пункт такталат</textarea>" in field(page, "f-describe-summary")

    def test_is_nothing_where_another_one_is_asked_for(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        page = visitor.is_("quality").get(f"/nonconformities/{found}")
        assert chosen(page, "f-reassign-owner_post") == []

    def test_is_no_day_that_has_passed(self, university: University) -> None:
        _, action = university.under_way(NOW, at(2026, 4, 20).date())
        university.go(action, "implement", "owner", NOW, evidence="Бар", implemented_on=NOW.date())
        for later, filled in ((at(2026, 5, 1), 'value="2026-05-06"'), (at(2026, 5, 20), 'value=""')):
            page = Visitor(application(university.database, later)).is_("quality").get(f"/actions/{action}")
            assert filled in field(page, "f-find_inconclusive-check_on"), later

    def test_is_what_a_similar_one_had(self, visitor: Visitor, university: University) -> None:
        found = university.open("nonconformity", "reader", NOW, **TOLD, clause="7.5", unit="LIBRARY")
        page = visitor.is_("quality").get(f"/nonconformities/new?about={found}")
        assert chosen(page, "f-clause") == ["2015/7.5"]
        assert chosen(page, "f-unit") == ["LIBRARY"]
        assert re.search(r'value="environment"\s+checked', page.text)
        assert "Лифт" not in page.text

    def test_about_a_record_of_another_kind_is_its_name(self, visitor: Visitor, university: University) -> None:
        _, action = university.under_way(NOW, at(2026, 4, 20).date())
        page = visitor.is_("quality").get(f"/nonconformities/new?about={action}")
        assert 'value="CA-2026-001 Тартип киргизүү"' in field(page, "f-object")

    def test_tells_nothing_of_what_one_may_not_read(self, visitor: Visitor, university: University) -> None:
        found = university.open("nonconformity", "owner", NOW, **TOLD, unit="DEPARTMENT")
        assert visitor.is_("reader").get(f"/nonconformities/new?about={found}").status_code == 404
        assert visitor.get("/nonconformities/new?about=x").status_code == 400


class TestALongForm:
    def test_begins_with_what_must_be_said(self, visitor: Visitor) -> None:
        page = visitor.is_("reader", "en").get("/nonconformities/new")
        quick, _, more = page.text.partition('<details class="disclosure">')
        asked = re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', quick.partition("/nonconformities/new")[2])
        named = [name for name in dict.fromkeys(asked) if name not in ("q", "language", "form_token")]
        assert named == ["title", "found", "nc_kind", "source", "found_on", "confidential", "files"]
        assert {"object", "clause", "unit", "process", "impact", "reported_by"} <= set(
            re.findall(r'name="(\w+)"', more)
        )

    def test_says_what_is_filled_in_further_down(self, visitor: Visitor) -> None:
        page = visitor.is_("reader", "en").get("/nonconformities/new?clause=7.5&unit=LIBRARY")
        assert "More, as far as it is known Clause of ISO 9001, Unit" in words(page)
