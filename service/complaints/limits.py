"""How many complaints are taken, counted as signing in is: in the database, for all processes together."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from service.accounts import throttle
from service.accounts.throttle import Allowance
from service.complaints.refusals import TooManyComplaints
from service.vault import KEY_FILE, Vault
from states.working_days import today

# From one address; a whole class may be behind it.
ONE: Final = Allowance(10, timedelta(minutes=1), timedelta(minutes=15))
# From everywhere, by each way: of forms a hundred within an hour at most; of mails what a holiday leaves in a mailbox.
# The pauses are short, for they are everybody's.
ALL: Final = {
    "form": Allowance(25, timedelta(minutes=1), timedelta(minutes=5)),
    "mail": Allowance(100, timedelta(minutes=1), timedelta(minutes=5)),
}


def from_network(home: Path, address: str, now: datetime) -> str:
    """The counter of a computer's address. What is kept of it tells nobody the address, and is another one tomorrow."""
    Vault.at(home)
    told = f"{today(now)} {throttle.by_address(address)}".encode()
    return f"form:{hmac.new((home / KEY_FILE).read_bytes(), told, sha256).hexdigest()}"


def from_mailbox(address: str) -> str:
    """The counter of whoever a mail says it is from."""
    return f"mail:{sha256(address.encode()).hexdigest()}"


def count(connection: sa.Connection, counter: str, now: datetime) -> None:
    """Count a complaint. Raises TooManyComplaints where a pause is on, for this counter or for all of its way."""
    throttle.tidy(connection, now)
    way = counter.partition(":")[0]
    if until := throttle.count(connection, {f"complaints:{way}": ALL[way]}, now):
        raise TooManyComplaints(until, now, all_over=True)
    if until := throttle.count(connection, {f"complaint:{counter}": ONE}, now):
        raise TooManyComplaints(until, now)
