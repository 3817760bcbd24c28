"""Working days of Kyrgyzstan, and the moments of a day at which things are due and said.

Counting: the day something happens is not counted; n working days later is the n-th working day after it. Due means by
18:00 in Bishkek on the due day; reminders go out at 9:00.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

BISHKEK: Final = ZoneInfo("Asia/Bishkek")
CLOSING: Final = time(18, 0)
MORNING: Final = time(9, 0)
FEWEST_A_YEAR: Final = 200  # fewer working days than this no year has


@lru_cache(maxsize=1)
def _public() -> "HolidayBase":
    from holidays import country_holidays  # slow to import, and not needed before the first deadline

    # All years at once: a Saturday worked for a bridge day may be declared with the year after it.
    return country_holidays("KG", years=range(2000, 2101))


@lru_cache(maxsize=10_000)
def _usually_works(day: date) -> bool:
    return day not in _public() if day.weekday() < 5 else day in _public().weekend_workdays


def today(now: datetime) -> date:
    """The day it is in Bishkek at the moment `now` (aware)."""
    return now.astimezone(BISHKEK).date()


def clock(now: datetime) -> str:
    """The time of day in Bishkek, as 14:00."""
    return f"{now.astimezone(BISHKEK):%H:%M}"


def moment(day: date, at: time = time(0, 0)) -> datetime:
    """The moment (UTC) at which it is `at` o'clock in Bishkek on `day`."""
    return datetime.combine(day, at, BISHKEK).astimezone(UTC)


def due_moment(day: date) -> datetime:
    """The moment (UTC) by which something due on `day` must be done: 18:00 in Bishkek."""
    return moment(day, CLOSING)


class Calendar:
    """Working days: Monday to Friday without public holidays, corrected by `exceptions` (day → is it worked).

    The working days of the years asked about are kept in order, so that counting is a look-up, not a walk.
    """

    def __init__(self, exceptions: Mapping[date, bool] | None = None) -> None:
        self._exceptions = dict(exceptions or {})
        self._worked: list[int] = []
        self._years = range(0)

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`."""
        return self._exceptions[day] if day in self._exceptions else _usually_works(day)

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it where negative); 0 is the last one not after `day`."""
        reach = abs(count) // FEWEST_A_YEAR + 1
        worked = self._in_years(day.year - reach, day.year + reach)
        place = (bisect_right if count >= 0 else bisect_left)(worked, day.toordinal())
        return date.fromordinal(worked[place + count - (count >= 0)])

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative where `end` is earlier."""
        worked = self._in_years(min(start, end).year, max(start, end).year)
        return bisect_right(worked, end.toordinal()) - bisect_right(worked, start.toordinal())

    def _in_years(self, first: int, last: int) -> list[int]:
        """The working days, as ordinals, of at least these years."""
        years = self._years
        if not years or first < years[0] or last > years[-1]:
            # At least twice as many as before, so that a walk through decades does not begin anew for each year.
            wider = len(years)
            years = range(max(1, min([first, *years]) - wider), min(9998, max([last, *years]) + wider) + 1)
            days = range(date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal() + 1)
            worked = [day for day in days if self.is_working(date.fromordinal(day))]
            # Replaced, never changed, and the days first: another thread may be counting.
            self._worked, self._years = worked, years
        return self._worked
