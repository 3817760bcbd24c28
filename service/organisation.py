"""Who holds what on a day: units, posts, people and bodies as one snapshot in memory, read again when it changes."""

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models import tables as t
from models.database import put
from models.prepared import Prepared
from states.roles import Role
from states.text import Text
from states.working_days import Calendar

CHANGED = "organisation"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as others need to know them."""

    id: UUID
    code: str
    name: Text
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post and where it stands."""

    id: UUID
    code: str
    name: Text
    unit_id: UUID
    role: Role | None
    heads: bool


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit and what it belongs to."""

    id: UUID
    code: str
    name: Text
    parent_id: UUID | None


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A council and the post of its secretary."""

    id: UUID
    code: str
    name: Text
    secretary_post_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with which posts today, and for whom. Without a person it is Sapat itself."""

    person_id: UUID | None
    posts: frozenset[UUID] = frozenset()
    acting_for_id: UUID | None = None


CLOCK = Actor(person_id=None)


class Organisation:
    """The snapshot. Every question about a post or a person that involves time takes the day."""

    def __init__(self, connection: sa.Connection) -> None:
        people = connection.execute(sa.select(t.person))
        self.people = {row.id: PersonFacts(row.id, row.code, _name(row), row.email, row.language) for row in people}
        posts = connection.execute(sa.select(t.post).order_by(t.post.c.code))
        self.posts = {
            row.id: PostFacts(
                row.id, row.code, _name(row), row.unit_id, Role(row.role) if row.role else None, row.heads
            )
            for row in posts
        }
        units = connection.execute(sa.select(t.unit).order_by(t.unit.c.code))
        self.units = {row.id: UnitFacts(row.id, row.code, _name(row), row.parent_id) for row in units}
        bodies = connection.execute(sa.select(t.body).order_by(t.body.c.code))
        self.bodies = {row.code: BodyFacts(row.id, row.code, _name(row), row.secretary_post_id) for row in bodies}
        self._by_post: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        self._by_person: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        for person_id, post_id, since, until in connection.execute(_HOLDINGS):
            self._by_post.setdefault(post_id, []).append((person_id, since, until))
            self._by_person.setdefault(person_id, []).append((post_id, since, until))
        self._vacancies: dict[date, dict[UUID, set[UUID]]] = {}
        self.calendar = Calendar({row.day: row.works for row in connection.execute(sa.select(t.day_exception))})
        self._by_role = {post.role: post.id for post in self.posts.values() if post.role}
        self._heads = {post.unit_id: post.id for post in self.posts.values() if post.heads}

    def actor(self, person_id: UUID, day: date) -> Actor:
        """The person with the posts they answer for on `day`: those they hold, and vacant ones that fall to them."""
        return Actor(person_id, self.posts_of(person_id, day) | self._vacant(day).get(person_id, set()))

    def posts_of(self, person_id: UUID, day: date) -> frozenset[UUID]:
        """The posts a person holds on `day`."""
        held = self._by_person.get(person_id, ())
        return frozenset(post for post, since, until in held if _on(day, since, until))

    def holders(self, post_id: UUID, day: date) -> tuple[UUID, ...]:
        """The people who hold a post on `day`; nobody where it is vacant."""
        return tuple(person for person, since, until in self._by_post.get(post_id, ()) if _on(day, since, until))

    def post_of(self, role: Role) -> UUID | None:
        """The one post of the university that has the role."""
        return self._by_role.get(role)

    def head_of(self, unit_id: UUID | None) -> UUID | None:
        """The post that heads a unit, or the nearest unit above that has one."""
        while unit_id is not None:
            if unit_id in self._heads:
                return self._heads[unit_id]
            unit_id = self.units[unit_id].parent_id
        return None

    def superior(self, post_id: UUID) -> UUID | None:
        """The head above a post: its unit's, or that of the unit above where it is the head itself."""
        post = self.posts[post_id]
        above = self.head_of(self.units[post.unit_id].parent_id) if post.heads else self.head_of(post.unit_id)
        return above if above != post_id else None

    def readers(self, post_id: UUID | None, day: date) -> tuple[UUID, ...]:
        """Who is told what concerns a post on `day`: whoever answers for it, in the end whoever keeps the system.

        Never nobody, unless the university has no people at all. Being told gives no right to decide.
        """
        if people := self.answering(post_id, day):
            return people
        for role in (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.ADMINISTRATOR):
            fallback = self.post_of(role)
            if fallback and (people := self.holders(fallback, day)):
                return people
        return ()

    def answering(self, post_id: UUID | None, day: date) -> tuple[UUID, ...]:
        """Who may act for a post on `day`: its holders, else the head above; nobody where there is none."""
        asked: set[UUID] = set()
        while post_id is not None and post_id not in asked:
            if people := self.holders(post_id, day):
                return people
            asked.add(post_id)
            post_id = self.superior(post_id)
        return ()

    def _vacant(self, day: date) -> dict[UUID, set[UUID]]:
        # Asked at every request, so kept; the days asked about are few, but simulations walk through years.
        if day not in self._vacancies:
            if len(self._vacancies) > 400:
                self._vacancies.clear()
            falls_to: dict[UUID, set[UUID]] = {}
            for post_id in self.posts:
                if not self.holders(post_id, day):
                    for person_id in self.answering(post_id, day):
                        falls_to.setdefault(person_id, set()).add(post_id)
            self._vacancies[day] = falls_to
        return self._vacancies[day]


_HOLDINGS = sa.select(t.holding.c.person_id, t.holding.c.post_id, t.holding.c.since, t.holding.c.until).order_by(
    t.holding.c.since, t.holding.c.id
)
_VERSION = Prepared(sa.select(t.counter.c.value).where(t.counter.c.name == sa.bindparam("of")))
_snapshots: WeakKeyDictionary[sa.Pool, tuple[int, Organisation]] = WeakKeyDictionary()


def organisation(connection: sa.Connection) -> Organisation:
    """The organisation as this transaction sees it, out of memory unless it has changed."""
    version: int = (_VERSION.first(connection, {"of": CHANGED}) or (0,))[0]
    pool = connection.engine.pool
    kept = _snapshots.get(pool)
    if kept is None or kept[0] != version:
        kept = (version, Organisation(connection))
        if version:
            _snapshots[pool] = kept
    return kept[1]


def organisation_changed(connection: sa.Connection) -> None:
    """Say, in the transaction that changed people, posts, units, bodies or days, that snapshots are out of date."""
    # Random rather than counted: a number that was rolled back must never mean something else later.
    put(connection, t.counter, {"name": CHANGED, "value": secrets.randbelow(2**31 - 1) + 1}, key="name")


def _on(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day <= until)


def _name(row: sa.Row[tuple[object, ...]]) -> Text:
    return Text(row.name_ky, row.name_ru, row.name_en)
