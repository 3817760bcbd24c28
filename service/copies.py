"""Printed copies: what a new one takes from its document, and its number."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from states.refusals import GuardUnmet
from states.text import N_


def prepare(act: Act, values: Mapping[str, Any], fields: dict[str, Any], typed: dict[str, Any]) -> None:
    """Fill the fields of a new copy: the revision in force, and its number. Raises GuardUnmet where none is."""
    document = t.document.c
    # Locked: of two who register a copy at once, the second counts the first one's.
    locked = sa.select(t.document).where(document.id == values["document"]).with_for_update(key_share=True)
    found = act.connection.execute(locked).one()
    number = _number_in_force(act.connection, found.id)
    if number is None:
        raise GuardUnmet(
            N_("This document is not in force: no copy of it may be used."), N_("Wait until it comes into force.")
        )
    last = act.connection.execute(
        sa.select(sa.func.max(t.printed_copy.c.number)).where(t.printed_copy.c.document_id == found.id)
    ).scalar()
    typed |= {"number": (last or 0) + 1, "issued_on": act.day}
    fields |= {
        "title": f"{found.title} ({found.code}/{number})",
        "process_id": found.process_id,
        "campus_id": found.campus_id,
    }


def _number_in_force(connection: sa.Connection, document_id: UUID) -> int | None:
    """The revision in force, held as it is until the copy is there: whatever ends it then recalls the copy."""
    revision = t.revision.c
    in_force = sa.select(revision.record_id, revision.number).where(
        revision.document_id == document_id, revision.in_force
    )
    there, found = None, connection.execute(in_force).first()
    while found != there and found is not None:
        # Whoever was just ending it has done so by now: what is in force is read again.
        held = sa.select(t.record.c.id).where(t.record.c.id == found.record_id).with_for_update(key_share=True)
        connection.execute(held).all()
        there, found = found, connection.execute(in_force).first()
    return found.number if found else None
