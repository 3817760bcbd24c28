"""Figures: what the database counts is what one counts by hand, and what a reader may not read is in none of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.organisation import Actor, Organisation, organisation
from service.reading.entries import Catalogue
from service.reading.figures import AGES, Figures, Scope, first_day, months_of
from service.reading.figures_behind import Behind, Days, conditions
from service.reading.figures_days import day_of, month_of, worked_between
from states.lifecycle import Kind, Lifecycle
from states.registry import lifecycle
from states.working_days import BISHKEK, today
from tests.service.simulated import NOW, simulated
from tests.support.university import University, at

__all__ = ["simulated"]  # the fixture

KINDS = ("nonconformity", "corrective_action")
DAY = today(NOW)
PERIODS = [(DAY - timedelta(days=364), DAY), (date(2026, 3, 10), date(2026, 7, 5)), (DAY, DAY)]
Rows = list[Mapping[Any, Any]]


class Seen:
    """What is in the database, read plainly."""

    def __init__(self, database: Database, kind: str) -> None:
        typed = t.record.metadata.tables[kind]
        with database.read() as connection:
            self.snapshot = organisation(connection)
            both = sa.select(t.record, typed).join(typed, typed.c.record_id == t.record.c.id)
            self.records: Rows = list(connection.execute(both.where(t.record.c.kind == kind)).mappings())
            histories = sa.select(t.history).join(t.record).where(t.record.c.kind == kind).order_by(t.history.c.seq)
            self.histories: dict[Any, Rows] = {}
            for entry in connection.execute(histories).mappings():
                self.histories.setdefault(entry["record_id"], []).append(entry)
            self.causes: Rows = list(connection.execute(sa.select(t.cause)).mappings())


def quality(snapshot: Organisation) -> Actor:
    person = next(one for one in snapshot.people.values() if one.code == "quality_specialist")
    return snapshot.actor(person.id, DAY)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PERIODS, ids=str)
def days(request: pytest.FixtureRequest) -> Days:
    return Days(*request.param)


@pytest.fixture
def figures(simulated: Database, kind: str, days: Days) -> Iterator[tuple[Figures, Seen]]:
    assert days.since is not None
    assert days.until is not None
    with simulated.read() as connection:
        scope = Scope(lifecycle(kind), days.since, days.until)
        yield Figures(connection, quality(organisation(connection)), NOW, scope), Seen(simulated, kind)


def holds(days: Days, moment: datetime | None) -> bool:
    return moment is not None and (days.since or DAY) <= today(moment) <= (days.until or DAY)


Both = tuple[Figures, Seen]


class TestWhatIsCounted:
    def test_is_how_old_what_is_open_is(self, figures: Both) -> None:
        counted, seen = figures
        ages = [(DAY - today(one["opened_at"])).days for one in seen.records if one["closed_at"] is None]
        by_hand = Counter(sum(age > most for most in AGES) for age in ages)
        assert counted.ageing() == [by_hand[place] for place in range(len(AGES) + 1)]
        assert sum(counted.ageing()) == len(ages) > 0

    def test_is_what_came_and_went_and_was_there(self, figures: Both, days: Days) -> None:
        counted, seen = figures
        months = counted.over_time()
        assert months[0].days.since == days.since
        assert months[-1].days.until == days.until
        for month in months:
            assert month.opened == sum(holds(month.days, one["opened_at"]) for one in seen.records)
            assert month.closed == sum(holds(month.days, one["closed_at"]) for one in seen.records)
            last = month.days.until or DAY
            assert month.stock == sum(
                today(one["opened_at"]) <= last and not (one["closed_at"] and today(one["closed_at"]) <= last)
                for one in seen.records
            )

    def test_is_how_long_each_step_took(self, figures: Both, days: Days) -> None:
        """By hand from the history, which knows nothing of tasks."""
        counted, seen = figures
        one, between = counted.scope.one, seen.snapshot.calendar.between
        took: dict[str, Counter[Any]] = {}
        for stay in stays(one, seen.histories):
            if stay.left is None or today(stay.left) > (days.until or DAY):
                continue
            took.setdefault(stay.step, Counter())[stay.record] += between(today(stay.entered), today(stay.left))
        for step in list(took):
            for record in list(took[step]):
                left = [stay.left for stay in stays(one, {record: seen.histories[record]}) if stay.step == step]
                if not any(holds(days, moment) for moment in left):
                    del took[step][record]
        by_hand = {step: (len(times), *_within(times)) for step, times in took.items() if times}
        assert {one.step: (one.count, one.median, one.p90) for one in counted.steps()} == by_hand
        assert [one.step for one in counted.steps()] == [name for name in one.steps if name in by_hand]

    @pytest.mark.parametrize("first", [False, True])
    def test_is_how_many_kept_their_date(self, figures: Both, days: Days, first: bool) -> None:
        counted, seen = figures
        by_hand: dict[Any, list[bool]] = {}
        for one in seen.records:
            if one["kind"] == "corrective_action":
                ended, dates = one["implemented_on"], (one["due_on"], one["original_due_on"])
            else:
                closed = one["closed_at"] if one["state"] == "closed" else None
                ended = today(closed) if closed else None
                dates = (one["complete_by"], one["original_complete_by"])
            if ended and dates[1] and (days.since or DAY) <= ended <= (days.until or DAY):
                by_hand.setdefault(one["unit_id"], []).append(ended <= dates[first])
        found = {unit: (part, whole) for unit, part, whole in counted.on_time(first=first)}
        assert found == {unit: (sum(kept), len(kept)) for unit, kept in by_hand.items()}

    @pytest.mark.parametrize("top", [False, True])
    def test_is_why(self, figures: Both, days: Days, top: bool) -> None:
        counted, seen = figures
        opened = {one["id"] for one in seen.records if holds(days, one["opened_at"])}
        deeper = {(one["record_id"], one["because_of"]) for one in seen.causes}
        roots = {
            (one["record_id"], one["code"][:3] if top and one["code"] else one["code"])
            for one in seen.causes
            if one["record_id"] in opened and (one["record_id"], one["no"]) not in deeper
        }
        assert dict(counted.causes(top=top)) == Counter(code for _, code in roots)
        shown = [count for _, count in counted.causes(top=top)]
        assert shown == sorted(shown, reverse=True)


@dataclass(frozen=True)
class Stay:
    """A record in a step: from when, until when (None: it is still there)."""

    record: Any
    step: str
    entered: datetime
    left: datetime | None


def stays(one: Lifecycle, histories: Mapping[Any, Rows]) -> Iterator[Stay]:
    """Every stay in a step that waits for somebody; a step beside which another is entered is not left by that."""
    for record, entries in histories.items():
        inside: dict[str, datetime] = {}
        for entry in entries:
            step = one.steps[entry["to_state"]]
            there = {name for name in (step.name, step.beside) if name and one.steps[name].kind is Kind.WAITING}
            for name in inside.keys() - there:
                yield Stay(record, name, inside.pop(name), entry["at"])
            for name in there:
                inside.setdefault(name, entry["at"])
        yield from (Stay(record, name, entered, None) for name, entered in inside.items())


def _within(times: Mapping[Any, int]) -> tuple[int, int]:
    """The least days within which half, and nine of ten, were done."""
    found = sorted(times.values())
    return found[-(-len(found) // 2) - 1], found[-(-len(found) * 9 // 10) - 1]


class TestWhoeverReadsLittle:
    def test_finds_little_in_them(self, simulated: Database, kind: str) -> None:
        with simulated.read() as connection:
            snapshot = organisation(connection)
            scope = Scope(lifecycle(kind), DAY - timedelta(days=364), DAY)
            whole = sum(Figures(connection, quality(snapshot), NOW, scope).ageing())
            sizes = set()
            for person in snapshot.people.values():
                mine = Figures(connection, snapshot.actor(person.id, DAY), NOW, scope)
                sizes.add(sum(mine.ageing()))
                assert mine.over_time()[-1].stock == sum(mine.ageing())
                assert sum(part for _, part, _ in mine.on_time(first=False)) <= sum(
                    whole for _, _, whole in mine.on_time(first=False)
                )
            assert max(sizes) == whole
            assert min(sizes) < whole / 2
            nobody = Figures(connection, Actor(None), NOW, scope)
            assert sum(nobody.ageing()) == 0
            assert not nobody.steps()
            assert not nobody.causes(top=True)

    def test_begins_with_what_they_may_read(self, simulated: Database, kind: str) -> None:
        with simulated.read() as connection:
            one, snapshot = lifecycle(kind), organisation(connection)
            first = min(today(row["opened_at"]) for row in Seen(simulated, kind).records)
            assert first_day(connection, quality(snapshot), NOW, one) == first
            assert first_day(connection, Actor(None), NOW, one) == DAY


class TestAPlace:
    def test_narrows_them_to_a_campus_or_a_unit_with_all_below(self, simulated: Database, kind: str) -> None:
        seen = Seen(simulated, kind)
        units = seen.snapshot.units
        with simulated.read() as connection:
            actor, since = quality(seen.snapshot), DAY - timedelta(days=364)
            for unit in units.values():
                below = seen.snapshot.beneath([unit.id])
                scope = Scope(lifecycle(kind), since, DAY, within=unit.id)
                by_hand = sum(one["closed_at"] is None and one["unit_id"] in below for one in seen.records)
                assert sum(Figures(connection, actor, NOW, scope).ageing()) == by_hand
                if unit.is_campus:
                    scope = Scope(lifecycle(kind), since, DAY, campus=unit.id)
                    by_hand = sum(one["closed_at"] is None and one["campus_id"] == unit.id for one in seen.records)
                    assert sum(Figures(connection, actor, NOW, scope).ageing()) == by_hand


class TestDays:
    def test_are_those_in_bishkek(self, simulated: Database) -> None:
        c = t.task.c
        with simulated.read() as connection:
            calendar, dialect = organisation(connection).calendar, connection.dialect.name
            worked = worked_between(c.opened_at, c.closed_at, calendar, DAY, dialect)
            days = (day_of(c.opened_at, dialect), month_of(c.closed_at, dialect), worked)
            rows = connection.execute(sa.select(c.opened_at, c.closed_at, *days).where(c.closed_at.is_not(None))).all()
        assert len(rows) > 100
        for opened, closed, day, month, between in rows:
            assert day == today(opened)
            assert month == f"{closed.astimezone(BISHKEK):%Y-%m}"
            assert between == calendar.between(today(opened), today(closed))

    def test_are_cut_into_months(self) -> None:
        months = months_of(Days(date(2025, 11, 22), date(2026, 2, 3)))
        assert [(one.since, one.until) for one in months] == [
            (date(2025, 11, 22), date(2025, 11, 30)),
            (date(2025, 12, 1), date(2025, 12, 31)),
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2026, 2, 1), date(2026, 2, 3)),
        ]
        assert months_of(Days(DAY, DAY)) == [Days(DAY, DAY)]
        assert len(months_of(Days(date(2000, 1, 1), date(2026, 1, 31)))) == 120


class TestPuttingOff:
    """Whoever is granted more time has not left the step: neither counted in it, nor found behind it."""

    DAYS = Days(date(2026, 4, 1), date(2026, 4, 30))

    def counted(self, university: University) -> dict[str, tuple[int, int, int]]:
        with university.database.read() as connection:
            scope = Scope(lifecycle("corrective_action"), date(2026, 4, 1), date(2026, 4, 30))
            actor = university.as_("quality", at(2026, 4, 30))
            steps = Figures(connection, actor, at(2026, 4, 30), scope).steps()
            return {one.step: (one.count, one.median, self.behind(connection, one.step)) for one in steps}

    def behind(self, connection: sa.Connection, step: str) -> int:
        one, snapshot = lifecycle("corrective_action"), organisation(connection)
        asked = conditions(Behind(left=step, left_on=self.DAYS), one, snapshot, Catalogue(), connection.dialect.name)
        found = sa.select(sa.func.count()).select_from(t.record).where(t.record.c.kind == one.name, *asked)
        return int(connection.execute(found).scalar_one())

    @pytest.mark.parametrize("asked_for", [False, True])
    def test_is_not_leaving(self, university: University, asked_for: bool) -> None:
        _, action = university.under_way(at(2026, 4, 6), date(2026, 4, 17))
        when, more = at(2026, 4, 15), {"new_due_on": date(2026, 4, 24), "reason": "Жеткирүү кечикти"}
        if asked_for:
            university.go(action, "request_extension", "owner", when, **more)
            university.go(action, "grant_extension", "vice", when)
        else:
            university.go(action, "extend", "vice", when, **more)
        assert university.state(action) == "in_progress"
        assert "in_progress" not in self.counted(university)
        done = at(2026, 4, 22)
        university.go(action, "implement", "owner", done, evidence="Буйрук №3", implemented_on=done.date())
        assert self.counted(university)["in_progress"] == (1, 12, 1)  # from the 6th to the 22nd, all of it
