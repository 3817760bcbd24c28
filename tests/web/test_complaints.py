"""The complaint form and its address in the API: for everybody, throttled, switched off, and not to be led astray."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from service.complaints.fields import TRAP
from service.complaints.limits import ONE
from service.web.pages.forms import MOST
from service.web.site import LANGUAGE
from tests.accounts.browsing import Browser, Clock
from tests.accounts.browsing import application as signed_in_application
from tests.support.university import University
from tests.web.programs import Program, refused
from tests.web.visitors import Form, Visitor, application, forms, words

GIVEN = {"found": "Лифт иштебейт. Эки жума болду.", "name": "Асан Үсөнов", "reach": "0700 123456"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(university: University, clock: Clock, tmp_path: Path) -> Iterator[FastAPI]:
    made = signed_in_application(university.database, clock, tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def anybody(app: FastAPI) -> Browser:
    """Somebody who has never been here, and reads English."""
    made = Browser(app)
    made.jar.set(LANGUAGE, "en", "sapat.test", "/")
    return made


def form(page: httpx.Response) -> Form:
    """The complaint form of a page."""
    return next(one for one in forms(page) if one.action == "/complaint")


def send(browser: Browser, **typed: str) -> httpx.Response:
    """Fill in the form and send it."""
    fields = {name: value for name, value in form(browser.get("/complaint")).fields.items() if name != "about"}
    return browser.post("/complaint", None, **{**fields, **typed})


class TestTheForm:
    def test_is_there_for_whoever_has_no_account_and_leads_to_a_number(
        self, anybody: Browser, university: University
    ) -> None:
        answer = send(anybody, **GIVEN)
        record = university.one(t.record)
        assert answer.status_code == 200
        assert record["code"] in words(answer)
        assert record["title"] == "Лифт иштебейт"
        assert university.one(t.nonconformity)["reported_by"] == "Асан Үсөнов, 0700 123456"

    def test_tells_nobody_anything_about_people(self, anybody: Browser, university: University) -> None:
        shown = anybody.get("/complaint").text + send(anybody, **GIVEN).text
        names = [name for row in university.rows(t.person) for name in (row["name_ky"], row["name_en"], row["email"])]
        assert not [name for name in names if name in shown]

    @pytest.mark.parametrize(
        ("accepts", "label"), [("ky", "Эмне болду"), ("ru,en;q=0.5", "Что случилось"), ("en", "What happened")]
    )
    def test_speaks_the_language_of_whoever_comes(self, app: FastAPI, accepts: str, label: str) -> None:
        assert label in Browser(app).get("/complaint", **{"Accept-Language": accepts}).text

    def test_lets_them_choose_another_one_and_comes_back(self, anybody: Browser) -> None:
        answer = anybody.post("/language", {"Referer": "http://sapat.test/complaint"}, language="ru")
        assert answer.headers["location"] == "/complaint"
        assert "Что случилось" in anybody.get("/complaint").text

    def test_keeps_what_was_typed_and_says_what_is_wrong(self, anybody: Browser, university: University) -> None:
        answer = send(anybody, found="", name="Асан", occurred_on="2027-01-01")
        assert answer.status_code == 422
        assert "This is needed." in words(answer)
        assert 'value="Асан"' in answer.text
        assert form(answer).fields["occurred_on"] == "2027-01-01"
        assert '<details class="disclosure" open' in answer.text
        assert university.rows(t.record) == []

    def test_shows_hostile_words_as_words(self, anybody: Browser) -> None:
        evil = '"><script>alert(1)</script>'
        answer = send(anybody, found=evil, name=evil, reach="\u202e" + evil, occurred_on="soon")
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text

    def test_sent_twice_is_one_complaint(self, anybody: Browser, university: University) -> None:
        fields = {**form(anybody.get("/complaint")).fields, "about": "", **GIVEN}
        first, again = anybody.post("/complaint", None, **fields), anybody.post("/complaint", None, **fields)
        assert words(first) == words(again)
        assert len(university.rows(t.record)) == 1

    def test_is_offered_where_people_sign_in(self, anybody: Browser) -> None:
        assert 'href="/complaint"' in anybody.get("/sign-in").text

    @pytest.mark.parametrize("on", [True, False])
    def test_is_offered_where_one_chooses_who_one_is(self, university: University, clock: Clock, *, on: bool) -> None:
        browser = Visitor(application(university.database, clock(), complaints=on), {LANGUAGE: "en"})
        page = browser.get("/person")
        assert ("Make a complaint without an account" in words(page)) is on
        assert ('href="/complaint"' in page.text) is on

    def test_of_a_program_that_fills_in_everything_opens_nothing_and_can_be_sent_again_by_a_person(
        self, anybody: Browser, university: University
    ) -> None:
        answer = send(anybody, **GIVEN, **{TRAP: "https://spam.example"})
        assert answer.status_code == 422
        assert "program" in words(answer)
        assert university.rows(t.record) == []
        again = form(answer).fields
        assert again[TRAP] == ""
        assert anybody.post("/complaint", None, **{**again, "about": "", "found": GIVEN["found"]}).status_code == 200

    def test_has_no_way_to_other_fields_of_the_record(self, anybody: Browser, university: University) -> None:
        send(
            anybody,
            **GIVEN,
            source="internal_audit",
            severity="minor",
            unit="DEPARTMENT",
            parent="x",
            confidential="on",
        )
        record, facts = university.one(t.record), university.one(t.nonconformity)
        assert (facts["source"], facts["severity"]) == ("customers", None)
        assert (record["unit_id"], record["parent_id"]) == (None, None)


class TestSomebodySignedIn:
    def test_complains_as_anybody_else_without_being_named(self, api: FastAPI, university: University) -> None:
        visitor = Visitor(api).is_("dean", "en")
        answer = visitor.post("/complaint", {"found": "Муздак"})
        assert answer.status_code == 200
        record, entry = university.one(t.record), university.one(t.history)
        assert record["author_id"] is None
        assert (entry["actor_id"], entry["post_id"]) == (None, None)


class TestWhoComplained:
    @pytest.mark.parametrize(("person", "told"), [("quality", True), ("rector", False), ("vice", False)])
    def test_is_told_to_the_quality_specialist_alone(
        self, api: FastAPI, university: University, person: str, told: bool
    ) -> None:
        code = Program(api).post("/api/complaints", GIVEN).json()["code"]
        record_id = university.one(t.record)["id"]
        program, visitor = Program(api, person), Visitor(api).is_(person, "en")
        paths = (f"/api/nonconformities/{record_id}", f"/api/nonconformities/{record_id}/history")
        answers = [program.get(path) for path in paths] + [visitor.get(f"/nonconformities/{record_id}")]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert code in answers[0].text
        assert [GIVEN["reach"] in answer.text for answer in answers] == [told, told, told]


class TestTooMany:
    def test_from_one_address_are_told_when_to_come_again_and_lose_nothing(
        self, app: FastAPI, anybody: Browser, clock: Clock, university: University
    ) -> None:
        for _ in range(ONE.free):
            assert send(anybody, **GIVEN).status_code == 200
        answer = send(anybody, **GIVEN)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "60"
        assert GIVEN["found"] in answer.text
        assert "send it again after 10:01:00" in words(answer)
        elsewhere = Browser(app, address="198.51.100.9")
        assert send(elsewhere, **GIVEN).status_code == 200
        clock.now += timedelta(minutes=1)
        assert anybody.post("/complaint", None, **{**form(answer).fields, "about": "", **GIVEN}).status_code == 200
        assert len(university.rows(t.record)) == ONE.free + 2

    def test_is_not_to_be_got_round_by_headers(self, app: FastAPI) -> None:
        browser = Browser(app)
        statuses = set()
        for number in range(ONE.free + 1):
            headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
            statuses.add(browser.post("/complaint", headers, found="x").status_code)
        assert statuses == {200, 429}

    def test_leaves_the_address_nowhere(self, anybody: Browser, university: University) -> None:
        send(anybody, **GIVEN)
        kept = [str(row) for table in t.record.metadata.sorted_tables for row in university.rows(table)]
        assert not [row for row in kept if anybody.address in row]


class TestSwitchedOff:
    @pytest.fixture
    def off(self, university: University, clock: Clock, tmp_path: Path) -> Iterator[FastAPI]:
        made = signed_in_application(university.database, clock, tmp_path, complaints=False)
        yield made
        made.state.site.close()

    def test_there_is_nothing(self, off: FastAPI, university: University) -> None:
        browser = Browser(off)
        assert browser.get("/complaint").status_code == 404
        assert browser.post("/complaint", None, **GIVEN).status_code == 404
        assert 'href="/complaint"' not in browser.get("/sign-in").text
        refused(Program(off).post("/api/complaints", GIVEN), 404, "no-complaints")
        assert university.rows(t.record) == []


class TestAnotherSite:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "", "Origin": "null"},
        ],
        ids=str,
    )
    def test_makes_no_browser_complain(self, anybody: Browser, university: University, headers: dict[str, str]) -> None:
        assert anybody.post("/complaint", headers, **GIVEN).status_code == 403
        assert university.rows(t.record) == []

    def test_names_no_other_host(self, anybody: Browser, university: University) -> None:
        assert anybody.post("/complaint", {"Host": "evil.example"}, **GIVEN).status_code == 421
        assert university.rows(t.record) == []


class TestMuch:
    def test_in_one_form_is_refused(self, anybody: Browser, university: University) -> None:
        assert anybody.post("/complaint", found="x" * 600_000).status_code == 400
        assert anybody.post("/complaint", None, **{f"f{number}": "x" for number in range(MOST + 1)}).status_code == 400
        long = anybody.post("/complaint", found="ы" * 20_001)
        assert long.status_code == 422
        assert "This is too long." in words(long)
        assert university.rows(t.record) == []

    def test_in_one_request_of_a_program_is_refused(self, app: FastAPI, university: University) -> None:
        refused(Program(app).post("/api/complaints", {"found": "x" * 1_100_000}), 413, "too-large")
        accents = "\u0301\u0316" * 100_000
        for told in ({"found": accents}, {"found": "x", "title": accents, "unknown": 1}):
            refused(Program(app).post("/api/complaints", told), 422, "incomplete")
        assert university.rows(t.record) == []


class TestTheApi:
    def test_takes_a_complaint_of_nobody(self, app: FastAPI, university: University) -> None:
        answer = Program(app).post("/api/complaints", {**GIVEN, "about": "resources", "occurred_on": "2026-04-01"})
        assert answer.status_code == 201
        assert answer.json() == {"code": university.one(t.record)["code"]}
        assert university.one(t.nonconformity)["nc_kind"] == "resources"

    def test_says_what_is_wrong_with_each_field(self, app: FastAPI) -> None:
        told: dict[str, Any] = {"name": "a\nb", "occurred_on": 7, "website": "x", "unit": "DEPARTMENT"}
        problem = refused(Program(app).post("/api/complaints", told, Accept_Language="en"), 422, "incomplete")
        assert set(problem["errors"]) == {"found", "name", "occurred_on", "website", "unit"}

    def test_is_throttled_like_the_form_and_together_with_it(self, app: FastAPI) -> None:
        program, browser = Program(app), Browser(app, address="127.0.0.1")
        for _ in range(ONE.free // 2):
            assert program.post("/api/complaints", GIVEN).status_code == 201
            assert send(browser, **GIVEN).status_code == 200
        answer = program.post("/api/complaints", GIVEN)
        refused(answer, 429, "too-many-complaints")
        assert answer.headers["retry-after"] == "60"

    def test_answers_the_same_request_with_the_same_number(self, app: FastAPI, university: University) -> None:
        program = Program(app)
        answers = [program.post("/api/complaints", GIVEN, Idempotency_Key="k1") for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        assert len(university.rows(t.record)) == 1
        other = program.post("/api/complaints", GIVEN, Idempotency_Key="k2")
        assert other.json() != answers[0].json()
        refused(program.post("/api/complaints", GIVEN, Idempotency_Key="k" * 201), 400, "malformed")
