"""Who may read which records, out of the declarations: one condition, for lists and for single records.

Whoever answers for what a record belongs to, or for what belongs to it, is RELATED; COUNCIL reads whatever a council
may be asked about. What nobody is declared to read is read by nobody.
"""

from datetime import date, datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.reading.playing import PLAYS, Condition, Reader, Seen, any_of, as_it_is, both, looks_elsewhere
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles
from states.roles import Role
from states.working_days import today

Reach = frozenset[tuple[str, str]]
REMEMBERED = 500  # conditions kept of an organisation as it is: of so many people, days and kinds of records
_ITS_ID = sa.select(t.record.c.id).where(t.record.c.id == sa.bindparam("of"))
_KIND_AND_STATE = sa.select(t.record.c.kind, t.record.c.state).where(t.record.c.id == sa.bindparam("of"))


def may_read(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> bool:
    """Whether the actor may read the record at `now`: only what is declared of its kind and step is asked.

    What its own row says is asked first: for most that is all.
    """
    row = connection.execute(_KIND_AND_STATE, {"of": record_id}).one_or_none()
    if row is None or actor.person_id is None:
        return False
    reader = Reader(organisation(connection), actor, today(now), t.record)
    roles = lifecycle(row.kind).readers(row.state)
    for elsewhere in (False, True):
        played = any_of(PLAYS[role](reader) for role in roles if looks_elsewhere(role) is elsewhere)
        if isinstance(played, sa.True_):
            return True
        if played is not None and connection.execute(_ITS_ID.where(played), {"of": record_id}).first():
            return True
    return False


def require_readable(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> None:
    """Raise NotFound where the actor may not read the record: not even that it exists is told."""
    if not may_read(connection, record_id, actor, now):
        raise NotFound


def reads_as(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> tuple[Role, ...]:
    """The parts through which the actor may read the record; none where they may not. Raises NotFound."""
    row = connection.execute(_KIND_AND_STATE, {"of": record_id}).one_or_none()
    if row is None:
        raise NotFound
    reader = Reader(organisation(connection), actor, today(now), t.record)
    asked = {role: PLAYS[role](reader) for role in lifecycle(row.kind).readers(row.state)} if actor.person_id else {}
    plays = {role: sa.case((condition, 1), else_=0) for role, condition in asked.items() if condition is not None}
    if not plays:
        return ()
    found = connection.execute(sa.select(*plays.values()).where(t.record.c.id == record_id)).one()
    return tuple(role for role, holds in zip(plays, found, strict=True) if holds)


def readable_by(
    connection: sa.Connection, actor: Actor, now: datetime, kind: str = "", record: sa.FromClause = t.record
) -> Condition:
    """`readable`, for the organisation as it is at `now`."""
    return readable(organisation(connection), actor, today(now), kind, record)


def readable(
    snapshot: Organisation, actor: Actor, day: date, kind: str = "", record: sa.FromClause = t.record
) -> Condition:
    """The condition on `record` (an alias, perhaps) that holds for what the actor may read on `day`.

    Of a `kind`, where it is said: the statement must ask for that kind only. Nobody in particular reads nothing. It is
    cheap for the few records that a statement comes to; for one that goes through all of a kind see `gathered`.
    """
    if actor.person_id is None:
        return sa.false()
    if record is not t.record:
        return _worked_out(Reader(snapshot, actor, day, record), kind)
    # A page asks for the same several times, and so do those who come after: it is long to put together.
    asked = (actor, day, kind)
    found = snapshot.readable.get(asked)
    if found is None:
        if len(snapshot.readable) >= REMEMBERED:
            snapshot.readable.clear()
        found = snapshot.readable[asked] = _worked_out(Reader(snapshot, actor, day, record), kind)
    return found


def _worked_out(reader: Reader, kind: str) -> Condition:
    ones = (lifecycle(kind),) if kind else tuple(lifecycles().values())
    parts = []
    for reach, roles in reaches(ones):
        if (plays := any_of(PLAYS[role](reader) for role in roles)) is not None:
            parts.append(both(reached(reach, ones, reader.record), plays))
    found = any_of(parts)
    return sa.false() if found is None else found


def campuses_of(snapshot: Organisation, actor: Actor) -> list[UUID]:
    """The campuses of the actor's posts: where one code is used on several, theirs is meant."""
    found = (snapshot.campus_of(snapshot.posts[post].unit_id) for post in actor.all_posts)
    return list({campus for campus in found if campus})


@cache
def reaches(ones: tuple[Lifecycle, ...]) -> list[tuple[Reach, list[Role]]]:
    """Roles by the steps in which they read; what anybody reads counts as read by each of them.

    What is seen in the row itself comes first, the widest of it before all: databases look no further once one holds.
    """
    steps = [(one, state) for one in ones for state in one.steps]
    found: dict[tuple[bool, Reach], list[Role]] = {}
    for role in sorted({role for one, state in steps for role in one.readers(state)}):
        reach = frozenset(
            (one.name, state) for one, state in steps if not {role, Role.ANYONE}.isdisjoint(one.readers(state))
        )
        found.setdefault((looks_elsewhere(role), reach), []).append(role)
    order = sorted(found.items(), key=lambda pair: (pair[0][0], -len(pair[0][1])))
    return [(reach, roles) for (_, reach), roles in order]


def reached(reach: Reach, ones: tuple[Lifecycle, ...], record: sa.FromClause, seen: Seen = as_it_is) -> Condition:
    """Whether a record is in one of these steps: asked only as far as it matters."""
    states = {one: [state for state in one.steps if (one.name, state) in reach] for one in ones}
    wholly = [one.name for one in ones if len(states[one]) == len(one.steps)]
    partly = [one for one in ones if states[one] and one.name not in wholly]
    if len(wholly) == len(ones):
        return sa.true()
    kind, state = seen(record.c.kind), seen(record.c.state)
    asked = [kind.in_(wholly)] if wholly else []
    return sa.or_(*asked, *((kind == one.name) & state.in_(states[one]) for one in partly))
