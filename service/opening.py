"""Opening a record: what it must say, whose it is, its code, and then the one write path."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import next_number
from service import documents
from service.act import Act
from service.moves import Moved, begin, read_given
from service.organisation import Actor, organisation
from service.resolve import resolve
from service.subject import Subject, load, roles_of, typed_table
from states.kyrgyz import fold
from states.lifecycle import Case, Lifecycle, hold
from states.refusals import GuardUnmet, Malformed, NotYours
from states.registry import lifecycle
from states.roles import Role
from states.text import N_


def open_record(
    connection: sa.Connection,
    name: str,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    parent_id: UUID | None = None,
    cause_id: UUID | None = None,
) -> Moved:
    """Open a record of the lifecycle `name` with what it must say. Raises any Refusal."""
    one = lifecycle(name)
    act = Act(connection, organisation(connection), actor, now, cause_id)
    parsed, kept = read_given(one.opens, given)
    values = resolve(act.organisation, connection, one.opens, parsed)
    parent = _parent(act, one, parent_id)
    fields, typed = _rows(act, one, values, parent)
    roles = _permit(act, one, fields, parent)
    hold(one.opening_guards, Case(one.initial, fields, act.day, roles, given=values))
    return begin(act, Subject(one, fields), typed, kept)


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
        "owner_post_id": values.get("owner_post"),
        "unit_id": values.get("unit") or inherited.get("unit_id"),
        "process_id": values.get("process") or inherited.get("process_id"),
        "parent_id": inherited.get("id"),
        "round": inherited.get("reopened", 0),
        "opened_at": act.now,
        "moved_at": act.now,
    }
    columns = {column.name for column in typed_table(one.name).c}
    typed = {key: value for key, value in values.items() if key in columns}
    typed |= {f"original_{key}": value for key, value in typed.items() if f"original_{key}" in columns}
    if "document" in values:
        documents.prepare(act, values["document"], fields, typed)
    if one.prefix:
        year = act.day.year
        fields["code"] = f"{one.prefix}-{year}-{next_number(act.connection, f'{one.prefix}-{year}'):03d}"
    if fields["process_id"] and not fields["owner_post_id"]:
        fields["owner_post_id"] = _process_owner(act, fields["process_id"])
    fields["folded"] = fold(f"{fields['code']} {fields['title']}")
    empty = dict.fromkeys(columns - {"record_id"})
    return {**empty, **fields, **typed}, typed


def _parent(act: Act, one: Lifecycle, parent_id: UUID | None) -> Subject | None:
    if parent_id is None:
        return None
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


def _permit(act: Act, one: Lifecycle, fields: Mapping[str, Any], parent: Subject | None) -> frozenset[Role]:
    # What hangs on another record is opened by those who have a part in that one: an owner is only being named here.
    roles = roles_of(act.actor, parent.fields if parent else fields, act.organisation)
    if Role.CLOCK not in roles and roles.isdisjoint(one.opened_by):
        raise NotYours(move=one.label, who=tuple(role.label for role in one.opened_by))
    return roles


def _process_owner(act: Act, process_id: UUID) -> UUID | None:
    owners = sa.select(t.process_owner.c.post_id).where(t.process_owner.c.process_id == process_id)
    found: UUID | None = act.connection.execute(owners.order_by(t.process_owner.c.position).limit(1)).scalar()
    return found
