"""What the engine makes of a lifecycle that nobody has heard of: run by test_audits_engine.py, in its own process."""

from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import SQLModel

from models import tables as t
from notifications.message import Letter
from service.letters import write_letters
from service.policies.keeping import make_policy
from service.reading.catalogues import read_catalogue
from service.sweep import sweep
from states.refusals import Duties, NotYours
from states.registry import lifecycle
from states.text import LANGUAGES
from tests.support.chain import assert_whole
from tests.support.post import HEAD
from tests.support.university import University, at
from tests.web.programs import Program
from tests.web.throwaway.plugin import TABLES
from tests.web.visitors import Visitor, application, moves, words

NOW = at(2026, 4, 6)
VISIT = {"title": "Педагогика", "planned_on": "2026-04-08", "unit": "LIBRARY", "visitor": "auditor"}


@pytest.fixture
def university(university: University) -> University:
    """With its tables: what a migration would do."""
    tables = [SQLModel.metadata.tables[name] for name in TABLES]
    SQLModel.metadata.create_all(university.database.engine, tables=tables)
    return university


@pytest.fixture
def visit(university: University, app: FastAPI) -> UUID:
    return university.open("lesson_visit", "quality", NOW, None, **VISIT)


class TestItsPages:
    def test_take_it_from_its_form_to_its_end(self, university: University, app: FastAPI) -> None:
        visitor = Visitor(app).is_("quality", "en")
        assert "Lesson visits" in words(visitor.get("/tasks"))
        assert "Who visits" in words(visitor.get("/lesson-visits/new"))
        page = visitor.get(visitor.post("/lesson-visits/new", VISIT).headers["location"])
        record = university.one(t.record)
        assert (record["kind"], record["code"]) == ("lesson_visit", "LV-2026-001")
        visitor.is_("auditor", "ru")
        page = visitor.get(f"/lesson-visits/{record['id']}")
        assert {"hold", "add_remark"} <= set(moves(page))
        visitor.make(page, "add_remark", sort="wish", words="Көбүрөөк мисал", clause="7.5")
        page = visitor.get(f"/lesson-visits/{record['id']}")
        assert "Көбүрөөк мисал" in words(page)
        answer = visitor.make(page, "advise")
        assert answer.status_code == 303
        page = visitor.get(f"/lesson-visits/{record['id']}")
        assert "LA-2026-001" in words(page)
        visitor.make(page, "hold", held_on="2026-04-06")
        visitor.is_("quality", "ky")
        page = visitor.get(f"/lesson-visits/{record['id']}")
        visitor.make(page, "sum_up", summary="Жакшы")
        assert university.state(record["id"]) == "summed_up"
        assert "Жакшы" in words(visitor.get(f"/lesson-visits/{record['id']}"))

    def test_show_it_in_each_language_with_its_picture(self, visit: UUID, app: FastAPI) -> None:
        names = {"ky": "сабакка катышуу", "ru": "посещение занятия", "en": "lesson visit"}
        for language in LANGUAGES:
            page = Visitor(app).is_("quality", language).get(f"/lesson-visits/{visit}")
            assert page.status_code == 200
            assert names[language] in words(page).lower()
            assert 'data-state="planned"' in page.text
            assert "lifecycle-state waiting current" in page.text

    def test_count_it_wherever_records_are_counted(self, visit: UUID, university: University, tmp_path: Path) -> None:
        later = application(university.database, at(2026, 4, 20), home=tmp_path)
        visitor = Visitor(later).is_("quality", "en")
        for path in ("/late", "/lesson-visits?show=late", "/tasks"):
            assert visitor.get(path).status_code == 200, path
        assert "Педагогика" in words(visitor.get("/late"))
        assert "Педагогика" in words(visitor.is_("auditor", "en").get("/tasks"))
        later.state.site.close()

    def test_say_what_of_a_part_may_not_be_done_now(self, visit: UUID, university: University, app: FastAPI) -> None:
        university.go(visit, "add_remark", "auditor", NOW, sort="strength", words="Жакшы")
        visitor = Visitor(app).is_("auditor", "en")
        assert "advise" not in moves(visitor.get(f"/lesson-visits/{visit}"))
        refused = visitor.post(f"/lesson-visits/{visit}/moves/advise", {"version": "2", "remark": "1"})
        assert refused.status_code == 422
        assert not university.rows(t.record, t.record.c.kind == "lesson_advice")


class TestItsApi:
    def test_opens_lists_reads_moves_and_describes_it(self, app: FastAPI, university: University) -> None:
        program = Program(app, "quality")
        opened = program.post("/api/lesson-visits", VISIT)
        assert opened.status_code == 201, opened.text
        where = f"/api/lesson-visits/{opened.json()['code']}"
        assert program.get("/api/lesson-visits?state=planned").json()["total"] == 1
        auditor = Program(app, "auditor")
        assert auditor.move(where, "add_remark", {"sort": "wish", "words": "Мисал"}).status_code == 200
        assert auditor.move(where, "advise", {"remark": 1}).status_code == 200
        told = auditor.get(where).json()
        assert {one["name"] for one in told["moves"]} >= {"hold", "add_remark"}
        assert program.get("/api/lifecycles/lesson_visit").status_code == 200
        described = program.get("/api/openapi.json").json()["paths"]
        assert "/api/lesson-visits/{record}/moves" in described
        assert program.get(f"/api/lesson-advices?parent={opened.json()['code']}").json()["total"] == 1


