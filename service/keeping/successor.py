"""A unit that ends, and the one that takes over what it had: documents, open records, units, councils.

Two universities become one, each campus with a register of its own. A document whose code, its number or a former code
the successor's campus has or had already (`service.codes`) stays in its register and is reported; what goes takes its
former codes along. Histories, decisions and what is closed are not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.codes import former_codes, key, lock, taken_by, used_on
from service.keeping.change import begin, held_anew, row_of, tell
from service.keeping.given import not_ahead, works
from service.keeping.handing_over import hand_over
from service.keeping.ties import HOLDERS, OPEN_RECORD, ties_of_post
from service.organisation import Actor, organisation
from service.rehold import rehold_of_leavers
from states.refusals import GuardUnmet, Incomplete
from states.text import N_, Text

WHAT: Final = Text("бөлүмдү мураскорго өткөрүү", "передача подразделения преемнику", "handing a unit to its successor")


@dataclass(frozen=True, slots=True)
class Clash:
    """A document that stays in its register: the successor's campus has or had its code or number."""

    document_id: UUID
    code: str
    title: str


@dataclass(slots=True)
class HandOver:
    """What goes to the successor, by identifier.

    `campus_id` is the register that documents and records go to, None where they stay in their own; `moving` those of
    them that do. `posts` says which post follows which; `unfollowed` are those that answer for something and have none;
    `people` who leaves the unit's posts.
    """

    unit_id: UUID
    successor_id: UUID
    campus_id: UUID | None
    posts: Mapping[UUID, UUID]
    closing: list[UUID] = field(default_factory=list)
    documents: list[UUID] = field(default_factory=list)
    records: list[UUID] = field(default_factory=list)
    moving: list[UUID] = field(default_factory=list)
    units: list[UUID] = field(default_factory=list)
    bodies: list[UUID] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    unfollowed: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)


def preview(
    connection: sa.Connection,
    unit_id: UUID,
    successor_id: UUID,
    actor: Actor,
    now: datetime,
    posts: Mapping[UUID, UUID],
) -> HandOver:
    """What `take_over` would move, with nothing written. Raises NotFound, Incomplete, GuardUnmet."""
    return _plan(Act(connection, organisation(connection), actor, now), unit_id, successor_id, posts)


def take_over(
    connection: sa.Connection,
    unit_id: UUID,
    successor_id: UUID,
    day: date,
    actor: Actor,
    now: datetime,
    posts: Mapping[UUID, UUID],
) -> HandOver:
    """Give the successor what the unit had and close the unit on `day`; `posts` says which post follows which.

    Raises NotYours, NotFound, Incomplete, and GuardUnmet where a post that answers for something has none to follow it.
    """
    act = begin(connection, actor, now, WHAT)
    not_ahead(act, day)
    if campus_id := act.organisation.campus_of(successor_id):
        lock(connection, campus_id)
    plan = _plan(act, unit_id, successor_id, posts)
    if plan.unfollowed:
        raise GuardUnmet(
            N_("These posts answer for something, and no post follows them: %(posts)s."),
            N_("Say for each of them which post of the successor takes over."),
            posts=tuple(act.organisation.posts[post].name for post in plan.unfollowed),
        )
    hand_over(act, plan, day)
    tell(act, "unit.taken_over", unit_id, {}, _in_numbers(plan))
    held_anew(act)
    rehold_of_leavers(connection, now)
    return plan


def _plan(act: Act, unit_id: UUID, successor_id: UUID, posts: Mapping[UUID, UUID]) -> HandOver:
    snapshot = act.organisation
    _possible(act, unit_id, successor_id, posts)
    after = snapshot.campus_of(successor_id)
    plan = HandOver(unit_id, successor_id, after if after != snapshot.campus_of(unit_id) else None, posts)
    plan.closing = [one.id for one in snapshot.posts.values() if one.unit_id == unit_id and not one.closed_on]
    _sort_documents(act, plan)
    _sort_records(act, plan)
    plan.units = [one.id for one in snapshot.units.values() if one.parent_id == unit_id and not one.closed_on]
    plan.bodies = [body.id for body in snapshot.bodies.values() if body.unit_id == unit_id]
    plan.people = list(dict.fromkeys(one for post in plan.closing for one in snapshot.holders(post, act.day)))
    plan.unfollowed = [post for post in plan.closing if post not in posts and _answers(act, post)]
    return plan


