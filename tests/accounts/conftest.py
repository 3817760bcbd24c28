"""The university with accounts, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts.browsing import Accounts, Browser, Clock, application
from tests.support.university import University


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(university: University, clock: Clock, tmp_path: Path) -> Iterator[Accounts]:
    app = application(university.database, clock, tmp_path)
    made = Accounts(university, app, clock, tmp_path)
    made.give_password("dean", "admin")
    yield made
    app.state.site.close()


@pytest.fixture
def browser(accounts: Accounts) -> Browser:
    return accounts.browser()
