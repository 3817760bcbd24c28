"""The complaint form in a real browser: without scripts, by keyboard, on a phone, for everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from service.web.site import LANGUAGE, Site
from tests.support.serving import serving
from tests.support.university import University, at
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@dataclass
class Served:
    """A university that nobody has signed in to, at an address of this machine."""

    address: str
    university: University


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("complaints")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)

    def site(address: str) -> Site:
        # A real one: nobody may simply be anybody.
        settings = Settings(base_url=address, home=home)
        return Site(settings, database, lambda: at(2026, 4, 6), demo_sign_in=lambda _: False)

    with serving(site) as address:
        yield Served(address, University.founded(database))
    database.close()


class TestACustomer:
    def test_complains_from_the_sign_in_page_on_a_phone_without_scripts(self, browser: Browser, served: Served) -> None:
        with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
            page = context.new_page()
            page.goto(f"{served.address}/sign-in")
            page.locator(".menu summary").click()
            page.locator('.menu button[value="ru"]').click()
            page.locator('main a[href="/complaint"]').click()
            assert page.locator("label[for=f-found]").inner_text().startswith("Что случилось")
            assert not page.locator('[name="occurred_on"]').is_visible()
            page.fill('[name="name"]', "Асан Үсөнов")
            page.locator("main form button.primary").click()
            assert page.locator(".error-summary a").get_attribute("href") == "#f-found"
            assert page.input_value('[name="name"]') == "Асан Үсөнов"
            page.fill('[name="found"]', "Лифт иштебейт.\nЭки жума болду.")
            page.locator("main details summary").click()
            page.fill('[name="occurred_on"]', "2026-03-23")
            page.locator("main form button.primary").click()
            record = served.university.one(t.record)
            assert record["code"] in page.locator("h1").inner_text()
            assert "Эки жума" in served.university.one(t.nonconformity)["found"]

    def test_comes_by_keyboard_to_everything_but_the_field_for_programs(self, browser: Browser, served: Served) -> None:
        with browser.new_page() as page:
            page.goto(f"{served.address}/complaint")
            page.evaluate(OPEN_ALL)
            names = self._names(page)
            assert {"found", "name", "reach", "object", "occurred_on", "about"} <= set(names)
            assert "website" not in names
            hidden = page.locator('[aria-hidden="true"]:has([name="website"])').bounding_box()
            assert hidden is not None
            assert hidden["width"] * hidden["height"] <= 1

    @staticmethod
    def _names(page: Page) -> list[str]:
        names = []
        for _ in range(40):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.getAttribute('name') || ''"))
        return names


class TestEachPage:
    @pytest.mark.parametrize(
        ("theme", "width", "language"), [("light", 360, "ky"), ("dark", 360, "ru"), ("dark", 1280, "en")]
    )
    def test_is_for_everybody_and_fits(
        self, browser: Browser, served: Served, theme: str, width: int, language: str
    ) -> None:
        size = {"width": width, "height": 800}
        with browser.new_context(color_scheme=theme, viewport=size) as context:  # type: ignore[arg-type]  # what Playwright takes
            context.add_cookies([{"name": LANGUAGE, "value": language, "url": served.address}])
            context.add_init_script(REFUSED)
            page = context.new_page()
            page.goto(f"{served.address}/complaint")
            self._look(page, width)
            page.locator("main form button.primary").click()
            page.locator(".error-summary").wait_for()
            self._look(page, width)
            page.fill('[name="found"]', "<b>Муздак</b> " + "узун" * 60)
            page.locator("main form button.primary").click()
            page.locator(".notice.tone-good").wait_for()
            self._look(page, width)

    @staticmethod
    def _look(page: Page, width: int) -> None:
        page.evaluate(OPEN_ALL)
        assert page.evaluate("window.refused") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width < 400:
            assert page.evaluate(TOO_SMALL, PRESSED) == []
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
