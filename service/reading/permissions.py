"""Who may do this, and why: the answer of the functions that decide, for everybody, with what made it so.

Nothing is decided here: see service/reading/verdicts.py for what is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import CLOCK, Actor, Organisation, PersonFacts, organisation
from service.parts import children
from service.reading.authors import knows_author
from service.reading.conditions import GuardView, holds
from service.reading.parts import UNNAMED, PartView, part_of
from service.reading.reasons import Ground, Since, Verdict, Why
from service.reading.verdicts import verdict_on, verdict_on_opening, verdict_on_reading
from service.subject import Subject, load
from states.kyrgyz import sort_key
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

EXPLAINS: Final = (Role.ADMINISTRATOR, Role.QUALITY_SPECIALIST)
READ: Final = "read"
OPEN: Final = "open-"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who may do something and why, whether with a `subject` or, in words only, without one.

    `name` is a move, READ, or OPEN with a lifecycle's name; `verdicts` has everybody, those who may before the others.
    """

    lifecycle: Lifecycle
    name: str
    label: Text
    parts: tuple[PartView, ...]
    never_by: tuple[Role, ...] = ()
    guards: tuple[GuardView, ...] = ()
    sources: tuple[str, ...] = ()
    subject: Subject | None = None
    verdicts: tuple[Verdict, ...] = ()


def acts_of(one: Lifecycle) -> dict[str, Text]:
    """All that can be asked about a record of the lifecycle: its moves, what can be opened on it, reading it."""
    opened = [
        below for below in lifecycles().values() if below.child_of == one.name or (below is one and _by_document(one))
    ]
    return {
        **{move.name: move.label for move in one.moves.values()},
        **{f"{OPEN}{below.name}": below.label for below in opened},
        READ: _READING,
    }


def may_explain(snapshot: Organisation, actor: Actor) -> bool:
    """Whether the actor may see what others may do: who keeps the system, and who watches over its quality."""
    return actor.person_id is None or any(snapshot.plays(actor, role) for role in EXPLAINS)


def explain(connection: sa.Connection, record_id: UUID, name: str, now: datetime, viewer: Actor = CLOCK) -> Explanation:
    """Who may make a move on a record (or read it, or open another on it) at `now`, and why. Raises NotFound.

    Where the author is confidential to the `viewer`, what anybody may do as the author is left out.
    """
    ground = ground_at(connection, now)
    subject = seen(load(connection, record_id), viewer, ground.snapshot)
    one = subject.lifecycle
    declared = explain_declaration(one, name)
    fields = _document(connection, subject) if name == f"{OPEN}{one.name}" else subject.fields
    asked = _asked(connection, subject, name, now, ground)
    verdicts = [asked(person) for person in ground.snapshot.people.values()]
    return Explanation(
        one,
        name,
        declared.label,
        tuple(part_of(ground, part.role, fields) for part in declared.parts),
        declared.never_by,
        _guards(connection, subject, declared, ground),
        declared.sources,
        subject,
        tuple(sorted(verdicts, key=_order)),
    )


def explain_declaration(one: Lifecycle, name: str) -> Explanation:
    """The declaration of a move in words, whatever the record. Raises NotFound."""
    label = acts_of(one).get(name)
    if label is None:
        raise NotFound
    if name == READ:
        roles = dict.fromkeys(role for state in one.steps for role in one.readers(state))
        return Explanation(one, name, label, tuple(PartView(role) for role in roles))
    if name.startswith(OPEN):
        below = lifecycle(name.removeprefix(OPEN))
        guards = tuple(GuardView(guard) for guard in below.opening_guards)
        return Explanation(
            one, name, label, tuple(PartView(role) for role in below.opened_by), (), guards, below.opened_in
        )
    move = one.moves[name]
    guards = tuple(GuardView(guard) for guard in move.guards)
    return Explanation(one, name, label, tuple(PartView(role) for role in move.by), move.never_by, guards, move.sources)


