"""Behind each number of a figure stand as many records, whoever looks, in the list it leads to and in its file."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI

from models.database import Database
from service.pictures import Bars, Figure, OverTime, Pareto, Shares, Spans
from service.reading.figures import Figures, Scope
from service.web.pages.figures_drawn import Drawing
from states.registry import lifecycle
from states.working_days import today
from tests.service.simulated import NOW, simulated
from tests.service.test_figures import PERIODS
from tests.web.visitors import Visitor, application, words

__all__ = ["simulated"]  # the fixture

READERS = ["quality_specialist", "vice_rector", "chief_accountant"]


@pytest.fixture(scope="module")
def app(simulated: Database) -> Iterator[FastAPI]:
    made = application(simulated, NOW)
    yield made
    made.state.site.close()


def counted(figure: Figure) -> list[tuple[str | None, float]]:
    """Each number of a figure with the address it leads to."""
    match figure:
        case Bars() | Pareto():
            return [(bar.href, bar.value) for bar in figure.bars]
        case Spans():
            return [(one.href, one.count) for one in figure.spans]
        case Shares():
            return [(one.href, one.whole) for one in figure.shares]
        case OverTime():
            return [
                (href, value or 0) for one in figure.series for href, value in zip(one.hrefs, one.values, strict=True)
            ]
    raise TypeError(type(figure).__name__)


def in_all(visitor: Visitor, href: str) -> int:
    page = visitor.get(href)
    assert page.status_code == 200, href
    found = re.search(r"([\d\s]+) in all", words(page))
    assert found, href
    return int(re.sub(r"\s", "", found[1]))


def in_file(visitor: Visitor, path: str) -> list[list[str]]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("person", READERS)
@pytest.mark.parametrize("kind", ["nonconformity", "corrective_action"])
@pytest.mark.parametrize("period", PERIODS[:2], ids=str)
def test_each_number_leads_to_as_many_records(
    simulated: Database, app: FastAPI, person: str, kind: str, period: tuple[Any, Any]
) -> None:
    visitor = Visitor(app).is_(person, "en")
    with simulated.read() as connection:
        from service.organisation import organisation

        snapshot = organisation(connection)
        actor = snapshot.actor(next(one.id for one in snapshot.people.values() if one.code == person), today(NOW))
        drawing = Drawing(Figures(connection, actor, NOW, Scope(lifecycle(kind), *period)), "en")
        numbers = {name: counted(drawing.draw(name).figure) for name in drawing.names()}
    looked = 0
    for name, pairs in numbers.items():
        for href, number in pairs[:16]:
            assert href is not None
            assert in_all(visitor, href) == number, (name, href)
            looked += 1
    assert looked > (30 if person == "quality_specialist" else 10)


@pytest.mark.parametrize("path", ["/figures/nonconformities", "/figures/actions?since=2026-01-01&until=2026-06-30"])
class TestThePage:
    def test_has_each_figure_as_a_picture_a_table_and_files(self, app: FastAPI, path: str) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        page = visitor.get(path)
        assert page.status_code == 200
        pictures = page.text.count('<figure class="picture"')
        assert pictures >= 5
        assert page.text.count("As a table") == pictures
        for ending in ("csv", "xlsx"):
            hrefs = [unescape(one) for one in re.findall(rf'href="(/exports/figures/[^"]+\.{ending}[^"]*)"', page.text)]
            assert len(hrefs) == pictures
            assert all(visitor.get(href).status_code == 200 for href in hrefs)

    def test_says_in_the_file_what_its_table_says(self, app: FastAPI, path: str) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        page = visitor.get(path).text
        (href,) = re.findall(r'href="(/exports/figures/[a-z]+/steps\.csv[^"]*)"', page)
        steps = in_file(visitor, unescape(href))
        assert steps[0] == ["Step", "Half done within, working days", "Nine of ten within, working days", "Cases"]
        section = page[page.index('id="steps"') :]
        for step in steps[1:]:
            assert step[0] in section
        assert len(steps) > 3

    def test_leads_elsewhere_in_time(self, app: FastAPI, path: str) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        page = visitor.get(path)
        for label in ("The last twelve months", "2026", "2025", "All the time"):
            (href,) = re.findall(rf'<a href="([^"]+)">{label}</a>', page.text)
            assert visitor.get(unescape(href)).status_code == 200, label


class TestAnAddress:
    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("since=2026-05-01&until=2026-04-01", 400),
            ("since=yesterday", 400),
            ("within=nowhere", 400),
            ("campus=00000000-0000-0000-0000-000000000001", 400),
            ("since=1999-01-01", 200),
            ("until=2999-01-01", 200),
        ],
    )
    def test_that_makes_no_sense_is_refused(self, app: FastAPI, query: str, status: int) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        assert visitor.get(f"/figures/nonconformities?{query}").status_code == status
        assert visitor.get(f"/exports/figures/nonconformities/ageing.csv?{query}").status_code == status

    @pytest.mark.parametrize(
        "path",
        [
            "/figures/revisions",
            "/figures/audits",
            "/exports/figures/actions/causes.csv",
            "/exports/figures/actions/nothing.csv",
            "/exports/figures/actions/kept.pdf",
            "/exports/late.doc",
        ],
    )
    def test_of_nothing_is_nothing(self, app: FastAPI, path: str) -> None:
        assert Visitor(app).is_("quality_specialist", "en").get(path).status_code == 404

    @pytest.mark.parametrize("query", ["opened_since=May", "left=nothing", "kept=maybe", "campus=x", "first=no"])
    def test_of_a_list_that_makes_no_sense_is_refused(self, app: FastAPI, query: str) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        assert visitor.get(f"/nonconformities?{query}").status_code == 400

    def test_of_figures_leads_to_the_first_of_them(self, app: FastAPI) -> None:
        answer = Visitor(app).is_("quality_specialist", "en").get("/figures")
        assert (answer.status_code, answer.headers["location"]) == (303, "/figures/nonconformities")

    def test_of_a_narrowed_list_shows_by_what_and_takes_it_away(self, app: FastAPI) -> None:
        visitor = Visitor(app).is_("quality_specialist", "en")
        page = visitor.get("/nonconformities?opened_since=2026-01-01&cause=1/M&left=reported")
        shown = words(page)
        for told in ("Opened from: 2026-01-01", "Root cause: M ", "Step left: Reported"):
            assert told in shown
        chips = re.findall(r'<p class="active">.*?</p>', page.text, re.DOTALL)
        assert "opened_since" in chips[0]
        assert 'name="opened_since" value="2026-01-01"' in page.text  # kept when one filters on
