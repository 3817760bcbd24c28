"""Records that may be like another one: what somebody who looks for similar ones elsewhere is shown first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.mentioned import RecordName, fields_of
from service.reading.permitted import readable_by
from service.subject import typed_table
from states.lifecycle import Lifecycle
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


def links_alike(one: Lifecycle) -> str:
    """The field by which records of a lifecycle name others of it as similar; empty where they name none."""
    return next(
        (field.name for field in fields_of(one).values() if field.kind == "records" and field.of == one.name), ""
    )


def naming(one: Lifecycle, record_id: UUID) -> sa.ColumnElement[bool]:
    """The condition that a record of a lifecycle names another one of it as similar.

    Nothing leads from the named one to those that name it: all that name any are looked through.
    """
    typed = typed_table(one.name)
    named = sa.cast(typed.c[links_alike(one)], sa.Text)
    return t.record.c.id.in_(sa.select(typed.c.record_id).where(named.contains(record_id.hex)))
