"""My tasks as a page: many can be narrowed without a script, and the address remembers how."""

import pytest
from fastapi import FastAPI

from models import tables as t
from tests.service.test_tasks_asked import MONDAY
from tests.support.university import University
from tests.web.visitors import Visitor, application, forms, words


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, MONDAY)


def filters(visitor: Visitor, path: str) -> dict[str, str]:
    """What the form over the tasks asks for now; nothing where there is none."""
    found = [form for form in forms(visitor.get(path)) if form.action == "/tasks"]
    assert all(form.method == "get" for form in found)
    return found[0].fields if found else {}


class TestFewTasks:
    def test_need_no_filter(self, app: FastAPI, university: University) -> None:
        university.reported(MONDAY)
        assert filters(Visitor(app).is_("quality", "en"), "/tasks") == {}


class TestManyTasks:
    def test_are_narrowed_by_what_the_address_says(self, app: FastAPI, university: University) -> None:
        for _ in range(8):
            university.reported(MONDAY)
        visitor = Visitor(app).is_("quality", "en")
        # One kind only, and nobody they stand in for: neither is asked.
        assert set(filters(visitor, "/tasks")) == {"q", "when"}
        code = university.rows(t.record, t.record.c.kind == "nonconformity")[0]["code"]
        path = f"/tasks?q={code}&when=week&kind=nonconformity"
        assert filters(visitor, path)["q"] == code
        page = words(visitor.get(path))
        assert page.count("Assess: register or reject") == 1
        assert "Due: Still this week" in page
        nothing = words(visitor.get("/tasks?when=late"))
        assert "Nothing is like that" in nothing
        assert "Nothing waits for you" not in nothing

    @pytest.mark.parametrize("asked", ["kind=dragon", "when=never", "whose=nobody"])
    def test_are_not_asked_for_what_there_is_not(self, app: FastAPI, asked: str) -> None:
        assert Visitor(app).is_("quality").get(f"/tasks?{asked}").status_code == 400
