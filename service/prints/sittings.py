"""The prints of a sitting: agenda, protocol, and the extract of a protocol for one of its items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.prints.common import Signatory, Words


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What will be considered; `speaker` reports on it, `documents` are codes with titles."""

    no: int
    title: Words
    speaker: Words = ""
    documents: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a sitting. `time` as people write it (14:00); `protocol_no` where it is known before."""

    body: Words
    held_on: date
    items: Sequence[AgendaItem]
    time: str = ""
    place: Words = ""
    protocol_no: str = ""
    chair: Signatory | None = None
    secretary: Signatory | None = None

    @property
    def dated(self) -> date:
        """The day of the sitting."""
        return self.held_on


@dataclass(frozen=True, slots=True)
class Attendant:
    """Somebody at a sitting, or away from it; `note` says why, or for whom."""

    name: Words
    post: Words = ""
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """How many were for, against, abstained."""

    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True, slots=True)
class NamedVote:
    """How one member voted, in words, where the vote is by name."""

    name: Words
    vote: Words


@dataclass(frozen=True, slots=True)
class SittingTask:
    """What somebody was told to do, by when."""

    what: Words
    who: Words
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ProtocolItem:
    """One item of a protocol. `heard` is what was said, a paragraph each; `decision` what was decided, likewise.

    `outcome` is the decision in a word (endorsed, returned …); `secret` that the vote was by secret ballot.
    """

    no: int
    title: Words
    speakers: Sequence[Words] = ()
    heard: Sequence[Words] = ()
    votes: Votes | None = None
    by_name: Sequence[NamedVote] = ()
    secret: bool = False
    outcome: Words = ""
    decision: Sequence[Words] = ()
    tasks: Sequence[SittingTask] = ()


@dataclass(frozen=True, slots=True)
class Protocol:
    """The protocol of a sitting. `quorum` says in words whether there was one (11 of 15 members, quorum 8).

    `corrections` are what was put right after it had been closed: they stand at its end, the protocol as it was.
    """

    body: Words
    number: str
    held_on: date
    items: Sequence[ProtocolItem]
    chair: Signatory
    secretary: Signatory
    place: Words = ""
    time: str = ""
    present: Sequence[Attendant] = ()
    absent: Sequence[Attendant] = ()
    guests: Sequence[Attendant] = ()
    quorum: Words = ""
    corrections: Sequence[Words] = ()

    @property
    def dated(self) -> date:
        """The day of the sitting."""
        return self.held_on


@dataclass(frozen=True, slots=True)
class Extract:
    """The extract (көчүрмө, выписка) of a protocol for one of its items; `certified_on` the day it was copied out."""

    body: Words
    number: str
    held_on: date
    item: ProtocolItem
    chair: Signatory
    secretary: Signatory
    place: Words = ""
    quorum: Words = ""
    certified_on: date | None = None
    corrections: Sequence[Words] = ()

    @property
    def dated(self) -> date:
        """The day it was copied out, else that of the sitting."""
        return self.certified_on or self.held_on
