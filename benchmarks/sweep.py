"""The sweep of a Monday morning: 12,000 tasks due among a million open, against the bare set-based SQL of its writes.

The limit has its plan ready (what each group of tasks says, to whom, and when it speaks next), so that two statements
and a commit are all it does. Both run on the same data in the same database, which is put back between them.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from benchmarks.figures import Figure, beside, interleaved, seconds
from benchmarks.places import Place, place
from benchmarks.university import NOW, found
from models.database import Database
from service.sweep import sweep
from states.ladders import rung_at, rung_moment
from states.lifecycle import Ladder
from states.policies import ladder_facts, ladder_id
from states.registry import lifecycles
from states.working_days import Calendar, due_moment, today

OPEN, FEWER, DUE = 1_000_000, 100_000, 12_000
ROUNDS = 7
RECORDS = 50_000


def measure(kind: str) -> dict[str, Figure]:
    """Seconds for the sweep that tells 12,000, for the next one that finds nothing, and both among fewer open tasks."""
    figures: dict[str, Figure] = {}
    for open_tasks, suffix in ((OPEN, ""), (FEWER, "_100000_open")):
        with place(kind) as here:
            database = here.new("tasks")
            posts = [post for code, post in sorted(found(database).items()) if code.startswith("U")]
            database.close()
            with closing(here.bare("tasks")) as connection:
                _fill(here, connection, open_tasks, posts)
            here.settle("tasks")
            database = Database(here.url("tasks"))
            with closing(database):
                first, again, limit = _rounds(here, database)
            figures[f"sweep_{kind}{suffix}"] = beside("s", first, limit)
            figures[f"sweep_again_{kind}{suffix}"] = beside("s", again, limit)
    return figures


def _rounds(here: Place, database: Database) -> list[list[float]]:
    now = f"'{_moment(NOW)}'" if here.is_sqlite else f"timestamptz '{_moment(NOW)}'"
    again: list[float] = []
    # Put back by a third connection: what it has in its cache must help neither.
    with closing(here.bare("tasks")) as connection, closing(here.bare("tasks")) as third:
        _plan(here, database, connection)

        def product(_round: int) -> float:
            _put_back(here, third)
            took = seconds(lambda: _is_all(sweep(database, NOW).counts["tasks"]))
            again.append(seconds(lambda: sweep(database, NOW)))
            return took

        def bare(_round: int) -> float:
            _put_back(here, third)
            took = seconds(partial(_tell, connection, now))
            (told,) = connection.execute("SELECT count(DISTINCT task_id) FROM notice").fetchall()
            _is_all(told[0])
            return took

        first, limit = interleaved(ROUNDS, [product, bare])
    return [first, again, limit]


def _is_all(tasks: int) -> None:
    assert tasks == DUE, tasks


# ---- The limit.


def _plan(here: Place, database: Database, connection: Any) -> None:
    """Let the product sweep once, unmeasured; keep what it decided as tables like its own."""
    sweep(database, NOW)
    kept = "CREATE TEMPORARY TABLE"
    connection.execute(
        f"""{kept} plan AS SELECT DISTINCT task.ladder_id, task.due_at, before.rung, notice.rung AS says, notice.part,
            notice.missed, notice.message, notice.channel, task.rung AS next_rung, task.next_notice_at AS next_at
            FROM before JOIN task ON task.id = before.id JOIN notice ON notice.task_id = task.id"""
    )
    connection.execute(
        f"""{kept} address AS SELECT DISTINCT task.holder_post_id AS holder, plan.part, notice.reader_id
            FROM notice JOIN task ON task.id = notice.task_id JOIN before ON before.id = task.id
            JOIN plan ON plan.ladder_id = task.ladder_id AND plan.due_at = task.due_at AND plan.rung = before.rung"""
    )
    connection.execute("CREATE UNIQUE INDEX plan_key ON plan (ladder_id, due_at, rung, part)")
    connection.execute("CREATE UNIQUE INDEX address_key ON address (holder, part, reader_id)")
    if not here.is_sqlite:
        connection.execute("ANALYZE plan, address")


def _tell(connection: Any, now: str) -> None:
    # MATERIALIZED: else PostgreSQL may walk through all open tasks in the order of the plan.
    due = f"""WITH due AS MATERIALIZED (
        SELECT id, record_id, ladder_id, due_at, rung, holder_post_id
        FROM task WHERE closed_at IS NULL AND next_notice_at <= {now})"""
    planned = "plan.ladder_id = due.ladder_id AND plan.due_at = due.due_at AND plan.rung = due.rung"
    connection.execute("BEGIN")
    connection.execute(
        f"""{due} INSERT INTO notice
            (key, reader_id, message, record_id, task_id, rung, part, missed, channel,
            created_at, next_try_at, attempts)
            SELECT due.id || ':' || plan.says || ':' || address.reader_id, address.reader_id, plan.message,
            due.record_id, due.id, plan.says, plan.part, plan.missed, plan.channel, {now}, {now}, 0
            FROM due JOIN plan ON {planned}
            JOIN address ON address.holder = due.holder_post_id AND address.part = plan.part
            WHERE true ON CONFLICT DO NOTHING"""
    )
    connection.execute(
        f"""{due} UPDATE task SET rung = plan.next_rung, next_notice_at = plan.next_at
            FROM due JOIN plan ON {planned} WHERE task.id = due.id"""
    )
    connection.execute("COMMIT")


# ---- The data.


def _fill(here: Place, connection: Any, open_tasks: int, posts: list[UUID]) -> None:
    """Fill `record` and `task`, and keep in `before` what the due tasks were before any sweep."""
    began = _moment(NOW - timedelta(days=90))
    records = (
        (_id("a", no), "document", f"R {no}", "Жобо", "жобо", "draft", 1, 1, "", False, began, began)
        for no in range(RECORDS)
    )
    named = ("id", "kind", "code", "title", "folded", "state", "version", "round", "head")
    columns = (*named, "author_hidden", "opened_at", "moved_at")
    connection.execute("PRAGMA foreign_keys = OFF" if here.is_sqlite else "SET session_replication_role = replica")
    _copy(connection, "record", columns, records)
    # Some are kept from the beginning: the migrations put them there.
    known = {found for (found,) in connection.execute("SELECT id FROM ladder").fetchall()}
    kept = {ladder_id(ladder): json.dumps(ladder_facts(ladder)) for *_, ladder in _steps()}
    _copy(connection, "ladder", ("id", "facts"), ((key, facts) for key, facts in kept.items() if key not in known))
    names = ("id", "record_id", "holder_post_id", "opened_at", "lifecycle", "step", "ladder_id", "rung")
    moments = ("due_at", "original_due_at", "next_notice_at")
    _copy(connection, "task", (*names, *moments), _tasks(open_tasks, posts, began))
    connection.execute(
        f"""CREATE TABLE before AS SELECT id, rung, next_notice_at FROM task
            WHERE next_notice_at <= '{_moment(NOW)}'"""
    )
    connection.execute("CREATE UNIQUE INDEX before_id ON before (id)")


def _tasks(open_tasks: int, posts: list[UUID], began: str) -> Iterator[tuple[Any, ...]]:
    due, waiting = _due_groups(), _waiting_groups()
    every = open_tasks // DUE
    ladders = {(name, step): ladder_id(ladder) for name, step, ladder in _steps()}
    for no in range(open_tasks):
        is_due = no % every == 0 and no // every < DUE
        name, step, rung, due_at, next_at = due[no // every % len(due)] if is_due else waiting[no % len(waiting)]
        # Spread over the holders out of step with the groups.
        holder = posts[no // 7 % len(posts)].hex
        key = ladders[name, step]
        yield _id("b", no), _id("a", no % RECORDS), holder, began, name, step, key, rung, due_at, due_at, next_at


def _due_groups() -> list[tuple[str, str, int, str, str]]:
    """Tasks of every step, on each of its first eight rungs, some of them missed by one or two sweeps."""
    calendar, groups = Calendar(), []
    for name, step, ladder in _steps():
        for rung in range(8):
            for missed in range(3):
                spoke = calendar.add(today(NOW), -missed)
                due_at = due_moment(calendar.add(spoke, -rung_at(ladder, rung).days))
                next_at = rung_moment(ladder, rung, due_at, calendar)
                if next_at <= NOW:
                    groups.append((name, step, rung, _moment(due_at), _moment(next_at)))
    return groups


def _waiting_groups() -> list[tuple[str, str, int, str, str]]:
    calendar, groups = Calendar(), []
    for name, step, ladder in _steps():
        for ahead in range(60):
            due_at = due_moment(calendar.add(today(NOW), 10 + ahead))
            groups.append((name, step, 0, _moment(due_at), _moment(rung_moment(ladder, 0, due_at, calendar))))
    return groups


def _steps() -> list[tuple[str, str, Ladder]]:
    every = [(one.name, step) for one in lifecycles().values() for step in one.steps.values()]
    return [(name, step.name, step.ladder) for name, step in every if step.ladder]


def _put_back(here: Place, connection: Any) -> None:
    connection.execute("DELETE FROM notice" if here.is_sqlite else "TRUNCATE notice")
    connection.execute(
        """UPDATE task SET rung = before.rung, next_notice_at = before.next_notice_at
           FROM before WHERE before.id = task.id"""
    )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)" if here.is_sqlite else "VACUUM ANALYZE task, notice")


def _copy(connection: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    named = f"{table} ({', '.join(columns)})"
    if isinstance(connection, sqlite3.Connection):
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})", rows)
        connection.execute("COMMIT")
    else:
        with connection.cursor().copy(f"COPY {named} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _id(letter: str, no: int) -> str:
    """Identifiers that sort by time, as the product's do."""
    return f"{letter}{no:031x}"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'microseconds')}"
