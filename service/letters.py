"""From notices to letters: all that a batch of mails needs, read in a few statements, worded for each reader."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from notifications.message import Enclosure, Letter
from service.files.store import Store
from service.invited import MESSAGES, Tellings, tellings
from service.language import say
from service.nudging import MESSAGE as NUDGE
from service.nudging import Nudge, nudges
from service.organisation import Organisation, PersonFacts, organisation
from service.own_page import path_of
from service.reading.authors import CONFIDENTIAL, is_the_authors, knows_author
from service.reading.awaiting import STEP, Awaiting, awaiting, next_step
from service.reading.deputies import held_for, standing_in
from service.subject import Holder, part_post
from states.kyrgyz import day_in_words, moment_in_words
from states.lifecycle import Step
from states.registry import lifecycle
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

NOT_SENT = N_("Not delivered")
SYSTEM = Text("Сапат", "Сапат", "Sapat")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all letters of a university share: its name, where its pages are, whether they are a demonstration.

    `sender` is the address they come from. What they enclose is read from `files` (none: only links lead there) and
    printed by `forms`, the university's own.
    """

    university: Text
    base_url: str
    demo: bool = False
    sender: str = "sapat@localhost.localdomain"
    files: Store | None = None
    forms: Path | None = None


def write_letters(
    connection: sa.Connection, notices: Sequence[sa.Row[Any]], head: Letterhead, now: datetime
) -> dict[str, Letter | Exception]:
    """For each notice, by key, its letter; or why it cannot be written, so that it holds up no other."""
    sources = sources_of(connection, notices)
    letters: dict[str, Letter | Exception] = {}
    for notice in notices:
        try:
            more, enclosed = _invitation(connection, notice, sources, head)
            context = context_of(notice, sources, head, now) | more
            letters[notice.key] = letter_to(sources.university.people[notice.reader_id], notice, context, enclosed)
        except Exception as error:  # noqa: BLE001 - a step that is declared no longer, an impossible address
            letters[notice.key] = error
    return letters


def letter_to(
    reader: PersonFacts, notice: sa.Row[Any], context: Mapping[str, Any], enclosed: tuple[Enclosure, ...] = ()
) -> Letter:
    """The letter of one notice. Raises notifications.message.LetterError for an impossible address."""
    name, language = reader.name.into(reader.language), reader.language
    return Letter(notice.key, reader.email, name, language, notice.message, context, enclosed)


class Sources(NamedTuple):
    """What the letters of a batch are written from: the university, and rows by what a notice names."""

    university: Organisation
    records: Mapping[UUID | None, sa.Row[Any]]
    tasks: Mapping[UUID | None, sa.Row[Any]]
    causes: Mapping[UUID | None, sa.Row[Any]]
    told: Mapping[UUID | None, Sequence[sa.Row[Any]]]
    asked: Mapping[str, Nudge]
    sittings: Tellings
    waits: Mapping[UUID, Awaiting]


def sources_of(connection: sa.Connection, notices: Sequence[sa.Row[Any]]) -> Sources:
    """All that these notices are told from, in a few statements."""
    snapshot = organisation(connection)
    tasks = _by_id(connection, t.task, {notice.task_id for notice in notices} - {None})
    return Sources(
        snapshot,
        _by_id(connection, t.record, {notice.record_id for notice in notices}),
        tasks,
        _by_id(connection, t.history, {notice.history_id for notice in notices} - {None}),
        _told_before(connection, {notice.task_id for notice in notices if notice.rung is not None}),
        nudges(connection, [notice.key for notice in notices if notice.message == NUDGE]),
        tellings(connection, [notice.record_id for notice in notices if notice.message in MESSAGES], snapshot),
        awaiting(connection, {task.record_id for task in tasks.values() if task.step == STEP}),
    )


def context_of(notice: sa.Row[Any], sources: Sources, head: Letterhead, now: datetime) -> dict[str, Any]:
    """What the templates of a notice's message are filled with, in its reader's language.

    Raises KeyError where it is about what is declared no longer.
    """
    snapshot = sources.university
    reader = snapshot.people[notice.reader_id]
    language = reader.language
    record, task = sources.records[notice.record_id], sources.tasks.get(notice.task_id)
    one = lifecycle(record.kind)
    step = one.steps[task.step if task else record.state]
    told = sources.told.get(notice.task_id, ()) if notice.rung is not None else ()
    before = [row for row in told if (row.created_at, row.rung) < (notice.created_at, notice.rung)]
    return {
        "university": head.university.into(language),
        "reader": reader.name.into(language),
        "record": {"code": record.code, "title": record.title, "kind": one.label.into(language)},
        "step": step.label.into(language),
        "because": _because(sources.causes.get(notice.history_id), record, snapshot, reader, today(now)),
        "in_place_of": _in_place_of(notice, task, record, sources, today(now)),
        "told": [_telling(row, snapshot, language) for row in before],
        "missed": notice.missed,
        "asked": _asked(sources.asked.get(notice.key), snapshot, language),
        "url": f"{head.base_url}{path_of(one, record.id)}",
        "then": _then(notice, sources, head, language),
        "settings_url": f"{head.base_url}/account",
        "demo": head.demo,
        **_deadline(task, step, snapshot, language, now),
    }


