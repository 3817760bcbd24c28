"""The shapes of answers, for the API's description. `views` makes them as plain JSON; tests hold them to these."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Something answered."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """A refusal, RFC 9457. `errors` names the fields that are missing or wrong."""

    type: str = Field(examples=["/api/problems/incomplete"])
    title: str = Field(examples=["Something is missing or not right."])
    status: int = Field(examples=[422])
    code: str = Field(examples=["incomplete"])
    detail: str | None = None
    next_step: str | None = Field(default=None, examples=["Fill in what is marked and send it again."])
    errors: dict[str, str] | None = Field(default=None, examples=[{"protocol_no": "This is needed."}])


class ProblemKind(Shape):
    """A kind of refusal. `example` has named places where facts will stand."""

    code: str
    status: int
    description: str
    example: Problem


class Named(Shape):
    """Something with a code and a name in the reader's language."""

    code: str
    name: str


class About(Shape):
    """The record that something belongs to."""

    id: UUID
    code: str
    title: str
    lifecycle: str
    href: str


class RecordTask(Shape):
    """What a record waits for, of whom, until when."""

    id: UUID
    step: str
    task: str
    holder: str
    opened_at: datetime
    due_at: datetime
    original_due_at: datetime


class Task(RecordTask):
    """A task and its record. `days` are working days: past the deadline (> 0), or still to go (<= 0)."""

    record: About
    unit: str | None
    late: bool
    days: int
    group: Literal["late", "today", "soon", "later"]


class Decision(Shape):
    """A decision as it is kept: a body's, with its protocol, or the rector's, with an order."""

    kind: Literal["body", "order"]
    who: str
    move: str
    number: str
    decided_on: date
    agenda_item: str | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None
    wording: str | None
    in_force_on: date | None


class Offer(Shape):
    """A move that this person may make, and what it must record (JSON Schema of `given`)."""

    name: str
    label: str
    tone: Literal["forward", "back", "stop"]
    given: dict[str, Any]


class Entry(Shape):
    """One line of a history. `hash` is SHA-256 over the entry and `previous`, the hash before it."""

    id: UUID
    record_id: UUID
    seq: int
    at: datetime
    actor: Named | None
    actor_id: UUID | None
    acting_for: Named | None
    acting_for_id: UUID | None
    move: str
    move_label: str
    from_state: str
    to_state: str
    to_label: str
    given: dict[str, Any]
    cause_id: UUID | None
    previous: str
    hash: str


class Row(Shape):
    """A line of a list of records."""

    id: UUID
    lifecycle: str
    code: str
    title: str
    state: str
    state_label: str
    version: int
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    owner: str | None
    unit: str | None
    due_at: datetime | None
    late: bool
    href: str


class Record(Shape):
    """A record whole. Its ETag is its version."""

    id: UUID
    lifecycle: str
    code: str
    title: str
    state: str
    state_label: str
    version: int
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    author: Named | None
    owner: Named | None
    unit: Named | None
    process: Named | None
    parent: About | None
    tasks: list[RecordTask]
    decisions: list[Decision]
    moves: list[Offer]
    links: dict[str, str]


class Moved(Shape):
    """What a move left behind."""

    id: UUID
    state: str
    state_label: str
    version: int
    links: dict[str, str]


class Opened(Moved):
    """A record that has just been opened."""

    code: str
