"""A record with all that its lifecycle looks at, loaded in one statement; and the parts people play for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.organisation import Actor, Organisation
from states.lifecycle import Case, Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles
from states.roles import POSTS, Role

# The typed table beside `record`, by lifecycle: named after it, but for the one whose noun is not its lifecycle's.
_TABLES = {"document": "revision"}


@cache
def typed_table(name: str) -> sa.Table:
    """The table with the typed fields of a lifecycle's records."""
    return t.record.metadata.tables[_TABLES.get(name, name)]


# The route that a revision's type has today: the revision takes it when it is submitted.
_TYPE_ROUTE = (
    sa.select(t.document_type.c.route)
    .join(t.document, t.document.c.type_code == t.document_type.c.code)
    .where(t.document.c.id == t.revision.c.document_id)
    .scalar_subquery()
    .label("type_route")
)


@cache
def _statement() -> sa.Select[Any]:
    """A record beside the typed tables of all lifecycles: one statement loads it, whatever its kind."""
    typed = [typed_table(name) for name in lifecycles()]
    statement = sa.select(t.record, *typed, _TYPE_ROUTE).where(t.record.c.id == sa.bindparam("of"))
    for table in typed:
        statement = statement.outerjoin(table, table.c.record_id == t.record.c.id)
    return statement


@cache
def _prepared() -> Prepared:
    return Prepared(_statement())


@cache
def _places(kind: str) -> tuple[tuple[str, int], ...]:
    """The fields of a kind of record, each with its place in that statement's rows."""
    tables = (t.record, typed_table(kind))
    places = enumerate(_statement().selected_columns)
    wanted = [column for table in tables for column in table.c if column.name != "record_id"]
    return tuple((found.name, place) for place, found in places if found is _TYPE_ROUTE or found in wanted)


@dataclass(slots=True)
class Subject:
    """A record: `fields` holds its columns and its typed ones."""

    lifecycle: Lifecycle
    fields: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The record's identifier."""
        found: UUID = self.fields["id"]
        return found

    @property
    def state(self) -> str:
        """The step the record is in."""
        return str(self.fields["state"])

    def case(self, today: date, roles: frozenset[Role], below: "Below") -> Case:
        """The record as its lifecycle sees it."""
        return Case(self.state, self.fields, today, roles, children=below.states, open_children=below.open)


# Locked in a statement of its own, so that the next one sees what was committed while we waited. What a record hangs
# on is locked before it, whichever of the two is moved: an older identifier sorts first. Foreign keys are not held up.
_above = t.record.alias()
_LOCK = Prepared(
    sa.select(t.record.c.id)
    .where(
        t.record.c.id.in_(
            [
                sa.bindparam("of"),
                sa.select(_above.c.parent_id).where(_above.c.id == sa.bindparam("of")).scalar_subquery(),
            ]
        )
    )
    .order_by(t.record.c.id)
    .with_for_update(key_share=True)
)


def load(connection: sa.Connection, record_id: UUID, *, for_change: bool = False) -> Subject:
    """The record of that identifier. Raises NotFound. `for_change` locks it where the database locks rows."""
    if for_change and connection.dialect.name != "sqlite":
        _LOCK.run(connection, {"of": record_id})
    row = _prepared().first(connection, {"of": record_id})
    if row is None:
        raise NotFound
    kind = row[_KIND]
    return Subject(lifecycle(kind), {name: row[place] for name, place in _places(kind)})


_KIND = t.record.c.keys().index("kind")


@cache
def has_children(name: str) -> bool:
    """Whether records of another lifecycle hang on those of this one."""
    return any(one.child_of == name for one in lifecycles().values())


@dataclass(frozen=True, slots=True)
class Below:
    """How many records of each state hang on one, and how many of them are not final."""

    states: Mapping[str, int]
    open: int


def children(connection: sa.Connection, subject: Subject) -> Below:
    """What hangs on this record: what is open, and of what is final only what the present round has done."""
    if not has_children(subject.lifecycle.name):
        return _NOTHING
    is_open = t.record.c.closed_at.is_(None)
    counts = connection.execute(
        sa.select(t.record.c.state, sa.func.count(), sa.func.sum(sa.case((is_open, 1), else_=0)))
        .where(t.record.c.parent_id == subject.id, is_open | (t.record.c.round == subject.fields.get("reopened", 0)))
        .group_by(t.record.c.state)
    ).all()
    return Below({state: count for state, count, _ in counts}, sum(int(unfinished) for *_, unfinished in counts))


_NOTHING = Below({}, 0)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a task: a post (whoever holds it now) or a person."""

    post_id: UUID | None = None
    person_id: UUID | None = None

    def readers(self, organisation: Organisation, day: date) -> tuple[UUID, ...]:
        """The people it means on `day`."""
        return (self.person_id,) if self.person_id else organisation.readers(self.post_id, day)


def holder(role: Role, fields: Mapping[str, Any], organisation: Organisation) -> Holder:
    """Who plays a part for the record: never nobody, while the university has a post to fall back on."""
    if role is Role.AUTHOR and fields["author_id"]:
        return Holder(person_id=fields["author_id"])
    post_id: UUID | None = None
    if role is Role.SECRETARY:
        post_id = _secretary(fields, organisation)
    elif role in POSTS:
        post_id = organisation.post_of(role)
    elif role in (Role.OWNER, Role.AUTHOR):
        post_id = fields["owner_post_id"] or organisation.head_of(fields["unit_id"])
    fallback = (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.ADMINISTRATOR)
    return Holder(post_id=post_id or next(filter(None, map(organisation.post_of, fallback)), None))


def roles_of(actor: Actor, fields: Mapping[str, Any], organisation: Organisation) -> frozenset[Role]:
    """All the parts the actor plays for the record."""
    if actor.person_id is None:
        return frozenset({Role.CLOCK})
    roles = {Role.ANYONE}
    if fields["author_id"] == actor.person_id:
        roles.add(Role.AUTHOR)
    for role in (Role.OWNER, Role.AUTHOR, Role.SECRETARY, *POSTS):
        if holder(role, fields, organisation).post_id in actor.posts:
            roles.add(role)
    return frozenset(roles)


def _secretary(fields: Mapping[str, Any], organisation: Organisation) -> UUID | None:
    route, position = fields.get("route") or [], fields.get("position") or 0
    body = organisation.bodies.get(route[position]) if position < len(route) else None
    return body.secretary_post_id if body else None
