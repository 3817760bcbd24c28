"""Routes, codes and reviews in a real browser: a route is changed, a code proposed, a year looked at."""

import pytest
from playwright.sync_api import Browser

from tests.web.test_board_browser import Served, served
from tests.web.test_look import REFUSED, browser
from tests.web.test_policies_browser import is_for_everybody

__all__ = ["browser", "served"]  # fixtures: one Chromium, or a loud skip; a simulated year


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "theme"), [(360, "ky", "light"), (1280, "ru", "dark")])
def test_the_pages_are_for_everybody(browser: Browser, served: Served, width: int, language: str, theme: str) -> None:
    size = {"width": width, "height": 900}
    with served.opened(browser, "quality_specialist", language, viewport=size, color_scheme=theme) as context:
        context.add_init_script(REFUSED)
        page = context.new_page()
        page.goto(served.address + "/routes")
        is_for_everybody(page, width)
        fold = page.locator("details.route-type", has=page.locator('a[href^="/routes/"]')).first
        fold.locator("summary").click()
        is_for_everybody(page, width)
        fold.locator('a[href^="/routes/"]').first.click()
        page.locator('[name="by_order"][value="no"]').check()
        page.locator('button[value="look"]').click()
        page.locator('button[value="new"]').wait_for()
        is_for_everybody(page, width)
        page.goto(served.address + "/documents/new")
        page.locator('[name="type"]').select_option(index=1)
        page.locator('[name="process_group"]').fill("3")
        page.locator('button[value="propose"]').click()
        page.wait_for_load_state()
        assert " 3." in page.locator('[name="code"]').input_value()
        is_for_everybody(page, width)
        page.goto(served.address + "/reviews")
        is_for_everybody(page, width)
        page.goto(served.address + "/reviews/acts")
        is_for_everybody(page, width)
