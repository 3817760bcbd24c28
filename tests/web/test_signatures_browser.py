"""Signing in a real browser: a revision with files is endorsed and approved, and everybody looks at its signatures."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from models import tables as t
from service.web.site import LANGUAGE
from tests.accounts.browsing import PASSWORD
from tests.files.samples import PDF
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser
from tests.web.test_signing_in_browser import Served, device, make_passkey, served

__all__ = ["browser", "served"]

pytestmark = pytest.mark.browser
DAY = "2026-04-06"
ENDORSED = {"protocol_no": "7", "decided_on": DAY, "wording": "Жактырылсын"}
APPROVED = {"order_no": "12", "decided_on": DAY, "in_force_on": DAY}


class Desk:
    """Somebody at a browser, who reads `language`."""

    def __init__(self, browser: Browser, served: Served, person: str, language: str = "ky", **how: object) -> None:
        self.served, self.context = served, browser.new_context(**how)  # type: ignore[arg-type]  # what Playwright takes
        self.context.add_cookies([{"name": LANGUAGE, "value": language, "url": served.address}])
        self.context.add_init_script(REFUSED)
        self.page: Page = self.context.new_page()
        served.welcome(self.page, person)

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def form(self, revision: UUID, move: str) -> Locator:
        """The form of a move, opened."""
        self.page.goto(f"{self.served.address}/revisions/{revision}")
        form = self.page.locator(f'form[action$="/moves/{move}"]')
        form.wait_for(state="attached")
        if not form.is_visible():
            self.page.locator(".moves > details", has=form).locator("summary").first.click()
        return form

    def make(self, revision: UUID, move: str, **given: str) -> None:
        """Fill in the form, press its button; the page says that it is recorded."""
        form = self.form(revision, move)
        for name, value in given.items():
            form.locator(f'[name="{name}"]').fill(value)
        form.locator(".buttons button").click()
        self.page.locator(".notice.tone-good").wait_for()

    def attach(self, revision: UUID, name: str) -> None:
        """Attach a file."""
        form = self.form(revision, "attach_file")
        form.locator('[name="file"]').set_input_files({"name": name, "mimeType": "application/pdf", "buffer": PDF})
        form.locator(".buttons button").click()
        self.page.locator(".notice.tone-good").wait_for()


def looked_at(page: Page, width: int) -> None:
    """It fits, is big enough to be pressed, and can be read by everybody."""
    assert page.evaluate("window.refused") == []
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        assert page.evaluate(TOO_SMALL, PRESSED) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture(scope="module")
def signed(browser: Browser, served: Served) -> UUID:
    """A revision in force: one endorsement that is void, one that holds, and the rector's approval."""
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
    revision = served.university.draft(served.clock.now)
    with Desk(browser, served, "owner", **phone) as owner:
        owner.attach(revision, "Жобо.pdf")
        owner.make(revision, "submit")
        with Desk(browser, served, "sec_ouk", "ru", **phone) as secretary:
            secretary.make(revision, "endorse_with_amendments", **ENDORSED, password=PASSWORD)
        owner.attach(revision, "Тиркеме.pdf")
        owner.make(revision, "enter_amendments", clauses="4.1")
    with Desk(browser, served, "sec_ok", "en") as secretary:
        secretary.make(revision, "endorse", **ENDORSED, password=PASSWORD)
    with Desk(browser, served, "rector") as rector:
        page, form = rector.page, rector.form(revision, "approve")
        assert form.locator('[name="password"]').input_value() == ""
        assert form.locator(".to-sign .files li").count() == 2
        looked_at(page, 1280)
        rector.make(revision, "approve", **APPROVED, password=PASSWORD)
    return revision


class TestSignatures:
    @pytest.mark.parametrize(("language", "width", "theme"), [("ky", 390, "light"), ("ru", 1280, "dark")])
    def test_are_seen_by_whoever_reads_the_record(
        self, browser: Browser, served: Served, signed: UUID, language: str, width: int, theme: str
    ) -> None:
        size = {"width": width, "height": 900}
        with Desk(browser, served, "reader", language, viewport=size, color_scheme=theme) as reader:
            reader.page.goto(f"{served.address}/revisions/{signed}#signatures")
            cards = reader.page.locator(".signature")
            rows = served.university.rows(t.signature, t.signature.c.record_id == signed)
            assert cards.count() == len(rows) == 3
            assert reader.page.locator(".signature.void s").count() == 2
            for row in rows:
                assert row["content_hash"] in reader.page.locator(f"#signature-{row['id']}").inner_text()
            assert reader.page.locator(".decision .signed li").count() == 3
            assert reader.page.locator(".history .seal").count() == 3
            looked_at(reader.page, width)

    def test_are_printed_whole_and_what_can_be_done_is_not(
        self, browser: Browser, served: Served, signed: UUID
    ) -> None:
        with Desk(browser, served, "rector", "en") as rector:
            page = rector.page
            page.goto(f"{served.address}/revisions/{signed}")
            page.emulate_media(media="print")
            assert not page.locator("#moves").is_visible()
            for place in range(3):
                card = page.locator(".signature").nth(place)
                assert card.is_visible()
                assert card.locator(".signed-content .facts").is_visible()  # opened on paper, whatever the screen has


class TestAPasskey:
    def test_signs_without_a_password_and_begins_a_series(self, browser: Browser, served: Served, signed: UUID) -> None:
        given = {"order_no": "13", "decided_on": DAY, "reason": "Эскирди"}
        with Desk(browser, served, "rector", "en") as rector:
            page = rector.page
            device(page)
            make_passkey(page, served, "Ачкыч")
            form = rector.form(signed, "withdraw")
            for name, value in given.items():
                form.locator(f'[name="{name}"]').fill(value)
            form.locator("button[data-passkey]").click()
            page.locator(".notice.tone-good").wait_for()
            assert page.evaluate("window.refused") == []
        withdrawn = served.university.rows(t.signature, t.signature.c.record_id == signed)[-1]
        assert (withdrawn["method"], withdrawn["facts"]["move"]) == ("passkey", "withdraw")
        with served.university.database.read() as connection:
            mine = t.session.c.person_id == served.university.people["rector"]
            latest = connection.execute(sa.select(sa.func.max(t.session.c.signed_at)).where(mine)).scalar_one()
        assert latest == served.clock.now