def seen(subject: Subject, viewer: Actor, snapshot: Organisation) -> Subject:
    """The record as the viewer may see it explained: without its author, where that is confidential to them."""
    if viewer is CLOCK or knows_author(snapshot, viewer, subject.lifecycle, subject.fields):
        return subject
    return Subject(subject.lifecycle, {**subject.fields, "author_id": UNNAMED})


def find_any(connection: sa.Connection, one: Lifecycle, name: str) -> UUID:
    """The newest record of the lifecycle with that code or identifier, whoever may read it. Raises NotFound.

    For whoever may explain: they are told its code and its state, and not what it is about.
    """
    record = t.record.c
    of_kind = sa.select(record.id).where(record.kind == one.name).order_by(record.id.desc()).limit(1)
    try:
        found = connection.execute(of_kind.where(record.id == UUID(name))).scalar()
    except ValueError:
        found = connection.execute(of_kind.where(record.code == name.replace("\0", ""))).scalar()
    if found is None:
        raise NotFound(N_("There is no record with the code “%(code)s”."), code=name)
    return UUID(str(found))


def judge(
    connection: sa.Connection, record_id: UUID, name: str, person_id: UUID, now: datetime, viewer: Actor = CLOCK
) -> Verdict:
    """Whether one person may, and why. Raises NotFound."""
    ground = ground_at(connection, now)
    subject = seen(load(connection, record_id), viewer, ground.snapshot)
    person = ground.snapshot.people.get(person_id)
    if person is None or name not in acts_of(subject.lifecycle):
        raise NotFound
    return _asked(connection, subject, name, now, ground)(person)


def ground_at(connection: sa.Connection, now: datetime) -> Ground:
    """What reasons are made of at `now`."""
    day = today(now)
    return Ground(organisation(connection), day, _since(connection, day))


def _since(connection: sa.Connection, day: date) -> Since:
    held = t.holding.c
    holds = (held.since <= day) & (held.until.is_(None) | (held.until >= day))
    found = connection.execute(sa.select(held.person_id, held.post_id, sa.func.min(held.since)).where(holds).group_by(
        held.person_id, held.post_id
    ))  # fmt: skip
    return {(person_id, post_id): since for person_id, post_id, since in found}


def _order(verdict: Verdict) -> tuple[int, Any]:
    return list(Why).index(verdict.why), sort_key(verdict.person.name.ky)


def _asked(
    connection: sa.Connection, subject: Subject, name: str, now: datetime, ground: Ground
) -> Callable[[PersonFacts], Verdict]:
    """What is asked of each person."""
    if name == READ:
        return lambda person: verdict_on_reading(connection, subject, person, now, ground)
    if name.startswith(OPEN):
        below = lifecycle(name.removeprefix(OPEN))
        fields = _document(connection, subject) if below is subject.lifecycle else subject.fields
        return lambda person: verdict_on_opening(subject, below, fields, person, ground)
    move, under = subject.lifecycle.moves[name], children(connection, subject)
    return lambda person: verdict_on(subject, move, under, person, ground)


def _guards(
    connection: sa.Connection, subject: Subject, declared: Explanation, ground: Ground
) -> tuple[GuardView, ...]:
    if declared.name not in subject.lifecycle.moves or subject.state not in declared.sources:
        return declared.guards
    case = subject.case(Actor(None), ground.snapshot, ground.day, children(connection, subject))
    return tuple(GuardView(view.guard, holds(view.guard, case)) for view in declared.guards)


def _by_document(one: Lifecycle) -> bool:
    return any(field.name == "document" for field in one.opens)


def _document(connection: sa.Connection, subject: Subject) -> dict[str, Any]:
    """Whose a new revision of the same document would be."""
    document = t.document.c
    columns = (document.owner_post_id, document.unit_id, document.process_id, document.campus_id)
    found = connection.execute(sa.select(*columns).where(document.id == subject.fields["document_id"])).mappings().one()
    return {**found, "author_id": None}


_READING = Text("окуу", "чтение", "reading")
