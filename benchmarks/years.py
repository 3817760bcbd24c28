"""Years of nonconformities and actions to measure on, put down as rows: what pages read, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from benchmarks.university import NOW, found, persons
from models import tables as t
from models.base import new_id
from models.database import Database, insert_new
from service.organisation import Organisation, organisation, organisation_changed
from states.ladders import STANDARD, first_rung, rung_at, rung_moment
from states.policies import ladder_facts, ladder_id
from states.roles import Role
from states.working_days import due_moment, today

YEARS: Final = 5
AT_ONCE: Final = 5_000
MOST_RUNGS: Final = 12
# Who has the task of a step, where that is not the owner; the others are their owner's.
STEPS: Final = {
    "nonconformity": ("reported", "correction", "cause_analysis", "action_planning", "acting", "verification"),
    "corrective_action": ("planned", "approval", "approved", "in_progress", "implemented"),
}
OFFICES: Final = {
    "reported": Role.QUALITY_SPECIALIST,
    "verification": Role.QUALITY_SPECIALIST,
    "implemented": Role.QUALITY_SPECIALIST,
    "approval": Role.VICE_RECTOR,
}
TABLES: Final = (t.record, t.nonconformity, t.corrective_action, t.cause, t.task, t.notice)
Rows = dict[sa.Table, list[dict[str, Any]]]


def fill(database: Database, records: int, open_share: float = 0.06) -> None:
    """A university with so many records of five years; of those `open_share` are open, half of these late.

    Three of ten are nonconformities, seven are actions, most of them below one. Half of all that happens does so in
    the three largest of twelve units.
    """
    found(database)
    years = Years(database, open_share)
    with database.write() as connection:
        insert_new(connection, t.ladder, [{"id": years.ladder, "facts": ladder_facts(STANDARD)}])
        organisation_changed(connection)
        for number in range(records):
            years.put_down(number)
            if len(years.rows[t.record]) == AT_ONCE or number == records - 1:
                for table in TABLES:
                    if years.rows[table]:
                        connection.execute(sa.insert(table), years.rows[table])
                        years.rows[table].clear()


class Years:
    """What is put down, some at a time; the same each time."""

    def __init__(self, database: Database, open_share: float) -> None:
        self.random, self.open_share = Random(7), open_share
        self.rows: Rows = {table: [] for table in TABLES}
        self.ladder = ladder_id(STANDARD)
        with database.read() as connection:
            self.university: Organisation = organisation(connection)
        self.people = persons(database)
        self.units = [unit for unit in self.university.units.values() if not unit.is_campus]
        self.campus = next(unit.id for unit in self.university.units.values() if unit.is_campus)
        self.offices = {role: self.university.post_of(role, self.campus) for role in OFFICES.values()}
        self.above: UUID | None = None

    def put_down(self, number: int) -> None:
        """One record with its tasks and what was told of them."""
        random, university = self.random, self.university
        kind = "nonconformity" if number % 10 < 3 else "corrective_action"
        unit = random.choices(self.units, weights=range(len(self.units), 0, -1))[0]
        posts = [post for post in university.posts.values() if post.unit_id == unit.id]
        owner, author = random.choice(posts[:2]), random.choice(posts)
        still_open = random.random() < self.open_share
        ago = random.uniform(0, 40) if still_open and random.random() < 0.7 else random.uniform(30, YEARS * 365)
        opened = NOW - timedelta(days=ago)
        record = new_id()
        state, moved = self._tasks(kind, record, owner.id, opened, still_open)
        title = f"Окуу процессинин сапаты {number}"
        self.rows[t.record].append(
            {"id": record, "kind": kind, "code": f"{kind[:2].upper()}-{opened.year}-{number}", "title": title}
            | {"folded": title.lower(), "state": state, "version": 3, "head": "0" * 64, "author_hidden": False}
            | {"author_id": self.people[author.code], "campus_id": self.campus, "owner_post_id": owner.id}
            | {"unit_id": unit.id, "parent_id": self.above if kind != "nonconformity" and number % 10 > 4 else None}
            | {"round": 0, "opened_at": opened, "moved_at": moved, "closed_at": None if still_open else moved}
        )
        due = (opened + timedelta(days=40)).date()
        if kind == "nonconformity":
            self.above = record
            self.rows[t.nonconformity].append(
                {"record_id": record, "nc_kind": "programme", "source": "monitoring", "found": "Протоколдор жок. " * 5}
                | {"found_on": today(opened), "severity": random.choice(("minor", "major")), "reopened": 0}
                | {"complete_by": due, "original_complete_by": due - timedelta(days=random.choice((0, 10)))}
            )
            kinds = random.choices([f"1/M{one}" for one in range(1, 8)], (20, 10, 6, 4, 3, 2, 1), k=random.randrange(3))
            self.rows[t.cause] += [
                {"record_id": record, "no": no, "text": "Тартип жок", "code": code} for no, code in enumerate(kinds, 1)
            ]
        else:
            done = None if still_open else today(opened + timedelta(days=random.uniform(10, 50)))
            self.rows[t.corrective_action].append(
                {"record_id": record, "action_kind": "corrective", "criterion": "Бар", "due_on": due, "extensions": 0}
                | {"original_due_on": due - timedelta(days=random.choice((0, 10))), "checks": 0, "implemented_on": done}
            )

    def _tasks(self, kind: str, record: UUID, owner: UUID, opened: datetime, still_open: bool) -> tuple[str, datetime]:
        """The tasks of its steps; in which state it is, and since when."""
        steps, at = STEPS[kind], opened
        last = self.random.randrange(len(steps)) if still_open else len(steps)
        for place, step in enumerate(steps[: last + 1]):
            ends = still_open and place == last
            took = timedelta(days=self.random.expovariate(1 / 6) + 0.1)
            closed = None if ends else min(at + took, NOW)
            self._task(kind, step, record, self.offices[OFFICES[step]] if step in OFFICES else owner, at, closed)
            if closed is None:
                return step, at
            at = closed
        return "closed", at

    def _task(
        self, kind: str, step: str, record: UUID, post: UUID | None, opened: datetime, closed: datetime | None
    ) -> None:
        calendar, task = self.university.calendar, new_id()
        due = due_moment(calendar.add(today(opened), self.random.choice((3, 5, 10))))
        told = list(self._told(task, record, post, opened, due, closed or NOW))
        rung = first_rung(STANDARD, due, opened, calendar) + len(told)
        self.rows[t.notice] += told
        self.rows[t.task].append(
            {"id": task, "record_id": record, "lifecycle": kind, "step": step, "holder_post_id": post, "rung": rung}
            | {"opened_at": opened, "due_at": due, "original_due_at": due, "ladder_id": self.ladder}
            | {"next_notice_at": rung_moment(STANDARD, rung, due, calendar), "closed_at": closed}
            | {"outcome": "went on" if closed else None}
        )

    def _told(
        self, task: UUID, record: UUID, post: UUID | None, opened: datetime, due: datetime, until: datetime
    ) -> Iterator[dict[str, Any]]:
        university, day = self.university, today(NOW)
        first = first_rung(STANDARD, due, opened, university.calendar)
        for rung in range(first, first + MOST_RUNGS):
            said, at = rung_at(STANDARD, rung), rung_moment(STANDARD, rung, due, university.calendar)
            if at > until:
                return
            part = said.to[0]
            meant = {Role.HOLDER: post, Role.HOLDERS_HEAD: university.superior(post) if post else None}
            reader = university.readers(meant[part] if part in meant else university.post_of(part, self.campus), day)[0]
            yield (
                {"key": f"{task.hex}:{due:%Y%m%d}{said.days:+d}:{reader.hex}", "reader_id": reader, "record_id": record}
                | {"message": "task/reminder", "task_id": task, "rung": said.days, "part": part.value, "missed": 0}
                | {"channel": "mail", "created_at": at, "next_try_at": at, "attempts": 1, "sent_at": at.astimezone(UTC)}
            )
