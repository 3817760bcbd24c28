"""Two universities in one: each campus has its own posts, heads and register; what it has not, the whole one has."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.organisation import organisation
from service.reading.documents import find_document
from service.reading.permitted import may_read
from service.reading.records import find_record, list_records
from service.sweep import sweep
from states.refusals import NotFound
from states.text import Text
from tests.support.university import DOCUMENT, University, at, names

SPRING = at(2017, 4, 5)
# Post, its unit, its role, whether it heads that. The second campus has no vice-rector of its own.
SECOND = {
    "rector_2": ("CAMPUS2", "rector", True),
    "quality_2": ("CAMPUS2", "quality_specialist", False),
    "sec_2": ("CAMPUS2", None, False),
    "head_2": ("CHAIR2", None, True),
    "owner_2": ("CHAIR2", None, False),
}


@pytest.fixture
def two(university: University) -> University:
    """`university` is the first campus beneath a whole that has a vice-rector; a second campus stands beside it."""
    whole, campus, chair = new_id(), new_id(), new_id()
    named = names(Text("x", "x", "x"))
    for code, one, above, is_campus in (
        ("WHOLE", whole, None, False),
        ("CAMPUS2", campus, whole, True),
        ("CHAIR2", chair, campus, False),
    ):
        university.units[code] = one
        row = {"id": one, "code": code, "parent_id": above, "is_campus": is_campus}
        university.change(sa.insert(t.unit).values(**row, **named))
    university.change(sa.update(t.unit).where(t.unit.c.code == "UNI").values(parent_id=whole))
    university.change(sa.update(t.post).where(t.post.c.code == "vice").values(unit_id=whole))
    for code, (unit, role, heads) in SECOND.items():
        person, post = new_id(), new_id()
        university.people[code], university.posts[code] = person, post
        holds = {"person_id": person, "post_id": post, "since": SPRING.date() - timedelta(days=400)}
        university.change(
            sa.insert(t.post).values(
                id=post, code=code, unit_id=university.units[unit], role=role, heads=heads, **named
            ),
            sa.insert(t.person).values(id=person, code=code, email=f"{code}@uni.example", language="ky", **named),
            sa.insert(t.holding).values(id=new_id(), **holds),
        )
    (document,) = university.rows(t.document)
    second = {"id": new_id(), "campus_id": campus, "owner_post_id": university.posts["owner_2"]}
    university.change(sa.insert(t.document).values({**document, **second}))
    return university


def reported(two: University, who: str = "owner_2", **more: Any) -> UUID:
    said: dict[str, Any] = {
        "title": "x",
        "found": "x",
        "nc_kind": "programme",
        "source": "monitoring",
        "found_on": SPRING.date(),
    }
    return two.open("nonconformity", who, SPRING, **said, **more)


def holder(two: University, record: UUID) -> str:
    (task,) = two.open_tasks(record)
    return next(code for code, post in two.posts.items() if post == task["holder_post_id"])


class TestARecord:
    def test_goes_to_the_posts_of_its_campus(self, two: University) -> None:
        assert holder(two, reported(two)) == "quality_2"
        assert holder(two, reported(two, "owner")) == "quality"

    def test_is_its_units_rather_than_that_of_whoever_opened_it(self, two: University) -> None:
        assert holder(two, reported(two, "owner", unit="CHAIR2")) == "quality_2"

    def test_that_campus_without_such_a_post_gives_to_the_whole_universitys(self, two: University) -> None:
        found = reported(two)
        two.go(found, "register", "quality_2", SPRING, severity="major", owner_post="owner_2")
        two.go(found, "record_correction", "owner_2", SPRING, correction="x")
        two.analysed(found, SPRING, "owner_2")
        action = two.action(found, SPRING, SPRING.date() + timedelta(days=90), "owner_2", "owner_2")
        two.go(found, "submit_plan", "owner_2", SPRING, complete_by=SPRING.date() + timedelta(days=99))
        assert holder(two, action) == "vice"
        two.go(action, "approve", "vice", SPRING)

    def test_is_neither_decided_nor_read_on_the_other_campus(self, two: University) -> None:
        found = reported(two)
        with pytest.raises(NotFound):
            two.go(found, "reject", "quality", SPRING, reason="x")
        with two.database.read() as connection:
            allowed = {who for who in two.people if may_read(connection, found, two.as_(who, SPRING), SPRING)}
            assert allowed == {"owner_2", "quality_2", "rector_2", "vice"}
            assert list_records(connection, two.as_("rector", SPRING), SPRING, "nonconformity").total == 0

    def test_tells_the_rungs_of_its_campus(self, two: University) -> None:
        """Both at once, from one sweep: each to its own head, quality specialist and rector."""
        second = reported(two)
        two.go(second, "register", "quality_2", SPRING, severity="minor", owner_post="owner_2")
        first = reported(two, "owner")
        two.go(first, "register", "quality", SPRING, severity="minor", owner_post="owner")
        for days in range(60):
            sweep(two.database, SPRING + timedelta(days=days))
        told = {
            record: [two.who(row["reader_id"]) for row in sorted(rows, key=lambda row: int(row["rung"]))]
            for record in (first, second)
            if (rows := two.rows(t.notice, t.notice.c.record_id == record, t.notice.c.rung.is_not(None)))
        }
        assert told[second][3:7] == ["head_2", "quality_2", "vice", "rector_2"]
        assert told[first][3:7] == ["head", "quality", "vice", "rector"]
        assert {who[-2:] == "_2" for who in told[second][:3]} == {True}

    def test_of_a_vacant_post_without_a_head_above_is_read_on_its_campus(self, two: University) -> None:
        two.vacate("rector_2", SPRING.date())
        with two.database.read() as connection:
            readers = organisation(connection).readers(two.posts["rector_2"], SPRING.date())
        assert [two.who(one) for one in readers] == ["quality_2"]


class TestACodeThatBothCampusesUse:
    def test_means_the_document_of_ones_own(self, two: University) -> None:
        campus = {row["id"]: row["campus_id"] for row in two.rows(t.document)}
        with two.database.read() as connection:
            for who, unit in (("owner", "UNI"), ("owner_2", "CAMPUS2"), ("quality_2", "CAMPUS2"), ("rector", "UNI")):
                found = find_document(connection, DOCUMENT, two.as_(who, SPRING))
                assert campus[found] == two.units[unit]

    def test_means_the_revision_of_ones_own(self, two: University) -> None:
        first, second = two.draft(SPRING, "owner"), two.draft(SPRING, "owner_2")
        (code,) = {two.record(one)["code"] for one in (first, second)}
        with two.database.read() as connection:
            for who, meant in (("owner", first), ("quality", first), ("owner_2", second), ("head_2", second)):
                assert find_record(connection, code, two.as_(who, SPRING), SPRING, "document") == meant

    def test_means_any_that_one_may_read_where_ones_own_has_none(self, two: University) -> None:
        second = two.draft(SPRING, "owner_2")
        (code,) = {two.record(second)["code"]}
        with two.database.read() as connection:
            assert find_record(connection, code, two.as_("vice", SPRING), SPRING) == second
            with pytest.raises(NotFound):
                find_record(connection, code, two.as_("librarian", SPRING), SPRING)
