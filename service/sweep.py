"""The sweep: whoever has something due to be told is told, once for each rung, set by set.

It costs what is due, not what is open: tasks whose `next_notice_at` has come are taken once, and grouped by what
decides their next rung (ladder, due moment, rung) and by holder; those groups are few, worked out here, joined
in the database. After an outage only the loudest rung reached is told, with the number of rungs that were missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from models.database import Database
from service.organisation import Organisation, organisation
from service.subject import PERSONAL, Holder, part_readers
from states.ladders import loudest, reached, rung_at, rung_moment
from states.lifecycle import Channel
from states.registry import lifecycles
from states.roles import POSTS, Role
from states.working_days import today

AT_ONCE = 20_000  # tasks in one transaction: others wait while it writes
SHOWN = 200
NO_CAMPUS = UUID(int=0)  # of a record that belongs to none: what is compared must not be null


@dataclass(slots=True)
class Swept:
    """What a sweep did: counts, and the first rows of what it told whom."""

    counts: dict[str, int] = field(default_factory=lambda: {"tasks": 0, "notices": 0})
    rows: list[dict[str, str]] = field(default_factory=list)


# Kept by the connection, not by the database: the tasks taken, and what is worked out for their groups.
_taken = sa.Table(
    "sweep_taken",
    sa.MetaData(),
    sa.Column("id", sa.Uuid),
    sa.Column("record_id", sa.Uuid),
    sa.Column("step", sa.String),
    sa.Column("ladder_id", sa.String),
    sa.Column("due_at", Moment),
    sa.Column("rung", sa.Integer),
    sa.Column("holder_post_id", sa.Uuid),
    sa.Column("holder_person_id", sa.Uuid),
    sa.Column("campus_id", sa.Uuid),
    sa.Column("personal", sa.Boolean),
    prefixes=["TEMPORARY"],
)
_plan = sa.Table(
    "sweep_plan",
    _taken.metadata,
    sa.Column("ladder_id", sa.String, primary_key=True),
    sa.Column("due_at", Moment, primary_key=True),
    sa.Column("rung", sa.Integer, primary_key=True),
    sa.Column("part", sa.String, primary_key=True),
    sa.Column("says", sa.Integer),
    sa.Column("key", sa.String),
    sa.Column("missed", sa.Integer),
    sa.Column("message", sa.String),
    sa.Column("channel", sa.String),
    sa.Column("next_rung", sa.Integer),
    sa.Column("next_at", Moment),
    prefixes=["TEMPORARY"],
)
_address = sa.Table(
    "sweep_address",
    _taken.metadata,
    sa.Column("holder", sa.Uuid, primary_key=True),
    sa.Column("campus_id", sa.Uuid, primary_key=True),
    sa.Column("personal", sa.Boolean, primary_key=True),
    sa.Column("part", sa.String, primary_key=True),
    sa.Column("reader_id", sa.Uuid, primary_key=True),
    prefixes=["TEMPORARY"],
)

_GROUP = (_taken.c.ladder_id, _taken.c.due_at, _taken.c.rung)
_HOLDER = sa.func.coalesce(_taken.c.holder_post_id, _taken.c.holder_person_id)
_SAME_CAMPUS = (_address.c.campus_id == _taken.c.campus_id) & (_address.c.personal == _taken.c.personal)
# Steps whose task no deputy can do.
_PERSONAL = [
    (t.task.c.lifecycle == one.name) & (t.task.c.step == step.name)
    for one in lifecycles().values()
    for step in one.steps.values()
    if step.owner in PERSONAL
]
_JOINED = sa.and_(*(column == _plan.c[column.name] for column in _GROUP))


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a sweep at `now` would have anything to do."""
    return connection.execute(sa.select(sa.exists().where(_due(now)))).scalar_one()


def sweep(database: Database, now: datetime) -> Swept:
    """Tell what is due at `now` to whom it concerns, and write for each task when it speaks next."""
    swept = Swept()
    while True:
        with database.write() as connection:
            done = _sweep_some(connection, now, swept)
        if done:
            return swept


def _sweep_some(connection: sa.Connection, now: datetime, swept: Swept) -> bool:
    if not is_due(connection, now):
        return True
    _taken.metadata.drop_all(connection)
    _taken.metadata.create_all(connection, checkfirst=False)
    connection.execute(_take(now))
    count: int = connection.execute(sa.select(sa.func.count()).select_from(_taken)).scalar_one()
    if not count:  # all that is due is being moved
        return True
    snapshot = organisation(connection)
    groups: Sequence[Any] = connection.execute(sa.select(*_GROUP).distinct()).all()
    columns = (_taken.c[name] for name in ("holder_post_id", "holder_person_id", "campus_id", "personal"))
    holders = connection.execute(sa.select(*columns).distinct()).all()
    addresses = list(_addresses(holders, snapshot, now))
    plan = [row for group in groups for row in _plan_rows(group, snapshot, now)]
    if not addresses:  # a university without people: there is nobody to tell, and nothing is ticked off
        return True
    connection.execute(sa.insert(_address), addresses)
    connection.execute(sa.insert(_plan), plan)
    told = connection.execute(_notices(connection, now), execution_options={"preserve_rowcount": True}).rowcount
    connection.execute(
        sa.update(t.task)
        .where(t.task.c.id == _taken.c.id, _JOINED)
        .values(rung=_plan.c.next_rung, next_notice_at=_plan.c.next_at)
    )
    swept.counts["tasks"] += count
    swept.counts["notices"] += told
    if len(swept.rows) < SHOWN:
        swept.rows += _told(connection, snapshot, now, SHOWN - len(swept.rows))
    return count < AT_ONCE


