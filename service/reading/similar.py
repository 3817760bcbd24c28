"""Records that may be like another one: what somebody who looks for similar ones elsewhere is shown first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.mentioned import RecordName
from service.reading.permitted import readable_by
from service.subject import typed_table
from states.registry import lifecycle

MOST: Final = 6
_ALIKE: Final = ("clause", "nc_kind")


def similar_to(
    connection: sa.Connection, fields: Mapping[str, Any], kind: str, actor: Actor, now: datetime
) -> list[RecordName]:
    """The newest records of a kind that share the most with these fields, of those that the actor may read.

    What counts: the process, the unit, and what the typed fields have in common; nothing shared is not alike.
    """
    record, typed = t.record.c, typed_table(kind)
    columns = [record.process_id, record.unit_id, *(typed.c[name] for name in _ALIKE if name in typed.c)]
    shared = [
        sa.case((column == value, 1), else_=0) for column in columns if (value := fields.get(column.name)) is not None
    ]
    if not shared:
        return []
    score: sa.ColumnElement[Any] = sum(shared[1:], start=shared[0])
    statement = (
        sa.select(record.id, record.code, record.title)
        .join(typed, typed.c.record_id == record.id)
        .where(record.kind == kind, record.id != fields.get("id"), score > 0, readable_by(connection, actor, now, kind))
        .order_by(score.desc(), record.id.desc())
        .limit(MOST)
    )
    one = lifecycle(kind)
    return [RecordName(row.id, row.code, row.title, one, readable=True) for row in connection.execute(statement)]