class TestItsPermissions:
    def test_are_those_of_its_declaration(self, visit: UUID, university: University, app: FastAPI) -> None:
        for who, status in (("auditor", 200), ("librarian", 200), ("quality", 200), ("owner", 404), ("sec_ok", 404)):
            assert Visitor(app).is_(who).get(f"/lesson-visits/{visit}").status_code == status, who
        with pytest.raises(NotYours):
            university.go(visit, "hold", "quality", NOW, held_on="2026-04-06")
        own = university.open("lesson_visit", "quality", NOW, None, **{**VISIT, "visitor": "quality"})
        university.go(own, "hold", "quality", NOW, held_on="2026-04-06")
        with pytest.raises(Duties):
            university.go(own, "sum_up", "quality", NOW, summary="Өзүм")
        assert [task["holder_post_id"] for task in university.open_tasks(own)] == [university.posts["vice"]]

    def test_are_explained(self, visit: UUID, app: FastAPI) -> None:
        visitor = Visitor(app).is_("quality", "en")
        for path in ("/permissions?act=lesson_visit.hold", f"/permissions?act=lesson_visit.hold&record={visit}"):
            page = visitor.get(path)
            assert page.status_code == 200, words(page)
        assert "Teksher Auditorov" in words(page)


class TestItsTasksAndReminders:
    def test_are_the_named_persons_and_climb_the_ladder(self, visit: UUID, university: University) -> None:
        (task,) = university.open_tasks(visit)
        assert task["holder_person_id"] == university.people["auditor"]
        for day in (8, 9, 13, 15, 22):
            sweep(university.database, at(2026, 4, day, 12))
        notices = university.rows(t.notice, t.notice.c.record_id == visit, t.notice.c.rung.is_not(None))
        assert {university.who(one["reader_id"]) for one in notices} >= {"auditor", "quality", "vice"}
        with university.database.read() as connection:
            rows = connection.execute(sa.select(t.notice).where(t.notice.c.record_id == visit)).all()
            letters = write_letters(connection, rows, HEAD, at(2026, 4, 22, 12))
        assert letters
        assert all(isinstance(letter, Letter) for letter in letters.values())

    def test_follow_a_policy(self, university: University, app: FastAPI) -> None:
        given = {"lifecycle": "lesson_visit", "step": "held", "effective_from": NOW.date(), "days": 1, "reason": "Тез"}
        actor = university.as_("quality", NOW)
        with university.database.write() as connection:
            make_policy(connection, given, actor, NOW)
        record = university.open("lesson_visit", "quality", NOW, None, **VISIT)
        university.go(record, "hold", "auditor", NOW, held_on="2026-04-06")
        (task,) = university.open_tasks(record)
        assert task["due_at"] < at(2026, 4, 8)
        assert Visitor(app).is_("quality").get("/policies").status_code == 200


class TestItsHistory:
    def test_is_whole_and_verified_and_its_entries_are_counted(self, visit: UUID, university: University) -> None:
        university.go(visit, "add_remark", "auditor", NOW, sort="wish", words="Мисал", clause="7.5")
        university.go(visit, "advise", "auditor", NOW, remark=1)
        university.go(visit, "hold", "auditor", NOW, held_on="2026-04-06")
        university.go(visit, "sum_up", "quality", NOW, summary="Жакшы")
        assert_whole(university, visit)
        actor = university.as_("quality", NOW)
        with university.database.read() as connection:
            rows = read_catalogue(connection, "clause", actor, NOW)
        assert {row.code: row.uses for row in rows}["7.5"] == 1

    def test_of_what_follows_names_its_cause(self, visit: UUID, university: University) -> None:
        university.go(visit, "add_remark", "auditor", NOW, sort="wish", words="Мисал")
        university.go(visit, "advise", "auditor", NOW, remark=1)
        advice = university.one(t.record, t.record.c.kind == "lesson_advice")
        assert (advice["parent_id"], advice["title"]) == (visit, "Мисал")
        assert university.history(advice["id"])[0]["cause_id"] == university.history(visit)[-1]["id"]
        university.go(advice["id"], "follow", "librarian", NOW, how="Мисал кошулду")
        assert university.state(advice["id"]) == "followed"

    def test_is_drawn(self) -> None:
        from states.drawing import mermaid, svg

        one = lifecycle("lesson-visits")
        assert "planned" in mermaid(one, "en")
        assert "<svg" in svg(one, "ky")
