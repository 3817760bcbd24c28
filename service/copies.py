"""Printed copies: what a new one takes from its document, and its number."""

from collections.abc import Mapping
from typing import Any

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
    number = act.connection.execute(
        sa.select(t.revision.c.number).where(t.revision.c.document_id == found.id, t.revision.c.in_force)
    ).scalar()
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
