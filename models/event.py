"""The log of what is not a record's history: who signed in, who changed people, posts, accounts, settings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import JSON, Moment


class Event(SQLModel, table=True):
    """One line, append-only by trigger. `about_id` is the person, post, unit … it concerns; `facts` hold no secret."""

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    kind: str = Field(index=True)
    actor_id: UUID | None = Field(default=None, foreign_key="person.id")
    about_id: UUID | None = Field(default=None, index=True)
    address: str = ""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
