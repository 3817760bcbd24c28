"""Whom documents concern, who has read them, and copies on paper, by programs."""

from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from tests.readings.asking import asked, given_out, lay_down
from tests.support.university import DOCUMENT, University, at
from tests.web.programs import Program, refused

DAY = at(2026, 4, 6)


@pytest.fixture
def quality(program: Program) -> Program:
    return program.as_("quality", Accept_Language="en")


def given_to_the_library(university: University) -> UUID:
    lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
    lay_down(university, of="УСТ", post_id=university.posts["head"])
    return given_out(university, DAY)


class TestTheDistribution:
    def test_is_laid_down_listed_and_taken_away(self, quality: Program, university: University) -> None:
        told = {"type": "УСТ", "unit": "LIBRARY"}
        answers = [quality.post("/api/distribution", told, Idempotency_Key="one") for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        of_type = answers[0].json()
        of_document = quality.post("/api/distribution", {"document": DOCUMENT, "person": "reader"}).json()
        assert (of_type["type"], of_type["unit"]["code"], of_type["document"]) == ("УСТ", "LIBRARY", None)
        assert (of_document["document"]["code"], of_document["person"]["code"]) == (DOCUMENT, "reader")
        pages = list(quality.pages("/api/distribution", 1))
        assert [page[0]["id"] for page in pages] == [of_type["id"], of_document["id"]]
        assert quality.get("/api/distribution?type=УСТ").json()["items"] == [of_type]
        assert quality.get(f"/api/distribution?document={DOCUMENT}").json()["items"] == [of_document]
        assert quality.send("DELETE", f"/api/distribution/{of_type['id']}", {}).status_code == 204
        refused(quality.send("DELETE", f"/api/distribution/{of_type['id']}", {}), 404, "not-found")
        assert len(university.rows(t.distribution)) == 1

    def test_says_how_many_people_that_is(self, quality: Program, university: University) -> None:
        where = f"/api/distribution/reach?document={DOCUMENT}"
        assert quality.get(where).json()["by"] == "usual"
        quality.post("/api/distribution", {"type": "УСТ", "unit": "LIBRARY"})
        assert (quality.get(where).json()["by"], quality.get(where).json()["people"]) == ("type", 2)
        quality.post("/api/distribution", {"document": DOCUMENT, "person": "reader"})
        told = quality.get(where).json()
        assert (told["by"], told["people"], [one["person"]["code"] for one in told["rules"]]) == (
            "document",
            1,
            ["reader"],
        )
        # The only document of the type has rows of its own.
        assert quality.get("/api/distribution/reach?type=УСТ").json()["people"] == 0

    def test_asks_those_whom_it_concerns_now(self, quality: Program, university: University) -> None:
        revision = given_out(university, DAY)
        assert "reader" not in asked(university, revision)
        quality.post("/api/distribution", {"document": DOCUMENT, "person": "reader"})
        row = university.one(t.controlled_file, t.controlled_file.c.record_id == revision)
        assert row["distributed_at"] is None

    @pytest.mark.parametrize("who", ["owner", "rector", "admin", "reader"])
    def test_is_kept_by_nobody_else(self, program: Program, university: University, who: str) -> None:
        lay_down(university, of="УСТ", everybody=True)
        rule = university.one(t.distribution)["id"]
        asking = program.as_(who)
        refused(asking.get("/api/distribution"), 403, "not-yours")
        refused(asking.get("/api/distribution/reach?type=УСТ"), 403, "not-yours")
        refused(asking.post("/api/distribution", {"type": "УСТ", "unit": "LIBRARY"}), 403, "not-yours")
        refused(asking.send("DELETE", f"/api/distribution/{rule}", {}), 403, "not-yours")
        refused(asking.send("DELETE", f"/api/distribution/{new_id()}", {}), 403, "not-yours")
        assert len(university.rows(t.distribution)) == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"unit": "LIBRARY"}, "type"),
            ({"type": "УСТ", "document": DOCUMENT, "unit": "LIBRARY"}, "document"),
            ({"type": "УСТ"}, "unit"),
            ({"type": "УСТ", "everybody": True, "unit": "LIBRARY"}, "everybody"),
            ({"type": "УСТ", "unit": "moon"}, "unit"),
            ({"type": "УСТ", "everybody": "yes"}, "everybody"),
        ],
    )
    def test_is_refused_by_field(self, quality: Program, wrong: dict[str, Any], field: str) -> None:
        problem = refused(quality.post("/api/distribution", wrong), 422, "incomplete")
        assert set(problem["errors"]) == {field}

    def test_of_what_there_is_not_is_refused(self, quality: Program) -> None:
        refused(quality.post("/api/distribution", {"type": "ЫЫЫ", "everybody": True}), 404, "not-found")
        refused(quality.post("/api/distribution", {"document": "ЫЫЫ", "everybody": True}), 404, "not-found")
        quality.post("/api/distribution", {"type": "УСТ", "everybody": True})
        refused(quality.post("/api/distribution", {"type": "УСТ", "everybody": True}), 422, "guard-unmet")


