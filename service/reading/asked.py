"""What a list of records is asked for, as conditions on them: the values apart, so that others may be given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.subject import typed_table
from states.kyrgyz import fold
from states.lifecycle import Lifecycle
from states.refusals import Malformed
from states.text import N_


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: parts that have a value, by the names that these have in a statement, and the rest.

    `typed` are choice fields (nc_kind, source, severity, …); `more` any conditions on `record`.
    """

    state: str | None = None
    text: str | None = None
    owner_post_id: UUID | None = None
    unit_id: UUID | None = None
    process_id: UUID | None = None
    parent_id: UUID | None = None
    document_id: UUID | None = None
    is_open: bool | None = None
    late: bool | None = None
    typed: Mapping[str, str] | None = None
    more: Iterable[sa.ColumnElement[bool]] = ()

    def given(self, now: datetime) -> dict[str, Any]:
        """The values, by name."""
        columns = ("state", "owner_post_id", "unit_id", "process_id", "parent_id")
        found = {name: value for name in columns if (value := getattr(self, name))}
        words = fold(self.text or "").split()
        found |= {f"word_{place}": f"%{_escaped(word)}%" for place, word in enumerate(words)}
        found |= {f"typed_{name}": value for name, value in (self.typed or {}).items()}
        found |= {"typed_document_id": self.document_id} if self.document_id else {}
        return found | ({"now": now} if self.late is not None else {})


def _escaped(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def narrowed(
    statement: sa.Select[Any], one: Lifecycle, may: sa.ColumnElement[bool], wanted: Asked, now: datetime
) -> sa.Select[Any]:
    """The records of one lifecycle for which `may` holds, as far as they are asked for: `wanted.given` by its names.

    Raises Malformed for a filter the lifecycle does not have.
    """
    record, task = t.record.c, t.task.c
    statement = statement.where(record.kind == one.name, *wanted.more, may)
    typed = typed_table(one.name)
    for name, value in wanted.given(now).items():
        where, _, field_name = name.partition("_")
        if where == "word":
            statement = statement.where(record.folded.like(sa.bindparam(name, value, sa.String()), escape="/"))
        elif where == "typed":
            if field_name not in typed.c:
                raise Malformed(N_("There is no such filter: “%(filter)s”."), filter=field_name)
            column = typed.c[field_name]
            statement = statement.where(column == sa.bindparam(name, value, column.type))
        elif name != "now":
            statement = statement.where(record[name] == sa.bindparam(name, value, record[name].type))
    if wanted.is_open is not None:
        statement = statement.where(record.closed_at.is_(None) == wanted.is_open)
    if wanted.late is not None:
        due_before = task.due_at < sa.bindparam("now", now, task.due_at.type)
        overdue = sa.exists().where(task.record_id == record.id, task.closed_at.is_(None), due_before)
        statement = statement.where(overdue if wanted.late else ~overdue)
    asks_fields = wanted.typed or wanted.document_id
    return statement.join(typed, typed.c.record_id == record.id) if asks_fields else statement
