"""The board and the figures in a real browser, on a simulated year: every width and ground, keyboard, no script."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from service.simulating.simulate import Plan, simulate
from service.web.site import LANGUAGE, PERSON, Site
from tests.service.simulated import ACTIONS, NONCONFORMITIES, NOW
from tests.support.serving import serving
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, THEMES, TOO_SMALL, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

LOOKED = NOW + timedelta(days=20)  # by then much of what is open is late
PAGES = (
    "/late",
    "/late/by/unit",
    "/late/by/age",
    "/late/soon",
    "/figures/nonconformities",
    "/figures/actions?since=2026-01-01",
    "/nonconformities?opened_since=2026-01-01&cause=1/M&left=reported&left_until=2026-11-01&kept=any",
)


@dataclass
class Served:
    """A simulated year being served at `address`."""

    address: str

    def opened(self, browser: Browser, person: str, language: str, **how: object) -> BrowserContext:
        context = browser.new_context(**how)  # type: ignore[arg-type]  # what Playwright takes
        cookies = {PERSON: person, LANGUAGE: language}
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        return context


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("board")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)
    simulate(database, Plan(NOW, NONCONFORMITIES, ACTIONS, 1))
    with serving(lambda address: Site(Settings(base_url=address), database, lambda: LOOKED)) as address:
        yield Served(address)
    database.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "language"), [(360, "ru"), (360, "ky"), (1280, "ky")])
def test_each_page_is_for_everybody(browser: Browser, served: Served, theme: str, width: int, language: str) -> None:
    how = {"color_scheme": theme, "viewport": {"width": width, "height": 900}}
    with served.opened(browser, "quality_specialist", language, **how) as context:
        context.add_init_script(REFUSED)
        page, said = context.new_page(), list[str]()
        page.on("console", lambda message: said.append(message.text))
        for path in PAGES:
            answer = page.goto(f"{served.address}{path}")
            assert answer is not None
            assert answer.status == 200, path
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = Axe().run(page)
            assert found.violations_count == 0, (path, found.generate_report())
            assert page.evaluate("window.refused") == [], path
            if width < 400:
                assert page.evaluate(TOO_SMALL, PRESSED) == [], path
        assert said == []


@pytest.mark.browser
class TestTheBoard:
    @pytest.mark.parametrize("language", ["ky", "ru", "en"])
    def test_takes_two_lines_for_each_task_on_a_wide_screen(
        self, browser: Browser, served: Served, language: str
    ) -> None:
        how = {"viewport": {"width": 1280, "height": 900}}
        with served.opened(browser, "quality_specialist", language, **how) as context:
            page = context.new_page()
            for path in ("/late", "/late/soon"):
                page.goto(f"{served.address}{path}")
                heights = page.evaluate(
                    "[...document.querySelectorAll('.board tbody tr')].map(row => row.getBoundingClientRect().height)"
                )
                assert heights
                assert max(heights) <= 58, path

    def test_shows_all_about_a_task_where_it_is_opened(self, browser: Browser, served: Served) -> None:
        with served.opened(browser, "quality_specialist", "en") as context:
            page = context.new_page()
            page.goto(f"{served.address}/late")
            row = page.locator(".board tbody tr").first
            assert not row.locator(".facts").is_visible()
            row.locator("summary").click()
            assert row.locator(".facts").is_visible()


@pytest.mark.browser
class TestTheKeyboard:
    def test_leads_from_a_number_to_the_records_behind_it(self, browser: Browser, served: Served) -> None:
        with served.opened(browser, "quality_specialist", "en") as context:
            page = context.new_page()
            page.goto(f"{served.address}/figures/nonconformities")
            bar = page.locator("#ageing svg.wide a.picture-mark").first
            _tab_to(page, bar.get_attribute("href") or "nowhere")
            told = bar.get_attribute("aria-label") or bar.text_content() or ""
            page.keyboard.press("Enter")
            page.wait_for_url("**/nonconformities?**")
            assert told.strip()
            assert "in all" in page.locator("main").inner_text()

    def test_asks_whoever_has_a_task_and_opens_its_rungs(self, browser: Browser, served: Served) -> None:
        with served.opened(browser, "quality_specialist", "en") as context:
            page = context.new_page()
            page.goto(f"{served.address}/late")
            rungs = page.locator(".board summary").first
            rungs.focus()
            page.keyboard.press("Enter")
            assert page.locator(".board details[open] .told li").count() >= 2
            button = page.get_by_role("button", name="Nudge").first
            code = (button.get_attribute("aria-label") or "").rpartition(": ")[2]
            button.focus()
            page.keyboard.press("Enter")
            page.wait_for_url("**done=nudged")
            assert page.locator(".notice.tone-good").inner_text().strip()
            assert page.get_by_role("button", name=f"Nudge: {code}").count() == 0

    def test_opens_the_form_of_a_move_in_one_step(self, browser: Browser, served: Served) -> None:
        with served.opened(browser, "quality_specialist", "en") as context:
            page = context.new_page()
            page.goto(f"{served.address}/late?kind=corrective_action")
            row = page.locator(".board tbody tr", has=page.locator("a[href*='#f-reassign-']")).first
            row.locator("summary").focus()
            page.keyboard.press("Enter")
            row.locator("a[href*='#f-reassign-']").focus()
            page.keyboard.press("Enter")
            page.wait_for_url("**/actions/**")
            assert page.locator("#f-reassign-owner_post").is_visible()


def _tab_to(page: Page, href: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == href:
            return
    raise AssertionError(f"the keyboard does not come to {href}")
