"""What is late, in numbers: by lifecycle, by unit, by who has it, by age."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from service.reading.tasks import days_late

# Upper bounds, in working days, of the ages that are counted together; the last one is open.
AGES = (5, 10, 15)


@dataclass(slots=True)
class LateNumbers:
    """How many tasks are late, counted in four ways. `ages` has one number more than AGES."""

    total: int = 0
    oldest: int = 0
    lifecycles: Counter[str] = field(default_factory=Counter)
    units: Counter[UUID | None] = field(default_factory=Counter)
    posts: Counter[UUID] = field(default_factory=Counter)
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))


def late_numbers(connection: sa.Connection, now: datetime) -> LateNumbers:
    """Counted over everything that is late now."""
    calendar = organisation(connection).calendar
    columns = (t.task.c.lifecycle, t.record.c.unit_id, t.task.c.holder_post_id, t.task.c.due_at)
    rows = connection.execute(
        sa.select(*columns, sa.func.count().label("how_many"))
        .join(t.record, t.record.c.id == t.task.c.record_id)
        .where(t.task.c.closed_at.is_(None), t.task.c.due_at < now)
        .group_by(*columns)
    )
    numbers = LateNumbers()
    ages: dict[datetime, int] = {}
    for row in rows:
        days = ages.setdefault(row.due_at, 0) or days_late(row.due_at, now, calendar)
        ages[row.due_at] = days
        numbers.total += row.how_many
        numbers.oldest = max(numbers.oldest, days)
        numbers.lifecycles[row.lifecycle] += row.how_many
        numbers.units[row.unit_id] += row.how_many
        if row.holder_post_id:
            numbers.posts[row.holder_post_id] += row.how_many
        numbers.ages[sum(days > bound for bound in AGES)] += row.how_many
    return numbers
