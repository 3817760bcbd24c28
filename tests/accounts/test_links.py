"""Links that set a password once: by the administrator for others, printed for the first administrator."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.accounts.administration import first_link
from service.accounts.demonstration import mark_demonstration
from service.accounts.links import RESET, make_link, set_password_by_link
from service.accounts.refusals import LinkSpent
from service.organisation import CLOCK, organisation
from tests.accounts.browsing import NOW, PASSWORD, Accounts, Browser, Clock, words
from tests.support.dump import dump


def made_link(answer_text: str) -> str:
    return str(re.findall(r"http://sapat\.test(/link/[\w-]{43})<", answer_text)[0])


@pytest.fixture
def admin(accounts: Accounts) -> Browser:
    signed_in = accounts.browser()
    signed_in.sign_in("admin")
    return signed_in


class TestALink:
    def test_sets_a_password_once(self, accounts: Accounts, admin: Browser, browser: Browser) -> None:
        path = made_link(admin.post("/accounts/head/link").text)
        assert path.rpartition("/")[2] not in str(dump(accounts.database))
        assert "Bashchy Bashchiev" in words(browser.get(path))
        assert browser.post(path, new_password=PASSWORD, again=PASSWORD).headers["location"] == "/sign-in?set=yes"
        assert browser.get(path).status_code == 410
        assert browser.post(path, new_password=PASSWORD + "!", again=PASSWORD + "!").status_code == 410
        assert browser.sign_in("head").status_code == 303

    def test_is_not_used_up_by_looking_at_it_or_by_a_weak_password(self, admin: Browser, browser: Browser) -> None:
        path = made_link(admin.post("/accounts/head/link").text)
        for _ in range(3):
            assert browser.get(path).status_code == 200
        weak = browser.post(path, new_password="bashchiev2026", again="bashchiev2026")
        assert weak.status_code == 422
        assert browser.post(path, new_password=PASSWORD, again=PASSWORD).status_code == 303

    @pytest.mark.parametrize(("code", "purpose", "days"), [("head", "welcome", 7), ("dean", "reset", 1)])
    def test_is_too_old_after_its_days(
        self, accounts: Accounts, admin: Browser, browser: Browser, clock: Clock, code: str, purpose: str, days: int
    ) -> None:
        path = made_link(admin.post(f"/accounts/{code}/link").text)
        assert accounts.rows(t.one_time_link)[0]["purpose"] == purpose
        clock.turn(days=days, seconds=-1)
        assert browser.get(path).status_code == 200
        clock.turn(seconds=1)
        assert browser.get(path).status_code == 410

    def test_is_worth_nothing_once_there_is_a_newer_one(self, admin: Browser, browser: Browser) -> None:
        first, second = (made_link(admin.post("/accounts/head/link").text) for _ in range(2))
        assert browser.get(first).status_code == 410
        assert browser.get(second).status_code == 200

    def test_ends_sessions_revokes_tokens_and_lifts_the_pause(self, accounts: Accounts, admin: Browser) -> None:
        mine = accounts.browser()
        mine.sign_in("dean")
        mine.post("/account/tokens", label="x", scope="read", days="9")
        for _ in range(5):
            accounts.browser().sign_in("dean", "wrong")
        path = made_link(admin.post("/accounts/dean/link").text)
        other = "беш тоок короодо чуркайт"
        accounts.browser().post(path, new_password=other, again=other)
        assert mine.get("/tasks").status_code == 303
        assert accounts.rows(t.api_token)[0]["revoked_at"] is not None
        assert accounts.browser().sign_in("dean", other).status_code == 303

    def test_is_worth_nothing_once_the_password_was_changed_otherwise(self, accounts: Accounts, clock: Clock) -> None:
        with accounts.database.write() as connection:
            token = make_link(connection, accounts.person("dean"), RESET, CLOCK, clock.now)
        accounts.give_password("dean")
        with accounts.database.write() as connection, pytest.raises(LinkSpent):
            set_password_by_link(connection, token, "x", clock.now)

    def test_leaves_the_second_factor_in_place(self, accounts: Accounts, admin: Browser, browser: Browser) -> None:
        accounts.give_second_factor("dean")
        path = made_link(admin.post("/accounts/dean/link").text)
        browser.post(path, new_password=PASSWORD, again=PASSWORD)
        assert browser.sign_in("dean").headers["location"] == "/sign-in/second"

    def test_of_a_disabled_account_opens_nothing(self, admin: Browser, browser: Browser) -> None:
        path = made_link(admin.post("/accounts/head/link").text)
        admin.post("/accounts/head/disable")
        assert browser.get(path).status_code == 410


class TestTheAdministrator:
    def test_sees_every_account_and_finds_them_by_words(self, admin: Browser) -> None:
        page = words(admin.get("/accounts"))
        assert "Bashchy Bashchiev" in page
        found = words(admin.get("/accounts?q=DEKAN"))
        assert "Dekan Dekanov" in found
        assert "Bashchy" not in found

    def test_disables_and_enables(self, accounts: Accounts, admin: Browser, browser: Browser) -> None:
        browser.sign_in("dean")
        assert admin.post("/accounts/dean/disable").status_code == 200
        assert browser.get("/tasks").status_code == 303
        assert browser.sign_in("dean").status_code == 403
        assert admin.post("/accounts/dean/enable").status_code == 200
        assert browser.sign_in("dean").status_code == 303
        assert admin.post("/accounts/admin/disable").status_code == 422

    def test_takes_a_lost_second_factor_away(self, accounts: Accounts, admin: Browser, browser: Browser) -> None:
        accounts.give_second_factor("dean")
        admin.post("/accounts/dean/remove-second-factor")
        assert browser.sign_in("dean").headers["location"] == "/"

    def test_proves_who_they_are_ten_minutes_after_signing_in(self, admin: Browser, clock: Clock) -> None:
        clock.turn(minutes=10)
        assert admin.post("/accounts/head/link").status_code == 403
        assert made_link(admin.post("/accounts/head/link", password=PASSWORD).text)

    def test_is_nobody_else(self, accounts: Accounts, browser: Browser) -> None:
        browser.sign_in("dean")
        assert browser.get("/accounts").status_code == 403
        assert browser.get("/accounts/head").status_code == 403
        for what in ("link", "disable", "enable", "remove-second-factor"):
            assert browser.post(f"/accounts/head/{what}", password=PASSWORD).status_code == 403
        assert accounts.rows(t.one_time_link) == []
        assert "/accounts" not in browser.get("/account").text

    def test_of_yesterday_is_not_one_today(self, accounts: Accounts, admin: Browser) -> None:
        accounts.university.vacate("admin", NOW.date())
        assert admin.get("/accounts").status_code == 403


class TestTheFirstLink:
    def test_is_for_whoever_holds_the_post(self, accounts: Accounts, clock: Clock) -> None:
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(password_hash=None))
            token = first_link(connection, clock.now)
        assert token is not None
        assert accounts.rows(t.one_time_link)[0]["person_id"] == accounts.person("admin")

    def test_makes_the_post_and_its_holder_where_there_is_no_university_yet(self, database: Database) -> None:
        with database.write() as connection:
            assert first_link(connection, NOW)
        with database.read() as connection:
            (person,) = organisation(connection).people.values()
            assert person.code == "administrator"
            (post,) = organisation(connection).posts.values()
            assert post.role == "administrator"
            assert organisation(connection).holders(post.id, NOW.date()) == (person.id,)

    def test_is_a_new_one_at_each_start_until_it_was_used(self, database: Database) -> None:
        tokens = []
        for _ in range(3):
            with database.write() as connection:
                tokens.append(first_link(connection, NOW))
        assert len(set(tokens)) == 3
        with database.read() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(t.person)).scalar_one() == 1
            assert connection.execute(sa.select(sa.func.count()).select_from(t.one_time_link)).scalar_one() == 1

    def test_is_good_for_a_day(self, accounts: Accounts, browser: Browser, clock: Clock) -> None:
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(password_hash=None))
            token = first_link(connection, clock.now)
        clock.turn(hours=23)
        assert browser.get(f"/link/{token}").status_code == 200
        clock.turn(hours=1)
        assert browser.get(f"/link/{token}").status_code == 410

    def test_is_not_made_where_somebody_can_sign_in(self, accounts: Accounts, clock: Clock) -> None:
        with accounts.database.write() as connection:
            assert first_link(connection, clock.now) is None

    def test_is_not_made_in_a_demonstration(self, database: Database) -> None:
        with database.write() as connection:
            mark_demonstration(connection)
            assert first_link(connection, NOW + timedelta(days=1)) is None
