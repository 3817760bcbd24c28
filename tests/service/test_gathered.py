"""What is gathered of a kind is exactly what may be read of it, whoever asks."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from models import tables as t
from models.database import Database
from service.organisation import Actor, Organisation, organisation
from service.reading.gathered import SEEN, gathered
from service.reading.permitted import readable
from states.lifecycle import Lifecycle
from states.registry import lifecycles
from states.roles import Role
from tests.service.test_reading import DAY, KINDS, emptied, everything, found, universities
from tests.support.university import University

__all__ = ["emptied"]  # the fixture: a database with nothing but its tables


def both_ways(connection: sa.Connection, snapshot: Organisation, actor: Actor, kind: str) -> list[set[Any]]:
    ids = sa.select(t.record.c.id).where(t.record.c.kind == kind)
    ways = (gathered(snapshot, actor, DAY, kind), readable(snapshot, actor, DAY, kind))
    return [set(connection.execute(ids.where(way)).scalars()) for way in ways]


class TestWhatIsGathered:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(drawn=universities())
    def test_is_what_may_be_read(self, emptied: Database, drawn: dict[str, Any]) -> None:
        with emptied.write() as connection:
            undone = connection.begin_nested()
            try:
                found(connection, drawn)
                snapshot = Organisation(connection)
                for person in snapshot.people:
                    for kind in KINDS:
                        one, other = both_ways(connection, snapshot, snapshot.actor(person, DAY), kind)
                        assert one == other, kind
            finally:
                undone.rollback()

    def test_is_so_on_the_other_database(self, university: University) -> None:
        everything(university)
        with university.database.read() as connection:
            snapshot, seen = organisation(connection), 0
            for person in snapshot.people:
                for kind in KINDS:
                    one, other = both_ways(connection, snapshot, snapshot.actor(person, DAY), kind)
                    assert one == other, (person, kind)
                    seen += len(one)
            assert seen > len(KINDS)

    def test_is_nothing_where_nobody_asks(self, university: University) -> None:
        everything(university)
        with university.database.read() as connection:
            assert both_ways(connection, organisation(connection), Actor(None), "nonconformity") == [set(), set()]


@pytest.mark.parametrize("one", lifecycles().values(), ids=str)
def test_whoever_is_seen_in_the_row_reads_wherever_somebody_told_does(one: Lifecycle) -> None:
    for state in one.steps:
        readers = one.readers(state)
        if Role.TOLD in readers and Role.ANYONE not in readers:
            assert set(SEEN) <= set(readers), state
