"""The writing of a take-over, table by table, each change of the organisation with its line in the log."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import delete, row_of, update
from service.keeping.ties import approves, to_approve
from service.moves import transfer

if TYPE_CHECKING:
    from service.keeping.successor import HandOver


def hand_over(act: Act, plan: "HandOver", day: date) -> None:
    """Carry out the plan; the unit and its posts close on `day`."""
    _documents(act, plan)
    _records(act, plan)
    _checks(act, plan)
    _approvals(act, plan)
    _offices(act, plan)
    for unit_id in plan.units:
        update(act, t.unit, "unit.changed", row_of(act, t.unit, unit_id), {"parent_id": plan.successor_id})
    for body_id in plan.bodies:
        update(act, t.body, "body.changed", row_of(act, t.body, body_id), {"unit_id": plan.successor_id})
    for post_id in plan.closing:
        _leave(act, post_id, day)
        update(act, t.post, "post.closed", row_of(act, t.post, post_id), {"closed_on": day})
    closed = {"closed_on": day, "successor_id": plan.successor_id}
    update(act, t.unit, "unit.closed", row_of(act, t.unit, plan.unit_id), closed)


def _documents(act: Act, plan: "HandOver") -> None:
    document = t.document.c
    mine = sa.update(t.document).where(document.unit_id == plan.unit_id)
    act.connection.execute(mine.values(unit_id=plan.successor_id))
    for post_id, follower in plan.posts.items():
        owned = sa.update(t.document).where(document.owner_post_id == post_id)
        act.connection.execute(owned.values(owner_post_id=follower))
    _each(act, sa.update(t.document).values(campus_id=plan.campus_id), document.id, plan.moving)
    former = t.former_code.c.document_id
    _each(act, sa.update(t.former_code).values(campus_id=plan.campus_id), former, plan.moving)


def _records(act: Act, plan: "HandOver") -> None:
    """Open records are told, in their histories, that others answer for them now."""
    moving, snapshot, record = set(plan.moving), act.organisation, t.record.c
    for record_id in plan.records:
        row = act.connection.execute(
            sa.select(record.unit_id, record.owner_post_id).where(record.id == record_id)
        ).one()
        changes: dict[str, UUID | None] = {}
        given: dict[str, str] = {}
        if row.unit_id == plan.unit_id:
            changes["unit_id"], given["unit"] = plan.successor_id, snapshot.units[plan.successor_id].code
        if follower := plan.posts.get(row.owner_post_id):
            changes["owner_post_id"], given["owner_post"] = follower, snapshot.posts[follower].code
        if record_id in moving and plan.campus_id:
            changes["campus_id"], given["campus"] = plan.campus_id, snapshot.units[plan.campus_id].code
        if changes:
            transfer(act, record_id, changes, given)


def _checks(act: Act, plan: "HandOver") -> None:
    """Who follows in a post checks what that one was to check."""
    still_open = sa.select(t.record.c.id).where(t.record.c.closed_at.is_(None))
    action = t.corrective_action.c
    for post_id, follower in plan.posts.items():
        theirs = sa.update(t.corrective_action).where(action.checker_post_id == post_id)
        act.connection.execute(theirs.where(action.record_id.in_(still_open)).values(checker_post_id=follower))


def _approvals(act: Act, plan: "HandOver") -> None:
    """Who follows in a post approves what that one was to approve, by the routes and of what is under way."""
    for post_id, follower in plan.posts.items():
        for row in act.connection.execute(sa.select(t.route).where(approves(post_id))).mappings().all():
            update(act, t.route, "route.set", dict(row), {"facts": {**row["facts"], "approver_post_id": follower.hex}})
        theirs = sa.update(t.revision).where(to_approve(post_id))
        act.connection.execute(theirs.values(approver_post_id=follower))


def _offices(act: Act, plan: "HandOver") -> None:
    """Secretaries, chairs and process owners."""
    for post_id, follower in plan.posts.items():
        for name in ("secretary_post_id", "chair_post_id"):
            for body_id in act.connection.execute(sa.select(t.body.c.id).where(t.body.c[name] == post_id)).scalars():
                update(act, t.body, "body.changed", row_of(act, t.body, body_id), {name: follower})
        owner = t.process_owner.c
        for row in act.connection.execute(sa.select(t.process_owner).where(owner.post_id == post_id)).mappings().all():
            there = (owner.process_id == row["process_id"]) & (owner.post_id == follower)
            if act.connection.execute(sa.select(owner.id).where(there)).first():
                delete(act, t.process_owner, "process.owners", dict(row), about_id=row["process_id"])
            else:
                after = {"post_id": follower}
                update(act, t.process_owner, "process.owners", dict(row), after, about_id=row["process_id"])


def _leave(act: Act, post_id: UUID, day: date) -> None:
    """Whoever holds a post that closes holds it until the day before; whoever would have begun later does not."""
    holding, last = t.holding.c, day - timedelta(days=1)
    ahead = (holding.post_id == post_id) & (holding.until.is_(None) | (holding.until > last))
    for row in act.connection.execute(sa.select(t.holding).where(ahead)).mappings().all():
        if row["since"] > last:
            delete(act, t.holding, "post.not_held", dict(row), about_id=post_id)
        else:
            update(act, t.holding, "post.left", dict(row), {"until": last}, about_id=post_id)


def _each(act: Act, statement: sa.Update, column: sa.ColumnElement[UUID], ids: Sequence[UUID]) -> None:
    if ids:
        act.connection.execute(statement.where(column == sa.bindparam("of")), [{"of": one} for one in ids])
