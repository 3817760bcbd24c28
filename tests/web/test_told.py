"""What I was told, on its page and in the API; a nudge through both; and how I am told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from service.sweep import sweep
from states.lifecycle import Channel, Ladder, Rung
from states.policies import ladder_facts, ladder_id
from states.roles import Role
from tests.support.post import Post, post_of
from tests.support.university import University, at
from tests.web.programs import Program, refused
from tests.web.visitors import Visitor, application, forms, words

TUESDAY = at(2026, 3, 10)
DUE = at(2026, 3, 17)
LATE = at(2026, 3, 25, 10)
LANGUAGES = pytest.mark.parametrize("language", ["ky", "ru", "en"])


@pytest.fixture
def app(university: University) -> Iterator[FastAPI]:
    made = application(university.database, LATE)
    yield made
    made.state.site.close()


@pytest.fixture
def browser(app: FastAPI) -> Visitor:
    return Visitor(app)


@pytest.fixture
def ask(app: FastAPI) -> Program:
    return Program(app)


@pytest.fixture
def post(university: University, tmp_path: Path) -> Iterator[Post]:
    with post_of(university.database, tmp_path) as opened:
        yield opened


def registered(university: University, when: datetime = TUESDAY, owner: str = "owner") -> UUID:
    found = university.reported(when)
    university.go(found, "register", "quality", when, severity="minor", owner_post=owner)
    return found


def climbed(university: University, post: Post) -> UUID:
    """A nonconformity of which its owner, their head and the quality specialist were told, day by day."""
    found = registered(university)
    post.deliver(TUESDAY)
    morning = at(2026, 3, 11, 9)
    while morning < LATE:
        sweep(university.database, morning)
        post.deliver(morning)
        morning += timedelta(days=1)
    return found


def told(ask: Program, person: str, query: str = "", **headers: str) -> list[dict[str, Any]]:
    answer = ask.as_(person, **headers).get(f"/api/me/told{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def task_of(university: University, record: UUID) -> UUID:
    (task,) = university.open_tasks(record)
    found: UUID = task["id"]
    return found


class TestWhatIWasTold:
    def test_is_told_the_newest_first_with_what_became_of_it(
        self, university: University, post: Post, ask: Program
    ) -> None:
        found = climbed(university, post)
        mine = told(ask, "owner", Accept_Language="en")
        assert [one["rung"] for one in mine] == [5 - 4, 0, -3, None]
        assert [one["message"] for one in mine] == ["task/reminder"] * 3 + ["task/opened"]
        assert [one["at"] for one in mine] == sorted((one["at"] for one in mine), reverse=True)
        assert {one["record"]["id"] for one in mine} == {str(found)}
        assert {(one["state"], one["way"]) for one in mine} == {("sent", "mail")}
        assert mine[0]["rung_label"] == "1 working day after the deadline, as holder of the task"
        assert mine[1]["rung_label"] == "on the day of the deadline, as holder of the task"
        assert mine[2]["rung_label"] == "3 working days before the deadline, as holder of the task"
        assert mine[3]["happened"] == "Registered"

    def test_says_as_what(self, university: University, post: Post, ask: Program) -> None:
        climbed(university, post)
        newest = told(ask, "quality", Accept_Language="en")[0]
        assert newest["rung_label"] == "5 working days after the deadline, as quality specialist"
        assert newest["part"] == "quality_specialist"

    def test_is_ones_own_only(self, university: University, post: Post, ask: Program) -> None:
        climbed(university, post)
        keys = {one["key"] for one in told(ask, "owner")}
        assert not keys & {one["key"] for one in told(ask, "head")}
        assert {one.rpartition(":")[2] for one in keys} == {university.people["owner"].hex}

    def test_is_walked_by_its_cursor(self, university: University, ask: Program) -> None:
        for minute in range(7):
            registered(university, TUESDAY + timedelta(minutes=minute))
        seen = [one["key"] for page in ask.as_("owner").pages("/api/me/told", limit=2) for one in page]
        assert seen == [one["key"] for one in told(ask, "owner")]
        assert len(seen) == len(set(seen)) == 7

    def test_waits_in_a_digest_until_its_morning(self, university: University, post: Post, ask: Program) -> None:
        assert ask.as_("owner").send("PATCH", "/api/me", {}, json={"digest": True}).json()["digest"]
        when = LATE - timedelta(minutes=5)
        registered(university, when)
        post.deliver(when)
        (one,) = told(ask, "owner")
        assert (one["way"], one["state"]) == ("digest", "waiting")
        assert datetime.fromisoformat(one["waits_until"]) == at(2026, 3, 26, 9)
        post.deliver(at(2026, 3, 26, 9))
        (one,) = told(ask, "owner")
        assert (one["way"], one["state"], one["waits_until"]) == ("digest", "sent", None)

    def test_says_why_something_was_not_sent(self, university: University, post: Post, ask: Program) -> None:
        found = registered(university)
        post.deliver(TUESDAY)
        sweep(university.database, at(2026, 3, 12, 9))
        university.go(found, "record_correction", "owner", at(2026, 3, 12, 9, 1), correction="Түзөтүлдү")
        post.sink.refused["auditor@uni.example"] = "550 5.1.1 no such mailbox"
        post.deliver(at(2026, 3, 12, 9, 2))
        settled = told(ask, "owner", Accept_Language="en")[0]
        assert (settled["state"], settled["why"]) == ("dropped", "It was done before this could be sent.")

    def test_that_waits_for_a_server_says_what_it_said(self, university: University, post: Post, ask: Program) -> None:
        registered(university)
        post.sink.refuse = "451 4.3.0 try later"
        post.deliver(TUESDAY)
        (one,) = told(ask, "owner")
        assert one["state"] == "waiting"
        assert "451" in one["why"]

    def test_on_the_page_only_is_told_there(self, university: University, ask: Program, browser: Visitor) -> None:
        found = registered(university)
        rung = Rung(1, (Role.HOLDER,), Channel.PAGE)
        ladder = Ladder((rung,), again=Rung(5, (Role.HOLDER,)))
        climbs = {"ladder_id": ladder_id(ladder), "rung": 0, "next_notice_at": at(2026, 3, 18, 9)}
        university.change(
            sa.insert(t.ladder).values(id=ladder_id(ladder), facts=ladder_facts(ladder)),
            sa.update(t.task).where(t.task.c.record_id == found).values(climbs),
        )
        sweep(university.database, at(2026, 3, 18, 9))
        (one,) = told(ask, "owner", "?way=page")
        assert (one["way"], one["state"], one["rung"]) == ("page", "sent", 1)
        assert "Only here" in words(browser.is_("owner", "en").get("/told?way=page"))

    def test_that_may_no_longer_be_read_is_left_out(self, university: University, ask: Program) -> None:
        found = registered(university)
        assert told(ask, "owner")
        gone = sa.update(t.record).where(t.record.c.id == found).values(owner_post_id=university.posts["librarian"])
        university.change(
            gone.values(moved_at=LATE),
            sa.update(t.task).where(t.task.c.record_id == found).values(holder_post_id=university.posts["librarian"]),
            sa.update(t.task).where(t.task.c.record_id == found).values(closed_at=LATE),
        )
        assert told(ask, "owner") == []

    def test_is_filtered_by_its_way(self, university: University, post: Post, ask: Program) -> None:
        climbed(university, post)
        assert told(ask, "owner", "?way=mail") == told(ask, "owner")
        assert told(ask, "owner", "?way=page") == []
        refused(ask.as_("owner").get("/api/me/told?way=pigeon"), 422, "incomplete")

    def test_is_told_to_nobody_in_particular(self, ask: Program, browser: Visitor) -> None:
        refused(ask.get("/api/me/told"), 401, "signed-out")
        assert browser.get("/told").status_code == 303


class TestItsPage:
    @LANGUAGES
    def test_says_what_when_and_how_in_each_language(
        self, university: University, post: Post, browser: Visitor, language: str
    ) -> None:
        found = climbed(university, post)
        page = browser.is_("quality", language).get("/told")
        assert page.status_code == 200
        assert f"/nonconformities/{found}" in page.text
        assert university.record(found)["code"] in page.text
        part = Role.QUALITY_SPECIALIST.label.into(language)
        assert part in words(page)

    def test_says_everything_in_words(self, university: University, post: Post, browser: Visitor) -> None:
        climbed(university, post)
        page = words(browser.is_("quality", "en").get("/told"))
        assert "Escalation: " in page
        assert "5 working days after the deadline, as quality specialist" in page
        assert "By mail" in page
        assert "sent 25 Mar 2026, 09:00" in page

    def test_goes_on_to_the_next(self, university: University, browser: Visitor) -> None:
        for minute in range(55):
            registered(university, TUESDAY + timedelta(minutes=minute))
        page = browser.is_("owner", "en").get("/told")
        assert page.text.count("New task:") == 50
        assert "in all" not in words(page)  # nobody counts mails
        (onward,) = [line for line in page.text.split('"') if line.startswith("/told?after=")]
        assert browser.get(onward.replace("&amp;", "&")).text.count("New task:") == 5

    def test_of_nothing_says_so(self, browser: Visitor) -> None:
        assert "Nobody has told me anything yet" in words(browser.is_("reader", "en").get("/told"))


class TestANudge:
    def test_through_the_api_tells_whom_it_reached(self, university: University, ask: Program) -> None:
        task = task_of(university, registered(university))
        answer = ask.as_("quality").post(f"/api/tasks/{task}/nudge", {"words": "Суранам"})
        assert answer.status_code == 201
        assert [one["code"] for one in answer.json()["told"]] == ["owner"]
        newest = told(ask, "owner", Accept_Language="en")[0]
        assert (newest["message"], newest["asked_by"], newest["words"]) == ("task/nudge", "Sapat Saparov", "Суранам")

    def test_a_second_one_is_refused_with_who_and_when(self, university: University, ask: Program) -> None:
        task = task_of(university, registered(university))
        assert ask.as_("quality").post(f"/api/tasks/{task}/nudge", {}).status_code == 201
        told = refused(
            ask.as_("rector", Accept_Language="en").post(f"/api/tasks/{task}/nudge", {}), 409, "already-asked"
        )
        assert told["title"] == "Sapat Saparov has asked for this today already: 25 March 2026, 10:00."

    def test_with_a_key_is_one_however_often_it_comes(self, university: University, ask: Program) -> None:
        task = task_of(university, registered(university))
        answers = [ask.as_("quality").post(f"/api/tasks/{task}/nudge", {}, Idempotency_Key="once") for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()

    def test_is_refused_to_whoever_may_not(self, university: University, ask: Program) -> None:
        found = registered(university)
        task = task_of(university, found)
        refused(ask.as_("librarian").post(f"/api/tasks/{task}/nudge", {}), 404, "not-found")
        refused(ask.as_("dean").post(f"/api/tasks/{task}/nudge", {}), 403, "not-yours")
        refused(ask.as_("owner").post(f"/api/tasks/{task}/nudge", {}), 422, "guard-unmet")
        refused(ask.post(f"/api/tasks/{task}/nudge", {}), 401, "signed-out")
        refused(ask.as_("quality").post(f"/api/tasks/{task}/nudge", {"words": 7}), 422, "incomplete")
        refused(ask.as_("quality").post(f"/api/tasks/{task}/nudge", {"say": "x"}), 422, "incomplete")
        university.go(found, "record_correction", "owner", LATE, correction="Түзөтүлдү")
        refused(ask.as_("quality").post(f"/api/tasks/{task}/nudge", {}), 409, "task-done")

    def test_through_a_page_leads_back_to_where_one_was(self, university: University, browser: Visitor) -> None:
        task = task_of(university, registered(university))
        browser.is_("quality")
        answer = browser.post(f"/tasks/{task}/nudge", {"next": "/late?unit=1&done=7", "words": ""})
        assert (answer.status_code, answer.headers["location"]) == (303, "/late?unit=1&done=nudged")
        assert len(university.rows(t.notice, t.notice.c.message == "task/nudge")) == 1

    @pytest.mark.parametrize(
        "wanted", ["//evil.example", "https://evil.example/x", "/\\evil.example", "/%0d%0aX: y", ""]
    )
    def test_leads_nobody_elsewhere(self, university: University, browser: Visitor, wanted: str) -> None:
        task = task_of(university, registered(university))
        answer = browser.is_("quality").post(f"/tasks/{task}/nudge", {"next": wanted})
        where = answer.headers["location"]
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))
        assert "\n" not in where

    @LANGUAGES
    def test_that_is_refused_says_why_on_a_page(self, university: University, browser: Visitor, language: str) -> None:
        task = task_of(university, registered(university))
        browser.is_("quality", language)
        assert browser.post(f"/tasks/{task}/nudge", {"next": "/late"}).status_code == 303
        again = browser.post(f"/tasks/{task}/nudge", {"next": "/late"})
        assert again.status_code == 409
        assert "10:00" in words(again)

    def test_from_another_site_is_none(self, university: University, browser: Visitor) -> None:
        task = task_of(university, registered(university))
        answer = browser.is_("quality").post(f"/tasks/{task}/nudge", {"next": "/late"}, Sec_Fetch_Site="cross-site")
        assert answer.status_code == 403
        assert university.rows(t.notice, t.notice.c.message == "task/nudge") == []


class TestHowIAmTold:
    @LANGUAGES
    def test_is_chosen_on_the_own_page(self, university: University, browser: Visitor, language: str) -> None:
        page = browser.is_("owner", language).get("/account")
        (form,) = [one for one in forms(page) if one.action == "/account/mails"]
        answer = browser.post(form.action, {"mails": "digest"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=digest")
        assert browser.get("/account?done=digest").text.count("checked") == page.text.count("checked")
        assert university.one(t.person, t.person.c.code == "owner")["digest"]
        browser.post(form.action, {"mails": "single"})
        assert not university.one(t.person, t.person.c.code == "owner")["digest"]

    def test_is_nothing_else(self, university: University, browser: Visitor) -> None:
        assert browser.is_("owner").post("/account/mails", {"mails": "pigeons"}).status_code == 404
        assert not university.one(t.person, t.person.c.code == "owner")["digest"]

    def test_is_read_and_changed_by_a_program(self, university: University, ask: Program) -> None:
        owner = ask.as_("owner")
        assert owner.get("/api/me").json()["digest"] is False
        changed = owner.send("PATCH", "/api/me", {}, json={"digest": True})
        assert changed.status_code == 200
        assert changed.json() == owner.get("/api/me").json()
        assert changed.json()["digest"] is True
        for wrong in ({}, {"digest": "yes"}, {"digest": None}, {"digest": True, "email": "x@y.example"}):
            refused(owner.send("PATCH", "/api/me", {}, json=wrong), 422, "incomplete")
        assert owner.get("/api/me").json()["digest"] is True

    def test_is_ones_own(self, university: University, ask: Program) -> None:
        ask.as_("owner").send("PATCH", "/api/me", {}, json={"digest": True})
        assert [row["code"] for row in university.rows(t.person, t.person.c.digest)] == ["owner"]
