"""A complaint becomes a nonconformity, reported by nobody of the university: opened by Sapat itself."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.accounts.tokens import hashed
from service.complaints.fields import TRAP, kept
from service.complaints.limits import count
from service.complaints.refusals import SeemsAProgram
from service.opening import open_record
from service.organisation import CLOCK

# How long the same form sent again is known.
KNOWN: Final = timedelta(days=1)


class Taken(NamedTuple):
    """The nonconformity that came of a complaint."""

    record_id: UUID
    code: str


def complain(connection: sa.Connection, given: Mapping[str, Any], now: datetime, *, address: str) -> str:
    """Open a nonconformity with what somebody says; its number, for them to keep.

    `address` is the counter of where they are (`service.complaints.limits`). Raises TooManyComplaints, SeemsAProgram,
    Incomplete.
    """
    return take(connection, given, now, address=address).code


def take(connection: sa.Connection, given: Mapping[str, Any], now: datetime, *, address: str) -> Taken:
    """The same, with the record's identifier."""
    if given.get(TRAP):
        raise SeemsAProgram
    values = kept({name: value for name, value in given.items() if name != TRAP}, now)
    count(connection, address, now)
    moved = open_record(connection, "nonconformity", values, CLOCK, now)
    code = connection.execute(sa.select(t.record.c.code).where(t.record.c.id == moved.record_id)).scalar_one()
    return Taken(moved.record_id, code)


def complain_once(
    connection: sa.Connection, given: Mapping[str, Any], now: datetime, *, address: str, token: str
) -> str:
    """As `complain`; the same words with the same `token` within a day are one complaint, with the number it had."""
    if not token:
        return complain(connection, given, now, address=address)
    words = json.dumps({name: str(value) for name, value in given.items()}, sort_keys=True)
    name = hashed(f"complaint {token[:200]} {words}")
    row: dict[str, Any] = {
        "token_hash": name,
        "purpose": "complaint",
        "person_id": None,
        "facts": {},
        "expires_at": now + KNOWN,
    }
    # The token is taken first: whoever comes with the same one waits here until this transaction has ended.
    insert_new(connection, t.challenge, [{**row, "person_id": None}])
    mine = t.challenge.c.token_hash == name
    facts = connection.execute(sa.select(t.challenge.c.facts).where(mine)).scalar_one()
    if "code" in facts:
        return str(facts["code"])
    code = complain(connection, given, now, address=address)
    connection.execute(sa.update(t.challenge).where(mine).values(facts={"code": code}))
    return code
