"""Who does not sit in a body any more need not come to the sitting to which they were invited: they are told so."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.act import Act
from service.invited import TELLING, no_longer
from service.organisation import organisation
from service.subject import Holder, load
from service.tasks import parted

BEFORE: Final = ("planned", "called")


def uninvite(act: Act, body_id: UUID, person_id: UUID) -> int:
    """Tell somebody, or whoever got it in their place, of the sittings of a body for which they were called in vain.

    A sitting is not moved by this: its secretary sees who is missing. Gives how many were told.
    """
    told: list[dict[str, Any]] = []
    snapshot = organisation(act.connection)  # as it is after the change
    for row in act.connection.execute(_SITTINGS, {"body": body_id, "day": act.day}).all():
        sit = snapshot.sitting_in(body_id, row.held_on)
        if person_id in sit or person_id.hex not in (row.members or ()):
            continue
        theirs = {person_id, *Holder(person_id=person_id).readers(snapshot, act.day)}
        others = {one for member in sit for one in Holder(person_id=member).readers(snapshot, act.day)}
        gone = [one for one in no_longer(act.connection, row.record_id, others) if one in theirs]
        last = act.connection.execute(_LAST, {"of": row.record_id}).scalar()
        if gone and last:
            told += parted(act, load(act.connection, row.record_id), gone, last)
    insert_new(act.connection, t.notice, told)
    return len(told)


_SITTINGS = (
    sa.select(t.sitting.c.record_id, t.sitting.c.held_on, t.sitting.c.members)
    .join(t.record, t.record.c.id == t.sitting.c.record_id)
    .where(
        t.sitting.c.body_id == sa.bindparam("body"),
        t.sitting.c.held_on >= sa.bindparam("day"),
        t.record.c.state.in_(BEFORE),
    )
    .order_by(t.sitting.c.record_id)
)
_LAST = (
    sa.select(t.history.c.id)
    .where(t.history.c.record_id == sa.bindparam("of"), t.history.c.move.in_(TELLING))
    .order_by(t.history.c.seq.desc())
    .limit(1)
)
