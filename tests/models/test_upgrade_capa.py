"""From version 0002 to 0003: tasks climb the ladders they climbed, no rung is told twice, none is left out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from models.schema import upgrade
from service.moves import move
from service.organisation import organisation
from service.sweep import sweep
from states.ladders import RECTORS, STANDARD
from states.policies import ladder_facts, ladder_id
from tests.models.older import insert, left_by
from tests.support.university import at

NAMES = {"name_ky": "x", "name_ru": "x", "name_en": "x"}
OPENED, DUE = at(2017, 4, 5), at(2017, 4, 13, 18)
# What the two ladders said until then, and when, of what is due on 13 April: counted by hand (see test_sweep).
MORNINGS = [
    *(at(2017, 4, day, 9) for day in (10, 13, 14, 18, 20, 27)),
    *(at(2017, 5, day, 9) for day in (10, 16, 23)),
]
DAYS = [-3, 0, 1, 3, 5, 10, 15, 20, 25]
PARTS = ["holder"] * 3 + ["holders_head", "quality_specialist", "vice_rector", "rector"] + ["holder"] * 2
RECTORS_DAYS = [-3, 0, 1, 3, 8, 13]
RECTORS_PARTS = ["holder"] * 3 + ["quality_specialist"] + ["holder"] * 2
POSTS = {
    "rector": ("rector", True),
    "vice": ("vice_rector", False),
    "quality": ("quality_specialist", False),
    "head": (None, True),
    "owner": (None, False),
}


class Older:
    """A small university in a database of version 0002."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.posts = {code: new_id() for code in POSTS}
        self.people = {code: new_id() for code in POSTS}
        self.unit, department = new_id(), new_id()
        with database.write() as connection:
            insert(connection, t.unit, id=self.unit, code="UNI", is_campus=True, **NAMES)
            insert(connection, t.unit, id=department, code="D", parent_id=self.unit, is_campus=False, **NAMES)
            for code, (role, heads) in POSTS.items():
                unit = department if role is None else self.unit
                post, person = self.posts[code], self.people[code]
                insert(connection, t.post, id=post, code=code, unit_id=unit, role=role, heads=heads, **NAMES)
                insert(connection, t.person, id=person, code=code, email=f"{code}@x.example", language="ky", **NAMES)
                held = {"person_id": person, "post_id": post, "since": date(2000, 1, 1)}
                insert(connection, t.holding, id=new_id(), **held)

    def record(self, kind: str, state: str, **more: Any) -> UUID:
        made = new_id()
        said: dict[str, Any] = {"title": "x", "folded": "x", "head": "h", "author_hidden": False, "version": 1}
        moments = {"opened_at": OPENED, "moved_at": OPENED}
        mine = {"code": made.hex, "owner_post_id": self.posts["owner"], "campus_id": self.unit, "round": 0}
        with self.database.write() as connection:
            insert(connection, t.record, id=made, kind=kind, state=state, **said, **moments, **{**mine, **more})
        return made

    def nonconformity(self, state: str, causes: str | None, severity: str = "major") -> UUID:
        made = self.record("nonconformity", state)
        typed = {"nc_kind": "programme", "source": "monitoring", "found": "x", "found_on": OPENED.date()}
        with self.database.write() as connection:
            more = {"severity": severity, "causes": causes, "reopened": 0}
            insert(connection, t.nonconformity, record_id=made, **typed, **more)
        return made

    def action(self, found: UUID, state: str = "planned") -> UUID:
        made = self.record("corrective_action", state, parent_id=found)
        due = {"due_on": date(2017, 6, 1), "original_due_on": date(2017, 6, 1)}
        with self.database.write() as connection:
            typed = {"action_kind": "corrective", "criterion": "x", "extensions": 0}
            insert(connection, t.corrective_action, record_id=made, **typed, **due)
        return made

    def task(self, record: UUID, kind: str, step: str, told: int, mornings: list[datetime], holder: str) -> UUID:
        """A task of which the first so many rungs were told, each in its morning, by the keys of that time."""
        made = new_id()
        moments = {"opened_at": OPENED, "due_at": DUE, "original_due_at": DUE, "next_notice_at": mornings[told]}
        with self.database.write() as connection:
            has_it = {"holder_post_id": self.posts[holder], "rung": told}
            insert(connection, t.task, id=made, record_id=record, lifecycle=kind, step=step, **moments, **has_it)
            for rung in range(told):
                reader, when = self.people[holder], mornings[rung]
                row = {"key": f"{made.hex}:{rung}:{reader.hex}", "reader_id": reader, "message": "task/reminder"}
                about = {"record_id": record, "task_id": made, "rung": rung, "missed": 0}
                told_at = {"created_at": when, "next_try_at": when, "sent_at": when, "attempts": 1}
                insert(connection, t.notice, **row, **about, **told_at)
        return made

    def late(self, told: int) -> UUID:
        """The task of a nonconformity that is being corrected."""
        found = self.nonconformity("correction", None)
        return self.task(found, "nonconformity", "correction", told, MORNINGS, "owner")

    def rectors(self, told: int) -> UUID:
        """The rector's task of a revision: of what comes after the fourth rung, only the moment counts."""
        revision = self.record("document", "rector_approval", owner_post_id=None)
        mornings = [*MORNINGS[:4], at(2017, 4, 25, 9), at(2017, 5, 4, 9)]
        return self.task(revision, "document", "rector_approval", told, mornings, "rector")

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(sa.select(table).where(*where).order_by(*table.primary_key)).mappings())

    def told(self, task: UUID) -> list[tuple[int, str]]:
        """Days and part of each rung that the task has told, in the order in which it did."""
        rungs = self.rows(t.notice, t.notice.c.task_id == task, t.notice.c.rung.is_not(None))
        rungs.sort(key=lambda row: (row["created_at"], row["rung"]))
        return [(row["rung"], row["part"]) for row in rungs]

    def swept(self, last: datetime) -> None:
        """A sweep each morning from the one on which the first rung spoke."""
        moment = MORNINGS[0]
        while moment <= last:
            sweep(self.database, moment)
            moment += timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgres"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Older]:
    with left_by("0002", request.param, tmp_path) as database:
        yield Older(database)


