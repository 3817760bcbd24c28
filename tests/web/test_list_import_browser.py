"""A list brought in with a real browser: on a phone and wide, light and dark, in Kyrgyz and Russian, by everybody."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from service.settings import Settings
from service.web.site import LANGUAGE, PERSON, Site
from tests.importing.nonconformity_lists import LISTS, rows, two_head_rows
from tests.support.databases import SqliteTemplate
from tests.support.serving import serving
from tests.support.university import University, at
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

PATH = "/nonconformities/import"
NOW = at(2026, 4, 6)


@dataclass
class Served:
    """A small university being served at `address`."""

    address: str
    university: University


@pytest.fixture
def served(sqlite_template: SqliteTemplate, tmp_path: Path) -> Iterator[Served]:
    with sqlite_template.copy() as database:
        university = University.founded(database)

        def site(address: str) -> Site:
            return Site(Settings(base_url=address, home=tmp_path), database, lambda: NOW)

        with serving(site) as address:
            yield Served(address, university)


def looked_at(page: Page, what: str) -> None:
    """It can be read and used by everybody, fits its window, and asks nobody else for anything."""
    page.evaluate(OPEN_ALL)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
    if (page.viewport_size or {"width": 0})["width"] < 600:  # fingers
        assert page.evaluate(TOO_SMALL, PRESSED) == [], what
    assert page.evaluate("refused") == [], what
    page.evaluate(OPEN_ALL.replace("true", "false"))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "theme", "language"), [(360, "dark", "ru"), (1280, "light", "ky"), (360, "light", "ky")]
)
def test_a_list_is_brought_in(
    browser: Browser, served: Served, tmp_path: Path, width: int, theme: str, language: str
) -> None:
    file = two_head_rows(tmp_path) if language == "ru" else LISTS / "ky_slips.csv"
    size = {"width": width, "height": 900}
    with browser.new_context(color_scheme=theme, viewport=size, java_script_enabled=True) as context:  # type: ignore[arg-type]  # what Playwright takes
        cookies = {PERSON: "quality", LANGUAGE: language}
        context.add_cookies([{"name": name, "value": value, "url": served.address} for name, value in cookies.items()])
        context.add_init_script(REFUSED)
        page = context.new_page()
        page.goto(served.address + PATH)
        looked_at(page, "the first page")
        page.set_input_files("#f-table", file)
        page.click("main form button.primary")
        looked_at(page, "the columns")
        page.locator(f'main form[action="{PATH}/try"] button.primary').click()
        assert page.locator(".error-summary li").count() == 3
        looked_at(page, "the columns with what is missing")
        for name, value in (("kind", "programme"), ("source", "internal_audit"), ("severity", "major")):
            page.check(f'input[name="default-{name}"][value="{value}"]')
        page.locator(f'main form[action="{PATH}/try"] button.primary').click()
        looked_at(page, "the trial run")
        page.select_option("#f-status-0", "closed")
        page.locator(f'main form[action="{PATH}/try"] button').click()
        assert page.locator("#f-status-0").input_value() == "closed"
        page.locator(f'main form[action="{PATH}/confirm"] button.primary').click()
        for _ in range(100):
            if page.locator("progress").count() == 0:
                break
            time.sleep(0.2)
            page.reload()
        looked_at(page, "what became of it")
        page.click('main a[href="/nonconformities"].primary')
        assert page.locator("main table tbody tr").count() == len(rows(served.university)) > 1
