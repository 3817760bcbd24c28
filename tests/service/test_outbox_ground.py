"""What the outbox, and all else, stands on: a reader sees one state; a writer that has ended says so."""

import pytest
import sqlalchemy as sa

from models import tables as t
from models.group_commit import GroupCommit
from tests.support.university import University, at


class TestAReader:
    def test_sees_one_state_from_the_first_statement_to_the_last(self, university: University) -> None:
        count = sa.select(sa.func.count()).select_from(t.record)
        with university.database.read() as connection:
            assert connection.execute(count).scalar_one() == 0
            university.reported(at(2017, 4, 5))
            assert connection.execute(count).scalar_one() == 0
        with university.database.read() as connection:
            assert connection.execute(count).scalar_one() == 1

    def test_leaves_the_connection_to_a_writer_as_it_was(self, university: University) -> None:
        """One who waits for a lock must see afterwards what was committed meanwhile."""
        if university.database.is_sqlite:
            return
        with university.database.read() as connection:
            connection.execute(sa.text("SELECT 1"))
        with university.database.write() as connection:
            assert connection.execute(sa.text("SHOW transaction_isolation")).scalar_one() == "read committed"


class TestAWriterThatHasEnded:
    def test_refuses_at_once_what_it_would_never_do(self, university: University) -> None:
        if not university.database.is_sqlite:
            return
        writer = GroupCommit(university.database)
        before = writer.submit(lambda connection: 1)
        writer.shutdown()
        assert before.result(timeout=1) == 1
        with pytest.raises(RuntimeError, match="ended"):
            writer.submit(lambda connection: 2)
        writer.shutdown()
