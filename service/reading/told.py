"""What somebody was told: their notices, the newest first, with what became of each; as far as they may still read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.language import say, translations
from service.nudging import MESSAGE as NUDGE
from service.nudging import Nudge, nudges
from service.organisation import Actor, Organisation, organisation
from service.reading.page import Page, ready_page
from service.reading.permitted import readable_by
from service.reading.tasks import move_label
from states.lifecycle import Channel, Lifecycle, Step
from states.registry import lifecycle
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

n = t.notice.c
MAIL, DIGEST, PAGE = "mail", "digest", "page"
SENT, WAITING, DROPPED = "sent", "waiting", "dropped"
WAYS: Final = (MAIL, DIGEST, PAGE)


@dataclass(frozen=True, slots=True)
class ToldView:
    """One notice and its record. `move` is what had happened where it told that; `nudge` who asked, where somebody did.

    `rung` is in working days from the due day, `part` as what they were told. `way` is `mail`, `digest` or `page`, and
    then only there. `state` is `sent`, `waiting` (`waits_until` a moment, where it waits for a digest) or `dropped`;
    `error` has the reason, or a mail server's words. `step` None: it is declared no longer.
    """

    key: str
    message: str
    lifecycle: Lifecycle
    record_id: UUID
    code: str
    title: str
    step: Step | None
    move: Text | None
    nudge: Nudge | None
    by: Text | None
    rung: int | None
    part: Role | None
    missed: int
    at: datetime
    sent_at: datetime | None
    way: str
    state: str
    waits_until: datetime | None
    error: str | None

    def why(self, language: str) -> str:
        """Why it was dropped, or is still waiting; empty where there is nothing to say."""
        if self.error is None:
            return ""
        return say(WHY[self.error], language) if self.error in WHY else self.error


def list_told(
    connection: sa.Connection,
    actor: Actor,
    now: datetime,
    *,
    way: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
    most: int | None = None,
) -> Page[ToldView]:
    """What the actor was told, by one `way` or by any. What was told in their place to a deputy is the deputy's."""
    page = ready_page(
        connection,
        ("told", actor, today(now), way),
        {},
        lambda: _told(connection, actor, now, way),
        (n.created_at, n.key),
        lambda row: row,
        cursor,
        limit,
        shown=_shown,
        newest_first=True,
        most=most,
    )
    snapshot = organisation(connection)
    asked = nudges(connection, [row.key for row in page.rows if row.message == NUDGE])
    return Page([_view(row, asked.get(row.key), snapshot) for row in page.rows], page.next, page.total)


def _told(connection: sa.Connection, actor: Actor, now: datetime, way: str | None) -> sa.Select[Any]:
    may = readable_by(connection, actor, now)
    mine = sa.select(n.key).where(n.reader_id == actor.person_id)
    if not isinstance(may, sa.True_):  # who reads everything need not be asked about each
        mine = mine.join(t.record, t.record.c.id == n.record_id).where(may)
    return mine.where(_BY[way]) if way else mine


def _shown(found: sa.Select[Any]) -> sa.Select[Any]:
    """What is said of notices, and what hangs on them: of those that are shown, not of all."""
    keys = found.with_only_columns(n.key, maintain_column_froms=True).correlate(None)
    return _SHOWN.where(n.key.in_(keys)).add_columns(n.created_at, n.key).order_by(n.created_at.desc(), n.key.desc())


_SHOWN: Final = (
    sa.select(t.notice, t.record.c.kind, t.record.c.code, t.record.c.title, t.record.c.state)
    .add_columns(t.task.c.step, t.history.c.move)
    .join(t.record, t.record.c.id == t.notice.c.record_id)
    .outerjoin(t.task, t.task.c.id == t.notice.c.task_id)
    .outerjoin(t.history, t.history.c.id == t.notice.c.history_id)
)


def rung_in_words(rung: int, part: Role | None, language: str) -> str:
    """Which rung it was: "5 working days after the deadline, as quality specialist"."""
    ngettext, days = translations(language).ngettext, abs(rung)
    if rung < 0:
        when = ngettext("%(num)s working day before the deadline", "%(num)s working days before the deadline", days)
    elif rung > 0:
        when = ngettext("%(num)s working day after the deadline", "%(num)s working days after the deadline", days)
    else:
        when = say(_ON_THE_DAY, language)
    facts = {"when": when % {"num": days} if rung else when, "part": part.label.into(language) if part else ""}
    return say(_AS, language, facts) if part else str(facts["when"])


def _view(row: Any, asked: Nudge | None, snapshot: Organisation) -> ToldView:
    one = lifecycle(row.kind)
    state = SENT if row.sent_at else DROPPED if row.dropped_at else WAITING
    untried = state == WAITING and not row.attempts
    waits = untried and row.next_try_at > row.created_at
    return ToldView(
        key=row.key,
        message=row.message,
        lifecycle=one,
        record_id=row.record_id,
        code=row.code,
        title=row.title,
        step=one.steps.get(row.step or row.state),
        move=move_label(one, row.move) if row.move else None,
        nudge=asked,
        by=snapshot.people[asked.by].name if asked else None,
        rung=row.rung,
        part=Role(row.part) if row.part else None,
        missed=row.missed,
        at=row.created_at,
        sent_at=row.sent_at,
        way=PAGE if row.channel == Channel.PAGE else DIGEST if row.sent_in or waits else MAIL,
        state=state,
        waits_until=row.next_try_at if waits else None,
        error=row.error,
    )


_PAGE = t.notice.c.channel == Channel.PAGE.value
_IN_DIGEST = t.notice.c.sent_in.is_not(None)
_BY: Final = {PAGE: _PAGE, DIGEST: _IN_DIGEST, MAIL: ~_PAGE & ~_IN_DIGEST}
_ON_THE_DAY, _AS = N_("on the day of the deadline"), N_("%(when)s, as %(part)s")
WHY: Final = {
    "settled": N_("It was done before this could be sent."),
    "superseded": N_("A later one took its place."),
}
