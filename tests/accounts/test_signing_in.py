"""Signing in with a name and a password, through the pages: what is told to whom, and what is kept."""

import re
from pathlib import Path
from unicodedata import normalize

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.accounts.passwords import Passwords, Verified
from service.accounts.tokens import hashed
from tests.accounts.browsing import HOST, NOW, PASSWORD, Accounts, Browser, Clock, application, words
from tests.support.databases import address
from tests.support.dump import dump


class TestWhoeverGivesTheRightPassword:
    @pytest.mark.parametrize("name", ["dean", "DEAN", "dean@uni.example", " Dean@Uni.Example "])
    def test_is_signed_in_by_code_or_address_and_led_on(self, browser: Browser, name: str) -> None:
        answer = browser.sign_in(name, next="/documents?q=x")
        assert (answer.status_code, answer.headers["location"]) == (303, "/documents?q=x")
        assert "Dekan Dekanov" in words(browser.get("/documents"))

    @pytest.mark.parametrize("wanted", ["https://else.test/", "//else.test", "/\\else.test", "javascript:alert(1)", ""])
    def test_is_led_nowhere_else(self, browser: Browser, wanted: str) -> None:
        assert browser.sign_in("dean", next=wanted).headers["location"] == "/"

    def test_is_in_the_log_with_address_and_method(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        (line,) = accounts.told("session.opened")
        assert (line["about_id"], line["address"]) == (accounts.person("dean"), "192.0.2.7")
        assert line["facts"] == {"method": "password"}

    def test_may_have_typed_it_on_a_keyboard_that_composes_letters_otherwise(self, accounts: Accounts) -> None:
        accounts.give_password("head", password=normalize("NFC", "кайрадан й ушундай"))
        assert accounts.browser().sign_in("head", normalize("NFD", "кайрадан й ушундай")).status_code == 303


class _WritesMeanwhile(Passwords):
    """While a password is checked, somebody else writes."""

    def __init__(self, other: Database) -> None:
        super().__init__(time_cost=1, memory_kib=64, lanes=1)
        self.other = other

    async def verify(self, password: str, kept: str | None) -> Verified:
        with self.other.write() as connection:
            connection.execute(sa.update(t.account).values(created_at=NOW))
        return await super().verify(password, kept)


class TestWhileAPasswordIsChecked:
    def test_others_write(self, accounts: Accounts, clock: Clock, tmp_path: Path) -> None:
        other = Database(address(accounts.database))
        app = application(accounts.database, clock, tmp_path, _WritesMeanwhile(other))
        assert Browser(app).sign_in("dean").status_code == 303
        app.state.site.close()
        other.close()

    def test_that_was_changed_meanwhile_signs_nobody_in(self, accounts: Accounts, clock: Clock, tmp_path: Path) -> None:
        class Changing(_WritesMeanwhile):
            async def verify(self, password: str, kept: str | None) -> Verified:
                with self.other.write() as connection:
                    connection.execute(sa.update(t.account).values(password_hash="another"))
                return await super().verify(password, kept)

        other = Database(address(accounts.database))
        app = application(accounts.database, clock, tmp_path, Changing(other))
        assert Browser(app).sign_in("dean").status_code == 403
        app.state.site.close()
        other.close()


class TestWhoeverDoesNot:
    @pytest.mark.parametrize("name", ["dean", "nobody", "", "reader", "\0", "x" * 5000])
    def test_is_told_the_same_at_the_same_cost(self, accounts: Accounts, browser: Browser, name: str) -> None:
        """`reader` is a person without an account."""
        passwords = accounts.app.state.site.passwords
        answer = browser.sign_in(name, "жол боюндагы башка терек")
        assert answer.status_code == 403
        told = re.sub(r'name="name" type="text" value="[^"]*"', "", answer.text)
        usual = accounts.browser().sign_in("dean", "x")
        assert told == re.sub(r'name="name" type="text" value="[^"]*"', "", usual.text)
        assert passwords.verifications == 2
        assert browser.token == ""

    def test_is_in_the_log_without_what_was_typed(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("nobody", "жол боюндагы башка терек")
        browser.sign_in("dean", "жол боюндагы башка терек")
        lines = accounts.told("sign_in.failed")
        assert [line["about_id"] for line in lines] == [None, accounts.person("dean")]
        assert all(line["facts"] == {"method": "password"} for line in lines)

    def test_is_refused_where_two_people_share_an_address(self, accounts: Accounts, browser: Browser) -> None:
        shared = sa.update(t.person).where(t.person.c.code == "head").values(email="dean@uni.example")
        accounts.university.change(shared)
        assert browser.sign_in("dean@uni.example").status_code == 403
        assert browser.sign_in("dean").status_code == 303

    def test_is_led_to_where_one_signs_in_and_back(self, browser: Browser) -> None:
        assert browser.get("/tasks?x=1").headers["location"] == "/sign-in?next=%2Ftasks%3Fx%3D1"
        assert browser.get("/person").headers["location"].startswith("/sign-in")
        assert 'value="/tasks?x=1"' in browser.get("/sign-in?next=%2Ftasks%3Fx%3D1").text


class TestADisabledAccount:
    def test_is_refused_as_any_other_wrong_name_and_password(self, accounts: Accounts, browser: Browser) -> None:
        wrong = browser.sign_in("dean", "x").text
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=NOW))
        answer = browser.sign_in("dean")
        assert (answer.status_code, answer.text) == (403, wrong)

    def test_ends_what_was_open(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=NOW))
        assert browser.get("/tasks").status_code == 303


