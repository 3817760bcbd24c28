"""Policies at work: which one a task opens with, what it keeps of it, and whom its ladder tells by which way."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.letters import write_letters
from service.organisation import organisation
from service.reading.permitted import may_read
from service.sweep import sweep
from service.tasks import kept_ladder
from states.ladders import STANDARD, rung_moment
from states.lifecycle import Channel, Ladder, Rung
from states.policies import ladder_id
from states.roles import Role
from states.text import Text
from states.working_days import Calendar, due_moment, moment, today
from tests.support.post import HEAD, Post
from tests.support.university import University, at, names

NOW = at(2026, 4, 6)  # a Monday
DAY = NOW.date()
HOLDER = (Role.HOLDER,)
AGAIN = Rung(5, HOLDER)


def ladder(*rungs: Rung) -> Ladder:
    return Ladder(rungs, AGAIN)


SHORT = ladder(Rung(1, (Role.RECTOR,)))
BOTH = ladder(Rung(-1, HOLDER), Rung(1, (Role.HOLDERS_HEAD, Role.QUALITY_SPECIALIST)), Rung(2, (Role.RECTOR,)))
PAGED = ladder(Rung(0, HOLDER), Rung(1, (Role.QUALITY_SPECIALIST,), Channel.PAGE), Rung(2, (Role.RECTOR,)))


def says(university: University, climbs: Ladder | None = None, **differs: Any) -> UUID:
    """A policy for the step of correcting, from today on."""
    made = new_id()
    said: dict[str, Any] = {"lifecycle": "nonconformity", "step": "correction", "effective_from": DAY, "working": True}
    with university.database.write() as connection:
        key = kept_ladder(connection, organisation(connection), climbs) if climbs else None
        row = {**said, "id": made, "ladder_id": key, "made_by_id": university.people["quality"], "made_at": NOW}
        connection.execute(sa.insert(t.policy).values(**{**row, **differs}))
    university.change()
    return made


def correcting(university: University, when: datetime = NOW, severity: str = "minor", **more: Any) -> UUID:
    """A nonconformity that `owner` is to correct within five working days."""
    told = {"title": "x", "found": "x", "nc_kind": "programme", "source": "monitoring", "found_on": when.date()}
    found = university.open("nonconformity", "reader", when, None, **{**told, **more})
    university.go(found, "register", more.get("by", "quality"), when, severity=severity, owner_post="owner")
    return found


def task(university: University, record: UUID) -> dict[str, Any]:
    (found,) = university.open_tasks(record)
    return found


def due(university: University, record: UUID) -> date:
    return today(task(university, record)["due_at"])


def told(university: University, record: UUID) -> list[tuple[int, str, str, str]]:
    """Rung, part, reader and channel of each rung notice, in the order in which they were told."""
    rows = university.rows(t.notice, t.notice.c.record_id == record, t.notice.c.rung.is_not(None))
    rows.sort(key=lambda row: (row["created_at"], row["part"]))
    return [(row["rung"], row["part"], university.who(row["reader_id"]), row["channel"]) for row in rows]


def swept(university: University, first: date, last: date) -> None:
    while first <= last:
        sweep(university.database, moment(first) + timedelta(hours=9))
        first += timedelta(days=1)


class TestATaskOpens:
    def test_as_declared_where_no_policy_holds(self, university: University) -> None:
        says(university, days=2, step="reported")
        says(university, days=2, effective_from=date(2026, 4, 7))
        says(university, days=2, severity="major")
        found = task(university, correcting(university))
        assert (today(found["due_at"]), found["policy_id"]) == (date(2026, 4, 13), None)
        assert found["ladder_id"] == ladder_id(STANDARD)

    def test_by_the_policy_from_its_day_on(self, university: University) -> None:
        policy = says(university, SHORT, days=2, effective_from=date(2026, 4, 7))
        before, after = correcting(university, at(2026, 4, 6, 23, 59)), correcting(university, at(2026, 4, 7, 0, 1))
        assert (due(university, before), due(university, after)) == (date(2026, 4, 13), date(2026, 4, 9))
        found = task(university, after)
        assert (found["policy_id"], found["ladder_id"]) == (policy, ladder_id(SHORT))
        assert found["next_notice_at"] == at(2026, 4, 10, 9)
        assert found["original_due_at"] == found["due_at"]

    def test_by_days_and_ladder_each_for_itself(self, university: University) -> None:
        says(university, days=2)
        assert task(university, correcting(university))["ladder_id"] == ladder_id(STANDARD)
        says(university, SHORT)
        found = task(university, correcting(university))
        assert (today(found["due_at"]), found["ladder_id"]) == (date(2026, 4, 13), ladder_id(SHORT))

    def test_by_the_policy_of_its_severity_before_the_one_of_any(self, university: University) -> None:
        says(university, days=1, severity="major")
        says(university, days=2)
        assert due(university, correcting(university, severity="major")) == date(2026, 4, 7)
        assert due(university, correcting(university, severity="minor")) == date(2026, 4, 8)

    def test_by_the_policy_of_its_campus_before_those_of_its_severity(self, university: University) -> None:
        says(university, days=1, severity="minor")
        says(university, days=2, campus_id=university.units["UNI"])
        assert due(university, correcting(university, unit="LIBRARY")) == date(2026, 4, 8)

    def test_by_the_policy_of_its_own_campus_before_the_one_above_and_of_no_other(self, university: University) -> None:
        college, other = new_id(), new_id()
        for one, code, above in ((college, "COLLEGE", university.units["UNI"]), (other, "OTHER", None)):
            row = {"id": one, "code": code, "parent_id": above, "is_campus": True}
            university.change(sa.insert(t.unit).values(**row, **names(Text("x", "x", "x"))))
        says(university, days=1, campus_id=other)
        assert due(university, correcting(university, unit="COLLEGE")) == date(2026, 4, 13)
        says(university, days=2, campus_id=university.units["UNI"])
        assert due(university, correcting(university, unit="COLLEGE")) == date(2026, 4, 8)
        says(university, days=3, campus_id=college)
        assert due(university, correcting(university, unit="COLLEGE")) == date(2026, 4, 9)
        assert due(university, correcting(university, unit="LIBRARY")) == date(2026, 4, 8)

    def test_by_no_policy_that_was_withdrawn(self, university: University) -> None:
        says(university, days=1)
        says(university, days=2, effective_from=date(2026, 4, 5), withdrawn_at=NOW)
        says(university, days=2, withdrawn_at=NOW)
        assert due(university, correcting(university)) == date(2026, 4, 7)

    def test_by_the_newest_of_those_alike(self, university: University) -> None:
        says(university, days=1, effective_from=date(2026, 4, 1))
        says(university, days=2, effective_from=date(2026, 4, 5))
        says(university, days=3, effective_from=date(2026, 3, 1))
        assert due(university, correcting(university)) == date(2026, 4, 8)

    def test_in_calendar_days_on_a_sunday_where_it_says_so(self, university: University) -> None:
        says(university, days=6, working=False)
        found = correcting(university)
        assert due(university, found) == date(2026, 4, 12)
        # The rung of the day itself speaks on the last working day before it.
        sweep(university.database, at(2026, 4, 10, 9))
        assert told(university, found) == [(0, "holder", "owner", "mail")]

    def test_on_a_date_of_its_own_whatever_the_policy_says(self, university: University) -> None:
        says(university, SHORT, lifecycle="corrective_action", step="in_progress", days=1)
        _, action = university.under_way(NOW, date(2026, 6, 1))
        found = task(university, action)
        assert (today(found["due_at"]), found["ladder_id"]) == (date(2026, 6, 1), ladder_id(SHORT))

    def test_by_the_severity_that_its_nonconformity_has(self, university: University) -> None:
        says(university, days=1, lifecycle="corrective_action", step="approved", severity="major")
        found = university.planning(NOW)
        action = university.action(found, NOW, date(2026, 6, 1))
        university.go(found, "submit_plan", "owner", NOW, complete_by=date(2026, 6, 1))
        university.go(action, "approve", "vice", NOW)
        assert due(university, action) == date(2026, 4, 7)


class TestATaskKeeps:
    def test_its_deadline_and_ladder_when_another_policy_comes(self, university: University) -> None:
        says(university, SHORT, days=2)
        found = correcting(university)
        before = task(university, found)
        says(university, BOTH, days=9)
        assert task(university, found) == before
        swept(university, DAY, date(2026, 4, 9))
        assert told(university, found) == [(1, "rector", "rector", "mail")]

    def test_them_when_its_severity_is_assessed_anew_and_the_next_one_has_others(self, university: University) -> None:
        says(university, days=1, severity="major")
        found = correcting(university)
        first = task(university, found)
        university.go(found, "dispute", "owner", NOW, reason="x")
        university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
        assert due(university, found) == date(2026, 4, 7)
        kept = university.one(t.task, t.task.c.id == first["id"])
        assert (kept["due_at"], kept["policy_id"]) == (first["due_at"], None)

    def test_its_ladder_when_another_is_declared(self, university: University) -> None:
        """As if `BOTH` had been declared on the day it was opened: nothing declares it today."""
        found = correcting(university)
        with university.database.write() as connection:
            key = kept_ladder(connection, organisation(connection), BOTH)
            climbs = {"ladder_id": key, "rung": 0, "next_notice_at": at(2026, 4, 10, 9)}
            connection.execute(
                sa.update(t.task).where(t.task.c.record_id == found, t.task.c.closed_at.is_(None)), climbs
            )
        swept(university, DAY, date(2026, 4, 22))
        assert [(rung, part) for rung, part, *_ in told(university, found)] == [
            (-1, "holder"),
            (1, "holders_head"),
            (1, "quality_specialist"),
            (2, "rector"),
            (7, "holder"),
        ]

    def test_what_a_refused_extension_had(self, university: University) -> None:
        says(university, SHORT, lifecycle="corrective_action", step="in_progress")
        _, action = university.under_way(NOW, date(2026, 6, 1))
        (before,) = university.open_tasks(action)
        university.go(action, "request_extension", "owner", NOW, new_due_on=date(2026, 7, 1), reason="x")
        says(university, BOTH, lifecycle="corrective_action", step="in_progress")
        university.go(action, "refuse_extension", "vice", NOW, reason="x")
        assert university.open_tasks(action) == [before]


class TestARungOfSeveralParts:
    def test_tells_each_of_them_on_its_day_once(self, university: University) -> None:
        says(university, BOTH)
        found = correcting(university)
        swept(university, DAY, date(2026, 4, 15))
        swept(university, DAY, date(2026, 4, 15))
        assert told(university, found) == [
            (-1, "holder", "owner", "mail"),
            (1, "holders_head", "head", "mail"),
            (1, "quality_specialist", "quality", "mail"),
            (2, "rector", "rector", "mail"),
        ]

    def test_tells_somebody_who_is_two_of_them_once(self, university: University) -> None:
        says(university, BOTH)
        university.vacate("head", DAY)
        university.vacate("dean", DAY)
        university.vacate("quality", date(2026, 4, 7))
        found = correcting(university)
        swept(university, DAY, date(2026, 4, 14))
        assert [(rung, who) for rung, _, who, _ in told(university, found)] == [(-1, "owner"), (1, "rector")]

    def test_is_missed_as_one(self, university: University) -> None:
        says(university, BOTH)
        found = correcting(university)
        sweep(university.database, at(2026, 4, 20))
        (row,) = university.rows(t.notice, t.notice.c.record_id == found, t.notice.c.rung.is_not(None))
        assert (row["rung"], row["part"], row["missed"]) == (2, "rector", 2)


class TestARungOnThePage:
    def test_is_never_mailed_and_counts_as_told(self, university: University, post: Post) -> None:
        says(university, PAGED)
        found = correcting(university)
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).values(sent_at=NOW))
        for day in (13, 14, 15):
            when = at(2026, 4, day, 9)
            sweep(university.database, when)
            post.deliver(when)
        assert told(university, found) == [
            (0, "holder", "owner", "mail"),
            (1, "quality_specialist", "quality", "page"),
            (2, "rector", "rector", "mail"),
        ]
        assert post.readers() == ["owner", "rector"]
        paged = university.one(t.notice, t.notice.c.channel == "page")
        assert (paged["sent_at"], paged["attempts"]) == (at(2026, 4, 14, 9), 0)

    def test_is_told_of_in_the_letter_of_the_next(self, university: University) -> None:
        says(university, PAGED)
        correcting(university)
        swept(university, date(2026, 4, 13), date(2026, 4, 15))
        with university.database.read() as connection:
            last = connection.execute(sa.select(t.notice).where(t.notice.c.rung == 2)).all()
            (letter,) = write_letters(connection, last, HEAD, at(2026, 4, 15)).values()
        assert not isinstance(letter, Exception)
        assert [one["who"] for one in letter.context["told"]] == ["Өмүр Жазуучу", "Сапат Сапаров"]

    def test_lets_its_reader_open_the_record(self, university: University) -> None:
        """Whoever is told on the page alone has to be able to go there."""
        says(university, ladder(Rung(1, (Role.ADMINISTRATOR,), Channel.PAGE)))
        found = correcting(university)
        when = at(2026, 4, 14, 9)
        with university.database.read() as connection:
            assert not may_read(connection, found, university.as_("admin", when), when)
        sweep(university.database, when)
        with university.database.read() as connection:
            assert may_read(connection, found, university.as_("admin", when), when)


class TestADueDayThatMoves:
    def moved(self, university: University, record: UUID, day: date) -> None:
        """The open task is due on that day now, and its ladder is climbed from the beginning."""
        due_at = due_moment(day)
        begins = {"due_at": due_at, "rung": 0, "next_notice_at": rung_moment(BOTH, 0, due_at, Calendar())}
        with university.database.write() as connection:
            its = (t.task.c.record_id == record, t.task.c.closed_at.is_(None))
            connection.execute(sa.update(t.task).where(*its).values(begins))

    def test_and_moves_back_tells_no_rung_twice(self, university: University) -> None:
        says(university, BOTH)
        found = correcting(university)
        swept(university, DAY, date(2026, 4, 14))
        once = told(university, found)
        self.moved(university, found, date(2026, 5, 20))
        sweep(university.database, at(2026, 4, 14, 10))
        assert told(university, found) == once
        self.moved(university, found, date(2026, 4, 13))
        swept(university, date(2026, 4, 14), date(2026, 4, 14))
        assert told(university, found) == once
        swept(university, date(2026, 4, 15), date(2026, 4, 15))
        assert told(university, found) == [*once, (2, "rector", "rector", "mail")]

    def test_has_the_same_rungs_of_another_day_told_again(self, university: University) -> None:
        says(university, BOTH)
        found = correcting(university)
        swept(university, DAY, date(2026, 4, 14))
        once = told(university, found)
        self.moved(university, found, date(2026, 4, 17))
        swept(university, date(2026, 4, 15), date(2026, 4, 20))
        assert told(university, found) == [*once, *once]
