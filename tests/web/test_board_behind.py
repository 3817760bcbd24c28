"""Behind each number of each figure stand exactly the records that one finds by hand; its file as CSV and XLSX."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from python_calamine import CalamineWorkbook

from models import tables as t
from models.database import Database
from service.organisation import Actor, organisation
from service.pictures import Bars, OverTime, Pareto, Shares, Spans
from service.reading.figures import AGES, Figures, Scope
from service.reading.figures_behind import Days
from service.reading.permitted import may_read
from service.web.pages.figures_drawn import Drawing
from states.registry import lifecycle
from states.working_days import today
from tests.service.simulated import NOW, simulated
from tests.service.test_figures import DAY, Seen, holds, stays
from tests.support.university import University, at
from tests.web.visitors import Visitor, application

__all__ = ["simulated"]  # the fixture

SCOPE = Days(DAY - timedelta(days=364), DAY)
Codes = set[str]
Behind = dict[str, list[tuple[str, Codes]]]  # by figure: where each number leads, and what should stand there


@pytest.fixture(scope="module")
def app(simulated: Database) -> Iterator[FastAPI]:
    made = application(simulated, NOW)
    yield made
    made.state.site.close()


class ByHand:
    """What somebody should find behind the numbers: of the records that they may read, each asked for by itself."""

    def __init__(self, database: Database, kind: str, actor: Actor) -> None:
        self.seen, self.one = Seen(database, kind), lifecycle(kind)
        with database.read() as connection:
            self.records = [row for row in self.seen.records if may_read(connection, row["id"], actor, NOW)]

    def codes(self, fits: Callable[[Mapping[Any, Any]], Any]) -> Codes:
        return {row["code"] for row in self.records if fits(row)}

    def ageing(self) -> list[Codes]:
        found: list[Codes] = [set() for _ in range(len(AGES) + 1)]
        for row in self.records:
            if not row["closed_at"]:
                age = (DAY - today(row["opened_at"])).days
                found[sum(age > most for most in AGES)].add(row["code"])
        return found

    def opened(self, days: Days) -> Codes:
        return self.codes(lambda row: holds(days, row["opened_at"]))

    def closed(self, days: Days) -> Codes:
        return self.codes(lambda row: holds(days, row["closed_at"]))

    def there(self, last: date) -> Codes:
        def is_there(row: Mapping[Any, Any]) -> bool:
            gone = row["closed_at"] and today(row["closed_at"]) <= last
            return today(row["opened_at"]) <= last and not gone

        return self.codes(is_there)

    def open_after(self, days: Days) -> Codes:
        return self.there(days.until or DAY)

    def left(self, step: str) -> Codes:
        gone = {
            stay.record
            for stay in stays(self.one, self.seen.histories)
            if stay.step == step and holds(SCOPE, stay.left)
        }
        return self.codes(lambda row: row["id"] in gone)

    def ended(self) -> Mapping[Any, Codes]:
        """By unit: what ended in these days and had a date for that."""
        found: defaultdict[Any, Codes] = defaultdict(set)
        for row in self.records:
            if self.one.name == "corrective_action":
                ended, first = row["implemented_on"], row["original_due_on"]
            else:
                closed = row["closed_at"] if row["state"] == "closed" else None
                ended, first = today(closed) if closed else None, row["original_complete_by"]
            if ended and first and (SCOPE.since or DAY) <= ended <= DAY:
                found[row["unit_id"]].add(row["code"])
        return found

    def because_of(self, kind: str | None) -> Codes:
        """What was opened in these days and has a root cause of that kind, or of one below it."""
        explained = {(one["record_id"], one["because_of"]) for one in self.seen.causes}
        roots = [one for one in self.seen.causes if (one["record_id"], one["no"]) not in explained]
        fits = {one["record_id"] for one in roots if (one["code"] or "").startswith(kind or "") and one["code"]}
        if kind is None:
            fits = {one["record_id"] for one in roots if not one["code"]}
        return self.codes(lambda row: row["id"] in fits and holds(SCOPE, row["opened_at"]))


def behind(drawing: Drawing, by_hand: ByHand) -> Behind:
    """Each number's address, beside what one finds by hand."""
    found: Behind = defaultdict(list)
    for name in drawing.names():
        match drawing.draw(name).figure:
            case Bars() as figure:
                addresses = [bar.href or "" for bar in figure.bars]
                found[name] = list(zip(addresses, by_hand.ageing(), strict=True))
            case OverTime() as figure:
                months = [one.days for one in drawing.figures.over_time()]
                for one, codes in zip(figure.series, (by_hand.opened, by_hand.closed, by_hand.open_after), strict=True):
                    found[name] += [(href or "", codes(days)) for href, days in zip(one.hrefs, months, strict=True)]
            case Spans() as figure:
                steps = [one.step for one in drawing.figures.steps()]
                hrefs = [span.href or "" for span in figure.spans]
                found[name] = [(href, by_hand.left(step)) for href, step in zip(hrefs, steps, strict=True)]
            case Shares() as figure:
                ended = by_hand.ended()
                for share in figure.shares:
                    asked = dict(parse_qsl(urlsplit(share.href or "").query)).get("unit")
                    every = {code for some in ended.values() for code in some}
                    unit = {str(unit or "none"): codes for unit, codes in ended.items()}
                    found[name].append((share.href or "", unit[asked] if asked else every))
            case Pareto() as figure:
                for bar in figure.bars:
                    cause = dict(parse_qsl(urlsplit(bar.href or "").query))["cause"]
                    found[name].append((bar.href or "", by_hand.because_of(None if cause == "none" else cause)))
    return found


