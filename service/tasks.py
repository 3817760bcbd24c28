"""The tasks of a record as it moves: the old step's are closed, the new one's opened, and people are told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import insert_new
from models.prepared import Prepared
from service.act import Act
from service.subject import Holder, Subject, holder, roles_of
from states.ladders import first_rung, rung_moment
from states.lifecycle import Kind, Step, Tone, permits
from states.refusals import GuardUnmet
from states.roles import POSTS, Role
from states.text import N_
from states.working_days import due_moment


def change_tasks(
    act: Act, subject: Subject, before: str, after: str, move: str, history_id: UUID, tells: Sequence[Role]
) -> None:
    """Close what the step left behind, open what the step entered asks, put the notices of both into the outbox."""
    step = subject.lifecycle.steps[after]
    told: list[dict[str, Any]] = []
    reached: set[UUID | None] = {act.actor.person_id}
    if _close(act, subject, before, step, move) and step.kind is Kind.WAITING:
        task, has_it = _open(act, subject, step)
        for reader in has_it.readers(act.organisation, act.day):
            if reader not in reached:
                told.append(_notice(act, subject, reader, "task/opened", f"{task.hex}:opened", history_id, task))
            reached.add(reader)
    for reader in _readers(act, subject, tells):
        if reader not in reached:
            told.append(_notice(act, subject, reader, "record/moved", f"{history_id.hex}:moved", history_id))
        reached.add(reader)
    insert_new(act.connection, t.notice, told)


def _close(act: Act, subject: Subject, before: str, entering: Step, outcome: str) -> bool:
    """Close the tasks that end with this move; False where the task of the step entered has stayed open."""
    if not before or entering.beside == before:
        return True
    goes_on = (
        subject.lifecycle.steps[before].beside == entering.name
        and act.connection.execute(
            sa.select(t.task.c.id).where(
                *_ITS_OPEN, t.task.c.step == entering.name, t.task.c.due_at == _due(act, subject, entering)
            ),
            {"of": subject.id},
        ).scalar()
    )
    closed = {"of": subject.id, "closed_at": act.now, "outcome": outcome}
    if goes_on:
        _CLOSE_OTHERS.run(act.connection, {**closed, "but": goes_on})
    else:
        _CLOSE.run(act.connection, closed)
    return not goes_on


_ITS_OPEN = (t.task.c.record_id == sa.bindparam("of"), t.task.c.closed_at.is_(None))
_CLOSE = Prepared(sa.update(t.task).where(*_ITS_OPEN))
_CLOSE_OTHERS = Prepared(sa.update(t.task).where(*_ITS_OPEN, t.task.c.id != sa.bindparam("but")))
_OPEN = Prepared(sa.insert(t.task))


def _open(act: Act, subject: Subject, step: Step) -> tuple[UUID, Holder]:
    due_at = _due(act, subject, step)
    original = subject.fields.get(f"original_{step.deadline.on}") if step.deadline else None
    has_it = _holder(act, subject, step)
    ladder, calendar = step.ladder, act.organisation.calendar
    assert ladder is not None, "every waiting step has a ladder"  # noqa: S101 - an invariant of the declarations
    rung = first_rung(ladder, due_at, act.now, calendar)
    task_id = new_id()
    _OPEN.run(
        act.connection,
        {
            "id": task_id,
            "record_id": subject.id,
            "lifecycle": subject.lifecycle.name,
            "step": step.name,
            "holder_post_id": has_it.post_id,
            "holder_person_id": has_it.person_id,
            "opened_at": act.now,
            "due_at": due_at,
            "original_due_at": due_moment(original) if original else due_at,
            "rung": rung,
            "next_notice_at": rung_moment(ladder, rung, due_at, calendar),
        },
    )
    return task_id, has_it


def _due(act: Act, subject: Subject, step: Step) -> datetime:
    deadline = step.deadline
    assert deadline is not None, "every waiting step has a deadline"  # noqa: S101 - an invariant of the declarations
    day = subject.fields[deadline.on] if deadline.on else None
    return due_moment(day or act.organisation.calendar.add(act.day, deadline.working_days))


def _holder(act: Act, subject: Subject, step: Step) -> Holder:
    """Who has the task: the step's owner, unless separation of duties leaves them nothing of it to do."""
    roles = [role for role in (step.owner, step.otherwise) if role]
    if step.otherwise:
        others = (role for move in subject.lifecycle.moves_from(step.name) for role in move.by if role in POSTS)
        roles = sorted(dict.fromkeys([*roles, *others]), key=lambda role: not _may_move(act, subject, step, role))
    has_it = holder(roles[0], subject.fields, act.organisation)
    if has_it == Holder():
        raise GuardUnmet(
            N_("There is no post that could be given this task."), N_("Ask the administrator to enter the posts.")
        )
    return has_it


def _may_move(act: Act, subject: Subject, step: Step, role: Role) -> bool:
    """Whether somebody who has the role may take the record forward from the step."""
    people = holder(role, subject.fields, act.organisation).readers(act.organisation, act.day)
    actors = [act.organisation.actor(person, act.day) for person in people]
    parts = [roles_of(actor, subject.fields, act.organisation) for actor in actors]
    moves = subject.lifecycle.moves_from(step.name)
    forward = [move for move in moves if role in move.by and move.tone is Tone.FORWARD]
    return any(permits(move, roles) for move in forward for roles in parts)


def _readers(act: Act, subject: Subject, roles: Iterable[Role]) -> Iterable[UUID]:
    for role in roles:
        yield from holder(role, subject.fields, act.organisation).readers(act.organisation, act.day)


def _notice(
    act: Act, subject: Subject, reader: UUID, message: str, key: str, history_id: UUID, task_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "key": f"{key}:{reader.hex}",
        "reader_id": reader,
        "message": message,
        "record_id": subject.id,
        "task_id": task_id,
        "history_id": history_id,
        "rung": None,
        "missed": 0,
        "created_at": act.now,
        "next_try_at": act.now,
        "attempts": 0,
    }
