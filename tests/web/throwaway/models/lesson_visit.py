"""The tables of visits to lessons, of the remarks on them, and of the advices that came of them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import Numbered


class LessonVisit(SQLModel, table=True):
    """A lesson that somebody visits."""

    __tablename__ = "lesson_visit"

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    planned_on: date
    visitor_id: UUID = Field(foreign_key="person.id", index=True)
    held_on: date | None = None
    summary: str | None = None


class Remark(Numbered, table=True):
    """A remark; `advised` once an advice was given on it."""

    sort: str
    words: str
    clause: str | None = None
    advised: bool = False


class LessonAdvice(SQLModel, table=True):
    """An advice, and how it was followed."""

    __tablename__ = "lesson_advice"

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    how: str | None = None