def _take(now: datetime) -> sa.Insert:
    """Those due longest, locked: what is being moved at this moment is left to the next sweep."""
    campus_id = sa.func.coalesce(t.record.c.campus_id, sa.literal(NO_CAMPUS, sa.Uuid), type_=sa.Uuid())
    columns = (t.task.c[column.name] for column in _taken.c if column.name in t.task.c)
    tasks = sa.select(*columns, campus_id, sa.or_(sa.false(), *_PERSONAL))
    due = tasks.join(t.record, t.record.c.id == t.task.c.record_id).where(_due(now))
    locked = due.order_by(t.task.c.next_notice_at).limit(AT_ONCE).with_for_update(of=t.task, skip_locked=True)
    return sa.insert(_taken).from_select(list(_taken.c.keys()), locked)


def _due(now: datetime) -> sa.ColumnElement[bool]:
    return t.task.c.closed_at.is_(None) & (t.task.c.next_notice_at <= now)


def _plan_rows(group: Any, snapshot: Organisation, now: datetime) -> Iterator[dict[str, Any]]:
    """What the tasks of a group say now, to each part that is told."""
    ladder, due_at, rung = snapshot.ladders[group.ladder_id], group.due_at, group.rung
    top = max(rung, reached(ladder, rung, due_at, now, snapshot.calendar))
    says = rung_at(ladder, loudest(ladder, rung, top))
    for part in says.to:
        yield {
            "ladder_id": group.ladder_id,
            "due_at": due_at,
            "rung": rung,
            "part": part,
            "says": says.days,
            "key": f"{today(due_at):%Y%m%d}{says.days:+d}",
            "missed": top - rung,
            "message": "task/reminder" if part is Role.HOLDER else "task/escalation",
            "channel": says.channel,
            "next_rung": top + 1,
            "next_at": rung_moment(ladder, top + 1, due_at, snapshot.calendar),
        }


def _addresses(holders: Sequence[Any], snapshot: Organisation, now: datetime) -> Iterator[dict[str, Any]]:
    """Who is meant by each part, for each holder and campus: the organisation is small, the tasks are many."""
    day = today(now)
    for row in holders:
        has_it, campus_id = Holder(row.holder_post_id, row.holder_person_id, row.personal), row.campus_id
        common = {"holder": has_it.post_id or has_it.person_id, "campus_id": campus_id, "personal": row.personal}
        for part in (Role.HOLDER, Role.HOLDERS_HEAD, *POSTS):
            campus = campus_id if campus_id != NO_CAMPUS else None
            for reader in dict.fromkeys(part_readers(part, has_it, campus, snapshot, day)):
                yield {**common, "part": part, "reader_id": reader}


def _notices(connection: sa.Connection, now: datetime) -> sa.Insert:
    dialect = connection.dialect.name
    hex_of = (
        (lambda column: sa.type_coerce(column, sa.String))
        if dialect == "sqlite"
        else (lambda column: sa.func.replace(sa.cast(column, sa.String), "-", ""))
    )
    key = hex_of(_taken.c.id) + ":" + _plan.c.key + ":" + hex_of(_address.c.reader_id)
    moment = sa.literal(now, Moment)
    values = {
        "key": key,
        "reader_id": _address.c.reader_id,
        "message": _plan.c.message,
        "record_id": _taken.c.record_id,
        "task_id": _taken.c.id,
        "rung": _plan.c.says,
        "part": _plan.c.part,
        "missed": _plan.c.missed,
        "channel": _plan.c.channel,
        "created_at": moment,
        "next_try_at": moment,
        "attempts": sa.literal(0),
        "sent_at": sa.case((_plan.c.channel == Channel.PAGE.value, moment)),  # read there, not mailed
    }
    said = (
        sa.select(*values.values())
        .select_from(_taken)
        .join(_plan, _JOINED)
        .join(_address, (_address.c.holder == _HOLDER) & _SAME_CAMPUS & (_address.c.part == _plan.c.part))
    )
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # the same of the other database
    return insert(t.notice).from_select(list(values), said).on_conflict_do_nothing()


def _told(connection: sa.Connection, snapshot: Organisation, now: datetime, most: int) -> list[dict[str, str]]:
    rows = connection.execute(
        sa.select(t.record.c.code, _taken.c.step, t.notice.c.rung, t.notice.c.missed, t.notice.c.reader_id)
        .select_from(_taken)
        .join(t.notice, t.notice.c.task_id == _taken.c.id)
        .join(t.record, t.record.c.id == _taken.c.record_id)
        .where(t.notice.c.created_at == now, t.notice.c.rung.is_not(None))
        .limit(most)
    )
    return [
        {
            "record": code,
            "step": step,
            "rung": str(rung),
            "missed": str(missed),
            "told": snapshot.people[reader].name.en,
        }
        for code, step, rung, missed, reader in rows
    ]
