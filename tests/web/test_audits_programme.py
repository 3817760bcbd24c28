"""The programme: its page, its files and its API; planning where nothing is planned, for those who may."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from python_calamine import CalamineWorkbook

from models import tables as t
from models.base import new_id
from service.reading.audits import ORDERS
from states.kyrgyz import fold
from states.text import LANGUAGES
from tests.support.university import University, at
from tests.web.programs import Program, refused
from tests.web.visitors import Visitor, application, forms, words

NOW = at(2026, 4, 6)
PATH = "/audits/programme"
FILES = ("XLSX", "CSV")


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    process_id = new_id()
    row = {"id": process_id, "code": "3.1", "name": "Персоналды башкаруу", "folded": fold("3.1")}
    owned = {"id": new_id(), "process_id": process_id, "post_id": university.posts["librarian"], "position": 0}
    university.change(sa.insert(t.process).values(row), sa.insert(t.process_owner).values(owned))
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


def planned(university: University, day: date, **more: Any) -> UUID:
    given: dict[str, Any] = {"title": "Аудит", "planned_on": day, "unit": "LIBRARY", "criteria": "ISO 9001"}
    return university.open("audit", "quality", NOW, **given, lead_auditor="auditor", **more)


def plans(page: str) -> list[str]:
    """The addresses at which an audit can be planned."""
    return [part.partition('"')[0].replace("&amp;", "&") for part in page.split('class="plan" href="')[1:]]


class TestThePage:
    def test_opens_for_each_person_in_each_language(self, visitor: Visitor, university: University) -> None:
        planned(university, date(2026, 5, 20), process="3.1")
        for who in ("quality", "auditor", "reader"):
            for language in LANGUAGES:
                page = visitor.is_(who, language).get(PATH)
                assert page.status_code == 200, words(page)
                assert " style=" not in page.text

    def test_shows_the_audit_and_leads_to_it(self, visitor: Visitor, university: University) -> None:
        audit = planned(university, date(2026, 5, 20), process="3.1")
        page = visitor.get(PATH)
        assert f'href="/audits/{audit}"><svg' in page.text
        assert "IA-2026-001 Аудит. Planned" in words(page)

    def test_offers_months_to_come_to_whoever_may_plan(self, visitor: Visitor, university: University) -> None:
        planned(university, date(2026, 5, 20), process="3.1")
        found = plans(visitor.get(PATH).text)
        days = [parse_qs(urlsplit(one).query)["planned_on"][0] for one in found]
        # The first working day of each; of this month today; May has an audit already.
        assert days == [
            "2026-04-06",
            *("2026-06-01", "2026-07-01", "2026-08-03", "2026-09-01", "2026-10-01", "2026-11-02", "2026-12-01"),
        ]
        assert plans(visitor.get(f"{PATH}?year=2025").text) == []
        assert len(plans(visitor.get(f"{PATH}?year=2027").text)) == 12
        for who in ("auditor", "rector", "librarian"):
            assert plans(visitor.is_(who).get(PATH).text) == []

    def test_leads_to_the_form_with_process_unit_month_and_title_filled_in(
        self, visitor: Visitor, university: University
    ) -> None:
        (where,) = [one for one in plans(visitor.get(PATH).text) if "2026-09-01" in one]
        (form,) = [form for form in forms(visitor.get(where)) if form.action == "/audits/new"]
        assert form.fields["title"] == "Audit: 3.1 Персоналды башкаруу"
        assert form.fields["planned_on"] == "2026-09-01"
        chosen = {"process": "3.1", "unit": "LIBRARY", "criteria": "7.2", "lead_auditor": "auditor"}
        fields = {name: value for name, value in form.fields.items() if name != "auditors"}
        assert visitor.post("/audits/new", {**fields, **chosen}).status_code == 303
        (record,) = university.rows(t.record)
        assert record["title"] == "Audit: 3.1 Персоналды башкаруу"
        assert "selected>3.1" in visitor.get(where).text

    def test_can_be_narrowed_to_what_waits(self, visitor: Visitor, university: University) -> None:
        assert "Персоналды" in visitor.get(f"{PATH}?show=waiting").text.partition("<table")[2]
        planned(university, date(2026, 5, 20), process="3.1")
        page = visitor.get(f"{PATH}?show=waiting")
        assert "Nothing is like that" in words(page)
        assert page.status_code == 200

    @pytest.mark.parametrize("order", ["", "code", "nonsense"])
    def test_is_in_the_order_of_codes_unless_another_is_chosen(self, visitor: Visitor, order: str) -> None:
        page = visitor.get(f"{PATH}?order={order}")
        assert '<select name="order"><option value="">By code</option>' in page.text
        assert "Clear all" not in words(page)
        other = visitor.get(f"{PATH}?order={ORDERS[1]}")
        assert "selected>Audited longest ago first" in other.text
        assert "Order: Audited longest ago first" in words(other)

    @pytest.mark.parametrize("year", ["26", "abcd", "1066", "²026", "99999"])
    def test_of_no_year_says_so(self, visitor: Visitor, year: str) -> None:
        assert visitor.get(f"{PATH}?year={year}").status_code == 400

    def test_says_where_audits_may_be_hidden(self, visitor: Visitor) -> None:
        assert "Only audits that you may read" not in words(visitor.get(PATH))
        assert "Only audits that you may read" in words(visitor.is_("reader", "en").get(PATH))


class TestItsFiles:
    def test_hold_the_matrix_as_csv(self, visitor: Visitor, university: University) -> None:
        planned(university, date(2026, 5, 20), process="3.1")
        answer = visitor.get("/exports/programme.csv?year=2026")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        head, row = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert head[:3] == ["Process or unit", "January", "February"]
        assert row[0] == "3.1 Персоналды башкаруу"
        assert row[5] == "20 May 2026 · IA-2026-001 · planned"

    def test_hold_matrix_and_list_as_workbooks(self, visitor: Visitor, university: University) -> None:
        planned(university, date(2026, 5, 20), process="3.1")
        for path, cell in (("/exports/programme.xlsx", (1, 5)), ("/exports/programme/audits.xlsx", (1, 0))):
            answer = visitor.is_("quality", "ky").get(path)
            assert answer.headers["content-disposition"].startswith("attachment;")
            book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
            rows = book.get_sheet_by_index(0).to_python()
            assert "IA-2026-001" in str(rows[cell[0]][cell[1]])

    def test_hold_only_what_may_be_read(self, visitor: Visitor, university: University) -> None:
        planned(university, date(2026, 5, 20), process="3.1")
        assert "IA-2026-001" not in visitor.is_("sec_ok").get("/exports/programme.csv").text
        assert "IA-2026-001" in visitor.is_("auditor").get("/exports/programme/audits.csv").text

    def test_are_told_apart_by_the_words_of_their_links(self, visitor: Visitor) -> None:
        links = re.findall(r"<a [^>]*download>(.*?)</a>", visitor.get(PATH).text)
        assert links == [f"{what}: {kind}" for what in ("Programme of audits", "List of audits") for kind in FILES]

    def test_come_in_two_kinds(self, visitor: Visitor) -> None:
        assert visitor.get("/exports/programme.pdf").status_code == 404
        page = visitor.get(f"{PATH}?order=longest").text
        for ending in ("xlsx", "csv"):
            for path in ("/exports/programme", "/exports/programme/audits"):
                assert f'href="{path}.{ending}?order=longest&amp;year=2026"' in page


class TestAProgram:
    def test_reads_the_same(self, app: FastAPI, university: University) -> None:
        audit = planned(university, date(2026, 5, 20), process="3.1")
        told = Program(app, "quality").get("/api/programme?year=2026&order=longest", Accept_Language="ru").json()
        assert (told["year"], told["years"], told["all"]) == (2026, [2026, 2027], True)
        (line,) = told["lines"]
        assert (line["process"], line["unit"], line["waits"]) == ("3.1", "LIBRARY", False)
        (found,) = line["months"][4]
        assert found["id"] == str(audit)
        assert found["state_label"] == "запланирован"
        assert found["links"] == {"self": f"/api/audits/{audit}"}

    def test_is_told_what_it_asked_wrong(self, app: FastAPI) -> None:
        for asked in ("year=1066", "order=colour", "yaer=2026", "year=abc"):
            refused(Program(app, "quality").get(f"/api/programme?{asked}"), 422, "incomplete")
