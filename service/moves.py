"""The one write path: every change of state goes through `move`, every record begins in `begin`.

In one transaction: permission, guard, what must be recorded, history with its hash, the tasks of the step left closed,
those of the step entered opened with their deadlines, notices put into the outbox, and what follows for related
records. A refusal is raised and nothing is written.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.prepared import Prepared
from service import follow
from service.act import Act
from service.organisation import Actor, organisation
from service.resolve import resolve
from service.subject import Subject, children, load, roles_of, typed_table
from service.tasks import change_tasks
from states.given import parse_given
from states.lifecycle import Field, Kind, Move
from states.refusals import Stale
from states.working_days import moment


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move left behind."""

    record_id: UUID
    state: str
    version: int
    history_id: UUID


def move(
    connection: sa.Connection,
    record_id: UUID,
    name: str,
    actor: Actor,
    given: Mapping[str, Any],
    now: datetime,
    *,
    expects: int | None = None,
    cause_id: UUID | None = None,
) -> Moved:
    """Make a move on a record, at `now`, with what it records (form strings or JSON values).

    `expects` is the version the person saw. Raises any Refusal of `states.refusals`.
    """
    subject = load(connection, record_id, for_change=True)
    if expects is not None and expects != subject.fields["version"]:
        raise Stale
    act = Act(connection, organisation(connection), actor, now, cause_id)
    case = subject.case(act.day, roles_of(actor, subject.fields, act.organisation), children(connection, subject))
    declared = subject.lifecycle.admit(case, name)
    parsed, kept = read_given(declared.records, given)
    case.given = resolve(act.organisation, connection, declared.records, parsed)
    subject.lifecycle.fire(case, name)
    history_id = new_id()
    for then in declared.then:
        if then.first and (then.when is None or then.when(case)):
            follow.follow(act, subject, then, history_id, case.given)
    changes = {field: value(case) for field, value in declared.sets.items()}
    moved = _write(act, subject, declared, case.state, kept, case.given, changes, history_id)
    for then in declared.then:
        if not then.first and (then.when is None or then.when(case)):
            follow.follow(act, subject, then, history_id, case.given)
    return moved


def read_given(fields: Iterable[Field], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is recorded, typed and cleaned; and the part of it that was said, as history keeps it. Raises Incomplete."""
    parsed = parse_given(fields, {key: value for key, value in given.items() if value not in (None, "")})
    return parsed, {key: value for key, value in parsed.items() if value is not None}


def begin(act: Act, subject: Subject, typed: Mapping[str, Any], given: Mapping[str, Any], name: str = "open") -> Moved:
    """Begin a record in the state it is given, with its typed row, its first history entry, task and notices."""
    history_id = new_id()
    fields = subject.fields
    head = _entry(act, fields, name, "", subject.state, given, history_id)
    columns = {column.name for column in t.record.c}
    row = {key: value for key, value in fields.items() if key in columns}
    wake_at = _wake_at(subject, subject.state)
    act.connection.execute(sa.insert(t.record), {**row, "version": 1, "head": head["hash"], "wake_at": wake_at})
    act.connection.execute(sa.insert(typed_table(subject.lifecycle.name)), {"record_id": subject.id, **typed})
    _REMEMBER.run(act.connection, head)
    change_tasks(act, subject, "", subject.state, name, history_id, ())
    return Moved(subject.id, subject.state, 1, history_id)


def _write(
    act: Act,
    subject: Subject,
    declared: Move,
    to_state: str,
    given: Mapping[str, Any],
    parsed: Mapping[str, Any],
    changes: Mapping[str, Any],
    history_id: UUID,
) -> Moved:
    before, fields = subject.state, subject.fields
    entry = _entry(act, fields, declared.name, before, to_state, given, history_id)
    fields.update(changes)
    seen = fields["version"]
    common = {name: value for name, value in changes.items() if name in t.record.c}
    typed = {name: value for name, value in changes.items() if name not in common}
    final = subject.lifecycle.steps[to_state].kind is Kind.FINAL
    written = _CHANGE.run(
        act.connection,
        {
            "of": subject.id,
            "seen": seen,
            "state": to_state,
            "version": seen + 1,
            "head": entry["hash"],
            "moved_at": act.now,
            "wake_at": _wake_at(subject, to_state),
            "closed_at": act.now if final else None,
            **common,
        },
    )
    if written != 1:
        raise Stale
    fields.update(state=to_state, version=seen + 1, head=entry["hash"])
    if typed:
        _change_typed(subject.lifecycle.name).run(act.connection, {"of": subject.id, **typed})
    _REMEMBER.run(act.connection, entry)
    if declared.decision:
        _DECIDE.run(act.connection, _decision(act, subject, declared, parsed, history_id))
    change_tasks(act, subject, before, to_state, declared.name, history_id, declared.tells)
    return Moved(subject.id, to_state, seen + 1, history_id)


_CHANGE = Prepared(
    sa.update(t.record).where(t.record.c.id == sa.bindparam("of"), t.record.c.version == sa.bindparam("seen"))
)
_REMEMBER = Prepared(sa.insert(t.history))
_DECIDE = Prepared(sa.insert(t.decision))


@cache
def _change_typed(name: str) -> Prepared:
    table = typed_table(name)
    return Prepared(sa.update(table).where(table.c.record_id == sa.bindparam("of")))


def _wake_at(subject: Subject, state: str) -> datetime | None:
    wake = subject.lifecycle.steps[state].wake
    day = subject.fields.get(wake.on) if wake else None
    return moment(day) if day else None


def _entry(
    act: Act, fields: Mapping[str, Any], name: str, before: str, after: str, given: Mapping[str, Any], history_id: UUID
) -> dict[str, Any]:
    entry = {
        "id": history_id,
        "record_id": fields["id"],
        "seq": (fields["version"] + 1) if before else 1,
        "at": act.now,
        "actor_id": act.actor.person_id,
        "acting_for_id": act.actor.acting_for_id,
        "move": name,
        "from_state": before,
        "to_state": after,
        "given": {key: value.isoformat() if isinstance(value, date) else value for key, value in given.items()},
        "cause_id": act.cause_id,
        "previous": fields["head"] if before else "",
    }
    return {**entry, "hash": entry_hash(entry)}


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a history entry without its own hash: canonical JSON, keys sorted, moments in UTC."""
    facts = {
        key: value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else _plain(value)
        for key, value in entry.items()
        if key != "hash"
    }
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value


def _decision(act: Act, subject: Subject, declared: Move, given: Mapping[str, Any], history_id: UUID) -> dict[str, Any]:
    # An endorsement has moved `position` on already: the body that decided is the one of the state before.
    body = None
    if declared.decision == "body":
        position = subject.fields["position"] - (1 if "position" in declared.sets else 0)
        body = act.organisation.bodies.get(subject.fields["route"][position])
    return {
        "id": new_id(),
        "record_id": subject.id,
        "history_id": history_id,
        "kind": declared.decision,
        "body_id": body.id if body else None,
        "move": declared.name,
        "number": given.get("protocol_no") or given["order_no"],
        "decided_on": given["decided_on"],
        **{name: given.get(name) for name in _DECISION_FACTS},
        "wording": given.get("wording") or given.get("reason"),
    }


_DECISION_FACTS = ("agenda_item", "votes_for", "votes_against", "votes_abstained", "in_force_on")
