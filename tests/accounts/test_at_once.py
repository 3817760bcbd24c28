"""What is good once is good once, also when two come at the very same moment through different connections."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import sqlalchemy as sa

from models.database import Database
from service.accounts import challenges, second_factor
from service.accounts.links import RESET, make_link, set_password_by_link
from service.accounts.signing_in import SECOND, Caller, Entered, by_code
from service.organisation import CLOCK
from service.vault import Vault
from tests.accounts.browsing import Accounts, Clock
from tests.support.databases import address
from tests.support.together import together

TIMES = 6


@pytest.fixture
def doors(accounts: Accounts) -> Iterator[list[Database]]:
    """Several ways into one database, as several processes have them."""
    opened = [Database(address(accounts.database)) for _ in range(TIMES)]
    yield opened
    for one in opened:
        one.close()


def once(doors: list[Database], use: Callable[[sa.Connection], object]) -> int:
    """How many of those who come at once succeed."""

    def attempt(door: Database) -> bool:
        with door.write() as connection:
            return bool(use(connection))

    outcomes = together([partial(attempt, door) for door in doors])
    return sum(outcome is True for outcome in outcomes)


class TestOnce:
    def test_is_a_link_used(self, accounts: Accounts, doors: list[Database], clock: Clock) -> None:
        with accounts.database.write() as connection:
            token = make_link(connection, accounts.person("dean"), RESET, CLOCK, clock.now)
        assert once(doors, lambda connection: set_password_by_link(connection, token, "x", clock.now)) == 1

    @pytest.mark.parametrize("kind", ["totp", "recovery"])
    def test_is_a_code_used(self, accounts: Accounts, doors: list[Database], clock: Clock, kind: str) -> None:
        device, codes = accounts.give_second_factor("dean")
        code = device.at(clock.now) if kind == "totp" else codes[0]
        vault, dean = Vault.at(accounts.home), accounts.person("dean")
        assert once(doors, lambda connection: second_factor.use(connection, vault, dean, code, clock.now)) == 1

    def test_is_a_challenge_answered(self, accounts: Accounts, doors: list[Database], clock: Clock) -> None:
        with accounts.database.write() as connection:
            challenges.ask(connection, "x", "token", clock.now)
        assert once(doors, lambda connection: challenges.take(connection, "x", "token", clock.now)) == 1

    def test_does_a_password_lead_on_to_a_session(self, accounts: Accounts, clock: Clock) -> None:
        device, codes = accounts.give_second_factor("dean")
        here, caller = accounts.app.state.site, Caller("192.0.2.7", "", clock.now)
        with accounts.database.write() as connection:
            challenges.ask(connection, SECOND, "token", clock.now, accounts.person("dean"), {"back": "/"})

        def enter(code: str) -> object:
            return asyncio.run(by_code(here, "token", code, caller))

        outcomes = together([partial(enter, code) for code in (device.at(clock.now), *codes[:5])])
        assert sum(isinstance(outcome, Entered) for outcome in outcomes) == 1, outcomes
