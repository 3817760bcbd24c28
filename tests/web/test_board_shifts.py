"""From the board in one click: asking whoever has a task, giving it to others, granting time; and what is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from uuid import UUID

import httpx
import pytest

from models import tables as t
from states.registry import lifecycle
from tests.support.dump import dump
from tests.support.university import PEOPLE, University, at
from tests.web.visitors import Visitor, application, forms, moves, words

LATE = at(2017, 6, 5)
SINCE = at(2017, 4, 5)
DUE = date(2017, 4, 20)
# Who is offered what of a late action in progress and of its nonconformity, both of which `owner` has.
NUDGES = {"rector", "vice", "quality", "head"}
ACTION = {
    "quality": {"reassign"},
    "vice": {"reassign", "extend"},
    "rector": {"extend"},
    "owner": {"request_extension"},
}
NONCONFORMITY = {"quality": {"reassign"}, "vice": {"reassign", "reschedule"}}
LATER = {"new_due_on": "2017-06-20", "reason": "Жеткирүү кечикти"}
GIVEN = {
    "reassign": {"owner_post": "head", "reason": "Ооруп калды"},
    "extend": LATER,
    "request_extension": LATER,
    "reschedule": {"complete_by": "2017-06-30", "reason": "Жеткирүү кечикти"},
}


@dataclass
class Board:
    """A late action, its late nonconformity, and somebody who looks."""

    university: University
    visitor: Visitor
    found: UUID
    action: UUID

    def record(self, kind: str) -> UUID:
        return self.action if kind == "corrective_action" else self.found

    def path(self, kind: str) -> str:
        return f"/{lifecycle(kind).collection}/{self.record(kind)}"

    def task(self, kind: str) -> UUID:
        (task,) = self.university.open_tasks(self.record(kind))
        return UUID(str(task["id"]))


@pytest.fixture
def board(university: University) -> Iterator[Board]:
    found, action = university.under_way(SINCE, DUE)
    app = application(university.database, LATE)
    yield Board(university, Visitor(app), found, action)
    app.state.site.close()


def offered(page: httpx.Response, path: str) -> dict[str, str]:
    """The moves to whose forms the board leads for a record, and where."""
    hrefs = re.findall(rf'href="({re.escape(path)}#f-(\w+?)-\w+)"', page.text)
    return {name: unescape(href) for href, name in hrefs}


KINDS = pytest.mark.parametrize(("kind", "offers"), [("corrective_action", ACTION), ("nonconformity", NONCONFORMITY)])


class TestWhatIsOffered:
    @KINDS
    def test_is_what_each_may_do_and_nothing_else(self, board: Board, kind: str, offers: dict[str, set[str]]) -> None:
        nudge = f"/tasks/{board.task(kind)}/nudge"
        for who in PEOPLE:
            page = board.visitor.is_(who, "en").get(f"/late?kind={kind}")
            shown = board.path(kind) in page.text
            assert set(offered(page, board.path(kind))) == offers.get(who, set()), who
            asks = [form for form in forms(page) if form.action == nudge]
            assert len(asks) == (who in NUDGES), who
            assert shown or who not in {*offers, *NUDGES}, who

    @pytest.mark.parametrize("grouping", ["unit", "process", "holder", "age"])
    def test_is_offered_in_each_grouping(self, board: Board, grouping: str) -> None:
        page = board.visitor.is_("vice", "en").get(f"/late/by/{grouping}?kind=corrective_action")
        assert set(offered(page, board.path("corrective_action"))) == ACTION["vice"]
        assert [form.action for form in forms(page) if form.action.endswith("/nudge")] == [
            f"/tasks/{board.task('corrective_action')}/nudge"
        ]


class TestOneClick:
    @KINDS
    def test_leads_to_the_form_which_does_it(self, board: Board, kind: str, offers: dict[str, set[str]]) -> None:
        for who, names in offers.items():
            visitor = board.visitor.is_(who, "en")
            for name in names:
                page = visitor.get(f"/late?kind={kind}")
                if name not in offered(page, board.path(kind)):
                    continue  # what was done before has taken it from the board, or away from them
                path, _, place = offered(page, board.path(kind))[name].partition("#")
                there = visitor.get(path)
                assert f'id="{place}"' in there.text
                form = moves(there)[name]
                sent = visitor.post(form.action, {**form.fields, **GIVEN[name]})
                assert sent.status_code == 303, (who, name, words(sent))
                assert board.university.history(board.record(kind))[-1]["move"] == name

    def test_of_giving_it_to_others_gives_it_and_tells_them(self, board: Board) -> None:
        kind = "corrective_action"
        visitor = board.visitor.is_("quality", "en")
        form = moves(visitor.get(board.path(kind)))["reassign"]
        visitor.post(form.action, {**form.fields, **GIVEN["reassign"]})
        (task,) = board.university.open_tasks(board.action)
        assert task["holder_post_id"] == board.university.posts["head"]
        told = board.university.rows(
            t.notice,
            t.notice.c.record_id == board.action,
            t.notice.c.reader_id == board.university.people["head"],
            t.notice.c.message == "task/opened",
        )
        assert len(told) == 1
        page = words(visitor.get("/late?kind=corrective_action"))
        assert "Head (post)" in page
        assert "Bashchy Bashchiev" in page

    def test_of_granting_time_takes_it_from_the_board_and_keeps_the_first_day(self, board: Board) -> None:
        visitor = board.visitor.is_("vice", "en")
        form = moves(visitor.get(board.path("corrective_action")))["extend"]
        visitor.post(form.action, {**form.fields, **GIVEN["extend"]})
        assert "Everything that has a day is within it" in words(visitor.get("/late")), "its nonconformity is too"
        (task,) = board.university.open_tasks(board.action)
        assert task["due_at"].date() == date(2017, 6, 20)
        assert task["original_due_at"].date() == DUE


class TestWhatIsRefused:
    @KINDS
    def test_is_every_move_to_everybody_to_whom_it_is_not_offered(
        self, board: Board, kind: str, offers: dict[str, set[str]]
    ) -> None:
        before = dump(board.university.database)
        for who in PEOPLE:
            visitor = board.visitor.is_(who, "en")
            readable = visitor.get(board.path(kind)).status_code == 200
            for name in {move for names in offers.values() for move in names} - offers.get(who, set()):
                version = str(board.university.record(board.record(kind))["version"])
                sent = visitor.post(f"{board.path(kind)}/moves/{name}", {**GIVEN[name], "version": version})
                assert sent.status_code == (403 if readable else 404), (who, name)
        assert dump(board.university.database) == before

    def test_is_asking_to_everybody_to_whom_it_is_not_offered(self, board: Board) -> None:
        path = f"/tasks/{board.task('corrective_action')}/nudge"
        before = dump(board.university.database)
        answers = {who: board.visitor.is_(who, "en").post(path).status_code for who in PEOPLE if who not in NUDGES}
        readable = {who for who in answers if board.visitor.is_(who).get(board.path("corrective_action")).is_success}
        assert answers.pop("owner") == 422  # it is theirs
        assert answers == {who: 403 if who in readable else 404 for who in answers}
        assert dump(board.university.database) == before

    def test_is_a_second_time_on_one_day_whoever_asks(self, board: Board) -> None:
        path = f"/tasks/{board.task('corrective_action')}/nudge"
        assert board.visitor.is_("quality", "en").post(path).status_code == 303
        for who in NUDGES:
            assert board.visitor.is_(who, "en").post(path).status_code == 409
            page = board.visitor.get("/late?kind=corrective_action")
            assert "asked for today" in words(page)
            assert not [form for form in forms(page) if form.action == path]

    def test_is_leading_elsewhere_afterwards(self, board: Board) -> None:
        path = f"/tasks/{board.task('corrective_action')}/nudge"
        sent = board.visitor.is_("quality", "en").post(path, {"next": "https://evil.example/late"})
        assert (sent.status_code, sent.headers["location"].startswith("/")) == (303, True)
        assert "evil" not in sent.headers["location"]
