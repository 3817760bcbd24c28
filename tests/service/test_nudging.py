"""A nudge: who may ask whom for a task, once a day, and what comes of it."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.nudging import AlreadyAsked, Nudge, TaskDone, nudge
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours
from tests.support.dump import dump
from tests.support.post import Post
from tests.support.together import together
from tests.support.university import PEOPLE, University, at

TUESDAY = at(2026, 3, 10)
LATER = TUESDAY + timedelta(minutes=5)
TOMORROW = at(2026, 3, 11, 0, 30)


def task_of(university: University, owner: str = "owner") -> tuple[UUID, UUID]:
    """A nonconformity whose correction `owner` has to record: the record, and its task."""
    found = university.reported(TUESDAY)
    university.go(found, "register", "quality", TUESDAY, severity="minor", owner_post=owner)
    (task,) = university.open_tasks(found)
    return found, task["id"]


def asks(university: University, task: UUID, who: str, when: Any = LATER, words: str = "") -> Nudge:
    actor = university.as_(who, when)
    with university.database.write() as connection:
        return nudge(connection, task, actor, when, words)


def nudged(university: University) -> list[dict[str, Any]]:
    return university.rows(t.notice, t.notice.c.message == "task/nudge")


class TestWhoMayAsk:
    def test_is_whoever_answers_for_it_and_nobody_else(self, university: University) -> None:
        _, task = task_of(university)
        allowed: dict[str, str] = {}
        for who in PEOPLE:
            try:
                asks(university, task, who, LATER + timedelta(days=len(allowed)))
                allowed[who] = "yes"
            except (NotYours, NotFound, GuardUnmet) as refusal:
                allowed[who] = type(refusal).__name__
        assert {who for who, answer in allowed.items() if answer == "yes"} == {"rector", "vice", "quality", "head"}
        assert allowed["owner"] == "GuardUnmet"  # they have it themselves
        assert allowed["dean"] == "NotYours"  # above the head; may read it
        assert allowed["librarian"] == "NotFound"  # may not know of it

    def test_is_the_records_owner_where_somebody_else_has_the_task(self, university: University) -> None:
        found = university.reported(TUESDAY)
        university.go(found, "register", "quality", TUESDAY, severity="minor", owner_post="owner")
        university.go(found, "record_correction", "owner", TUESDAY, correction="Түзөтүлдү")
        (task,) = university.open_tasks(found)
        done = asks(university, task["id"], "owner")
        assert [university.who(one) for one in done.told] == ["quality"]

    def test_is_their_deputy_too(self, university: University) -> None:
        _, task = task_of(university)
        spell = {"id": new_id(), "person_id": university.people["vice"], "deputy_id": university.people["reader"]}
        days = {"since": TUESDAY.date(), "until": TUESDAY.date(), "reason": "", "entered_at": TUESDAY}
        university.change(sa.insert(t.absence).values({**spell, **days}))
        assert asks(university, task, "reader").role == "vice_rector"


class TestANudge:
    def test_tells_whoever_has_the_task_by_mail(self, university: University, post: Post) -> None:
        found, task = task_of(university)
        post.deliver(TUESDAY)
        asks(university, task, "quality", words="Комиссия эртең келет")
        (notice,) = nudged(university)
        assert notice["key"] == f"{task.hex}:nudge:20260310:{university.people['owner'].hex}"
        assert (notice["rung"], notice["task_id"], notice["record_id"]) == (None, task, found)
        post.deliver(LATER)
        mail = post.mails()[-1]
        assert mail.entry.recipient == "owner@uni.example"
        assert "Сапат Сапаров" in mail.text
        assert "Комиссия эртең келет" in mail.text
        assert "Комиссия эртең келет" in mail.html
        assert f"/nonconformities/{found}" in mail.text

    def test_is_in_the_log(self, university: University) -> None:
        found, task = task_of(university)
        asks(university, task, "head", words="Суранам")
        (line,) = university.rows(t.event, t.event.c.kind == "task.nudged")
        assert (line["actor_id"], line["about_id"]) == (university.people["head"], task)
        assert line["facts"]["words"] == "Суранам"
        assert line["facts"]["as"] == "holders_head"
        assert line["facts"]["record"] == found.hex

    def test_moves_nothing(self, university: University) -> None:
        found, task = task_of(university)
        before = university.history(found), university.record(found), university.open_tasks(found)
        asks(university, task, "quality")
        assert (university.history(found), university.record(found), university.open_tasks(found)) == before

    def test_goes_to_whoever_stands_in(self, university: University, post: Post) -> None:
        _, task = task_of(university)
        spell = {"id": new_id(), "person_id": university.people["owner"], "deputy_id": university.people["dean"]}
        days = {"since": TUESDAY.date(), "until": TUESDAY.date(), "reason": "", "entered_at": TUESDAY}
        university.change(sa.insert(t.absence).values({**spell, **days}))
        assert [university.who(one) for one in asks(university, task, "quality").told] == ["dean"]
        post.deliver(LATER)
        (mail,) = [one for one in post.mails() if one.entry.recipient == "dean@uni.example"]
        assert "in place of Omur Jazuuchu" in mail.text

    @pytest.mark.parametrize("words", ["сөз " * 200, "эки\nсап"])
    def test_takes_a_few_words_only(self, university: University, words: str) -> None:
        _, task = task_of(university)
        before = dump(university.database)
        with pytest.raises(Incomplete):
            asks(university, task, "quality", words=words)
        assert dump(university.database) == before


class TestASecondTime:
    def test_on_one_day_is_refused_with_who_asked_and_when(self, university: University) -> None:
        _, task = task_of(university)
        asks(university, task, "quality")
        before = dump(university.database)
        for who in ("quality", "rector"):
            with pytest.raises(AlreadyAsked) as refused:
                asks(university, task, who, LATER + timedelta(hours=1))
            assert refused.value.status == 409
            assert "Sapat Saparov" in str(refused.value.facts["who"])
            assert "10:05" in str(refused.value.facts["when"])
        assert dump(university.database) == before

    def test_on_the_next_day_in_bishkek_is_heard(self, university: University, post: Post) -> None:
        _, task = task_of(university)
        for when in (LATER, TOMORROW):
            asks(university, task, "quality", when)
        assert len(nudged(university)) == 2
        post.deliver(TOMORROW)
        assert [mail.entry.recipient for mail in post.mails()].count("owner@uni.example") == 3

    def test_at_the_same_moment_is_one(self, university: University) -> None:
        _, task = task_of(university)
        results = together([partial(asks, university, task, who) for who in ("quality", "rector", "vice", "head")])
        assert sorted(type(one).__name__ for one in results) == ["AlreadyAsked"] * 3 + ["Nudge"]
        assert len(nudged(university)) == 1
        assert len(university.rows(t.event, t.event.c.kind == "task.nudged")) == 1

    def test_reaches_who_has_it_now(self, university: University) -> None:
        _, task = task_of(university)
        asks(university, task, "quality")
        moved = sa.update(t.task).where(t.task.c.id == task).values(holder_post_id=university.posts["librarian"])
        university.change(moved)
        assert [university.who(one) for one in asks(university, task, "rector").told] == ["librarian"]


class TestWhatCannotBeAskedFor:
    def test_is_a_task_that_is_done(self, university: University) -> None:
        found, task = task_of(university)
        university.go(found, "record_correction", "owner", LATER, correction="Түзөтүлдү")
        with pytest.raises(TaskDone) as refused:
            asks(university, task, "quality")
        assert refused.value.status == 409
        assert nudged(university) == []

    def test_is_what_is_not_there(self, university: University) -> None:
        with pytest.raises(NotFound):
            asks(university, new_id(), "rector")
