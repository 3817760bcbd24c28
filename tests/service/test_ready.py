"""Statements made ready: they find what they would find put together anew, for whoever and whenever they are asked."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from service.organisation import organisation, organisation_changed
from service.reading.ready import LENGTHS, REMEMBERED, Ready, filled, once, ready
from service.reading.records import list_records
from service.reading.told import list_told
from service.reading.waiting import counts
from states.refusals import Malformed
from tests.support.university import University, at

NOW = at(2026, 3, 10)


class TestAReadyStatement:
    def test_finds_what_it_finds_put_together_anew(self, university: University) -> None:
        found = [university.reported(NOW + timedelta(hours=hours)) for hours in range(3)]
        record = t.record.c
        statement = sa.select(
            record.id, record.opened_at, record.author_hidden, record.closed_at, sa.func.count()
        ).where(
            record.kind.in_(["nonconformity", "document"]),
            record.opened_at < sa.bindparam("until", type_=Moment()),
            record.id.in_(sa.bindparam("ids", expanding=True)),
        )
        statement = statement.group_by(record.id).order_by(record.id)
        with university.database.read() as connection:
            made = Ready(connection.dialect, statement, {"until": NOW, "ids": filled(found)})
            for until, ids in ((NOW + timedelta(hours=2), found), (NOW + timedelta(hours=9), found[1:])):
                given = {"until": until, "ids": filled(ids)}
                rows = made.every(connection, given)
                assert [tuple(row) for row in rows] == [tuple(row) for row in connection.execute(statement, given)]
                assert [row.id for row in rows] == (found[:2] if ids == found else found[1:])
                assert rows[0].opened_at == university.record(rows[0].id)["opened_at"]

    def test_that_the_database_refuses_says_so_as_sqlalchemy_does(self, university: University) -> None:
        with university.database.read() as connection:
            made = Ready(connection.dialect, sa.select(sa.column("nothing")).select_from(t.record), {})
            with pytest.raises(sa.exc.DBAPIError):
                made.every(connection, {})

    def test_is_made_once_for_the_same_organisation(self, university: University) -> None:
        made: list[int] = []

        def statement() -> sa.Select[Any]:
            made.append(1)
            return sa.select(sa.func.count()).select_from(t.record)

        with university.database.write() as connection:
            organisation_changed(connection)
        with university.database.read() as connection:
            first = ready(connection, "how many", {}, statement)
            assert ready(connection, "how many", {}, statement) is first
        with university.database.write() as connection:
            organisation_changed(connection)
        with university.database.read() as connection:
            assert ready(connection, "how many", {}, statement) is not first
        assert len(made) == 2

    def test_is_forgotten_where_there_are_too_many(self, university: University) -> None:
        with university.database.read() as connection:
            snapshot = organisation(connection)
            for number in range(REMEMBERED + 1):
                once(snapshot, number, lambda: "")
            assert len(snapshot.kept) <= REMEMBERED


class TestAList:
    def test_of_identifiers_has_one_of_few_lengths(self) -> None:
        assert [len(filled(range(many))) for many in (1, 8, 9, 50, 51, 200, 201)] == [8, 8, 50, 50, 200, 200, 201]
        assert set(filled([7, 9])) == {7, 9}
        assert max(LENGTHS) == 200


class TestWhoeverIsAsking:
    def test_finds_what_is_theirs_after_somebody_else_asked_the_same(self, university: University) -> None:
        university.reported(NOW)
        for _ in range(2):
            with university.database.read() as connection:
                for who, many in (("rector", 1), ("librarian", 0), ("quality", 1)):
                    actor = university.as_(who, NOW)
                    assert list_records(connection, actor, NOW, "nonconformity").total == many
                    assert len(list_records(connection, actor, NOW, "nonconformity", state="reported").rows) == many

    def test_finds_no_more_than_theirs_once_they_have_lost_a_post(self, university: University) -> None:
        university.reported(NOW)
        later = NOW + timedelta(days=2)
        with university.database.read() as connection:
            assert list_records(connection, university.as_("quality", NOW), NOW, "nonconformity").total == 1
            assert counts(connection, university.as_("quality", NOW), NOW).mine == 1
        university.vacate("quality", NOW.date() + timedelta(days=1))
        with university.database.read() as connection:
            assert counts(connection, university.as_("quality", later), later).mine == 0

    def test_is_late_when_it_is_late_not_when_first_asked(self, university: University) -> None:
        university.reported(NOW)
        with university.database.read() as connection:
            actor = university.as_("quality", NOW)
            (task,) = university.rows(t.task)
            due = task["due_at"]
            assert counts(connection, actor, due).mine_late == 0
            assert counts(connection, actor, due + timedelta(seconds=1)).mine_late == 1


class TestATotal:
    def test_is_counted_no_further_than_asked(self, university: University) -> None:
        for hours in range(4):
            university.reported(NOW + timedelta(hours=hours))
        with university.database.read() as connection:
            rector = university.as_("rector", NOW)

            def page(most: int | None, limit: int = 2, cursor: str | None = None) -> tuple[int, int]:
                found = list_records(connection, rector, NOW, "nonconformity", most=most, limit=limit, cursor=cursor)
                return len(found.rows), found.total

            assert [page(most) for most in (None, 0, 1, 2, 3, 4, 9)] == [
                (2, 4), (2, 1), (2, 2), (2, 3), (2, 4), (2, 4), (2, 4),
            ]  # fmt: skip
            assert page(None, limit=4) == (4, 4)
            after = list_records(connection, rector, NOW, "nonconformity", limit=2).next
            assert [page(most, cursor=after) for most in (None, 2, 9)] == [(2, 4), (2, 3), (2, 4)]

    def test_of_what_one_was_told_is_whole_for_programs(self, university: University) -> None:
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        with university.database.read() as connection:
            owner = university.as_("owner", NOW)
            assert list_told(connection, owner, NOW).total == len(list_told(connection, owner, NOW).rows) > 0


class TestALongSearch:
    @pytest.mark.parametrize("words", [1, 3, 40])
    def test_asks_for_each_of_its_words(self, university: University, words: int) -> None:
        university.reported(NOW)
        title = university.rows(t.record)[0]["title"].split()[0]
        with university.database.read() as connection:
            rector = university.as_("rector", NOW)

            def total(text: str) -> int:
                return list_records(connection, rector, NOW, "nonconformity", text=text).total

            assert total(" ".join([title] * words)) == 1
            assert total(" ".join([title] * words + ["эч"])) == 0
            assert total(" ".join(["%"] * words)) == total("_") == total("/") == 0

    def test_and_an_unknown_filter_is_refused_each_time(self, university: University) -> None:
        with university.database.read() as connection:
            for _ in range(2):
                with pytest.raises(Malformed):
                    list_records(
                        connection, university.as_("rector", NOW), NOW, "nonconformity", typed={"colour": "red"}
                    )
