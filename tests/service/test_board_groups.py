"""Every grouping of the board, counted by hand; who may not read a record neither sees nor counts it."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.opening import open_record
from service.organisation import CLOCK, organisation
from service.reading.board import BoardRow, board_groups, board_page, board_stream
from service.reading.late import AGE, AGES, DIMENSIONS, HOLDER, KIND, NONE, PROCESS, UNIT, Wanted, late_numbers
from service.reading.permitted import may_read
from states.working_days import today
from tests.service.test_sweep import SPRING
from tests.support.university import PEOPLE, University, at

NOW = at(2017, 5, 22)
PROCESSES = ("2.1", "3.4")


@dataclass(frozen=True)
class Task:
    """A late task, plainly: where it belongs by each dimension."""

    id: UUID
    due_at: datetime
    keys: Mapping[str, Hashable]


@pytest.fixture
def furnished(university: University) -> University:
    """Late tasks of every unit, of two processes and of none, of posts and of persons, young and old; a complaint."""
    rows = {code: {"id": new_id(), "code": code, "name": code, "folded": code} for code in PROCESSES}
    owners = {"2.1": "librarian", "3.4": "dean"}
    university.change(
        *(sa.insert(t.process).values(row) for row in rows.values()),
        *(
            sa.insert(t.process_owner).values(
                id=new_id(), process_id=rows[code]["id"], post_id=university.posts[owner], position=0
            )
            for code, owner in owners.items()
        ),
    )
    said: dict[str, Any] = {"title": "x", "found": "x", "nc_kind": "programme", "source": "monitoring"}
    places = (("LIBRARY", "2.1"), ("DEPARTMENT", None), ("ACADEMIC", "3.4"), (None, None), ("LIBRARY", "3.4"))
    for place, (unit, process) in enumerate(places * 3):
        when = SPRING + timedelta(days=3 * place)
        more: dict[str, Any] = {name: value for name, value in (("unit", unit), ("process", process)) if value}
        found = university.open("nonconformity", "auditor", when, found_on=when.date(), **said, **more)
        if place % 3:
            owner = ("owner", "librarian", "head", "dean")[place % 4]
            university.go(found, "register", "quality", when, severity="minor", owner_post=owner)
    university.under_way(SPRING, date(2017, 4, 20), "librarian")
    university.draft(at(2017, 4, 6))
    complained(university, SPRING + timedelta(days=2))
    return university


def complained(university: University, when: datetime) -> UUID:
    """A confidential complaint of somebody without an account: nobody has assessed it."""
    told = {"title": "Купуя", "found": "Айтпайм", "nc_kind": "environment", "source": "customers"}
    with university.database.write() as connection:
        given = {**told, "found_on": when.date(), "reported_by": "Асан", "confidential": True}
        return open_record(connection, "nonconformity", given, CLOCK, when).record_id


def by_hand(university: University, who: str, *, soon: bool = False) -> list[Task]:
    """What is late and may be read, one task after the other, without any of the board's statements."""
    actor, found = university.as_(who, NOW), []
    with university.database.read() as connection:
        calendar = organisation(connection).calendar
        both = sa.select(t.task, t.record.c.unit_id, t.record.c.process_id).join(t.record)
        for row in connection.execute(both).mappings():
            days = calendar.between(today(NOW), today(row["due_at"]))
            wanted = row["due_at"] >= NOW and days <= 3 if soon else row["due_at"] < NOW
            if row["closed_at"] or not wanted or not may_read(connection, row["record_id"], actor, NOW):
                continue
            late = max(1, calendar.between(today(row["due_at"]), today(NOW)))
            keys = {
                KIND: row["lifecycle"],
                UNIT: row["unit_id"] or NONE,
                PROCESS: row["process_id"] or NONE,
                HOLDER: row["holder_post_id"] or row["holder_person_id"],
                AGE: 0 if soon else sum(late > most for most in AGES),
            }
            found.append(Task(row["id"], row["due_at"], keys))
    return sorted(found, key=lambda one: (one.due_at, one.id))


def read(university: University, who: str, wanted: Wanted) -> list[BoardRow]:
    with university.database.read() as connection:
        return board_page(connection, university.as_(who, NOW), NOW, wanted, limit=200).rows


