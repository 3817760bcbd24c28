"""How anything is tried: by somebody who may, mostly; what is refused has written nothing."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, Final

import sqlalchemy as sa
from hypothesis import note

from service.organisation import Actor, Organisation
from states.refusals import Duplicate, NotMovedOn, Refusal
from states.working_days import today
from tests.properties.watch import Watch, written
from tests.support.dump import dump
from tests.support.university import University

WRONG: Final = 0.03  # the share of attempts that are wrong on purpose, in each way
LOOKED_AT: Final = 0.01  # the share of attempts before and after which all that is in the database is read
MUCH: Final = 1_000


class Nobody(Refusal):
    """Nobody at the university may do that now, or there is nothing to do it with."""


@dataclass(slots=True)
class Trying:
    """People of one university at one moment; `done` counts what was done, and what was refused as what."""

    university: University
    watch: Watch
    random: Random
    now: datetime
    done: Counter[tuple[str, ...]] = field(default_factory=Counter)

    @property
    def day(self) -> date:
        """The day it is."""
        return today(self.now)

    def whoever(self, snapshot: Organisation, may_do: Callable[[Actor], bool]) -> Actor:
        """Somebody who may do it, mostly. Raises Nobody."""
        people = self.random.sample(sorted(self.university.people), len(self.university.people))
        actors = [snapshot.actor(self.university.people[code], self.day) for code in people]
        if self.random.random() < WRONG:
            return actors[0]
        for actor in actors:
            if may_do(actor):
                return actor
        raise Nobody

    def note(self, actor: Actor, what: str, given: dict[str, Any]) -> None:
        """Write into the story who does what."""
        who = self.university.who(actor.person_id) if actor.person_id else ""
        note(f"{self.now:%d.%m.%Y %H:%M:%S} {who} {what} {given}")

    def attempt(self, taken: tuple[str, str, str], make: Callable[[sa.Connection], None], may_write: int) -> bool:
        """Try it, and say whether it was done; whatever is refused has written nothing."""
        database = self.university.database
        before = dump(database) if self.random.random() < LOOKED_AT else None
        refused, count = None, 0
        with suppress(Refusal), database.write() as connection:
            count = written(connection)
            try:
                make(connection)
            except Refusal as refusal:
                refused, count = refusal, written(connection) - count
                raise
        if refused is None:
            return True
        self.done["refused", type(refused).__name__, *taken] += 1
        # A name that exists already is found out last, when files are written.
        assert count <= may_write or isinstance(refused, Duplicate), (taken, refused)
        assert before is None or dump(database) == before, (taken, refused)
        if isinstance(refused, NotMovedOn):
            self.watch.unmoved()
        return False
