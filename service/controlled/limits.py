"""How many files are judged for whoever has no account: counted as complaints are, for all processes together."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

import sqlalchemy as sa

from service.accounts import throttle
from service.accounts.throttle import Allowance
from states.refusals import Refusal
from states.text import N_
from states.working_days import BISHKEK

# Of one address, behind which a whole university may be; and of everybody.
ONE: Final = Allowance(30, timedelta(minutes=1), timedelta(minutes=15))
ALL: Final = Allowance(300, timedelta(seconds=30), timedelta(minutes=2))


class TooManyChecks(Refusal):
    """More was asked from one place, or from everywhere, than people do; `Retry-After` is in seconds."""

    status = 429
    code = "too-many-checks"
    says = N_("Too much has been asked within a short time.")
    next_step = N_("Try again after %(time)s.")

    def __init__(self, until: datetime | None = None, now: datetime | None = None) -> None:
        if until is None or now is None:
            super().__init__()
            return
        super().__init__(time=until.astimezone(BISHKEK).strftime("%H:%M:%S"))
        self.headers = {"Retry-After": str(max(1, ceil((until - now).total_seconds())))}


def count(connection: sa.Connection, network: str, now: datetime) -> None:
    """Count a question. Raises TooManyChecks where a pause is on, for this network or for everybody."""
    throttle.tidy(connection, now)
    for name, allowance in (("checks", ALL), (f"check:{network}", ONE)):
        if until := throttle.count(connection, {name: allowance}, now):
            raise TooManyChecks(until, now)
