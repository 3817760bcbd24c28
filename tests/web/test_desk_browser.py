"""The rector in the corridor: the desk, the differences and an order on a phone, in a real browser."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from service.web.app import create_app
from service.web.site import LANGUAGE, PERSON, Site
from tests.support.university import University
from tests.web.desks import NOW, OLD_TEXT, Desks
from tests.web.test_look import FOCUS, OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
LONG = "Узун" + "сөз" * 40
CONTROLS = f"{PRESSED}, .change-ways a, .first-change, .fold summary, .desk-card h2 a, .desk-card .more, .coming a"


@dataclass
class Served:
    """A desk with three documents, at an address of this machine."""

    address: str
    university: University
    waiting: list[UUID]

    @contextmanager
    def page(self, browser: Browser, language: str, size: Any, **how: Any) -> Iterator[Page]:
        """A page of the rector's browser."""
        with browser.new_context(viewport=size, **how) as context:
            cookies = {PERSON: "rector", LANGUAGE: language}
            context.add_cookies([{"name": name, "value": one, "url": self.address} for name, one in cookies.items()])
            context.add_init_script(REFUSED)
            yield context.new_page()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    database = Database(f"sqlite:///{tmp_path / 'sapat.db'}")
    upgrade(database)
    university = University.founded(database)
    desks = Desks(university, tmp_path)
    long_text = [*OLD_TEXT[:2], LONG, *OLD_TEXT[3:]]
    waiting = [desks.waiting(), desks.waiting(text=long_text), desks.waiting(former=False)]
    university.go(university.draft(NOW), "submit", "owner", NOW)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        site = Site(Settings(base_url=address, home=tmp_path), database, lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(create_app(site), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.02)
        yield Served(address, university, waiting)
        server.should_exit = True
        thread.join(10)
    database.close()


def look(page: Page, width: int) -> None:
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.refused") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if width < 400:
        assert page.evaluate(TOO_SMALL, CONTROLS) == [], page.url
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())


@pytest.mark.parametrize(
    ("theme", "size", "language"), [("light", PHONE, "ky"), ("dark", PHONE, "ru"), ("light", WIDE, "ru")]
)
class TestEachPage:
    def test_is_for_everybody_and_fits(
        self, browser: Browser, served: Served, theme: str, size: dict[str, int], language: str
    ) -> None:
        first, second, third = served.waiting
        paths = [
            "/desk",
            f"/desk/order?record={first}.1&record={second}.9&record={third}",
            *(f"/revisions/{one}/differences" for one in served.waiting),
        ]
        with served.page(browser, language, size, color_scheme=theme) as page:
            for path in paths:
                page.goto(served.address + path)
                assert page.locator("h1").count() == 1, path
                look(page, size["width"])


class TestTheRector:
    def test_approves_two_and_returns_one_on_a_phone_without_scripts(self, browser: Browser, served: Served) -> None:
        first, second, third = served.waiting
        with served.page(browser, "ky", PHONE, java_script_enabled=False) as page:
            page.goto(f"{served.address}/desk")
            card = page.locator(f"#waiting-{second}")
            card.locator(".moves summary").click()
            card.locator('[name="reason"]').fill("3-пункт так эмес")
            card.locator(".moves form button").click()
            assert served.university.state(second) == "draft"
            page.goto(f"{served.address}/desk")
            for one in (first, third):
                page.locator(f"#waiting-{one} .take input").check()
            page.locator(".desk-bar button").click()
            page.fill('[name="order_no"]', "01-12/138")
            page.fill('[name="decided_on"]', "2026-04-06")
            page.locator('form[action="/desk/order"] .buttons button').first.click()
            notice = page.locator(".notice.tone-good")
            notice.wait_for()
            assert notice.locator("a:not(.more)").count() == 2
            assert notice.locator("a.more").count() == 2  # to the controlled file of each
            assert page.locator(".desk-card").count() == 0
            assert [served.university.state(one) for one in (first, third)] == ["effective"] * 2

    def test_reaches_all_by_keyboard_and_never_under_the_bar(self, browser: Browser, served: Served) -> None:
        with served.page(browser, "ru", PHONE) as page:
            page.goto(f"{served.address}/desk")
            page.locator(".desk-card .take input").first.focus()
            page.keyboard.press("Space")
            assert page.locator(".desk-card .take input").first.is_checked()
            for _ in range(14):
                page.keyboard.press("Tab")
                seen, what = page.evaluate(FOCUS)
                assert seen, what
                hidden = page.evaluate(
                    "() => { const e = document.activeElement.getBoundingClientRect(), b = document.querySelector("
                    "'.desk-bar').getBoundingClientRect(); return !document.activeElement.closest('.desk-bar') && "
                    "e.top > b.top && e.bottom < b.bottom }"
                )
                assert not hidden, what

    def test_sees_texts_side_by_side_where_there_is_room(self, browser: Browser, served: Served) -> None:
        for size, beside in ((WIDE, True), (PHONE, False)):
            with served.page(browser, "ky", size) as page:
                page.goto(f"{served.address}/revisions/{served.waiting[0]}/differences")
                boxes = [page.locator(f".pair {one}").first.bounding_box() for one in (".was", ".now")]
                was, now = (box for box in boxes if box)
                assert (now["x"] > was["x"] + was["width"] / 2) is beside
                assert (now["y"] >= was["y"] + was["height"]) is not beside
