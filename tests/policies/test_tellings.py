"""What a ladder says over time, and where a re-planned task takes it up: no rung twice, none left out."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.policies.tellings import index_after, reached_by, replanned, tellings
from states.ladders import STANDARD, first_rung, loudest, reached, rung_at, rung_moment
from states.lifecycle import Ladder, Rung
from states.roles import Role
from states.working_days import Calendar, due_moment, moment
from tests.policies.policies import ladders

CALENDAR = Calendar()
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
OPENED = moment(date(2026, 4, 6))


def swept(
    ladder: Ladder, rung: int, due_at: datetime, moments: list[datetime]
) -> tuple[list[tuple[int, datetime]], int]:
    """What sweeps at these moments tell, by the sweep's own rule: places on the ladder, and the next rung."""
    said = []
    for now in moments:
        if rung_moment(ladder, rung, due_at, CALENDAR) <= now:
            top = max(rung, reached(ladder, rung, due_at, now, CALENDAR))
            said.append((rung_at(ladder, loudest(ladder, rung, top)).days, now))
            rung = top + 1
    return said, rung


class TestALadderOverTime:
    @given(ladders(), st.integers(-15, 200))
    def test_knows_the_first_rung_after_a_day_without_walking(self, ladder: Ladder, days: int) -> None:
        index = index_after(ladder, days)
        assert rung_at(ladder, index).days > days
        assert index == 0 or rung_at(ladder, index - 1).days <= days

    @given(ladders(), st.integers(0, 12), DAYS, st.integers(-40, 800))
    def test_knows_what_is_reached_as_the_sweep_does(self, ladder: Ladder, rung: int, due: date, days: int) -> None:
        due_at, now = due_moment(due), due_moment(due) + timedelta(days=days)
        assert reached_by(ladder, rung, due_at, now, CALENDAR) == reached(ladder, rung, due_at, now, CALENDAR)

    @given(ladders(), DAYS, st.integers(-30, 60), st.integers(0, 90))
    def test_says_what_a_sweep_each_morning_says(self, ladder: Ladder, due: date, begins: int, days: int) -> None:
        due_at, since = due_moment(due), moment(due + timedelta(days=begins))
        rung = first_rung(ladder, due_at, since, CALENDAR)
        until = since + timedelta(days=days)
        mornings = [since, *(since + timedelta(days=day, hours=9) for day in range(days))]
        said = [(one.days, at) for at, one in tellings(ladder, rung, due_at, since, until, CALENDAR)]
        assert said == swept(ladder, rung, due_at, mornings)[0]

    @given(ladders(), DAYS, st.integers(0, 90), st.integers(-5, 90))
    def test_says_the_same_from_any_moment_on(self, ladder: Ladder, due: date, days: int, after: int) -> None:
        due_at, since = due_moment(due), due_moment(due) - timedelta(days=20)
        until, later = since + timedelta(days=days), since + timedelta(days=after)
        every = list(tellings(ladder, 0, due_at, since, until, CALENDAR))
        assert list(tellings(ladder, 0, due_at, since, until, CALENDAR, later)) == [
            (at, rung) for at, rung in every if at > later
        ]

    def test_of_what_was_due_long_ago_is_told_without_walking_through_the_years(self) -> None:
        looked = 0

        class Counting(Calendar):
            def add(self, day: date, count: int) -> date:
                nonlocal looked
                looked += 1
                return super().add(day, count)

        daily = Ladder((Rung(1, (Role.HOLDER,)),), Rung(1, (Role.HOLDER,)))
        due_at, now = due_moment(date(2006, 4, 3)), due_moment(date(2026, 4, 6))
        assert len(list(tellings(daily, 0, due_at, due_at, now, Counting(), now - timedelta(days=7)))) == 5
        assert looked < 100


