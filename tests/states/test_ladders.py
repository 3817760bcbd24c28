"""The ladders: who is told, when; and what is said after an outage."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.ladders import RECTORS, STANDARD, first_rung, reached, rung_at, rung_moment
from states.lifecycle import Ladder
from states.roles import Role
from states.working_days import BISHKEK, Calendar, due_moment

CALENDAR = Calendar()
DUE = date(2026, 4, 8)
DUE_AT = due_moment(DUE)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
LADDERS = st.sampled_from([STANDARD, RECTORS])
MINUTE = timedelta(minutes=1)


def bishkek(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BISHKEK).astimezone(UTC)


class TestTheStandardLadder:
    @pytest.mark.parametrize(
        ("index", "day", "to"),
        [
            (0, date(2026, 4, 3), Role.HOLDER),
            (1, date(2026, 4, 8), Role.HOLDER),
            (2, date(2026, 4, 9), Role.HOLDER),
            (3, date(2026, 4, 13), Role.HOLDERS_HEAD),
            (4, date(2026, 4, 15), Role.QUALITY_SPECIALIST),
            (5, date(2026, 4, 22), Role.VICE_RECTOR),
            (6, date(2026, 4, 29), Role.RECTOR),
            (7, date(2026, 5, 14), Role.HOLDER),  # five working days on: over the May holidays
            (8, date(2026, 5, 21), Role.HOLDER),
        ],
    )
    def test_speaks_at_nine_in_bishkek(self, index: int, day: date, to: Role) -> None:
        assert rung_moment(STANDARD, index, DUE_AT, CALENDAR) == bishkek(day)
        assert rung_at(STANDARD, index).to == (to,)

    def test_of_what_is_due_on_a_sunday_speaks_on_the_friday_before(self) -> None:
        assert rung_moment(STANDARD, 1, due_moment(date(2026, 4, 12)), CALENDAR) == bishkek(date(2026, 4, 10))

    def test_of_the_rector_ends_with_the_quality_specialist(self) -> None:
        assert [rung.to for rung in RECTORS.rungs[2:]] == [(Role.HOLDER,), (Role.QUALITY_SPECIALIST,)]


class TestAfterAnOutage:
    def test_of_nine_working_days_only_the_highest_rung_is_said(self) -> None:
        now = bishkek(CALENDAR.add(DUE, 9), 12)
        assert rung_at(STANDARD, reached(STANDARD, 0, DUE_AT, now, CALENDAR)).to == (Role.QUALITY_SPECIALIST,)

    def test_of_ten_the_vice_rector_is_told(self) -> None:
        now = bishkek(CALENDAR.add(DUE, 10))
        assert rung_at(STANDARD, reached(STANDARD, 0, DUE_AT, now, CALENDAR)).to == (Role.VICE_RECTOR,)
        assert reached(STANDARD, 0, DUE_AT, now - MINUTE, CALENDAR) == 4

    def test_of_a_year_it_still_speaks_to_the_holder(self) -> None:
        rung = reached(STANDARD, 0, DUE_AT, DUE_AT + timedelta(days=365), CALENDAR)
        assert rung > 40
        assert rung_at(STANDARD, rung).to == (Role.HOLDER,)

    def test_nothing_is_said_before_the_next_rungs_moment(self) -> None:
        assert reached(STANDARD, 4, DUE_AT, bishkek(date(2026, 4, 15)) - MINUTE, CALENDAR) == 3
        assert reached(STANDARD, 4, DUE_AT, bishkek(date(2026, 4, 15)), CALENDAR) == 4


class TestATaskOpenedLate:
    def test_is_not_reminded_of_what_had_passed(self) -> None:
        assert first_rung(STANDARD, DUE_AT, bishkek(date(2026, 4, 3)) - MINUTE, CALENDAR) == 0
        assert first_rung(STANDARD, DUE_AT, bishkek(date(2026, 4, 3)), CALENDAR) == 1
        assert first_rung(STANDARD, DUE_AT, bishkek(date(2026, 4, 8), 10), CALENDAR) == 2

    def test_begins_with_the_first_rung_after_the_deadline_even_if_that_has_passed(self) -> None:
        assert first_rung(STANDARD, DUE_AT, DUE_AT + timedelta(days=100), CALENDAR) == 2


class TestTimeOnlyRaisesARung:
    @given(LADDERS, DAYS, st.integers(-40, 400), st.integers(0, 100))
    def test_later_is_never_lower(self, ladder: Ladder, due: date, days: int, more: int) -> None:
        now = due_moment(due) + timedelta(days=days)
        early = reached(ladder, 0, due_moment(due), now, CALENDAR)
        late = reached(ladder, 0, due_moment(due), now + timedelta(days=more), CALENDAR)
        assert -1 <= early <= late

    @given(LADDERS, DAYS, st.integers(0, 30))
    def test_each_rung_speaks_after_the_one_before(self, ladder: Ladder, due: date, index: int) -> None:
        moments = [rung_moment(ladder, i, due_moment(due), CALENDAR) for i in (index, index + 1)]
        assert moments[0] < moments[1]

    @given(LADDERS, DAYS, st.integers(-40, 400), st.integers(0, 20))
    def test_what_is_reached_does_not_depend_on_what_was_said(
        self, ladder: Ladder, due: date, days: int, rung: int
    ) -> None:
        now = due_moment(due) + timedelta(days=days)
        highest = reached(ladder, 0, due_moment(due), now, CALENDAR)
        assert reached(ladder, rung, due_moment(due), now, CALENDAR) == max(highest, rung - 1)

    @given(LADDERS, DAYS, st.integers(0, 30))
    def test_every_rung_speaks_at_nine_on_a_working_day(self, ladder: Ladder, due: date, index: int) -> None:
        speaks = rung_moment(ladder, index, due_moment(due), CALENDAR).astimezone(BISHKEK)
        assert (speaks.hour, speaks.minute) == (9, 0)
        assert CALENDAR.is_working(speaks.date())
