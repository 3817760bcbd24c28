"""A nudge: whoever answers for a matter asks whoever has its task to do it, once a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import new_rows
from service.events import log_event
from service.organisation import Actor, Organisation, organisation
from service.reading.permitted import require_readable
from service.subject import Holder, holder_of, load, part_post, posts_for
from states.given import parse_given
from states.kyrgyz import moment_in_words
from states.lifecycle import Channel, Field
from states.refusals import GuardUnmet, NotFound, NotYours, Refusal
from states.roles import Role
from states.text import LANGUAGES, N_, Text
from states.working_days import today

MESSAGE: Final = "task/nudge"
NUDGED: Final = "task.nudged"
# Who may ask, besides the head above whoever has the task.
ASKERS: Final = (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.OWNER)
WORDS: Final = Field(
    "words",
    Text("Кошумча сөз", "Несколько слов", "A few words"),
    "line",
    required=False,
    help=Text(
        "Алуучунун катында турат.",
        "Они будут стоять в письме.",
        "They stand in the mail.",
    ),
)
_WHAT: Final = Text("тапшырманы эскертүү", "напоминание о задаче", "nudging about a task")


class TaskDone(Refusal):
    """The task has been closed: there is nothing left to ask for."""

    status = 409
    code = "task-done"
    says = N_("This task has been done already.")
    next_step = N_("Open the record and see what comes next.")


class AlreadyAsked(Refusal):
    """Somebody has asked for this task today."""

    status = 409
    code = "already-asked"
    says = N_("%(who)s has asked for this today already: %(when)s.")
    next_step = N_("Ask again tomorrow, or speak with them.")


@dataclass(frozen=True, slots=True)
class Nudge:
    """Who asked, as what, when, with which words (perhaps none); `told` are those who were asked."""

    by: UUID
    role: Role
    at: datetime
    words: str
    told: tuple[UUID, ...]


def nudge(connection: sa.Connection, task_id: UUID, actor: Actor, now: datetime, words: str = "") -> Nudge:
    """Ask whoever has the task to do it. Raises NotFound, NotYours, GuardUnmet, TaskDone, AlreadyAsked, Incomplete."""
    said: str = parse_given((WORDS,), {"words": words})["words"] or ""
    task = connection.execute(sa.select(t.task).where(t.task.c.id == task_id)).one_or_none()
    if task is None or actor.person_id is None:
        raise NotFound
    require_readable(connection, task.record_id, actor, now)
    snapshot, day = organisation(connection), today(now)
    subject = load(connection, task.record_id)
    fields, has_it = subject.fields, holder_of(task, subject.lifecycle.steps[task.step])
    role = asks_as(snapshot, actor, fields, has_it, day)
    if role is None:
        raise NotYours(move=_WHAT, who=tuple(one.label for one in (*ASKERS, Role.HOLDERS_HEAD)))
    if task.closed_at:
        raise TaskDone
    readers = tuple(one for one in has_it.readers(snapshot, day) if one != actor.person_id)
    if not readers:
        raise GuardUnmet(_YOURS, _DO_IT)
    asked = Nudge(actor.person_id, role, now, said, readers)
    key = f"{task_id.hex}:nudge:{day:%Y%m%d}"
    notices = [_notice(f"{key}:{one.hex}", one, task, now) for one in readers]
    if not new_rows(connection.dialect.name, t.notice).run(connection, *notices):
        raise _already(connection, key, snapshot)
    facts = {"key": key, "record": task.record_id.hex, "as": role.value, "words": said}
    told = [one.hex for one in readers]
    log_event(connection, NUDGED, now, actor_id=actor.person_id, about_id=task_id, told=told, **facts)
    return asked


def asks_as(snapshot: Organisation, actor: Actor, fields: Mapping[str, Any], has_it: Holder, day: date) -> Role | None:
    """As what the actor may ask the holder of a task, if at all; `fields` are the columns of its record."""
    posts = actor.all_posts
    role = next((one for one in ASKERS if not posts.isdisjoint(posts_for(one, fields, snapshot))), None)
    above = part_post(Role.HOLDERS_HEAD, has_it, fields["campus_id"], snapshot, day)
    return role or (Role.HOLDERS_HEAD if above in posts else None)


def nudges(connection: sa.Connection, keys: Iterable[str]) -> dict[str, Nudge]:
    """What was asked, by the keys of the notices that told it."""
    wanted = {key: key.rpartition(":")[0] for key in keys}
    if not wanted:
        return {}
    tasks = {UUID(hex=key.partition(":")[0]) for key in wanted}
    e = t.event.c
    rows = connection.execute(sa.select(t.event).where(e.kind == NUDGED, e.about_id.in_(tasks)).order_by(e.number))
    found = {row.facts["key"]: _nudge(row) for row in rows}
    return {key: found[asked] for key, asked in wanted.items() if asked in found}


def _nudge(event: sa.Row[Any]) -> Nudge:
    facts = event.facts
    told = tuple(UUID(hex=one) for one in facts["told"])
    return Nudge(event.actor_id, Role(facts["as"]), event.at, facts["words"], told)


def _already(connection: sa.Connection, key: str, snapshot: Organisation) -> Refusal:
    before = next(iter(nudges(connection, [f"{key}:"]).values()), None)
    if before is None:
        return AlreadyAsked(who=Text("Сапат", "Сапат", "Sapat"), when="")
    when = Text(*(moment_in_words(before.at, language) for language in LANGUAGES))
    return AlreadyAsked(who=snapshot.people[before.by].name, when=when)


def _notice(key: str, reader_id: UUID, task: sa.Row[Any], now: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "reader_id": reader_id,
        "message": MESSAGE,
        "record_id": task.record_id,
        "task_id": task.id,
        "missed": 0,
        "channel": Channel.MAIL.value,
        "created_at": now,
        "next_try_at": now,
        "attempts": 0,
    }


_YOURS, _DO_IT = N_("You have this task yourself: there is nobody else to ask."), N_("Open it and do it.")
