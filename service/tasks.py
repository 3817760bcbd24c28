"""The tasks of a record as it moves: the old step's are closed, the new one's opened, and people are told."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import insert_new, new_rows
from models.prepared import Prepared
from service.act import Act
from service.invited import CANCELLED, MESSAGES, RELEASED, no_longer
from service.organisation import Organisation, organisation_changed
from service.subject import NOTHING_BELOW, PERSONAL, Holder, Subject, holder, holder_of, said_players
from states.ladders import first_rung, rung_moment
from states.lifecycle import Channel, Kind, Ladder, Step, Tone, may
from states.policies import Policy, day_after, deadline_of, ladder_facts, ladder_id, ladder_of
from states.refusals import GuardUnmet, Refusal
from states.roles import POSTS, Role
from states.text import N_
from states.working_days import due_moment


class NobodyThere(Refusal):
    """Nobody could have the task. By then something has been written: nothing may go on as if it had not been tried."""

    status = 409
    code = "nobody-there"
    says = N_("There is no post that could be given this task.")
    next_step = N_("Ask the administrator to enter the posts.")


def change_tasks(
    act: Act,
    subject: Subject,
    before: str,
    after: str,
    move: str,
    history_id: UUID,
    tells: Sequence[Role],
    until: date | None = None,
) -> None:
    """Close what the step left behind, open what the step entered asks, put the notices of both into the outbox.

    What stays aside of the way leaves the task open; only its holder may be another now, and it may be due later:
    on the day `until`.
    """
    step = subject.lifecycle.steps[after]
    told: list[dict[str, Any]] = []
    reached: set[UUID | None] = {act.actor.person_id}
    if before and subject.lifecycle.moves[move].tone is Tone.ASIDE:
        if until:
            _postpone(act, subject, after, until)
        for task, has_it in hand_on(act, subject):
            told += _opened(act, subject, task, has_it, history_id, reached, handed_on=history_id)
    elif _close(act, subject, before, step, move) and step.kind is Kind.WAITING:
        task, has_it = _open(act, subject, step)
        told += _opened(act, subject, task, has_it, history_id, reached)
    message = (before and subject.lifecycle.moves[move].message) or "record/moved"
    readers = dict.fromkeys(_readers(act, subject, tells))
    invites = message in MESSAGES
    for reader in readers:
        # An invitation is for a calendar: it goes to whoever sends it too, and to those whom a task has reached.
        if invites or reader not in reached:
            told.append(_notice(act, subject, reader, message, f"{history_id.hex}:moved", history_id))
    if invites:
        parting = message if message == CANCELLED else RELEASED
        told += parted(act, subject, no_longer(act.connection, subject.id, readers), history_id, parting)
    act.writes.add(new_rows(act.connection.dialect.name, t.notice), *told)


def parted(
    act: Act, subject: Subject, readers: Iterable[UUID], history_id: UUID, message: str = RELEASED
) -> list[dict[str, Any]]:
    """Notices to those who were invited to a sitting by that entry or an earlier one, and are no longer."""
    return [_notice(act, subject, one, message, f"{history_id.hex}:parted", history_id) for one in readers]


def require_more_time(connection: sa.Connection, subject: Subject, until: date) -> None:
    """Raise GuardUnmet where the open task of the record's step has as much time already."""
    for task in connection.execute(_OPEN_TASKS, {"of": subject.id}).all():
        if task.step == subject.state and due_moment(until) <= task.due_at:
            raise GuardUnmet(N_("The new date is not later than the one it has."), N_("Choose a later day."))


def _postpone(act: Act, subject: Subject, step: str, until: date) -> None:
    """Give the open task of the step until that day; its ladder goes on from there."""
    from service.policies.open_tasks import goes_on, told_through  # which keep ladders as tasks do

    due_at, snapshot = due_moment(until), act.organisation
    for task in act.connection.execute(_OPEN_TASKS, {"of": subject.id}).all():
        if task.step != step:
            continue
        ladder = snapshot.ladders[task.ladder_id]
        rung = goes_on(task, ladder, due_at, told_through(act.connection, [task.id]), snapshot, act.now)
        next_at = rung_moment(ladder, rung, due_at, snapshot.calendar)
        changes = {"due_at": due_at, "granted_until": until, "rung": rung, "next_notice_at": next_at}
        act.connection.execute(sa.update(t.task).where(t.task.c.id == task.id).values(changes))


