"""Units: a tree with campuses at its top, closed only when nothing hangs on them any more."""

from datetime import timedelta
from typing import Any

import pytest

from models import tables as t
from models.base import new_id
from service.keeping.units import add_unit, change_unit, close_unit, reopen_unit
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotYours
from tests.keeping.keeping import DAY, do, log, said, snapshot, unit
from tests.support.university import PEOPLE, University


def placed(university: University, code: str, parent: str, **more: Any) -> bool:
    given = {"name_ky": code, "parent": parent, **more}
    return do(university, change_unit, university.units[code], given)


class TestAUnit:
    def test_is_added_with_three_names_and_a_line_in_the_log(self, university: University) -> None:
        unit_id = do(university, add_unit, unit("CHAIR", "ACADEMIC", name_ru="Кафедра"))
        row = university.one(t.unit, t.unit.c.id == unit_id)
        assert (row["name_ky"], row["name_ru"], row["name_en"]) == ("CHAIR", "Кафедра", "CHAIR")
        assert row["parent_id"] == university.units["ACADEMIC"]
        (line,) = log(university, "unit.added")
        assert (line["actor_id"], line["about_id"]) == (university.people["admin"], unit_id)
        assert line["facts"]["before"] == {}
        assert line["facts"]["after"]["code"] == "CHAIR"
        assert snapshot(university).units[unit_id].code == "CHAIR"

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "admin"])
    def test_is_added_by_nobody_but_the_administrator(self, university: University, who: str) -> None:
        with pytest.raises(NotYours):
            do(university, add_unit, unit("CHAIR"), who=who)
        assert not log(university)

    def test_has_a_code_that_nothing_has_in_any_letters(self, university: University) -> None:
        for code, refusal in (
            ("library", Duplicate),
            ("LIBRARY", Duplicate),
            ("КИТЕП", Incomplete),
            ("a b", Incomplete),
        ):
            with pytest.raises(refusal):
                do(university, add_unit, unit(code))

    def test_keeps_what_was_before_when_it_changes(self, university: University) -> None:
        assert placed(university, "LIBRARY", "ACADEMIC")
        (line,) = log(university, "unit.changed")
        assert line["facts"]["before"] == {"parent_id": str(university.units["UNI"])}
        assert line["facts"]["after"] == {"parent_id": str(university.units["ACADEMIC"])}

    def test_that_does_not_change_leaves_no_line(self, university: University) -> None:
        assert not placed(university, "LIBRARY", "UNI")
        assert not log(university)

    def test_that_is_not_there_is_not_found(self, university: University) -> None:
        with pytest.raises(NotFound):
            do(university, change_unit, new_id(), {"name_ky": "x"})


class TestTheTree:
    def test_has_no_circles(self, university: University) -> None:
        for parent in ("ACADEMIC", "DEPARTMENT"):
            with pytest.raises(Incomplete) as refused:
                placed(university, "ACADEMIC", parent)
            assert list(refused.value.errors) == ["parent"]

    def test_has_campuses_at_its_top(self, university: University) -> None:
        south = do(university, add_unit, unit("SOUTH", "", is_campus="yes"))
        assert snapshot(university).campus_of(south) == south
        for parent in ("UNI", "LIBRARY", "SOUTH"):
            with pytest.raises(Incomplete):
                do(university, add_unit, unit("EAST", parent, is_campus="yes"))

    def test_may_have_the_university_above_its_campuses(self, university: University) -> None:
        do(university, add_unit, unit("JOINT", ""))
        assert placed(university, "UNI", "JOINT", is_campus="yes")
        do(university, add_unit, unit("SOUTH", "JOINT", is_campus="yes"))
        with pytest.raises(Incomplete):
            do(university, add_unit, unit("ANOTHER", ""))
        with pytest.raises(Incomplete):
            do(university, add_unit, unit("EAST", "LIBRARY", is_campus="yes"))

    def test_does_not_take_documents_out_of_their_register(self, university: University) -> None:
        do(university, add_unit, unit("SOUTH", "", is_campus="yes"))
        placed(university, "LIBRARY", "SOUTH")
        university.change(t.document.update().values(unit_id=university.units["DEPARTMENT"]))
        with pytest.raises(GuardUnmet):
            placed(university, "ACADEMIC", "SOUTH")
        with pytest.raises(GuardUnmet):
            placed(university, "UNI", "", is_campus="")


class TestClosing:
    def test_is_refused_while_anything_hangs_on_it_and_says_what(self, university: University) -> None:
        for code, what in (("ACADEMIC", "units: 1"), ("LIBRARY", "holders: 2"), ("DEPARTMENT", "documents: 1")):
            with pytest.raises(GuardUnmet) as refused:
                do(university, close_unit, university.units[code], DAY)
            assert what in said(refused.value)

    def test_takes_the_vacant_posts_with_it_and_can_be_undone(self, university: University) -> None:
        for name in ("librarian", "reader"):
            university.vacate(name, DAY)
        do(university, close_unit, university.units["LIBRARY"], DAY)
        found = snapshot(university)
        assert found.units[university.units["LIBRARY"]].closed_on == DAY
        assert found.posts[university.posts["reader"]].closed_on == DAY
        assert [line["kind"] for line in log(university)] == ["post.closed", "post.closed", "unit.closed"]
        with pytest.raises(Incomplete):
            do(university, add_unit, unit("ROOM", "LIBRARY"))
        with pytest.raises(GuardUnmet):
            do(university, close_unit, university.units["LIBRARY"], DAY)
        do(university, reopen_unit, university.units["LIBRARY"])
        assert snapshot(university).units[university.units["LIBRARY"]].closed_on is None

    def test_is_not_for_a_day_ahead(self, university: University) -> None:
        with pytest.raises(Incomplete):
            do(university, close_unit, university.units["LIBRARY"], DAY + timedelta(days=1))
