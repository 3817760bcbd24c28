"""Signing in through a real browser: passwords without scripts, passkeys of a virtual device, pages for everybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.accounts.administration import link_for
from service.accounts.demonstration import demo_sign_in
from service.organisation import CLOCK
from service.settings import Settings
from service.web.site import LANGUAGE, Site
from tests.accounts.browsing import PASSWORD, Clock, quick
from tests.support.serving import serving
from tests.support.university import University
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser
PAGES = ("", "/password", "/second-factor", "/passkeys", "/sessions", "/tokens")


@dataclass
class Served:
    """A university whose people sign in, served at a name of this machine: passkeys do not work for bare numbers."""

    address: str
    university: University
    clock: Clock

    def link(self, code: str) -> str:
        """A link by which the person sets a password."""
        with self.university.database.write() as connection:
            return f"{self.address}/link/{link_for(connection, self.university.people[code], CLOCK, self.clock.now)}"

    def welcome(self, page: Page, code: str) -> None:
        """The person sets a password by a link, and signs in."""
        page.goto(self.link(code))
        page.fill('[name="new_password"]', PASSWORD)
        page.fill('[name="again"]', PASSWORD)
        page.locator("main form button").click()
        self.sign_in(page, code)

    def sign_in(self, page: Page, code: str) -> None:
        """Give the name and the password."""
        page.goto(f"{self.address}/sign-in")
        page.fill('[name="name"]', code)
        page.fill('[name="password"]', PASSWORD)
        page.locator('form[action="/sign-in"] button').click()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("accounts")
    database, clock = Database(f"sqlite:///{home / 'sapat.db'}"), Clock()
    upgrade(database)

    def site(address: str) -> Site:
        settings = Settings(base_url=address, home=home)
        return Site(settings, database, clock, demo_sign_in=demo_sign_in(settings, False), passwords=quick())

    with serving(site, "localhost") as address:
        yield Served(address, University.founded(database), clock)
    database.close()


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    with browser.new_context() as made:
        made.add_cookies([{"name": LANGUAGE, "value": "en", "url": served.address}])
        yield made


def device(page: Page) -> str:
    """A virtual authenticator that knows its owner; gives its identifier for the browser's own protocol."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = protocol.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return str(made["authenticatorId"])


def make_passkey(page: Page, served: Served, label: str) -> None:
    page.goto(f"{served.address}/account/passkeys")
    page.locator('form[action="/account/passkeys"] [name="label"]').fill(label)
    page.locator('button[data-passkey="create"]').click()
    page.locator(".notice.tone-good").wait_for()


class TestWithoutScripts:
    def test_a_person_sets_a_password_signs_in_and_sets_up_a_second_factor(
        self, browser: Browser, served: Served
    ) -> None:
        with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}) as context:
            context.add_cookies([{"name": LANGUAGE, "value": "en", "url": served.address}])
            page = context.new_page()
            served.welcome(page, "head")
            page.goto(f"{served.address}/account/second-factor")
            page.locator('form[action="/account/second-factor/new"] button').click()
            secret = page.locator(".secret code").inner_text().replace(" ", "")
            page.fill('[name="code"]', pyotp.TOTP(secret).at(served.clock.now))
            page.locator('form[action="/account/second-factor"] button').click()
            assert page.locator(".codes code").count() == 10
            recovery = page.locator(".codes code").first.inner_text()
            page.goto(f"{served.address}/account")
            page.locator('main form[action="/sign-out"] button').click()
            served.sign_in(page, "head")
            page.fill('[name="code"]', recovery)
            page.locator('form[action="/sign-in/second"] button').click()
            page.goto(f"{served.address}/account")
            assert "9 recovery codes left" in page.locator("main").inner_text()
            page.goto(f"{served.address}/account/passkeys")
            assert not page.locator('button[data-passkey="create"]').is_visible()


