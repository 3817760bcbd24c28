"""Opening a record: what it must say, whose it is, its code, and then the one write path."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import next_number
from service import copies, documents, sittings
from service.act import Act
from service.asking import ask
from service.moves import Moved, begin, capacity_of, read_given
from service.organisation import Actor, Organisation, organisation
from service.parts import fill_part, require_known
from service.reading.permitted import campuses_of, require_readable
from service.resolve import resolve
from service.signing import Capacity
from service.subject import NOTHING_BELOW, Subject, all_roles, lent_roles, load, roles_of, typed_table, unit_of
from states.kyrgyz import fold
from states.lifecycle import Lifecycle, hold
from states.refusals import GuardUnmet, Malformed, NotYours
from states.registry import lifecycle
from states.roles import Role
from states.text import N_
from states.working_days import clock, today

# What a record takes over from the one it hangs on: the severity, which policies ask for, and whose council it was.
INHERITED = frozenset({"severity", "body_id"})
# What a record takes from what it is about, by its lifecycle.
_PREPARES = {"document": documents.prepare, "sitting": sittings.prepare, "printed_copy": copies.prepare}


def open_record(
    connection: sa.Connection,
    name: str,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    parent_id: UUID | None = None,
    cause_id: UUID | None = None,
    present: Mapping[str, Any] | None = None,
) -> Moved:
    """Open a record of the lifecycle `name` with what it must say. Raises any Refusal.

    `present` is what it takes over from another record as that has it, whether or not it is in use now.
    """
    one, snapshot = lifecycle(name), organisation(connection)
    if not one.opens:  # Sapat itself begins them, in `begin`
        raise NotYours(move=one.label, who=tuple(role.label for role in one.opened_by))
    actor = snapshot.anew(actor, today(now))
    act = Act(connection, snapshot, actor, now, cause_id)
    parsed, kept = read_given(one.opens, given)
    campuses = campuses_of(snapshot, actor)
    values = resolve(
        act.organisation, connection, one.opens, parsed, day=act.day, campuses=campuses, present=present or {}
    )
    if parent_id and actor.person_id:
        require_readable(connection, parent_id, actor, now)
    parent = _parent(act, one, parent_id)
    fields, typed = _rows(act, one, values, parent)
    _permit(act, one, fields, parent)
    if one.name == "document":
        documents.require_none_under_way(act, fields["document_id"])
    roles = all_roles(act.actor, fields, act.organisation)
    subject = Subject(one, fields)
    case = subject.case(act.actor, act.organisation, act.day, NOTHING_BELOW)
    case.roles, case.given, case.clock = roles, values, clock(now)
    if parent:
        case.above = lambda: parent.fields
    case.ask = partial(ask, connection, subject)
    require_known(connection, subject, one.opens, values, {})
    hold(one.opening_guards, case)
    rows = {name: fill(case) for name, fill in one.opening_fills.items()}
    capacity = _capacity(act, one, parent.fields if parent else fields)
    begun = begin(act, subject, typed, kept, capacity=capacity)
    for name, several in rows.items():
        fill_part(act, subject, name, several)
    return begun


def _rows(
    act: Act, one: Lifecycle, values: Mapping[str, Any], parent: Subject | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record's fields, typed ones included, and the typed row."""
    inherited = parent.fields if parent else {}
    fields: dict[str, Any] = {
        "id": new_id(),
        "kind": one.name,
        "state": one.initial,
        "version": 1,
        "head": "",
        "title": values.get("title") or "",
        "author_id": act.actor.person_id,
        "author_hidden": bool(values.get("confidential")),
        "owner_post_id": values.get("owner_post"),
        "unit_id": values.get("unit") or inherited.get("unit_id"),
        "process_id": values.get("process") or inherited.get("process_id"),
        "parent_id": inherited.get("id"),
        "round": inherited.get("rounds", 0),
        "opened_at": act.now,
        "moved_at": act.now,
    }
    columns = {column.name for column in typed_table(one.name).c}
    typed = {key if key in columns else f"{key}_id": value for key, value in values.items()}
    typed = {key: value for key, value in typed.items() if key in columns}
    typed |= {key: inherited[key] for key in columns & inherited.keys() if key in INHERITED and inherited[key]}
    typed |= {f"original_{key}": value for key, value in typed.items() if f"original_{key}" in columns}
    if one.name in _PREPARES:
        _PREPARES[one.name](act, values, fields, typed)
    if one.prefix:
        year = act.day.year
        fields["code"] = f"{one.prefix}-{year}-{next_number(act.connection, f'{one.prefix}-{year}'):03d}"
    if fields["process_id"] and not fields["owner_post_id"]:
        fields["owner_post_id"] = _process_owner(act, fields["process_id"])
    if not fields.get("campus_id"):
        fields["campus_id"] = inherited.get("campus_id") or _campus(act, fields)
    fields["folded"] = fold(f"{fields['code']} {fields['title']}")
    empty = dict.fromkeys(columns - {"record_id"})
    return {**empty, **fields, **typed}, typed


