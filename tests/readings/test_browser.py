"""The pages of readings in a real browser: narrow and wide, light and dark, nothing that hinders anybody."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from service.web.app import create_app
from service.web.site import LANGUAGE, PERSON, Site
from tests.readings.asking import asked, crowd, given_out, lay_down
from tests.support.university import DOCUMENT, University, at
from tests.web.test_look import OPEN_ALL, THEMES, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

DAY = at(2026, 4, 6)
LOOKED = DAY + timedelta(days=20)
SHOTS = os.environ.get("SAPAT_SHOTS")  # a folder in which to leave what was seen


class Served:
    """A university with a revision that many have to read, at an address; `pages` by who looks at them."""

    def __init__(self, home: Path) -> None:
        self.database = Database(f"sqlite:///{home / 'sapat.db'}")
        upgrade(self.database)
        university = University.founded(self.database)
        lay_down(university, of="УСТ", everybody=True)
        crowd(university, "ACADEMIC", 40)
        revision = given_out(university, DAY)
        readings = asked(university, revision)
        for code in ("librarian", "dean", *(f"p{number:04d}" for number in range(25))):
            university.go(readings[code]["id"], "acknowledge", code, DAY)
        for owner in ("librarian", "dean"):
            place = "204-кабинет, кире бериштеги такта"
            university.open("printed_copy", "quality", DAY, document=DOCUMENT, owner_post=owner, kept_at=place)
        document = university.one(t.document)["id"]
        self.pages = (
            ("reader", f"/acknowledgements/{readings['reader']['id']}"),
            ("dean", f"/acknowledgements/{readings['dean']['id']}"),
            ("quality", f"/revisions/{revision}/readings"),
            ("quality", f"/revisions/{revision}"),
            ("quality", "/distribution"),
            ("quality", "/distribution/types/УСТ"),
            ("quality", f"/distribution/documents/{document}"),
            ("quality", f"/documents/{document}"),
            ("quality", f"/printed-copies?document={document}"),
        )
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        site = Site(Settings(base_url=self.address, home=home), self.database, lambda: LOOKED)
        self.server = uvicorn.Server(uvicorn.Config(create_app(site), log_level="warning"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("readings"))
    thread = threading.Thread(target=made.server.run, kwargs={"sockets": [made.socket]}, daemon=True)
    thread.start()
    while not made.server.started:
        time.sleep(0.02)
    yield made
    made.server.should_exit = True
    thread.join(10)
    made.database.close()


def _listening(page: Page) -> list[str]:
    """What the page says on its console from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    return said


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "language"), [(360, "ky"), (1280, "ru")])
def test_each_page_is_for_everybody(browser: Browser, served: Served, theme: str, width: int, language: str) -> None:
    for number, (person, path) in enumerate(served.pages):
        with browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900}) as context:  # type: ignore[arg-type]  # what Playwright takes
            cookies = {PERSON: person, LANGUAGE: language}
            context.add_cookies(
                [{"name": name, "value": value, "url": served.address} for name, value in cookies.items()]
            )
            page = context.new_page()
            said = _listening(page)
            answer = page.goto(f"{served.address}{path}")
            assert answer is not None
            assert answer.status == 200, path
            if SHOTS and theme == THEMES[0]:
                page.screenshot(path=f"{SHOTS}/{number}-{width}.png", full_page=True)
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = Axe().run(page)
            assert found.violations_count == 0, (path, found.generate_report())
            assert not said, path
