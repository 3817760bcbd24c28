"""The ladder of one task: which rungs were told, to whom and when, and when the next ones speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.reading.tasks import TaskView, Telling
from states.ladders import rung_at, rung_moment
from states.roles import joined, named
from states.text import Text
from states.working_days import Calendar


@dataclass(frozen=True, slots=True)
class RungView:
    """One rung. `at` is when its mail was sent (None where it has not been), or when it will speak; `names` are who is
    meant; `days` from the due day.
    """

    part: Text
    names: tuple[Text, ...]
    at: datetime | None
    told: bool
    missed: int
    days: int


def ladder_of(task: TaskView, tellings: Sequence[Telling], calendar: Calendar) -> list[RungView]:
    """The rungs told so far, then those still to come; past the last one, the next repetition."""
    ladder = task.ladder
    spoken: dict[tuple[datetime, int], list[Telling]] = {}  # re-planned, the same rung is told for another day
    for telling in tellings:
        if telling.task_id == task.id:
            spoken.setdefault((telling.created_at, telling.rung), []).append(telling)
    done = [
        RungView(
            part=joined(dict.fromkeys(one.part for one in those)),
            names=tuple(one.reader for one in those),
            at=min((one.sent_at for one in those if one.sent_at), default=None),
            told=True,
            missed=those[0].missed,
            days=rung,
        )
        for (_, rung), those in spoken.items()
    ]
    ahead = range(task.rung, max(len(ladder.rungs), task.rung + 1))
    return done + [
        RungView(
            part=named(rung_at(ladder, rung).to),
            names=(),
            at=rung_moment(ladder, rung, task.due_at, calendar),
            told=False,
            missed=0,
            days=rung_at(ladder, rung).days,
        )
        for rung in ahead
    ]
