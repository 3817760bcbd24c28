"""Which days people work in Kyrgyzstan, and how days are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.working_days import Calendar, due_moment, moment, today

CALENDAR = Calendar()
DAYS = st.dates(date(2006, 1, 1), date(2090, 12, 31))
COUNTS = st.integers(1, 60)

# As listed by their sources for these years.
HOLIDAYS = {
    2017: "01-02 01-09 02-23 03-08 03-20 03-21 04-07 05-01 05-05 05-08 05-09 06-26 08-31 09-01 11-06 11-07",
    2026: "01-01 01-02 01-05 01-06 01-07 03-20 05-01 05-04 05-05 05-06 05-07 05-08 05-27 08-31",
    2027: "01-01 01-04 01-05 01-06 01-07 03-08 03-09 05-03 05-04 05-05 05-06 05-07 08-31",
}


class TestAWorkingDay:
    @pytest.mark.parametrize("year", HOLIDAYS)
    def test_is_a_weekday_that_is_no_public_holiday(self, year: int) -> None:
        weekdays = [day for i in range(365) if (day := date(year, 1, 1) + timedelta(i)).weekday() < 5]
        free = [f"{day:%m-%d}" for day in weekdays if not CALENDAR.is_working(day)]
        assert free == HOLIDAYS[year].split()

    @pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
    def test_is_never_a_saturday_or_sunday_on_which_a_holiday_that_is_worked_falls(self, year: int) -> None:
        # 7 and 8 November are working days by the Labour Code of 2025: where they are weekdays.
        for day in (date(year, 11, 7), date(year, 11, 8), date(year, 2, 23), date(year, 4, 7)):
            if day >= date(2025, 2, 1):
                assert CALENDAR.is_working(day) == (day.weekday() < 5)

    @pytest.mark.parametrize("day", [date(2017, 3, 25), date(2017, 12, 30), date(2024, 3, 2), date(2025, 1, 11)])
    def test_is_a_saturday_worked_for_a_bridge_day(self, day: date) -> None:
        assert day.weekday() == 5
        assert CALENDAR.is_working(day)

    def test_is_what_the_university_says_where_it_says_so(self) -> None:
        saturday, monday = date(2026, 4, 11), date(2026, 4, 13)
        corrected = Calendar({saturday: True, monday: False})
        assert corrected.is_working(saturday)
        assert not corrected.is_working(monday)
        assert corrected.add(date(2026, 4, 10), 1) == saturday
        assert corrected.add(saturday, 1) == date(2026, 4, 14)
        assert Calendar({date(2026, 5, 4): True}).is_working(date(2026, 5, 4))

    def test_is_not_changed_by_whoever_gave_the_exceptions(self) -> None:
        given_days = {date(2026, 4, 11): True}
        calendar = Calendar(given_days)
        given_days.clear()
        assert calendar.is_working(date(2026, 4, 11))


class TestCounting:
    @pytest.mark.parametrize(
        ("day", "count", "then"),
        [
            (date(2026, 4, 6), 1, date(2026, 4, 7)),  # 7 April is worked since 2025
            (date(2026, 4, 10), 1, date(2026, 4, 13)),
            (date(2026, 4, 30), 1, date(2026, 5, 11)),  # the whole May holidays
            (date(2025, 12, 31), 1, date(2026, 1, 8)),
            (date(2017, 3, 24), 1, date(2017, 3, 25)),  # a worked Saturday
            (date(2017, 4, 5), 10, date(2017, 4, 20)),
            (date(2026, 5, 11), -1, date(2026, 4, 30)),
            (date(2026, 4, 12), -1, date(2026, 4, 10)),
            (date(2026, 4, 12), 0, date(2026, 4, 10)),
            (date(2026, 4, 10), 0, date(2026, 4, 10)),
            (date(2026, 5, 9), 0, date(2026, 4, 30)),
        ],
    )
    def test_does_not_count_the_day_itself(self, day: date, count: int, then: date) -> None:
        assert CALENDAR.add(day, count) == then

    @given(DAYS, st.integers(-60, 60))
    def test_ends_on_a_working_day(self, day: date, count: int) -> None:
        assert CALENDAR.is_working(CALENDAR.add(day, count))

    @given(DAYS, COUNTS)
    def test_between_is_the_inverse_of_adding(self, day: date, count: int) -> None:
        assert CALENDAR.between(day, CALENDAR.add(day, count)) == count

    @given(DAYS, COUNTS)
    def test_between_is_the_inverse_of_adding_backwards_from_a_working_day(self, day: date, count: int) -> None:
        day = CALENDAR.add(day, 0)
        assert CALENDAR.between(day, CALENDAR.add(day, -count)) == -count
        assert CALENDAR.add(CALENDAR.add(day, -count), count) == day

    @given(DAYS, DAYS.map(lambda day: timedelta(days=day.toordinal() % 90)))
    def test_between_two_days_is_as_long_both_ways(self, day: date, later: timedelta) -> None:
        assert CALENDAR.between(day, day + later) == -CALENDAR.between(day + later, day)
        assert CALENDAR.between(day, day) == 0

    @given(DAYS, COUNTS, COUNTS)
    def test_adding_twice_is_adding_the_sum(self, day: date, first: int, second: int) -> None:
        assert CALENDAR.add(CALENDAR.add(day, first), second) == CALENDAR.add(day, first + second)


class TestTheMomentsOfADay:
    def test_due_is_at_six_in_the_evening_in_bishkek(self) -> None:
        assert due_moment(date(2026, 4, 6)) == datetime(2026, 4, 6, 12, 0, tzinfo=UTC)

    def test_a_day_in_bishkek_begins_six_hours_before_it_does_in_utc(self) -> None:
        assert moment(date(2026, 4, 6)) == datetime(2026, 4, 5, 18, 0, tzinfo=UTC)
        assert today(datetime(2026, 4, 5, 17, 59, tzinfo=UTC)) == date(2026, 4, 5)
        assert today(datetime(2026, 4, 5, 18, 0, tzinfo=UTC)) == date(2026, 4, 6)

    @given(DAYS)
    def test_what_is_due_on_a_day_is_due_on_that_day(self, day: date) -> None:
        assert today(due_moment(day)) == day
