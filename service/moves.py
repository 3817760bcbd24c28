"""The one write path: every change of state goes through `move`, every record begins in `begin`.

`transfer` says that others answer for a record now; nobody else writes the table.

In one transaction: permission, guard, what must be recorded, history with its hash, the tasks of the step left closed,
those of the step entered opened with their deadlines, notices put into the outbox, and what follows for related
records. An approval is signed in the same transaction. A refusal is raised and nothing is written.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import new_rows
from models.prepared import Prepared
from service import follow
from service.act import Act
from service.chain import entry_hash
from service.files.attachments import change_files
from service.organisation import Actor, organisation
from service.parts import change_part, children, fill_part, next_no, require_known
from service.reading.permitted import require_readable
from service.resolve import resolve
from service.signing import Capacity, Proof, ProofNeeded, content_of, sign, void
from service.subject import Subject, load, posts_for, typed_table
from service.tasks import change_tasks, require_more_time
from service.webhooks import enqueue
from states.given import parse_given
from states.kyrgyz import fold
from states.lifecycle import Case, Field, Kind, Move
from states.refusals import Refusal, Stale
from states.roles import Role
from states.working_days import clock, moment, today


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
    proof: Proof | None = None,
    saw: str | None = None,
) -> Moved:
    """Make a move on a record, at `now`, with what it records (form strings or JSON values).

    `expects` is the version the person saw; where the move is a signature, `proof` that it is them, and `saw` the hash
    of the content they were shown. Raises any Refusal of `states.refusals`, ProofNeeded.
    """
    subject = load(connection, record_id, for_change=True)
    snapshot = organisation(connection)
    actor = snapshot.anew(actor, today(now))
    act = Act(connection, snapshot, actor, now, cause_id)
    case = subject.case(actor, snapshot, act.day, children(connection, subject))
    case.clock = clock(now)
    try:
        if expects is not None and expects != subject.fields["version"]:
            raise Stale
        declared = subject.lifecycle.admit(case, name)
    except Refusal:
        if actor.person_id:  # a refusal tells that there is such a record, and how it stands
            require_readable(connection, record_id, actor, now)
        raise
    parsed, kept = read_given(declared.records, given)
    if any(field.kind == "attachment" for field in declared.records):
        case.files = frozenset(name for name, _ in content_of(connection, subject).files)
    case.given = resolve(
        act.organisation,
        connection,
        declared.records,
        parsed,
        actor.person_id,
        day=act.day,
        campuses=(subject.fields["campus_id"],),
        present=_present(case, declared, parsed),
    )
    kept |= {one.name: case.given[one.name] for one in declared.records if one.kind == "file" and one.name in kept}
    require_known(connection, subject, declared.records, case.given, case.parts)
    if declared.postpones:
        require_more_time(connection, subject, case.given[declared.postpones])
    subject.lifecycle.fire(case, name)
    if declared.adds:
        kept[declared.adds] = next_no(connection, subject.id, declared.adds)
    if declared.signs and saw is not None and saw != content_of(connection, subject).hash:
        raise Stale
    if declared.signs and actor.person_id and proof is None:
        raise ProofNeeded
    history_id = new_id()
    for then in declared.then:
        if then.first and (then.when is None or then.when(case)):
            follow.follow(act, subject, then, history_id, case)
    changes = _with_what_follows(act, subject, {field: value(case) for field, value in declared.sets.items()})
    rows = {name: fill(case) for name, fill in declared.fills.items()}
    moved = _write(act, subject, declared, case, kept, changes, history_id, proof)
    for name, several in rows.items():
        fill_part(act, subject, name, several)
    for then in declared.then:
        if not then.first and (then.when is None or then.when(case)):
            follow.follow(act, subject, then, history_id, case)
    for each in declared.each:
        follow.follow_each(act, subject, each, history_id, case, proof)
    return moved


def _with_what_follows(act: Act, subject: Subject, changes: dict[str, Any]) -> dict[str, Any]:
    """What is changed, with what goes with it: the campus of another unit, and by what it is found."""
    if changes.get("unit_id") and (campus_id := act.organisation.campus_of(changes["unit_id"])):
        changes["campus_id"] = campus_id
    if "title" in changes:
        changes["folded"] = fold(f"{subject.fields['code']} {changes['title']}")
    return changes


def _present(case: Case, declared: Move, parsed: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands already where the move writes: in the one that it amends, else in the record."""
    if not declared.amends:
        return case.fields
    return next((row for row in case.parts[declared.amends] if row["no"] == parsed[declared.amends]), {})


