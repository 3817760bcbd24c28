"""Pages as anybody opens them: each for each kind of person, in each language, with nothing but what is theirs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.reading.permitted import readable_by
from service.web.pages.frame import _FROM_ELSEWHERE
from service.web.site import PERSON
from states.registry import lifecycles
from states.text import LANGUAGES
from tests.support.university import PEOPLE, TITLE, University, at
from tests.web.visitors import Visitor, application, forms, words

NOW = at(2026, 11, 20)
LISTS = [
    *("/tasks", "/person", "/documents", "/late", "/processes", "/mailbox", "/seals", "/permissions?person=me"),
    *("/organisation", "/organisation/people", "/absences", "/absences/new"),
]


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    university.in_force(at(2026, 3, 2))
    university.draft(at(2026, 9, 1))
    university.under_way(at(2026, 9, 1), at(2026, 10, 1).date())
    made = application(university.database, NOW, tmp_path / "mailbox.db")
    made.state.site.mailbox.keep(
        "sapat@uni.example",
        ["owner@uni.example"],
        b"Subject: Late\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>Hello <script>alert(1)</script></p>",
    )
    yield made
    made.state.site.mailbox.close()


def records(university: University, reader: str = "quality") -> list[str]:
    """The pages of what somebody may read."""
    of_kind = {one.name: one.collection for one in lifecycles().values()}
    with university.database.read() as connection:
        may = readable_by(connection, university.as_(reader, NOW), NOW)
        rows = connection.execute(sa.select(t.record.c.id, t.record.c.kind).where(may)).all()
    return [f"/{of_kind[row.kind]}/{row.id}" for row in rows]


class TestEveryPage:
    @pytest.mark.parametrize("person", PEOPLE)
    def test_opens_for_each_person_in_each_language(
        self, visitor: Visitor, university: University, person: str
    ) -> None:
        documents = [f"/documents/{row['id']}" for row in university.rows(t.document)]
        paths = [
            *LISTS,
            *(f"/{one.collection}" for one in lifecycles().values()),
            *records(university, person),
            *documents,
        ]
        for language in LANGUAGES:
            visitor.is_(person, language)
            for path in paths:
                page = visitor.get(path)
                assert page.status_code == 200, (path, words(page))
                assert f'<html lang="{language}"' in page.text
                assert page.headers["cache-control"] == "no-store"
                assert "script-src 'self';" in page.headers["content-security-policy"]
                assert "unsafe" not in page.headers["content-security-policy"]

    def test_holds_no_script_and_no_inline_style(self, visitor: Visitor, university: University) -> None:
        for path in [*LISTS, *records(university), "/nonconformities/new"]:
            text = visitor.is_("quality").get(path).text
            assert "<script" not in text
            assert "<style" not in text
            assert " style=" not in text

    def test_knows_every_lifecycle_without_being_told(self, visitor: Visitor) -> None:
        navigation = visitor.is_("owner").get("/tasks").text
        for one in lifecycles().values():
            assert (f'href="/{one.collection}"' in navigation) == (one.name not in _FROM_ELSEWHERE)

    def test_asks_few_statements_however_long_its_list(self, visitor: Visitor, university: University) -> None:
        def asked(path: str) -> int:
            statements: list[str] = []

            def note(_c: object, _cur: object, statement: str, *_: object) -> None:
                statements.append(statement)

            sa.event.listen(university.database.engine, "before_cursor_execute", note)
            assert visitor.is_("quality").get(path).status_code == 200
            sa.event.remove(university.database.engine, "before_cursor_execute", note)
            return len(statements)

        paths = ["/tasks", "/late", "/nonconformities", "/documents", "/person"]
        university.reported(at(2026, 9, 1))
        before = {path: asked(path) for path in paths}
        for _ in range(5):
            university.reported(at(2026, 9, 1))
        assert {path: asked(path) for path in paths} == before
        assert max(before.values()) < 20


class TestReportingFromAnywhere:
    @pytest.mark.parametrize("person", PEOPLE)
    def test_is_offered_with_ones_tasks(self, visitor: Visitor, person: str) -> None:
        page = visitor.is_(person, "en").get("/tasks")
        assert re.search(r'class="button [^>]*href="/nonconformities/new">.*Report a nonconformity</a>', page.text)

    def test_is_offered_at_each_process_with_the_process_filled_in(
        self, visitor: Visitor, university: University
    ) -> None:
        row = {"id": new_id(), "code": "3.1", "name": "Персоналды башкаруу", "folded": "3.1"}
        university.change(sa.insert(t.process).values(row))
        form = "/nonconformities/new?process=3.1"
        assert f'href="{form}"' in visitor.is_("reader", "en").get("/processes").text
        assert f'href="{form}"' in visitor.is_("admin").get(f"/processes/{row['id']}/owners").text
        assert '<option value="3.1" selected>' in visitor.is_("reader").get(form).text


class TestSomebodyUnknown:
    def test_is_led_to_choose_and_then_back(self, visitor: Visitor) -> None:
        answer = visitor.get("/late?kind=document")
        assert answer.status_code == 303
        page = visitor.get(answer.headers["location"])
        (form,) = [form for form in forms(page) if form.action == "/person"]
        chosen = visitor.post("/person", {**form.fields, "person": "quality"})
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/late?kind=document")
        assert "HttpOnly" in chosen.headers["set-cookie"]
        assert "samesite=lax" in chosen.headers["set-cookie"].lower()
        assert visitor.cookies[PERSON] == "quality"
        assert visitor.get(chosen.headers["location"]).status_code == 200

    def test_begins_by_choosing(self, visitor: Visitor) -> None:
        assert visitor.get("/").headers["location"] == "/person"
        assert visitor.is_("owner").get("/").headers["location"] == "/tasks"

    def test_is_never_led_to_another_site(self, visitor: Visitor) -> None:
        for elsewhere in (
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "http:evil",
        ):
            answer = visitor.post("/person", {"person": "owner", "next": elsewhere})
            assert answer.headers["location"] == "/"
            answer = visitor.post("/language", {"language": "ru"}, Referer=elsewhere)
            assert answer.headers["location"] == "/"

    def test_cannot_be_nobody(self, visitor: Visitor) -> None:
        assert visitor.post("/person", {"person": "nobody"}).status_code == 404
        assert visitor.post("/language", {"language": "xx"}).status_code == 404


class TestLanguage:
    def test_is_chosen_and_leads_back(self, visitor: Visitor) -> None:
        visitor.is_("owner")
        answer = visitor.post("/language", {"language": "en"}, Referer="http://sapat.test/documents?q=4")
        assert answer.headers["location"] == "/documents?q=4"
        assert "Register of documents" in visitor.get("/documents").text

    def test_of_a_person_is_theirs_until_they_choose(self, visitor: Visitor) -> None:
        assert '<html lang="ru"' in visitor.is_("head").get("/tasks").text


class TestWhatIsNotThere:
    def test_is_a_page_that_says_what_to_do_next(self, visitor: Visitor) -> None:
        records = [f"/nonconformities/{new_id()}", f"/documents/{new_id()}", "/nonconformities/not-an-id"]
        for path in ["/nowhere", *records, "/mailbox/99", "/mailbox?of=nobody"]:
            page = visitor.is_("owner", "en").get(path)
            assert page.status_code == 404, path
            assert "Check the address" in words(page)
            assert 'href="/tasks"' in page.text

    def test_is_said_to_the_unknown_too(self, visitor: Visitor) -> None:
        assert visitor.get("/nowhere").status_code == 404

    def test_a_record_is_in_its_own_collection_only(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        assert visitor.is_("owner").get(f"/actions/{found}").status_code == 404

    def test_a_wrong_filter_is_refused_not_a_fault(self, visitor: Visitor) -> None:
        for query in ("owner=x", "unit=1", "after=%%%", "after=abc", "process=%00"):
            assert visitor.is_("owner").get(f"/nonconformities?{query}").status_code == 400, query


class TestLists:
    def test_are_filtered_by_declared_choices_and_by_words(self, visitor: Visitor, university: University) -> None:
        university.reported(NOW)
        visitor.is_("quality", "en")
        assert "NC-2026-002" in visitor.get("/nonconformities?nc_kind=programme&state=reported").text
        assert "NC-2026-002" not in visitor.get("/nonconformities?nc_kind=learners").text
        assert "NC-2026-002" in visitor.get("/nonconformities?q=протокол").text
        assert "Nothing is like that" in visitor.get("/nonconformities?q=кой").text

    def test_go_on_by_cursor_and_keep_their_filters(self, visitor: Visitor, university: University) -> None:
        for _ in range(52):
            university.reported(NOW)
        first = visitor.is_("quality").get("/nonconformities?state=reported")
        onward = next(line for line in first.text.split('href="') if 'rel="next"' in line[:600]).partition('"')[0]
        second = visitor.get(onward.replace("&amp;", "&"))
        assert "state=reported" in onward
        assert second.text.count('role="rowheader"') == 2

    def test_the_register_finds_what_is_typed_on_a_russian_keyboard(self, visitor: Visitor) -> None:
        assert TITLE in visitor.is_("owner").get("/documents?q=тузотуучу").text


class TestMail:
    def test_is_shown_in_a_frame_that_can_do_nothing(self, visitor: Visitor) -> None:
        page = visitor.is_("owner").get("/mailbox/1")
        assert '<iframe sandbox src="/mailbox/1/html"' in page.text
        assert "alert(1)" not in page.text
        frame = visitor.get("/mailbox/1/html")
        policy = frame.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "frame-ancestors 'self'" in policy

    def test_is_nowhere_where_mails_go_out(self, university: University) -> None:
        visitor = Visitor(application(university.database, NOW, smtp_url="smtp://127.0.0.1:1"))
        assert visitor.is_("owner").get("/mailbox").status_code == 404


class TestTheSite:
    def test_static_files_are_kept_for_good_under_their_version(self, visitor: Visitor) -> None:
        page = visitor.is_("owner").get("/tasks").text
        address = page.partition('href="/static/sapat.css')[2].partition('"')[0]
        assert "immutable" in visitor.get(f"/static/sapat.css{address}").headers["cache-control"]
        plain = visitor.get("/static/icons.svg")
        assert plain.headers["cache-control"] == "no-cache"
        assert visitor.get("/static/icons.svg", If_None_Match=plain.headers["etag"]).status_code == 304

    def test_a_form_sent_from_another_site_is_refused(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        visitor.is_("quality")
        path, before = f"/nonconformities/{found}/moves/reject", university.state(found)
        answer = visitor.post(path, {"version": "1", "reason": "x"}, **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        answer = visitor.post(path, {"version": "1"}, **{"Sec-Fetch-Site": "", "Origin": "https://evil.example"})
        assert answer.status_code == 403
        assert university.state(found) == before

    def test_the_design_is_for_those_who_develop(self, visitor: Visitor, university: University) -> None:
        assert visitor.get("/design").status_code == 404
        assert Visitor(application(university.database, NOW, development=True)).get("/design").status_code == 200

    def test_says_that_it_is_well(self, visitor: Visitor) -> None:
        assert visitor.get("/healthz").text == "ok"