def hand_on(act: Act, subject: Subject) -> list[tuple[UUID, Holder]]:
    """Give the record's open tasks to whoever should have them now; those that changed hands, with their holders."""
    open_tasks = act.connection.execute(_OPEN_TASKS, {"of": subject.id}).all()
    moved = []
    for row in open_tasks:
        has_it = _holder(act, subject, subject.lifecycle.steps[row.step])
        if has_it != holder_of(row, subject.lifecycle.steps[row.step]):
            new = {"holder_post_id": has_it.post_id, "holder_person_id": has_it.person_id}
            act.connection.execute(sa.update(t.task).where(t.task.c.id == row.id).values(new))
            moved.append((row.id, has_it))
    return moved


def tell_holders(act: Act, subject: Subject, moved: Iterable[tuple[UUID, Holder]]) -> None:
    """Tell those who have been given tasks that these are theirs now."""
    reached: set[UUID | None] = set()
    told = [one for task, has_it in moved for one in _opened(act, subject, task, has_it, None, reached)]
    insert_new(act.connection, t.notice, told)


def _opened(
    act: Act,
    subject: Subject,
    task: UUID,
    has_it: Holder,
    history_id: UUID | None,
    reached: set[UUID | None],
    handed_on: UUID | None = None,
) -> list[dict[str, Any]]:
    """Tell those who have a task now; they count as reached.

    By the entry `handed_on` it came to them from others: whoever had it before hears of it again.
    """
    readers = [one for one in has_it.readers(act.organisation, act.day) if one not in reached]
    reached.update(readers)
    key = f"{task.hex}:{handed_on.hex if handed_on else 'opened'}"
    return [_notice(act, subject, one, "task/opened", key, history_id, task) for one in readers]


def _close(act: Act, subject: Subject, before: str, entering: Step, outcome: str) -> bool:
    """Close the tasks that end with this move; False where the task of the step entered has stayed open."""
    if not before or entering.beside == before:
        return True
    goes_on = (
        subject.lifecycle.steps[before].beside == entering.name
        and act.connection.execute(
            sa.select(t.task.c.id).where(
                *_ITS_OPEN, t.task.c.step == entering.name, t.task.c.due_at == _due(act, subject, entering, None)
            ),
            {"of": subject.id},
        ).scalar()
    )
    closed = {"of": subject.id, "closed_at": act.now, "outcome": outcome}
    if goes_on:
        act.writes.add(_CLOSE_OTHERS, {**closed, "but": goes_on})
    else:
        act.writes.add(_CLOSE, closed)
    return not goes_on


_ITS_OPEN = (t.task.c.record_id == sa.bindparam("of"), t.task.c.closed_at.is_(None))
_OPEN_TASKS = sa.select(
    *(t.task.c[name] for name in ("id", "step", "opened_at", "due_at", "ladder_id", "rung")),
    *(t.task.c[name] for name in ("holder_post_id", "holder_person_id")),
).where(*_ITS_OPEN)
_CLOSE = Prepared(sa.update(t.task).where(*_ITS_OPEN))
_CLOSE_OTHERS = Prepared(sa.update(t.task).where(*_ITS_OPEN, t.task.c.id != sa.bindparam("but")))
_OPEN = Prepared(sa.insert(t.task))


def _open(act: Act, subject: Subject, step: Step) -> tuple[UUID, Holder]:
    policy = act.organisation.policy(subject.lifecycle.name, step.name, subject.fields, act.day)
    due_at = _due(act, subject, step, policy)
    original = subject.fields.get(f"original_{step.deadline.on}") if step.deadline else None
    has_it = _holder(act, subject, step)
    ladder, calendar = ladder_of(step, policy), act.organisation.calendar
    rung = first_rung(ladder, due_at, act.now, calendar)
    task_id = new_id()
    act.writes.add(
        _OPEN,
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
            "ladder_id": kept_ladder(act.connection, act.organisation, ladder),
            "policy_id": policy.id if policy else None,
            "rung": rung,
            "next_notice_at": rung_moment(ladder, rung, due_at, calendar),
        },
    )
    return task_id, has_it


