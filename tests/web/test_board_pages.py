"""The board as a page and for programs: its groups, its filters, asking whoever has a task, and files of it."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from models import tables as t
from service.web.pages.late import EACH
from tests.service.test_board import climbed, several
from tests.service.test_sweep import SPRING
from tests.support.university import University, at
from tests.web.programs import Program
from tests.web.visitors import Visitor, application, forms, words

LATE = at(2017, 5, 24)
Shown = tuple[University, Visitor, Program]


@pytest.fixture
def shown(university: University) -> Iterator[Shown]:
    climbed(university)
    several(university)
    app = application(university.database, LATE)
    yield university, Visitor(app), Program(app)
    app.state.site.close()


def rows(page: Any) -> int:
    return int(page.text.count('<tr role="row">')) - int(page.text.count("<thead"))


class TestTheBoard:
    def test_says_who_was_told_rung_by_rung_and_what_comes_next(self, shown: Shown) -> None:
        _, visitor, _ = shown
        page = words(visitor.is_("quality", "en").get("/late"))
        assert "Past the last rung: reminded every 5 working days" in page
        assert "Rung by rung: 7" in page
        assert "10 May 2017 Rector : Aibek Rektorov" in page
        assert "reminders since then: 2" in page
        assert "30 May 2017" in page  # the next repetition

    @pytest.mark.parametrize("dimension", ["unit", "process", "holder", "age"])
    def test_is_grouped_by_a_link(self, shown: Shown, dimension: str) -> None:
        _, visitor, _ = shown
        first = visitor.is_("rector", "en").get("/late?kind=nonconformity")
        assert f"/late/by/{dimension}?kind=nonconformity" in first.text
        page = visitor.get(f"/late/by/{dimension}?kind=nonconformity")
        assert page.status_code == 200
        # A group shows its first five, and leads to the others.
        assert rows(page) == rows(first) or f"Show all {rows(first)}" in words(page)
        assert rows(first) > EACH

    def test_keeps_its_filters_in_its_address(self, shown: Shown) -> None:
        university, visitor, _ = shown
        holder = university.posts["librarian"]
        page = visitor.is_("rector", "en").get(f"/late?holder={holder}")
        assert rows(page) == 3
        assert "Who has it: Librarian (post)" in words(page)
        assert f"/exports/late.csv?holder={holder}" in page.text
        assert rows(visitor.get(f"/late/by/unit?holder={holder}")) == 3
        assert "Nothing is like that" in words(visitor.get(f"/late?holder={holder}&age=1&kind=document"))

    def test_counts_of_each_kind_what_its_number_leads_to(self, shown: Shown) -> None:
        university, visitor, _ = shown
        for path in ("/late", f"/late?holder={university.posts['librarian']}"):
            page = visitor.is_("rector", "en").get(path)
            numbers = re.findall(r'<a href="([^"]*kind=[^"]*)"><b>(\d+)</b>', page.text)
            assert sum(int(number) for _, number in numbers) == rows(page)
            for href, number in numbers:
                assert rows(visitor.get(unescape(href))) == int(number)

    def test_has_a_tab_for_what_is_due_soon(self, shown: Shown) -> None:
        _, visitor, _ = shown
        page = visitor.is_("rector", "en").get("/late/soon")
        assert page.status_code == 200
        assert rows(page) == 1
        assert visitor.get("/late/soon/by/unit").status_code == 200

    @pytest.mark.parametrize("path", ["/late/by/colour", "/late/by/kind", "/late/soon/by/age"])
    def test_knows_no_other_groups(self, shown: Shown, path: str) -> None:
        assert shown[1].is_("rector", "en").get(path).status_code == 404

    @pytest.mark.parametrize("query", ["age=9", "age=-1", "kind=nothing", "unit=x", "holder=none"])
    def test_refuses_what_makes_no_sense(self, shown: Shown, query: str) -> None:
        assert shown[1].is_("rector", "en").get(f"/late?{query}").status_code == 400

    def test_shows_nothing_to_whoever_may_read_nothing(self, shown: Shown) -> None:
        _, visitor, _ = shown
        page = words(visitor.is_("admin", "en").get("/late"))
        assert "Nothing is late" in page
        assert "Nothing is due soon" in words(visitor.get("/late/soon"))

    def test_leads_to_the_form_of_the_move(self, shown: Shown) -> None:
        _, visitor, _ = shown
        page = visitor.is_("vice", "en").get("/late?kind=corrective_action")
        (href,) = re.findall(r'href="(/actions/[^"#]+#f-extend-[^"]+)"', page.text)
        path, _, place = href.partition("#")
        assert f'id="{place}"' in visitor.get(path).text


class TestAskingFromTheBoard:
    def test_is_one_click_and_comes_back(self, shown: Shown) -> None:
        university, visitor, _ = shown
        page = visitor.is_("quality", "en").get("/late/by/unit?kind=nonconformity")
        asking = [form for form in forms(page) if form.action.endswith("/nudge")]
        assert asking
        sent = visitor.post(asking[0].action, asking[0].fields)
        assert sent.status_code == 303
        back = visitor.get(sent.headers["location"])
        assert sent.headers["location"].startswith("/late/by/unit?kind=nonconformity")
        assert "Whoever has it has been asked" in words(back)
        assert "asked for today" in words(back)
        assert len([form for form in forms(back) if form.action.endswith("/nudge")]) == len(asking) - 1
        assert len(university.rows(t.notice, t.notice.c.message == "task/nudge")) == 1

    def test_is_not_offered_to_whoever_may_not(self, shown: Shown) -> None:
        _, visitor, _ = shown
        page = visitor.is_("owner", "en").get("/late")
        theirs = [form for form in forms(page) if form.action.endswith("/nudge")]
        assert not theirs


class TestForPrograms:
    def test_it_is_the_same(self, shown: Shown) -> None:
        _, _, program = shown
        answer = program.as_("quality").get("/api/late").json()
        first = answer["items"][0]
        assert (first["rung"], first["rungs"]) == (8, 7)
        assert [one["days"] for one in first["told"]] == [0, 1, 3, 5, 10, 15, 25]
        assert {one["state"] for one in first["told"]} == {"sent"}
        assert first["told"][-1]["times"] == 2
        assert first["next"]["at"].startswith("2017-05-30")
        assert program.as_("quality").get("/api/late?soon=true").json()["total"] == 1
        narrowed = program.as_("quality").get("/api/late?holder=librarian").json()
        assert narrowed["total"] == 3

    @pytest.mark.parametrize("path", ["late", "nonconformities", "actions", "audits", "revisions"])
    def test_lists_are_files(self, shown: Shown, path: str) -> None:
        _, _, program = shown
        rector = program.as_("rector", Accept_Language="ru")
        answer = rector.get(f"/api/exports/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-language"] == "ru"
        read = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert len(read) - 1 == rector.get(f"/api/{path}").json()["total"]
        book = CalamineWorkbook.from_filelike(BytesIO(rector.get(f"/api/exports/{path}?format=xlsx").content))
        assert book.get_sheet_by_index(0).to_python()[0] == read[0]

    def test_files_are_narrowed_as_lists_are(self, shown: Shown) -> None:
        _, _, program = shown
        rector = program.as_("rector")
        for query in ("severity=minor", "late=true", "open=false", "owner=librarian", "q=Протокол"):
            read = csv.reader(StringIO(rector.get(f"/api/exports/nonconformities?{query}").text))
            assert len(list(read)) - 1 == rector.get(f"/api/nonconformities?{query}").json()["total"], query

    @pytest.mark.parametrize(
        ("path", "status"),
        [("late?format=pdf", 422), ("late?colour=red", 422), ("nothing", 404), ("figures/audits/kept", 404)],
    )
    def test_nothing_else_is(self, shown: Shown, path: str, status: int) -> None:
        assert shown[2].as_("rector").get(f"/api/exports/{path}").status_code == status

    def test_nobody_takes_anything_away_unasked(self, shown: Shown) -> None:
        for path in ("late", "nonconformities", "figures/actions/kept"):
            assert shown[2].get(f"/api/exports/{path}").status_code == 401


def taken(visitor: Visitor, path: str) -> list[dict[str, str]]:
    """An exported list, each row by the names of its columns."""
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


class TestAFile:
    def test_is_called_after_the_list_and_the_day(self, shown: Shown) -> None:
        _, visitor, _ = shown
        answer = visitor.is_("rector", "ky").get("/exports/nonconformities.xlsx")
        told = answer.headers["content-disposition"]
        assert told.startswith("attachment; ")
        assert "2017-05-24.xlsx" in told
        assert answer.headers["cache-control"] == "no-store"
        assert int(answer.headers["content-length"]) == len(answer.content)

    def test_holds_what_one_may_read_and_no_more(self, shown: Shown) -> None:
        university, visitor, _ = shown
        every = {row["code"] for row in university.rows(t.record, t.record.c.kind == "nonconformity")}
        assert {row["Code"] for row in taken(visitor.is_("rector", "en"), "/exports/nonconformities.csv")} == every
        mine = {row["Code"] for row in taken(visitor.is_("librarian", "en"), "/exports/nonconformities.csv")}
        assert mine < every
        assert mine
        assert not taken(visitor.is_("admin", "en"), "/exports/nonconformities.csv")
        assert not taken(visitor, "/exports/late.csv")

    def test_has_every_field_typed_and_the_causes_in_one(self, shown: Shown) -> None:
        university, visitor, _ = shown
        found, _ = university.under_way(SPRING, date(2017, 6, 20))
        code = university.record(found)["code"]
        (row,) = (
            one for one in taken(visitor.is_("quality", "en"), "/exports/nonconformities.csv") if one["Code"] == code
        )
        assert row["State"] == "Acting"
        assert row["Severity"] == "major"
        assert row["Source"] == "internal audit"
        assert row["Found on"] == "2017-04-05"
        assert row["Everything done by"] == "2017-06-20"
        assert row["Everything done by (at first)"] == "2017-06-20"
        assert row["Causes"] == "1. Тартип жок [M1 M1 (en)]"
        assert row["Days open"] == "49"
        assert row["Times reopened"] == "0"
        assert row["Owner"] == "Owner (post)"
        (action,) = (one for one in taken(visitor, "/exports/actions.csv") if one["Belongs to"] == code)
        assert (action["Kind"], action["Due date"]) == ("corrective", "2017-06-20")

    def test_is_whole_in_whatever_pieces_it_is_read(self, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
        _, visitor, _ = shown
        whole = taken(visitor.is_("rector", "en"), "/exports/nonconformities.csv")
        monkeypatch.setattr("service.web.pages.exports_records.AT_ONCE", 2)
        assert taken(visitor, "/exports/nonconformities.csv") == whole
        assert len(whole) > 4

    def test_calculates_nothing(self, shown: Shown) -> None:
        university, visitor, _ = shown
        bad = '=HYPERLINK("http://x.example","here")'
        university.change(sa.update(t.record).values(title=bad))
        for path in ("/exports/late.csv", "/exports/nonconformities.csv"):
            assert {row["Title"] for row in taken(visitor.is_("rector", "en"), path)} == {f"'{bad}"}

    def test_does_not_tell_who_complained_or_who_is_confidential(self, shown: Shown) -> None:
        university, visitor, _ = shown
        report: dict[str, Any] = {
            "title": "Даттануу",
            "found": "Ашкана",
            "nc_kind": "environment",
            "source": "customers",
        }
        report |= {"found_on": LATE.date(), "reported_by": "Асан, 0555", "confidential": True, "unit": "LIBRARY"}
        code = university.record(university.open("nonconformity", "reader", LATE, **report))["code"]

        def told(who: str) -> dict[str, str]:
            every = taken(visitor.is_(who, "en"), "/exports/nonconformities.csv")
            return next(row for row in every if row["Code"] == code)

        for who in ("rector", "vice", "librarian"):
            assert told(who)["Opened by"] == "confidential"
            assert told(who)["Reported by (from outside)"] == ""
            answer = visitor.get("/exports/nonconformities.csv").content.decode()
            assert "Асан" not in answer
            assert "Okurman" not in answer
        assert told("quality")["Opened by"] == "Okurman Okurov"
        assert told("quality")["Reported by (from outside)"] == "Асан, 0555"
        assert told("reader")["Opened by"] == "Okurman Okurov"

    @pytest.mark.parametrize("language", ["ky", "ru", "en"])
    def test_has_a_name_for_every_column(self, shown: Shown, language: str) -> None:
        _, visitor, _ = shown
        for path in ("late", "nonconformities", "actions", "audits", "revisions"):
            header = visitor.is_("rector", language).get(f"/exports/{path}.csv").content.decode("utf-8-sig")
            names = next(csv.reader(StringIO(header)))
            assert len(set(names)) == len(names), [one for one in names if names.count(one) > 1]
            assert not [one for one in names if "_" in one or not one.strip()]

    def test_is_offered_where_the_list_is(self, shown: Shown) -> None:
        _, visitor, _ = shown
        visitor.is_("rector", "en")
        for path in ("/late", "/late/soon", "/nonconformities?severity=minor", "/revisions"):
            page = visitor.get(path)
            hrefs = [unescape(one) for one in re.findall(r'href="(/exports/[^"]+)"', page.text)]
            assert len(hrefs) == 2, path
            assert all(visitor.get(href).status_code == 200 for href in hrefs)


class TestAListOfRecords:
    def test_has_what_is_late_in_it_too(self, shown: Shown) -> None:
        university, visitor, _ = shown
        codes = {row["code"] for row in university.rows(t.record, t.record.c.kind == "nonconformity")}
        page = visitor.is_("rector", "en").get("/nonconformities").text
        assert all(code in page for code in codes)