def _possible(act: Act, unit_id: UUID, successor_id: UUID, posts: Mapping[UUID, UUID]) -> None:
    snapshot = act.organisation
    if row_of(act, t.unit, unit_id)["closed_on"] is not None:
        raise GuardUnmet(N_("This unit is closed already."))
    row_of(act, t.unit, successor_id)
    works(snapshot.units, successor_id, "successor")
    if unit_id in snapshot.lineage(successor_id):
        raise Incomplete({"successor": N_("A unit cannot be followed by itself, nor by what belongs to it.")})
    for follower in posts.values():
        works(snapshot.posts, follower, "posts")
        if snapshot.posts[follower].unit_id == unit_id:
            raise Incomplete({"posts": N_("A post that closes with the unit cannot follow another.")})


def _sort_documents(act: Act, plan: HandOver) -> None:
    document = t.document.c
    rows = act.connection.execute(sa.select(t.document).where(_theirs(act, plan, document))).all()
    plan.documents = [row.id for row in rows]
    if plan.campus_id is None:
        return
    used, moved = list(used_on(act.connection, plan.campus_id)), set[str]()
    before = former_codes(act.connection, plan.documents)
    for row in sorted(rows, key=lambda row: row.sort_key):
        if not _leaves(act, plan, row):
            continue
        every = (row.code, *before.get(row.id, ()))
        if key(row.code) in moved or any(taken_by(used, code, but=row.id) for code in every):
            plan.clashes.append(Clash(row.id, row.code, row.title))
        else:
            plan.moving.append(row.id)
            moved |= {key(code) for code in every}


def _sort_records(act: Act, plan: HandOver) -> None:
    record = t.record.c
    statement = sa.select(t.record, t.revision.c.document_id).outerjoin(t.revision, t.revision.c.record_id == record.id)
    rows = act.connection.execute(statement.where(OPEN_RECORD, _theirs(act, plan, record))).all()
    plan.records = [row.id for row in rows]
    staying = {clash.document_id for clash in plan.clashes}
    if plan.campus_id is not None:
        plan.moving += [row.id for row in rows if row.document_id not in staying and _leaves(act, plan, row)]


def _theirs(act: Act, plan: HandOver, column: Any) -> sa.ColumnElement[bool]:
    """What stands in the unit, under it, in its register, or is answered for by one of its posts."""
    beneath = act.organisation.beneath([plan.unit_id])
    theirs: sa.ColumnElement[bool] = (
        column.unit_id.in_(beneath) | (column.campus_id == plan.unit_id) | column.owner_post_id.in_(plan.closing)
    )
    return theirs


def _leaves(act: Act, plan: HandOver, row: Any) -> bool:
    """Whether it goes to the other campus's register: not where only its owner is of this unit."""
    if row.campus_id == plan.campus_id:
        return False
    beneath = act.organisation.beneath([plan.unit_id])
    return row.unit_id in beneath or row.campus_id == plan.unit_id or row.unit_id is None


def _answers(act: Act, post_id: UUID) -> bool:
    return any(what is not HOLDERS for what in ties_of_post(act, post_id))


def _in_numbers(plan: HandOver) -> dict[str, Any]:
    counted = {name: len(getattr(plan, name)) for name in ("documents", "records", "units", "bodies", "people")}
    return {
        **counted,
        "successor": str(plan.successor_id),
        "posts": {str(old): str(new) for old, new in plan.posts.items()},
        "clashes": [clash.code for clash in plan.clashes],
    }
