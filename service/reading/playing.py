"""Which records somebody plays a part for: of each role a condition on the record, asked of few records at a time.

What needs another table is looked up for each record, and only where its own row has not said yes already.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, BodyFacts, Organisation
from service.reading.mine import OPEN
from service.subject import typed_table
from states.registry import lifecycles
from states.roles import POSTS, Role

Condition = sa.ColumnElement[bool]
RELATED = t.record.alias("related")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads on which day, and the table or alias of records that they read."""

    snapshot: Organisation
    actor: Actor
    day: date
    record: sa.FromClause


# None: of nothing at all.
Plays = Callable[[Reader], Condition | None]
Seen = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[Any]]


def _in(column: sa.ColumnElement[Any], values: Collection[Any]) -> Condition | None:
    return column.in_(values) if values else None


def any_of(conditions: Iterable[Condition | None]) -> Condition | None:
    """One of them; those that hold for nobody are left out, as databases do not see that they never will.

    Where one always holds nothing else is asked: who reads everything need not be looked for row by row.
    """
    found = [condition for condition in conditions if condition is not None]
    if any(isinstance(condition, sa.True_) for condition in found):
        return sa.true()
    return sa.or_(*found) if found else None


def both(one: Condition, other: Condition) -> Condition:
    """The one and the other. SQLAlchemy would wrap what always holds: nobody could tell any more that it does."""
    if isinstance(one, sa.True_):
        return other
    return one if isinstance(other, sa.True_) else one & other


# Parts that typed fields of the records say who plays.
SAID: Final = tuple(sorted({role for one in lifecycles().values() for role in one.played_by} - POSTS))


def looks_elsewhere(role: Role) -> bool:
    """Whether a role is not seen in the record's own row."""
    return role in (*SAID, Role.RELATED, Role.HOLDER, Role.TOLD)


def _anyone(_: Reader) -> Condition | None:
    return sa.true()


