"""What prints of a sitting say: its agenda, its protocol, and the extract for one item."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.prints.held import Held
from service.prints.sittings import Agenda, AgendaItem, Attendant, Extract, Protocol
from service.subject import Subject, load
from states.refusals import Malformed, NotFound
from states.text import N_
from states.working_days import today

_LONGEST: Final = 6


def agenda(connection: sa.Connection, subject: Subject, now: datetime) -> Agenda:
    """The agenda of a sitting, in its order."""
    sitting = Held(connection, subject, now)
    codes, fields = sitting.codes(), sitting.fields
    return Agenda(
        body=sitting.body.name,
        held_on=fields["held_on"],
        items=[
            AgendaItem(no, row["title"], row["speaker"] or "", [codes[row["about_id"]]] if row["about_id"] else ())
            for no, row in enumerate(sitting.items, start=1)
        ],
        time=fields["begins_at"],
        place=fields["held_at"],
        protocol_no=fields["protocol_no"] or "",
        secretary=sitting.secretary,
    )


def protocol(connection: sa.Connection, subject: Subject, now: datetime) -> Protocol:
    """The protocol of a sitting, as far as it has been written; with a line for its number until it is closed."""
    sitting = Held(connection, subject, now)
    fields = sitting.fields
    return Protocol(
        body=sitting.body.name,
        number=fields["protocol_no"] or "",
        held_on=fields["held_on"],
        items=[sitting.written(row, no) for no, row in enumerate(sitting.items, start=1)],
        chair=sitting.chair,
        secretary=sitting.secretary,
        place=fields["held_at"],
        time=fields["begins_at"],
        present=list(sitting.attendants(there=True)),
        absent=list(sitting.attendants(there=False)),
        guests=[Attendant(fields["guests"])] if fields["guests"] else (),
        quorum=sitting.quorum(),
        corrections=sitting.corrections(),
    )


def extract(connection: sa.Connection, subject: Subject, asked: Mapping[str, str], now: datetime) -> Extract:
    """The extract for the item of the number `asked["item"]` on the agenda. Raises Malformed, NotFound."""
    sitting, said = Held(connection, subject, now), asked.get("item", "")
    if not (said.isascii() and said.isdecimal() and len(said) <= _LONGEST):
        raise Malformed(N_("Say of which item: its number on the agenda."))
    if not 1 <= int(said) <= len(sitting.items):
        raise NotFound
    return _extracted(sitting, int(said))


def extract_about(connection: sa.Connection, record_id: UUID, asked: Mapping[str, str], now: datetime) -> Extract:
    """The extract for what a body decided on a record: at the sitting `asked["sitting"]`, else the last one.

    It is for whoever may read the record, and tells of nothing else that the body did on that day. Raises NotFound.
    """
    rows = connection.execute(protocols_about(record_id)).all()
    found = next((row for row in rows if asked.get("sitting", "") in ("", str(row.record_id))), None)
    if found is None:
        raise NotFound
    sitting = Held(connection, load(connection, found.record_id), now)
    return _extracted(sitting, next(no for no, row in enumerate(sitting.items, start=1) if row["no"] == found.no))


def protocols_about(record_id: UUID) -> sa.Select[Any]:
    """The closed protocols with an item about a record (`record_id`, `no`), the newest first."""
    item = t.agenda_item.c
    about = sa.select(item.record_id, item.no).join(t.record, t.record.c.id == item.record_id)
    about = about.where(item.about_id == record_id, item.removed_at.is_(None), t.record.c.state == "closed")
    return about.order_by(t.record.c.closed_at.desc())


def _extracted(sitting: Held, no: int) -> Extract:
    row, fields = sitting.items[no - 1], sitting.fields
    return Extract(
        body=sitting.body.name,
        number=fields["protocol_no"] or "",
        held_on=fields["held_on"],
        item=sitting.written(row, no),
        chair=sitting.chair,
        secretary=sitting.secretary,
        place=fields["held_at"],
        quorum=sitting.quorum(),
        certified_on=today(sitting.now),
        corrections=sitting.corrections(row["no"]),
    )
