"""Orders as they were given: the day of the last council before one, and the earlier order that has its number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models import tables as t
from service.subject import Subject
from states.sitting_rules import as_number


@dataclass(frozen=True, slots=True)
class Earlier:
    """An order that was given before, and the code of a document that it decided on."""

    number: str
    decided_on: date
    code: str


def council_day(connection: sa.Connection, subject: Subject) -> date | None:
    """The day on which a body last decided on the record."""
    decision = t.decision.c
    found = sa.select(sa.func.max(decision.decided_on)).where(decision.record_id == subject.id, decision.kind == "body")
    day: date | None = connection.execute(found).scalar()
    return day


def order_under(connection: sa.Connection, subject: Subject) -> Callable[[str, date], Earlier | None]:
    """Tells which other order of that year has the number: one of the campus, by the same approver, of another day.

    An order that was recalled has none: it may have been entered under a wrong day.
    """

    def told(number: str, day: date) -> Earlier | None:
        rows = connection.execute(_orders(subject, day)).all()
        return next(
            (
                Earlier(row.number, row.decided_on, row.code)
                for row in rows
                if as_number(row.number) == as_number(number)
            ),
            None,
        )

    return told


def _orders(subject: Subject, day: date) -> sa.Select[tuple[str, date, str]]:
    decision, record, given, after = t.decision.c, t.record.c, t.history.alias(), t.history.alias()
    recalled = sa.exists().where(
        after.c.record_id == decision.record_id, after.c.seq > given.c.seq, after.c.move == "recall"
    )
    return (
        sa.select(decision.number, decision.decided_on, record.code)
        .join(t.record, record.id == decision.record_id)
        .join(t.revision, t.revision.c.record_id == record.id)
        .join(given, given.c.id == decision.history_id)
        .where(decision.kind == "order", decision.number != "", decision.decided_on != day)
        .where(decision.decided_on.between(date(day.year, 1, 1), date(day.year, 12, 31)))
        .where(record.campus_id == subject.fields["campus_id"])
        # Whoever approves in the rector's place numbers orders of their own.
        .where(t.revision.c.approver_post_id.is_not_distinct_from(subject.fields["approver_post_id"]))
        .where((decision.move != "approve") | ~recalled)
        .order_by(decision.decided_on, decision.id)
    )
