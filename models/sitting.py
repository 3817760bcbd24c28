"""The typed side of a record of the lifecycle `sitting`: the sitting of a body, its agenda, and what it decided."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import JSON_OR_NULL, Numbered


class Sitting(SQLModel, table=True):
    """When and where a body sits, by which rules (its own on the day), and the number its protocol has.

    `members` holds identifiers (hex) of people: who sat in the body when the papers went out. `quorum` and `majority`
    are rules of `states.voting`, `proxies` says whether somebody may vote for somebody else. `papers` are the names and
    SHA-256 of what the members were sent, by the number of the item.
    """

    __table_args__ = (sa.UniqueConstraint("body_id", "protocol_year", "protocol_no"),)

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    body_id: UUID = Field(foreign_key="body.id")
    held_on: date = Field(index=True)
    begins_at: str
    held_at: str
    members: list[Any] | None = Field(default=None, sa_type=JSON_OR_NULL)
    chair_id: UUID | None = Field(default=None, foreign_key="person.id")
    quorum: str
    majority: str
    proxies: bool = False
    guests: str | None = None
    protocol_no: str | None = None
    protocol_year: int | None = None
    papers: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL)


class AgendaItem(Numbered, table=True):
    """One item: in which `place` it comes, what it is `about` (a record that waits for the body), what was decided.

    `ballot` says how it was voted on.
    """

    __tablename__ = "agenda_item"

    place: int
    about_id: UUID | None = Field(default=None, foreign_key="record.id", index=True)
    title: str
    speaker: str | None = None
    heard: str | None = None
    spoke: str | None = None
    ballot: str | None = "open"
    majority: str | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None
    decision: str | None = None
    wording: str | None = None


class Attendee(Numbered, table=True):
    """Whether a member was there, and who voted for them where they were not."""

    __table_args__ = (sa.UniqueConstraint("record_id", "person_id"),)

    person_id: UUID = Field(foreign_key="person.id", index=True)
    presence: str | None = None
    proxy_id: UUID | None = Field(default=None, foreign_key="person.id")


class Ballot(Numbered, table=True):
    """How a member voted on an item (by its number), where it was voted on by name."""

    __table_args__ = (sa.UniqueConstraint("record_id", "item", "person_id"),)

    item: int
    person_id: UUID = Field(foreign_key="person.id")
    vote: str


class Instruction(Numbered, table=True):
    """What the body instructs whom to do by when, under which item; a record of its own once the protocol is closed."""

    item: int | None = None
    what: str
    owner_post_id: UUID | None = Field(default=None, foreign_key="post.id")
    due_on: date | None = None


class Correction(Numbered, table=True):
    """What was put right after the protocol had been closed; the protocol itself is never changed."""

    item: int | None = None
    says: str
    corrected_on: date
    person_id: UUID = Field(foreign_key="person.id")


class CouncilTask(SQLModel, table=True):
    """The typed side of a record of the lifecycle `council_task`: what a body instructed somebody to do."""

    __tablename__ = "council_task"

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    body_id: UUID = Field(foreign_key="body.id")
    item: int | None = None
    due_on: date
    original_due_on: date
    done: str | None = None
    done_on: date | None = None
    extensions: int = 0
