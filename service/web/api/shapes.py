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


class SignedFile(Shape):
    """A file as a signature has it."""

    name: str
    sha256: str


class FileToSign(SignedFile):
    """A file that would be signed; `size` in bytes."""

    id: UUID
    size: int
    href: str


class ToSign(Shape):
    """What a move would sign, in which post, for whom. `content` is SHA-256 over the fields and the files."""

    meaning: Literal["endorsed", "approved", "verified", "read"]
    meaning_label: str
    post: str | None
    acting_for: str | None
    fields: dict[str, Any]
    files: list[FileToSign]
    content: str


class Signature(Shape):
    """A signature, in the words of its moment. It is void since `voided_at`, by the change `voided_by`.

    `fits` says that it makes its `hash`, and that the history entry of its move carries that hash.
    """

    id: UUID
    history_id: UUID
    meaning: Literal["endorsed", "approved", "verified", "read"]
    meaning_label: str
    move_label: str
    name: str
    post: str | None
    acting_for: str | None
    signed_at: datetime
    method: Literal["password", "passkey", "series", "demonstration"]
    fields: dict[str, Any]
    files: list[SignedFile]
    content: str
    hash: str
    fits: bool
    voided_at: datetime | None
    voided_by: str | None


class OfPart(Shape):
    """Which part a move is about, and what it does to one of it: `given` holds the number under the part's name."""

    name: str
    does: Literal["adds", "amends", "removes"]


class Offer(Shape):
    """A move that this person may make, and what it must record (JSON Schema of `given`), or what it `signs`.

    `now` is what the record has already of what the move sets; of a `part` that stands among the record's parts.
    """

    name: str
    label: str
    tone: Literal["forward", "aside", "back", "stop"]
    part: OfPart | None
    given: dict[str, Any]
    now: dict[str, Any]
    signs: ToSign | None


class Entry(Shape):
    """One line of a history. `hash` is SHA-256 over the entry and `previous`, the hash before it.

    One that is `hidden` says nothing of who did it, nor what would tell: their name is confidential. What was recorded
    and is `withheld` from whoever asks is named, without its value, and the entry's identifier and hash with it.
    """

    id: UUID | None
    record_id: UUID
    seq: int
    at: datetime
    actor: Named | None
    actor_id: UUID | None
    acting_for: Named | None
    acting_for_id: UUID | None
    post_id: UUID | None
    signature: str | None
    hidden: bool
    withheld: list[str]
    move: str
    move_label: str
    from_state: str
    to_state: str
    to_label: str
    given: dict[str, Any]
    cause_id: UUID | None
    previous: str
    hash: str | None


class Row(Shape):
    """A line of a list of records. `days_open` is how many days it has been open, or was; null while it rests."""

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
    days_open: int | None
    owner: str | None
    unit: str | None
    due_at: datetime | None
    late: bool
    href: str


class Record(Shape):
    """A record whole. Its ETag is its version. Where `author_hidden`, its author is told to few.

    `days_open` is how many days it has been open, or was; null while it rests.
    """

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
    days_open: int | None
    author: Named | None
    author_hidden: bool
    owner: Named | None
    unit: Named | None
    process: Named | None
    parent: About | None
    tasks: list[RecordTask]
    decisions: list[Decision]
    signatures: list[Signature]
    moves: list[Offer]
    links: dict[str, str]


class SentFile(Shape):
    """A file that is kept: what a move's field for a file is given. `sha256` in hex, `size` in bytes."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    name: str = Field(min_length=1, max_length=200)
    size: int = Field(ge=1)
    media_type: str


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