class TestTheCookie:
    def test_cannot_be_read_by_scripts_nor_sent_by_other_sites(self, browser: Browser) -> None:
        told = browser.sign_in("dean").headers.get_list("set-cookie")[0]
        assert told.startswith("sapat_session=")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in told.split(";")}

    def test_is_of_protected_pages_alone_where_they_are_protected(
        self, accounts: Accounts, clock: Clock, tmp_path: Path
    ) -> None:
        base = HOST.replace("http", "https")
        app = application(accounts.database, clock, tmp_path, base_url=base)
        browser = Browser(app, base)
        told = browser.sign_in("dean").headers.get_list("set-cookie")[0]
        assert told.startswith("__Host-sapat_session=")
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in told.split(";")}
        assert "Domain" not in told
        assert browser.get("/tasks").status_code == 200
        browser.jar.set("sapat_session", browser.token, "sapat.test", "/")
        browser.jar.delete("__Host-sapat_session", "sapat.test", "/")
        assert browser.get("/tasks").status_code == 303
        app.state.site.close()

    def test_is_kept_here_only_as_a_hash(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        (row,) = accounts.rows(t.session)
        assert row["token_hash"] == hashed(browser.token)
        assert browser.token not in str(dump(accounts.database))
        assert PASSWORD not in str(dump(accounts.database))

    def test_is_a_new_one_at_every_sign_in_whatever_was_sent(self, accounts: Accounts, browser: Browser) -> None:
        browser.jar.set("sapat_session", "chosen-by-somebody-else", "sapat.test", "/")
        browser.sign_in("dean")
        first = browser.token
        assert first != "chosen-by-somebody-else"
        browser.sign_in("dean")
        assert browser.token != first
        other = accounts.browser()
        for fixed in ("chosen-by-somebody-else", first):
            other.jar.set("sapat_session", fixed, "sapat.test", "/")
            assert other.get("/tasks").status_code == 303


class TestAnotherSite:
    def test_cannot_sign_anybody_in_or_out(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        for path in ("/sign-in", "/sign-out", "/account/password", "/account/sessions/end"):
            refused = browser.send("POST", path, data={"name": "admin"}, headers={"Sec-Fetch-Site": "cross-site"})
            assert refused.status_code == 403
        assert browser.get("/tasks").status_code == 200