def signs(connection: sa.Connection, record_id: UUID, name: str) -> bool:
    """Whether that move on the record is a signature. Raises NotFound."""
    declared = load(connection, record_id).lifecycle.moves.get(name)
    return declared is not None and declared.signs is not None


def read_given(fields: Iterable[Field], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is recorded, typed and cleaned; and the part of it that was said, as history keeps it. Raises Incomplete."""
    parsed = parse_given(fields, {key: value for key, value in given.items() if value not in (None, "")})
    return parsed, {key: value for key, value in parsed.items() if value is not None}


def begin(
    act: Act,
    subject: Subject,
    typed: Mapping[str, Any],
    given: Mapping[str, Any],
    name: str = "open",
    capacity: Capacity | None = None,
) -> Moved:
    """Begin a record in the state it is given, with its typed row, its first history entry, task and notices.

    Whoever begins it does so in `capacity`, else in their first post.
    """
    history_id = new_id()
    fields = subject.fields
    posts = act.organisation.posts_of(act.actor.person_id, act.day) if act.actor.person_id else ()
    in_post = capacity or Capacity(min(posts, default=None))
    head = _entry(act, fields, name, "", subject.state, given, history_id, in_post)
    columns = {column.name for column in t.record.c}
    row = {key: value for key, value in fields.items() if key in columns}
    wake_at = _wake_at(subject, subject.state)
    act.connection.execute(sa.insert(t.record), {**row, "version": 1, "head": head["hash"], "wake_at": wake_at})
    act.connection.execute(sa.insert(typed_table(subject.lifecycle.name)), {"record_id": subject.id, **typed})
    act.writes.add(_REMEMBER, head)
    enqueue(act, history_id)
    change_tasks(act, subject, "", subject.state, name, history_id, ())
    act.writes.send(act.connection)
    return Moved(subject.id, subject.state, 1, history_id)


def transfer(act: Act, record_id: UUID, changes: Mapping[str, Any], given: Mapping[str, Any]) -> Moved:
    """Say that a record answers to others now (`unit_id`, `campus_id`, `owner_post_id`): a line of history, no move.

    `given` says so in codes. Raises NotFound, Stale.
    """
    subject = load(act.connection, record_id, for_change=True)
    fields, history_id = subject.fields, new_id()
    held = act.organisation.posts_of(act.actor.person_id, act.day) if act.actor.person_id else ()
    capacity = Capacity(min(held, default=None))
    entry = _entry(act, fields, "transfer", subject.state, subject.state, given, history_id, capacity)
    seen = {"of": record_id, "seen": fields["version"]}
    if _CHANGE.run(act.connection, {**seen, "version": entry["seq"], "head": entry["hash"], **changes}) != 1:
        raise Stale
    act.writes.add(_REMEMBER, entry)
    enqueue(act, history_id)
    act.writes.send(act.connection)
    return Moved(record_id, subject.state, entry["seq"], history_id)


def _write(
    act: Act,
    subject: Subject,
    declared: Move,
    case: Case,
    given: Mapping[str, Any],
    changes: Mapping[str, Any],
    history_id: UUID,
    proof: Proof | None,
) -> Moved:
    before, to_state, fields = subject.state, case.state, subject.fields
    capacity = capacity_of(act, declared.by, case.fields, case.acting_for)
    # Signed as it was seen: before the move changes anything.
    signed = sign(act, subject, declared, given, history_id, capacity, proof) if declared.signs and proof else None
    entry = _entry(act, fields, declared.name, before, to_state, given, history_id, capacity, signed)
    changed = {name for name, value in changes.items() if fields[name] != value}
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
            "closed_at": (fields["closed_at"] or act.now) if final else None,
            **common,
        },
    )
    if written != 1:
        raise Stale
    fields.update(state=to_state, version=seen + 1, head=entry["hash"])
    if typed:
        act.writes.add(_change_typed(subject.lifecycle.name), {"of": subject.id, **typed})
    act.writes.add(_REMEMBER, entry)
    if declared.decision:
        act.writes.add(_DECIDE, _decision(act, subject, declared, case.given, history_id))
    if subject.lifecycle.steps[to_state].controlled and "in_force" in changed:
        # What only comes back into the step, from a review, keeps the file that it has.
        asked = {"record_id": subject.id, "state": "pending", "asked_at": act.now, "next_try_at": act.now, "tried": 0}
        act.writes.add(new_rows(act.connection.dialect.name, t.controlled_file), asked)
    if declared.part:
        act.writes.send(act.connection)
        change_part(act, subject, declared, case, given[declared.part], history_id)
    elif declared.changes:
        act.writes.send(act.connection)
        change_files(act, subject, declared.records, case.given, history_id)
    if declared.changes or not changed.isdisjoint(subject.lifecycle.signs_over):
        void(act, subject, history_id)
    enqueue(act, history_id)
    until = case.given[declared.postpones] if declared.postpones else None
    change_tasks(act, subject, before, to_state, declared.name, history_id, declared.tells, until)
    act.writes.send(act.connection)
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


def capacity_of(act: Act, by: Iterable[Role], fields: Mapping[str, Any], acting_for: Hashable) -> Capacity:
    """The post through which the actor may do what was admitted, and whose deputy they are then.

    It is the one that plays the first part of `by`, who may do it, else their first.
    """
    if act.actor.person_id is None:
        return _SAPAT
    behalf = next((lent for lent in act.actor.lent if lent.person_id == acting_for), None)
    posts, person_id = (behalf.posts, behalf.person_id) if behalf else (act.actor.posts, act.actor.person_id)
    for role in by:
        for post_id in posts_for(role, fields, act.organisation) if role not in _NO_POST else ():
            if post_id in posts:
                return Capacity(post_id, behalf.person_id if behalf else None)
    held = act.organisation.posts_of(person_id, act.day)
    return Capacity(min(held, default=None), behalf.person_id if behalf else None)


_SAPAT = Capacity()
_NO_POST = frozenset({Role.ANYONE, Role.AUTHOR, Role.CLOCK, Role.DOER})


def _entry(
    act: Act,
    fields: Mapping[str, Any],
    name: str,
    before: str,
    after: str,
    given: Mapping[str, Any],
    history_id: UUID,
    capacity: Capacity,
    signed: str | None = None,
) -> dict[str, Any]:
    entry = {
        "id": history_id,
        "record_id": fields["id"],
        "seq": (fields["version"] + 1) if before else 1,
        "at": act.now,
        "actor_id": act.actor.person_id,
        "acting_for_id": capacity.acting_for_id,
        "post_id": capacity.post_id,
        "signature": signed,
        "move": name,
        "from_state": before,
        "to_state": after,
        "given": {key: value.isoformat() if isinstance(value, date) else value for key, value in given.items()},
        "cause_id": act.cause_id,
        "previous": fields["head"] if before else "",
    }
    return {**entry, "hash": entry_hash(entry)}


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
        "number": given.get("protocol_no") or given.get("order_no") or "",
        "decided_on": given["decided_on"],
        **{name: given.get(name) for name in _DECISION_FACTS},
        "wording": given.get("wording") or given.get("reason"),
    }


_DECISION_FACTS = ("agenda_item", "votes_for", "votes_against", "votes_abstained", "in_force_on")
