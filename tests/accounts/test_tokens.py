"""Tokens of programs: what they may do, for how long, and what is kept of them."""

import re

import pytest
import sqlalchemy as sa

from models import tables as t
from service.accounts.tokens import hashed
from tests.accounts.browsing import PASSWORD, Accounts, Browser, Clock, words
from tests.support.dump import dump

NEW = {"label": "Отчёттор", "scope": "write", "days": 90}
FOUND = {
    "title": "Протоколдор жок",
    "found": "Кафедранын протоколдору табылган жок",
    "nc_kind": "programme",
    "source": "internal_audit",
    "found_on": "2026-04-06",
}


@pytest.fixture
def mine(browser: Browser) -> Browser:
    browser.sign_in("dean")
    return browser


def made(browser: Browser, **asked: object) -> str:
    answer = browser.send("POST", "/api/me/tokens", json={**NEW, **asked})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def asks(accounts: Accounts, token: str, method: str = "GET", path: str = "/api/me", **told: object) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return accounts.browser().send(method, path, headers=headers, **told).status_code


class TestAToken:
    def test_lets_a_program_act_as_its_person(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine)
        assert token.startswith("sapat_")
        answer = accounts.browser().get("/api/me", Authorization=f"Bearer {token}")
        assert answer.json()["code"] == "dean"
        assert asks(accounts, token, "POST", "/api/nonconformities", json=FOUND) == 201

    def test_that_may_read_writes_nothing(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine, scope="read")
        assert asks(accounts, token, path="/api/me/tasks") == 200
        refused = accounts.browser().send(
            "POST", "/api/nonconformities", json=FOUND, headers={"Authorization": f"Bearer {token}"}
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "read-only-token")
        assert accounts.rows(t.record) == []

    def test_is_kept_only_as_a_hash_and_listed_without_it(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine)
        assert accounts.rows(t.api_token)[0]["token_hash"] == hashed(token)
        assert token not in str(dump(accounts.database))
        assert token not in mine.get("/api/me/tokens").text
        assert token not in mine.get("/account/tokens").text

    def test_ends_with_its_days(self, accounts: Accounts, mine: Browser, clock: Clock) -> None:
        token = made(mine, days=3)
        clock.turn(days=3, seconds=-1)
        assert asks(accounts, token) == 200
        clock.turn(seconds=1)
        assert asks(accounts, token) == 401

    @pytest.mark.parametrize("days", [0, 366, "x", None])
    def test_is_good_for_a_year_at_most(self, mine: Browser, days: object) -> None:
        answer = mine.send("POST", "/api/me/tokens", json={**NEW, "days": days})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"days"}

    def test_is_worth_nothing_once_it_is_revoked(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine)
        (row,) = mine.get("/api/me/tokens").json()["items"]
        assert mine.send("DELETE", f"/api/me/tokens/{row['id']}").status_code == 204
        assert asks(accounts, token) == 401
        assert mine.send("DELETE", f"/api/me/tokens/{row['id']}").status_code == 404
        assert [line["kind"] for line in accounts.rows(t.event) if "token" in line["kind"]] == [
            "token.made",
            "token.revoked",
        ]

    def test_of_somebody_else_cannot_be_revoked(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine)
        (row,) = mine.get("/api/me/tokens").json()["items"]
        other = accounts.browser()
        other.sign_in("admin")
        assert other.send("DELETE", f"/api/me/tokens/{row['id']}").status_code == 404
        assert other.get("/api/me/tokens").json()["items"] == []
        assert asks(accounts, token) == 200

    def test_of_a_disabled_account_opens_nothing(self, accounts: Accounts, mine: Browser, clock: Clock) -> None:
        token = made(mine)
        with accounts.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=clock.now))
        assert asks(accounts, token) == 401

    def test_is_noted_as_used_at_most_every_hour(self, accounts: Accounts, mine: Browser, clock: Clock) -> None:
        token, begun = made(mine), clock.now
        for minutes in (0, 30, 29):
            clock.turn(minutes=minutes)
            asks(accounts, token)
            accounts.settle()
        assert accounts.rows(t.api_token)[0]["used_at"] == begun


class TestATokenCannot:
    def test_make_another_one(self, accounts: Accounts, mine: Browser) -> None:
        token = made(mine)
        answer = accounts.browser().send(
            "POST", "/api/me/tokens", json=NEW, headers={"Authorization": f"Bearer {token}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "session-needed")

    def test_open_pages(self, accounts: Accounts, mine: Browser) -> None:
        assert asks(accounts, made(mine), path="/tasks") == 303

    def test_be_helped_by_a_cookie_where_it_is_wrong(self, mine: Browser) -> None:
        assert mine.get("/api/me").status_code == 200
        assert mine.get("/api/me", Authorization="Bearer sapat_wrong").status_code == 401

    @pytest.mark.parametrize("header", ["Bearer", "Bearer  ", "Basic ZGVhbjp4", "sapat_x", "Bearer \xff"])
    def test_be_something_else(self, accounts: Accounts, header: str) -> None:
        answer = accounts.browser().send("GET", "/api/me", headers={b"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401


class TestMakingAToken:
    def test_needs_a_proof_ten_minutes_after_signing_in(self, mine: Browser, clock: Clock) -> None:
        clock.turn(minutes=10)
        refused = mine.send("POST", "/api/me/tokens", json=NEW)
        assert (refused.status_code, refused.json()["code"]) == (403, "proof-needed")
        wrong = mine.send("POST", "/api/me/tokens", json={**NEW, "signature": {"password": "wrong"}})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-password")
        made(mine, signature={"password": PASSWORD})

    def test_shows_it_once_on_the_page(self, accounts: Accounts, mine: Browser) -> None:
        page = mine.post("/account/tokens", label="Отчёттор", scope="read", days="30")
        (token,) = re.findall(r"<code>(sapat_[\w-]{43})</code>", page.text)
        assert asks(accounts, token) == 200
        assert "Отчёттор" in words(mine.get("/account/tokens"))
        (row,) = accounts.rows(t.api_token)
        assert mine.post(f"/account/tokens/{row['id']}/revoke").status_code == 303
        assert asks(accounts, token) == 401

    def test_says_what_is_missing(self, mine: Browser) -> None:
        page = mine.post("/account/tokens", label="", scope="everything", days="x")
        assert page.status_code == 422
        assert page.text.count('class="error"') == 3