def as_it_is(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column itself."""
    return column


def only_looked_at(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column, by no index of its own: of two ways to one row SQLite would else take the one through thousands."""
    return sa.func.coalesce(column, sa.null(), type_=column.type)


def _author(reader: Reader) -> Condition | None:
    # To stand in for a confidential author would be to know them.
    of, actor = reader.record.c, reader.actor
    lent = _in(of.author_id, [person for person in actor.people if person != actor.person_id])
    return any_of([of.author_id == actor.person_id, None if lent is None else lent & of.author_hidden.is_(False)])


def _owner(reader: Reader) -> Condition | None:
    return owned_by(reader, reader.record)


def owned_by(reader: Reader, record: sa.FromClause, seen: Seen = as_it_is) -> Condition | None:
    """What they answer for: by its own post, together with others for its process, or as head of its unit."""
    snapshot, posts = reader.snapshot, reader.actor.all_posts
    owner, unit, process = (seen(record.c[name]) for name in ("owner_post_id", "unit_id", "process_id"))
    together = {one: owners for one, owners in snapshot.process_owners.items() if not posts.isdisjoint(owners)}
    headed = _in(unit, [one for one in snapshot.units if snapshot.head_of(one) in posts])
    shared = ((process == one) & owner.in_(owners) for one, owners in together.items())
    heads = None if headed is None else owner.is_(None) & headed
    return any_of([_in(owner, posts), heads, *shared])


def _related(reader: Reader) -> Condition | None:
    owned = owned_by(reader, RELATED, seen=only_looked_at)
    of = reader.record.c
    ways = (RELATED.c.id == of.parent_id, RELATED.c.parent_id == of.id)
    owners = [] if owned is None else [_there(reader, RELATED, way, owned) for way in ways]
    hung = (_there(reader, table, table.c.record_id == of.parent_id, said) for table, said in hangs_on(reader))
    below = (
        _there(reader, RELATED.join(table, table.c.record_id == RELATED.c.id), RELATED.c.parent_id == of.id, said)
        for table, said in plays_below(reader)
    )
    return any_of([*owners, *hung, *below])


def plays_below(reader: Reader) -> Iterator[tuple[sa.Table, Condition]]:
    """Where typed fields of what hangs on a record name the reader: who checks an action reads what it is about."""
    for below in lifecycles().values():
        for role in below.played_by if below.child_of else ():
            for table, said in fields_that_say(reader, role):
                if table is typed_table(below.name):
                    yield table, said


def hangs_on(reader: Reader) -> Iterator[tuple[sa.Table, Condition]]:
    """Where typed fields of what records hang on say who may hang one there: the table, and whether they do.

    An audit's auditors raise nonconformities from it, and so read those that the others of them raised.
    """
    for below in lifecycles().values():
        above = lifecycles().get(below.child_of)
        for role in below.hung_by if above else ():
            for table, said in fields_that_say(reader, role):
                if above and table is typed_table(above.name):
                    yield table, said


def _there(reader: Reader, among: sa.FromClause, *conditions: Condition) -> Condition:
    """Whether there is one beside the record: looked up for each record asked about, never gathered for all."""
    return sa.select(sa.literal(1)).select_from(among).where(*conditions).correlate(reader.record).exists()


def _said(role: Role) -> Plays:
    """A role that the records' own fields say who plays: posts, people, or lists of people."""

    def plays(reader: Reader) -> Condition | None:
        return any_of(
            _there(reader, table, table.c.record_id == reader.record.c.id, said)
            for table, said in fields_that_say(reader, role)
        )

    return plays


def fields_that_say(reader: Reader, role: Role) -> Iterator[tuple[sa.Table, Condition]]:
    """The typed fields that say who plays a role: of each the table, and whether it names the reader."""
    actor = reader.actor
    for one in lifecycles().values():
        for name in one.played_by.get(role, ()):
            table = typed_table(one.name)
            values = actor.all_posts if name.endswith("_post_id") else actor.people
            said = names_one(table.c[name], values)
            if said is not None:
                yield table, said


def names_one(column: sa.ColumnElement[Any], values: Collection[UUID]) -> Condition | None:
    """Whether the field names one of these posts or people."""
    if not isinstance(column.type, sa.JSON):
        return _in(column, values)
    # A list of identifiers in hex: short, and compared as text alike on both databases.
    return any_of(sa.cast(column, sa.Text).contains(one.hex) for one in values)


def _colleague(reader: Reader) -> Condition | None:
    snapshot, posts = reader.snapshot, reader.actor.all_posts
    return _concerns(reader, [unit for unit in snapshot.units if not posts.isdisjoint(snapshot.posts_in(unit))])


def _head(reader: Reader) -> Condition | None:
    snapshot, posts = reader.snapshot, reader.actor.all_posts
    headed = {post.unit_id for post in snapshot.posts.values() if post.heads and post.id in posts}
    return _concerns(reader, snapshot.beneath(headed))


def _representative(reader: Reader) -> Condition | None:
    snapshot, posts = reader.snapshot, reader.actor.all_posts
    return _concerns(reader, [unit for unit in snapshot.units if not posts.isdisjoint(snapshot.representatives(unit))])


def _concerns(reader: Reader, units: Collection[UUID]) -> Condition | None:
    """What concerns units: its own unit is one of them, or, without one, that of the post which answers for it."""
    of = reader.record.c
    theirs = _in(of.owner_post_id, [post.id for post in reader.snapshot.posts.values() if post.unit_id in units])
    return any_of([_in(of.unit_id, units), None if theirs is None else of.unit_id.is_(None) & theirs])


def _council(reader: Reader) -> Condition | None:
    """What may come before the bodies they sit in: those of a unit concern its campus, the others the university."""
    snapshot, record = reader.snapshot, reader.record.c
    campuses = {snapshot.campus_of(body.unit_id) for body in snapshot.bodies.values() if _sits(reader, body)}
    if None in campuses:
        return sa.true()
    concerned = record.campus_id.is_(None) | record.campus_id.in_(campuses) if campuses else None
    return any_of([concerned, _papers(reader)])


def _member(reader: Reader) -> Condition | None:
    """The sittings to which they were called, and all of the bodies in which they sit."""
    called = _said(Role.MEMBER)(reader)
    held = (_there(reader, table, table.c.record_id == reader.record.c.id, said) for table, said in of_bodies(reader))
    return any_of([called, *held])


def of_bodies(reader: Reader) -> Iterator[tuple[sa.Table, Condition]]:
    """What belongs to the bodies they sit in: the table of each kind of it, and whether it is of one of them."""
    bodies = [body.id for body in reader.snapshot.bodies.values() if _sits(reader, body)]
    if bodies:
        yield from ((table, table.c.body_id.in_(bodies)) for table in (t.sitting, t.council_task))


def _papers(reader: Reader) -> Condition | None:
    """What stands on the agenda of a sitting to which they were called before their seat begins."""
    seats = (seat for some in reader.snapshot.members.values() for seat in some)
    if not any(person in reader.actor.people and since > reader.day for person, since, _ in seats):
        return None
    said = names_one(t.sitting.c.members, reader.actor.people)
    item, on = t.agenda_item.c, t.agenda_item.c.record_id == t.sitting.c.record_id
    about = (item.about_id == reader.record.c.id, item.removed_at.is_(None))
    return None if said is None else _there(reader, t.agenda_item.join(t.sitting, on), *about, said)


def _sits(reader: Reader, body: BodyFacts) -> bool:
    posts, people, day = reader.actor.all_posts, reader.actor.people, reader.day
    return (
        body.secretary_post_id in posts
        or body.chair_post_id in posts
        or any(
            person in people and since <= day and (until is None or day <= until)
            for person, since, until in reader.snapshot.members.get(body.id, ())
        )
    )


def _office(role: Role) -> Plays:
    def plays(reader: Reader) -> Condition | None:
        snapshot, posts, of = reader.snapshot, reader.actor.all_posts, reader.record.c
        campuses = [unit.id for unit in snapshot.units.values() if unit.is_campus]
        served = [one for one in campuses if not posts.isdisjoint(snapshot.posts_of_role(role, one))]
        nowhere = of.campus_id.is_(None) if not posts.isdisjoint(snapshot.posts_of_role(role)) else None
        if nowhere is not None and len(served) == len(campuses):
            return sa.true()
        return any_of([_in(of.campus_id, served), nowhere])

    return plays


def _approver(reader: Reader) -> Condition | None:
    """What the rector reads, and whoever routes name in the rector's place: theirs for good, not while it waits only.

    Of most people no route says so: they are not asked about.
    """
    office, named = _office(Role.RECTOR)(reader), not reader.actor.all_posts.isdisjoint(reader.snapshot.approvers)
    return any_of([office, _said(Role.RECTOR)(reader) if named else None])


def _holder(reader: Reader) -> Condition | None:
    task, actor = t.task.c, reader.actor
    person, post = only_looked_at(task.holder_person_id), only_looked_at(task.holder_post_id)
    theirs = any_of((_in(person, actor.people), _in(post, actor.all_posts)))
    return None if theirs is None else _there(reader, t.task, task.record_id == reader.record.c.id, OPEN, theirs)


def _told(reader: Reader) -> Condition | None:
    """Of a task that is still open, or of how the record stands now."""
    notice, record = t.notice.c, reader.record.c
    stands = notice.created_at >= record.moved_at
    among = t.notice.outerjoin(t.task, t.task.c.id == notice.task_id)
    waits = notice.task_id.is_not(None) & t.task.c.closed_at.is_(None)
    # By the record: heads are told of thousands, and of one record little is told.
    theirs = (only_looked_at(notice.reader_id) == reader.actor.person_id) & (notice.record_id == record.id)
    return _there(reader, among, theirs, stands | waits)


PLAYS: Mapping[Role, Plays] = {
    Role.ANYONE: _anyone,
    Role.AUTHOR: _author,
    Role.OWNER: _owner,
    Role.RELATED: _related,
    **{role: _said(role) for role in SAID},
    Role.COLLEAGUE: _colleague,
    Role.HEAD: _head,
    Role.QUALITY_REPRESENTATIVE: _representative,
    Role.COUNCIL: _council,
    Role.MEMBER: _member,
    Role.HOLDER: _holder,
    Role.TOLD: _told,
    **{role: _office(role) for role in POSTS},
    Role.RECTOR: _approver,
}
