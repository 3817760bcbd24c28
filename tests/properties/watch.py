"""The watch: looks after each step at what has moved, and at the end at everything."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.organisation import organisation
from service.sweep import sweep
from tests.properties.climbing import Climbing
from tests.properties.councils import check_agendas, check_asked, check_bound, check_councils
from tests.properties.holding import check_held, check_moved, check_onward, check_readable
from tests.properties.known import Known, Look, Row, look, notices_of, read
from tests.properties.together import check_together

_SWEPT: Final = frozenset({"rung", "next_notice_at"})
_HANDED_ON: Final = frozenset({"holder_post_id", "holder_person_id"})
_PLANNED: Final = frozenset({"due_at", "ladder_id", "policy_id", "rung", "next_notice_at"})


@dataclass(slots=True)
class Watch:
    """What is known of all records of one database, and of the ladders that their tasks climb."""

    database: Database
    records: dict[UUID, Known] = field(default_factory=dict)
    climbing: Climbing = field(default_factory=Climbing)

    def moved(self, now: datetime, *, readable: bool) -> list[Row]:
        """Check what has moved at `now`; gives what is new in histories. `readable`: whoever was told may read it."""
        with self.database.read() as connection:
            seen = look(connection, now, self.records)
            check_moved(seen, self.records)
            if readable:
                check_readable(seen)
        for record_id, known in seen.records.items():
            was = self.records.get(record_id)
            for task_id, task in known.tasks.items():
                old = was.tasks.get(task_id) if was else None
                if old is None:
                    self.climbing.begins(task, seen.snapshot)
                elif old["due_at"] != task["due_at"]:
                    self.climbing.replanned(old, task, now, seen.snapshot)
            made = {entry["move"] for entry in seen.entries_of(record_id)}
            known.made = (was.made if was else frozenset()) | made
        self.records |= seen.records
        planned = {entry["record_id"] for entry in seen.entries if entry["move"] == "submit_plan"}
        check_together(self.records, seen.records.values(), planned)
        check_councils(seen, self.records)
        return seen.entries

    def typed(self, record_id: UUID) -> None:
        """Something was typed into parts of a record: nothing else of it has changed."""
        known = self.records[record_id]
        with self.database.read() as connection:
            stands = read(connection, [record_id])[record_id]
        assert (stands.row, stands.tasks) == (known.row, known.tasks), (known.row, stands.row)
        typed_in = known.lifecycle.typed_in.get(known.row["state"], ())
        for name in known.lifecycle.parts:
            old, rows = known.parts.get(name, {}), stands.parts.get(name, {})
            assert name in typed_in or rows == old, (name, old, rows)
            assert name == "ballot" or sorted(rows) == list(range(1, len(rows) + 1)), (name, rows)
        known.parts = stands.parts
        check_agendas(self.records.values())

    def unmoved(self) -> None:
        """Nothing at all has moved, nor has anything been typed."""
        with self.database.read() as connection:
            stands = read(connection)
        assert stands.keys() == self.records.keys()
        for record_id, known in self.records.items():
            one = stands[record_id]
            assert (one.row, one.tasks, one.parts) == (known.row, known.tasks, known.parts), (known.row, one.row)

    def sweeps(self, now: datetime) -> None:
        """Sweep, and once more: what is told is what had to be told, once."""
        tasks = [
            {**task, "campus_id": known.row["campus_id"]}
            for known in self.records.values()
            for task in known.open_tasks
        ]
        sweep(self.database, now)
        with self.database.read() as connection:
            notices = notices_of(connection, now)
            self._take_tasks(connection, _SWEPT)
            after = {task["id"]: task for known in self.records.values() for task in known.open_tasks}
            self.climbing.swept(tasks, after, notices, now, organisation(connection))
        again = sweep(self.database, now)
        assert again.counts == {"tasks": 0, "notices": 0}, again

    def organised(self, now: datetime) -> None:
        """The organisation has changed: tasks may have been handed on, nothing else; and all have somebody."""
        with self.database.read() as connection:
            seen = self._glance(connection, now)
            for known, old, task in self._take_tasks(connection, _HANDED_ON):
                if {old[name] for name in _HANDED_ON} != {task[name] for name in _HANDED_ON}:
                    check_onward(seen, known, task)
            check_held(self.records.values(), seen)

    def rested(self, now: datetime) -> None:
        """A night has passed: nobody has to read what they need not."""
        with self.database.read() as connection:
            check_asked(self.records, self._glance(connection, now))

    def replanned(self, now: datetime) -> int:
        """Open tasks have another plan, perhaps; gives how many."""
        with self.database.read() as connection:
            snapshot = organisation(connection)
            changed = [(old, task) for _, old, task in self._take_tasks(connection, _PLANNED) if old != task]
        for old, task in changed:
            self.climbing.replanned(old, task, now, snapshot)
        return len(changed)

    def everything(self, now: datetime) -> None:
        """All that is in the database is what is known of it: nothing has changed unseen."""
        with self.database.read() as connection:
            stands = read(connection)
            seen = self._glance(connection, now)
            check_bound(connection, self.records.values())
            rows = connection.execute(
                sa.select(t.history.c.record_id, sa.func.count()).group_by(t.history.c.record_id)
            ).all()
        assert stands.keys() == self.records.keys()
        for record_id, known in self.records.items():
            now_is = stands[record_id]
            differs = {name for name, value in now_is.row.items() if value != known.row[name]}
            assert not differs, ("changed unseen", differs, known.row, now_is.row)
            assert (now_is.tasks, now_is.parts) == (known.tasks, known.parts), known.row
        assert {row[0]: row[1] for row in rows} == {one: known.row["version"] for one, known in self.records.items()}
        check_held(self.records.values(), seen)
        check_together(self.records, self.records.values(), ())

    def _glance(self, connection: sa.Connection, now: datetime) -> Look:
        return Look(connection, organisation(connection), now, {}, [], {}, {})

    def _take_tasks(self, connection: sa.Connection, may_change: frozenset[str]) -> list[tuple[Known, Row, Row]]:
        """Read the open tasks again; gives those with their records, as they were and as they are."""
        rows = connection.execute(sa.select(t.task).where(t.task.c.closed_at.is_(None))).mappings()
        now_open = {row["id"]: dict(row) for row in rows}
        known_open = {task["id"]: known for known in self.records.values() for task in known.open_tasks}
        assert now_open.keys() == known_open.keys()
        taken = []
        for task_id, known in known_open.items():
            old, task = known.tasks[task_id], now_open[task_id]
            differs = {name for name, value in task.items() if old[name] != value}
            assert differs <= may_change, (differs, old, task)
            known.tasks[task_id] = task
            taken.append((known, old, task))
        return taken


def written(connection: sa.Connection) -> int:
    """How many rows this connection has written so far; what counts is the difference."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        return int(driver.total_changes) if driver else 0
    counts = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
    return int(connection.exec_driver_sql(counts).scalar_one())
