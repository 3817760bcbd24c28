"""What the database itself refuses, whatever client asks."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from tests.support.dump import dump
from tests.support.university import University, at

SPRING = at(2017, 4, 5)
CHANGES = [
    "UPDATE history SET move = 'approve'",
    "UPDATE history SET at = at",
    "DELETE FROM history",
    "DELETE FROM history WHERE seq = 1",
]


def copied(verb: str, other: str) -> str:
    """A statement that puts the first entry of a history again, with something else in one column."""
    columns = [column.name for column in t.history.c]
    values = ["'forged'" if column == other else column for column in columns]
    return f"{verb} INTO history ({', '.join(columns)}) SELECT {', '.join(values)} FROM history WHERE seq = 1"  # noqa: S608 - names from the schema, or from the test


def refused(university: University, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), university.database.write() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def written(university: University) -> Iterator[University]:
    university.in_force(SPRING)
    before = dump(university.database)
    yield university
    assert dump(university.database) == before


class TestHistory:
    @pytest.mark.parametrize("statement", CHANGES)
    def test_is_neither_changed_nor_deleted(self, written: University, statement: str) -> None:
        refused(written, statement)

    def test_is_not_truncated(self, written: University) -> None:
        if not written.database.is_sqlite:  # which has no TRUNCATE
            refused(written, "TRUNCATE history CASCADE")

    @pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
    @pytest.mark.parametrize("other", ["move", "id"])
    def test_is_not_replaced(self, written: University, verb: str, other: str) -> None:
        if written.database.is_sqlite:
            refused(written, copied(verb, other))

    def test_is_not_overwritten_on_conflict(self, written: University) -> None:
        refused(written, copied("INSERT", "move") + " ON CONFLICT (id) DO UPDATE SET move = 'forged'")

    def test_has_one_entry_for_each_number(self, written: University) -> None:
        entry = written.rows(t.history)[0]
        with pytest.raises(sa.exc.DBAPIError), written.database.write() as connection:
            connection.execute(sa.insert(t.history), {**entry, "id": new_id()})

    def test_keeps_its_record_from_being_deleted(self, written: University) -> None:
        with pytest.raises(sa.exc.DBAPIError), written.database.write() as connection:
            connection.execute(sa.delete(t.record))


KEPT_FOR_GOOD = {
    t.event: {"at": SPRING, "kind": "person.changed", "address": "", "facts": {}},
    t.seal: {"number": 1, "at": SPRING, "leaves": 0, "root": "r", "events_until": 0}
    | {"events_hash": "e", "previous": "", "hash": "h"},
}


class TestTheLogAndTheSeals:
    @pytest.mark.parametrize("table", KEPT_FOR_GOOD, ids=lambda table: str(table.name))
    @pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}"])
    def test_are_neither_changed_nor_deleted(self, university: University, table: sa.Table, change: str) -> None:
        with university.database.write() as connection:
            connection.execute(sa.insert(table), KEPT_FOR_GOOD[table])
        refused(university, change.format(table.name))

    def test_of_a_seal_the_leaves_stay_too(self, university: University) -> None:
        with university.database.write() as connection:
            connection.execute(sa.insert(t.seal), KEPT_FOR_GOOD[t.seal])
            leaf = {"seal_number": 1, "record_id": new_id(), "seq": 1, "head": "h"}
            connection.execute(sa.insert(t.seal_leaf), leaf)
        refused(university, "UPDATE seal_leaf SET head = 'forged'")
        refused(university, "DELETE FROM seal_leaf")


class TestASignature:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE signature SET meaning = 'read'",
            "UPDATE signature SET record_id = history_id",
            "UPDATE signature SET content_hash = 'forged', voided_at = signed_at",
            "DELETE FROM signature",
        ],
    )
    def test_is_neither_changed_nor_deleted(self, written: University, change: str) -> None:
        refused(written, change)

    def test_is_voided_once(self, university: University) -> None:
        university.in_force(SPRING)
        with university.database.write() as connection:
            connection.exec_driver_sql("UPDATE signature SET voided_at = signed_at")
        refused(university, "UPDATE signature SET voided_at = NULL")


class TestARevision:
    def test_is_the_only_one_of_its_document_in_force(self, university: University) -> None:
        first = university.in_force(SPRING)
        second = university.draft(SPRING)
        with pytest.raises(sa.exc.IntegrityError), university.database.write() as connection:
            connection.execute(sa.update(t.revision).where(t.revision.c.record_id == second).values(in_force=True))
        assert university.one(t.revision, t.revision.c.in_force)["record_id"] == first

    def test_has_a_number_of_its_own(self, university: University) -> None:
        university.in_force(SPRING)
        second = university.draft(SPRING)
        with pytest.raises(sa.exc.IntegrityError), university.database.write() as connection:
            connection.execute(sa.update(t.revision).where(t.revision.c.record_id == second).values(number=1))


class TestATask:
    @pytest.mark.parametrize("both", [True, False])
    def test_has_one_holder(self, university: University, both: bool) -> None:
        university.draft(SPRING)
        held = {
            "holder_post_id": university.posts["owner"] if both else None,
            "holder_person_id": university.people["owner"] if both else None,
        }
        with pytest.raises(sa.exc.IntegrityError), university.database.write() as connection:
            connection.execute(sa.update(t.task).values(held))


class TestANotice:
    def test_is_once_by_its_key(self, university: University) -> None:
        university.endorsed(SPRING)
        notice = university.rows(t.notice)[0]
        with pytest.raises(sa.exc.IntegrityError), university.database.write() as connection:
            connection.execute(sa.insert(t.notice), notice)


class TestATable:
    def test_refers_to_nothing_that_does_not_exist(self, university: University) -> None:
        with pytest.raises(sa.exc.IntegrityError), university.database.write() as connection:
            connection.execute(sa.update(t.body).values(secretary_post_id=new_id()))

    def test_has_no_value_or_act_of_the_servers_own(self, university: University) -> None:
        """No defaults, no triggers but those of what is append-only: nothing changes behind our back.

        The log alone is numbered by the server, in the order in which its lines were written.
        """
        with university.database.read() as connection:
            inspector = sa.inspect(connection)
            for table in inspector.get_table_names():
                for column in inspector.get_columns(table):
                    if (table, column["name"]) == ("event", "number"):
                        continue
                    assert column.get("default") is None, f"{table}.{column['name']}"
                    assert column.get("computed") is None, f"{table}.{column['name']}"
                    assert column.get("identity") is None, f"{table}.{column['name']}"
            if university.database.is_sqlite:
                found = connection.exec_driver_sql("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
            else:
                found = connection.exec_driver_sql(
                    "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                    " WHERE NOT tgisinternal"
                )
                assert inspector.get_sequence_names() == ["event_number_seq"]
            assert sorted(found.scalars()) == ["event", "history", "seal", "seal_leaf", "signature"]
