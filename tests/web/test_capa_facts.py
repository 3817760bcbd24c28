"""What is known of a nonconformity and of an action: all of it, with links for those who may follow them."""

import re

import pytest
from fastapi import FastAPI

from models import tables as t
from tests.support.university import DOCUMENT, University, at
from tests.web.capa import NOW, analysed, audit, section
from tests.web.visitors import Visitor, application, words


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, at(2026, 4, 16))


class TestLinkedRecords:
    def test_are_links_for_those_alone_who_may_read_them(self, visitor: Visitor, university: University) -> None:
        told = {"found": "Жок", "nc_kind": "programme", "source": "monitoring", "found_on": "2026-04-05"}
        other = university.open("nonconformity", "reader", NOW, None, **told, title="Сырдуу аталыш", unit="LIBRARY")
        code = university.record(other)["code"]
        found = analysed(university, "Тартип жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/M1")
        university.go(
            found, "record_causes", "owner", NOW, similar_checked="found", similar="Китепканада", similar_records=[code]
        )
        page = visitor.is_("quality", "en").get(f"/nonconformities/{found}")
        assert f'<a href="/nonconformities/{other}">{code} Сырдуу аталыш</a>' in section(page, "known")
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        assert code in section(page, "known")
        assert str(other) not in page.text
        assert "Сырдуу аталыш" not in page.text

    def test_name_the_audit_it_came_from(self, visitor: Visitor, university: University) -> None:
        record = audit(university)
        university.go(record, "begin", "auditor", NOW)
        told = {"title": "Журнал жок", "found": "Табылган жок", "requirement_document": DOCUMENT, "clause": "7.5"}
        university.go(record, "add_finding", "auditor", NOW, kind="nonconformity", nc_kind="programme", **told)
        university.go(record, "raise_nonconformity", "auditor", NOW, finding=1)
        found = university.one(t.record, t.record.c.kind == "nonconformity")["id"]
        shown = section(visitor.is_("quality", "en").get(f"/nonconformities/{found}"), "known")
        assert f'<a href="/audits/{record}">IA-2026-001 Кафедранын аудити</a>' in shown
        assert f'<a href="/documents/{university.one(t.document)["id"]}">{DOCUMENT}' in shown
        assert "7.5 7.5 (en)" in shown
        assert "2015" in shown


class TestCountsAndDays:
    def test_of_a_nonconformity(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "analyse_again", "quality", NOW, reason="Толук эмес")
        shown = words(visitor.is_("owner", "en").get(f"/nonconformities/{found}"))
        assert "Days open 10" in shown
        assert "Sent back to the causes 1 time" in shown

    def test_stop_when_it_is_closed(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        university.go(found, "reject", "quality", at(2026, 4, 9), reason="Негизсиз")
        assert "Days open 3" in words(visitor.is_("quality", "en").get(f"/nonconformities/{found}"))

    def test_are_not_counted_of_what_rests(self, visitor: Visitor, university: University) -> None:
        revision = university.in_force(NOW)
        assert "Days open" not in words(visitor.is_("quality", "en").get(f"/revisions/{revision}"))

    def test_of_an_action_that_was_extended(self, visitor: Visitor, university: University) -> None:
        _, action = university.under_way(NOW, at(2026, 5, 1).date())
        asked = {"new_due_on": at(2026, 6, 1).date(), "reason": "Кечикти"}
        university.go(action, "request_extension", "owner", NOW, **asked)
        shown = words(visitor.is_("owner", "en").get(f"/actions/{action}"))
        assert "New due date asked for 1 Jun 2026" in shown
        assert "Why an extension was asked for Кечикти" in shown
        assert "until 9 April 2026" in shown, "the decision is waited for now, not the work"
        university.go(action, "grant_extension", "vice", NOW)
        shown = words(visitor.is_("owner", "en").get(f"/actions/{action}"))
        assert "Due date 1 Jun 2026 (at first 1 May 2026)" in shown
        assert "Extended 1 time" in shown
        assert "New due date asked for" not in shown

    def test_say_who_carried_it_out(self, visitor: Visitor, university: University) -> None:
        _, action = university.under_way(NOW, at(2026, 5, 1).date())
        university.go(action, "implement", "owner", NOW, evidence="Бар", implemented_on=NOW.date())
        shown = words(visitor.is_("quality", "en").get(f"/actions/{action}"))
        assert "Carried out by Omur Jazuuchu" in shown


class TestAConcession:
    def test_is_told_with_its_authority(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "concede", "vice", NOW, concession="Семестрдин аягына чейин")
        shown = words(visitor.is_("owner", "en").get(f"/nonconformities/{found}"))
        assert "What is conceded Семестрдин аягына чейин" in shown
        assert re.search(r"Conceded by Jyldyz Okueva vice \(post\), \S+", shown)
