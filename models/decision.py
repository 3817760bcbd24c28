"""Decisions: a body's, with its protocol, or the rector's, with an order."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from models.base import Identified


class Decision(Identified, table=True):
    """`number` is free text as universities write it (№7, 01-12/138, 106\\6); empty where no order was needed."""

    record_id: UUID = Field(foreign_key="record.id", index=True)
    history_id: UUID = Field(foreign_key="history.id")
    kind: str
    body_id: UUID | None = Field(default=None, foreign_key="body.id", index=True)
    move: str
    number: str
    decided_on: date = Field(index=True)
    agenda_item: str | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None
    wording: str | None = None
    in_force_on: date | None = None