class TestATask:
    def test_climbs_the_ladder_that_its_step_had(self, older: Older) -> None:
        late, rectors = older.late(3), older.rectors(1)
        withdrawal = older.task(
            older.record("document", "withdrawal_proposed"), "document", "withdrawal_proposed", 0, MORNINGS, "rector"
        )
        upgrade(older.database)
        ladders = {row["id"]: row["ladder_id"] for row in older.rows(t.task)}
        assert ladders == {
            late: ladder_id(STANDARD),
            rectors: ladder_id(RECTORS),
            withdrawal: ladder_id(RECTORS),
        }
        kept = {row["id"]: row["facts"] for row in older.rows(t.ladder)}
        assert kept == {ladder_id(one): ladder_facts(one) for one in (STANDARD, RECTORS)}

    def test_is_otherwise_as_it_was(self, older: Older) -> None:
        late = older.late(3)
        upgrade(older.database)
        (row,) = older.rows(t.task, t.task.c.id == late)
        assert (row["rung"], row["next_notice_at"]) == (3, MORNINGS[3])
        assert (row["due_at"], row["original_due_at"], row["policy_id"]) == (DUE, DUE, None)

    def test_that_is_done_is_kept_with_what_it_told(self, older: Older) -> None:
        late = older.late(3)
        with older.database.write() as connection:
            connection.execute(sa.text("UPDATE task SET closed_at = opened_at, outcome = 'record_correction'"))
        upgrade(older.database)
        assert older.told(late) == list(zip(DAYS, PARTS, strict=True))[:3]
        older.swept(MORNINGS[-1])
        assert len(older.told(late)) == 3


