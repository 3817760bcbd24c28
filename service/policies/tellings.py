"""What a ladder says over time: the sweep's own rules without a database, and where a task takes up another ladder."""

from collections.abc import Iterator
from datetime import datetime

from states.ladders import first_rung, loudest, reached, rung_at, rung_moment
from states.lifecycle import Ladder, Rung
from states.working_days import Calendar, today


def index_after(ladder: Ladder, days: int) -> int:
    """The first rung that comes more than `days` working days after the due day (negative: before it)."""
    for index, rung in enumerate(ladder.rungs):
        if rung.days > days:
            return index
    return len(ladder.rungs) + (days - ladder.rungs[-1].days) // ladder.again.days


def reached_by(ladder: Ladder, rung: int, due_at: datetime, now: datetime, calendar: Calendar) -> int:
    """What `states.ladders.reached` says, without walking through years of repetitions."""
    surely = calendar.between(today(due_at), today(now)) - 1
    start = max(rung, index_after(ladder, surely)) if surely > ladder.rungs[-1].days else rung
    return reached(ladder, start, due_at, now, calendar)


def tellings(
    ladder: Ladder,
    rung: int,
    due_at: datetime,
    since: datetime,
    until: datetime,
    calendar: Calendar,
    after: datetime | None = None,
) -> Iterator[tuple[datetime, Rung]]:
    """When which rung speaks of a task that is swept without a break from `since` to `until` (both included).

    What has been reached by `since` is said then, the loudest of it alone. Of what is said only that comes which is
    said later than `after`.
    """
    top = reached_by(ladder, rung, due_at, since, calendar)
    if top >= rung:
        if after is None or since > after:
            yield since, rung_at(ladder, loudest(ladder, rung, top))
        rung = top + 1
    if after is not None and after > since:
        rung = max(rung, reached_by(ladder, rung, due_at, after, calendar) + 1)
    speaks = rung_moment(ladder, rung, due_at, calendar)
    while speaks <= until:
        top, later = rung, rung_moment(ladder, rung + 1, due_at, calendar)
        while later == speaks:  # two rungs about a due day that is no working day may fall on one morning
            top, later = top + 1, rung_moment(ladder, top + 2, due_at, calendar)
        yield speaks, rung_at(ladder, loudest(ladder, rung, top))
        rung, speaks = top + 1, later


def replanned(
    ladder: Ladder, due_at: datetime, opened_at: datetime, through: int | None, now: datetime, calendar: Calendar
) -> int:
    """The rung from which a task goes on, by this ladder and due moment, when it is re-planned at `now`.

    `through` is how far it was told for that due day (in working days from it); None: not at all. Nothing up to there
    is told again, nothing from `now` on is left out; of what lies between the next sweep tells the loudest.
    """
    first = first_rung(ladder, due_at, opened_at, calendar)
    if through is None:
        return first
    top = reached_by(ladder, first, due_at, now, calendar)
    return max(first, min(index_after(ladder, through), top + 1))
