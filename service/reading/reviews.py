"""The year's periodic reviews: which document in which month, done, due or late, and from when it may be at all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, PostFacts, organisation
from service.reading.documents import KIND
from service.reading.permitted import readable_by
from states.document_rules import FEWEST_MONTHS, months_after
from states.kyrgyz import sort_key
from states.text import Text
from states.working_days import moment, today

OPEN: Final = "periodic_review"
ANSWERS: Final = ("reaffirm", "revise", "propose_withdrawal")
# Elsewhere the review is answered already, or there is nothing to review.
_AHEAD: Final = ("effective", OPEN)


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
    """The reviews of a year that the actor may read, month by month: those planned, and those done. Two statements."""
    record, revision, document, history = t.record.c, t.revision.c, t.document.c, t.history.c
    rows = _ROWS.where(record.kind == KIND, readable_by(connection, actor, now, KIND))
    if campus_id:
        rows = rows.where(document.campus_id == campus_id)
    first, last = date(year, 1, 1), date(year, 12, 31)
    due = rows.add_columns(_TASK_DUE, revision.review_due_on.label("day"))
    ahead = due.where(revision.in_force, record.state.in_(_AHEAD), revision.review_due_on.between(first, last))
    answers = rows.add_columns(sa.null().label("task_due_at"), history.at.label("day"))
    answered = answers.join(t.history, history.record_id == record.id).where(
        history.from_state == OPEN,
        history.move.in_(ANSWERS),
        history.at >= moment(first),
        history.at < moment(date(year + 1, 1, 1)),
    )
    day, posts = today(now), organisation(connection).posts
    found = [_review(row, posts, row.day, _standing(row, day)) for row in connection.execute(ahead)]
    found += [_review(row, posts, today(row.day), Standing.DONE) for row in connection.execute(answered)]
    return sorted(found, key=lambda one: (one.day, sort_key(one.code)))


def _standing(row: Any, day: date) -> Standing:
    """Late is what should have been opened, or whose open task should have ended."""
    if row.state == OPEN:
        return Standing.LATE if row.task_due_at and today(row.task_due_at) < day else Standing.DUE
    return Standing.LATE if row.review_due_on < day else Standing.DUE


def _review(row: Any, posts: Mapping[UUID, PostFacts], day: date, standing: Standing) -> Review:
    done = standing is Standing.DONE
    return Review(
        record_id=row.id,
        document_id=row.document_id,
        code=row.code,
        title=row.title,
        process=row.process or "",
        process_name=row.process_name or "",
        owner=posts[row.owner_post_id].name if row.owner_post_id else None,
        day=day,
        until=today(row.task_due_at) if row.task_due_at else None,
        earliest=earliest(row.in_force_on, day if done else row.reviewed_on),
        standing=standing,
        is_open=row.state == OPEN and not done,
    )


def earliest(in_force_on: date | None, reviewed_on: date | None) -> date | None:
    """The first day on which the manual allows the next review; None where neither day is known."""
    days = [day for day in (in_force_on, reviewed_on) if day]
    return months_after(max(days), FEWEST_MONTHS) if days else None


_TASK_DUE: Final = (
    sa.select(sa.func.min(t.task.c.due_at))
    .where(t.task.c.record_id == t.record.c.id, t.task.c.closed_at.is_(None), t.task.c.step == OPEN)
    .scalar_subquery()
    .label("task_due_at")
)
_ROWS: Final = (
    sa.select(
        *(t.record.c.id, t.record.c.state, t.record.c.owner_post_id),
        *(t.revision.c.in_force_on, t.revision.c.review_due_on, t.revision.c.reviewed_on),
        *(t.document.c.id.label("document_id"), t.document.c.code, t.document.c.title),
        *(t.process.c.code.label("process"), t.process.c.name.label("process_name")),
    )
    .select_from(t.record)
    .join(t.revision, t.revision.c.record_id == t.record.c.id)
    .join(t.document, t.document.c.id == t.revision.c.document_id)
    .outerjoin(t.process, t.process.c.id == t.document.c.process_id)
)


def counted(reviews: Iterable[Review]) -> dict[tuple[str, int], Counter[Standing]]:
    """How many there are of each standing, by process and month."""
    cells: dict[tuple[str, int], Counter[Standing]] = {}
    for one in reviews:
        cells.setdefault((one.process, one.month), Counter())[one.standing] += 1
    return cells
