"""Those of somebody's tasks that they ask for: of a kind, due by when, whose, with words of their records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.mine import OPEN, belongs_to
from service.reading.tasks import TASK, TaskView, task_views
from states.kyrgyz import fold
from states.working_days import moment, today

LATE, WEEK, LATER = "late", "week", "later"
WHEN: Final = (LATE, WEEK, LATER)
OWN, DEPUTY = "own", "deputy"
WHOSE: Final = (OWN, DEPUTY)


@dataclass(frozen=True, slots=True)
class AskedTasks:
    """Which of somebody's tasks are asked for; empty: any.

    `kind` is a lifecycle's name. `when` is late, within this week, or later than that. `whose`: their own and those of
    the posts they answer for, or those that are theirs as a deputy only. `text` is looked for as in lists of records.
    """

    kind: str = ""
    when: str = ""
    whose: str = ""
    text: str = ""

    def conditions(self, actor: Actor, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
        """What is asked of a task of the actor's and of its record."""
        if self.kind:
            yield t.task.c.lifecycle == self.kind
        if self.when:
            yield _due(self.when, now)
        if self.whose:
            own = _own(actor)
            yield own if self.whose == OWN else ~own
        for word in fold(self.text).split():
            yield t.record.c.folded.contains(word, autoescape=True)


def _due(when: str, now: datetime) -> sa.ColumnElement[bool]:
    due_at, ends = t.task.c.due_at, moment(next_monday(today(now)))
    if when == LATE:
        return due_at < now
    return due_at >= ends if when == LATER else (due_at >= now) & (due_at < ends)


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    # A task has one holder: the other column is NULL, and NULL in a list is neither true nor false.
    by_post = sa.func.coalesce(t.task.c.holder_post_id.in_(actor.posts), sa.false())
    return by_post | sa.func.coalesce(t.task.c.holder_person_id == actor.person_id, sa.false())


def next_monday(day: date) -> date:
    """The day on which the week after that of `day` begins."""
    return day + timedelta(days=7 - day.weekday())


def asked_tasks_of(
    connection: sa.Connection, actor: Actor, now: datetime, wanted: AskedTasks, limit: int
) -> list[TaskView]:
    """As `tasks_of`, those that are asked for."""
    mine = TASK.where(OPEN, belongs_to(actor), *wanted.conditions(actor, now))
    rows = connection.execute(mine.order_by(t.task.c.due_at, t.task.c.id).limit(limit)).all()
    return task_views(connection, rows, now)


def kinds_of(connection: sa.Connection, actor: Actor) -> list[str]:
    """The lifecycles of which somebody has open tasks."""
    kinds = sa.select(t.task.c.lifecycle).where(OPEN, belongs_to(actor)).distinct()
    return list(connection.execute(kinds).scalars())
