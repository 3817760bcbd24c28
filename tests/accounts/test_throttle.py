"""How often signing in may fail: counted by name and by address, in the database."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.accounts import throttle
from tests.accounts.browsing import NOW, Accounts, Browser, Clock, words
from tests.support.databases import address
from tests.support.together import together

MINUTE = timedelta(minutes=1)


class TestFailures:
    def test_five_are_free_then_pauses_grow_to_a_quarter_of_an_hour(self, database: Database) -> None:
        now = NOW
        pauses: list[float] = []
        with database.write() as connection:
            for _ in range(5):
                assert throttle.count(connection, {"x": throttle.ONE}, now) is None
            while len(pauses) < 7:
                until = throttle.count(connection, {"x": throttle.ONE}, now)
                assert until is not None
                pauses.append((until - now) / MINUTE)
                now = until
                assert throttle.count(connection, {"x": throttle.ONE}, now) is None
        assert pauses == [0.5, 1, 2, 4, 8, 15, 15]

    def test_are_forgotten_a_quarter_of_an_hour_after_the_last_pause(self, database: Database) -> None:
        with database.write() as connection:
            for _ in range(5):
                assert throttle.count(connection, {"x": throttle.ONE}, NOW) is None
            assert throttle.count(connection, {"x": throttle.ONE}, NOW) == NOW + timedelta(seconds=30)
            later = NOW + timedelta(seconds=30) + throttle.WINDOW
            for _ in range(4):
                assert throttle.count(connection, {"x": throttle.ONE}, later) is None

    def test_of_many_at_once_are_all_counted_by_two_connections_to_one_database(self, database: Database) -> None:
        other = Database(address(database))

        def attempt(through: Database) -> str:
            with through.write() as connection:
                return "paused" if throttle.count(connection, {"x": throttle.ONE}, NOW) else "tried"

        calls = [lambda through=through: attempt(through) for through in (database, other) * 10]
        outcomes = Counter(map(str, together(calls)))
        other.close()
        assert outcomes == {"tried": 5, "paused": 15}


class TestAnAddress:
    @pytest.mark.parametrize(
        ("told", "name"),
        [
            ("192.0.2.7", "address:192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
            ("fe80::1%eth0", "address:fe80::/64"),
            ("testclient", "address:testclient"),
        ],
    )
    def test_is_counted_as_one_subscriber_has_it(self, told: str, name: str) -> None:
        assert throttle.by_address(told) == name

    def test_may_fail_more_often_for_a_university_is_behind_it(self, database: Database) -> None:
        with database.write() as connection:
            for _ in range(100):
                assert throttle.count(connection, {"address:x": throttle.MANY}, NOW) is None
            assert throttle.count(connection, {"address:x": throttle.MANY}, NOW) == NOW + timedelta(seconds=10)

    def test_is_not_charged_for_what_was_right(self, accounts: Accounts) -> None:
        for _ in range(3):
            assert accounts.browser().sign_in("dean").status_code == 303
        (row,) = accounts.rows(t.attempts)
        assert (row["name"], row["failures"]) == ("address:192.0.2.7", 0)

    def test_that_tries_many_names_is_paused_for_every_name(self, accounts: Accounts, browser: Browser) -> None:
        with accounts.database.write() as connection:
            row = {"name": "address:192.0.2.7", "failures": 99, "since": NOW, "blocked_until": None}
            connection.execute(sa.insert(t.attempts), row)
        assert browser.sign_in("nobody-1", "wrong").status_code == 403
        assert browser.sign_in("dean").status_code == 429
        assert accounts.browser(address="192.0.2.8").sign_in("dean").status_code == 303


class TestSigningIn:
    @pytest.mark.parametrize("name", ["dean", "nobody"])
    def test_is_paused_after_five_failures_whether_there_is_such_an_account_or_not(
        self, accounts: Accounts, browser: Browser, clock: Clock, name: str
    ) -> None:
        for _ in range(5):
            assert browser.sign_in(name, "wrong").status_code == 403
        paused = browser.sign_in(name)
        assert paused.status_code == 429
        assert paused.headers["retry-after"] == "30"
        assert "Try again after 10:00:30." in words(paused)
        assert accounts.app.state.site.passwords.verifications == 5

    def test_in_another_spelling_of_the_name_is_the_same_name(self, accounts: Accounts, browser: Browser) -> None:
        for name in ("dean", "Dean", " DEAN ", "ｄｅａｎ", "dean"):
            assert browser.sign_in(name, "wrong").status_code == 403
        assert browser.sign_in("dEAN").status_code == 429

    def test_after_the_pause_is_possible_and_forgets_the_failures(
        self, accounts: Accounts, browser: Browser, clock: Clock
    ) -> None:
        for _ in range(5):
            browser.sign_in("dean", "wrong")
        clock.turn(seconds=30)
        assert browser.sign_in("dean").status_code == 303
        assert [row["name"] for row in accounts.rows(t.attempts)] == ["address:192.0.2.7"]

    def test_keeps_nothing_readable_of_what_was_typed_as_a_name(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in(PASSWORD_AS_NAME, "x")
        assert PASSWORD_AS_NAME not in str(accounts.rows(t.attempts)) + str(accounts.rows(t.event))


PASSWORD_AS_NAME = "my password by mistake"
