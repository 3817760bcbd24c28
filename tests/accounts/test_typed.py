"""Whoever signs at the command types their password."""

import asyncio

import pytest
import sqlalchemy as sa

from models import tables as t
from service.accounts.demonstration import mark_demonstration
from service.accounts.passwords import Passwords
from service.accounts.refusals import TooManyAttempts, WrongPassword
from service.accounts.typed import proof_at_the_command
from tests.support.university import University, at

NOW = at(2026, 4, 6)
PASSWORD = "тоо булагы таза 7"


@pytest.fixture
def rector(university: University) -> University:
    passwords = Passwords()
    kept = asyncio.run(passwords.hash(PASSWORD))
    passwords.close()
    account = {"person_id": university.people["rector"], "password_hash": kept, "created_at": NOW, "totp_step": 0}
    with university.database.write() as connection:
        connection.execute(sa.insert(t.account), account)
    return university


def proof(university: University, typed: str, who: str = "rector") -> str:
    return proof_at_the_command(university.database, university.people[who], lambda: typed, NOW).method


class TestAProofAtTheCommand:
    def test_is_the_password(self, rector: University) -> None:
        assert proof(rector, PASSWORD) == "password"

    @pytest.mark.parametrize(("typed", "who"), [("another word 12", "rector"), (PASSWORD, "vice"), ("", "rector")])
    def test_is_nothing_else(self, rector: University, typed: str, who: str) -> None:
        with pytest.raises(WrongPassword):
            proof(rector, typed, who)
        assert rector.one(t.event)["kind"] == "proof.failed"

    def test_is_not_the_password_of_a_disabled_account(self, rector: University) -> None:
        with rector.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=NOW))
        with pytest.raises(WrongPassword):
            proof(rector, PASSWORD)

    def test_cannot_be_guessed_at_length(self, rector: University) -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                proof(rector, "guess")
        with pytest.raises(TooManyAttempts):
            proof(rector, PASSWORD)

    def test_is_not_asked_for_in_a_demonstration(self, rector: University) -> None:
        with rector.database.write() as connection:
            mark_demonstration(connection)
        assert proof(rector, "") == "demonstration"
