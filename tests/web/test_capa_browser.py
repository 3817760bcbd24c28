"""The cause editor in a real browser: five whys by keyboard alone, without scripts; and every size of it looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from models import tables as t
from service.settings import Settings
from service.web.site import LANGUAGE, PERSON, Site
from tests.support.databases import SqliteTemplate
from tests.support.serving import serving
from tests.support.university import University, at
from tests.web.capa import NOW, analysed, audit
from tests.web.test_look import FOCUS, OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

pytestmark = pytest.mark.browser
LONG = "Жооптуу адам дайындалган эмес, анткени буйрукта кызмат орду көрсөтүлгөн эмес жана аны эч ким байкаган эмес"
SIZES = {"ky": (360, "light"), "ru": (1280, "dark")}
WAYS: dict[int, list[int | None]] = {0: [], 1: [None], 12: [None, 1, 2, 3, 4, None, 6, 7, None, 9, 9, 1]}


@dataclass
class Served:
    """A small university being served at `address`."""

    address: str
    university: University

    def causes(self, number: int) -> UUID:
        """A nonconformity with so many causes, each on its way."""
        found = analysed(self.university)
        ways = WAYS.get(number) or [None if no % 7 == 0 else no for no in range(number)]
        with self.university.database.write() as connection:
            for no, above in enumerate(ways[:number], start=1):
                code = "1/M1" if no % 3 else ("1/P1" if no % 2 else None)
                row = {"record_id": found, "no": no, "text": f"{LONG} ({no})", "because_of": above, "code": code}
                connection.execute(sa.insert(t.cause), row)
        return found


@pytest.fixture(scope="module")
def served(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("causes")
    with sqlite_template.copy() as database:

        def site(address: str) -> Site:
            return Site(Settings(base_url=address, home=home), database, lambda: NOW)

        with serving(site) as address:
            yield Served(address, University.founded(database))


def context_of(browser: Browser, served: Served, person: str, language: str, **how: object) -> BrowserContext:
    context = browser.new_context(**how)  # type: ignore[arg-type]  # what Playwright takes
    cookies = {PERSON: person, LANGUAGE: language}
    context.add_cookies([{"name": name, "value": value, "url": served.address} for name, value in cookies.items()])
    return context


def by_keyboard(page: Page, text: str) -> None:
    """Whoever comes to the page is in the field already: they type, and press Enter."""
    focused = page.locator(":focus")
    assert focused.get_attribute("name") == "text"
    page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


class TestTheChain:
    def test_of_five_whys_takes_a_keyboard_and_no_script(self, browser: Browser, served: Served) -> None:
        found = analysed(served.university)
        size = {"width": 360, "height": 800}
        with context_of(browser, served, "owner", "ky", viewport=size, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(f"{served.address}/nonconformities/{found}/causes")
            for no in range(1, 6):
                by_keyboard(page, f"Жооп {no}")
            rows = served.university.rows(t.cause, t.cause.c.record_id == found)
            assert [(row["text"], row["because_of"]) for row in rows] == [
                (f"Жооп {no}", no - 1 or None) for no in range(1, 6)
            ]
            # The last answer gets its kind: to its line and into its form by the keyboard too.
            page.goto(f"{served.address}/nonconformities/{found}/causes")
            link = page.locator("#cause-5 > .head a", has_text="").last
            link.focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.locator(":focus").input_value() == "Жооп 5"
            page.locator('select[name="code"]').select_option("1/M1")
            with page.expect_navigation():
                page.locator('form[action$="/amend_cause"] .buttons button').press("Enter")
            kept = served.university.rows(t.cause, t.cause.c.record_id == found)[-1]
            assert (kept["text"], kept["code"], kept["because_of"]) == ("Жооп 5", "1/M1", 4)

    def test_leads_to_an_action_and_back(self, browser: Browser, served: Served) -> None:
        found = served.university.planning(NOW)
        size = {"width": 390, "height": 844}
        with context_of(browser, served, "owner", "ru", viewport=size, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(f"{served.address}/nonconformities/{found}/causes")
            page.locator('a[href^="/actions/new?"]').click()
            form = page.locator('form[action="/actions/new"]')
            assert form.locator('input[name="causes"][value="1"]').is_checked()
            assert form.locator('select[name="owner_post"]').input_value() == "owner"
            form.locator('[name="title"]').fill("Тартип киргизүү")
            form.locator('[name="criterion"]').fill("Бардыгы жазылат")
            form.locator('[name="due_on"]').fill("2026-05-04")
            form.locator(".buttons button").click()
            page.locator(".notice.tone-good", has_text="CA-2026-").first.wait_for()
            assert page.url.partition("?")[0] == f"{served.address}/nonconformities/{found}/causes"
            assert not page.locator('a[href^="/actions/new?"].primary').count()


@pytest.mark.parametrize("language", SIZES)
@pytest.mark.parametrize("number", [0, 1, 12, 60])
class TestTheEditor:
    def test_is_for_everybody_and_fits(self, browser: Browser, served: Served, language: str, number: int) -> None:
        width, theme = SIZES[language]
        found = served.causes(number)
        size = {"width": width, "height": 900}
        with context_of(browser, served, "owner", language, color_scheme=theme, viewport=size) as context:
            context.add_init_script(REFUSED)
            page = context.new_page()
            here = f"{served.address}/nonconformities/{found}"
            for path in (f"{here}/causes", f"{here}/causes?why={number}", f"{here}/causes?change={number}", here):
                page.goto(path)
                assert page.evaluate("window.refused") == [], path
                page.evaluate(OPEN_ALL)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                if width == SIZES["ky"][0]:
                    assert page.evaluate(TOO_SMALL, PRESSED) == [], path
                answer = Axe().run(page)
                assert answer.violations_count == 0, (path, answer.generate_report())


class TestEveryFocus:
    def test_is_seen_on_the_way_through_the_editor(self, browser: Browser, served: Served) -> None:
        found = served.causes(12)
        with context_of(browser, served, "owner", "ky", viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.goto(f"{served.address}/nonconformities/{found}/causes")
            page.locator("h1").click()
            unseen = []
            for _ in range(50):
                page.keyboard.press("Tab")
                seen, what = page.evaluate(FOCUS)
                if not seen:
                    unseen.append(what)
            assert unseen == []


@pytest.mark.parametrize("language", SIZES)
class TestPartsOfAnyKind:
    def test_are_for_everybody_and_fit(self, browser: Browser, served: Served, language: str) -> None:
        """The parts of an audit and of an action have no page of their own."""
        width, theme = SIZES[language]
        university = served.university
        record = audit(university, auditors=["librarian"])
        for no in range(3):
            university.go(record, "add_question", "auditor", NOW, text=f"{LONG} {no}", clause="7.5")
        university.go(record, "begin", "auditor", NOW)
        told = {"title": LONG, "found": LONG, "requirement": LONG, "requirement_document": "УСТ 4.09", "clause": "7.5"}
        university.go(record, "add_finding", "auditor", NOW, kind="nonconformity", nc_kind="programme", **told)
        _, action = university.under_way(NOW, at(2026, 5, 1).date())
        university.go(action, "add_step", "owner", NOW, title=LONG, step_due_on=NOW.date(), done_on=NOW.date())
        university.go(action, "add_evidence", "owner", NOW, what=LONG, evidence_on=NOW.date())
        with context_of(
            browser, served, "auditor", language, color_scheme=theme, viewport={"width": width, "height": 900}
        ) as context:
            page = context.new_page()
            for person, path in (
                ("auditor", f"/audits/{record}?move=add_finding"),
                ("quality", f"/audits/{record}"),
                ("owner", f"/actions/{action}?move=add_step"),
                ("quality", f"/actions/{action}"),
                ("quality", "/audits/new"),
                ("reader", "/nonconformities/new?clause=7.5"),
            ):
                context.add_cookies([{"name": PERSON, "value": person, "url": served.address}])
                page.goto(served.address + path)
                page.evaluate(OPEN_ALL)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                if width == SIZES["ky"][0]:
                    assert page.evaluate(TOO_SMALL, PRESSED) == [], path
                answer = Axe().run(page)
                assert answer.violations_count == 0, (path, answer.generate_report())