def _due(act: Act, subject: Subject, step: Step, policy: Policy | None) -> datetime:
    deadline = deadline_of(step, policy)
    day = subject.fields[deadline.on] if deadline.on else None
    if day and deadline.before:
        # Never before it is asked for: who plans for tomorrow sends the papers today.
        day = max(act.organisation.calendar.add(day, -deadline.before), act.day)
    return due_moment(day or day_after(act.day, deadline, act.organisation.calendar))


def kept_ladder(connection: sa.Connection, snapshot: Organisation, ladder: Ladder) -> str:
    """The identifier of a ladder, kept so that tasks climb it to their end, whatever is declared later."""
    key = ladder_id(ladder)
    if key not in snapshot.ladders:
        insert_new(connection, t.ladder, [{"id": key, "facts": ladder_facts(ladder)}])
        organisation_changed(connection)
    return key


def _holder(act: Act, subject: Subject, step: Step) -> Holder:
    """Who has the task: the step's owner, unless separation of duties leaves them nothing of it to do."""
    roles = [role for role in (step.owner, step.otherwise) if role]
    if step.otherwise:
        others = (role for move in subject.lifecycle.moves_from(step.name) for role in move.by if role in POSTS)
        roles = sorted(dict.fromkeys([*roles, *others]), key=lambda role: not _may_move(act, subject, step, role))
    has_it = holder(roles[0], subject.fields, act.organisation)
    if has_it.person_id and not has_it.personal and not act.organisation.posts_of(has_it.person_id, act.day):
        # Who has left the university does nothing: what an author wrote is its owner's then, the rest is seen to. What
        # only they can do waits for them until it lapses.
        instead = Role.OWNER if roles[0] is Role.AUTHOR else Role.QUALITY_SPECIALIST
        has_it = holder(instead, subject.fields, act.organisation)
    if has_it == Holder():
        raise NobodyThere
    return has_it


def _may_move(act: Act, subject: Subject, step: Step, role: Role) -> bool:
    """Whether somebody who has the role may take the record on from the step, or end it there."""
    people = holder(role, subject.fields, act.organisation).readers(act.organisation, act.day)
    actors = [act.organisation.actor(person, act.day) for person in people]
    cases = [subject.case(actor, act.organisation, act.day, NOTHING_BELOW) for actor in actors]
    moves = subject.lifecycle.moves_from(step.name)
    onward = [move for move in moves if role in move.by and move.tone in (Tone.FORWARD, Tone.STOP)]
    return any(may(move, case) for move in onward for case in cases)


def _readers(act: Act, subject: Subject, roles: Iterable[Role]) -> Iterable[UUID]:
    for role in roles:
        if role is Role.AUTHOR and subject.fields["author_hidden"] and subject.fields["author_id"]:
            yield subject.fields["author_id"]  # their deputy would learn who it is
        elif said := said_players(role, subject.fields):
            for one in said:  # all of them: a team is told as its leader is
                person = one in act.organisation.people
                who = Holder(person_id=one, personal=role in PERSONAL) if person else Holder(post_id=one)
                yield from who.readers(act.organisation, act.day)
        elif role is not Role.MEMBER:  # of a sitting to which nobody was called yet, nobody needs to hear
            yield from holder(role, subject.fields, act.organisation).readers(act.organisation, act.day)


def _notice(
    act: Act,
    subject: Subject,
    reader: UUID,
    message: str,
    key: str,
    history_id: UUID | None,
    task_id: UUID | None = None,
) -> dict[str, Any]:
    return {
        "key": f"{key}:{reader.hex}",
        "reader_id": reader,
        "message": message,
        "record_id": subject.id,
        "task_id": task_id,
        "history_id": history_id,
        "rung": None,
        "part": None,
        "missed": 0,
        "channel": Channel.MAIL.value,
        "created_at": act.now,
        "next_try_at": act.now,
        "attempts": 0,
    }
