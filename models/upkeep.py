"""Small tables that keep the rest in order: days off the calendar, counters, answers to repeated requests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON, Moment


class DayException(SQLModel, table=True):
    """A day that is worked or not, against the calendar: a transferred day, an order of the rector."""

    __tablename__ = "day_exception"

    day: date = Field(primary_key=True)
    works: bool
    reason: str = ""


class Counter(SQLModel, table=True):
    """The last number given out under a name, or how often something has changed."""

    name: str = Field(primary_key=True)
    value: int = 0


class IdempotentAnswer(SQLModel, table=True):
    """What was answered to a request that carried an Idempotency-Key."""

    __tablename__ = "idempotent_answer"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    key: str = Field(primary_key=True)
    request_hash: str
    status: int
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment, index=True)


class ReceivedMail(SQLModel, table=True):
    """A mail that was taken in, by its Message-ID: one that is seen twice opens one record. `why` it opened none."""

    __tablename__ = "received_mail"

    message_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    record_id: UUID | None = Field(default=None, foreign_key="record.id")
    why: str | None = None
