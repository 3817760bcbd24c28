"""The first steps of a new system: what is there is ticked, the list goes in the end, and lists say what comes next."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.reading.first_steps import first_steps
from service.web.pages.wording import heading
from states.registry import lifecycle
from tests.support.university import University, at
from tests.web.visitors import Visitor, words

NOW = at(2026, 4, 6)


def lacking(university: University, who: str = "quality") -> list[str]:
    actor = university.as_(who, NOW)
    with university.database.read() as connection:
        return [step.name for step in first_steps(connection, actor) if step.needed and not step.done]


def with_the_rest(university: University) -> None:
    """What the small university does not have: accounts and a process."""
    accounts = [{"person_id": university.people[who], "created_at": NOW} for who in ("admin", "quality")]
    process = {"id": new_id(), "code": "3.2", "name": "Китепкана", "folded": "3.2 китепкана"}
    university.change(sa.insert(t.account).values(accounts), sa.insert(t.process).values(process))


class TestTheSteps:
    def test_are_ticked_as_they_are_done_and_go_in_the_end(self, university: University) -> None:
        assert lacking(university) == lacking(university, "admin") == ["accounts", "processes"]
        with_the_rest(university)
        actor = university.as_("quality", NOW)
        with university.database.read() as connection:
            assert first_steps(connection, actor) == []

    @pytest.mark.parametrize(
        ("gone", "lacks"),
        [
            ([t.document], ["documents"]),
            ([t.document, t.route, t.document_type], ["types", "routes", "documents"]),
            ([t.route], ["routes"]),
        ],
    )
    def test_name_what_is_missing(self, university: University, gone: list[sa.Table], lacks: list[str]) -> None:
        with_the_rest(university)
        university.change(*(sa.delete(table) for table in gone))
        assert lacking(university) == lacks

    def test_a_route_through_a_council_that_is_not_there_is_none(self, university: University) -> None:
        with_the_rest(university)
        university.change(sa.update(t.body).where(t.body.c.code == "ouk").values(code="another"))
        assert lacking(university) == ["routes"]

    def test_are_nobody_elses(self, university: University) -> None:
        actor = university.as_("rector", NOW)
        with university.database.read() as connection:
            assert first_steps(connection, actor) == []


class TestThePages:
    @pytest.fixture
    def visitor(self, app: FastAPI) -> Visitor:
        return Visitor(app)

    def test_list_them_where_tasks_are_for_those_who_set_it_up(self, visitor: Visitor, university: University) -> None:
        for who in ("admin", "quality"):
            page = visitor.is_(who, "en").get("/tasks")
            assert "First steps" in words(page)
            assert "You have done all" not in words(page)
        assert 'href="/accounts"' not in page.text.split('id="first-steps"')[1].split("</ol>")[0]
        assert "First steps" not in words(visitor.is_("reader", "en").get("/tasks"))
        with_the_rest(university)
        assert "First steps" not in words(visitor.is_("quality", "en").get("/tasks"))

    def test_empty_lists_say_what_comes_next(self, visitor: Visitor, university: University) -> None:
        university.change(sa.delete(t.document), sa.delete(t.route), sa.delete(t.document_type))
        visitor.is_("quality", "en")
        text = words(visitor.get("/documents"))
        assert "There is no document yet" in text
        assert "Take a filter away" not in text
        assert "Take a filter away" in words(visitor.get("/documents?q=no"))
        assert "Enter the types of documents" in words(visitor.get("/routes"))
        assert "Enter the first one" in words(visitor.get("/processes"))

    def test_a_filter_of_a_kind_that_there_is_none_of_has_its_name(
        self, visitor: Visitor, university: University
    ) -> None:
        university.reported(at(2026, 1, 12))
        text = words(visitor.is_("quality", "en").get("/late?kind=acknowledgement"))
        assert "Kind: acknowledgement " not in text
        assert f"Kind: {heading(lifecycle('acknowledgement').plural, 'en')}" in text

    def test_the_language_chosen_stays_when_one_says_who_one_is(self, visitor: Visitor) -> None:
        visitor.is_("reader")
        assert '<html lang="ru"' in visitor.get("/tasks").text
        visitor.post("/language", {"language": "en"})
        visitor.cookies["sapat_person"] = "quality"
        assert '<html lang="en"' in visitor.get("/tasks").text
