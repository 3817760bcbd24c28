"""Bringing a planned nonconformity in: it begins in its step through the one write path, with its causes and actions.

Its history says that it was brought in, out of which file and line, and keeps every word of the row. Its day of opening
is the day it was found, its day of closing the list's: figures over the years are right. Moves that nobody made here
are not invented.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import next_number
from service.act import Act
from service.importing.list.planned import Planned, PlannedAction
from service.moves import Moved, begin
from service.subject import Subject, typed_table
from states.kyrgyz import fold
from states.lifecycle import Channel
from states.registry import lifecycle
from states.working_days import moment

MOVE: Final = "import"
_NOON: Final = timedelta(hours=12)


def bring(act: Act, planned: Planned, given: Mapping[str, Any]) -> list[Moved]:
    """Begin the nonconformity and what hangs on it; gives all that began, itself first. Raises NobodyThere."""
    opened = min(moment(planned.typed["found_on"]) + _NOON, act.now)
    closed = min(moment(planned.closed_on) + _NOON, act.now) if planned.closed_on else None
    fields = {
        **_record(act, planned, "nonconformity", planned.step, planned.title, opened, closed),
        "code": _code(act, "NC", planned.typed["found_on"].year),
        "owner_post_id": planned.owner_post_id,
    }
    typed = {**planned.typed, "reopened": 0, "their_reference": planned.reference or None}
    fields["folded"] = fold(f"{fields['code']} {planned.title} {planned.reference}")
    begun = begin(act, _subject("nonconformity", fields, typed), typed, given, name=MOVE)
    for no, text in enumerate(planned.causes, start=1):
        act.connection.execute(sa.insert(t.cause).values(record_id=begun.record_id, no=no, text=text))
    return [begun, *(_action(act, planned, fields, one, given, begun) for one in planned.actions)]


def _action(
    act: Act, planned: Planned, above: Mapping[str, Any], action: PlannedAction, given: Mapping[str, Any], begun: Moved
) -> Moved:
    ends = action.step == "closed"
    closed = above["closed_at"] or (_done(act, action) if ends else None)
    fields = {
        **_record(act, planned, "corrective_action", action.step, action.title, above["opened_at"], closed),
        "code": _code(act, "CA", planned.typed["found_on"].year),
        "owner_post_id": action.owner_post_id,
        "parent_id": begun.record_id,
    }
    typed = {
        "action_kind": action.kind,
        "criterion": action.criterion,
        "resources": action.resources,
        "due_on": action.due_on,
        "original_due_on": action.original_due_on,
        "extensions": 0,
        "checks": 0,
        "evidence": action.evidence,
        "implemented_on": action.done_on if action.step in ("implemented", "closed") else None,
        "check_on": action.check_on,
        "causes": list(range(1, len(planned.causes) + 1)),
        "severity": planned.typed["severity"],
    }
    fields["folded"] = fold(f"{fields['code']} {action.title}")
    kept = {**given, "line": action.line, "words": dict(action.words)}
    kept.pop("further", None)
    kept.pop("fingerprint", None)
    after = Act(act.connection, act.organisation, act.actor, act.now, begun.history_id)
    return begin(after, _subject("corrective_action", fields, typed), typed, kept, name=MOVE)


def _done(act: Act, action: PlannedAction) -> datetime:
    return min(moment(action.done_on or action.original_due_on) + _NOON, act.now)


def _record(
    act: Act, planned: Planned, kind: str, state: str, title: str, opened: datetime, closed: datetime | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind,
        "state": state,
        "version": 1,
        "head": "",
        "title": title,
        "author_id": None,
        "author_hidden": False,
        "campus_id": planned.campus_id,
        "unit_id": planned.unit_id,
        "process_id": planned.process_id,
        "parent_id": None,
        "round": 0,
        "opened_at": opened,
        "moved_at": act.now,
        "closed_at": closed,
    }


def _subject(kind: str, fields: dict[str, Any], typed: Mapping[str, Any]) -> Subject:
    empty = dict.fromkeys(column.name for column in typed_table(kind).c if column.name != "record_id")
    return Subject(lifecycle(kind), {**empty, **fields, **typed})


def _code(act: Act, prefix: str, year: int) -> str:
    return f"{prefix}-{year}-{next_number(act.connection, f'{prefix}-{year}'):03d}"


class Told:
    """Who is told that tasks are theirs: one mail for each reader, of the most urgent one; the rest is on their pages.

    None goes out before all is in: a list of years must not become a storm of letters. Each waits for that, an hour at
    most, so that whoever ends the import halfway leaves nobody untold.
    """

    def __init__(self) -> None:
        self._first: dict[UUID, tuple[datetime, str]] = {}

    def hold(self, connection: sa.Connection, begun: Iterable[Moved], now: datetime) -> None:
        """Of the notices of what has begun, just now and before, leave one for each reader to be mailed."""
        ids = [one.history_id for one in begun]
        mine = t.notice.c.history_id.in_(ids) & t.notice.c.sent_at.is_(None)
        waiting = sa.select(t.notice.c.key, t.notice.c.reader_id, t.task.c.due_at).join(
            t.task, t.task.c.id == t.notice.c.task_id
        )
        before = dict(self._first)
        for row in connection.execute(waiting.where(mine)):
            urgent = (row.due_at, row.key)
            self._first[row.reader_id] = min(urgent, self._first.get(row.reader_id, urgent))
        changed = {one: first for one, first in self._first.items() if before.get(one) != first}
        overtaken = [before[one][1] for one in changed if one in before]
        only_there = mine | t.notice.c.key.in_(overtaken)
        connection.execute(sa.update(t.notice).where(only_there).values(channel=Channel.PAGE.value, sent_at=now))
        self._to_be_mailed(connection, [key for _, key in changed.values()], now + _AT_MOST)

    def let_go(self, connection: sa.Connection, now: datetime) -> int:
        """Mail the most urgent one of each reader; how many that are."""
        keys = [key for _, key in self._first.values()]
        self._to_be_mailed(connection, keys, now)
        return len(keys)

    def _to_be_mailed(self, connection: sa.Connection, keys: Sequence[str], at: datetime) -> None:
        for start in range(0, len(keys), 200):
            some = t.notice.c.key.in_(keys[start : start + 200])
            values = {"channel": Channel.MAIL.value, "sent_at": None, "next_try_at": at}
            connection.execute(sa.update(t.notice).where(some).values(values))


_AT_MOST: Final = timedelta(hours=1)
