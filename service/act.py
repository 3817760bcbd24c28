"""One move while it is being made: who, when, on which connection, and what it follows from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from service.organisation import Actor, Organisation
from states.working_days import today


@dataclass(frozen=True, slots=True)
class Act:
    """What every part of the write path needs to know; `cause_id` is the history entry this move follows from."""

    connection: sa.Connection
    organisation: Organisation
    actor: Actor
    now: datetime
    cause_id: UUID | None = None

    @property
    def day(self) -> date:
        """The day it is in Bishkek."""
        return today(self.now)