def rows_of(visitor: Visitor, path: str) -> list[list[str]]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def in_file(visitor: Visitor, href: str) -> Codes:
    """The codes in the file of a narrowed list."""
    parts = urlsplit(href)
    head, *rows = rows_of(visitor, f"/exports{parts.path}.csv?{parts.query}")
    return {row[head.index("Code")] for row in rows}


def on_page(visitor: Visitor, href: str, known: Codes) -> Codes:
    """The codes on the pages of a narrowed list, each page after the other."""
    found: Codes = set()
    for _ in range(10):
        page = visitor.get(href)
        assert page.status_code == 200, href
        body = page.text[page.text.index("<main") :]
        found |= {code for code in known if re.search(rf"\b{re.escape(code)}\b", body)}
        following = re.search(r'<a class="button quiet" href="([^"]+)" rel="next"', body)
        if following is None:
            return found
        href = unescape(following[1])
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("person", ["quality_specialist", "chief_accountant"])
@pytest.mark.parametrize("kind", ["nonconformity", "corrective_action"])
def test_each_number_leads_to_exactly_the_records_that_it_counts(
    simulated: Database, app: FastAPI, person: str, kind: str
) -> None:
    visitor = Visitor(app).is_(person, "en")
    with simulated.read() as connection:
        snapshot = organisation(connection)
        actor = snapshot.actor(next(one.id for one in snapshot.people.values() if one.code == person), DAY)
        by_hand = ByHand(simulated, kind, actor)
        scope = Scope(lifecycle(kind), SCOPE.since or DAY, DAY)
        numbers = behind(Drawing(Figures(connection, actor, NOW, scope), "en"), by_hand)
    looked = 0
    for name, pairs in numbers.items():
        for href, codes in pairs:
            assert in_file(visitor, href) == codes, (name, href)
            looked += bool(codes)
        href, codes = max(pairs, key=lambda pair: len(pair[1]), default=("", set()))
        if href:
            assert on_page(visitor, href, {row["code"] for row in by_hand.seen.records}) == codes, (name, href)
    assert looked > (40 if person == "quality_specialist" else 5)


LISTS = (
    "/exports/late",
    "/exports/nonconformities",
    "/exports/actions",
    "/exports/audits",
    "/exports/figures/nonconformities/ageing",
    "/exports/figures/nonconformities/over-time",
    "/exports/figures/nonconformities/steps",
    "/exports/figures/nonconformities/kept",
    "/exports/figures/nonconformities/causes",
    "/exports/figures/actions/kept-first",
)


def as_text(cell: Any) -> str:
    """A cell of a workbook as the CSV writes it."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() | int():
            return repr(float(cell))
        case _ if hasattr(cell, "isoformat"):
            moment = cell.isoformat(" ") if hasattr(cell, "hour") else cell.isoformat()
            return str(moment)
        case _:
            return str(cell)


def number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


class TestBothKindsOfFile:
    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("person", ["quality_specialist", "chief_accountant"])
    def test_hold_the_same_rows(self, app: FastAPI, path: str, person: str) -> None:
        visitor = Visitor(app).is_(person, "ky")
        book = CalamineWorkbook.from_filelike(BytesIO(visitor.get(f"{path}.xlsx").content))
        sheet = [[number(as_text(cell)) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
        text = [[number(cell) for cell in row] for row in rows_of(visitor, f"{path}.csv")]
        width = len(text[0])
        assert [[*row, *[""] * (width - len(row))] for row in sheet] == text
        assert len(text) > 1 or person != "quality_specialist"


BAD = ('=HYPERLINK("http://x.example","y")', "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1+1", "＝1+1")


class TestAFormula:
    @pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
    def test_is_words_in_every_file_wherever_somebody_wrote_it(self, university: University, bad: str) -> None:
        """A title, a cause, the name of a unit, a post and a person: nothing of it is calculated anywhere."""
        university.under_way(at(2017, 4, 5), date(2017, 4, 20))
        for table in (t.unit, t.post, t.person):
            university.change(sa.update(table).values(name_ky=bad, name_ru=bad, name_en=bad))
        university.change(sa.update(t.cause).values(text=bad), sa.update(t.record).values(title=bad))
        university.change(sa.update(t.corrective_action).values(criterion=bad, evidence=bad))
        app = application(university.database, at(2017, 6, 5))
        visitor = Visitor(app).is_("rector", "en")
        for path in ("/exports/late", "/exports/nonconformities", "/exports/actions"):
            for row in rows_of(visitor, f"{path}.csv")[1:]:
                assert any(bad.strip() in cell for cell in row)
                assert not [cell for cell in row if cell.lstrip()[:1] in "=+@＝" and cell.strip()]
                assert not [cell for cell in row if cell.startswith("-") and not re.fullmatch(r"-\d+(\.\d+)?", cell)]
            with ZipFile(BytesIO(visitor.get(f"{path}.xlsx").content)) as book:
                sheet = book.read("xl/worksheets/sheet1.xml").decode()
                assert "<f>" not in sheet
                assert "<f " not in sheet
                assert "<hyperlink" not in sheet
                assert not [name for name in book.namelist() if "externalLink" in name]
        app.state.site.close()
