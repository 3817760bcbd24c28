"""The year's periodic reviews: which document in which month, done, due or late, and from when it may be at all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.reading.documents import KIND
from service.reading.permitted import readable_by
from states.document_rules import FEWEST_MONTHS, months_after
from states.kyrgyz import sort_key
from states.text import Text
from states.working_days import today

OPEN: Final = "periodic_review"


class Standing(StrEnum):
    """How a review stands on the day somebody asks."""

    DONE = "done"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Review:
    """A document's review in a month of the year.

    `day` is when it was done, or from when it is due; `until` when the open task is due; `earliest` the first day on
    which the manual allows another one (None: nobody knows since when it is in force).
    """

    record_id: UUID
    document_id: UUID
    code: str
    title: str
    process: str
    process_name: str
    owner: Text | None
    day: date
    until: date | None
    earliest: date | None
    standing: Standing
    is_open: bool

    @property
    def month(self) -> int:
        """1 to 12."""
        return self.day.month


def reviews_in(
    connection: sa.Connection, actor: Actor, now: datetime, year: int, campus_id: UUID | None = None
) -> list[Review]:
    """The reviews of a year that the actor may read, month by month: those planned, and those done. One statement."""
    record, revision, document, process = t.record.c, t.revision.c, t.document.c, t.process.c
    first, last = date(year, 1, 1), date(year, 12, 31)
    task_due = (
        sa.select(sa.func.min(t.task.c.due_at))
        .where(t.task.c.record_id == record.id, t.task.c.closed_at.is_(None), t.task.c.step == OPEN)
        .scalar_subquery()
        .label("task_due_at")
    )
    statement = (
        sa.select(
            *(record.id, record.state, record.owner_post_id, revision.in_force, revision.in_force_on),
            *(revision.review_due_on, revision.reviewed_on, document.id.label("document_id"), document.code),
            *(document.title, process.code.label("process"), process.name.label("process_name"), task_due),
        )
        .select_from(t.record)
        .join(t.revision, revision.record_id == record.id)
        .join(t.document, document.id == revision.document_id)
        .outerjoin(t.process, process.id == document.process_id)
        .where(record.kind == KIND, readable_by(connection, actor, now, KIND))
        .where(revision.review_due_on.between(first, last) | revision.reviewed_on.between(first, last))
    )
    if campus_id:
        statement = statement.where(document.campus_id == campus_id)
    day, posts = today(now), organisation(connection).posts
    found: list[Review] = []
    for row in connection.execute(statement):
        owner = posts[row.owner_post_id].name if row.owner_post_id else None
        if row.reviewed_on and row.reviewed_on.year == year:
            found.append(_review(row, owner, row.reviewed_on, Standing.DONE))
        if row.in_force and row.review_due_on and row.review_due_on.year == year:
            found.append(_review(row, owner, row.review_due_on, _standing(row, day)))
    return sorted(found, key=lambda one: (one.day, sort_key(one.code)))


def _standing(row: Any, day: date) -> Standing:
    """Late is what should have been opened, or whose open task should have ended."""
    if row.state == OPEN:
        return Standing.LATE if row.task_due_at and today(row.task_due_at) < day else Standing.DUE
    return Standing.LATE if row.review_due_on < day else Standing.DUE


def _review(row: Any, owner: Text | None, day: date, standing: Standing) -> Review:
    return Review(
        record_id=row.id,
        document_id=row.document_id,
        code=row.code,
        title=row.title,
        process=row.process or "",
        process_name=row.process_name or "",
        owner=owner,
        day=day,
        until=today(row.task_due_at) if row.task_due_at and standing is not Standing.DONE else None,
        earliest=earliest(row.in_force_on, row.reviewed_on),
        standing=standing,
        is_open=row.state == OPEN and standing is not Standing.DONE,
    )


def earliest(in_force_on: date | None, reviewed_on: date | None) -> date | None:
    """The first day on which the manual allows the next review; None where neither day is known."""
    days = [day for day in (in_force_on, reviewed_on) if day]
    return months_after(max(days), FEWEST_MONTHS) if days else None


def counted(reviews: Iterable[Review]) -> dict[tuple[str, int], Counter[Standing]]:
    """How many there are of each standing, by process and month."""
    cells: dict[tuple[str, int], Counter[Standing]] = {}
    for one in reviews:
        cells.setdefault((one.process, one.month), Counter())[one.standing] += 1
    return cells
