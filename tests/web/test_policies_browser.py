"""Deadlines and ladders in a real browser: a version is tried out, kept, and open tasks are re-planned by it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.test_board_browser import Served, served
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser", "served"]  # fixtures: one Chromium, or a loud skip; a simulated year

# What the menu of a phone covers, when it is open.
CLOSED = "document.querySelectorAll('header details').forEach(one => { one.open = false })"
STEP = "/policies/nonconformities/cause_analysis"


def is_for_everybody(page: Page, width: int) -> None:
    """Fits, is accessible, needs nothing from elsewhere."""
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())
    assert page.evaluate("window.refused") == [], page.url
    if width < 400:
        assert page.evaluate(TOO_SMALL, PRESSED) == [], page.url
    page.evaluate(CLOSED)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "theme"), [(360, "ky", "light"), (1280, "ru", "dark")])
def test_a_version_is_tried_out_kept_and_replanned_by(
    browser: Browser, served: Served, width: int, language: str, theme: str
) -> None:
    size = {"width": width, "height": 900}
    with served.opened(browser, "quality_specialist", language, viewport=size, color_scheme=theme) as context:
        context.add_init_script(REFUSED)
        page = context.new_page()
        page.goto(served.address + STEP)
        page.locator('main a[href^="/policies/new?"]').first.click()
        page.locator('[name="days"]').fill(str(2 if width < 400 else 3))
        page.locator('[name="reason"]').fill("Сапат кеңешинин чечими, № 4")
        is_for_everybody(page, width)
        page.locator('button[value="try"]').click()
        page.locator('button[value="keep"]').wait_for()
        assert page.locator("main table").count() >= 2  # what it would have sent, and what it will send
        is_for_everybody(page, width)
        page.locator('button[value="keep"]').click()
        page.wait_for_url(f"**{STEP}?done=1")
        is_for_everybody(page, width)
        page.locator('main a[href^="/policies/replan?"]').first.click()
        is_for_everybody(page, width)
        page.locator('main form[action="/policies/replan"] button').click()
        page.wait_for_url("**?replanned=*")
        assert page.locator(".notice.tone-good").inner_text().strip()
        assert page.locator('main a[href^="/policies/replan?"]').count() == 0
        is_for_everybody(page, width)
