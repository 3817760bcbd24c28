"""A database of the schema before, with rows in it, comes to the present one and loses nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from models.schema import upgrade
from tests.models.older import insert, left_by
from tests.support.university import at

WHEN = at(2026, 4, 6)
NAMES = {"name_ky": "Ы", "name_ru": "Ы", "name_en": "Y"}
PERSON, POST, TOP, FACULTY, DOCUMENT, RECORD = (new_id() for _ in range(6))


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as version 0001 left it."""
    with left_by("0001", request.param, tmp_path) as database:
        yield database


def filled(database: Database) -> None:
    with database.write() as connection:
        insert(connection, t.unit, id=TOP, code="uni", **NAMES)
        insert(connection, t.unit, id=FACULTY, code="faculty", parent_id=TOP, **NAMES)
        insert(connection, t.post, id=POST, code="rector", unit_id=TOP, role="rector", heads=True, **NAMES)
        insert(connection, t.person, id=PERSON, code="rector", email="r@u.example", language="ky", **NAMES)
        insert(connection, t.holding, id=new_id(), person_id=PERSON, post_id=POST, since=date(2020, 1, 1))
        insert(connection, t.document_type, code="УСТ", route=["ok"], review_months=12, in_legend=True, **NAMES)
        insert(
            connection,
            t.document,
            id=DOCUMENT,
            code="УСТ 4.09",
            title="Т",
            folded="т",
            sort_key="4.09",
            type_code="УСТ",
            process_group="4",
            is_series=False,
            unit_id=FACULTY,
            owner_post_id=POST,
            given={},
        )
        insert(
            connection,
            t.record,
            id=RECORD,
            kind="document",
            code="УСТ 4.09/1",
            title="Т",
            folded="т",
            state="draft",
            version=1,
            head="h",
            author_id=PERSON,
            round=0,
            opened_at=WHEN,
            moved_at=WHEN,
        )
        insert(
            connection,
            t.history,
            id=new_id(),
            record_id=RECORD,
            seq=1,
            at=WHEN,
            actor_id=PERSON,
            move="open",
            from_state="",
            to_state="draft",
            given={},
            previous="",
            hash="h",
        )


class TestTheUpgrade:
    def test_keeps_every_row_and_makes_the_top_of_the_tree_the_campus(self, old: Database) -> None:
        filled(old)
        upgrade(old)
        with old.read() as connection:
            document = connection.execute(sa.select(t.document)).one()
            record = connection.execute(sa.select(t.record)).one()
            entry = connection.execute(sa.select(t.history)).one()
            campuses = connection.execute(sa.select(t.unit.c.id).where(t.unit.c.is_campus)).scalars().all()
        assert campuses == [TOP]
        assert (document.campus_id, document.unit_id, document.owner_post_id) == (TOP, FACULTY, POST)
        assert (record.campus_id, record.author_hidden, record.author_id) == (TOP, False, PERSON)
        assert (entry.post_id, entry.signature, entry.hash) == (None, None, "h")

    def test_keeps_history_append_only(self, old: Database) -> None:
        filled(old)
        upgrade(old)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), old.write() as connection:
            connection.exec_driver_sql("UPDATE history SET move = 'forged'")

    def test_gives_documents_that_came_before_any_unit_a_campus(self, old: Database) -> None:
        with old.write() as connection:
            insert(connection, t.document_type, code="УСТ", route=[], review_months=12, in_legend=True, **NAMES)
            insert(
                connection,
                t.document,
                id=DOCUMENT,
                code="УСТ 1",
                title="Т",
                folded="т",
                sort_key="1",
                type_code="УСТ",
                process_group="1",
                is_series=False,
                given={},
            )
        upgrade(old)
        with old.read() as connection:
            found = sa.select(t.unit.c.is_campus).join(t.document, t.document.c.campus_id == t.unit.c.id)
            assert connection.execute(found).scalar_one() is True

    def test_keeps_its_indexes_on_what_is_open_only(self, old: Database) -> None:
        filled(old)
        upgrade(old)
        with old.read() as connection:
            if old.is_sqlite:
                sql = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'ix_record_wake_at'")
            else:
                sql = connection.exec_driver_sql(
                    "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_record_wake_at'"
                )
            assert "WHERE" in sql.scalar_one().upper()
