"""Is everything that must run running, and what is stuck? Figures out of the database, and findings in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.complaints.by_mail import CLEAR
from service.controlled.renderers import renderer
from service.organisation import organisation
from states.registry import lifecycles
from states.roles import POSTS
from states.text import N_
from states.working_days import today

# Dropped because there was nothing left to say, not because somebody refused them.
NEEDLESS: Final = ("settled", "superseded")
LOOKED_BACK: Final = timedelta(days=7)
LONGEST_UNSENT: Final = timedelta(minutes=15)
LONGEST_ASLEEP: Final = timedelta(days=1, hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not well: a sentence for the catalogues with its facts."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Examination:
    """What the doctor saw. All is well where `findings` is empty; `advice` is what could be better."""

    figures: dict[str, Any]
    findings: list[Finding]
    advice: list[Finding] = field(default_factory=list)


def examine(connection: sa.Connection, now: datetime, running: Mapping[str, Any] | None) -> Examination:
    """Look at the database, and at what a running Sapat says of itself (None where none answers)."""
    figures = _figures(connection, now)
    seen = (_stuck(connection, figures, now), _set_aside(connection, now), _nobody(connection, now))
    findings = [*chain.from_iterable(seen), *_not_running(running)]
    figures["prefect"] = running["prefect"]["state"] if running else "unreachable"
    figures["smtp"] = running["smtp"] if running else "unreachable"
    found = renderer()
    figures["renderer"] = found.version or found.name
    return Examination(figures, findings, [Finding(*one) for one in found.advice])


def _figures(connection: sa.Connection, now: datetime) -> dict[str, Any]:
    open_task = t.task.c.closed_at.is_(None)
    unsent = t.notice.c.sent_at.is_(None) & t.notice.c.dropped_at.is_(None)
    refused = t.notice.c.dropped_at.is_not(None) & t.notice.c.error.not_in(NEEDLESS)
    # What waits for its day's one mail is not late.
    overdue = unsent & ((t.notice.c.attempts > 0) | (t.notice.c.next_try_at <= now))
    oldest = connection.execute(sa.select(sa.func.min(t.notice.c.created_at)).where(overdue)).scalar()
    return {
        "documents": _count(connection, t.document),
        "processes": _count(connection, t.process),
        "people": _count(connection, t.person),
        "records_open": _count(connection, t.record, t.record.c.closed_at.is_(None)),
        "tasks_open": _count(connection, t.task, open_task),
        "tasks_late": _count(connection, t.task, open_task & (t.task.c.due_at < now)),
        "outbox_pending": _count(connection, t.notice, unsent),
        "outbox_refused": _count(connection, t.notice, refused),
        "oldest_unsent_s": max(0, int((now - oldest).total_seconds())) if oldest else 0,
    }


def _count(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool] | None = None) -> int:
    statement = sa.select(sa.func.count()).select_from(table)
    return connection.execute(statement if where is None else statement.where(where)).scalar_one()


def _stuck(connection: sa.Connection, figures: Mapping[str, Any], now: datetime) -> list[Finding]:
    findings = []
    if figures["oldest_unsent_s"] > LONGEST_UNSENT.total_seconds():
        error = connection.execute(
            sa.select(t.notice.c.error)
            .where(t.notice.c.sent_at.is_(None), t.notice.c.dropped_at.is_(None), t.notice.c.error.is_not(None))
            .limit(1)
        ).scalar()
        findings.append(
            Finding(
                N_("Mails waiting: %(count)s, the oldest for %(minutes)s min. The mail server said: %(error)s"),
                {
                    "count": figures["outbox_pending"],
                    "minutes": figures["oldest_unsent_s"] // 60,
                    "error": error or "-",
                },
            )
        )
    if figures["outbox_refused"]:
        findings.append(
            Finding(
                N_("Mails refused for good: %(count)s. Check the addresses of their readers."),
                {"count": figures["outbox_refused"]},
            )
        )
    asleep = _count(connection, t.record, t.record.c.wake_at < now - LONGEST_ASLEEP)
    if asleep:
        findings.append(
            Finding(N_("Records that their day should have moved on and did not: %(count)s."), {"count": asleep})
        )
    declared = [(one.name, step.name) for one in lifecycles().values() for step in one.steps.values()]
    orphans = _count(
        connection,
        t.task,
        t.task.c.closed_at.is_(None) & sa.tuple_(t.task.c.lifecycle, t.task.c.step).not_in(declared),
    )
    if orphans:
        findings.append(Finding(N_("Tasks of steps that are not declared any more: %(count)s."), {"count": orphans}))
    unswept = _count(
        connection, t.task, t.task.c.closed_at.is_(None) & (t.task.c.next_notice_at < now - LONGEST_UNSENT)
    )
    if unswept:
        findings.append(Finding(N_("Reminders that are due and have not been written: %(count)s."), {"count": unswept}))
    return findings


def _set_aside(connection: sa.Connection, now: datetime) -> list[Finding]:
    mail = t.received_mail.c
    doubtful = mail.why.is_not(None) & mail.why.not_in(CLEAR) & (mail.at > now - LOOKED_BACK)
    if count := _count(connection, t.received_mail, doubtful):
        return [Finding(N_("Mails set aside for somebody to look at: %(count)s."), {"count": count})]
    return []


def _nobody(connection: sa.Connection, now: datetime) -> list[Finding]:
    snapshot, day = organisation(connection), today(now)
    if not snapshot.people:
        return [Finding(N_("There are no people yet: nobody can be told anything."))]
    vacant = [role for role in sorted(POSTS) if not (post := snapshot.post_of(role)) or not snapshot.holders(post, day)]
    return [Finding(N_("Nobody holds the post: %(post)s."), {"post": role.label}) for role in vacant]


def _not_running(running: Mapping[str, Any] | None) -> list[Finding]:
    if running is None:
        return [Finding(N_("Sapat does not answer: start it with `make run` or `sapat serve`."))]
    findings = []
    if running["prefect"]["state"] not in ("ready", "off"):
        findings.append(
            Finding(
                N_("Prefect is not ready (%(state)s): mails and reminders go on without it."), dict(running["prefect"])
            )
        )
    if running["smtp"] != "ok":
        findings.append(Finding(N_("The mail server does not answer: %(error)s"), {"error": running["smtp"]}))
    for name, chore in running["chores"].items():
        if chore.get("error"):
            findings.append(Finding(N_("“%(chore)s” failed: %(error)s"), {"chore": name, "error": chore["error"]}))
    return findings