class TestAPasskey:
    def test_is_made_signs_in_proves_is_renamed_and_taken_away(self, context: BrowserContext, served: Served) -> None:
        page = context.new_page()
        page.add_init_script(REFUSED)
        served.welcome(page, "dean")
        device(page)
        make_passkey(page, served, "Телефон")
        (row,) = served.university.rows(t.passkey)
        assert row["label"] == "Телефон"
        page.goto(f"{served.address}/account")
        page.locator('main form[action="/sign-out"] button').click()
        page.goto(f"{served.address}/sign-in?next=%2Faccount%2Fpasskeys")
        page.locator('button[data-passkey="get"]').click()
        page.wait_for_url(f"{served.address}/account/passkeys")
        used = served.university.one(t.passkey)
        assert used["used_at"] is not None
        assert used["uses"] >= row["uses"]
        methods = {one["method"] for one in served.university.rows(t.session, t.session.c.ended_at.is_(None))}
        assert "passkey" in methods
        assert page.evaluate("window.refused") == []
        self._proves(page, served)
        page.goto(f"{served.address}/account/passkeys")
        page.locator("main summary").first.click()
        page.locator('form[action$="/name"] [name="label"]').fill("Менин телефонум")
        page.locator('form[action$="/name"] button').click()
        page.locator("h2", has_text="Менин телефонум").wait_for()
        page.locator("main summary").nth(1).click()
        page.locator('form[action$="/remove"] button[data-passkey="get"]').click()
        page.locator(".notice.tone-good").wait_for()
        assert served.university.rows(t.passkey) == []

    def _proves(self, page: Page, served: Served) -> None:
        """Ten minutes later the same passkey is the proof that a change needs; no password is typed."""
        served.clock.turn(minutes=11)
        page.goto(f"{served.address}/account/tokens")
        page.locator('[name="label"]').fill("Отчёттор")
        page.locator('[name="scope"][value="read"]').check()
        page.locator('button[data-passkey="get"]').click()
        page.locator(".secret code").wait_for()
        assert page.locator(".secret code").inner_text().startswith("sapat_")

    def test_proves_for_the_button_that_is_pressed_then_where_there_are_several(
        self, context: BrowserContext, served: Served
    ) -> None:
        page = context.new_page()
        served.welcome(page, "admin")
        device(page)
        make_passkey(page, served, "Ачкыч")
        served.clock.turn(minutes=11)
        page.goto(f"{served.address}/accounts/rector")
        page.locator('button[data-passkey="get"]').click()
        page.locator(".says", has_text="Now choose what to do").wait_for()
        page.locator('button[formaction$="/disable"]').click()
        page.locator(".notice.tone-good", has_text="disabled").wait_for()
        page.locator('button[data-passkey="get"]').click()
        page.locator(".notice.tone-good", has_text="may be used again").wait_for()

    def test_answers_each_challenge_once(self, context: BrowserContext, served: Served) -> None:
        page = context.new_page()
        served.welcome(page, "owner")
        device(page)
        make_passkey(page, served, "Ачкыч")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
        page.goto(f"{served.address}/account")
        page.locator('main form[action="/sign-out"] button').click()
        page.goto(f"{served.address}/sign-in")
        page.locator('button[data-passkey="get"]').click()
        page.wait_for_url(re.compile("/tasks$"))
        answer = next(body for body in sent if "clientDataJSON" in body)
        replayed = context.request.post(
            f"{served.address}/sign-in/passkey",
            data=answer,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": served.address},
            max_redirects=0,
        )
        assert replayed.status == 403

    def test_cannot_be_added_to_an_account_by_whoever_has_not_proved_who_they_are(
        self, context: BrowserContext, served: Served
    ) -> None:
        page = context.new_page()
        served.welcome(page, "vice")
        device(page)
        served.clock.turn(minutes=11)
        page.goto(f"{served.address}/account/passkeys")
        page.locator('button[data-passkey="create"]').click()
        page.locator(".says", has_text="prove that it is you").wait_for()
        vice = t.passkey.c.person_id == served.university.people["vice"]
        assert served.university.rows(t.passkey, vice) == []


class TestEveryPageOfTheAccount:
    @pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
    def test_is_for_everybody_and_fits(self, browser: Browser, served: Served, theme: str, width: int) -> None:
        size = {"width": width, "height": 900}
        with browser.new_context(color_scheme=theme, viewport=size) as context:  # type: ignore[arg-type]  # what Playwright takes
            context.add_cookies([{"name": LANGUAGE, "value": "ky", "url": served.address}])
            context.add_init_script(REFUSED)
            page = context.new_page()
            paths = [f"/account{path}" for path in PAGES] + ["/accounts", "/accounts/dean"]
            self._look(page, served, ["/sign-in", served.link("reader").removeprefix(served.address)], width)
            served.welcome(page, "admin")
            self._look(page, served, paths, width)
            served.clock.turn(minutes=11)
            self._look(page, served, paths, width)
            page.goto(f"{served.address}/account/second-factor")
            if page.locator('form[action$="/new"]').count():
                page.fill('form[action$="/new"] [name="password"]', PASSWORD)
                page.locator('form[action$="/new"] button.primary').click()
            self._look(page, served, ["/account/second-factor"], width)

    def _look(self, page: Page, served: Served, paths: list[str], width: int) -> None:
        for path in paths:
            page.goto(served.address + path)
            assert page.evaluate("window.refused") == [], path
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if width == 390:
                assert page.evaluate(TOO_SMALL, PRESSED) == [], path
            found = Axe().run(page)
            assert found.violations_count == 0, (path, found.generate_report())
