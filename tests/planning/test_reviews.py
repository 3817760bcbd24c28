"""The plan of reviews, what a review compares, and legal acts entered by hand."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.act import Act
from service.keeping.legal_acts import correct_act, enter_act, remove_act
from service.moves import transfer
from service.organisation import CLOCK, organisation
from service.reading.legal_acts import list_acts
from service.reading.records import read_record
from service.reading.review_grounds import Grounds, grounds
from service.reading.reviews import Review, Standing, counted, reviews_in
from states.kyrgyz import fold, sort_key
from states.refusals import GuardUnmet, Incomplete, NotYours
from states.text import LANGUAGES
from tests.keeping.keeping import log
from tests.support.statements import heard
from tests.support.university import DOCUMENT, University, at
from tests.web.visitors import Visitor, application, forms, moves, words

BEGAN = at(2025, 3, 3)  # in force; to be reviewed from 3 March 2026
NOW = at(2026, 3, 10)
LATER = at(2026, 6, 1)
YEAR = 2026


def process(university: University, code: str = "4.1") -> UUID:
    row = {"id": new_id(), "code": code, "name": "Ички аудит", "folded": "ички аудит", "section": "4"}
    university.change(sa.insert(t.process).values({**row, "owner_as_given": ""}))
    return UUID(str(row["id"]))


def reviewed(university: University) -> tuple[UUID, UUID]:
    """A document of process 4.1 whose revision is in force since 3 March 2025 and under review: both identifiers."""
    of = process(university)
    university.change(sa.update(t.document).values(process_id=of))
    revision = university.in_force(BEGAN)
    university.change(sa.update(t.record).where(t.record.c.id == revision).values(process_id=of))
    university.go(revision, "open_review", "quality", NOW)
    return revision, of


def plan(
    university: University, when: datetime = NOW, year: int = YEAR, who: str = "quality", campus: UUID | None = None
) -> list[Review]:
    actor = university.as_(who, when)
    with university.database.read() as connection:
        return reviews_in(connection, actor, when, year, campus)


def compared(university: University, revision: UUID, when: datetime = NOW, who: str = "quality") -> Grounds:
    actor = university.as_(who, when)
    with university.database.read() as connection:
        return grounds(connection, read_record(connection, revision, actor, when), actor, when)


def enter(university: University, who: str = "quality", when: datetime = NOW, **said: Any) -> UUID:
    actor = university.as_(who, when)
    with university.database.write() as connection:
        return enter_act(connection, {"title": "Мыйзам", "in_force_on": "2025-09-01", **said}, actor, when)


class TestThePlan:
    def test_has_a_document_in_the_month_in_which_it_is_due(self, university: University) -> None:
        revision = university.in_force(BEGAN)
        (one,) = plan(university, at(2026, 1, 10))
        assert (one.record_id, one.code, one.day, one.month) == (revision, DOCUMENT, date(2026, 3, 3), 3)
        assert (one.standing, one.earliest, one.until) == (Standing.DUE, date(2026, 3, 3), None)
        assert plan(university, year=2025) == plan(university, year=2027) == []

    def test_says_late_once_it_should_have_been_opened(self, university: University) -> None:
        university.in_force(BEGAN)
        assert plan(university, at(2026, 3, 3))[0].standing is Standing.DUE
        assert plan(university, at(2026, 3, 4))[0].standing is Standing.LATE

    def test_says_late_of_an_open_one_once_its_task_is(self, university: University) -> None:
        revision, _ = reviewed(university)
        (task,) = university.open_tasks(revision)
        (one,) = plan(university)
        assert (one.standing, one.is_open, one.until) == (Standing.DUE, True, task["due_at"].date())
        last = task["due_at"] + timedelta(days=1)
        assert plan(university, last)[0].standing is Standing.LATE

    def test_keeps_what_was_done_and_plans_the_next_not_before_a_year(self, university: University) -> None:
        revision, _ = reviewed(university)
        university.go(revision, "reaffirm", "quality", NOW, findings="Актуалдуу")
        (done,) = plan(university)
        assert (done.standing, done.day, done.earliest) == (Standing.DONE, NOW.date(), date(2027, 3, 10))
        (ahead,) = plan(university, year=2027)
        assert (ahead.standing, ahead.day) == (Standing.DUE, date(2027, 3, 10))
        with pytest.raises(GuardUnmet):
            university.go(revision, "open_review", "quality", at(2027, 3, 9))
        university.go(revision, "open_review", "quality", at(2027, 3, 10))

    def test_of_what_was_replaced_has_only_what_was_done(self, university: University) -> None:
        revision, _ = reviewed(university)
        university.go(revision, "revise", "quality", NOW, summary="4-бөлүм")
        university.change(
            sa.update(t.revision).where(t.revision.c.record_id == revision).values(in_force=None, review_due_on=None)
        )
        assert [one.standing for one in plan(university)] == [Standing.DONE]

    def test_keeps_what_was_done_once_the_next_is_done_too(self, university: University) -> None:
        revision, _ = reviewed(university)
        university.go(revision, "reaffirm", "quality", NOW, findings="Актуалдуу")
        next_year = at(2027, 3, 15)
        university.go(revision, "open_review", "quality", next_year)
        university.go(revision, "reaffirm", "quality", next_year, findings="Актуалдуу")
        for year, day, earliest in ((2026, NOW.date(), date(2027, 3, 10)), (2027, next_year.date(), date(2028, 3, 15))):
            (done,) = plan(university, next_year, year)
            assert (done.standing, done.day, done.earliest) == (Standing.DONE, day, earliest)

    def test_has_what_was_answered_by_proposing_its_withdrawal_once_and_as_done(self, university: University) -> None:
        revision, _ = reviewed(university)
        university.go(revision, "propose_withdrawal", "quality", NOW, reason="Керексиз")
        (done,) = plan(university, LATER)
        assert (done.standing, done.day) == (Standing.DONE, NOW.date())
        university.go(revision, "keep_in_force", "rector", LATER, reason="Керек")
        assert [one.standing for one in plan(university, LATER)] == [Standing.DONE]
        assert [one.day for one in plan(university, LATER, 2027)] == [LATER.date().replace(year=2027)]

    def test_is_of_a_campus(self, university: University) -> None:
        university.in_force(BEGAN)
        assert len(plan(university, campus=university.units["UNI"])) == 1
        assert plan(university, campus=university.units["LIBRARY"]) == []

    def test_is_counted_by_process_and_month(self, university: University) -> None:
        reviewed(university)
        assert counted(plan(university)) == {("4.1", 3): {Standing.DUE: 1}}

    def test_costs_the_same_however_long_it_is(self, university: University) -> None:
        university.in_force(BEGAN)
        asked: list[int] = []
        for more in (0, 6):
            for number in range(more):
                another(university, f"УСТ 4.{20 + number}")
            statements: list[str] = []
            with heard(university.database, statements.append):
                rows = plan(university)
            asked.append(len([one for one in statements if "SELECT" in one]))
            assert len(rows) == 1 + more
        assert asked[0] == asked[1]


def another(university: University, code: str) -> None:
    row = {
        "id": new_id(),
        "campus_id": university.units["UNI"],
        "code": code,
        "title": code,
        "folded": fold(code),
        "sort_key": sort_key(code),
        "type_code": "УСТ",
        "process_group": "4",
        "is_series": False,
        "owner_post_id": university.posts["owner"],
        "given": {},
    }
    university.change(sa.insert(t.document).values(row))
    revision = university.draft(BEGAN, document=code)
    values = {"in_force": True, "in_force_on": BEGAN.date(), "review_due_on": date(2026, 3, 3)}
    university.change(
        sa.update(t.revision).where(t.revision.c.record_id == revision).values(values),
        sa.update(t.record).where(t.record.c.id == revision).values(state="effective"),
    )


class TestWhatAReviewCompares:
    def test_begins_where_it_came_into_force_or_was_reviewed(self, university: University) -> None:
        revision, _ = reviewed(university)
        assert compared(university, revision).since == BEGAN.date()
        university.go(revision, "reaffirm", "quality", NOW, findings="Актуалдуу")
        found = compared(university, revision, LATER)
        assert (found.since, found.earliest) == (NOW.date(), date(2027, 3, 10))

    def test_has_nonconformities_that_name_the_document(self, university: University) -> None:
        revision, _ = reviewed(university)
        for title, found_on, document in (
            ("Кийин", date(2025, 11, 3), DOCUMENT),
            ("Мурун, ачык", date(2025, 1, 3), DOCUMENT),
            ("Башка", date(2025, 11, 3), None),
        ):
            university.open(
                "nonconformity",
                "auditor",
                NOW,
                title=title,
                found="Табылды",
                nc_kind="programme",
                source="internal_audit",
                found_on=found_on,
                requirement_document=document,
            )
        assert [one.title for one in compared(university, revision).nonconformities] == ["Кийин", "Мурун, ачык"]
        university.change(
            sa.update(t.record).where(t.record.c.title == "Мурун, ачык").values(closed_at=NOW, state="closed")
        )
        (one,) = compared(university, revision).nonconformities
        assert (one.title, one.state, one.day, one.is_open) == ("Кийин", "reported", date(2025, 11, 3), True)

    def test_has_audits_of_its_process_and_what_they_found(self, university: University) -> None:
        revision, _ = reviewed(university)
        audit = university.open(
            "audit",
            "quality",
            at(2025, 9, 1),
            title="Кафедранын аудити",
            unit="DEPARTMENT",
            process="4.1",
            planned_on=date(2025, 10, 6),
            criteria="ISO 9001",
            lead_auditor="auditor",
        )
        row = {"record_id": audit, "no": 1, "kind": "observation", "title": "Белги", "found": "Табылды"}
        document = university.one(t.document)["id"]
        university.change(sa.insert(t.finding).values({**row, "requirement_document_id": document, "raised": False}))
        found = compared(university, revision)
        assert [(one.record_id, one.day) for one in found.audits] == [(audit, date(2025, 10, 6))]
        assert [(one.title, one.of) for one in found.findings] == [("Белги", "Кафедранын аудити")]
        university.change(sa.update(t.audit).values(planned_on=date(2025, 1, 6)))
        early = compared(university, revision)
        assert (early.audits, early.findings) == ((), ())

    def test_has_the_acts_for_it_its_process_or_all(self, university: University) -> None:
        revision, _ = reviewed(university)
        process(university, "3.1")
        enter(university, title="Бардыгы")
        enter(university, title="Процесс", process="4.1")
        enter(university, title="Башка процесс", process="3.1")
        enter(university, title="Документ", document=DOCUMENT)
        assert {one.title for one in compared(university, revision).acts} == {"Бардыгы", "Процесс", "Документ"}

    def test_has_acts_that_were_entered_late_too(self, university: University) -> None:
        revision, _ = reviewed(university)
        enter(university, title="Эски", in_force_on="2024-01-01", when=at(2024, 2, 1))
        enter(university, title="Кеч киргизилген", in_force_on="2024-01-01")
        assert [one.title for one in compared(university, revision).acts] == ["Кеч киргизилген"]

    def test_has_other_revisions_and_who_answers_for_it_now(self, university: University) -> None:
        revision, _ = reviewed(university)
        coming = university.draft(NOW)
        with university.database.write() as connection:
            act = Act(connection, organisation(connection), CLOCK, NOW)
            given = {"unit": "LIBRARY", "owner_post": "librarian"}
            transfer(act, revision, {"owner_post_id": university.posts["librarian"]}, given)
        found = compared(university, revision)
        assert [one.record_id for one in found.revisions] == [coming]
        assert [(one.day, one.given["owner_post"]) for one in found.handed] == [(NOW.date(), "librarian")]

    def test_shows_nobody_what_they_may_not_read(self, university: University) -> None:
        revision, _ = reviewed(university)
        university.open(
            "nonconformity",
            "auditor",
            NOW,
            title="Жашыруун",
            found="Табылды",
            nc_kind="programme",
            source="internal_audit",
            found_on=NOW.date(),
            requirement_document=DOCUMENT,
        )
        assert compared(university, revision).nonconformities
        assert compared(university, revision, who="reader").nonconformities == ()


class TestLegalActs:
    @pytest.mark.parametrize("who", ["owner", "rector", "admin", "reader"])
    def test_are_the_quality_specialists(self, university: University, who: str) -> None:
        kept = enter(university)
        actor = university.as_(who, NOW)
        with university.database.write() as connection:
            for attempt in (
                lambda: enter_act(connection, {"title": "x", "in_force_on": "2026-01-01"}, actor, NOW),
                lambda: correct_act(connection, kept, {"title": "x", "in_force_on": "2026-01-01"}, actor, NOW),
                lambda: remove_act(connection, kept, actor, NOW),
            ):
                with pytest.raises(NotYours):
                    attempt()
        assert len(university.rows(t.legal_act)) == 1

    def test_are_corrected_and_removed_and_the_log_keeps_what_was(self, university: University) -> None:
        kept = enter(university, number="№ 1")
        actor = university.as_("quality", NOW)
        with university.database.write() as connection:
            said = {"title": "Мыйзам", "in_force_on": "2025-10-01", "number": "№ 1"}
            assert correct_act(connection, kept, said, actor, NOW)
            assert not correct_act(connection, kept, said, actor, NOW)
        with university.database.read() as connection:
            (one,) = list_acts(connection)
        assert (one.in_force_on, one.number) == (date(2025, 10, 1), "№ 1")
        with university.database.write() as connection:
            remove_act(connection, kept, actor, NOW)
        assert university.rows(t.legal_act) == []
        (corrected,) = log(university, "legal_act.corrected")
        assert corrected["facts"]["before"] == {"in_force_on": "2025-09-01"}
        (removed,) = log(university, "legal_act.removed")
        assert removed["facts"]["before"]["title"] == "Мыйзам"

    def test_are_for_a_process_or_a_document_not_both(self, university: University) -> None:
        process(university)
        with pytest.raises(Incomplete) as refused:
            enter(university, process="4.1", document=DOCUMENT)
        assert list(refused.value.errors) == ["document"]


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


class TestThePages:
    def test_show_the_year_as_a_picture_that_leads_to_its_rows(self, visitor: Visitor, university: University) -> None:
        reviewed(university)
        for language in LANGUAGES:
            assert visitor.is_("reader", language).get("/reviews?year=2026").status_code == 200
        page = visitor.get("/reviews?year=2026")
        assert 'href="/reviews?year=2026&amp;month=3&amp;process=4.1&amp;show=due#rows"' in page.text
        assert "4.1 Ички аудит, 03.2026: planned 1" in page.text
        assert DOCUMENT in words(visitor.get("/reviews?year=2026&month=3&process=4.1"))
        assert "No review is planned or done then" in words(visitor.get("/reviews?year=2026&month=4&process=4.1"))
        assert DOCUMENT in words(visitor.get("/reviews?year=2026&show=due"))
        assert DOCUMENT not in words(visitor.get("/reviews?year=2026&show=late"))

    def test_show_as_many_late_in_the_picture_as_in_the_list(self, visitor: Visitor, university: University) -> None:
        revision, of = reviewed(university)
        university.go(revision, "reaffirm", "quality", NOW, findings="Актуалдуу")
        for number in (20, 21):
            another(university, f"УСТ 4.{number}")
        university.change(sa.update(t.document).values(process_id=of))
        page = visitor.get("/reviews?year=2026")
        shown = re.findall(r"<title>4.1 Ички аудит, 03.2026: ([^<]+)</title>", page.text)
        assert shown == ["late 2", "done 1"] * 2  # wide and narrow
        assert re.findall(r'year-number ([a-z]+)"[^>]*>(\d+)<', page.text) == [("late", "2"), ("good", "1")] * 2
        late = visitor.get("/reviews?year=2026&month=3&process=4.1&show=late")
        assert 'href="/reviews?year=2026&amp;month=3&amp;process=4.1&amp;show=late#rows"' in page.text
        assert len(re.findall(r'href="/revisions/[^"]+/review"', late.text)) == 2

    def test_refuse_what_is_no_year(self, visitor: Visitor) -> None:
        for year in ("soon", "12026", "²⁰²⁶"):
            assert visitor.get(f"/reviews?year={year}").status_code == 400, year

    def test_give_the_plan_as_a_file(self, visitor: Visitor, university: University) -> None:
        reviewed(university)
        answer = visitor.get("/exports/reviews.csv?year=2026")
        assert answer.status_code == 200
        head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert head[:3] == ["Code", "Title", "Process"]
        assert (row[0], row[2], row[6]) == (DOCUMENT, "4.1", "planned")

    def test_answer_a_review_where_it_is_compared(self, visitor: Visitor, university: University) -> None:
        revision, _ = reviewed(university)
        enter(university, title="Мыйзам жаңырды")
        assert f'href="/revisions/{revision}/review"' in visitor.get(f"/revisions/{revision}").text
        page = visitor.get(f"/revisions/{revision}/review")
        assert "Мыйзам жаңырды" in words(page)
        assert set(moves(page)) == {"reaffirm", "revise", "propose_withdrawal"}
        assert visitor.make(page, "reaffirm", findings="Салыштырылды").status_code == 303
        assert university.state(revision) == "effective"
        assert not moves(visitor.get(f"/revisions/{revision}/review"))

    def test_offer_the_answers_to_the_quality_specialist_alone(self, visitor: Visitor, university: University) -> None:
        revision, _ = reviewed(university)
        page = visitor.is_("reader", "en").get(f"/revisions/{revision}/review")
        assert page.status_code == 200
        assert not moves(page)
        assert visitor.get(f"/revisions/{new_id()}/review").status_code == 404

    def test_keep_acts(self, visitor: Visitor, university: University) -> None:
        said = {"title": "Мыйзам", "in_force_on": "2025-09-01"}
        assert visitor.post("/reviews/acts", {"title": "Мыйзам"}).status_code == 422
        assert visitor.post("/reviews/acts", said).status_code == 303
        page = visitor.get("/reviews/acts")
        (correct,) = [form for form in forms(page) if form.action.endswith("/correct")]
        assert visitor.post(correct.action, {**correct.fields, "title": "Кодекс"}).status_code == 303
        assert "Кодекс" in words(visitor.is_("reader", "en").get("/reviews/acts"))
        assert not [form for form in forms(visitor.get("/reviews/acts")) if form.action.startswith("/reviews")]
        assert visitor.post(correct.action, correct.fields).status_code == 403
        (remove,) = [form for form in forms(page) if form.action.endswith("/remove")]
        assert visitor.is_("quality", "en").post(remove.action).status_code == 303
        assert "None has been entered yet." in words(visitor.get("/reviews/acts"))
        assert visitor.post(remove.action.replace("remove", "explode")).status_code == 404
