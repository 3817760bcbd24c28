"""What is kept comes back the same from both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database, next_number, put
from tests.support.university import University, at


def kept(database: Database, when: datetime) -> datetime:
    with database.write() as connection:
        connection.execute(sa.update(t.record).values(moved_at=when))
    with database.read() as connection:
        found: datetime = connection.execute(sa.select(t.record.c.moved_at)).scalar_one()
    return found


class TestAMoment:
    def test_is_refused_without_a_zone(self, university: University) -> None:
        university.draft(at(2017, 4, 5))
        with pytest.raises(sa.exc.StatementError, match="time zone"):
            kept(university.database, datetime(2017, 4, 5, 10))  # noqa: DTZ001 - that is what is refused

    def test_comes_back_in_utc_to_the_microsecond(self, university: University) -> None:
        university.draft(at(2017, 4, 5))
        exact = datetime(2017, 4, 5, 10, 0, 0, 123457, tzinfo=timezone(timedelta(hours=6)))
        found = kept(university.database, exact)
        assert found == exact
        assert found.utcoffset() == timedelta(0)

    def test_comes_back_in_utc_whatever_zone_the_server_is_in(self, university: University) -> None:
        if university.database.is_sqlite:
            return
        university.draft(at(2017, 4, 5))
        with university.database.read() as connection:
            connection.exec_driver_sql("SET TimeZone = 'Asia/Bishkek'")
            found = connection.execute(sa.select(t.record.c.moved_at)).scalar_one()
        assert found.utcoffset() == timedelta(0)
        assert found.isoformat() == "2017-04-05T04:00:00+00:00"

    def test_is_compared_as_a_moment(self, university: University) -> None:
        university.draft(at(2017, 4, 5))
        when = datetime(2017, 4, 5, 4, tzinfo=UTC)
        kept(university.database, when)
        with university.database.read() as connection:
            for other, before in ((when + timedelta(microseconds=1), True), (at(2017, 4, 5, 10), False)):
                found = sa.select(t.record.c.moved_at < other)
                assert bool(connection.execute(found).scalar_one()) is before


class TestACounter:
    def test_counts_for_each_name(self, database: Database) -> None:
        with database.write() as connection:
            assert [next_number(connection, name) for name in ("a", "a", "b", "a")] == [1, 2, 1, 3]

    def test_gives_no_number_that_was_rolled_back(self, database: Database) -> None:
        def lost() -> None:
            with database.write() as connection:
                assert next_number(connection, "a") == 1
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            lost()
        with database.write() as connection:
            assert next_number(connection, "a") == 1

    def test_is_put_over_what_was_there(self, database: Database) -> None:
        for value in (5, 7):
            with database.write() as connection:
                put(connection, t.counter, {"name": "a", "value": value}, key="name")
        with database.read() as connection:
            assert connection.execute(sa.select(t.counter.c.value)).scalar_one() == 7
