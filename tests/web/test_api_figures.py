"""Figures for programs are those of the page, number by number; a record says how many days it has been open."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models.database import Database
from service.organisation import organisation
from service.reading.figures import Figures, Scope
from service.web.pages.figures_drawn import Drawing
from states.registry import lifecycle
from states.working_days import today
from tests.service.simulated import NOW, simulated
from tests.service.test_figures import PERIODS
from tests.support.university import University, at
from tests.web.programs import Program, refused

__all__ = ["simulated"]  # the fixture


@pytest.fixture(scope="module")
def program(simulated: Database) -> Iterator[Program]:
    from tests.web.visitors import application

    made: FastAPI = application(simulated, NOW)
    yield Program(made)
    made.state.site.close()


def drawn(connection: sa.Connection, person: str, kind: str, told: dict[str, Any]) -> Drawing:
    """What the page draws of the same days."""
    snapshot = organisation(connection)
    who = next(one.id for one in snapshot.people.values() if one.code == person)
    since, until = (date.fromisoformat(told[name]) for name in ("since", "until"))
    scope = Scope(lifecycle(kind), since, until)
    return Drawing(Figures(connection, snapshot.actor(who, today(NOW)), NOW, scope), "en")


def numbers(rows: Sequence[Sequence[Any]], *places: int) -> list[tuple[Any, ...]]:
    return [tuple(row[place] for place in places) for row in rows]


@pytest.mark.parametrize("person", ["quality_specialist", "vice_rector", "chief_accountant"])
@pytest.mark.parametrize("kind", ["nonconformity", "corrective_action"])
@pytest.mark.parametrize("period", PERIODS[:2], ids=str)
def test_are_the_numbers_of_the_page(
    simulated: Database,
    program: Program,
    person: str,
    kind: str,
    period: tuple[Any, Any],
) -> None:
    one = lifecycle(kind)
    asked = "&".join(f"{name}={day}" for name, day in zip(("since", "until"), period, strict=True) if day)
    told = program.as_(person, Accept_Language="en").get(f"/api/figures/{one.collection}?{asked}").json()
    with simulated.read() as connection:
        drawing = drawn(connection, person, kind, told)
        shown = {name: drawing.draw(name).rows for name in drawing.names()}
    assert [one["count"] for one in told["ageing"]] == [row[1] for row in shown["ageing"]]
    months = [(m["since"][:7], m["opened"], m["closed"], m["open"]) for m in told["over_time"]]
    assert months == numbers(shown["over-time"], 0, 1, 2, 3)
    steps = [(s["median"], s["p90"], s["count"]) for s in told["steps"]]
    assert steps == numbers(shown["steps"], 1, 2, 3)
    for name, page in (("kept", "kept"), ("kept_first", "kept-first")):
        every = [(k["kept"], k["count"]) for k in told[name]]
        assert sorted(every) == sorted(numbers(shown[page][1:], 2, 3))
    if kind == "nonconformity":
        for name, page in (("causes_top", "causes-top"), ("causes", "causes")):
            assert [(c["cause"], c["count"]) for c in told[name]] == numbers(shown[page], 0, 2)
    else:
        assert told["causes"] is told["causes_top"] is None


def test_are_of_something(program: Program) -> None:
    told = program.as_("quality_specialist").get("/api/figures/nonconformities").json()
    assert sum(one["count"] for one in told["ageing"]) > 0
    assert all(told[name] for name in ("over_time", "steps", "kept", "kept_first", "causes_top", "causes"))


def test_of_what_there_is_not_are_refused(program: Program) -> None:
    asking = program.as_("quality_specialist")
    refused(asking.get("/api/figures/moons"), 404, "not-found")
    refused(asking.get("/api/figures/nonconformities?since=2026-12-01&until=2026-01-01"), 400, "malformed")
    refused(asking.get("/api/figures/nonconformities?campus=moon"), 422, "incomplete")
    refused(program.get("/api/figures/nonconformities"), 401, "signed-out")


class TestDaysOpen:
    @pytest.fixture
    def program(self, api: FastAPI) -> Program:
        return Program(api, "quality")

    def test_are_told_of_a_record_and_in_its_list(self, program: Program, university: University) -> None:
        found = university.reported(at(2026, 3, 30))
        assert program.get(f"/api/nonconformities/{found}").json()["days_open"] == 7
        (row,) = program.get("/api/nonconformities").json()["items"]
        assert row["days_open"] == 7
        university.go(found, "reject", "quality", at(2026, 4, 1), reason="Жок")
        assert program.get(f"/api/nonconformities/{found}").json()["days_open"] == 2

    def test_are_none_while_nobody_is_waited_for(self, program: Program, university: University) -> None:
        revision = university.in_force(at(2026, 3, 30))
        assert program.get(f"/api/revisions/{revision}").json()["days_open"] is None
