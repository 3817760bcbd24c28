"""Reading seals: the last ones, and how much of what there is they cover."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.reading.page import Page, read_page
from service.sealing import Sealed
from service.verifying.lines import in_utc

AT_ONCE: Final = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many records there are, and how many of them a seal has as they stand now."""

    records: int
    sealed: int


def list_seals(connection: sa.Connection, cursor: str | None = None, limit: int = AT_ONCE) -> Page[Sealed]:
    """The seals, the newest first. Raises Malformed for a bad cursor."""
    seals = sa.select(t.seal)
    return read_page(connection, seals, [t.seal.c.number], _sealed, cursor, limit, newest_first=True)


def coverage(connection: sa.Connection) -> Coverage:
    """How far the seals reach."""
    leaf, record = t.seal_leaf.c, t.record.c
    as_it_stands = t.seal_leaf.join(t.record, sa.and_(record.id == leaf.record_id, record.version == leaf.seq))
    sealed = sa.select(sa.func.count(leaf.record_id.distinct())).select_from(as_it_stands)
    records = sa.select(sa.func.count()).select_from(t.record)
    return Coverage(connection.execute(records).scalar_one(), connection.execute(sealed).scalar_one())


def _sealed(row: Any) -> Sealed:
    return Sealed(
        row.number,
        in_utc(row.at),
        row.leaves,
        row.root,
        row.events_until,
        row.events_hash,
        row.previous,
        row.hash,
    )