class TestTheRungs:
    @pytest.mark.parametrize("told", [0, 1, 3, 4, 7, 8])
    def test_that_were_told_say_their_days_and_parts_and_the_rest_follow_each_once(
        self, older: Older, told: int
    ) -> None:
        task = older.late(told)
        upgrade(older.database)
        every = list(zip(DAYS, PARTS, strict=True))
        assert older.told(task) == every[:told]
        older.swept(MORNINGS[-1])
        assert older.told(task) == every

    @pytest.mark.parametrize("told", [0, 2, 4, 5])
    def test_of_the_rectors_ladder_too(self, older: Older, told: int) -> None:
        task = older.rectors(told)
        upgrade(older.database)
        every = list(zip(RECTORS_DAYS, RECTORS_PARTS, strict=True))
        assert older.told(task) == every[:told]
        older.swept(at(2017, 5, 4, 9))
        assert older.told(task) == every

    def test_that_were_missed_meanwhile_are_told_as_the_loudest_of_them(self, older: Older) -> None:
        task = older.late(2)
        upgrade(older.database)
        sweep(older.database, MORNINGS[4] + timedelta(hours=1))
        assert older.told(task) == [(-3, "holder"), (0, "holder"), (5, "quality_specialist")]

    def test_leave_notices_of_no_rung_alone(self, older: Older) -> None:
        task = older.late(1)
        with older.database.write() as connection:
            record = connection.execute(sa.select(t.record.c.id)).scalar_one()
            told = {"message": "task/opened", "record_id": record, "task_id": task, "missed": 0, "attempts": 0}
            moments = {"created_at": OPENED, "next_try_at": OPENED}
            insert(connection, t.notice, key="opened", reader_id=older.people["owner"], **told, **moments)
        upgrade(older.database)
        (kept,) = older.rows(t.notice, t.notice.c.key == "opened")
        assert (kept["rung"], kept["part"], kept["channel"], kept["sent_at"]) == (None, None, "mail", None)


class TestCauses:
    def test_become_rows(self, older: Older) -> None:
        found, other = older.nonconformity("acting", "Тартип жок\nЖана убакыт"), older.nonconformity("reported", None)
        upgrade(older.database)
        (row,) = older.rows(t.cause)
        assert (row["record_id"], row["no"], row["text"]) == (found, 1, "Тартип жок\nЖана убакыт")
        assert (row["because_of"], row["code"], row["no_action"], row["removed_at"]) == (None, None, None, None)
        assert {one["record_id"] for one in older.rows(t.nonconformity)} == {found, other}

    def test_are_those_that_the_actions_were_planned_for(self, older: Older) -> None:
        """Who has planned all actions before the upgrade submits the plan after it."""
        found = older.nonconformity("action_planning", "Тартип жок")
        older.action(found)
        older.task(found, "nonconformity", "action_planning", 0, MORNINGS, "owner")
        upgrade(older.database)
        with older.database.write() as connection:
            actor = organisation(connection).actor(older.people["owner"], OPENED.date())
            moved = move(connection, found, "submit_plan", actor, {"complete_by": date(2017, 7, 1)}, OPENED)
        assert moved.state == "acting"


class TestActions:
    def test_have_the_severity_of_their_nonconformity(self, older: Older) -> None:
        older.action(older.nonconformity("acting", "x", severity="minor"))
        upgrade(older.database)
        (row,) = older.rows(t.corrective_action)
        assert row["severity"] == "minor"

    def test_have_been_checked_no_time_yet_and_by_nobody_in_particular(self, older: Older) -> None:
        older.action(older.nonconformity("acting", "x"))
        upgrade(older.database)
        (row,) = older.rows(t.corrective_action)
        assert (row["checks"], row["checker_post_id"], row["extensions"]) == (0, None, 0)


class TestIndexesOnWhatIsOpen:
    @pytest.mark.parametrize("name", ["ix_task_next_notice_at", "ix_task_due_at", "ix_notice_next_try_at"])
    def test_are_still_on_that_only(self, older: Older, name: str) -> None:
        upgrade(older.database)
        sqlite, postgres = ("sql", "sqlite_master", "name"), ("indexdef", "pg_indexes", "indexname")
        said, catalogue, called = sqlite if older.database.is_sqlite else postgres
        found: sa.Select[Any] = (
            sa.select(sa.column(said)).select_from(sa.table(catalogue)).where(sa.column(called) == name)
        )
        with older.database.read() as connection:
            sql: str = connection.execute(found).scalar_one()
        assert "WHERE" in sql.upper()


class TestPeople:
    def test_are_told_in_single_mails(self, older: Older) -> None:
        upgrade(older.database)
        assert {row["digest"] for row in older.rows(t.person)} == {False}
