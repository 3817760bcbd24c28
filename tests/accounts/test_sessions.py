"""Sessions: how long they last, that one sees and ends them, that nobody's is another's."""

import re

from models import tables as t
from tests.accounts.browsing import PASSWORD, Accounts, Browser, Clock, words

OTHER = "беш тоок короодо чуркайт"


class TestASession:
    def test_ends_twelve_hours_after_its_last_use(self, browser: Browser, clock: Clock) -> None:
        browser.sign_in("dean")
        clock.turn(hours=11, minutes=59)
        assert browser.get("/tasks").status_code == 200
        clock.turn(hours=12)
        assert browser.get("/tasks").status_code == 303

    def test_goes_on_while_it_is_used_but_not_longer_than_seven_days(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        browser.sign_in("dean")
        for _ in range(16):
            clock.turn(hours=10)
            assert browser.get("/tasks").status_code == 200
            accounts.settle()
        clock.turn(hours=8)
        assert browser.get("/tasks").status_code == 303

    def test_is_noted_as_used_at_most_every_five_minutes(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        browser.sign_in("dean")
        begun = clock.now
        clock.turn(minutes=4)
        for minutes in (0, 1, 4):
            clock.turn(minutes=minutes)
            browser.get("/tasks")
            accounts.settle()
        (row,) = accounts.rows(t.session)
        assert (row["seen_at"] - begun).total_seconds() == 300

    def test_ends_when_one_signs_out(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        token = browser.token
        assert browser.post("/sign-out").status_code == 303
        assert browser.token == ""
        browser.jar.set("sapat_session", token, "sapat.test", "/")
        assert browser.get("/tasks").status_code == 303
        assert len(accounts.told("session.ended")) == 1

    def test_of_this_browser_ends_when_it_signs_in_again(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        browser.sign_in("admin")
        assert [row["ended_at"] is None for row in accounts.rows(t.session)].count(True) == 1


class TestThePageOfSessions:
    def test_shows_mine_and_ends_each(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        other = accounts.browser(address="192.0.2.9")
        other.sign_in("dean")
        accounts.browser(address="192.0.2.10").sign_in("admin")
        page = browser.get("/account/sessions")
        assert "192.0.2.9" in page.text
        assert "192.0.2.10" not in page.text
        (reference,) = set(re.findall(r'name="session" value="([0-9a-f]{16})"', page.text))
        browser.post("/account/sessions/end", session=reference)
        assert other.get("/tasks").status_code == 303
        assert browser.get("/tasks").status_code == 200

    def test_ends_all_others_at_once(self, accounts: Accounts, browser: Browser) -> None:
        others = [accounts.browser() for _ in range(3)]
        for one in (browser, *others):
            one.sign_in("dean")
        browser.post("/account/sessions/end", session="others")
        assert [one.get("/tasks").status_code for one in (browser, *others)] == [200, 303, 303, 303]

    def test_ends_nobody_elses(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        (row,) = accounts.rows(t.session)
        other = accounts.browser()
        other.sign_in("admin")
        other.post("/account/sessions/end", session=row["token_hash"][:16])
        assert browser.get("/tasks").status_code == 200


class TestAnotherPassword:
    def test_ends_every_other_session_and_gives_this_one_a_new_token(
        self, accounts: Accounts, browser: Browser
    ) -> None:
        browser.sign_in("dean")
        before, other = browser.token, accounts.browser()
        other.sign_in("dean")
        answer = browser.post("/account/password", password=PASSWORD, new_password=OTHER, again=OTHER)
        assert answer.status_code == 303
        assert browser.get("/tasks").status_code == 200
        assert browser.token != before
        assert other.get("/tasks").status_code == 303
        other.jar.set("sapat_session", before, "sapat.test", "/")
        assert other.get("/tasks").status_code == 303
        assert accounts.browser().sign_in("dean").status_code == 403
        assert accounts.browser().sign_in("dean", OTHER).status_code == 303

    def test_needs_the_present_one_however_lately_one_signed_in(self, browser: Browser) -> None:
        browser.sign_in("dean")
        for typed, says in (("", "prove that it is you"), ("wrong", "This password is not right")):
            answer = browser.post("/account/password", new_password=OTHER, again=OTHER, password=typed)
            assert answer.status_code == 403
            assert says in words(answer)

    def test_is_held_to_the_same_rules(self, browser: Browser) -> None:
        browser.sign_in("dean")
        weak = browser.post("/account/password", password=PASSWORD, new_password="dekanov-2026", again="dekanov-2026")
        assert weak.status_code == 422
        assert "tried first" in words(weak)
        differs = browser.post("/account/password", password=PASSWORD, new_password=OTHER, again=OTHER + "!")
        assert differs.status_code == 422

    def test_cannot_be_guessed_from_an_open_session(self, browser: Browser) -> None:
        browser.sign_in("dean")
        for _ in range(5):
            browser.post("/account/password", password="wrong", new_password=OTHER, again=OTHER)
        paused = browser.post("/account/password", password=PASSWORD, new_password=OTHER, again=OTHER)
        assert paused.status_code == 429
        assert paused.headers["retry-after"] == "30"
