"""Policies and ladders: days, reminders and escalations as a university wants them, from a day on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON, Identified, Moment


class Ladder(SQLModel, table=True):
    """A ladder as tasks climb it. `id` is the SHA-256 (hex) of its `facts`: it is never changed, only another used."""

    id: str = Field(primary_key=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Policy(Identified, table=True):
    """What holds for a step from a day on, until a newer one for the same: `states.policies.Policy`.

    `days` None, `ladder_id` None: as declared. Never changed; one that is `withdrawn_at` a moment before its day never
    came to hold.
    """

    lifecycle: str
    step: str
    severity: str = ""
    campus_id: UUID | None = Field(default=None, foreign_key="unit.id")
    effective_from: date = Field(index=True)
    days: int | None = None
    working: bool = True
    ladder_id: str | None = Field(default=None, foreign_key="ladder.id")
    reason: str = ""
    made_by_id: UUID = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
