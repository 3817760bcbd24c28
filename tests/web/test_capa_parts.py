"""Parts on the page of a record: a line for each with what may be done about it, in place, for whoever may."""

import re

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from tests.support.university import University, at
from tests.web.capa import NOW, analysed, audit, field, form_of, section, send, statements
from tests.web.visitors import Visitor, moves, words


def numbers(page: httpx.Response, part: str) -> list[int]:
    """The numbers of a part's lines, in the order in which they stand."""
    return [int(no) for no in re.findall(rf'<tr role="row" id="{part}-(\d+)"', page.text)]


class TestASection:
    def test_is_made_for_each_part_without_a_page_of_its_own(self, visitor: Visitor, university: University) -> None:
        record = audit(university)
        university.go(record, "add_question", "auditor", NOW, text="Журнал барбы?", clause="7.5")
        page = visitor.is_("auditor", "en").get(f"/audits/{record}")
        assert "Checklist (1)" in words(page)
        assert numbers(page, "question") == [1]
        assert "7.5 7.5 (en)" in section(page, "part-question")
        assert {"add_question", "answer_question", "remove_question", "add_evidence"} <= set(moves(page))
        assert section(page, "part-finding") == "", "nothing is found in an audit that has not begun"

    def test_is_a_tree_where_each_is_because_of_another(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок", "Эч ким билген эмес")
        university.go(found, "add_cause", "owner", NOW, text="Убакыт жок", because_of=1)
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        assert numbers(page, "cause") == [1, 2, 3, 4]
        assert re.findall(r'id="cause-\d+" class="depth-(\d)"', page.text) == ["0", "1", "2", "1"]
        assert "explains 1" in words(page)

    def test_offers_nothing_to_whoever_only_reads(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок")
        page = visitor.is_("rector", "en").get(f"/nonconformities/{found}")
        assert numbers(page, "cause") == [1]
        assert not {"add_cause", "amend_cause", "remove_cause"} & set(moves(page))
        assert "<form" not in section(page, "part-cause")


class TestALine:
    def test_is_changed_with_its_number_and_what_it_has(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        form = form_of(page, "amend_cause", cause="2")
        assert form.fields["text"] == "Тартип жок"
        answer = send(visitor, form, text="Тартип эскирген", because_of="1", code="1/M1")
        assert answer.headers["location"] == f"/nonconformities/{found}?done=6#cause-2"
        kept = university.rows(t.cause)
        assert [(row["text"], row["code"], row["because_of"]) for row in kept] == [
            ("Журнал жок", None, None),
            ("Тартип эскирген", "1/M1", 1),
        ]

    def test_that_is_refused_comes_back_open_with_what_was_typed(
        self, visitor: Visitor, university: University
    ) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        answer = send(visitor, form_of(page, "amend_cause", cause="2"), text="", no_action="Бир жолку иш")
        assert answer.status_code == 422
        assert 'href="#f-amend_cause-2-text"' in answer.text
        assert "Бир жолку иш</textarea>" in field(answer, "f-amend_cause-2-no_action")
        assert field(answer, "f-amend_cause-1-no_action").strip().endswith("</textarea>")
        assert "Бир жолку иш" not in field(answer, "f-amend_cause-1-no_action")
        assert len(re.findall(r'<details class="act" open>', answer.text)) == 1

    def test_whose_condition_is_not_met_says_what_to_do(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        answer = send(visitor, form_of(page, "amend_cause", cause="1"), text="Журнал жок", because_of="2")
        assert answer.status_code == 422
        assert "A cause cannot be the cause of itself." in words(answer)

    def test_that_cannot_be_removed_now_says_why(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        shown = section(page, "part-cause")
        assert shown.count("A deeper cause or an open action hangs on this cause.") == 1
        answer = send(visitor, form_of(page, "remove_cause", cause="2"))
        assert answer.headers["location"] == f"/nonconformities/{found}?done=6#part-cause"
        page = visitor.get(answer.headers["location"])
        assert numbers(page, "cause") == [1]
        university.go(found, "add_cause", "owner", NOW, text="Убакыт жок")
        assert numbers(visitor.get(f"/nonconformities/{found}"), "cause") == [1, 3], "a number is never used again"

    def test_that_somebody_removed_meanwhile_loses_nothing_typed(
        self, visitor: Visitor, university: University
    ) -> None:
        found = analysed(university, "Журнал жок", "Тартип жок")
        form = form_of(visitor.is_("owner", "en").get(f"/nonconformities/{found}"), "amend_cause", cause="2")
        university.go(found, "remove_cause", "owner", NOW, cause=2)
        answer = send(visitor, form, text="Көп жазылган сөз")
        assert answer.status_code == 409
        assert "Көп жазылган сөз" in words(answer)

    def test_is_raised_with_one_button_where_it_can_be(self, visitor: Visitor, university: University) -> None:
        record = audit(university)
        university.go(record, "begin", "auditor", NOW)
        told = {"title": "Журнал жок", "found": "Табылган жок"}
        university.go(record, "add_finding", "auditor", NOW, kind="nonconformity", nc_kind="programme", **told)
        university.go(record, "add_finding", "auditor", NOW, kind="strength", title="Жакшы", found="Бар")
        page = visitor.is_("auditor", "en").get(f"/audits/{record}")
        form = form_of(page, "raise_nonconformity")
        assert form.fields["finding"] == "1"
        assert send(visitor, form).headers["location"] == f"/audits/{record}?done=5#finding-1"
        assert university.one(t.record, t.record.c.kind == "nonconformity")["parent_id"] == record
        page = visitor.get(f"/audits/{record}")
        assert "raise_nonconformity" not in moves(page)
        assert "Nonconformity raised" in section(page, "part-finding")
        again = send(visitor, form, version=str(university.record(record)["version"]))
        assert again.status_code == 422
        assert "A nonconformity has been raised from this finding already." in words(again), (
            "the button is gone, the reason is not"
        )


class TestAddingOne:
    def test_leaves_the_form_open_for_the_next(self, visitor: Visitor, university: University) -> None:
        _, action = university.under_way(NOW, at(2026, 5, 1).date())
        page = visitor.is_("owner", "en").get(f"/actions/{action}")
        answer = send(visitor, form_of(page, "add_step"), title="Долбоор", step_due_on="2026-04-20")
        assert answer.headers["location"].startswith(f"/actions/{action}?done=")
        page = visitor.get(answer.headers["location"])
        assert "autofocus" in field(page, "f-add_step-title")
        assert "Долбоор" in section(page, "part-work_step")
        assert "autofocus" not in visitor.get(f"/actions/{action}").text

    def test_needs_no_file(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        page = visitor.is_("auditor", "en").get(f"/nonconformities/{found}")
        answer = send(visitor, form_of(page, "add_evidence"), what="Сөз менен", evidence_on="2026-04-06")
        assert answer.status_code == 303, words(answer)
        page = visitor.get(f"/nonconformities/{found}")
        assert page.status_code == 200
        assert "Сөз менен" in section(page, "part-evidence")

    def test_takes_its_file_along(self, visitor: Visitor, university: University, app: FastAPI) -> None:
        found = university.reported(NOW)
        page = visitor.is_("auditor", "en").get(f"/nonconformities/{found}")
        assert 'enctype="multipart/form-data"' in section(page, "part-evidence")
        given = {"version": "1", "what": "Сүрөт", "evidence_on": "2026-04-06"}
        path, here = f"/nonconformities/{found}/moves/add_evidence", {"sec-fetch-site": "same-origin"}

        async def post() -> httpx.Response:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sapat.test") as client:
                client.cookies.set("sapat_person", "auditor")
                sent = {"file": ("Сүрөт.txt", b"words", "text/plain")}
                return await client.post(path, data=given, files=sent, headers=here)

        import asyncio

        assert asyncio.run(post()).status_code == 303
        shown = section(visitor.get(f"/nonconformities/{found}"), "part-evidence")
        assert re.search(r'<a href="/files/[^"]+">Сүрөт\.txt</a>', shown)
        page = visitor.get(f"/nonconformities/{found}")
        assert send(visitor, form_of(page, "remove_evidence", evidence="1")).status_code == 303
        assert "Сүрөт.txt" not in section(visitor.get(f"/nonconformities/{found}"), "files")


class TestManyLines:
    def test_ask_no_more_statements_than_one(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок")
        visitor.is_("owner")
        for path in (f"/nonconformities/{found}", f"/nonconformities/{found}/causes"):
            visitor.get(path)
            few = statements(university, lambda path=path: visitor.get(path))  # type: ignore[misc]  # mypy knows no default of a lambda
            with university.database.write() as connection:
                highest = connection.execute(sa.select(sa.func.max(t.cause.c.no))).scalar_one()
                rows = [
                    {"record_id": found, "no": no, "text": f"Себеп {no}", "code": "1/M1", "because_of": no - 1}
                    for no in range(highest + 1, highest + 31)
                ]
                connection.execute(sa.insert(t.cause), rows)
            assert statements(university, lambda path=path: visitor.get(path)) == few  # type: ignore[misc]  # mypy knows no default of a lambda
            assert few < 40

    def test_have_their_forms_each_at_an_address_of_its_own(self, visitor: Visitor, university: University) -> None:
        found = analysed(university, "Журнал жок")
        with university.database.write() as connection:
            rows = [{"record_id": found, "no": no, "text": f"Себеп {no}"} for no in range(2, 61)]
            connection.execute(sa.insert(t.cause), rows)
        page = visitor.is_("owner").get(f"/nonconformities/{found}")
        assert "amend_cause" not in moves(page)
        assert len(page.content) < 400_000
        (href,) = re.findall(r'href="(\?move=amend_cause&amp;no=37)"', page.text)
        opened = visitor.get(f"/nonconformities/{found}{href.replace('&amp;', '&')}")
        assert form_of(opened, "amend_cause").fields["cause"] == "37"
        assert "autofocus" in field(opened, "f-amend_cause-37-text")
