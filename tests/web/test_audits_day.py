"""The pages of an audit's day and of its report, without scripts: nothing typed is lost, nothing is done twice."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from states.text import LANGUAGES
from tests.support.university import University, at
from tests.web.visitors import Form, Visitor, forms, words

NOW = at(2026, 4, 6)


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("auditor", "en")


@pytest.fixture
def record(university: University) -> UUID:
    """An audit of the library under way, with two questions."""
    given: dict[str, Any] = {"title": "Аудит", "planned_on": NOW.date(), "unit": "LIBRARY", "criteria": "ISO 9001"}
    found = university.open("audit", "quality", NOW, None, **given, lead_auditor="auditor", auditors=["sec_ok"])
    university.go(found, "begin", "auditor", NOW)
    for text in ("Каталог барбы?", "Такталабы?"):
        university.go(found, "add_question", "auditor", NOW, text=text, clause="2015/7.5")
    return found


def form(page: httpx.Response, ending: str) -> Form:
    (found,) = [one for one in forms(page) if one.action.endswith(ending)]
    return found


def send(visitor: Visitor, page: httpx.Response, ending: str, **typed: str) -> httpx.Response:
    """Fill in the form whose action ends like that; what is chosen nowhere is not sent."""
    one = form(page, ending)
    choices = {name for name in one.fields if name.startswith(("answer-", "kind", "nc_kind"))} | {"finding"}
    return visitor.post(one.action, {**{k: v for k, v in one.fields.items() if k not in choices}, **typed})


def answers(university: University) -> list[tuple[str | None, str | None]]:
    return [(row["answer"], row["note"]) for row in university.rows(t.question)]


class TestEveryPage:
    @pytest.mark.parametrize("who", ["auditor", "quality", "librarian"])
    def test_opens_for_whoever_may_read_the_audit(self, visitor: Visitor, record: UUID, who: str) -> None:
        for language in LANGUAGES:
            visitor.is_(who, language)
            for path in ("day", "report"):
                page = visitor.get(f"/audits/{record}/{path}")
                assert page.status_code == 200, words(page)
                assert " style=" not in page.text
        filling = visitor.get(f"/audits/{record}/checklist").status_code
        assert filling == (403 if who == "librarian" else 200)

    def test_is_not_there_for_anybody_else_nor_of_another_kind(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        other = university.reported(NOW)
        for path in ("day", "report", "checklist"):
            assert visitor.is_("quality").get(f"/audits/{other}/{path}").status_code == 404
            assert visitor.is_("dean").get(f"/audits/{record}/{path}").status_code == 404

    def test_offers_only_what_one_may_do(self, visitor: Visitor, record: UUID) -> None:
        page = visitor.is_("librarian", "en").get(f"/audits/{record}/day")
        assert not [one for one in forms(page) if one.action.startswith("/audits")]
        assert "Каталог барбы?" in words(page)
        page = visitor.is_("quality", "en").get(f"/audits/{record}/day")
        assert "More questions" in words(page)
        assert visitor.post(f"/audits/{record}/day/raise", {"finding": "1"}).status_code == 403


class TestTheChecklist:
    def test_is_answered_with_one_button(self, visitor: Visitor, record: UUID, university: University) -> None:
        page = visitor.get(f"/audits/{record}/day")
        assert "0 / 2" in words(page)
        given = {"answer-1": "conforms", "note-1": "Бар\r\nтолук"}
        answer = send(visitor, page, "/day/answers", **given)
        assert answer.headers["location"] == f"/audits/{record}/day?kept=1#checklist"
        page = visitor.get(answer.headers["location"])
        assert "Results kept: 1." in words(page)
        assert "1 / 2" in words(page)
        assert answers(university) == [("conforms", "Бар\r\nтолук"), (None, None)]
        # The same page sent again, as a browser sends it, says nothing new.
        version = university.record(record)["version"]
        assert send(visitor, page, "/day/answers", **given).status_code == 303
        assert university.record(record)["version"] == version

    def test_keeps_what_two_auditors_say_at_a_time(
        self, visitor: Visitor, app: FastAPI, record: UUID, university: University
    ) -> None:
        other = Visitor(app).is_("sec_ok", "en")
        mine, theirs = visitor.get(f"/audits/{record}/day"), other.get(f"/audits/{record}/day")
        send(visitor, mine, "/day/answers", **{"answer-1": "conforms"})
        assert send(other, theirs, "/day/answers", **{"answer-2": "observation"}).status_code == 303
        assert [result for result, _ in answers(university)] == ["conforms", "observation"]

    def test_shows_both_where_they_say_different_things_of_one(
        self, visitor: Visitor, app: FastAPI, record: UUID, university: University
    ) -> None:
        other = Visitor(app).is_("sec_ok", "en")
        mine, theirs = visitor.get(f"/audits/{record}/day"), other.get(f"/audits/{record}/day")
        send(visitor, mine, "/day/answers", **{"answer-1": "conforms", "note-1": "Бар"})
        page = send(other, theirs, "/day/answers", **{"answer-1": "nonconformity", "note-1": "Жок"})
        assert page.status_code == 409
        assert "Changed by somebody else meanwhile: question 1." in words(page)
        assert "Бар" in words(page)
        assert form(page, "/day/answers").fields["note-1"] == ""  # a textarea holds it
        assert ">\nЖок</textarea>" in page.text
        again = {"answer-1": "nonconformity", "note-1": "Жок"}
        assert send(other, page, "/day/answers", **again).status_code == 303
        assert answers(university)[0] == ("nonconformity", "Жок")

    def test_says_which_answer_is_wrong_and_loses_nothing(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        page = visitor.get(f"/audits/{record}/day")
        page = send(visitor, page, "/day/answers", **{"answer-1": "conforms", "note-2": "ж" * 20_001})
        assert page.status_code == 422
        assert "This is too long." in words(page)
        assert "ж" * 20_001 in page.text
        assert 'value="conforms" checked' in page.text
        assert answers(university) == [(None, None)] * 2

    def test_is_filled_out_of_a_former_audit(self, visitor: Visitor, record: UUID, university: University) -> None:
        university.go(
            record, "answer_question", "auditor", NOW, question=1, text="Каталог барбы?", answer="nonconformity"
        )
        given: dict[str, Any] = {"title": "Жаңы", "planned_on": NOW.date(), "unit": "LIBRARY", "criteria": "К"}
        new = university.open("audit", "quality", NOW, None, **given, lead_auditor="auditor")
        page = visitor.get(f"/audits/{new}/checklist")
        assert "of the same process or unit" in words(page)
        page = visitor.get(f"/audits/{new}/checklist?from={record}")
        assert "Nonconformity" in words(page)
        sent = visitor.post(f"/audits/{new}/checklist", {"from": str(record), "question": "2"})
        assert sent.headers["location"] == f"/audits/{new}/day#checklist"
        assert "Такталабы?" in words(visitor.get(f"/audits/{new}/day"))
        assert "it is in the checklist already" in words(visitor.get(f"/audits/{new}/checklist?from={record}"))
        assert visitor.get(f"/audits/{new}/checklist?from={university.reported(NOW)}").status_code == 404

    def test_is_made_of_clauses_in_the_language_of_whoever_does_it(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        assert visitor.post(f"/audits/{record}/checklist", {"clause": "2015/7"}).status_code == 303
        assert university.rows(t.question)[-1]["text"] == "7 (en)"
        page = visitor.post(f"/audits/{record}/checklist", {})
        assert page.status_code == 422
        assert "Choose at least one." in words(page)


class TestAFinding:
    def test_is_begun_at_a_question_with_what_was_typed_there(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        page = visitor.get(f"/audits/{record}/day")
        given = {"answer-1": "nonconformity", "note-1": "Каталог жок", "finding": "1"}
        answer = send(visitor, page, "/day/answers", **given)
        assert answer.headers["location"] == f"/audits/{record}/day?from=1#add-finding"
        assert answers(university)[0] == ("nonconformity", "Каталог жок")
        page = visitor.get(answer.headers["location"])
        begun = page.text.partition('id="add-finding"')[2]
        assert ">\nКаталог жок</textarea>" in begun
        assert 'value="2015/7.5" selected' in begun
        assert 'value="nonconformity" checked' in begun

    def test_is_recorded_and_raised_with_one_click_and_its_number_is_seen(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        page = visitor.get(f"/audits/{record}/day")
        given = {
            "kind": "nonconformity",
            "title": "Каталог жок",
            "found": "Жок",
            "nc_kind": "resources",
            "clause": "2015/7.5",
        }
        answer = send(visitor, page, "/day/finding", **given)
        assert answer.headers["location"] == f"/audits/{record}/day?found=1#findings"
        page = visitor.get(answer.headers["location"])
        answer = visitor.post(f"/audits/{record}/day/raise", {"finding": "1"})
        assert answer.headers["location"] == f"/audits/{record}/day?raised=1#findings"
        page = visitor.get(answer.headers["location"])
        assert "Raised from finding 1: nonconformity NC-2026-001." in words(page)
        raised = university.one(t.record, t.record.c.kind == "nonconformity")
        assert f'href="/nonconformities/{raised["id"]}">NC-2026-001</a>' in page.text
        assert university.one(t.nonconformity)["clause"] == "2015/7.5"
        page = visitor.post(f"/audits/{record}/day/raise", {"finding": "1"})
        assert page.status_code == 422
        assert "has been raised from this finding already" in words(page)
        assert len(university.rows(t.nonconformity)) == 1

    def test_that_is_sent_twice_is_one(self, visitor: Visitor, record: UUID, university: University) -> None:
        page = visitor.get(f"/audits/{record}/day")
        given = {"kind": "strength", "title": "Тартип", "found": "Жакшы"}
        assert send(visitor, page, "/day/finding", **given).status_code == 303
        assert send(visitor, page, "/day/finding", **given).status_code == 303
        assert len(university.rows(t.finding)) == 1

    def test_that_is_refused_keeps_what_was_typed(self, visitor: Visitor, record: UUID, university: University) -> None:
        page = visitor.get(f"/audits/{record}/day")
        page = send(visitor, page, "/day/finding", kind="nonconformity", title="Каталог жок", found="Жок")
        assert page.status_code == 422
        assert "The kind of nonconformity is not said." in words(page)
        assert 'value="Каталог жок"' in page.text
        assert send(visitor, page, "/day/finding", kind="observation", title="К", found="").status_code == 422
        assert university.rows(t.finding) == []


class TestTheReport:
    def test_holds_all_that_was_said_and_who_signed(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        page = visitor.get(f"/audits/{record}/report")
        assert "The report is not submitted yet" in words(page)
        for no, text in ((1, "Каталог барбы?"), (2, "Такталабы?")):
            given = {"question": no, "text": text, "clause": "2015/7.5", "answer": "conforms", "note": f"Көрдүк {no}"}
            university.go(record, "answer_question", "auditor", NOW, **given)
        given = {"kind": "nonconformity", "title": "Каталог жок", "found": "Эски", "nc_kind": "resources"}
        university.go(record, "add_finding", "auditor", NOW, **given)
        university.go(record, "raise_nonconformity", "auditor", NOW, finding=1)
        university.go(record, "finish", "auditor", NOW, carried_out_on=NOW.date(), talked_to="Башчы")
        university.go(record, "report", "auditor", NOW, conclusion="Негизинен жакшы")
        university.go(record, "accept", "quality", NOW)
        page = visitor.is_("quality", "ru").get(f"/audits/{record}/report")
        said = words(page)
        for part in ("Көрдүк 1", "7.5 (ru)", "Каталог жок", "NC-2026-001", "Негизинен жакшы", "Башчы", "ISO 9001"):
            assert part in said, part
        assert said.count("Текшер Аудиторов") >= 2  # on the team, and under it
        assert "Сапат Сапаров" in said
        assert "06.04.2026" in said

    def test_says_of_what_somebody_may_not_read_only_that_it_is_there(
        self, visitor: Visitor, record: UUID, university: University
    ) -> None:
        given = {"kind": "nonconformity", "title": "Каталог жок", "found": "Эски", "nc_kind": "resources"}
        for no in (1, 2):
            university.go(record, "add_finding", "auditor", NOW, **given)
            university.go(record, "raise_nonconformity", "auditor", NOW, finding=no)
        theirs, raised = university.rows(t.record, t.record.c.kind == "nonconformity")
        university.go(theirs["id"], "register", "quality", NOW, severity="minor", owner_post="owner")
        page = visitor.is_("owner", "en").get(f"/audits/{record}/report")
        assert page.status_code == 200
        assert visitor.get(f"/nonconformities/{raised['id']}").status_code == 404
        assert theirs["code"] in page.text
        assert raised["code"] not in page.text
        fellow = visitor.is_("sec_ok", "en").get(f"/audits/{record}/report")
        assert raised["code"] in fellow.text, "what one auditor raised the other reads"
        assert "which you may not read" in words(page)
