"""The ladders: when a task's holder is reminded, and who is told after that, moment by moment.

A rung's moment is fixed by the task's due day, so a ladder can be asked about any moment at all: after an outage it
says which rung is reached now, not which ones were missed one by one.
"""

from datetime import datetime
from typing import Final

from states.lifecycle import Ladder, Rung
from states.roles import Role
from states.working_days import MORNING, Calendar, moment, today

# Domain: before a deadline its owner is reminded; after it the ladder rises: owner, owner's head, quality specialist,
# vice-rector, rector.
STANDARD: Final = Ladder(
    rungs=(
        Rung(-3, (Role.HOLDER,)),
        Rung(0, (Role.HOLDER,)),
        Rung(1, (Role.HOLDER,)),
        Rung(3, (Role.HOLDERS_HEAD,)),
        Rung(5, (Role.QUALITY_SPECIALIST,)),
        Rung(10, (Role.VICE_RECTOR,)),
        Rung(15, (Role.RECTOR,)),
    ),
    again=Rung(5, (Role.HOLDER,)),
)

# Nobody stands above the rector: the quality specialist knows, the rector is reminded.
RECTORS: Final = Ladder(
    rungs=(
        Rung(-3, (Role.HOLDER,)),
        Rung(0, (Role.HOLDER,)),
        Rung(1, (Role.HOLDER,)),
        Rung(3, (Role.QUALITY_SPECIALIST,)),
    ),
    again=Rung(5, (Role.HOLDER,)),
)


def rung_at(ladder: Ladder, index: int) -> Rung:
    """The rung of that index (0, 1, …, without end): those past the last one repeat `again`."""
    if index < len(ladder.rungs):
        return ladder.rungs[index]
    beyond = index - len(ladder.rungs) + 1
    again = ladder.again
    return Rung(ladder.rungs[-1].days + beyond * again.days, again.to, again.channel)


def rung_moment(ladder: Ladder, index: int, due_at: datetime, calendar: Calendar) -> datetime:
    """When (UTC) the rung speaks: 9:00 in Bishkek, so many working days from the due day."""
    return moment(calendar.add(today(due_at), rung_at(ladder, index).days), MORNING)


def first_rung(ladder: Ladder, due_at: datetime, opened_at: datetime, calendar: Calendar) -> int:
    """The first rung a task opened at `opened_at` has: reminders whose time had passed by then are not sent late."""
    index = 0
    while rung_at(ladder, index).days <= 0 and rung_moment(ladder, index, due_at, calendar) <= opened_at:
        index += 1
    return index


def loudest(ladder: Ladder, rung: int, top: int) -> int:
    """Which rung to tell when those from `rung` to `top` have been reached at once: the highest that escalates.

    Past the last rung only the holder is reminded: jumping over the rector must not silence the rector.
    """
    escalations = (index for index in range(min(top, len(ladder.rungs) - 1), rung - 1, -1))
    return next((index for index in escalations if rung_at(ladder, index).to != (Role.HOLDER,)), top)


def reached(ladder: Ladder, rung: int, due_at: datetime, now: datetime, calendar: Calendar) -> int:
    """The highest rung, from `rung` on, whose moment is not after `now`; `rung - 1` where not even that one is."""
    while rung_moment(ladder, rung, due_at, calendar) <= now:
        rung += 1
    return rung - 1
