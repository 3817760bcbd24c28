"""Routes, codes, the plan of reviews and legal acts, by programs: the same rules as on the pages."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from states.routes import usual
from tests.keeping.keeping import log
from tests.support.dump import dump
from tests.support.university import DOCUMENT, University, at
from tests.web.programs import Program, refused

NOW = at(2026, 4, 6)
BEGAN = at(2025, 3, 3)
WAY = {"stages": [{"body": "ok", "does": "approves"}], "by_order": False}
ACT = {"title": "Билим берүү жөнүндө мыйзам", "number": "179", "in_force_on": "2026-03-01"}


@pytest.fixture
def quality(program: Program) -> Program:
    return program.as_("quality", Accept_Language="en")


def submitted(university: University) -> UUID:
    revision = university.draft(NOW)
    university.go(revision, "submit", "owner", NOW)
    return revision


class TestRoutes:
    def test_are_read_by_everybody(self, program: Program) -> None:
        told = program.as_("reader", Accept_Language="en").get("/api/routes").json()
        (found,) = [one for one in told["items"] if one["code"] == "УСТ"]
        assert [(one["code"], one["does"]) for one in found["everywhere"]["stages"]] == [
            ("ouk", "endorses"),
            ("ok", "approves"),
        ]
        assert (found["everywhere"]["approver"], found["everywhere"]["by_order"]) == (None, True)
        assert found["campuses"] == []
        assert (told["next"], told["total"]) == (None, len(told["items"]))

    def test_are_changed_after_a_look_with_what_is_under_way(self, quality: Program, university: University) -> None:
        revision = submitted(university)
        before = dump(university.database)
        seen = quality.post("/api/routes/preview", {"type": "УСТ", "way": WAY}).json()
        assert dump(university.database) == before
        assert (seen["changing"], seen["beside"]) == (1, 0)
        (one,) = seen["under_way"]
        assert one["record"]["href"] == f"/api/revisions/{revision}"
        assert (one["now"]["code"], one["then"]["code"], one["changes"], one["yours"]) == ("ouk", "ok", True, True)
        told = {"type": "УСТ", "way": WAY, "seen": seen["seen"], "under_way": True, "reason": "Чечим № 4"}
        answers = [quality.post("/api/routes", told, Idempotency_Key="one") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["rerouted"] == 1
        assert answers[0].json()["items"][0]["everywhere"]["by_order"] is False
        assert university.one(t.revision, t.revision.c.record_id == revision)["route"] == ["ok"]
        (line,) = log(university, "route.set")
        assert line["facts"]["before"] == usual(("ouk", "ok")).facts

    def test_are_not_changed_where_something_moved_since(self, quality: Program, university: University) -> None:
        seen = quality.post("/api/routes/preview", {"type": "УСТ", "way": WAY}).json()["seen"]
        submitted(university)
        refused(quality.post("/api/routes", {"type": "УСТ", "way": WAY, "seen": seen}), 422, "guard-unmet")
        assert not log(university, "route.set")

    def test_of_a_campus_go_again(self, quality: Program) -> None:
        for way in (WAY, None):
            told = {"type": "УСТ", "campus": "UNI", "way": way}
            seen = quality.post("/api/routes/preview", told).json()["seen"]
            answer = quality.post("/api/routes", {**told, "seen": seen})
            assert answer.status_code == 200, answer.text
            own = answer.json()["items"][0]["campuses"]
            assert [one["campus"]["code"] for one in own] == (["UNI"] if way else [])

    def test_are_taken_from_a_set(self, quality: Program) -> None:
        seen = quality.post("/api/routes/preview", {"set": "NSU"}).json()["seen"]
        told = quality.post("/api/routes", {"set": "NSU", "seen": seen}).json()
        assert len(told["items"]) == quality.get("/api/routes").json()["total"]

    @pytest.mark.parametrize("who", ["owner", "rector", "admin", "sec_ok"])
    def test_are_changed_by_nobody_else(self, program: Program, university: University, who: str) -> None:
        asking, told = program.as_(who), {"type": "УСТ", "way": WAY}
        refused(asking.post("/api/routes/preview", told), 403, "not-yours")
        refused(asking.post("/api/routes", {**told, "seen": "0" * 32}), 403, "not-yours")
        assert not log(university, "route.set")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"way": WAY}, "type"),
            ({"type": "УСТ"}, "way"),
            ({"type": "УСТ", "way": {**WAY, "stages": []}}, "way.stages"),
            ({"type": "УСТ", "way": {**WAY, "stages": [{"body": "moon", "does": "approves"}]}}, "way.stages.1.body"),
            ({"type": "УСТ", "way": {**WAY, "stages": [{"body": "ok"}]}}, "way.stages.1.does"),
            ({"type": "УСТ", "way": {**WAY, "by_order": "yes"}}, "way.by_order"),
            ({"type": "УСТ", "way": {**WAY, "approver": "moon"}}, "way.approver"),
            ({"type": "УСТ", "way": WAY, "campus": "LIBRARY"}, "campus"),
            ({"type": "УСТ", "way": WAY, "colour": "red"}, "colour"),
            ({"type": "УСТ", "set": "NSU", "way": WAY}, "set"),
            ({"set": "Moon"}, "set"),
        ],
    )
    def test_are_refused_by_field(self, quality: Program, wrong: dict[str, Any], field: str) -> None:
        problem = refused(quality.post("/api/routes/preview", wrong), 422, "incomplete")
        assert set(problem["errors"]) == {field}

    def test_of_a_type_that_there_is_not_are_refused(self, quality: Program) -> None:
        refused(quality.post("/api/routes/preview", {"type": "ЫЫЫ", "way": WAY}), 404, "not-found")


class TestCodes:
    def test_the_next_free_one_is_proposed(self, quality: Program, program: Program) -> None:
        assert quality.get("/api/codes/next?type=УСТ&process_group=4").json() == {"code": "УСТ 4.10"}
        assert quality.get("/api/codes/next?type=УСТ").json() == {"code": None}
        refused(program.as_("reader").get("/api/codes/next?type=УСТ&process_group=4"), 403, "not-yours")
        refused(quality.get("/api/codes/next?process=moon"), 422, "incomplete")

    def test_one_is_changed_and_the_former_one_still_finds_it(self, quality: Program, program: Program) -> None:
        told = {"code": "УСТ 4.77", "reason": "Жаңы реестр"}
        answers = [quality.post(f"/api/documents/{DOCUMENT}/code", told, Idempotency_Key="one") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert (answers[0].json()["code"], answers[0].json()["formerly"]) == ("УСТ 4.77", [DOCUMENT])
        for name in ("УСТ 4.77", DOCUMENT):
            assert program.as_("reader").get(f"/api/documents/{name}").json()["code"] == "УСТ 4.77"
        (row,) = program.as_("reader").get(f"/api/documents?q={DOCUMENT}").json()["items"]
        assert row["formerly"] == [DOCUMENT]

    def test_one_that_is_taken_or_gone_is_given_to_nothing_else(self, quality: Program) -> None:
        new = {"type": "УСТ", "code": "УСТ 4.50", "title": "Жаңы", "process_group": "4"}
        assert quality.post("/api/documents", new).status_code == 201
        told = {"code": DOCUMENT, "reason": "Ката"}
        refused(quality.post("/api/documents/УСТ 4.50/code", told), 409, "duplicate")
        assert quality.post(f"/api/documents/{DOCUMENT}/code", {**told, "code": "УСТ 4.60"}).status_code == 200
        refused(quality.post("/api/documents/УСТ 4.50/code", told), 409, "duplicate")

    def test_are_changed_by_nobody_else(self, program: Program) -> None:
        told = {"code": "УСТ 4.77", "reason": "Жаңы"}
        for who in ("owner", "rector", "admin", "reader"):
            refused(program.as_(who).post(f"/api/documents/{DOCUMENT}/code", told), 403, "not-yours")
        refused(program.as_("quality").post("/api/documents/moon/code", told), 404, "not-found")
        problem = refused(
            program.as_("quality").post(f"/api/documents/{DOCUMENT}/code", {"code": " "}), 422, "incomplete"
        )
        assert set(problem["errors"]) == {"code", "reason"}


class TestReviews:
    @pytest.fixture
    def revision(self, university: University) -> UUID:
        row = {"id": new_id(), "code": "4.1", "name": "Ички аудит", "folded": "ички аудит", "section": "4"}
        university.change(sa.insert(t.process).values({**row, "owner_as_given": ""}))
        university.change(sa.update(t.document).values(process_id=row["id"]))
        revision = university.in_force(BEGAN)
        university.change(sa.update(t.record).where(t.record.c.id == revision).values(process_id=row["id"]))
        return revision

    def test_are_planned_over_the_year(self, quality: Program, revision: UUID) -> None:
        told = quality.get("/api/reviews?year=2026").json()
        (one,) = told["items"]
        assert (told["total"], told["next"]) == (1, None)
        assert one["record"]["href"] == f"/api/revisions/{revision}"
        assert (one["day"], one["standing"], one["process"], one["open"]) == ("2026-03-03", "late", "4.1", False)
        assert one["earliest"] == "2026-03-03"

    @pytest.mark.parametrize(
        ("asked", "total"),
        [
            ("month=3", 1),
            ("month=4", 0),
            ("show=late", 1),
            ("show=done", 0),
            ("process=4.1", 1),
            ("campus=UNI", 1),
            ("year=2025", 0),
        ],
    )
    def test_are_narrowed(self, quality: Program, revision: UUID, asked: str, total: int) -> None:
        assert quality.get(f"/api/reviews?{asked}").json()["total"] == total

    @pytest.mark.parametrize("asked", ["year=99999", "month=13", "month=0", "show=all", "process=9.9", "campus=moon"])
    def test_are_refused_by_field(self, quality: Program, asked: str) -> None:
        problem = refused(quality.get(f"/api/reviews?{asked}"), 422, "incomplete")
        assert set(problem["errors"]) == {asked.partition("=")[0]}

    def test_one_is_told_what_has_changed_since(
        self, quality: Program, program: Program, university: University, revision: UUID
    ) -> None:
        act = quality.post("/api/legal-acts", {**ACT, "process": "4.1"}).json()
        found = university.reported(NOW)
        document = university.one(t.document)["id"]
        named = sa.update(t.nonconformity).where(t.nonconformity.c.record_id == found)
        university.change(named.values(requirement_document_id=document))
        told = quality.get(f"/api/revisions/{revision}/review").json()
        assert (told["since"], told["review_due_on"], told["earliest"]) == ("2025-03-03", "2026-03-03", "2026-03-03")
        assert [one["id"] for one in told["legal_acts"]] == [act["id"]]
        assert [one["record"]["id"] for one in told["nonconformities"]] == [str(found)]
        assert (told["revisions"], told["audits"], told["handed"]) == ([], [], [])
        other = program.as_("librarian").get(f"/api/revisions/{revision}/review").json()
        assert other["nonconformities"] == []
        refused(quality.get("/api/revisions/moon/review"), 404, "not-found")


class TestLegalActs:
    def test_are_entered_read_corrected_and_removed(
        self, quality: Program, program: Program, university: University
    ) -> None:
        answers = [
            quality.post("/api/legal-acts", {**ACT, "document": DOCUMENT}, Idempotency_Key="a") for _ in range(2)
        ]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        act, here = answers[0].json(), answers[0].headers["location"]
        assert (act["document"], act["in_force_on"], act["process"]) == (DOCUMENT, "2026-03-01", None)
        reader = program.as_("reader")
        assert reader.get(here).json()["title"] == ACT["title"]
        assert reader.get("/api/legal-acts").json()["items"] == [reader.get(here).json()]
        corrected = quality.send("PUT", here, {}, json={**ACT, "says": "4-берене"})
        assert corrected.status_code == 200
        assert (corrected.json()["says"], corrected.json()["document"]) == ("4-берене", None)
        assert quality.send("DELETE", here, {}).status_code == 204
        refused(quality.get(here), 404, "not-found")
        refused(quality.send("DELETE", here, {}), 404, "not-found")
        refused(quality.send("PUT", here, {}, json=ACT), 404, "not-found")
        assert [line["kind"].partition(".")[2] for line in log(university) if line["kind"].startswith("legal_act")] == [
            "entered",
            "corrected",
            "removed",
        ]

    def test_are_entered_by_nobody_else(self, program: Program, university: University) -> None:
        here = program.as_("quality").post("/api/legal-acts", ACT).headers["location"]
        for who in ("owner", "rector", "admin", "reader"):
            asking = program.as_(who)
            refused(asking.post("/api/legal-acts", ACT), 403, "not-yours")
            refused(asking.send("PUT", here, {}, json=ACT), 403, "not-yours")
            refused(asking.send("DELETE", here, {}), 403, "not-yours")
        assert len(university.rows(t.legal_act)) == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"in_force_on": "soon"}, "in_force_on"),
            ({"process": "9.9"}, "process"),
            ({"document": "moon"}, "document"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_are_refused_by_field(self, quality: Program, wrong: dict[str, Any], field: str) -> None:
        problem = refused(quality.post("/api/legal-acts", {**ACT, **wrong}), 422, "incomplete")
        assert set(problem["errors"]) == {field}
