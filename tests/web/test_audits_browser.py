"""The programme, an audit's day on a phone, its report and the catalogues, in a real browser, in Kyrgyz and Russian."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from models import tables as t
from models.base import new_id
from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from service.web.site import LANGUAGE, PERSON, Site
from states.kyrgyz import fold
from tests.support.serving import serving
from tests.support.university import University, at
from tests.web.test_look import FOCUS, OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser

NOW = at(2026, 4, 6)
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# What is long where people write long names: nothing may push a page wider than its window.
LONG = "Билим берүү ишмердүүлүгүн уюштуруу, «Инфраструктураны жана өндүрүш чөйрөсүн башкаруу»" + "узун" * 12


@dataclass
class Served:
    """A university with a year of audits, at an address of this machine."""

    address: str
    university: University
    audit: UUID

    @contextmanager
    def page(self, browser: Browser, who: str, language: str, size: Any, **how: Any) -> Iterator[Page]:
        """A page of a browser in which somebody has said who they are."""
        with browser.new_context(viewport=size, **how) as context:
            cookies = {PERSON: who, LANGUAGE: language}
            context.add_cookies([{"name": name, "value": one, "url": self.address} for name, one in cookies.items()])
            context.add_init_script(REFUSED)
            yield context.new_page()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("audits")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)
    university = University.founded(database)

    def site(address: str) -> Site:
        return Site(Settings(base_url=address, home=home), database, lambda: NOW)

    with serving(site) as address:
        yield Served(address, university, year_of_audits(university))
    database.close()


def year_of_audits(university: University) -> UUID:
    """Two processes, audits of every kind of state, one of them under way with a checklist and a finding."""
    processes = [{"id": new_id(), "code": code, "name": LONG, "folded": fold(LONG)} for code in ("3.1", "3.2")]
    university.change(sa.insert(t.process).values(processes))

    def planned(day: date, when: Any, **more: Any) -> UUID:
        given = {"title": LONG, "planned_on": day, "unit": "LIBRARY", "criteria": "ISO 9001", "lead_auditor": "auditor"}
        return university.open("audit", "quality", when, None, **{**given, **more})

    late = planned(date(2026, 3, 16), at(2026, 3, 2), process="3.1")
    university.go(planned(date(2026, 9, 7), NOW), "cancel", "quality", NOW, reason="Башка айда")
    university.go(late, "add_question", "auditor", NOW, text=LONG, clause="2015/7.5")
    done = planned(date(2026, 2, 2), at(2026, 2, 2), process="3.1", auditors=["sec_ok"])
    university.go(done, "begin", "auditor", at(2026, 2, 2))
    university.go(done, "finish", "auditor", at(2026, 2, 3), carried_out_on=date(2026, 2, 3))
    audit = planned(NOW.date(), NOW, process="3.1", auditors=["sec_ok"], scope=LONG)
    university.go(audit, "begin", "auditor", NOW)
    for text, clause in (("Каталог барбы?", "2015/7.5"), (LONG, "2015/7"), ("Дагы эмне?", None)):
        university.go(audit, "add_question", "auditor", NOW, text=text, **({"clause": clause} if clause else {}))
    given = {"kind": "nonconformity", "title": LONG, "found": LONG, "nc_kind": "resources", "clause": "2015/7.5"}
    university.go(audit, "add_finding", "auditor", NOW, **given)
    university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
    university.go(audit, "add_finding", "auditor", NOW, kind="nonconformity", title="Б", found="Б", nc_kind="programme")
    university.go(audit, "add_finding", "auditor", NOW, kind="strength", title="Күчтүү", found="Тартип")
    return audit


def look(page: Page, width: int) -> None:
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.refused") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if width < 400:
        assert page.evaluate(TOO_SMALL, PRESSED + ", .programme a, .results label, .act") == [], page.url
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())


@pytest.mark.parametrize(
    ("theme", "size", "language"),
    [("light", PHONE, "ky"), ("dark", PHONE, "ru"), ("light", WIDE, "ru"), ("dark", WIDE, "ky")],
)
class TestEachPage:
    def test_is_for_everybody_and_fits(
        self, browser: Browser, served: Served, theme: str, size: dict[str, int], language: str
    ) -> None:
        here = f"/audits/{served.audit}"
        for who, paths in {
            "quality": (
                *("/audits/programme", "/audits/programme?year=2027", "/audits/programme?show=waiting&order=longest"),
                *("/catalogues", "/catalogues/cause", "/catalogues/cause/1/M", "/catalogues/clause/next"),
                *(f"{here}/checklist", f"{here}/report"),
            ),
            "auditor": (f"{here}/day", f"{here}/day?from=1", f"{here}/checklist", "/audits/programme"),
            "librarian": (f"{here}/day", f"{here}/report", "/catalogues/cause/1/M1"),
        }.items():
            with served.page(browser, who, language, size, color_scheme=theme) as page:
                for path in paths:
                    page.goto(served.address + path)
                    assert page.locator("h1").count() == 1, path
                    look(page, size["width"])


class TestAnAuditor:
    def test_answers_finds_and_raises_on_a_phone_without_scripts(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "auditor", "ky", PHONE, java_script_enabled=False) as page:
            page.goto(f"{served.address}/audits/{served.audit}/day")
            page.locator('[name="answer-1"][value="nonconformity"]').check()
            page.fill('[name="note-1"]', "Каталог жок")
            page.locator('#question-1 button[name="finding"]').click()
            assert page.url.endswith("?from=1#add-finding")
            assert page.locator('#add-finding [name="found"]').input_value() == "Каталог жок"
            assert page.locator('#add-finding [name="clause"]').input_value() == "2015/7.5"
            assert page.locator('#add-finding [name="kind"][value="nonconformity"]').is_checked()
            page.fill('#add-finding [name="title"]', "Каталог жүргүзүлбөйт")
            page.locator('#add-finding [name="nc_kind"][value="resources"]').check()
            page.locator("#add-finding form button").last.click()
            found = page.locator(".finding", has_text="Каталог жүргүзүлбөйт")
            found.locator("button").click()
            page.locator(".notice.tone-good").wait_for()
            number = page.locator(".finding", has_text="Каталог жүргүзүлбөйт").locator(".raised a").inner_text()
            assert number in page.locator(".notice.tone-good").inner_text()
            row = served.university.one(t.record, t.record.c.code == number)
            assert row["title"] == "Каталог жүргүзүлбөйт"
            assert row["parent_id"] == served.audit

    def test_keeps_the_button_in_sight_and_the_focus_above_it(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "sec_ok", "ru", PHONE) as page:
            page.goto(f"{served.address}/audits/{served.audit}/day#checklist")
            page.locator('[name="note-1"]').focus()
            for _ in range(8):
                page.keyboard.press("Tab")
                seen, what = page.evaluate(FOCUS)
                assert seen, what
                hidden = page.evaluate(
                    "() => { const e = document.activeElement.getBoundingClientRect(), b = document.querySelector("
                    "'.keep-bar').getBoundingClientRect(); return !document.activeElement.closest('.keep-bar') && "
                    "e.top > b.top && e.bottom < b.bottom }"
                )
                assert not hidden, what

    def test_keeps_results_by_the_enter_key(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "sec_ok", "ky", WIDE) as page:
            page.goto(f"{served.address}/audits/{served.audit}/day")
            page.locator('[name="answer-3"][value="conforms"]').focus()
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            page.wait_for_url("**/day?kept=1#checklist")
            rows = served.university.rows(t.question, t.question.c.record_id == served.audit)
            assert rows[2]["answer"] == "conforms"


class TestTheQualitySpecialist:
    def test_plans_an_audit_in_an_empty_month_by_keyboard(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "quality", "ru", WIDE) as page:
            page.goto(f"{served.address}/audits/programme?year=2027")
            link = page.locator(".programme tbody tr").nth(1).locator(".plan").nth(4)
            link.focus()
            seen, what = page.evaluate(FOCUS)
            assert seen, what
            page.keyboard.press("Enter")
            page.wait_for_url("**/audits/new?*")
            assert page.locator('[name="planned_on"]').input_value() == "2027-05-10"
            assert page.locator('[name="process"]').input_value() == "3.2"

    def test_sees_months_side_by_side_only_where_there_is_room(self, browser: Browser, served: Served) -> None:
        for size, shown in ((WIDE, True), ({"width": 1024, "height": 800}, False), (PHONE, False)):
            with served.page(browser, "quality", "ky", size) as page:
                page.goto(f"{served.address}/audits/programme")
                head = page.locator(".programme thead").bounding_box()
                assert head is not None
                assert (head["height"] > 10) is shown
                name = page.locator(".programme .audit .more").first.bounding_box()
                assert name is not None
                assert (name["width"] > 10) is not shown

    def test_prints_the_months_and_no_forms(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "quality", "ru", {"width": 1001, "height": 700}) as page:
            page.goto(f"{served.address}/audits/programme")
            page.emulate_media(media="print")
            assert page.locator(".programme thead").is_visible()
            for hidden in (".side", ".filters", ".programme .plan", ".buttons"):
                assert not page.locator(hidden).first.is_visible(), hidden
            assert page.evaluate("document.documentElement.scrollWidth") <= 1001

    def test_prints_a_report_as_tables(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "quality", "ru", {"width": 672, "height": 900}) as page:
            page.goto(f"{served.address}/audits/{served.audit}/report")
            page.emulate_media(media="print")
            rows = [page.locator(".on-paper .table tbody tr").first.locator("th, td").nth(place) for place in (0, 1)]
            first, second = (row.bounding_box() for row in rows)
            assert first is not None
            assert second is not None
            assert abs(first["y"] - second["y"]) < 2
            assert page.evaluate("document.documentElement.scrollWidth") <= 672
