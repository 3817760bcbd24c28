"""The figures in a real browser: read, reached, told apart, on every width and ground, under our pages' policy."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from service.language import say
from service.pictures import Figure, embed
from service.web.guard import HEADERS
from tests.pictures.samples import awkward, usual
from tests.web.test_look import REFUSED, THEMES, WEB, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

WIDTHS = [320, 360, 640, 900, 1280]
SHEETS = ("tokens", "sapat", "pictures")
# Two texts that lie on each other, of one drawing; a pixel is what measuring may be wrong by.
OVERLAPS = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
        .filter(([, b]) => b.width);
    return boxes.flatMap(([a, p], k) => boxes.slice(k + 1).filter(([, q]) =>
        Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1.5
        && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > p.height / 3).map(([b]) => a + ' | ' + b));
})"""
OUTSIDE = """() => [...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width).flatMap(svg => {
    const own = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('*')].map(e => [e.textContent || e.outerHTML, e.getBoundingClientRect()])
        .filter(([, b]) => b.width && (b.left < own.left - 6 || b.right > own.right + 6
            || b.top < own.top - 6 || b.bottom > own.bottom + 6)).map(([a]) => a);
})"""
LETTERS = """() => Math.min(...[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width)
    .flatMap(svg => [...svg.querySelectorAll('text')].map(t => t.getAttribute('font-size')
        * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""
SHOWN = """() => [...document.querySelectorAll('figure')].map(figure =>
    [...figure.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width).map(s => s.classList[1]))"""
# Contrast of everything drawn with what it lies on; quiet lines that say nothing of their own are left out.
CONTRAST = """() => {
    const quiet = /picture-(area|grid|rail|track|lesser)/;
    const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
    const light = c => rgb(c).slice(0, 3).map(v => v / 255)
        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, k) => sum + v * [.2126, .7152, .0722][k], 0);
    const pair = (x, y) => (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
    const ratio = (a, b) => pair(light(a), light(b));
    const seen = c => c != 'none' && rgb(c)[3] !== 0;
    const found = {};
    for (const e of document.querySelectorAll('svg [class]')) {
        const name = e.getAttribute('class'), style = getComputedStyle(e);
        if (!e.getBoundingClientRect().width || quiet.test(name) || e.tagName == 'g' || e.tagName == 'a') continue;
        if (name == 'picture-inner') continue;  // it lies on its sign, whose contrast is the same the other way round
        const ground = getComputedStyle(e.closest('.card')).backgroundColor;
        const on = name == 'picture-badge-number' ? getComputedStyle(e.previousElementSibling).fill : ground;
        const best = Math.max(...[style.fill, style.stroke].filter(seen).map(c => ratio(c, on)));
        const least = e.tagName == 'text' ? 4.5 : 3;
        if (best < least) found[name] = best;
    }
    return found;
}"""


class Gallery(SimpleHTTPRequestHandler):
    """Two pages of figures, as strictly as the app serves its own."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        body = document(awkward() if self.path.startswith("/awkward") else usual()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", HEADERS["Content-Security-Policy"])
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def document(figures: list[Figure]) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in SHEETS)
    paper = '<link rel="stylesheet" href="/static/print.css" media="print">'
    cards = "".join(f'<div class="card">{embed(one, partial(say, language="ru"), "ru")}</div>' for one in figures)
    return (
        '<!doctype html><html lang="ky"><head><meta charset="utf-8"><title>Figures</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{sheets}{paper}</head>'
        f'<body><div class="page"><main id="main"><h1>Figures</h1>{cards}</main></div></body></html>'
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Gallery, directory=str(WEB)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(browser: Browser, address: str, width: int = 1280, theme: Any = "light") -> Page:
    page = browser.new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    page.add_init_script(REFUSED)
    page.goto(address)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["usual", "awkward"])
@pytest.mark.parametrize("width", WIDTHS)
class TestOnEveryWidth:
    def test_one_drawing_of_each_is_shown_and_all_of_it(
        self, browser: Browser, address: str, width: int, kind: str
    ) -> None:
        with opened(browser, f"{address}/{kind}", width) as page:
            shown = page.evaluate(SHOWN)
            assert shown == [["wide" if width >= 700 else "narrow"]] * len(shown)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == []

    def test_no_words_lie_on_others_and_all_can_be_read(
        self, browser: Browser, address: str, width: int, kind: str
    ) -> None:
        with opened(browser, f"{address}/{kind}", width) as page:
            assert page.evaluate(OVERLAPS) == []
            assert page.evaluate(LETTERS) >= 9.5


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [360, 1280])
class TestForEverybody:
    def test_axe_finds_nothing(self, browser: Browser, address: str, width: int, theme: str) -> None:
        with opened(browser, f"{address}/usual", width, theme) as page:
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()

    def test_everything_drawn_stands_out_from_its_ground(
        self, browser: Browser, address: str, width: int, theme: str
    ) -> None:
        for kind in ("usual", "awkward"):
            with opened(browser, f"{address}/{kind}", width, theme) as page:
                assert page.evaluate(CONTRAST) == {}


@pytest.mark.browser
class TestInUse:
    @pytest.mark.parametrize("kind", ["usual", "awkward"])
    def test_the_policy_of_our_pages_refuses_nothing(self, browser: Browser, address: str, kind: str) -> None:
        with opened(browser, f"{address}/{kind}") as page:
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text))
            page.reload()
            assert page.evaluate("window.refused") == []
            assert complaints == []

    def test_tab_leads_through_the_marks_of_the_drawing_that_is_shown(self, browser: Browser, address: str) -> None:
        with opened(browser, f"{address}/usual", 360) as page:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.getAttribute('href')") == "/late?unit=0"
            page.keyboard.press("Tab")
            ring = "getComputedStyle(document.activeElement.querySelector('.picture-area')).strokeWidth"
            assert page.evaluate(ring) == "2.5px"
            assert page.evaluate("document.activeElement.closest('svg').classList[1]") == "narrow"

    def test_a_mark_is_a_link_that_says_its_name_and_number(self, browser: Browser, address: str) -> None:
        with opened(browser, f"{address}/usual") as page:
            page.get_by_role("link", name="Бухгалтерия: 3", exact=True).click()
            assert page.url.endswith("/late?unit=3")

    def test_a_figure_without_links_is_an_image_with_its_facts(self, browser: Browser, address: str) -> None:
        with opened(browser, f"{address}/awkward") as page:
            image = page.get_by_role("img", name="Нөлдөр", exact=True)
            assert image.count() == 1
            assert "Бир" in str(image.locator("desc").text_content())

    def test_paper_takes_the_wide_drawing_in_black(self, browser: Browser, address: str) -> None:
        with opened(browser, f"{address}/usual", 673, "dark") as page:
            page.emulate_media(media="print")
            assert {tuple(one) for one in page.evaluate(SHOWN)} == {("wide",)}
            assert page.evaluate("getComputedStyle(document.querySelector('.picture-bar')).fill") == "rgb(0, 0, 0)"

    def test_beside_another_a_figure_takes_the_drawing_that_fits(self, browser: Browser, address: str) -> None:
        with opened(browser, f"{address}/usual", 1280) as page:
            page.evaluate("document.querySelectorAll('.card').forEach(c => c.style.width = '20rem')")
            assert {tuple(one) for one in page.evaluate(SHOWN)} == {("narrow",)}
