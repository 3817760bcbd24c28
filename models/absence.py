"""Absences: who is away from a day to a day, and who acts for them meanwhile."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Identified, Moment


class Absence(Identified, table=True):
    """`since` and `until` are both included. Without a deputy the head above answers, as for a vacant post."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    deputy_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    since: date
    until: date
    reason: str = ""
    entered_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    entered_at: datetime = Field(sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