def _invitation(
    connection: sa.Connection, notice: sa.Row[Any], sources: Sources, head: Letterhead
) -> tuple[dict[str, Any], tuple[Enclosure, ...]]:
    """What an invitation says besides, and what it encloses; nothing where it is none."""
    if notice.message not in MESSAGES:
        return {}, ()
    from service.invitations import enclosures, told  # few batches have any, and what they are made with loads long

    telling, reader = sources.sittings.of(notice), sources.university.people[notice.reader_id]
    return told(telling, reader.language, head), tuple(enclosures(connection, telling, reader, head))


def _by_id(connection: sa.Connection, table: sa.Table, ids: set[UUID]) -> dict[UUID | None, sa.Row[Any]]:
    if not ids:
        return {}
    return {row.id: row for row in connection.execute(sa.select(table).where(table.c.id.in_(ids)))}


_TELLINGS = sa.select(*(t.notice.c[name] for name in ("task_id", "reader_id", "rung", "part", "created_at", "sent_at")))


def _told_before(connection: sa.Connection, tasks: set[UUID]) -> dict[UUID | None, list[sa.Row[Any]]]:
    found: dict[UUID | None, list[sa.Row[Any]]] = defaultdict(list)
    if tasks:
        rungs = _TELLINGS.where(t.notice.c.task_id.in_(tasks), t.notice.c.rung.is_not(None))
        for row in connection.execute(rungs.order_by(t.notice.c.rung, t.notice.c.key)):
            found[row.task_id].append(row)
    return found


def _telling(row: sa.Row[Any], snapshot: Organisation, language: str) -> dict[str, str]:
    return {
        "who": snapshot.people[row.reader_id].name.into(language),
        "at": moment_in_words(row.sent_at, language) if row.sent_at else say(NOT_SENT, language),
        "what": Role(row.part).label.into(language) if row.part else "",
    }


def _asked(nudge: Nudge | None, snapshot: Organisation, language: str) -> dict[str, str] | None:
    if nudge is None:
        return None
    by = snapshot.people[nudge.by].name
    return {"by": by.into(language), "role": nudge.role.label.into(language), "words": nudge.words}


def _because(
    cause: sa.Row[Any] | None, record: sa.Row[Any], snapshot: Organisation, reader: PersonFacts, day: date
) -> dict[str, str | None] | None:
    if cause is None:
        return None
    one, language = lifecycle(record.kind), reader.language
    move = one.moves[cause.move].happened.into(language) if cause.move in one.moves else say(N_("Opened"), language)
    hidden = is_the_authors(one, cause, record.author_id) and not knows_author(
        snapshot, snapshot.actor(reader.id, day), one, record._mapping
    )
    behalf = None if hidden else snapshot.people.get(cause.acting_for_id)
    actor = snapshot.people.get(cause.actor_id)
    return {
        "by": (CONFIDENTIAL if hidden else actor.name if actor else SYSTEM).into(language),
        "acting_for": behalf.name.into(language) if behalf else None,
        "move": move,
        "at": moment_in_words(cause.at, language),
        "reason": cause.given.get("reason") or cause.given.get("wording") or cause.given.get("summary"),
    }


def _in_place_of(
    notice: sa.Row[Any], task: sa.Row[Any] | None, record: sa.Row[Any], sources: Sources, day: date
) -> dict[str, str] | None:
    """Whose mail it would be, were they not away: the holder's, the member's, or that of the part the rung tells."""
    snapshot = sources.university
    actor, language = snapshot.actor(notice.reader_id, day), snapshot.people[notice.reader_id].language
    if not actor.lent:
        return None
    if task is not None:
        told = Role(notice.part) if notice.part else Role.HOLDER
        post_id, person_id = task.holder_post_id, task.holder_person_id
        if told is not Role.HOLDER:
            post_id, person_id = part_post(told, Holder(post_id, person_id), record.campus_id, snapshot, day), None
        whose = held_for(actor, post_id, person_id)
    elif notice.message in MESSAGES:
        members = sources.sittings.of(notice).members
        whose = next((one for one in actor.people if one in members), None)
    else:
        return None
    behalf = standing_in(snapshot, actor, day).get(whose)
    return {"name": behalf.name.into(language), "until": day_in_words(behalf.until, language)} if behalf else None


def _then(notice: sa.Row[Any], sources: Sources, head: Letterhead, language: str) -> dict[str, Any] | None:
    """Where the secretary of a council goes on with a document that waits for it; whoever else is told does not."""
    one = sources.waits.get(notice.record_id)
    if one is None or notice.task_id is None or notice.part not in (None, Role.HOLDER):
        return None
    found = next_step(one, language)
    links = [{"label": link["label"], "url": f"{head.base_url}{link['href']}"} for link in found["links"]]
    return {"text": found["text"], "links": links}


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
