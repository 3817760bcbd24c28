"""How often things are looked at, and how long to wait after a failure. All in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BISHKEK = ZoneInfo("Asia/Bishkek")
DAY_BEGINS = timedelta(minutes=5)  # after midnight, so that a clock a little ahead does not begin the day before


@dataclass(frozen=True)
class Rhythm:
    """The dispatcher's intervals; the defaults are those of a small university's host."""

    deliver: float = 5.0  # look for mail to send this often when nobody nudges
    gap: float = 1.0  # between the beginnings of two deliveries: a burst of decisions is one batch, not a run each
    sweep: float = 60.0
    publish: float = 30.0  # look for files to make this often when nobody nudges
    collect: float = 60.0
    daily: float = 60.0  # look this often whether a new day has begun
    patience: float = 30.0  # sweep and daily wait this long for Prefect at the start, so that their runs are seen
    poll: float = 30.0  # look for runs put off to a later time; those asked for now announce themselves
    health: float = 15.0
    failures: int = 3  # health checks in a row before Prefect is started again
    start: float = 90.0  # what a slow host may take to start Prefect
    steady: float = 60.0  # Prefect that lasted this long is started again without a wait
    first_wait: float = 1.0
    chore_wait: float = 5.0
    longest_wait: float = 300.0

    def wait(self, failures: int, first: float) -> float:
        """How long to wait after so many failures in a row: doubled each time, `longest_wait` at most."""
        return min(first * 2.0 ** min(failures - 1, 20), self.longest_wait)


def day_of(at: datetime) -> date:
    """The day in Bishkek that *daily* is run for at the moment `at`: it begins at 00:05."""
    return (at.astimezone(BISHKEK) - DAY_BEGINS).date()
