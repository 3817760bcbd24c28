"""One move while it is being made: who, when, on which connection, and what it follows from."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from models.prepared import Writes
from service.organisation import Actor, Organisation
from states.working_days import today


@dataclass(frozen=True, slots=True)
class Act:
    """What every part of the write path needs to know; `cause_id` is the history entry this move follows from.

    What needs no answer is put into `writes`, and sent when nothing more has to be read.
    """

    connection: sa.Connection
    organisation: Organisation
    actor: Actor
    now: datetime
    cause_id: UUID | None = None
    writes: Writes = field(default_factory=Writes)
    day: date = field(init=False)
    """The day it is in Bishkek."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", today(self.now))
