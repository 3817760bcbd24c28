"""The page of causes: a chain of whys built without scripts, what blocks the plan, and the pictures of it."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from models import tables as t
from tests.support.university import University, at
from tests.web.capa import NOW, analysed, audit, field, form_of, send
from tests.web.visitors import Visitor, application, forms, moves, words

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


def at_causes(found: UUID, more: str = "") -> str:
    return f"/nonconformities/{found}/causes{more}"


class TestTheChain:
    def test_of_five_whys_is_built_answer_by_answer(self, visitor: Visitor, university: University) -> None:
        found = analysed(university)
        page = visitor.is_("owner", "en").get(at_causes(found))
        for no in range(1, 6):
            form = form_of(page, "add_cause")
            assert form.fields.get("because_of", "") == ("" if no == 1 else str(no - 1))
            answer = send(visitor, form, text=f"Жооп {no}", code="1/M1" if no == 5 else "")
            assert answer.status_code == 303, words(answer)
            assert answer.headers["location"] == at_causes(found, f"?done={no + 3}&why={no}")
            page = visitor.get(answer.headers["location"])
            assert "autofocus" in field(page, "f-add_cause-text")
        assert [row["because_of"] for row in university.rows(t.cause)] == [None, 1, 2, 3, 4]
        assert re.findall(r'<li class="why" id="cause-(\d)">', page.text) == ["1", "2", "3", "4", "5"]

    def test_asks_one_question_at_a_time(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(at_causes(found))
        assert "add_cause" not in moves(page)
        assert len([form for form in forms(visitor.get(at_causes(found, "?why=1"))) if "add_cause" in form.action]) == 1
        assert form_of(visitor.get(at_causes(found, "?why=1")), "add_cause").fields["because_of"] == "1"
        assert "because_of" not in form_of(visitor.get(at_causes(found, "?why=0")), "add_cause").fields

    def test_is_changed_in_place(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(at_causes(found, "?change=2"))
        form = form_of(page, "amend_cause")
        assert (form.fields["cause"], form.fields["text"]) == ("2", "Тартип жок")
        answer = send(visitor, form, because_of="1", code="1/M1", no_action="Бир жолку иш")
        assert answer.headers["location"] == at_causes(found, "?done=6#cause-2")
        assert "Бир жолку иш" in words(visitor.get(at_causes(found)))

    def test_that_is_refused_keeps_what_was_typed_on_the_same_page(
        self, visitor: Visitor, university: University
    ) -> None:
        found = analysed(university, "Журнал жок")
        page = visitor.is_("owner", "en").get(at_causes(found, "?why=1"))
        answer = send(visitor, form_of(page, "add_cause"), text="", code="1/M1")
        assert answer.status_code == 422
        assert "/causes/moves/add_cause" in answer.text
        assert 'value="1/M1" selected' in field(answer, "f-add_cause-code")
        assert form_of(answer, "add_cause").fields["because_of"] == "1"
        assert "This is needed." in words(answer)

    def test_that_came_too_late_keeps_what_was_typed(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Журнал жок", code="1/M1")
        form = form_of(visitor.is_("owner", "en").get(at_causes(found, "?why=1")), "add_cause")
        university.go(found, "record_causes", "owner", NOW, similar_checked="none", similar="Жок")
        answer = send(visitor, form, text="Көп жазылган сөз")
        assert answer.status_code == 409
        assert "Көп жазылган сөз" in answer.text

    def test_is_for_whoever_answers_for_it_and_seen_by_its_readers(
        self, visitor: Visitor, university: University
    ) -> None:
        found = analysed(university, "Журнал жок")
        page = visitor.is_("rector", "en").get(at_causes(found, "?why=1"))
        assert "Журнал жок" in words(page)
        assert not moves(page)
        assert "Why was that so?" not in words(page)
        assert visitor.is_("reader").get(at_causes(found)).status_code == 404
        sent = {"version": "4", "text": "Мен эмес"}
        assert visitor.is_("rector").post(at_causes(found, "/moves/add_cause"), sent).status_code == 403

    def test_makes_no_other_move(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок")
        for name in ("dispute", "add_evidence", "fly"):
            assert visitor.is_("owner").post(at_causes(found, f"/moves/{name}"), {"version": "4"}).status_code == 404
        answer = visitor.get(at_causes(found, "/moves/add_cause"))
        assert (answer.status_code, answer.headers["location"]) == (303, at_causes(found))

    def test_is_there_only_where_there_are_causes(self, visitor: Visitor, university: University) -> None:
        assert visitor.is_("quality").get(f"/audits/{audit(university)}/causes").status_code == 404

    def test_holds_no_script_whatever_is_written(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, HOSTILE, f'" onload="{HOSTILE}')
        page = visitor.is_("owner", "en").get(at_causes(found, "?change=2"))
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


class TestThePlan:
    def blocked(self, university: University) -> UUID:
        """Two root causes, of which the first has an action."""
        found = university.planning(NOW)
        university.go(found, "add_cause", "owner", NOW, text="Эч ким билген эмес", code="1/P1")
        university.action(found, NOW, at(2026, 5, 1).date())
        return found

    def test_is_blocked_by_a_root_without_an_answer_and_says_by_which(
        self, visitor: Visitor, university: University
    ) -> None:
        page = visitor.is_("owner", "en").get(at_causes(self.blocked(university)))
        assert "The plan cannot be submitted yet" in words(page)
        assert "neither an action nor a reason why it needs none: 2" in words(page)
        first, second = page.text.partition('id="cause-2"')[::2]
        assert "Blocks the plan" not in first
        assert "CA-2026-001" in first
        assert "Blocks the plan" in second

    def test_can_be_submitted_once_a_reason_is_stated(self, visitor: Visitor, university: University) -> None:
        found = self.blocked(university)
        visitor.is_("owner", "en")
        form = form_of(visitor.get(at_causes(found, "?change=2")), "amend_cause")
        assert send(visitor, form, code="1/P1", no_action="Бир жолку иш").status_code == 303
        page = words(visitor.get(at_causes(found)))
        assert "Every root cause has an action or a reason" in page
        assert "Blocks the plan" not in page

    def test_gets_an_action_for_the_cause_that_one_looks_at(self, visitor: Visitor, university: University) -> None:
        found = self.blocked(university)
        page = visitor.is_("owner", "en").get(at_causes(found))
        (href,) = [one for one in re.findall(r'href="(/actions/new[^"]+)"', page.text) if "causes=2" in one]
        form = visitor.get(href.replace("&amp;", "&"))
        (sent,) = [one for one in forms(form) if one.action == "/actions/new"]
        told: dict[str, Any] = {**sent.fields, "title": "Окутуу", "criterion": "Баары билет", "causes": ["2"]}
        told |= {"due_on": "2026-05-01", "owner_post": "owner", "action_kind": "corrective"}
        answer = visitor.post(sent.action, told)
        assert answer.status_code == 303, words(answer)
        page = visitor.get(answer.headers["location"])
        assert page.url.path == at_causes(found)
        assert "Planned: CA-2026-002 Окутуу" in words(page)
        assert "Every root cause has an action or a reason" in words(page)

    def test_names_no_action_that_one_may_not_read(self, visitor: Visitor, university: University) -> None:
        """Whoever reported it reads it, and of its actions only those that they have to do with."""
        found = self.blocked(university)
        page = visitor.is_("auditor", "en").get(at_causes(found))
        assert page.status_code == 200
        assert "CA-2026-001" not in page.text
        assert "1 that you may not read" in words(page)


class TestThePictures:
    def test_show_the_same_as_their_table(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=2, text="Тартип жок", because_of=1, code="1/M1")
        page = visitor.is_("owner", "en").get(at_causes(found))
        assert page.text.count('<figure class="picture">') == 2
        twin = page.text.partition("The same as a table")[2]
        assert re.findall(r"Журнал жок|Тартип жок", re.sub(r"<[^>]+>", " ", twin)) == ["Журнал жок", "Тартип жок"]
        assert "M (en)" in twin, "the bone of the first is that of the cause which explains it"
        assert 'href="#cause-2"' in page.text

    def test_are_not_drawn_of_nothing(self, visitor: Visitor, university: University) -> None:
        page = visitor.is_("owner", "en").get(at_causes(analysed(university)))
        assert "<figure" not in page.text
        assert "add_cause" in moves(page)
