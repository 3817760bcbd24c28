"""What a reader meets, in a real browser: contrast, width, focus, paper, and nothing asked of anybody else."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, sync_playwright

import service
from service.web.pages.drawn import Drawn

WEB = Path(service.__file__).parent / "web"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES = ["light", "dark"]
WIDTHS = [320, 390, 820, 1280]
REFUSED = """
    window.refused = [];
    addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI));
"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
FOCUS = """() => {
    const element = document.activeElement, styles = [getComputedStyle(element), getComputedStyle(element, "::after")];
    const seen = styles.some(s => s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2);
    return [seen, element.outerHTML.slice(0, 90)];
}"""
PRESSED = (
    "a.button, button, summary, select, textarea, label.option, .nav-list a, .tabs a, .tiles a, .languages a, .brand, "
    ".group li, .table tbody th a, .error-summary a, .field input:not([type=radio]):not([type=checkbox])"
)
TOO_SMALL = """pressed => [...document.querySelectorAll(pressed)]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


def environment() -> Environment:
    loader = FileSystemLoader(WEB / "templates")
    env = Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n"])
    env.globals["drawn"] = Drawn()
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # given by the i18n extension
    return env


class Handler(SimpleHTTPRequestHandler):
    """The design page and its static files, as strictly as the app will serve them."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        body = environment().get_template("design.html").render(lang="ky", version="0.1.0").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(WEB)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/design"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        complaint = "no chromium on PATH: the pages were not looked at"
        if os.environ.get("SAPAT_TEST_COMPLETE") == "1":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


def opened(browser: Browser, address: str, theme: str, width: int) -> Page:
    page = browser.new_page(color_scheme=theme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]  # what Playwright takes
    page.add_init_script(REFUSED)
    page.goto(address)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
class TestEveryComponent:
    def test_can_be_read_and_used_by_everybody(self, browser: Browser, address: str, theme: str, width: int) -> None:
        with opened(browser, address, theme, width) as page:
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()

    def test_fits_its_window(self, browser: Browser, address: str, theme: str, width: int) -> None:
        with opened(browser, address, theme, width) as page:
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_asks_nobody_else_and_breaks_no_policy(
        self, browser: Browser, address: str, theme: str, width: int
    ) -> None:
        host = address.rsplit("/", 1)[0]
        with opened(browser, address, theme, width) as page:
            asked: list[str] = []
            complaints: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: complaints.append(message.text))
            page.reload()
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.refused") == []
            assert complaints == []
            assert {url for url in asked if not url.startswith(host)} == set()
            assert {f"{host}/static/{name}" for name in ("icons.svg", "ornament.svg")} <= set(asked)


@pytest.mark.browser
class TestKeyboardAndFinger:
    @pytest.mark.parametrize("theme", THEMES)
    def test_focus_is_seen_wherever_tab_leads(self, browser: Browser, address: str, theme: str) -> None:
        with opened(browser, address, theme, 1280) as page:
            unseen = []
            for _ in range(60):
                page.keyboard.press("Tab")
                seen, what = page.evaluate(FOCUS)
                if not seen:
                    unseen.append(what)
            assert unseen == []

    def test_the_first_tab_skips_to_the_content(self, browser: Browser, address: str) -> None:
        with opened(browser, address, "light", 390) as page:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"

    def test_everything_pressed_is_large_enough_for_a_finger(self, browser: Browser, address: str) -> None:
        with opened(browser, address, "light", 390) as page:
            page.evaluate(OPEN_ALL)
            small = page.evaluate(TOO_SMALL, PRESSED)
            assert small == []

    def test_the_menu_of_a_phone_opens_without_a_script(self, browser: Browser, address: str) -> None:
        with browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 900}) as page:
            page.goto(address)
            entry = page.locator(".menu .nav-list a").first
            assert not entry.is_visible()
            page.locator(".menu summary").click()
            assert entry.is_visible()

    def test_on_paper_there_is_no_navigation(self, browser: Browser, address: str) -> None:
        with opened(browser, address, "dark", 1280) as page:
            page.emulate_media(media="print")
            assert not page.locator(".side").is_visible()
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


class TestTheFiles:
    def test_both_dark_blocks_say_the_same(self) -> None:
        text = (WEB / "static" / "tokens.css").read_text()
        blocks = re.findall(
            r'(?::not\(\[data-theme="light"\]\)|^\[data-theme="dark"\]) \{([^}]*)\}', text, re.MULTILINE
        )
        assert len(blocks) == 2
        assert blocks[0].split() == blocks[1].split()

    def test_templates_hold_no_script_and_no_style(self) -> None:
        for path in (WEB / "templates" / "components").glob("*.html"):
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", path.read_text()), path.name

    def test_each_icon_named_is_drawn(self) -> None:
        drawn = set(re.findall(r'id="(\w+)"', (WEB / "static" / "icons.svg").read_text()))
        page = environment().get_template("design.html").render(lang="ky")
        assert set(re.findall(r"icons\.svg#(\w+)", page)) <= drawn

    def test_a_cell_that_holds_several_things_is_shown_as_a_list(self) -> None:
        table = environment().get_template("components/lists.html").module.table  # type: ignore[attr-defined]  # a macro of the template
        columns = [{"key": key, "label": key.upper()} for key in ("a", "b", "c", "d")]
        several = [{"text": "1", "note": "60 <entries>"}, "two", None]
        shown = str(table("c", columns, [{"a": several, "b": several, "c": 3, "d": None}]))
        told = (
            '<ul class="cells"><li>1<span class="note soft">60 &lt;entries&gt;</span></li><li>two</li><li>—</li></ul>'
        )
        assert re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", shown)[len(columns) :] == [told, told, "3", "—"]

    def test_what_a_person_wrote_is_never_markup(self) -> None:
        marks = environment().get_template("components/marks.html").module
        assert "<b>" not in str(marks.badge("<b>", "good"))  # type: ignore[attr-defined]  # a macro of the template
