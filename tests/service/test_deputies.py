"""While somebody is away: who has their tasks, who is told, for whom things are done, and the day after."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.organisation import organisation
from service.reading.deputies import held_for, standing_in
from service.reading.tasks import tasks_of
from service.reading.waiting import counts
from service.sweep import sweep
from states.refusals import NotFound, NotYours, Refusal
from tests.support.post import post_of
from tests.support.university import University, at, protocol

# Counted by hand (see test_sweep): opened on Wednesday 5 April, due on the 13th; rungs on the 10th, 13th and 14th (the
# holder), 18th (the head), 20th (the quality specialist), 27th (the vice-rector), 10 May (the rector).
SPRING = at(2017, 4, 5)
RUNGS = [at(2017, 4, 10, 9), at(2017, 4, 13, 9), at(2017, 4, 14, 9), at(2017, 4, 18, 9), at(2017, 4, 20, 9)]


def away(university: University, person: str, deputy: str | None, since: date, until: date) -> UUID:
    """The person is away from a day to a day, and the deputy, if there is one, acts for them."""
    spell = new_id()
    people = {"person_id": university.people[person], "deputy_id": university.people[deputy] if deputy else None}
    row = {"id": spell, "since": since, "until": until, "entered_at": SPRING, **people}
    university.change(sa.insert(t.absence).values(row))
    return spell


def april(first: int, last: int) -> tuple[date, date]:
    return date(2017, 4, first), date(2017, 4, last)


def correcting(university: University, when: datetime = SPRING) -> UUID:
    """A nonconformity whose owner is to correct it, due on 13 April."""
    found = university.reported(when)
    university.go(found, "register", "quality", when, severity="minor", owner_post="owner")
    return found


def rungs(university: University, *moments: datetime) -> list[tuple[int, str]]:
    """Sweep at these moments; which rungs, by their working days from the due day, were told to whom."""
    for moment in moments:
        sweep(university.database, moment)
    told = university.rows(t.notice, t.notice.c.rung.is_not(None))
    return sorted((row["rung"], university.who(row["reader_id"])) for row in told)


def opened(university: University, record: UUID) -> list[str]:
    """Who was told that a task is theirs, in order."""
    rows = university.rows(t.notice, t.notice.c.record_id == record, t.notice.c.message == "task/opened")
    return [university.who(row["reader_id"]) for row in sorted(rows, key=lambda row: (row["created_at"], row["key"]))]


def tasks(university: University, who: str, when: datetime) -> list[UUID]:
    with university.database.read() as connection:
        return [task.record_id for task in tasks_of(connection, university.as_(who, when), when)]


class TestTheDeputy:
    def test_has_the_tasks_and_so_has_who_is_away_and_the_day_after_only_they(self, university: University) -> None:
        found = correcting(university)
        away(university, "owner", "librarian", *april(10, 14))
        for day in (9, 10, 14, 15):
            when = at(2017, 4, day)
            assert tasks(university, "owner", when) == [found]
            assert tasks(university, "librarian", when) == ([found] if 10 <= day <= 14 else [])
            with university.database.read() as connection:
                number = counts(connection, university.as_("librarian", when), when).mine
            assert number == (1 if 10 <= day <= 14 else 0)

    def test_has_the_drafts_of_a_person_too(self, university: University) -> None:
        draft = university.draft(SPRING)
        away(university, "owner", "librarian", *april(5, 14))
        assert tasks(university, "librarian", SPRING) == [draft]
        university.go(draft, "submit", "librarian", at(2017, 4, 6))
        entry = university.history(draft)[-1]
        assert university.who(entry["actor_id"]) == "librarian"
        assert university.who(entry["acting_for_id"]) == "owner"

    def test_acts_for_them_in_their_post_on_those_days_only(self, university: University) -> None:
        found = correcting(university)
        away(university, "owner", "librarian", *april(10, 14))
        with pytest.raises(NotFound):
            university.go(found, "record_correction", "librarian", at(2017, 4, 9), correction="x")
        university.go(found, "record_correction", "librarian", at(2017, 4, 14, 23, 59), correction="x", causes_too=True)
        entry = university.history(found)[-1]
        assert entry["post_id"] == university.posts["owner"]
        assert university.who(entry["acting_for_id"]) == "owner"
        with pytest.raises(NotFound):
            university.go(found, "add_cause", "librarian", at(2017, 4, 15, 0, 1), text="x")
        university.go(found, "add_cause", "owner", at(2017, 4, 15, 0, 1), text="x")

    def test_is_told_of_what_is_opened_meanwhile(self, university: University) -> None:
        away(university, "owner", "librarian", *april(5, 7))
        assert opened(university, correcting(university)) == ["quality", "librarian"]

    def test_gets_the_reminders_of_those_days_and_they_the_others(self, university: University) -> None:
        correcting(university)
        away(university, "owner", "librarian", *april(11, 13))
        assert rungs(university, *RUNGS[:3]) == [(-3, "owner"), (0, "librarian"), (1, "owner")]

    def test_gets_one_mail_for_a_rung_however_often_it_is_swept(self, university: University) -> None:
        """On the last evening the deputy is told; the next morning nobody is told of the same rung again."""
        correcting(university)
        away(university, "owner", "librarian", *april(10, 10))
        assert rungs(university, at(2017, 4, 10, 23), at(2017, 4, 11, 1), at(2017, 4, 11, 9)) == [(-3, "librarian")]

    def test_who_is_the_other_holder_of_the_post_too_is_told_once(self, university: University) -> None:
        both = {"person_id": university.people["librarian"], "post_id": university.posts["owner"]}
        university.change(sa.insert(t.holding).values(id=new_id(), since=date(2000, 1, 1), **both))
        found = correcting(university)
        away(university, "owner", "librarian", *april(10, 14))
        assert rungs(university, RUNGS[0]) == [(-3, "librarian")]
        with university.database.read() as connection:
            snapshot, actor = organisation(connection), university.as_("librarian", at(2017, 4, 10))
        (task,) = university.open_tasks(found)
        assert held_for(actor, task["holder_post_id"], None) is None, "it is their own as well"
        assert len(standing_in(snapshot, actor, date(2017, 4, 10))) == 1

    def test_is_not_told_after_an_outage_that_went_on_past_the_absence(self, university: University) -> None:
        """What is swept late goes to whoever is there then."""
        correcting(university)
        away(university, "owner", "librarian", *april(6, 14))
        assert rungs(university, at(2017, 4, 15, 10)) == [(1, "owner")]

    def test_is_told_after_an_outage_that_ended_within_it(self, university: University) -> None:
        correcting(university)
        away(university, "owner", "librarian", *april(14, 20))
        assert rungs(university, at(2017, 4, 15, 10)) == [(1, "librarian")]


class TestWhatADeputyOpens:
    def test_is_opened_for_the_one_who_is_away_where_only_that_lets_them(self, university: University) -> None:
        found = university.planning(SPRING)
        away(university, "owner", "reader", *april(1, 30))
        for who, in_post, whose in (("reader", "owner", "owner"), ("quality", "quality", None)):
            action = university.action(found, SPRING, date(2017, 5, 1), who=who)
            (entry,) = university.history(action)
            assert entry["actor_id"] == university.people[who]
            assert entry["post_id"] == university.posts[in_post]
            assert entry["acting_for_id"] == (university.people[whose] if whose else None)


class TestADeputyWho:
    def test_is_away_too_has_a_deputy_too(self, university: University) -> None:
        away(university, "owner", "librarian", *april(5, 20))
        away(university, "librarian", "reader", *april(10, 13))
        found = correcting(university)
        assert rungs(university, *RUNGS[:3]) == [(-3, "reader"), (0, "reader"), (1, "librarian")]
        assert tasks(university, "reader", at(2017, 4, 12)) == [found]
        assert tasks(university, "reader", at(2017, 4, 14)) == []

    def test_leads_in_a_circle_is_nobody_and_the_head_above_answers(self, university: University) -> None:
        away(university, "owner", "librarian", *april(5, 20))
        away(university, "librarian", "owner", *april(5, 20))
        found = correcting(university)
        assert rungs(university, RUNGS[0]) == [(-3, "head")]
        university.go(found, "record_correction", "head", at(2017, 4, 10), correction="x")
        assert university.history(found)[-1]["acting_for_id"] is None

    def test_is_nobody_leaves_the_tasks_to_the_head_above(self, university: University) -> None:
        away(university, "owner", None, *april(5, 20))
        found = correcting(university)
        assert opened(university, found) == ["quality", "head"]
        assert rungs(university, *RUNGS[:4]) == [(-3, "head"), (0, "head"), (1, "head"), (3, "head")]
        assert tasks(university, "head", at(2017, 4, 12)) == [found]
        assert tasks(university, "head", at(2017, 4, 21)) == []

    def test_has_left_the_university_is_nobody_any_more(self, university: University) -> None:
        away(university, "owner", "librarian", *april(5, 20))
        university.vacate("librarian", date(2017, 4, 12))
        found = correcting(university)
        assert rungs(university, *RUNGS[:2]) == [(-3, "librarian"), (0, "head")]
        assert tasks(university, "librarian", at(2017, 4, 13)) == []
        with pytest.raises((NotYours, NotFound)):
            university.go(found, "record_correction", "librarian", at(2017, 4, 13), correction="x")

    def test_was_entered_by_mistake_is_one_no_more(self, university: University) -> None:
        spell = away(university, "owner", "librarian", *april(5, 20))
        found = correcting(university)
        university.change(sa.update(t.absence).where(t.absence.c.id == spell).values(cancelled_at=SPRING))
        assert tasks(university, "librarian", SPRING) == []
        assert rungs(university, RUNGS[0]) == [(-3, "owner")]
        assert opened(university, found)[-1] == "librarian"


class TestTheHeadAbove:
    def test_who_is_away_hears_through_their_deputy(self, university: University) -> None:
        correcting(university)
        away(university, "head", "librarian", *april(17, 19))
        assert rungs(university, RUNGS[3]) == [(3, "librarian")]

    def test_who_is_away_without_one_leaves_it_to_the_head_above_them(self, university: University) -> None:
        correcting(university)
        away(university, "head", None, *april(17, 19))
        assert rungs(university, RUNGS[3]) == [(3, "dean")]

    def test_answers_for_a_holder_without_a_deputy_unless_they_are_away_as_well(self, university: University) -> None:
        away(university, "owner", None, *april(5, 20))
        away(university, "head", None, *april(5, 20))
        found = correcting(university)
        assert opened(university, found) == ["quality", "dean"]
        university.go(found, "record_correction", "dean", at(2017, 4, 10), correction="x")


class TestARungToARole:
    def test_goes_to_the_deputy_of_who_has_it(self, university: University) -> None:
        correcting(university)
        away(university, "quality", "librarian", *april(19, 21))
        assert rungs(university, RUNGS[4]) == [(5, "librarian")]

    def test_goes_to_the_head_above_where_there_is_none(self, university: University) -> None:
        correcting(university)
        away(university, "quality", None, *april(19, 21))
        assert rungs(university, RUNGS[4]) == [(5, "rector")]

    def test_reaches_somebody_where_all_are_away(self, university: University) -> None:
        correcting(university)
        for who in university.people:
            away(university, who, None, *april(19, 21))
        ((rung, _),) = rungs(university, RUNGS[4])
        assert rung == 5


class TestAnybodyWhoIsTold:
    def test_as_a_deputy_may_still_open_it_when_the_absence_is_over(self, university: University) -> None:
        """A mail of the last evening is read the next morning."""
        from service.reading.permitted import may_read

        found = correcting(university)
        away(university, "owner", "librarian", *april(10, 10))
        rungs(university, RUNGS[0])
        when = at(2017, 4, 11)
        with university.database.read() as connection:
            assert may_read(connection, found, university.as_("librarian", when), when)
        university.go(found, "record_correction", "owner", when, correction="x")
        with university.database.read() as connection:
            assert not may_read(connection, found, university.as_("librarian", when), when)


class TestLetters:
    def test_say_in_whose_place_they_come_and_who_did_it_for_whom(self, university: University, tmp_path: Path) -> None:
        away(university, "owner", "librarian", *april(5, 14))
        away(university, "quality", "auditor", *april(5, 5))
        found = university.reported(SPRING, who="reader")
        university.go(found, "register", "auditor", SPRING, severity="minor", owner_post="owner")
        with post_of(university.database, tmp_path) as post:
            post.deliver(at(2017, 4, 5, 11))
            mails = {mail.entry.recipient.partition("@")[0]: text(mail) for mail in post.mails()}
            assert "in place of Omur Jazuuchu, who is away until 14 April 2017" in mails["librarian"]
            assert "in place of Sapat Saparov" in mails["auditor"]
            assert "Текшер Аудиторов" in mails["reader"]
            assert "Сапат Сапаров" in mails["reader"]
            sweep(university.database, RUNGS[2] + timedelta(days=1))
            post.deliver(RUNGS[2] + timedelta(days=1))
            assert post.mails()[-1].entry.recipient == "owner@uni.example"
            assert "in place of" not in text(post.mails()[-1])

    def test_of_a_rung_say_whose_it_would_have_been(self, university: University, tmp_path: Path) -> None:
        correcting(university)
        away(university, "quality", "librarian", *april(19, 21))
        away(university, "head", "librarian", *april(18, 18))
        with post_of(university.database, tmp_path) as post:
            for moment in RUNGS[3:5]:
                rungs(university, moment)
                post.deliver(moment)
            mails = [text(mail) for mail in post.mails() if mail.entry.recipient.startswith("librarian")]
            assert "in place of Bashchy Bashchiev, who is away until 18 April 2017" in mails[0]
            assert "in place of Sapat Saparov, who is away until 21 April 2017" in mails[1]


def text(mail: Any) -> str:
    """The words of a mail, on one line."""
    return " ".join(str(mail.text).split())


class TestSeparationOfDuties:
    def test_lends_a_deputy_no_way_around_it(self, university: University) -> None:
        """The author of a revision does not approve it for the rector either."""
        revision = university.draft(SPRING, who="owner")
        university.go(revision, "submit", "owner", SPRING)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(revision, "endorse", secretary, SPRING, **protocol("1", SPRING))
        away(university, "rector", "owner", *april(5, 20))
        with pytest.raises(Refusal) as refused:
            university.go(
                revision,
                "approve",
                "owner",
                at(2017, 4, 6),
                order_no="1",
                decided_on=date(2017, 4, 6),
                in_force_on=date(2017, 4, 6),
            )
        assert refused.value.code == "separation-of-duties"
