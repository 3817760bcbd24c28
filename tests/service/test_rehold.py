"""Open tasks follow their office: councils, owners, heads and authors change, deadlines do not."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.daily import leavers, whole_day
from service.moves import transfer
from service.organisation import organisation
from service.rehold import rehold, rehold_of_leavers, rehold_record
from service.sweep import sweep
from states.refusals import Incomplete
from states.text import Text
from tests.support.university import BODIES, University, at, names

SPRING = at(2017, 4, 5)
LATER = at(2017, 4, 12)


def reviewed(university: University) -> UUID:
    """A revision before the council whose secretary is `sec_ouk`."""
    revision = university.draft(SPRING)
    university.go(revision, "submit", "owner", SPRING)
    return revision


def opened(university: University, record: UUID, who: str) -> int:
    """How often somebody was told that a task of the record is theirs."""
    row = t.notice.c
    mine = (row.record_id == record) & (row.reader_id == university.people[who]) & (row.message == "task/opened")
    return len(university.rows(t.notice, mine))


def moments(task: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(task[name] for name in ("id", "opened_at", "due_at", "original_due_at", "rung", "next_notice_at"))


def again(university: University) -> int:
    with university.database.write() as connection:
        return rehold(connection, LATER)


class TestACouncil:
    def test_with_another_secretarys_post_gives_its_tasks_to_that_one_and_tells_once(
        self, university: University
    ) -> None:
        revision = reviewed(university)
        sweep(university.database, at(2017, 4, 21, 9))
        (before,) = university.open_tasks(revision)
        body = t.body.c.code == next(iter(BODIES))
        university.change(sa.update(t.body).where(body).values(secretary_post_id=university.posts["auditor"]))
        assert (again(university), again(university)) == (1, 0)
        (after,) = university.open_tasks(revision)
        assert after["holder_post_id"] == university.posts["auditor"]
        assert moments(after) == moments(before)
        assert opened(university, revision, "auditor") == 1
        assert opened(university, revision, "sec_ouk") == 1, "from before"

    def test_whose_posts_holder_changes_needs_nothing(self, university: University) -> None:
        reviewed(university)
        university.vacate("sec_ouk", LATER.date())
        assert again(university) == 0

    def test_reminds_the_new_one_by_the_same_ladder(self, university: University) -> None:
        revision = reviewed(university)
        (task,) = university.open_tasks(revision)
        body = t.body.c.code == next(iter(BODIES))
        university.change(sa.update(t.body).where(body).values(secretary_post_id=university.posts["auditor"]))
        again(university)
        sweep(university.database, task["next_notice_at"])
        (told,) = university.rows(t.notice, t.notice.c.rung.is_not(None))
        assert (told["rung"], university.who(told["reader_id"])) == (-3, "auditor")


class TestAnOwner:
    def test_who_is_another_has_the_tasks_from_then_on(self, university: University) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        (before,) = university.open_tasks(found)
        with university.database.write() as connection:
            act = Act(connection, organisation(connection), university.as_("quality", LATER), LATER)
            transfer(act, found, {"owner_post_id": university.posts["librarian"]}, {"owner_post": "librarian"})
            assert rehold(connection, LATER, [university.posts["owner"]]) == 1
        (after,) = university.open_tasks(found)
        assert after["holder_post_id"] == university.posts["librarian"]
        assert moments(after) == moments(before)
        assert opened(university, found, "librarian") == 1
        university.go(found, "record_correction", "librarian", LATER, correction="x")

    def test_that_is_a_units_head_is_the_new_heads_post(self, university: University) -> None:
        """A record with a unit and no owner: whoever heads the unit."""
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        with university.database.write() as connection:
            act = Act(connection, organisation(connection), university.as_("quality", LATER), LATER)
            unit = {"owner_post_id": None, "unit_id": university.units["DEPARTMENT"]}
            transfer(act, found, unit, {"unit": "DEPARTMENT"})
            rehold(connection, LATER)
        new_head = new_id()
        university.change(
            sa.update(t.post).where(t.post.c.code == "head").values(heads=False),
            sa.insert(t.post).values(
                id=new_head,
                code="head_2",
                unit_id=university.units["DEPARTMENT"],
                heads=True,
                **names(Text("x", "x", "x")),
            ),
        )
        assert again(university) == 1
        (task,) = university.open_tasks(found)
        assert task["holder_post_id"] == new_head
        assert opened(university, found, "dean") == 1, "the new post is vacant yet: the head above reads it"


class TestALeaver:
    def test_leaves_drafts_to_the_owner_by_the_daily_work(self, university: University) -> None:
        draft = university.draft(SPRING, who="quality")
        (before,) = university.open_tasks(draft)
        university.vacate("quality", LATER.date())
        assert leavers(university.database, at(2017, 4, 11, 23)) == 0
        assert whole_day(university.database, LATER)["reheld"] == 1
        assert whole_day(university.database, LATER)["reheld"] == 0
        (after,) = university.open_tasks(draft)
        assert (after["holder_person_id"], after["holder_post_id"]) == (None, university.posts["owner"])
        assert moments(after) == moments(before)
        assert opened(university, draft, "owner") == 1
        university.go(draft, "submit", "owner", LATER)

    def test_who_holds_another_post_has_not_left(self, university: University) -> None:
        university.draft(SPRING, who="quality")
        other = {"person_id": university.people["quality"], "post_id": university.posts["reader"]}
        university.vacate("quality", LATER.date())
        university.change(sa.insert(t.holding).values(id=new_id(), since=date(2000, 1, 1), **other))
        assert leavers(university.database, LATER) == 0

    def test_of_whom_one_record_cannot_be_given_on_stops_no_other(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = university.draft(SPRING, who="quality"), another_draft(university)
        university.vacate("quality", LATER.date())

        def stubborn(connection: sa.Connection, record_id: UUID, now: datetime) -> int:
            if record_id == first:
                raise ValueError("a fault of ours")
            return rehold_record(connection, record_id, now)

        monkeypatch.setattr("service.daily.rehold_record", stubborn)
        assert leavers(university.database, LATER) == 1
        assert university.open_tasks(second)[0]["holder_post_id"] == university.posts["owner"]
        with university.database.write() as connection:
            assert rehold_of_leavers(connection, LATER) == 1


def another_draft(university: University) -> UUID:
    """A draft of another document, by the same author."""
    (kept,) = university.rows(t.document)
    university.change(sa.insert(t.document).values({**kept, "id": new_id(), "code": "УСТ 5.01"}))
    return university.draft(SPRING, who="quality", document="УСТ 5.01")


class TestHandingOver:
    def test_gives_the_task_to_the_new_author_who_is_told(self, university: University) -> None:
        draft = university.draft(SPRING)
        (before,) = university.open_tasks(draft)
        university.go(draft, "hand_over", "owner", LATER, author="librarian", reason="Өргүү")
        (after,) = university.open_tasks(draft)
        assert after["holder_person_id"] == university.people["librarian"]
        assert moments(after) == moments(before)
        assert opened(university, draft, "librarian") == 1
        university.go(draft, "submit", "librarian", LATER)

    def test_back_tells_the_first_author_again(self, university: University) -> None:
        draft = university.draft(SPRING, who="quality")
        university.go(draft, "hand_over", "owner", LATER, author="librarian", reason="Өргүү")
        university.go(draft, "hand_over", "librarian", LATER + timedelta(days=1), author="quality", reason="Кайтты")
        (task,) = university.open_tasks(draft)
        assert task["holder_person_id"] == university.people["quality"]
        assert opened(university, draft, "quality") == 1

    def test_to_somebody_who_has_left_is_refused_and_changes_nothing(self, university: University) -> None:
        draft = university.draft(SPRING, who="quality")
        before = university.open_tasks(draft)
        university.vacate("librarian", SPRING.date())
        with pytest.raises(Incomplete) as refused:
            university.go(draft, "hand_over", "owner", LATER, author="librarian", reason="Өргүү")
        assert list(refused.value.errors) == ["author"]
        assert university.open_tasks(draft) == before
