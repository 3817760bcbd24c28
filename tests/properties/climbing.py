"""What sweeps must tell: each task's way up its ladder, worked out anew and compared with what was told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from service.organisation import Organisation
from service.subject import Holder, part_post
from states.lifecycle import Channel, Ladder, Rung
from states.roles import Role
from states.working_days import MORNING, moment, today
from tests.properties.known import Row

_HOLDER: Final = (Role.HOLDER,)


@dataclass(slots=True)
class Climb:
    """Where a task stands: the `place` on its ladder that speaks next, and how far it was told for each due day.

    `said` is the highest rung that was told, `passed` the highest that was told or missed, in days from that day.
    """

    place: int
    said: dict[date, int] = field(default_factory=dict)
    passed: dict[date, int] = field(default_factory=dict)


@dataclass(slots=True)
class Climbing:
    """All open tasks on their ladders; `met` counts what kinds of rungs there were."""

    climbs: dict[UUID, Climb] = field(default_factory=dict)
    told: set[tuple[UUID, date, int, UUID]] = field(default_factory=set)
    met: Counter[str] = field(default_factory=Counter)

    def begins(self, task: Row, snapshot: Organisation) -> None:
        """A task was opened: it begins with the first rung that is not a reminder of what has passed by then."""
        self.climbs[task["id"]] = Climb(_first(task, snapshot))
        self._stands(task, snapshot)

    def swept(
        self, tasks: Iterable[Row], after: dict[UUID, Row], notices: list[Row], now: datetime, snapshot: Organisation
    ) -> None:
        """A sweep at `now` has told exactly what these open tasks had to say, once. Raises AssertionError."""
        told: dict[UUID, list[Row]] = {}
        for notice in notices:
            told.setdefault(notice["task_id"], []).append(notice)
        for task in tasks:
            said = told.pop(task["id"], [])
            self._told(task, said, now, snapshot)
            self._stands(after[task["id"]], snapshot)
        assert not told, ("told of tasks that are not open, or of none", told)

    def replanned(self, task: Row, after: Row, now: datetime, snapshot: Organisation) -> None:
        """A task goes on by another plan: nothing is told again for the same day, and nothing to come is left out."""
        due = today(after["due_at"])
        climb, ladder = self.climbs[task["id"]], snapshot.ladders[after["ladder_id"]]
        first, place = _first(after, snapshot), after["rung"]
        said, passed = climb.said.get(due), climb.passed.get(due)
        assert place >= first
        assert said is None or _rung(ladder, place).days > said, ("would be told again", task, after)
        for index in range(first, place):
            assert passed is not None, ("left out", task, after)
            assert _rung(ladder, index).days <= passed, ("left out", task, after)
            assert _speaks(ladder, index, after, snapshot) <= now, ("left out", task, after)
        climb.place = place
        self._stands(after, snapshot)

    def _told(self, task: Row, said: list[Row], now: datetime, snapshot: Organisation) -> None:
        ladder, climb = snapshot.ladders[task["ladder_id"]], self.climbs[task["id"]]
        top = climb.place
        while _speaks(ladder, top, task, snapshot) <= now:
            top += 1
        if top == climb.place:
            assert not said, ("told too early", said)
            return
        rung = _loudest(ladder, range(climb.place, top))
        due = today(task["due_at"])
        expected = {part: set(_readers(part, task, snapshot, today(now))) for part in rung.to}
        assert {notice["reader_id"] for notice in said} == set().union(*expected.values()), (task, said)
        for notice in said:
            about = (notice["rung"], notice["missed"], notice["channel"])
            assert about == (rung.days, top - climb.place - 1, rung.channel.value), (task, notice)
            assert notice["reader_id"] in expected[Role(notice["part"])]
            assert (notice["sent_at"] is not None) == (rung.channel is Channel.PAGE)
            key = (task["id"], due, rung.days, notice["reader_id"])
            assert key not in self.told, ("told twice", notice)
            self.told.add(key)
        assert len({notice["reader_id"] for notice in said}) == len(said), ("told twice", said)
        of_which = {
            "reminded": rung.days <= 0,
            "escalated": rung.to != _HOLDER,
            "told two parts at once": len(rung.to) > 1,
            "told on the page": rung.channel is Channel.PAGE,
            "told what was missed": top - climb.place > 1,
            "reminded past the last rung": top > len(ladder.rungs),
        }
        self.met.update(what for what, is_so in of_which.items() if is_so)
        climb.place = top
        climb.said[due] = max(climb.said.get(due, rung.days), rung.days)
        climb.passed[due] = max(climb.passed.get(due, rung.days), _rung(ladder, top - 1).days)

    def _stands(self, task: Row, snapshot: Organisation) -> None:
        """The task knows what it says next, and when."""
        place, ladder = self.climbs[task["id"]].place, snapshot.ladders[task["ladder_id"]]
        assert task["rung"] == place, (place, task)
        assert task["next_notice_at"] == _speaks(ladder, place, task, snapshot), task


def _first(task: Row, snapshot: Organisation) -> int:
    ladder = snapshot.ladders[task["ladder_id"]]
    reminders = [index for index, rung in enumerate(ladder.rungs) if rung.days <= 0]
    late = [index for index in reminders if _speaks(ladder, index, task, snapshot) <= task["opened_at"]]
    return len(late)


def _rung(ladder: Ladder, index: int) -> Rung:
    beyond = index - len(ladder.rungs) + 1
    if beyond <= 0:
        return ladder.rungs[index]
    return Rung(ladder.rungs[-1].days + beyond * ladder.again.days, ladder.again.to, ladder.again.channel)


def _speaks(ladder: Ladder, index: int, task: Row, snapshot: Organisation) -> datetime:
    return moment(snapshot.calendar.add(today(task["due_at"]), _rung(ladder, index).days), MORNING)


def _loudest(ladder: Ladder, reached: range) -> Rung:
    """The highest that tells others than the holder alone; where none does, the highest."""
    rungs = [_rung(ladder, index) for index in reached]
    escalations = [
        rung for index, rung in zip(reached, rungs, strict=True) if rung.to != _HOLDER and index < len(ladder.rungs)
    ]
    return (escalations or rungs)[-1]


def _readers(part: Role, task: Row, snapshot: Organisation, day: date) -> tuple[UUID, ...]:
    has_it = Holder(task["holder_post_id"], task["holder_person_id"])
    if part is Role.HOLDER:
        return has_it.readers(snapshot, day)
    return snapshot.readers(part_post(part, has_it, task["campus_id"], snapshot, day), day)
