"""What somebody may read of a whole kind: gathered by indexes, for statements that go through all records of it.

It holds for exactly the records for which `readable` holds. That is asked of each record in turn, which is dear where
they are a hundred thousand and theirs are few; this costs what is theirs, however many others there are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.reading.mine import OPEN
from service.reading.permitted import reached, reaches, readable
from service.reading.playing import (
    PLAYS,
    RELATED,
    SAID,
    Condition,
    Reader,
    any_of,
    as_it_is,
    both,
    fields_that_say,
    hangs_on,
    looks_elsewhere,
    of_bodies,
    only_looked_at,
    owned_by,
    plays_below,
)
from states.registry import lifecycle
from states.roles import POSTS, Role
from states.working_days import today

Ids = Iterator[sa.Select[Any]]
_MINE: Final = t.record.alias("mine")
WIDE: Final = POSTS | {Role.COUNCIL}
# Seen in the row, and reading in every step in which TOLD does: a test holds the declarations to it.
SEEN: Final = (Role.OWNER, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE)


def gathered_by(connection: sa.Connection, actor: Actor, now: datetime, kind: str) -> Condition:
    """`gathered`, for the organisation as it is at `now`."""
    return gathered(organisation(connection), actor, today(now), kind)


def gathered(snapshot: Organisation, actor: Actor, day: date, kind: str) -> Condition:
    """The condition on `record`, in a statement that asks for that kind only. Raises NotFound for an unknown kind."""
    ones, reader = (lifecycle(kind),), Reader(snapshot, actor, day, _MINE)
    every = reaches(ones)
    wide = any(PLAYS[role](reader) is not None for _, roles in every for role in roles if role in WIDE)
    if actor.person_id is None or wide:
        # Who reads a whole campus is seen in the row: there would be nothing gained by gathering it.
        return readable(snapshot, actor, day, kind)
    ids = [one for reach, roles in every for role in roles for one in _ids(reader, role, reach, kind)]
    return t.record.c.id.in_(sa.union(*ids)) if ids else sa.false()


def _ids(reader: Reader, role: Role, reach: frozenset[tuple[str, str]], kind: str) -> Ids:
    """The records of the kind that somebody reads by playing the role, in the steps in which it does."""
    plays, ones = PLAYS[role](reader), (lifecycle(kind),)
    if plays is None:
        return
    # Found by what they are to the reader; by the step only where that is all there is to it.
    steps = reached(reach, ones, _MINE, seen=as_it_is if isinstance(plays, sa.True_) else only_looked_at)
    if not looks_elsewhere(role):
        yield sa.select(_MINE.c.id).where(both(steps, plays))
        return
    for found in _ELSEWHERE[role](reader):
        yield found if isinstance(steps, sa.True_) else sa.select(_MINE.c.id).where(_MINE.c.id.in_(found), steps)


def _related(reader: Reader) -> Ids:
    owned = owned_by(reader, RELATED)
    if owned is not None:
        yield sa.select(RELATED.c.parent_id).where(RELATED.c.parent_id.is_not(None), owned)
        yield sa.select(_MINE.c.id).join(RELATED, RELATED.c.id == _MINE.c.parent_id).where(owned)
    for table, said in plays_below(reader):
        below = RELATED.join(table, table.c.record_id == RELATED.c.id)
        yield sa.select(RELATED.c.parent_id).select_from(below).where(RELATED.c.parent_id.is_not(None), said)
    for table, said in hangs_on(reader):
        yield sa.select(_MINE.c.id).join(table, table.c.record_id == _MINE.c.parent_id).where(said)


def _said(role: Role) -> Callable[[Reader], Ids]:
    def ids(reader: Reader) -> Ids:
        for table, said in fields_that_say(reader, role):
            yield sa.select(table.c.record_id).where(said)

    return ids


def _member(reader: Reader) -> Ids:
    yield from _said(Role.MEMBER)(reader)
    for table, said in of_bodies(reader):
        yield sa.select(table.c.record_id).where(said)


def _holder(reader: Reader) -> Ids:
    # One by one: each has an index of its own.
    task, actor = t.task.c, reader.actor
    for column, values in ((task.holder_person_id, actor.people), (task.holder_post_id, actor.all_posts)):
        if values:
            yield sa.select(task.record_id).where(OPEN, column.in_(values))


def _told(reader: Reader) -> Ids:
    """Looked at closely only where nothing in the record's own row has said yes: heads are told of all their unit."""
    notice, plays = t.notice.c, PLAYS[Role.TOLD](reader)
    heard = sa.select(notice.record_id).where(notice.reader_id == reader.actor.person_id)
    seen = any_of(PLAYS[role](reader) for role in SEEN)
    others = [] if seen is None else [sa.case((seen, 0), else_=1) == 1]
    if plays is not None:
        yield sa.select(_MINE.c.id).where(_MINE.c.id.in_(heard), *others, plays)


_ELSEWHERE: Mapping[Role, Callable[[Reader], Ids]] = {
    Role.RELATED: _related,
    **{role: _said(role) for role in SAID},
    Role.MEMBER: _member,
    Role.HOLDER: _holder,
    Role.TOLD: _told,
}
