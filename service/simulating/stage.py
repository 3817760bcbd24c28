"""What a script of the simulation acts on: one transaction at one moment, and dice of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from service.demo.casting import who_may
from service.importing.facts import facts
from service.moves import move
from service.opening import open_record
from service.organisation import Actor, Organisation, organisation
from service.signing import Proof
from service.subject import Subject, load
from states.working_days import today


@dataclass(slots=True)
class Stage:
    """The connection and the moment at which a script goes on."""

    connection: sa.Connection
    now: datetime

    @property
    def day(self) -> date:
        """The day in Bishkek."""
        return today(self.now)

    @property
    def university(self) -> Organisation:
        """The organisation as it is now."""
        return organisation(self.connection)

    def later(self, working_days: int) -> date:
        """The day so many working days from now."""
        return self.university.calendar.add(self.day, working_days)

    def open(self, kind: str, actor: Actor, given: Mapping[str, Any], parent: UUID | None = None) -> UUID:
        """Open a record. Raises any Refusal: then the script is wrong."""
        return open_record(self.connection, kind, given, actor, self.now, parent_id=parent).record_id

    def look(self, record_id: UUID) -> Subject:
        """The record as it stands."""
        return load(self.connection, record_id)

    def go(self, record_id: UUID, name: str, **given: Any) -> None:
        """Somebody who may make the move makes it. Raises any Refusal."""
        subject = self.look(record_id)
        actor = who_may(subject, subject.lifecycle.moves[name], self.university, self.day)
        move(self.connection, record_id, name, actor, given, self.now, proof=Proof("demonstration", self.now))


@dataclass(slots=True)
class Dice:
    """Chance that is the same each time: each record throws dice of its own."""

    random: Random

    @classmethod
    def of(cls, seed: int, *key: object) -> "Dice":
        """Those of one record."""
        return cls(Random(":".join(str(one) for one in (seed, *key))))  # noqa: S311 - a story, no secret

    def says(self, share: float) -> bool:
        """True in that share of throws."""
        return self.random.random() < share

    def days(self, usual: int, longest: int) -> int:
        """Working days somebody takes: mostly about `usual`, seldom up to `longest`, at least one."""
        return min(longest, 1 + int(self.random.expovariate(1 / usual)))

    def among(self, options: Mapping[str, int]) -> str:
        """One of the options, by their weights."""
        return self.random.choices(list(options), list(options.values()))[0]

    def words(self, what: str) -> str:
        """One of the sentences for it in data/simulated_words.tsv."""
        return self.random.choice([row["words"] for row in facts("simulated_words") if row["what"] == what])
