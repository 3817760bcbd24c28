"""Working days of Kyrgyzstan, and the moments of a day at which things are due and said.

Counting: the day something happens is not counted; n working days later is the n-th working day after it. Due means by
18:00 in Bishkek on the due day; reminders go out at 9:00.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

BISHKEK: Final = ZoneInfo("Asia/Bishkek")
CLOSING: Final = time(18, 0)
MORNING: Final = time(9, 0)


@lru_cache(maxsize=1)
def _public() -> holidays.HolidayBase:
    # All years at once: a Saturday worked for a bridge day may be declared with the year after it.
    return holidays.country_holidays("KG", years=range(2000, 2101))


@lru_cache(maxsize=10_000)
def _usually_works(day: date) -> bool:
    return day not in _public() if day.weekday() < 5 else day in _public().weekend_workdays


def today(now: datetime) -> date:
    """The day it is in Bishkek at the moment `now` (aware)."""
    return now.astimezone(BISHKEK).date()


def moment(day: date, at: time = time(0, 0)) -> datetime:
    """The moment (UTC) at which it is `at` o'clock in Bishkek on `day`."""
    return datetime.combine(day, at, BISHKEK).astimezone(UTC)


def due_moment(day: date) -> datetime:
    """The moment (UTC) by which something due on `day` must be done: 18:00 in Bishkek."""
    return moment(day, CLOSING)


class Calendar:
    """Working days: Monday to Friday without public holidays, corrected by `exceptions` (day → is it worked)."""

    def __init__(self, exceptions: Mapping[date, bool] | None = None) -> None:
        self._exceptions = dict(exceptions or {})

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`."""
        return self._exceptions[day] if day in self._exceptions else _usually_works(day)

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it where negative); 0 is the last one not after `day`."""
        ahead = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        if not count:
            while not self.is_working(day):
                day += ahead
        while left:
            day += ahead
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative where `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)
