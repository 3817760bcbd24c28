"""The board: who has what is late, who was told rung by rung, what comes next; and every way of counting it."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.nudging import nudge
from service.reading.board import BoardRow, board_groups, board_page, board_stream
from service.reading.late import AGE, AGES, DIMENSIONS, HOLDER, NONE, UNIT, LateNumbers, Wanted, late_numbers, since
from service.reading.tasks import days_late
from service.sweep import sweep
from states.working_days import BISHKEK, Calendar, due_moment, moment
from tests.service.test_sweep import LADDER, SPRING, correcting
from tests.support.university import University, at

EVERYBODY = ("rector", "vice", "quality", "dean", "head", "owner", "librarian", "reader", "auditor", "admin")


def climbed(university: University, rungs: int = len(LADDER)) -> UUID:
    """A task that has climbed so many rungs, each told on its day and sent."""
    found = correcting(university)
    for when, _, _ in LADDER[:rungs]:
        sweep(university.database, when)
    university.change(sa.update(t.notice).where(t.notice.c.sent_at.is_(None)).values(sent_at=t.notice.c.created_at))
    return found


def rows(university: University, who: str, when: datetime, wanted: Wanted | None = None) -> list[BoardRow]:
    with university.database.read() as connection:
        return board_page(connection, university.as_(who, when), when, wanted or Wanted(), limit=200).rows


def row(university: University, who: str, when: datetime) -> BoardRow:
    (only,) = rows(university, who, when)
    return only


def numbers(university: University, who: str, when: datetime, *, soon: bool = False) -> LateNumbers:
    with university.database.read() as connection:
        return late_numbers(connection, university.as_(who, when), when, soon=soon)


def of(dimension: str, key: Hashable, wanted: Wanted | None = None) -> Wanted:
    """The same, and of one group."""
    asked: dict[str, Any] = {dimension: key}
    return replace(wanted or Wanted(), **asked)


class TestWhoWasTold:
    AFTER = at(2017, 5, 24)

    def test_is_said_rung_by_rung(self, university: University) -> None:
        climbed(university)
        told = row(university, "quality", self.AFTER).told
        assert [(one.days, one.reader.en.split()[0], one.times) for one in told] == [
            (0, "Omur", 2),  # the two reminders up to the deadline, the last of them
            (1, "Omur", 1),
            (3, "Bashchy", 1),
            (5, "Sapat", 1),
            (10, "Jyldyz", 1),
            (15, "Aibek", 1),
            (25, "Omur", 2),  # what is repeated past the last rung
        ]
        assert [one.at for one in told] == [LADDER[place][0] for place in (1, 2, 3, 4, 5, 6, 8)]

    def test_is_as_short_however_late_it_is(self, university: University) -> None:
        found = climbed(university)
        when = self.AFTER
        for _ in range(40):
            when += timedelta(days=7)
            sweep(university.database, when)
        notices = university.rows(t.notice, t.notice.c.record_id == found, t.notice.c.rung.is_not(None))
        told = row(university, "quality", when).told
        assert len(told) == 7
        assert sum(one.times for one in told) == len(notices) > 40

    def test_says_on_which_rung_it_is_and_what_is_next(self, university: University) -> None:
        climbed(university, 4)  # the head was told last
        one = row(university, "quality", at(2017, 4, 18, 12))
        assert one.rungs == (4, 7)
        assert one.task.next_part.en == "quality specialist"
        assert [name.en for name in one.next_names] == ["Sapat Saparov"]
        assert one.task.next_notice_at == LADDER[4][0]

    def test_is_past_the_last_rung_in_the_end(self, university: University) -> None:
        climbed(university)
        one = row(university, "quality", self.AFTER)
        assert one.rungs == (8, 7)
        assert [name.en for name in one.next_names] == ["Omur Jazuuchu"]

    def test_tells_what_was_not_sent(self, university: University) -> None:
        found = climbed(university, 5)
        of_rung = (t.notice.c.record_id == found, t.notice.c.rung == 5)
        university.change(sa.update(t.notice).where(*of_rung).values(sent_at=None))
        assert [one.sent_at is None and not one.dropped for one in row(university, "quality", LADDER[4][0]).told][-1]
        gone = {"dropped_at": LADDER[4][0], "error": "550 no such mailbox"}
        university.change(sa.update(t.notice).where(*of_rung).values(gone))
        last = row(university, "quality", LADDER[4][0]).told[-1]
        assert (last.dropped, last.error) == (True, "550 no such mailbox")

    def test_is_nobody_where_nobody_was(self, university: University) -> None:
        correcting(university)
        assert row(university, "quality", at(2017, 4, 15)).told == ()

    def test_names_whoever_asked_too(self, university: University) -> None:
        climbed(university, 4)
        when = at(2017, 4, 18, 15)
        before = row(university, "head", when)
        assert (before.may_nudge, before.asked) == (True, False)
        with university.database.write() as connection:
            nudge(connection, before.task.id, university.as_("head", when), when, "Бүгүн керек")
        after = row(university, "quality", when)
        assert (after.may_nudge, after.asked) == (True, True)
        asked = after.told[-1]
        assert asked.asked_by is not None
        assert (asked.asked_by.en, asked.reader.en) == ("Bashchy Bashchiev", "Omur Jazuuchu")
        assert not row(university, "quality", when + timedelta(days=1)).asked
        university.go(after.task.record_id, "reassign", "quality", when, owner_post="librarian", reason="Өргүү")
        assert not row(university, "quality", when).asked, "whoever has it now was not asked"


class TestWhoHasIt:
    LATE = at(2017, 4, 20)

    def test_is_the_holder_of_the_post(self, university: University) -> None:
        correcting(university)
        one = row(university, "quality", self.LATE)
        assert one.task.holder.en == "owner (post)"
        assert [(had.name.en, had.away, had.falls) for had in one.having] == [("Omur Jazuuchu", False, False)]

    def test_is_their_deputy_until_they_are_back(self, university: University) -> None:
        correcting(university)
        spell = {"since": self.LATE.date(), "until": date(2017, 4, 25), "entered_at": SPRING}
        away = {"person_id": university.people["owner"], "deputy_id": university.people["reader"]}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell))
        (had,) = row(university, "quality", self.LATE).having
        assert had.deputy is not None
        assert (had.name.en, had.away, had.deputy.en, had.until) == (
            "Omur Jazuuchu",
            True,
            "Okurman Okurov",
            date(2017, 4, 25),
        )

    def test_is_whoever_a_vacant_post_falls_to(self, university: University) -> None:
        correcting(university)
        university.vacate("owner", date(2017, 4, 18))
        (had,) = row(university, "quality", self.LATE).having
        assert (had.name.en, had.falls) == ("Bashchy Bashchiev", True)


class TestWhatOneMayDo:
    def test_is_what_the_record_offers(self, university: University) -> None:
        university.under_way(SPRING, date(2017, 4, 20))
        late = at(2017, 6, 5)

        def moves(who: str) -> dict[str, list[str]]:
            shown = rows(university, who, late)
            return {one.task.lifecycle.name: [move.name for move in one.moves] for one in shown}

        assert moves("quality") == {"corrective_action": ["reassign"], "nonconformity": ["reassign"]}
        assert moves("vice") == {
            "corrective_action": ["extend", "reassign"],
            "nonconformity": ["reschedule", "reassign"],
        }
        assert moves("owner") == {"corrective_action": ["request_extension"], "nonconformity": []}

    def test_is_asking_others_not_oneself(self, university: University) -> None:
        correcting(university)
        late = at(2017, 4, 20)
        may = {who: row(university, who, late).may_nudge for who in ("quality", "vice", "rector", "head", "owner")}
        assert may == {"quality": True, "vice": True, "rector": True, "head": True, "owner": False}


def several(university: University) -> datetime:
    """Late tasks of two lifecycles and some units, some held by persons, and some that are due soon."""
    for place, owner in enumerate(("owner", "librarian", "head", "owner", "dean")):
        correcting(university, SPRING + timedelta(days=7 * place), owner)
    university.under_way(SPRING, date(2017, 4, 20), "librarian")
    university.draft(at(2017, 4, 6))
    now = at(2017, 5, 22)
    correcting(university, now - timedelta(days=5), "head")
    return now


class TestTheNumbers:
    @pytest.mark.parametrize("soon", [False, True])
    def test_agree_with_the_rows_whoever_asks(self, university: University, soon: bool) -> None:
        now, seen = several(university), 0
        for who in EVERYBODY:
            counted = numbers(university, who, now, soon=soon)
            every = rows(university, who, now, Wanted(soon=soon))
            assert counted.total(Wanted(soon=soon)) == len(every)
            seen += len(every)
            for dimension in DIMENSIONS:
                groups = counted.by(dimension, Wanted(soon=soon))
                assert sum(group.count for group in groups) == len(every)
                if soon and dimension == AGE:
                    continue
                for group in groups:
                    wanted = of(dimension, group.key, Wanted(soon=soon))
                    some = rows(university, who, now, wanted)
                    assert len(some) == counted.total(wanted) == group.count
                    assert min(one.task.due_at for one in some) == group.due_at
        assert seen > len(EVERYBODY) / 2

    def test_narrow_each_other(self, university: University) -> None:
        now = several(university)
        counted = numbers(university, "rector", now)
        holder = counted.by(HOLDER, Wanted())[0]
        both = Wanted(holder=UUID(str(holder.key)), kind="nonconformity")
        assert counted.total(both) == len(rows(university, "rector", now, both)) < counted.total(Wanted())

    def test_know_what_belongs_to_no_unit(self, university: University) -> None:
        now = several(university)
        nowhere = rows(university, "rector", now, Wanted(unit=NONE))
        assert [
            group.count for group in numbers(university, "rector", now).by(UNIT, Wanted()) if group.key == NONE
        ] == [len(nowhere)]
        assert nowhere
        assert all(one.task.unit is None for one in nowhere)

    def test_put_each_task_where_its_days_are(self, university: University) -> None:
        now = several(university)
        for one in rows(university, "rector", now):
            age = sum(one.task.days > most for most in AGES)
            assert one.task.id in {other.task.id for other in rows(university, "rector", now, Wanted(age=age))}

    def test_bound_ages_by_working_days(self) -> None:
        calendar = Calendar({date(2026, 5, 16): True})
        for offset in range(40):
            day = date(2026, 4, 20) + timedelta(days=offset)
            now = moment(day) + timedelta(hours=20)
            for most in AGES:
                first = since(calendar, day, most)
                for back in range(40):
                    due = day - timedelta(days=back)
                    assert (due >= first) == (days_late(due_moment(due), now, calendar) <= most), (day, due, most)


class TestTheList:
    def test_is_walked_by_its_cursor(self, university: University) -> None:
        now = several(university)
        with university.database.read() as connection:
            actor = university.as_("rector", now)
            every = [one.task.id for one in board_page(connection, actor, now, Wanted()).rows]
            walked, cursor = list[UUID](), None
            for _ in range(len(every)):
                page = board_page(connection, actor, now, Wanted(), cursor=cursor, limit=2)
                walked += [one.task.id for one in page.rows]
                assert page.total == len(every)
                if (cursor := page.next) is None:
                    break
        assert walked == every
        assert len(every) > 4

    def test_comes_in_pieces_as_it_comes_whole(self, university: University, monkeypatch: pytest.MonkeyPatch) -> None:
        now = several(university)
        monkeypatch.setattr("service.reading.board.AT_ONCE", 2)
        with university.database.read() as connection:
            actor = university.as_("quality", now)
            whole = board_page(connection, actor, now, Wanted()).rows
            assert list(board_stream(connection, actor, now, Wanted())) == whole

    @pytest.mark.parametrize("dimension", DIMENSIONS)
    def test_shows_the_first_few_of_each_group(self, university: University, dimension: str) -> None:
        now = several(university)
        counted = numbers(university, "rector", now)
        keys = [group.key for group in counted.by(dimension, Wanted())]
        with university.database.read() as connection:
            shown = board_groups(connection, university.as_("rector", now), now, Wanted(), dimension, keys, 2)
        assert set(shown) == set(keys)
        for key in keys:
            whole = rows(university, "rector", now, of(dimension, key))
            assert [one.task.id for one in shown[key]] == [one.task.id for one in whole[:2]]

    def test_has_what_is_due_soon_on_a_list_of_its_own(self, university: University) -> None:
        correcting(university)  # due on Thursday 13 April
        assert not rows(university, "quality", at(2017, 4, 7), Wanted(soon=True))
        for day in (10, 12, 13):
            when = datetime(2017, 4, day, 12, tzinfo=BISHKEK)
            assert len(rows(university, "quality", when, Wanted(soon=True))) == 1
            assert not rows(university, "quality", when)
        assert not rows(university, "quality", at(2017, 4, 14), Wanted(soon=True))
        assert len(rows(university, "quality", at(2017, 4, 14))) == 1
