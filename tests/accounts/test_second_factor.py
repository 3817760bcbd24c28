"""The second factor: codes of a device, each once; recovery codes, each once."""

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from models import tables as t
from tests.accounts.browsing import PASSWORD, Accounts, Browser, Clock, words
from tests.support.dump import dump

PATH = "/account/second-factor"


def code(browser: Browser, given: str) -> int:
    return browser.post("/sign-in/second", code=given).status_code


class TestSettingItUp:
    def test_shows_a_picture_and_letters_and_holds_once_a_code_is_given(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        browser.sign_in("dean")
        before = browser.token
        assert browser.post(f"{PATH}/new").status_code == 303
        page = browser.get(PATH)
        assert "<svg" in page.text
        assert "style=" not in page.text
        device = pyotp.TOTP("".join(re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)).replace(" ", ""))
        assert accounts.browser().sign_in("dean").headers["location"] == "/"
        done = browser.post(PATH, code=device.at(clock.now))
        codes = re.findall(r"<code>([a-z2-9-]{19})</code>", done.text)
        assert len(set(codes)) == 10
        assert browser.token != before
        assert accounts.browser().sign_in("dean").headers["location"] == "/sign-in/second"
        kept = str(dump(accounts.database))
        assert device.secret not in kept
        assert not [one for one in codes if one in kept or one.replace("-", "") in kept]
        assert device.secret not in browser.get(PATH).text

    def test_refuses_a_wrong_code_and_leaves_things_as_they_were(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        browser.post(f"{PATH}/new")
        assert browser.post(PATH, code="000000").status_code == 403
        assert accounts.browser().sign_in("dean").headers["location"] == "/"

    def test_needs_a_proof_ten_minutes_after_signing_in(self, browser: Browser, clock: Clock) -> None:
        browser.sign_in("dean")
        clock.turn(minutes=10)
        refused = browser.post(f"{PATH}/new")
        assert refused.status_code == 403
        assert "prove that it is you" in words(refused)
        assert browser.post(f"{PATH}/new", password=PASSWORD).status_code == 303

    def test_does_not_replace_one_that_is_there(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        code(browser, device.at(clock.now))
        assert browser.post(f"{PATH}/new").status_code == 409
        clock.turn(seconds=30)
        other = accounts.browser()
        other.sign_in("dean")
        assert code(other, device.at(clock.now)) == 303


class TestSigningInWithIt:
    def test_takes_two_steps_and_leads_on(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, _ = accounts.give_second_factor("dean")
        assert browser.sign_in("dean", next="/late").headers["location"] == "/sign-in/second"
        assert browser.token == ""
        assert browser.get("/tasks").status_code == 303
        assert browser.get("/sign-in/second").status_code == 200
        answer = browser.post("/sign-in/second", code=device.at(clock.now))
        assert answer.headers["location"] == "/late"
        assert browser.get("/late").status_code != 303
        assert accounts.rows(t.session)[0]["method"] == "password+totp"

    @pytest.mark.parametrize(("seconds", "status"), [(-60, 403), (-30, 303), (0, 303), (30, 303), (60, 403)])
    def test_takes_the_code_of_a_clock_that_is_half_a_minute_off(
        self, accounts: Accounts, browser: Browser, clock: Clock, seconds: int, status: int
    ) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        assert code(browser, device.at(clock.now + timedelta(seconds=seconds))) == status

    def test_takes_each_code_once_and_none_before_it(self, accounts: Accounts, clock: Clock) -> None:
        device, _ = accounts.give_second_factor("dean")
        first, again, earlier = (accounts.browser() for _ in range(3))
        for one in (first, again, earlier):
            one.sign_in("dean")
        assert code(first, device.at(clock.now)) == 303
        assert code(again, device.at(clock.now)) == 403
        assert code(earlier, device.at(clock.now - timedelta(seconds=30))) == 403

    def test_takes_each_recovery_code_once(self, accounts: Accounts, clock: Clock) -> None:
        _, codes = accounts.give_second_factor("dean")
        first, again = accounts.browser(), accounts.browser()
        for one in (first, again):
            one.sign_in("dean")
        assert code(first, codes[3].upper().replace("-", " ")) == 303
        assert code(again, codes[3]) == 403
        assert code(again, codes[4]) == 303
        assert "8 recovery codes left" in words(first.get("/account"))

    def test_pauses_after_five_wrong_codes(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        assert [code(browser, "12345") for _ in range(5)] == [403] * 5
        assert code(browser, device.at(clock.now)) == 429

    def test_takes_no_more_than_ten_minutes_between_the_steps(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        clock.turn(minutes=10)
        assert code(browser, device.at(clock.now)) == 403
        assert browser.get("/sign-in/second").headers["location"] == "/sign-in"

    def test_uses_up_the_first_step(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, codes = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        halfway = next(cookie for cookie in browser.jar.jar if cookie.name == "sapat_second").value or ""
        assert code(browser, device.at(clock.now)) == 303
        other = accounts.browser()
        other.jar.set("sapat_second", halfway, "sapat.test", "/")
        assert code(other, codes[0]) == 403

    def test_does_not_go_on_from_a_password_that_was_changed_meanwhile(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        accounts.give_password("dean", password="кырк бир терек жол боюнда")
        assert code(browser, device.at(clock.now)) == 403

    def test_still_works_by_recovery_codes_where_the_key_was_lost(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        device, codes = accounts.give_second_factor("dean")
        (accounts.home / "secret.key").unlink()
        browser.sign_in("dean")
        assert code(browser, device.at(clock.now)) == 403
        assert code(browser, codes[0]) == 303

    def test_is_not_asked_of_a_disabled_account(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=clock.now))
        assert code(browser, device.at(clock.now)) == 403


class TestTakingItAway:
    def test_needs_the_password_and_takes_the_recovery_codes_too(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        device, _ = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        code(browser, device.at(clock.now))
        assert browser.post(f"{PATH}/remove").status_code == 403
        assert browser.post(f"{PATH}/remove", password="wrong").status_code == 403
        assert browser.post(f"{PATH}/remove", password=PASSWORD).status_code == 303
        assert accounts.browser().sign_in("dean").headers["location"] == "/"
        assert accounts.rows(t.recovery_code) == []
        assert len(accounts.told("second_factor.removed")) == 1

    def test_new_recovery_codes_replace_the_old_ones(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        device, old = accounts.give_second_factor("dean")
        browser.sign_in("dean")
        code(browser, device.at(clock.now))
        page = browser.post(f"{PATH}/codes", password=PASSWORD)
        new = re.findall(r"<code>([a-z2-9-]{19})</code>", page.text)
        other = accounts.browser()
        other.sign_in("dean")
        assert code(other, old[0]) == 403
        assert code(other, new[0]) == 303
