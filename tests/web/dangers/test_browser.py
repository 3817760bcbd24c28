"""In a real browser: our pages break no policy of theirs, and a page of another site gets nothing by using us."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext

from models import tables as t
from service.demo.story import first_start
from service.web.site import LANGUAGE, PERSON
from states.registry import lifecycle, lifecycles
from tests.files.samples import PDF
from tests.support.databases import SqliteTemplate
from tests.support.university import University
from tests.web.dangers.conftest import NOW, Wire, served
from tests.web.test_look import OPEN_ALL, REFUSED, browser

__all__ = ["browser"]

PERSONS = ("quality_specialist", "rector", "administrator")


class Evil(BaseHTTPRequestHandler):
    """A page of another site; `target` is ours."""

    def __init__(self, page: str, *rest: object) -> None:
        self.page = page
        super().__init__(*rest)  # type: ignore[arg-type]  # as it was given

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """The address of a site that shows this page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Evil, page))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def signed_in(browser: Browser, wire: Wire, person: str) -> BrowserContext:
    context = browser.new_context()
    for name, value in ((PERSON, person), (LANGUAGE, "en")):
        context.add_cookies([{"name": name, "value": value, "url": f"http://{wire.host}"}])
    return context


@pytest.fixture(scope="module")
def demonstration(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with sqlite_template.copy() as database:
        first_start(database, NOW)
        with database.read() as connection:
            one = sa.select(t.record.c.kind, sa.func.min(sa.cast(t.record.c.id, sa.String)).label("id"))
            rows = connection.execute(one.group_by(t.record.c.kind, t.record.c.state)).all()
        for wire in served(database, tmp_path_factory.mktemp("home")):
            wire.pages = [
                *("/tasks", "/person", "/documents", "/late", "/processes", "/nowhere", "/api/docs"),
                *(f"/{one.collection}{more}" for one in lifecycles().values() for more in ("", "/new")),
                *(f"/{lifecycle(row.kind).collection}/{row.id}" for row in rows),
            ]
            yield wire


@pytest.mark.browser
class TestOurPages:
    @pytest.mark.parametrize("person", PERSONS)
    def test_break_no_policy(self, browser: Browser, demonstration: Wire, person: str) -> None:
        with signed_in(browser, demonstration, person) as context:
            context.add_init_script(REFUSED)
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            for path in demonstration.pages:
                page.goto(f"http://{demonstration.host}{path}")
                page.evaluate(OPEN_ALL)
                assert page.evaluate("window.refused") == [], path
            assert [line for line in said if "404" not in line and "403" not in line] == []


@pytest.mark.browser
class TestAFile:
    def test_is_sent_by_a_form_and_downloaded_as_it_was(
        self, browser: Browser, wire: Wire, university: University, tmp_path: Path
    ) -> None:
        revision = university.draft(NOW)
        letter = tmp_path / "Жобо.pdf"
        letter.write_bytes(PDF)
        with signed_in(browser, wire, "owner") as context:
            page = context.new_page()
            page.goto(f"http://{wire.host}/revisions/{revision}")
            page.evaluate(OPEN_ALL)
            form = page.locator('form[action$="/moves/attach_file"]')
            form.locator('input[type="file"]').set_input_files(str(letter))
            form.locator("button").click()
            page.locator(".files a").wait_for()
            with page.expect_download() as begun:
                page.locator(".files a").click()
            assert begun.value.suggested_filename == "Жобо.pdf"
            assert Path(begun.value.path()).read_bytes() == PDF


@pytest.mark.browser
class TestAnotherSite:
    def test_cannot_frame_us(self, browser: Browser, wire: Wire, university: University) -> None:
        with (
            another_site(f'<iframe src="http://{wire.host}/tasks"></iframe>') as evil,
            signed_in(browser, wire, "dean") as context,
        ):
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(evil, wait_until="networkidle")
            assert all("Sapat" not in frame.content() for frame in page.frames[1:])
            assert any("frame" in line.lower() for line in said)

    def test_cannot_send_our_forms(self, browser: Browser, wire: Wire, university: University) -> None:
        found = university.reported(NOW)
        target = f"http://{wire.host}/nonconformities/{found}/moves/reject"
        fields = '<input name="version" value="1"><input name="reason" value="x">'
        with (
            another_site(f'<form method="post" action="{target}">{fields}<button>win</button></form>') as evil,
            signed_in(browser, wire, "quality") as context,
        ):
            page = context.new_page()
            page.goto(evil)
            with page.expect_response(lambda response: response.url == target) as answered:
                page.locator("button").click()
            assert answered.value.status == 403
        assert university.state(found) == "reported"

    def test_by_another_name_of_this_machine_is_not_answered(self, browser: Browser, wire: Wire) -> None:
        with socket.create_connection(("127.0.0.1", wire.port), timeout=5) as line:
            line.sendall(b"GET /tasks HTTP/1.1\r\nHost: rebound.evil.example\r\nConnection: close\r\n\r\n")
            assert line.recv(64).startswith(b"HTTP/1.1 421")
