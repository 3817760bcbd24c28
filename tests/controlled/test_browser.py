"""The page of the QR code in a real browser: on a phone, without scripts, with a file dropped on it."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from models.database import Database
from models.schema import upgrade
from service.controlled.looking import look
from service.settings import Settings
from service.web.app import create_app
from service.web.site import LANGUAGE, PERSON, Site
from tests.controlled.making import NOW, Office, document, encrypted, paper
from tests.controlled.written import with_open_changes
from tests.support.university import University
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser

# What a page does when somebody lets go of a file over it.
DROP = """([letters, name]) => {
  const told = new DataTransfer();
  told.items.add(new File([Uint8Array.from(letters)], name, {type: "application/pdf"}));
  document.dispatchEvent(new DragEvent("drop", {dataTransfer: told, bubbles: true, cancelable: true}));
}"""


@dataclass
class Served:
    """A university at an address of this machine: a revision is in force, of another draft the files will not do."""

    address: str
    office: Office
    revision: UUID
    draft: UUID
    file: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("controlled")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)
    office = Office(University.founded(database), home)
    revision = office.in_force({"жобо.docx": document()})
    office.make()
    draft = office.university.draft(NOW)
    for name, content in {"жобо.pdf": encrypted(paper(), "сыр"), "1-тиркеме.docx": with_open_changes()}.items():
        office.attach(draft, name, content)
    look(database, office.settings, NOW)
    office.attach(draft, "2-тиркеме.pdf", paper())
    file = home / "given.pdf"
    file.write_bytes(office.pdf(revision))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        site = Site(Settings(base_url=address, home=home), database, lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(create_app(site), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.02)
        yield Served(address, office, revision, draft, file)
        server.should_exit = True
        thread.join(10)
    database.close()


class TestSomebodyWithAPaper:
    def test_checks_a_pdf_on_a_phone_without_scripts(self, browser: Browser, served: Served) -> None:
        with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
            context.add_cookies([{"name": LANGUAGE, "value": "en", "url": served.address}])
            page = context.new_page()
            page.goto(f"{served.address}/check/{served.revision}")
            assert not page.locator(".drop-hint").is_visible()
            page.set_input_files("#f-file", str(served.file))
            page.locator("form[enctype] button").click()
            assert "byte for byte" in page.locator("#verdict").inner_text()

    def test_drops_a_pdf_anywhere_on_the_page(self, browser: Browser, served: Served) -> None:
        with browser.new_context() as context:
            context.add_cookies([{"name": LANGUAGE, "value": "en", "url": served.address}])
            context.add_init_script(REFUSED)
            page = context.new_page()
            for content, said in ((paper("башка"), "not ours"), (served.file.read_bytes(), "byte for byte")):
                page.goto(f"{served.address}/check")
                page.locator(".drop.can-drop").wait_for()
                page.evaluate(DROP, [list(content), "given.pdf"])
                page.locator("#verdict").wait_for()
                assert said in page.locator("#verdict").inner_text()
                assert page.evaluate("window.refused") == []


class TestEachPage:
    @pytest.mark.parametrize(
        ("theme", "width", "language"), [("light", 360, "ky"), ("dark", 360, "ru"), ("dark", 1280, "en")]
    )
    def test_fits_and_can_be_read_by_everybody(
        self, browser: Browser, served: Served, theme: str, width: int, language: str
    ) -> None:
        size = {"width": width, "height": 800}
        with browser.new_context(color_scheme=theme, viewport=size) as context:  # type: ignore[arg-type]  # what Playwright takes
            context.add_cookies([{"name": LANGUAGE, "value": language, "url": served.address}])
            context.add_init_script(REFUSED)
            page = context.new_page()
            for path in ("/check", f"/check/{served.revision}", f"/check/{UUID(int=5)}", "/check?code=УСТ 4.09"):
                page.goto(f"{served.address}{path}")
                _look(page, width)
            page.set_input_files("#f-file", str(served.file))
            page.locator("form[enctype] button").click()
            page.locator("#verdict").wait_for()
            _look(page, width)
            context.add_cookies([{"name": PERSON, "value": "quality", "url": served.address}])
            for path in (f"/revisions/{served.revision}/controlled", "/controlled", f"/revisions/{served.draft}"):
                page.goto(f"{served.address}{path}")
                _look(page, width)
            assert page.locator(".notice li").count() >= 3


def _look(page: Page, width: int) -> None:
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.refused") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 400:
        assert page.evaluate(TOO_SMALL, PRESSED) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
