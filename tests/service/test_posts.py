"""Posts rather than people: who gets a task when its post is empty, changes hands, or is held by two."""

from datetime import date

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.sweep import sweep
from states.refusals import NotFound, NotYours
from tests.support.university import University, at, protocol

SPRING = at(2017, 4, 5)


def told(university: University) -> list[str]:
    return sorted(university.who(notice["reader_id"]) for notice in university.rows(t.notice))


class TestAVacantPost:
    def test_falls_to_the_head_above_who_is_told_and_may_act(self, university: University) -> None:
        university.vacate("owner", SPRING.date())
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        (task,) = university.open_tasks(found)
        assert task["holder_post_id"] == university.posts["owner"]
        assert "head" in told(university)
        university.go(found, "record_correction", "head", SPRING, correction="Түзөтүлдү")

    def test_falls_further_up_where_that_one_is_empty_too(self, university: University) -> None:
        for post in ("owner", "head"):
            university.vacate(post, SPRING.date())
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        assert "dean" in told(university)
        university.go(found, "record_correction", "dean", SPRING, correction="Түзөтүлдү")

    def test_is_no_business_of_others(self, university: University) -> None:
        university.vacate("owner", SPRING.date())
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        for who in ("dean", "vice", "quality"):
            with pytest.raises(NotYours):
                university.go(found, "record_correction", who, SPRING, correction="Түзөтүлдү")
        with pytest.raises(NotFound):  # who may not even read it
            university.go(found, "record_correction", "librarian", SPRING, correction="Түзөтүлдү")

    def test_of_the_rector_is_read_by_whoever_keeps_the_system_who_may_not_decide(self, university: University) -> None:
        """Nobody stands above the rector: nothing is left without a reader."""
        university.vacate("rector", SPRING.date())
        revision = university.endorsed(SPRING)
        assert told(university)[-1]
        assert "quality" in told(university)
        with pytest.raises(NotYours):
            university.go(revision, "return_to_author", "quality", SPRING, reason="Ректор жок")

    def test_gets_its_reminders_read(self, university: University) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        university.vacate("owner", date(2017, 4, 6))
        sweep(university.database, at(2017, 4, 13, 10))
        reminded = university.rows(t.notice, t.notice.c.rung.is_not(None))
        assert [university.who(notice["reader_id"]) for notice in reminded] == ["head"]

    def test_is_the_newcomers_from_their_first_day(self, university: University) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        university.vacate("owner", date(2017, 4, 6))
        university.change(
            sa.insert(t.holding).values(
                id=new_id(),
                person_id=university.people["reader"],
                post_id=university.posts["owner"],
                since=date(2017, 4, 10),
            )
        )
        with pytest.raises(NotFound):
            university.go(found, "record_correction", "reader", at(2017, 4, 9), correction="Түзөтүлдү")
        with pytest.raises(NotYours):
            university.go(found, "record_correction", "owner", at(2017, 4, 10), correction="Түзөтүлдү")
        university.go(found, "record_correction", "reader", at(2017, 4, 10, 0, 1), correction="Түзөтүлдү")


class TestAPostThatTwoHold:
    def test_tells_both_and_may_be_done_by_either(self, university: University) -> None:
        university.change(
            sa.insert(t.holding).values(
                id=new_id(),
                person_id=university.people["reader"],
                post_id=university.posts["sec_ouk"],
                since=date(2000, 1, 1),
            )
        )
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        assert told(university) == ["reader", "sec_ouk"]
        university.go(revision, "endorse", "reader", SPRING, **protocol("1", SPRING))


class TestAnAuthorWhoHasLeft:
    def test_leaves_a_draft_that_the_owner_of_the_document_may_finish(self, university: University) -> None:
        revision = university.draft(SPRING, who="quality")
        university.vacate("quality", date(2017, 4, 6))
        university.go(revision, "submit", "owner", at(2017, 4, 7))
        assert university.state(revision) == "council_review"
