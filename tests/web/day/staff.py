"""Who plays on the specialist's day, each at a browser of their own, and how the days go by for them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from models import tables as t
from service.sweep import sweep
from states.working_days import BISHKEK, today
from tests.support.university import University
from tests.web.signed_in.house import House
from tests.web.signed_in.people import People

SPECIALIST = "quality_specialist"
OWNER = "head_informatics"
OTHER = "head_it"
APPROVER = "vice_rector"
CHECKER = "internal_auditor"
DEAN = "dean_economics"  # under whom the owner works
EVERYBODY = (SPECIALIST, OWNER, OTHER, APPROVER, CHECKER, DEAN)


class Staff(People):
    """They come in by links of the administrator's, as everybody does."""

    administrator = "administrator"

    def come_in(self) -> None:
        self[self.administrator].choose_password(self.house.first_link)
        for person in EVERYBODY:
            self[person].choose_password(self.invited(person))


def days_pass(house: House, until: datetime) -> None:
    """Each night what the calendar does, each morning the sweep, and the mails of both; until then."""
    clock = house.clock
    night = clock.now.astimezone(BISHKEK).replace(hour=0, minute=5)
    while (night := night + timedelta(days=1)) < until:
        clock.now = night
        house.day_passes()
        clock.now = night.replace(hour=9, minute=1)
        sweep(house.university.database, clock.now)
        house.mails_go()
    clock.now = until


class Kept:
    """What the database says, for a test to hold against what a page says."""

    def __init__(self, university: University) -> None:
        self.university = university

    def moves(self, record: UUID) -> list[tuple[str, str]]:
        """What has happened to a record, and by whom."""
        names = {known: code for code, known in self.university.people.items()}
        return [(one["move"], names.get(one["actor_id"], "")) for one in self.university.history(record)]

    def facts(self, table: Any, record: UUID) -> dict[str, Any]:
        """The typed row of a record."""
        return self.university.one(table, table.c.record_id == record)

    def task(self, record: UUID) -> dict[str, Any]:
        """Its only open task."""
        (task,) = self.university.open_tasks(record)
        return task

    def held_by(self, record: UUID) -> str:
        """The code of the post that has its only open task."""
        posts = {known: code for code, known in self.university.posts.items()}
        return posts[self.task(record)["holder_post_id"]]

    def due(self, record: UUID) -> tuple[date, date]:
        """The day on which its task is due, and on which it was due at first."""
        task = self.task(record)
        return today(task["due_at"]), today(task["original_due_at"])

    def late(self, now: datetime) -> int:
        """How many open tasks are late."""
        return len(self.university.rows(t.task, t.task.c.closed_at.is_(None), t.task.c.due_at < now))

    def told(self, task: UUID) -> list[tuple[int, str, date]]:
        """The rungs that were told of a task: from the due day, to whom, when."""
        names = {known: code for code, known in self.university.people.items()}
        rows = self.university.rows(t.notice, t.notice.c.task_id == task, t.notice.c.rung.is_not(None))
        return sorted((row["rung"], names[row["reader_id"]], today(row["created_at"])) for row in rows)
