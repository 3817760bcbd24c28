"""Whoever is killed while readers are asked leaves whole batches; the next one asks the others, and nobody twice."""

import signal

import pytest

from models import tables as t
from service.readings import ask_readers
from tests.readings.asking import asked, crowd, lay_down
from tests.readings.killed import BATCH, killed
from tests.support.chain import assert_whole
from tests.support.university import University, at

DAY = at(2026, 4, 6)
MANY = 21


# In the first batch, between two, and in the last before it is marked.
@pytest.mark.parametrize("before", [3, 26, 40, 106])
def test_the_next_one_goes_on(university: University, before: int) -> None:
    lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
    crowd(university, "LIBRARY", MANY)
    revision = university.in_force(DAY)
    assert killed(university.database, DAY, before) == -signal.SIGKILL
    first = asked(university, revision)
    assert len(first) % BATCH == 0
    assert len(first) < MANY + 2
    assert university.one(t.controlled_file)["distributed_at"] is None
    assert ask_readers(university.database, DAY)["readers_asked"] == MANY + 2 - len(first)
    found = asked(university, revision)
    assert len(found) == MANY + 2
    for row in found.values():
        assert len(university.open_tasks(row["id"])) == 1
        assert len(university.rows(t.notice, t.notice.c.record_id == row["id"])) == 1
        assert_whole(university, row["id"])
