"""From notices to letters: all that a batch of mails needs, read in a few statements, worded for each reader."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from notifications.message import Letter
from service.language import say
from service.organisation import Organisation, organisation
from service.subject import Holder
from states.kyrgyz import day_in_words, moment_in_words
from states.ladders import rung_at
from states.lifecycle import Step
from states.registry import lifecycle
from states.text import N_, Text
from states.working_days import today

NOT_SENT = N_("Not delivered")
SYSTEM = Text("Сапат", "Сапат", "Sapat")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all letters of a university share: its name, where its pages are, whether they are a demonstration."""

    university: Text
    base_url: str
    demo: bool = False


def write_letters(
    connection: sa.Connection, notices: Sequence[sa.Row[Any]], head: Letterhead, now: datetime
) -> dict[str, Letter | Exception]:
    """For each notice, by key, its letter; or why it cannot be written, so that it holds up no other."""
    sources = _Sources(
        organisation(connection),
        _by_id(connection, t.record, {notice.record_id for notice in notices}),
        _by_id(connection, t.task, {notice.task_id for notice in notices} - {None}),
        _by_id(connection, t.history, {notice.history_id for notice in notices} - {None}),
        _told_before(connection, [notice.task_id for notice in notices if notice.rung]),
    )
    letters: dict[str, Letter | Exception] = {}
    for notice in notices:
        try:
            letters[notice.key] = _letter(notice, sources, head, now)
        except Exception as error:  # noqa: BLE001 - a step that is declared no longer, an impossible address
            letters[notice.key] = error
    return letters


class _Sources(NamedTuple):
    """What the letters of a batch are written from: the university, and rows by what a notice names."""

    university: Organisation
    records: Mapping[UUID | None, sa.Row[Any]]
    tasks: Mapping[UUID | None, sa.Row[Any]]
    causes: Mapping[UUID | None, sa.Row[Any]]
    told: Mapping[UUID | None, Sequence[sa.Row[Any]]]


def _letter(notice: sa.Row[Any], sources: _Sources, head: Letterhead, now: datetime) -> Letter:
    """Raises notifications.message.LetterError for an impossible address."""
    snapshot = sources.university
    reader = snapshot.people[notice.reader_id]
    language = reader.language
    record, task = sources.records[notice.record_id], sources.tasks.get(notice.task_id)
    one = lifecycle(record.kind)
    step = one.steps[task.step if task else record.state]
    before = [row for row in sources.told.get(notice.task_id, ()) if row.rung < (notice.rung or 0)]
    context = {
        "university": head.university.into(language),
        "reader": reader.name.into(language),
        "record": {"code": record.code, "title": record.title, "kind": one.label.into(language)},
        "step": step.label.into(language),
        "because": _because(sources.causes.get(notice.history_id), record, snapshot, language),
        "told": [_telling(row, step, snapshot, language) for row in before],
        "missed": notice.missed,
        "url": f"{head.base_url}/{one.collection}/{record.id}",
        "settings_url": None,
        "demo": head.demo,
        **_deadline(task, step, snapshot, language, now),
    }
    return Letter(notice.key, reader.email, reader.name.into(language), language, notice.message, context)


def _by_id(connection: sa.Connection, table: sa.Table, ids: set[UUID]) -> dict[UUID | None, sa.Row[Any]]:
    if not ids:
        return {}
    return {row.id: row for row in connection.execute(sa.select(table).where(table.c.id.in_(ids)))}


def _told_before(connection: sa.Connection, tasks: list[UUID]) -> dict[UUID | None, list[sa.Row[Any]]]:
    found: dict[UUID | None, list[sa.Row[Any]]] = defaultdict(list)
    if tasks:
        rungs = sa.select(t.notice).where(t.notice.c.task_id.in_(set(tasks)), t.notice.c.rung.is_not(None))
        for row in connection.execute(rungs.order_by(t.notice.c.rung, t.notice.c.key)):
            found[row.task_id].append(row)
    return found


def _telling(row: sa.Row[Any], step: Step, snapshot: Organisation, language: str) -> dict[str, str]:
    part = rung_at(step.ladder, row.rung).to if step.ladder else None
    return {
        "who": snapshot.people[row.reader_id].name.into(language),
        "at": moment_in_words(row.sent_at, language) if row.sent_at else say(NOT_SENT, language),
        "what": part.label.into(language) if part else "",
    }


def _because(
    cause: sa.Row[Any] | None, record: sa.Row[Any], snapshot: Organisation, language: str
) -> dict[str, str | None] | None:
    if cause is None:
        return None
    one = lifecycle(record.kind)
    move = one.moves[cause.move].label.into(language) if cause.move in one.moves else say(N_("Opened"), language)
    behalf = snapshot.people.get(cause.acting_for_id)
    actor = snapshot.people.get(cause.actor_id)
    return {
        "by": (actor.name if actor else SYSTEM).into(language),
        "acting_for": behalf.name.into(language) if behalf else None,
        "move": move,
        "at": moment_in_words(cause.at, language),
        "reason": cause.given.get("reason") or cause.given.get("wording") or cause.given.get("summary"),
    }


def _deadline(
    task: sa.Row[Any] | None, step: Step, snapshot: Organisation, language: str, now: datetime
) -> dict[str, Any]:
    if task is None:
        return {"do": "", "holder": "", "due": None, "days_late": 0, "days_left": None, "original_due": None}
    due, day = today(task.due_at), today(now)
    late = now > task.due_at
    return {
        "do": step.task.into(language) if step.task else "",
        "holder": holder_name(Holder(task.holder_post_id, task.holder_person_id), snapshot).into(language),
        "due": day_in_words(due, language),
        "days_late": max(1, snapshot.calendar.between(due, day)) if late else 0,
        "days_left": None if late else snapshot.calendar.between(day, due),
        "original_due": day_in_words(today(task.original_due_at), language)
        if task.original_due_at != task.due_at
        else None,
    }


def holder_name(has_it: Holder, snapshot: Organisation) -> Text:
    """What to call who has a task: the post, or the person."""
    if has_it.person_id:
        return snapshot.people[has_it.person_id].name
    return snapshot.posts[has_it.post_id].name if has_it.post_id else SYSTEM
