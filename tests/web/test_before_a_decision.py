"""What whoever decides sees before they do: what still hinders a move, and what somebody has asked for."""

import re
from datetime import date

import pytest
from fastapi import FastAPI

from tests.support.university import University
from tests.web.capa import NOW, analysed
from tests.web.visitors import Visitor, application, words

HINDERED = "No cause has been recorded yet."


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


def form(page: str, label: str) -> str:
    """The part of a page that holds the form of a move, open or not."""
    return next(part for part in re.split(r"(?=<details)", page) if f"<span>{label}</span>" in part)


class TestAMoveThatIsHindered:
    def test_says_so_before_anything_is_filled_in(self, app: FastAPI, university: University) -> None:
        found = analysed(university)
        shown = form(Visitor(app).is_("owner", "en").get(f"/nonconformities/{found}").text, "Record the causes")
        assert shown.count(HINDERED) == 2, "at its name, and over the form"
        assert "Add at least one cause first." in shown
        assert not shown.startswith('<details class="disclosure" open')

    def test_is_open_once_nothing_hinders_it(self, app: FastAPI, university: University) -> None:
        found = analysed(university, "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/M1")
        shown = form(Visitor(app).is_("owner", "en").get(f"/nonconformities/{found}").text, "Record the causes")
        assert HINDERED not in shown
        assert shown.startswith('<details class="disclosure" open')

    def test_says_it_once_where_it_was_refused(self, app: FastAPI, university: University) -> None:
        found = analysed(university)
        visitor = Visitor(app).is_("owner", "en")
        page = visitor.get(f"/nonconformities/{found}")
        answer = visitor.make(page, "record_causes", similar_checked="none", similar="Каралды", similar_records="")
        assert answer.status_code == 422
        assert form(answer.text, "Record the causes").count(HINDERED) == 1


class TestMoreTime:
    def test_is_told_with_its_day_and_reason_to_whoever_gives_it(self, app: FastAPI, university: University) -> None:
        _, action = university.under_way(NOW, date(2026, 5, 4))
        university.go(action, "request_extension", "owner", NOW, new_due_on="2026-05-20", reason="Бөлүк келбеди")
        page = words(Visitor(app).is_("vice", "en").get(f"/actions/{action}"))
        assert "A new due date is asked for, 20 May 2026: Бөлүк келбеди" in page
        university.go(action, "refuse_extension", "vice", NOW, reason="Жок")
        assert "A new due date is asked for" not in words(Visitor(app).is_("vice", "en").get(f"/actions/{action}"))


class TestANewAction:
    def test_is_asked_at_once_which_causes_it_removes(self, app: FastAPI, university: University) -> None:
        found = university.planning(NOW)
        page = Visitor(app).is_("owner", "en").get(f"/actions/new?parent={found}").text
        first, folded, _ = page.partition('<details class="disclosure">')
        assert folded
        assert 'name="causes"' in first