def _parent(act: Act, one: Lifecycle, parent_id: UUID | None) -> Subject | None:
    if parent_id is None and one.stands_alone:
        return None
    if parent_id is None:
        raise Malformed(N_("A record of this kind is opened on the record that it belongs to."))
    parent = load(act.connection, parent_id, for_change=True)
    if parent.lifecycle.name != one.child_of:
        raise Malformed(N_("A record of this kind cannot hang on that one."))
    if parent.state not in one.opened_in:
        raise GuardUnmet(
            N_("Nothing can be added to it now: its state is “%(state)s”."),
            N_("It can be added in: %(states)s."),
            state=parent.lifecycle.steps[parent.state].label,
            states=tuple(parent.lifecycle.steps[name].label for name in one.opened_in),
        )
    return parent


def may_open(one: Lifecycle, actor: Actor, fields: Mapping[str, Any], snapshot: Organisation) -> bool:
    """Whether the actor may open a record: `fields` are those of what it hangs on, else its own."""
    if not one.stands_alone and fields.get("kind") != one.child_of:
        return False
    roles = all_roles(actor, fields, snapshot)
    return Role.CLOCK in roles or not roles.isdisjoint(openers(one, fields))


def openers(one: Lifecycle, fields: Mapping[str, Any]) -> tuple[Role, ...]:
    """Who may open a record: by their part in what it hangs on, where `fields` are that one's."""
    return one.hung_by if fields.get("kind") == one.child_of else one.opened_by


def _permit(act: Act, one: Lifecycle, fields: Mapping[str, Any], parent: Subject | None) -> None:
    # What hangs on another record is opened by those who have a part in that one: an owner is only being named here.
    about = parent.fields if parent else fields
    if not may_open(one, act.actor, about, act.organisation):
        raise NotYours(move=one.label, who=tuple(role.label for role in openers(one, about)))


def _capacity(act: Act, one: Lifecycle, fields: Mapping[str, Any]) -> Capacity:
    """In which post, and for whom, the actor opens it: as themselves where they may, else as somebody's deputy."""
    own = not roles_of(act.actor, fields, act.organisation).isdisjoint(openers(one, fields))
    lent = {} if own else lent_roles(act.actor, fields, act.organisation)
    behalf = next((person for person, roles in lent.items() if not roles.isdisjoint(openers(one, fields))), None)
    return capacity_of(act, openers(one, fields), fields, behalf)


def _campus(act: Act, fields: Mapping[str, Any]) -> UUID | None:
    """The campus whose posts will answer for it: that of the unit concerned, else of whoever opens it."""
    snapshot = act.organisation
    if unit_id := unit_of(fields, snapshot):
        return snapshot.campus_of(unit_id)
    held = snapshot.posts_of(act.actor.person_id, act.day) if act.actor.person_id else ()
    return next((campus for post in sorted(held) if (campus := snapshot.campus_of(snapshot.posts[post].unit_id))), None)


def _process_owner(act: Act, process_id: UUID) -> UUID | None:
    owners = sa.select(t.process_owner.c.post_id).where(t.process_owner.c.process_id == process_id)
    found: UUID | None = act.connection.execute(owners.order_by(t.process_owner.c.position).limit(1)).scalar()
    return found
