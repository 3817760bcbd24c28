"""Somebody at a browser of their own, who signs in whenever Sapat asks them to."""

import os
from pathlib import Path
from typing import Any

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.web.signed_in.house import House
from tests.web.test_look import PRESSED, REFUSED, TOO_SMALL

DESKTOP, PHONE = 1280, 390
UNFOLD = "window.folded = [...document.querySelectorAll('details:not([open])')]; folded.forEach(d => d.open = true)"
FOLD = "folded.forEach(d => d.open = false)"
# Where pictures of each step are kept, for whoever wants to look at them.
PICTURES = os.environ.get("SAPAT_TEST_PICTURES", "")


def password_of(person: str) -> str:
    """Each has one of their own."""
    return f"көк терек {person} жол боюнда"


class Desk:
    """A person, their browser in the language they read, and how they prove who they are.

    `device` shows the codes of a second factor; with `passkey` a virtual authenticator is used instead of a password.
    """

    def __init__(self, browser: Browser, house: House, person: str, width: int = DESKTOP) -> None:
        self.browser, self.house, self.person, self.width = browser, house, person, width
        self.device: pyotp.TOTP | None = None
        self.passkey = False
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            locale=house.facts_of(person)["language"],
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(REFUSED)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> None:
        """Go there; sign in on the way where that is asked for."""
        self.page.goto(path if path.startswith("http") else f"{self.house.address}{path}")
        if "/sign-in" in self.page.url:
            self.sign_in()
            self.page.locator('form[action="/sign-out"]').first.wait_for(state="attached")

    def sign_in(self, password: str = "") -> None:
        """Say who one is, on the page that asks for it, by what one has."""
        page = self.page
        if self.passkey:
            page.locator('button[data-passkey="get"]').click()
            return
        page.fill('form[action="/sign-in"] [name="name"]', self.person)
        page.fill('form[action="/sign-in"] [name="password"]', password or password_of(self.person))
        page.locator('form[action="/sign-in"] button').last.click()
        if self.device and not password:
            self.house.clock.turn(seconds=30)  # each code is good once
            page.locator('[name="code"]').wait_for()
            self.look("second")
            page.fill('[name="code"]', self.device.at(self.house.clock.now))
            page.locator('form[action="/sign-in/second"] button').click()

    def choose_password(self, link: str) -> None:
        """Open a link that somebody gave, and set a password by it."""
        self.page.goto(link)
        for name in ("new_password", "again"):
            self.page.fill(f'[name="{name}"]', password_of(self.person))
        self.page.locator("main form button").click()
        self.page.locator('form[action="/sign-in"]').wait_for()

    def sign_out(self) -> None:
        """Leave, by the button on the page of the account."""
        self.open("/account")
        self.page.locator('main form[action="/sign-out"] button').click()
        self.page.locator('form[action="/sign-in"]').wait_for()

    def tasks(self) -> list[str]:
        """What waits for this person, as they read it."""
        self.open("/tasks")
        return self.page.locator(".tasks li").all_inner_texts()

    def take_up(self, words: str) -> None:
        """From the list of one's tasks to the record."""
        self.open("/tasks")
        self.page.locator(".tasks li", has_text=words).locator("a").first.click()
        self.page.locator("h1").wait_for()

    def form(self, move: str) -> Locator:
        """The form of a move of the record that is open, unfolded."""
        form = self.page.locator(f'form[action$="/moves/{move}"]')
        form.wait_for(state="attached")
        if not form.is_visible():
            self.page.locator("main details:not([open])", has=form).locator("summary").first.click()
        return form

    def make(self, move: str, **given: Any) -> None:
        """Fill in the form, send it; the page says that it is recorded. A password is given where it is asked for."""
        form = self.form(move)
        self.fill(form, **given)
        password = form.locator('[name="password"]')
        if password.count() and self.passkey:
            form.locator("button[data-passkey]").click()
        else:
            if password.count():
                password.fill(password_of(self.person))
            form.locator(".buttons button").click()
        self.page.locator(".notice.tone-good").wait_for()

    def may(self, move: str) -> bool:
        """Whether the page offers it."""
        return self.page.locator(f'form[action$="/moves/{move}"]').count() > 0

    def fill(self, form: Locator, **given: Any) -> None:
        """Fill in fields by their names: what is typed, chosen, marked, or a file (its name and content)."""
        for name, value in given.items():
            control = form.locator(f'[name="{name}"]')
            kind = control.first.get_attribute("type")
            if kind != "file" and not control.first.is_visible():  # among what need not be said
                form.locator("details", has=self.page.locator(f'[name="{name}"]')).locator("summary").first.click()
            if kind == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "checkbox":
                control.first.check()
            elif kind == "file":
                control.set_input_files({"name": value[0], "mimeType": "", "buffer": value[1]})
            elif control.evaluate("control => control.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)

    def says(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    def look(self, name: str) -> None:
        """The page breaks no policy, fits, is big enough to be pressed, and can be read by everybody."""
        page = self.page
        if PICTURES:
            language = page.locator("html").get_attribute("lang")
            path = Path(PICTURES) / f"{name}-{self.person}-{language}-{self.width}.png"
            page.screenshot(path=path, full_page=True)
        assert page.evaluate("window.refused") == []
        page.evaluate(UNFOLD)
        assert page.evaluate("document.documentElement.scrollWidth") <= self.width, name
        if self.width == PHONE:
            assert page.evaluate(TOO_SMALL, PRESSED) == [], name
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
        page.evaluate(FOLD)
