"""A successor takes over what a unit had; each campus keeps its own register; nothing of what was is changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import tables as t
from models.base import new_id
from service.codes import CodeGone, require_free
from service.keeping.posts import add_post
from service.keeping.successor import HandOver, preview, take_over
from service.keeping.units import add_unit
from states.kyrgyz import fold
from states.refusals import GuardUnmet, Incomplete, NotYours
from states.routes import usual
from tests.keeping.keeping import DAY, NOW, do, log, post, said, snapshot, unit
from tests.support.chain import assert_whole
from tests.support.university import DOCUMENT, University


@pytest.fixture
def south(university: University) -> UUID:
    """Another campus with a faculty, whose dean is to follow the dean of ours."""
    campus = do(university, add_unit, unit("SOUTH", "", is_campus="yes"))
    for code, parent in (("S_FACULTY", "SOUTH"), ("S_CHAIR", "S_FACULTY")):
        university.units[code] = do(university, add_unit, unit(code, parent))
    for code, of in (("s_dean", "S_FACULTY"), ("s_head", "S_CHAIR")):
        university.posts[code] = do(university, add_post, post(code, of, heads="yes"))
    university.units["SOUTH"] = campus
    return campus


def followed(university: University, **posts: str) -> dict[UUID, UUID]:
    return {university.posts[old]: university.posts[new] for old, new in posts.items()}


def takes(unit_id: UUID, successor: UUID, posts: dict[UUID, UUID] | None = None) -> Callable[..., HandOver]:
    """The take-over of a unit, for somebody to do."""
    return lambda connection, actor, now: take_over(connection, unit_id, successor, DAY, actor, now, posts or {})


def documents(university: University) -> dict[str, Any]:
    return {row["code"]: row for row in university.rows(t.document)}


def twin(university: University, code: str, campus: UUID) -> None:
    row = {**documents(university)[DOCUMENT], "id": new_id(), "code": code, "campus_id": campus}
    university.change(t.document.insert().values({**row, "unit_id": None, "owner_post_id": None}))


def called_before(university: University, document: dict[str, Any], code: str) -> None:
    """The document had that code on its campus until today."""
    row = {"campus_id": document["campus_id"], "code": code, "folded": fold(code), "document_id": document["id"]}
    university.change(t.former_code.insert().values(id=new_id(), until=DAY, **row))


class TestASuccessor:
    def test_gets_documents_open_records_and_posts_work(self, university: University, south: UUID) -> None:
        found, action = university.under_way(NOW, DAY + timedelta(days=20))
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        university.change(t.document.update().values(unit_id=department))
        history = university.rows(t.history)
        posts = followed(university, owner="s_head", head="s_head")
        plan = do(university, takes(department, chair, posts))
        assert (len(plan.documents), len(plan.records), plan.clashes) == (1, 2, [])
        document = documents(university)[DOCUMENT]
        expected = (chair, university.posts["s_head"], south)
        assert (document["unit_id"], document["owner_post_id"], document["campus_id"]) == expected
        for record in (found, action):
            row = university.record(record)
            assert (row["owner_post_id"], row["campus_id"]) == (university.posts["s_head"], south)
        told = [entry for entry in university.rows(t.history) if entry not in history]
        assert [(entry["move"], entry["from_state"] == entry["to_state"]) for entry in told] == [("transfer", True)] * 2
        assert [entry["given"] for entry in told] == [{"owner_post": "s_head", "campus": "SOUTH"}] * 2
        for record in (found, action):
            assert_whole(university, record)
        holders = {task["holder_post_id"] for record in (found, action) for task in university.open_tasks(record)}
        assert holders == {university.posts["s_head"]}
        unit_row = university.one(t.unit, t.unit.c.id == department)
        assert (unit_row["closed_on"], unit_row["successor_id"]) == (DAY, chair)
        (line,) = log(university, "unit.taken_over")
        assert line["facts"]["after"]["documents"] == 1

    def test_checks_what_the_one_before_was_to_check(self, university: University, south: UUID) -> None:
        university.under_way(NOW, DAY + timedelta(days=20), owner="librarian")
        university.change(t.corrective_action.update().values(checker_post_id=university.posts["head"]))
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        do(university, takes(department, chair, followed(university, owner="s_head", head="s_head")))
        assert university.one(t.corrective_action)["checker_post_id"] == university.posts["s_head"]

    def test_leaves_what_is_closed_as_it_was(self, university: University, south: UUID) -> None:
        found = university.reported(NOW)
        university.go(found, "reject", "quality", NOW, reason="Бул келбөөчүлүк эмес")
        before = university.record(found)
        university.change(t.document.update().values(owner_post_id=None))
        take = (university.units["DEPARTMENT"], university.units["S_CHAIR"])
        do(university, takes(*take))
        assert university.record(found) == before

    def test_finds_a_code_of_its_register_taken_and_says_so(self, university: University, south: UUID) -> None:
        twin(university, "уст  4.09", south)
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        university.change(
            t.document.update().where(t.document.c.code == DOCUMENT).values(unit_id=department, owner_post_id=None)
        )
        plan = do(university, takes(department, chair))
        assert [clash.code for clash in plan.clashes] == [DOCUMENT]
        document = documents(university)[DOCUMENT]
        assert (document["unit_id"], document["campus_id"]) == (chair, university.units["UNI"])
        assert log(university, "unit.taken_over")[0]["facts"]["after"]["clashes"] == [DOCUMENT]

    @pytest.mark.parametrize(
        ("now", "before"),
        [("уст 4.15", ""), ("ПО 4.15", ""), ("ПО 4.09", ""), ("КН 1.01", "УСТ 4.15"), ("КН 1.01", DOCUMENT)],
    )
    def test_finds_its_code_or_number_or_a_former_one_used_there(
        self, university: University, south: UUID, now: str, before: str
    ) -> None:
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        university.change(t.document.update().values(unit_id=department, owner_post_id=None, code="УСТ 4.15"))
        mine = documents(university)["УСТ 4.15"]
        called_before(university, mine, DOCUMENT)
        university.change(t.document.insert().values({**mine, "id": new_id(), "code": now, "campus_id": south}))
        theirs = university.one(t.document, t.document.c.campus_id == south)
        university.change(t.document.update().where(t.document.c.id == theirs["id"]).values(unit_id=None))
        if before:
            called_before(university, theirs, before)
        assert [one.document_id for one in do(university, takes(department, chair)).clashes] == [mine["id"]]
        stays = university.rows(t.former_code, t.former_code.c.document_id == mine["id"])
        assert [row["campus_id"] for row in stays] == [university.units["UNI"]]

    def test_keeps_the_former_codes_of_what_it_gets(self, university: University, south: UUID) -> None:
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        university.change(t.document.update().values(unit_id=department, owner_post_id=None, code="УСТ 4.15"))
        called_before(university, documents(university)["УСТ 4.15"], DOCUMENT)
        assert not do(university, takes(department, chair)).clashes
        assert [(row["code"], row["campus_id"]) for row in university.rows(t.former_code)] == [(DOCUMENT, south)]
        with university.database.read() as connection, pytest.raises(CodeGone):
            require_free(connection, south, DOCUMENT)

    def test_gets_one_of_two_that_come_with_one_code(self, university: University, south: UUID) -> None:
        department, chair = university.units["DEPARTMENT"], university.units["S_CHAIR"]
        third = do(university, add_unit, unit("THIRD", "", is_campus="yes"))
        university.change(t.document.update().values(unit_id=department, owner_post_id=None))
        mine = documents(university)[DOCUMENT]
        university.change(t.document.insert().values({**mine, "id": new_id(), "campus_id": third}))
        plan = do(university, takes(department, chair))
        assert [clash.code for clash in plan.clashes] == [DOCUMENT]
        assert len([row for row in university.rows(t.document) if row["campus_id"] == south]) == 1

    def test_approves_what_the_one_before_was_to_approve(self, university: University, south: UUID) -> None:
        post_id, follower = university.posts["librarian"], university.posts["s_head"]
        university.change(t.route.update().values(facts=replace(usual(("ouk", "ok")), approver=post_id.hex).facts))
        waiting = university.endorsed(NOW)
        posts = followed(university, librarian="s_head")
        do(university, takes(university.units["LIBRARY"], university.units["S_CHAIR"], posts))
        assert {row["facts"]["approver_post_id"] for row in university.rows(t.route)} == {follower.hex}
        assert university.one(t.revision)["approver_post_id"] == follower
        assert {task["holder_post_id"] for task in university.open_tasks(waiting)} == {follower}
        assert log(university, "route.set")

    def test_of_the_same_campus_keeps_the_register(self, university: University) -> None:
        university.change(t.document.update().values(unit_id=university.units["DEPARTMENT"]))
        take = (university.units["DEPARTMENT"], university.units["LIBRARY"])
        posts = followed(university, owner="librarian")
        do(university, takes(*take, posts))
        document = documents(university)[DOCUMENT]
        assert (document["unit_id"], document["campus_id"]) == (take[1], university.units["UNI"])

    def test_gets_the_units_below_with_their_documents(self, university: University, south: UUID) -> None:
        university.change(t.document.update().values(unit_id=university.units["DEPARTMENT"]))
        take = (university.units["ACADEMIC"], university.units["S_FACULTY"])
        do(university, takes(*take))
        assert snapshot(university).campus_of(university.units["DEPARTMENT"]) == south
        document = documents(university)[DOCUMENT]
        assert (document["unit_id"], document["campus_id"]) == (university.units["DEPARTMENT"], south)
        assert document["owner_post_id"] == university.posts["owner"]

    def test_follows_in_councils_and_processes(self, university: University) -> None:
        university.change(t.body.update().values(secretary_post_id=university.posts["reader"]))
        process_id = new_id()
        process = {"code": "1", "name": "x", "folded": "x", "section": "", "owner_as_given": ""}
        university.change(t.process.insert().values(id=process_id, **process))
        for position, name in enumerate(("librarian", "owner", "reader")):
            owner = {"id": new_id(), "process_id": process_id, "post_id": university.posts[name]}
            university.change(t.process_owner.insert().values(**owner, position=position))
        take = (university.units["LIBRARY"], university.units["DEPARTMENT"])
        posts = followed(university, reader="owner", librarian="head")
        do(university, takes(*take, posts))
        assert {row["secretary_post_id"] for row in university.rows(t.body)} == {university.posts["owner"]}
        expected = (university.posts["head"], university.posts["owner"])
        assert snapshot(university).process_owners[process_id] == expected


class TestTheEndOfTheUnit:
    def test_ends_its_posts_and_who_holds_them(self, university: University) -> None:
        take = (university.units["LIBRARY"], university.units["DEPARTMENT"])
        plan = do(university, takes(*take))
        found = snapshot(university)
        assert {university.who(one) for one in plan.people} == {"librarian", "reader"}
        assert found.holders(university.posts["reader"], DAY) == ()
        assert found.holders(university.posts["reader"], DAY - timedelta(days=1))
        assert found.posts[university.posts["reader"]].closed_on == DAY

    def test_needs_a_post_for_each_that_answers_for_something(self, university: University) -> None:
        take = (university.units["DEPARTMENT"], university.units["LIBRARY"])
        with pytest.raises(GuardUnmet) as refused:
            do(university, takes(*take))
        assert said(refused.value, "posts") == ["owner (post)"]
        assert not log(university)

    def test_is_seen_before_and_nothing_is_written(self, university: University, south: UUID) -> None:
        lines = len(log(university))
        take = (university.units["DEPARTMENT"], university.units["S_CHAIR"])
        plan = do(university, lambda c, a, n: preview(c, *take, a, n, {}))
        assert (len(plan.documents), plan.campus_id) == (1, south)
        assert plan.unfollowed == [university.posts["owner"]]
        assert len(log(university)) == lines

    def test_is_nothing_for_others_nor_for_itself(self, university: University) -> None:
        library, department = university.units["LIBRARY"], university.units["DEPARTMENT"]
        for who in ("rector", "quality", "librarian"):
            with pytest.raises(NotYours):
                do(university, takes(library, department), who=who)
        for unit_id, successor in (("ACADEMIC", "DEPARTMENT"), ("LIBRARY", "LIBRARY")):
            with pytest.raises(Incomplete):
                do(university, takes(university.units[unit_id], university.units[successor]))
        posts = followed(university, librarian="reader")
        with pytest.raises(Incomplete):
            do(university, takes(library, department, posts))
