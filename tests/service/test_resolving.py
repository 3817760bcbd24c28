"""What people name by a code is there, of the right kind, and still in use."""

from functools import partial
from typing import Any

import sqlalchemy as sa

from models import tables as t
from states.refusals import Incomplete
from tests.service.test_parts import refuses
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DAY = NOW.date()
AUDIT = {"title": "x", "planned_on": DAY, "criteria": "x"}
REPORT = {"title": "x", "found": "x", "nc_kind": "programme", "source": "monitoring", "found_on": DAY}


def errors(university: University, kind: str, who: str, **told: Any) -> list[str]:
    """The fields with which nothing could be opened."""
    refusal = refuses(university, Incomplete, partial(university.open, kind, who, NOW, None, **told))
    assert isinstance(refusal, Incomplete)
    return sorted(refusal.errors)


class TestACode:
    def test_that_nobody_has_is_refused_field_by_field(self, university: University) -> None:
        wrong = {"unit": "NOWHERE", "process": "9.9", "requirement_document": "ЖОК 1", "clause": "2015/99"}
        assert errors(university, "nonconformity", "reader", **REPORT, **wrong) == sorted(wrong)
        wrong = {"unit": "nowhere", "lead_auditor": "nobody", "auditors": ["reader", "nobody"]}  # type: ignore[dict-item]  # a list among words
        assert errors(university, "audit", "quality", **AUDIT, **wrong) == sorted(wrong)

    def test_is_no_identifier_and_no_name(self, university: University) -> None:
        for said in (str(university.people["reader"]), "Okurman Okurov", "READER"):
            wrong = {"unit": "DEPARTMENT", "lead_auditor": said}
            assert errors(university, "audit", "quality", **AUDIT, **wrong) == ["lead_auditor"]

    def test_of_another_kind_is_refused(self, university: University) -> None:
        assert errors(university, "nonconformity", "reader", **REPORT, unit="reader") == ["unit"]
        assert errors(university, "nonconformity", "reader", **REPORT, clause="1/M1") == ["clause"]

    def test_is_cleaned_wherever_it_stands(self, university: University) -> None:
        audit = {**AUDIT, "unit": " DEPARTMENT\x00", "lead_auditor": "auditor", "auditors": ["reader\x00", "\ud800"]}
        university.open("audit", "quality", NOW, None, **audit)
        assert university.one(t.audit)["auditors"] == [university.people["reader"].hex]


class TestWhatIsNoLongerInUse:
    def test_a_post_is_given_no_work(self, university: University) -> None:
        found = university.reported(NOW)
        university.change(sa.update(t.post).where(t.post.c.code == "librarian").values(closed_on=DAY))
        given = {"severity": "minor", "owner_post": "librarian"}
        refuses(university, Incomplete, partial(university.go, found, "register", "quality", NOW, **given))

    def test_a_unit_has_nothing_reported_of_it(self, university: University) -> None:
        university.change(sa.update(t.unit).where(t.unit.c.code == "LIBRARY").values(closed_on=DAY))
        assert errors(university, "nonconformity", "reader", **REPORT, unit="LIBRARY") == ["unit"]

    def test_stays_where_it_stands_already(self, university: University) -> None:
        found = university.open("nonconformity", "reader", NOW, None, **REPORT, unit="LIBRARY")
        assess = {"severity": "minor", "owner_post": "owner"}
        university.go(found, "register", "quality", NOW, **assess)
        university.change(sa.update(t.post).where(t.post.c.code.in_(("owner", "librarian"))).values(closed_on=DAY))
        change = partial(university.go, found, "reassign", "quality", NOW, reason="x")
        refuses(university, Incomplete, partial(change, owner_post="librarian"))
        change(owner_post="owner")

    def test_a_person_who_has_left_audits_nothing(self, university: University) -> None:
        university.vacate("auditor", DAY)
        wrong = {"unit": "DEPARTMENT", "lead_auditor": "auditor"}
        assert errors(university, "audit", "quality", **AUDIT, **wrong) == ["lead_auditor"]
