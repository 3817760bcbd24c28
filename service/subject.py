"""A record with all that its lifecycle looks at, loaded in one statement; and the parts people play for it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import JSON
from models.prepared import Prepared
from service.organisation import Actor, Organisation
from states.lifecycle import Case, Lifecycle, Step
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles
from states.roles import POSTS, Role

# The typed table beside `record`, by lifecycle: named after it, but for the one whose noun is not its lifecycle's.
_TABLES = {"document": "revision"}


@cache
def typed_table(name: str) -> sa.Table:
    """The table with the typed fields of a lifecycle's records."""
    return t.record.metadata.tables[_TABLES.get(name, name)]


# The route that a revision's type has today on its campus: the revision takes it when it is submitted.
def _route(whose: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    kind = t.document.c.type_code == t.route.c.type_code
    of_it = t.document.c.id == t.revision.c.document_id
    return sa.select(t.route.c.facts).join(t.document, kind).where(of_it, whose).scalar_subquery()


_TYPE_ROUTE = sa.func.coalesce(
    _route(t.route.c.campus_id == t.document.c.campus_id), _route(t.route.c.campus_id.is_(None)), type_=JSON
).label("type_route")


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

    def case(self, actor: Actor, organisation: Organisation, day: date, below: "Below") -> Case:
        """The record as its lifecycle sees it, with the actor's parts and those of whom they stand in for."""

        def plays(person_id: Hashable, role: Role) -> bool:
            person = person_id if isinstance(person_id, UUID) else UUID(str(person_id))
            return role in roles_of(organisation.actor(person, day), self.fields, organisation)

        return Case(
            self.state,
            self.fields,
            day,
            roles_of(actor, self.fields, organisation),
            children=below.states,
            open_children=below.open,
            actor=actor.person_id,
            lent=lent_roles(actor, self.fields, organisation),
            below=below.rows,
            parts=below.parts,
            plays=plays,
            above=below.above,
            ask=below.ask,
        )


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


@dataclass(frozen=True, slots=True)
class Below:
    """What hangs on a record, what it has several of, and what it hangs on itself.

    `states` is how many records of each state hang on it, `open` how many of them are not final, `rows` their fields;
    `parts` the rows of each of its parts, by name; `above` gives the fields of what it hangs on; `ask`
    tells what else can be known of it.
    """

    states: Mapping[str, int]
    open: int
    rows: Sequence[Mapping[str, Any]] = ()
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    above: Callable[[], Mapping[str, Any]] = dict
    ask: Callable[[str], Any] = lambda _name: ()


NOTHING_BELOW = Below({}, 0)


# Parts that nobody plays for somebody else: what their deputy reads, those who are away have not read.
PERSONAL: Final = frozenset({Role.READER})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a task: a post (whoever holds it now) or a person. One that is `personal` no deputy can do for them."""

    post_id: UUID | None = None
    person_id: UUID | None = None
    personal: bool = False

    def readers(self, organisation: Organisation, day: date) -> tuple[UUID, ...]:
        """The people it means on `day`: their deputies, where they are away and these can do it."""
        if self.person_id and self.personal:
            return (self.person_id,)
        return organisation.reader(self.person_id, day) if self.person_id else organisation.readers(self.post_id, day)


def holder_of(task: Any, step: Step) -> Holder:
    """Who has a task of the step, out of its row."""
    return Holder(task.holder_post_id, task.holder_person_id, step.owner in PERSONAL)


def holder(role: Role, fields: Mapping[str, Any], organisation: Organisation) -> Holder:
    """Who plays a part for the record: never nobody, while the university has a post to fall back on."""
    if role is Role.AUTHOR and fields["author_id"]:
        return Holder(person_id=fields["author_id"])
    if role is Role.AUTHOR:
        role = Role.OWNER
    for value in said_players(role, fields):
        if value in organisation.people:
            return Holder(person_id=value, personal=role in PERSONAL)
    posts = posts_for(role, fields, organisation) or _fallback(fields, organisation)
    return Holder(post_id=next(iter(posts), None))


def part_post(part: Role, has_it: Holder, campus_id: UUID | None, organisation: Organisation, day: date) -> UUID | None:
    """The post that a rung tells of a task: the head above its holder, or the campus's post of that role."""
    if part is not Role.HOLDERS_HEAD:
        return organisation.post_of(part, campus_id)
    held = organisation.posts_of(has_it.person_id, day) if has_it.person_id else ()
    posts = [has_it.post_id] if has_it.post_id else sorted(held)
    return next((above for post in posts if (above := organisation.superior(post))), None)


def part_readers(
    part: Role, has_it: Holder, campus_id: UUID | None, organisation: Organisation, day: date
) -> tuple[UUID, ...]:
    """Whom a rung tells of a task that speaks to that part: its holders, or those of the part's post, that day."""
    if part is Role.HOLDER:
        return has_it.readers(organisation, day)
    return organisation.readers(part_post(part, has_it, campus_id, organisation, day), day)


def posts_for(role: Role, fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    """The posts that play a part for the record; whoever has its tasks comes first."""
    if said := [value for value in said_players(role, fields) if value in organisation.posts]:
        return tuple(said)
    found = _POSTS_FOR.get(role)
    return found(fields, organisation) if found else organisation.posts_of_role(role, fields.get("campus_id"))


def said_players(role: Role, fields: Mapping[str, Any]) -> list[UUID]:
    """The posts and people whom the record's own fields name for a role, where its lifecycle says which do."""
    names = _played_by(fields).get(role)
    if not names:
        return []
    values = (fields.get(name) for name in names)
    said = [one for value in values if value for one in (value if isinstance(value, list) else [value])]
    return [one if isinstance(one, UUID) else UUID(one) for one in said]


def _fallback(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    """Whoever has a task that nobody else could have."""
    offices = (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.ADMINISTRATOR)
    every = (organisation.posts_of_role(role, fields.get("campus_id")) for role in offices)
    return next(filter(None, every), ())


def unit_of(fields: Mapping[str, Any], organisation: Organisation) -> UUID | None:
    """The unit concerned: the record's, else that of the post which answers for it."""
    unit_id: UUID | None = fields.get("unit_id")
    owner = fields.get("owner_post_id")
    return unit_id or (organisation.posts[owner].unit_id if owner else None)


def roles_of(actor: Actor, fields: Mapping[str, Any], organisation: Organisation) -> frozenset[Role]:
    """All the parts the actor plays for the record themselves."""
    if actor.person_id is None:
        return frozenset({Role.CLOCK})
    return _roles(actor.person_id, actor.posts, fields, organisation)


def lent_roles(actor: Actor, fields: Mapping[str, Any], organisation: Organisation) -> dict[Hashable, frozenset[Role]]:
    """The parts played by those whose deputy the actor is, by person; a confidential author has no deputy.

    What is personal is lent to nobody.
    """
    hidden = PERSONAL | {Role.AUTHOR} if fields.get("author_hidden") else PERSONAL
    return {lent.person_id: _roles(lent.person_id, lent.posts, fields, organisation) - hidden for lent in actor.lent}


def all_roles(actor: Actor, fields: Mapping[str, Any], organisation: Organisation) -> frozenset[Role]:
    """All the parts the actor plays for the record, as a deputy too."""
    return roles_of(actor, fields, organisation).union(*lent_roles(actor, fields, organisation).values())


def _roles(
    person_id: UUID, posts: frozenset[UUID], fields: Mapping[str, Any], organisation: Organisation
) -> frozenset[Role]:
    roles = {Role.ANYONE}
    if fields["author_id"] == person_id:
        roles.add(Role.AUTHOR)
    played = _played_by(fields)
    for role in played:
        said = said_players(role, fields)
        if person_id in said or not posts.isdisjoint(said):
            roles.add(role)
    if posts:
        # Of the offices only their own are asked about: nobody else's post plays one, unless the record says so.
        offices = {organisation.posts[post].role for post in posts}
        asked = [role for role in _BY_POST if role not in POSTS or role in offices or role in played]
        roles.update(role for role in asked if not posts.isdisjoint(posts_for(role, fields, organisation)))
    if Role.OWNER in roles and not fields["author_id"]:
        roles.add(Role.AUTHOR)
    return frozenset(roles)


def _played_by(fields: Mapping[str, Any]) -> Mapping[Role, tuple[str, ...]]:
    return lifecycle(fields["kind"]).played_by if "kind" in fields else {}


_BY_POST = (Role.OWNER, Role.SECRETARY, Role.QUALITY_REPRESENTATIVE, Role.COLLEAGUE, Role.HEAD, *POSTS)


def _owners(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    # Of several owners of its process the record's own comes first, and the others answer with it.
    owner: UUID | None = fields["owner_post_id"]
    if owner is None:
        head = organisation.head_of(fields["unit_id"])
        return (head,) if head else _fallback(fields, organisation)
    together = organisation.process_owners.get(fields.get("process_id"), ())
    return (owner, *(post for post in together if post != owner)) if owner in together else (owner,)


def _secretary(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    if body_id := fields.get("body_id"):
        return tuple(one.secretary_post_id for one in organisation.bodies.values() if one.id == body_id)
    route, position = fields.get("route") or [], fields.get("position") or 0
    body = organisation.bodies.get(route[position]) if position < len(route) else None
    return (body.secretary_post_id,) if body else _fallback(fields, organisation)


def _representatives(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    return organisation.representatives(unit_of(fields, organisation))


def _colleagues(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    return organisation.posts_in(unit_of(fields, organisation))


def _heads(fields: Mapping[str, Any], organisation: Organisation) -> tuple[UUID, ...]:
    return organisation.heads_over(unit_of(fields, organisation))


_POSTS_FOR: Mapping[Role, Callable[[Mapping[str, Any], Organisation], tuple[UUID, ...]]] = {
    Role.OWNER: _owners,
    Role.SECRETARY: _secretary,
    Role.QUALITY_REPRESENTATIVE: _representatives,
    Role.COLLEAGUE: _colleagues,
    Role.HEAD: _heads,
}