class TestATaskThatIsRePlanned:
    @given(
        ladders(), ladders(), DAYS, st.integers(-40, 40), st.integers(0, 60), st.lists(st.integers(1, 30), max_size=4)
    )
    def test_for_the_same_due_day_hears_no_rung_twice_and_misses_none(
        self, old: Ladder, new: Ladder, due: date, opened: int, planned: int, pauses: list[int]
    ) -> None:
        """Opened, swept after pauses of days (an outage, perhaps), re-planned, swept at once and each morning."""
        due_at, opened_at = due_moment(due), moment(due + timedelta(days=opened))
        sweeps = [opened_at + timedelta(days=sum(pauses[: place + 1]), hours=9) for place in range(len(pauses))]
        now = max([opened_at, *sweeps]) + timedelta(days=planned)
        before, rung = swept(old, first_rung(old, due_at, opened_at, CALENDAR), due_at, sweeps)
        through = max((days for days, _ in before), default=None)
        if rung > 0:
            through = max([rung_at(old, rung - 1).days, *([] if through is None else [through])])
        goes_on = replanned(new, due_at, opened_at, through, now, CALENDAR)
        mornings = [moment(now.date()) + timedelta(days=day, hours=9) for day in range(120)]
        after, _ = swept(new, goes_on, due_at, [now, *(at for at in mornings if at > now)])
        assert len([at for _, at in after if at == now]) <= 1
        places = [days for days, _ in (*before, *after)]
        assert len(places) == len(set(places))
        self._misses_none(new, due_at, now, after)

    @given(ladders(), DAYS, st.integers(-40, 40), st.integers(0, 60))
    def test_for_another_due_day_tells_at_most_one_rung_at_once_and_misses_none(
        self, new: Ladder, due: date, opened: int, planned: int
    ) -> None:
        due_at, opened_at = due_moment(due), moment(due + timedelta(days=opened))
        now = opened_at + timedelta(days=planned)
        goes_on = replanned(new, due_at, opened_at, None, now, CALENDAR)
        mornings = [moment(now.date()) + timedelta(days=day, hours=9) for day in range(120)]
        after, _ = swept(new, goes_on, due_at, [now, *(at for at in mornings if at > now)])
        assert len([at for _, at in after if at == now]) <= 1
        self._misses_none(new, due_at, now, after)

    @given(ladders(), DAYS, st.integers(-40, 40), st.lists(st.integers(1, 30), max_size=4), st.integers(0, 60))
    def test_by_the_same_ladder_stays_where_it_is(
        self, ladder: Ladder, due: date, opened: int, pauses: list[int], planned: int
    ) -> None:
        due_at, opened_at = due_moment(due), moment(due + timedelta(days=opened))
        sweeps = [opened_at + timedelta(days=sum(pauses[: place + 1]), hours=9) for place in range(len(pauses))]
        _, rung = swept(ladder, first_rung(ladder, due_at, opened_at, CALENDAR), due_at, sweeps)
        now = max([opened_at, *sweeps]) + timedelta(days=planned)
        through = rung_at(ladder, rung - 1).days if rung else None
        assert replanned(ladder, due_at, opened_at, through, now, CALENDAR) == rung

    def test_hears_only_the_loudest_of_what_has_passed(self) -> None:
        due_at = due_moment(date(2026, 4, 13))
        now = moment(date(2026, 4, 29))  # twelve working days later
        rung = replanned(STANDARD, due_at, OPENED, None, now, CALENDAR)
        (said, *_), _ = swept(STANDARD, rung, due_at, [now])
        assert said == (10, now)

    @staticmethod
    def _misses_none(ladder: Ladder, due_at: datetime, now: datetime, after: list[tuple[int, datetime]]) -> None:
        """Each rung that comes later than `now` is told on its morning, or a louder one on the same morning."""
        last = max((at for _, at in after), default=now)
        index = 0
        while (speaks := rung_moment(ladder, index, due_at, CALENDAR)) <= last:
            if speaks > now:
                assert [days for days, at in after if at == speaks and days >= rung_at(ladder, index).days]
            index += 1
