"""The numbers of a body's protocols: those that are used in a year, and the next one.

Decisions that were entered by hand, on a document's own page or by an import, carry the numbers of protocols too.
"""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from states.sitting_rules import as_number


def used_numbers(
    connection: sa.Connection, body_id: UUID, held_on: date, sitting_id: UUID | None = None
) -> frozenset[str]:
    """The numbers of that year that a sitting of that day cannot have, as `as_number` writes them.

    One under which a decision of that very day was entered by hand is its own: it is what its protocol records.
    """
    sitting, decision = t.sitting.c, t.decision.c
    protocols = sa.select(sitting.protocol_no).where(
        sitting.body_id == body_id, sitting.protocol_year == held_on.year, sitting.protocol_no.is_not(None)
    )
    if sitting_id:
        protocols = protocols.where(sitting.record_id != sitting_id)
    by_hand = _decided(body_id, held_on.year).where(decision.decided_on != held_on)
    return frozenset(as_number(no) for no in connection.execute(sa.union(protocols, by_hand)).scalars())


def next_protocol_no(connection: sa.Connection, body_id: UUID, held_on: date) -> str:
    """The number under which decisions of that day were entered already, else the one after the highest of the year.

    What is no number does not count.
    """
    used = used_numbers(connection, body_id, held_on)
    of_the_day = _decided(body_id, held_on.year).where(t.decision.c.decided_on == held_on)
    entered = {as_number(no) for no in connection.execute(of_the_day).scalars()} - used
    if own := [int(no) for no in entered if no.isdecimal()]:
        return str(max(own))
    return str(max((int(no) for no in used | entered if no.isdecimal()), default=0) + 1)


def _decided(body_id: UUID, year: int) -> sa.Select[Any]:
    decision, first = t.decision.c, date(year, 1, 1)
    of_year = decision.decided_on.between(first, date(year, 12, 31))
    return sa.select(decision.number).where(decision.body_id == body_id, of_year, decision.number != "")
