"""Legal acts as they were entered, the newest first; those that are for one document."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from states.text import Text
from states.working_days import moment


@dataclass(frozen=True, slots=True)
class ActView:
    """An act, with the process or the document that it is for, where it is not for all."""

    id: UUID
    title: str
    number: str | None
    in_force_on: date
    says: str | None
    process: str | None
    process_name: str | None
    document_id: UUID | None
    document: str | None
    entered_at: datetime
    entered_by: Text | None


def list_acts(connection: sa.Connection) -> list[ActView]:
    """All of them."""
    return [_view(connection, row) for row in connection.execute(_acts())]


def acts_for(
    connection: sa.Connection, document_id: UUID, process_id: UUID | None, since: date | None
) -> list[ActView]:
    """Those for a document, for its process or for all: in force, or entered, since a day (None: whenever)."""
    act = t.legal_act.c
    for_all = act.process_id.is_(None) & act.document_id.is_(None)
    concerned = for_all | (act.document_id == document_id)
    if process_id:
        concerned |= act.process_id == process_id
    statement = _acts().where(concerned)
    if since:
        statement = statement.where((act.in_force_on >= since) | (act.entered_at >= moment(since)))
    return [_view(connection, row) for row in connection.execute(statement)]


def _acts() -> sa.Select[Any]:
    act = t.legal_act
    return (
        sa.select(
            act,
            t.process.c.code.label("process"),
            t.process.c.name.label("process_name"),
            t.document.c.code.label("document"),
        )
        .outerjoin(t.process, t.process.c.id == act.c.process_id)
        .outerjoin(t.document, t.document.c.id == act.c.document_id)
        .order_by(act.c.in_force_on.desc(), act.c.id)
    )


def _view(connection: sa.Connection, row: Any) -> ActView:
    person = organisation(connection).people.get(row.entered_by_id) if row.entered_by_id else None
    return ActView(
        row.id,
        row.title,
        row.number,
        row.in_force_on,
        row.says,
        row.process,
        row.process_name,
        row.document_id,
        row.document,
        row.entered_at,
        person.name if person else None,
    )