class TestReadings:
    def test_tell_who_has_read_it_and_who_has_not(self, quality: Program, university: University) -> None:
        revision = given_to_the_library(university)
        rows = asked(university, revision)
        university.go(rows["reader"]["id"], "acknowledge", "reader", DAY)
        here = f"/api/revisions/{revision}/readings"
        told = quality.get(here).json()
        assert {one["reader"]["code"]: one["state"] for one in told["items"]} == {
            "reader": "read",
            "librarian": "to_read",
            "head": "to_read",
        }
        read = next(one for one in told["items"] if one["reader"]["code"] == "reader")
        assert (read["read_at"], read["due_at"], read["late"]) == (DAY.astimezone(UTC).isoformat(), None, False)
        assert read["href"] == f"/api/acknowledgements/{rows['reader']['id']}"
        units = quality.get(f"{here}/units").json()["items"]
        counted = {one["unit"]["code"]: (one["read"], one["to_read"]) for one in units}
        assert counted == {"LIBRARY": (1, 1), "DEPARTMENT": (0, 1)}
        assert quality.get(f"{here}?unit=DEPARTMENT").json()["total"] == 1
        assert [one["id"] for page in quality.pages(here, 1) for one in page] == [one["id"] for one in told["items"]]
        code = university.record(revision)["code"]
        assert quality.get(f"/api/revisions/{code}/readings").json() == told

    def test_tell_each_what_they_may_know(self, program: Program, university: University) -> None:
        revision = given_to_the_library(university)
        here = f"/api/revisions/{revision}/readings"
        told = program.as_("reader").get(here).json()
        assert {one["reader"]["code"] for one in told["items"]} == {"reader", "librarian"}  # of their unit
        assert sum(one["to_read"] for one in program.as_("reader").get(f"{here}/units").json()["items"]) == 2
        refused(program.as_("reader").get("/api/revisions/moon/readings"), 404, "not-found")
        draft = university.draft(DAY)
        refused(program.as_("reader").get(f"/api/revisions/{draft}/readings"), 404, "not-found")
        found = university.reported(DAY)
        refused(program.as_("quality").get(f"/api/revisions/{found}/readings"), 404, "not-found")

    def test_one_signs_ones_own(self, program: Program, university: University) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        here, reader = f"/api/acknowledgements/{row['id']}", program.as_("reader")
        (offer,) = [one for one in reader.get(here).json()["moves"] if one["name"] == "acknowledge"]
        told = {"move": "acknowledge", "signature": {"content": offer["signs"]["content"]}}
        assert reader.post(f"{here}/moves", told).json()["state"] == "read"

    def test_nobody_signs_for_somebody_and_no_deputy_is_offered_it(
        self, program: Program, university: University
    ) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        who = {"person_id": university.people["reader"], "deputy_id": university.people["auditor"]}
        days = {"since": DAY.date(), "until": DAY.date() + timedelta(days=9)}
        university.change(sa.insert(t.absence).values(id=new_id(), **who, **days, entered_at=DAY))
        here, deputy = f"/api/acknowledgements/{row['id']}", program.as_("auditor")
        assert deputy.get(here).json()["moves"] == []
        refused(deputy.move(here, "acknowledge"), 403, "not-yours")
        assert university.state(row["id"]) == "to_read"


class TestPrintedCopies:
    def test_are_registered_listed_by_document_and_recalled(self, quality: Program, university: University) -> None:
        university.in_force(DAY)
        told = {"document": DOCUMENT, "owner_post": "librarian", "kept_at": "204-кабинет"}
        made = quality.post("/api/printed-copies", told)
        assert made.status_code == 201, made.text
        here = made.json()["links"]["self"]
        assert quality.get(here).json()["fields"]["number"] == 1
        assert quality.get(f"/api/printed-copies?document={DOCUMENT}&open=true").json()["total"] == 1
        assert quality.move(here, "recall").json()["state"] == "recalled"