class TestEachGrouping:
    @pytest.mark.parametrize("dimension", DIMENSIONS)
    def test_holds_the_tasks_that_one_counts_by_hand(self, furnished: University, dimension: str) -> None:
        sizes = set()
        for who in PEOPLE:
            expected: defaultdict[Hashable, list[Task]] = defaultdict(list)
            for task in by_hand(furnished, who):
                expected[task.keys[dimension]].append(task)
            with furnished.database.read() as connection:
                actor = furnished.as_(who, NOW)
                groups = late_numbers(connection, actor, NOW).by(dimension, Wanted())
                assert {group.key: (group.count, group.due_at) for group in groups} == {
                    key: (len(some), some[0].due_at) for key, some in expected.items()
                }
                keys = [group.key for group in groups]
                shown = board_groups(connection, actor, NOW, Wanted(), dimension, keys, 100) if keys else {}
            assert {key: [row.task.id for row in some] for key, some in shown.items()} == {
                key: [task.id for task in some] for key, some in expected.items()
            }
            sizes.add(len(expected))
        assert max(sizes) >= 3
        assert 0 in sizes

    def test_puts_the_largest_first_and_of_ages_the_oldest(self, furnished: University) -> None:
        with furnished.database.read() as connection:
            numbers = late_numbers(connection, furnished.as_("rector", NOW), NOW)
        for dimension in (KIND, UNIT, PROCESS, HOLDER):
            counts = [group.count for group in numbers.by(dimension, Wanted())]
            assert counts == sorted(counts, reverse=True)
        ages = [group.key for group in numbers.by(AGE, Wanted())]
        assert ages == sorted(ages, key=str, reverse=True)
        assert len(ages) > len(AGES) // 2, "of several ages, or nothing is shown by this"

    @pytest.mark.parametrize("who", ["rector", "quality", "head", "librarian", "reader"])
    def test_narrowed_by_two_things_is_both(self, furnished: University, who: str) -> None:
        every = by_hand(furnished, who)
        for one, other in ((UNIT, AGE), (PROCESS, HOLDER), (KIND, UNIT)):
            for pair in {(task.keys[one], task.keys[other]) for task in every}:
                wanted: dict[str, Any] = {one: pair[0], other: pair[1]}
                both = [task.id for task in every if (task.keys[one], task.keys[other]) == pair]
                assert [row.task.id for row in read(furnished, who, Wanted(**wanted))] == both

    def test_of_what_is_due_soon_is_so_too(self, furnished: University) -> None:
        for days in range(8):
            when = NOW - timedelta(days=7 + days)
            found = furnished.reported(when)
            furnished.go(found, "register", "quality", when, severity="minor", owner_post="owner")
        for who in ("rector", "owner", "librarian"):
            expected = by_hand(furnished, who, soon=True)
            assert [row.task.id for row in read(furnished, who, Wanted(soon=True))] == [task.id for task in expected]
        assert by_hand(furnished, "rector", soon=True)


class TestAConfidentialComplaint:
    """It is the quality specialist's to assess; who may not read it neither sees nor counts it, by any way."""

    def test_is_on_the_board_of_those_who_may_read_it_only(self, furnished: University) -> None:
        complaint = furnished.one(t.record, t.record.c.title == "Купуя")["id"]
        with furnished.database.read() as connection:
            may = {who for who in PEOPLE if may_read(connection, complaint, furnished.as_(who, NOW), NOW)}
        assert "quality" in may
        assert may.isdisjoint({"owner", "head", "librarian", "reader", "admin", "auditor"})
        for who in PEOPLE:
            seen = [row for row in read(furnished, who, Wanted()) if row.task.record_id == complaint]
            assert bool(seen) == (who in may), who
            with furnished.database.read() as connection:
                actor = furnished.as_(who, NOW)
                streamed = [row.task.record_id for row in board_stream(connection, actor, NOW, Wanted())]
                counted = late_numbers(connection, actor, NOW).total(Wanted())
            assert (complaint in streamed) == (who in may)
            assert counted == len(streamed) == len(by_hand(furnished, who))

    def test_takes_nothing_of_who_complained_with_it(self, furnished: University) -> None:
        for who in PEOPLE:
            assert "Асан" not in repr(read(furnished, who, Wanted()))
