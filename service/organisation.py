"""Who holds what on a day: units, posts, people and bodies as one snapshot in memory, read again when it changes."""

import secrets
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models import tables as t
from models.database import ONE_STATE, put
from models.prepared import Prepared
from states.policies import Policy, ladder_from, policy_for
from states.roles import Role
from states.text import Text
from states.working_days import Calendar

CHANGED = "organisation"
TRIES = 5


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
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit and what it belongs to."""

    id: UUID
    code: str
    name: Text
    parent_id: UUID | None
    is_campus: bool = False
    closed_on: date | None = None
    successor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A council, the posts of its secretary and its chair, what it is the council of, the language of its minutes."""

    id: UUID
    code: str
    name: Text
    secretary_post_id: UUID
    chair_post_id: UUID | None = None
    unit_id: UUID | None = None
    language: str = "ky"


@dataclass(frozen=True, slots=True)
class Spell:
    """An absence: from a day to a day, both included, and who was asked to act meanwhile."""

    person_id: UUID
    since: date
    until: date
    deputy_id: UUID | None


@dataclass(frozen=True, slots=True)
class Lent:
    """What somebody who is away has left to their deputy: themselves as a holder of tasks, and their posts."""

    person_id: UUID
    posts: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with which posts today, and whose deputy they are. Without a person it is Sapat itself.

    Of those posts the `fallen` ones are held by nobody who is there: they came to the head above.
    """

    person_id: UUID | None
    posts: frozenset[UUID] = frozenset()
    lent: tuple[Lent, ...] = ()
    fallen: frozenset[UUID] = frozenset()

    @property
    def all_posts(self) -> frozenset[UUID]:
        """The posts they may act in: their own, and those of the people they stand in for."""
        return self.posts.union(*(lent.posts for lent in self.lent))

    @property
    def people(self) -> tuple[UUID, ...]:
        """Those whose tasks are theirs today: themselves, and the people they stand in for."""
        own = (self.person_id,) if self.person_id else ()
        return (*own, *(lent.person_id for lent in self.lent))


CLOCK = Actor(person_id=None)


class Organisation:
    """The snapshot. Every question about a post or a person that involves time takes the day."""

    def __init__(self, connection: sa.Connection) -> None:
        people = connection.execute(sa.select(t.person))
        self.people = {row.id: PersonFacts(row.id, row.code, _name(row), row.email, row.language) for row in people}
        posts = connection.execute(sa.select(t.post).order_by(t.post.c.code))
        self.posts = {
            row.id: PostFacts(
                row.id,
                row.code,
                _name(row),
                row.unit_id,
                Role(row.role) if row.role else None,
                row.heads,
                row.closed_on,
            )
            for row in posts
        }
        units = connection.execute(sa.select(t.unit).order_by(t.unit.c.code))
        self.units = {
            row.id: UnitFacts(
                row.id, row.code, _name(row), row.parent_id, row.is_campus, row.closed_on, row.successor_id
            )
            for row in units
        }
        bodies = connection.execute(sa.select(t.body).order_by(t.body.c.code))
        self.bodies = {
            row.code: BodyFacts(
                row.id, row.code, _name(row), row.secretary_post_id, row.chair_post_id, row.unit_id, row.language
            )
            for row in bodies
        }
        self.members: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        for body_id, person_id, since, until in connection.execute(_MEMBERSHIPS):
            self.members.setdefault(body_id, []).append((person_id, since, until))
        self.process_owners: dict[UUID | None, tuple[UUID, ...]] = {}
        for process_id, post_id in connection.execute(_OWNERS):
            self.process_owners[process_id] = (*self.process_owners.get(process_id, ()), post_id)
        self._by_post: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        self._by_person: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        for person_id, post_id, since, until in connection.execute(_HOLDINGS):
            self._by_post.setdefault(post_id, []).append((person_id, since, until))
            self._by_person.setdefault(person_id, []).append((post_id, since, until))
        self.absences = tuple(Spell(*row) for row in connection.execute(_ABSENCES))
        # Posts that routes name to approve documents, now or when a document took its route.
        named = (facts["approver_post_id"] for facts in connection.execute(sa.select(t.route.c.facts)).scalars())
        taken = connection.execute(_APPROVERS).scalars()
        self.approvers: frozenset[UUID] = frozenset({*(UUID(post) for post in named if post), *taken})
        self.webhooks: tuple[UUID, ...] = tuple(connection.execute(_WEBHOOKS).scalars())
        self.ladders = {row.id: ladder_from(row.facts) for row in connection.execute(sa.select(t.ladder))}
        self.policies: dict[str, tuple[Policy, ...]] = {}
        for row in connection.execute(_POLICIES):
            facts = dict(row._mapping)
            policy = Policy(ladder=self.ladders.get(facts.pop("ladder_id")), **facts)
            self.policies[policy.lifecycle] = (*self.policies.get(policy.lifecycle, ()), policy)
        self.calendar = Calendar({row.day: row.works for row in connection.execute(sa.select(t.day_exception))})
        self._days: dict[date, _Day] = {}
        self._away: dict[date, dict[UUID, UUID | None]] = {}
        self._by_role: dict[tuple[Role, UUID | None], tuple[UUID, ...]] = {}
        self._lines: dict[UUID | None, tuple[UUID, ...]] = {}
        # What people may read, as conditions: put there by whoever works them out, gone with the snapshot.
        self.readable: dict[tuple[Actor, date, str], sa.ColumnElement[bool]] = {}
        # Statements and lists of choices that follow from it: put there by whoever works them out, likewise.
        self.kept: dict[Hashable, Any] = {}
        self._posts_in: dict[UUID | None, tuple[UUID, ...]] = {}
        self._representatives: dict[UUID, tuple[UUID, ...]] = {}
        for post in self.posts.values():
            for unit_id in self.lineage(post.unit_id):
                if unit_id == post.unit_id or not self._is_whole(unit_id):
                    self._posts_in[unit_id] = (*self._posts_in.get(unit_id, ()), post.id)
            if post.role is Role.QUALITY_REPRESENTATIVE and not post.closed_on:
                self._representatives[post.unit_id] = (*self._representatives.get(post.unit_id, ()), post.id)
        self._heads = {post.unit_id: post.id for post in self.posts.values() if post.heads and not post.closed_on}

    def actor(self, person_id: UUID, day: date) -> Actor:
        """The person with what they answer for on `day`: their posts, what falls to them, and whose deputy they are."""
        facts = self._on(day)
        lent = facts.stands_in_for.get(person_id, ())
        fallen = facts.fallen.get(person_id, frozenset())
        posts = self.posts_of(person_id, day) | fallen
        others = fallen.union(*(facts.fallen.get(one, frozenset()) for one in lent)) - self.posts_of(person_id, day)
        return Actor(person_id, posts, tuple(Lent(one, facts.own[one]) for one in lent), others)

    def anew(self, actor: Actor, day: date) -> Actor:
        """The same actor with what they answer for on `day`: since they came, a post or an absence may have ended."""
        return self.actor(actor.person_id, day) if actor.person_id else actor

    def sitting_in(self, body_id: UUID, day: date) -> tuple[UUID, ...]:
        """The people who sit in a body on `day`, each once, in the order in which they were entered."""
        seats = self.members.get(body_id, ())
        there = (person for person, since, until in seats if since <= day and (until is None or day <= until))
        return tuple(dict.fromkeys(there))

    def posts_of(self, person_id: UUID, day: date) -> frozenset[UUID]:
        """The posts a person holds on `day`."""
        held = self._by_person.get(person_id, ())
        return frozenset(post for post, since, until in held if _on(day, since, until))

    def holders(self, post_id: UUID, day: date) -> tuple[UUID, ...]:
        """The people who hold a post on `day`; nobody where it is vacant."""
        return tuple(person for person, since, until in self._by_post.get(post_id, ()) if _on(day, since, until))

    def body(self, body_id: UUID) -> BodyFacts:
        """The body of that identifier."""
        return next(one for one in self.bodies.values() if one.id == body_id)

    def stands_in(self, person_id: UUID, day: date) -> UUID | None:
        """Who acts where this person should: they themselves, or their deputy; None where nobody is there.

        A deputy who is away has a deputy too; a circle of them is nobody, and so is one who has left the university.
        """
        asked: set[UUID] = set()
        person: UUID | None = person_id
        while person is not None and person in (away := self._away_on(day)):
            if person in asked:
                return None
            asked.add(person)
            person = away[person]
        return person if person is None or not asked or self.posts_of(person, day) else None

    def stands_in_until(self, person_id: UUID, day: date) -> date | None:
        """The last day, from `day` on, on which the same deputy acts for them; None where nobody does for them."""
        if self.stands_in(person_id, day) in (None, person_id):
            return None
        last, person, away = date.max, person_id, self._away_on(day)
        while (deputy := away.get(person)) is not None:  # it ends: `stands_in` has gone the same way
            spells = (spell for spell in self.absences if (spell.person_id, spell.deputy_id) == (person, deputy))
            last = min(last, max(spell.until for spell in spells if _on(day, spell.since, spell.until)))
            person = deputy
        return last

    def campus_of(self, unit_id: UUID | None) -> UUID | None:
        """The campus a unit belongs to; None above the campuses."""
        return next((unit for unit in self.lineage(unit_id) if self.units[unit].is_campus), None)

    def lineage(self, unit_id: UUID | None) -> tuple[UUID, ...]:
        """The unit and what it stands under, up to the top."""
        known = self._lines.get(unit_id)
        if known is None:
            line: list[UUID] = []
            above = unit_id
            while above is not None and above not in line:
                line.append(above)
                above = self.units[above].parent_id
            known = self._lines[unit_id] = tuple(line)
        return known

    def beneath(self, unit_ids: Collection[UUID]) -> frozenset[UUID]:
        """The units with all that belongs to them."""
        return frozenset(unit for unit in self.units if not set(self.lineage(unit)).isdisjoint(unit_ids))

    def posts_of_role(self, role: Role, campus_id: UUID | None = None) -> tuple[UUID, ...]:
        """The posts that have a role for a campus: its own, else those above it, else whichever there are."""
        known = self._by_role.get((role, campus_id))
        if known is None:
            posts = [post for post in self.posts.values() if post.role is role and not post.closed_on]
            places = [*self.campuses_above(campus_id), None]
            by_place = ([post.id for post in posts if self.campus_of(post.unit_id) == place] for place in places)
            known = tuple(next(filter(None, by_place), [post.id for post in posts]))
            self._by_role[role, campus_id] = known
        return known

    def policy(self, lifecycle: str, step: str, fields: Mapping[str, Any], day: date) -> Policy | None:
        """The policy that holds on `day` for a record's step; None where it is as declared."""
        policies = self.policies.get(lifecycle)
        if policies is None:
            return None
        return policy_for(policies, step, fields.get("severity"), self.campuses_above(fields.get("campus_id")), day)

    def campuses_above(self, campus_id: UUID | None) -> tuple[UUID, ...]:
        """The campus, and campuses it stands under."""
        return tuple(unit for unit in self.lineage(campus_id) if self.units[unit].is_campus)

    def post_of(self, role: Role, campus_id: UUID | None = None) -> UUID | None:
        """The first post that has the role for a campus: whose tasks they are."""
        return next(iter(self.posts_of_role(role, campus_id)), None)

    def plays(self, actor: Actor, role: Role) -> bool:
        """Whether the actor answers for a post of that role, on whichever campus, or stands in for somebody who does.

        A vacant administrator's falls to nobody: whoever keeps the organisation could give themselves any other post.
        """
        posts = actor.all_posts - actor.fallen if role is Role.ADMINISTRATOR else actor.all_posts
        return any(self.posts[post].role is role and not self.posts[post].closed_on for post in posts)

    def posts_in(self, unit_id: UUID | None) -> tuple[UUID, ...]:
        """The posts of a unit and of what belongs to it; of the university or a campus itself, its own only."""
        return self._posts_in.get(unit_id, ())

    def representatives(self, unit_id: UUID | None) -> tuple[UUID, ...]:
        """The posts that answer for quality in a unit, or in the nearest unit above that has any."""
        for unit in self.lineage(unit_id):
            if found := self._representatives.get(unit):
                return found
        return ()

    def head_of(self, unit_id: UUID | None) -> UUID | None:
        """The post that heads a unit, or the nearest unit above that has one."""
        return next((self._heads[unit] for unit in self.lineage(unit_id) if unit in self._heads), None)

    def heads_over(self, unit_id: UUID | None) -> tuple[UUID, ...]:
        """The posts that head a unit and what it belongs to; the university's or a campus's for that itself only."""
        line = (unit for place, unit in enumerate(self.lineage(unit_id)) if place == 0 or not self._is_whole(unit))
        return tuple(self._heads[unit] for unit in line if unit in self._heads)

    def _is_whole(self, unit_id: UUID) -> bool:
        unit = self.units[unit_id]
        return unit.is_campus or unit.parent_id is None

    def superior(self, post_id: UUID) -> UUID | None:
        """The head above a post: its unit's, or that of the unit above where it is the head itself."""
        post = self.posts[post_id]
        above = self.head_of(self.units[post.unit_id].parent_id) if post.heads else self.head_of(post.unit_id)
        return above if above != post_id else None

    def readers(self, post_id: UUID | None, day: date) -> tuple[UUID, ...]:
        """Who is told what concerns a post on `day`: whoever answers for it, in the end whoever keeps the system.

        Never nobody, unless the university has no people at all. Being told gives no right to decide.
        """
        if people := self._present(self.answering(post_id, day), day):
            return people
        campus_id = self.campus_of(self.posts[post_id].unit_id) if post_id else None
        for role in (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.ADMINISTRATOR):
            for fallback in self.posts_of_role(role, campus_id):
                if people := self._present(self.holders(fallback, day), day):
                    return people
        return self.answering(post_id, day)  # all of them are away, and nobody acts for any

    def reader(self, person_id: UUID, day: date) -> tuple[UUID, ...]:
        """Who is told what concerns a person on `day`: they, their deputy, else the head above one of their posts."""
        if (present := self.stands_in(person_id, day)) is not None:
            return (present,)
        above = (self.superior(post) for post in sorted(self.posts_of(person_id, day)))
        return self.readers(next(filter(None, above), None), day)

    def answering(self, post_id: UUID | None, day: date) -> tuple[UUID, ...]:
        """Who answers for a post on `day`: its holders, else the head above, as where all are away without a deputy.

        Nobody where there is no head above; where those who hold it are away, still they.
        """
        asked: set[UUID] = set()
        away: tuple[UUID, ...] = ()
        while post_id is not None and post_id not in asked:
            people = self.holders(post_id, day)
            if self._present(people, day):
                return people
            away = away or people
            asked.add(post_id)
            post_id = self.superior(post_id)
        return away

    def _present(self, people: Iterable[UUID], day: date) -> tuple[UUID, ...]:
        """Those who act where these people should."""
        acting = (self.stands_in(person, day) for person in people)
        return tuple(dict.fromkeys(person for person in acting if person is not None))

    def _away_on(self, day: date) -> dict[UUID, UUID | None]:
        known = self._away.get(day)
        if known is None:
            there = (spell for spell in self.absences if _on(day, spell.since, spell.until))
            known = self._away[day] = {spell.person_id: spell.deputy_id for spell in there}
        return known

    def _on(self, day: date) -> "_Day":
        # Asked at every request, so kept; the days asked about are few, but simulations walk through years. Others ask
        # at the same time, so a day is kept once it is whole: half of one would know of no deputies.
        known = self._days.get(day)
        if known is None:
            if len(self._days) > 400:
                self._days.clear()
                self._away.clear()
            known = self._days[day] = self._worked_out(day)
        return known

    def _worked_out(self, day: date) -> "_Day":
        made = _Day()
        for post_id in self.posts:
            if not self._present(self.holders(post_id, day), day):
                for person_id in self.answering(post_id, day):
                    made.fallen[person_id] = made.fallen.get(person_id, frozenset()) | {post_id}
        for person_id in self._away_on(day):
            acting = self.stands_in(person_id, day)
            if acting is not None:
                made.stands_in_for[acting] = (*made.stands_in_for.get(acting, ()), person_id)
                made.own[person_id] = self.posts_of(person_id, day) | made.fallen.get(person_id, frozenset())
        return made


@dataclass(slots=True)
class _Day:
    """What is worked out for a day: vacant posts by whom they fall to, who stands in for whom, and with what."""

    fallen: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    stands_in_for: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    own: dict[UUID, frozenset[UUID]] = field(default_factory=dict)


_MEMBERSHIPS = sa.select(
    t.membership.c.body_id, t.membership.c.person_id, t.membership.c.since, t.membership.c.until
).order_by(t.membership.c.since, t.membership.c.id)
_OWNERS = sa.select(t.process_owner.c.process_id, t.process_owner.c.post_id).order_by(t.process_owner.c.position)
_APPROVERS = sa.select(t.revision.c.approver_post_id).where(t.revision.c.approver_post_id.is_not(None)).distinct()
_ABSENCES = (
    sa.select(t.absence.c.person_id, t.absence.c.since, t.absence.c.until, t.absence.c.deputy_id)
    .where(t.absence.c.cancelled_at.is_(None))
    .order_by(t.absence.c.since, t.absence.c.id)
)
_WEBHOOKS = sa.select(t.webhook.c.id).where(t.webhook.c.disabled_at.is_(None)).order_by(t.webhook.c.id)
_POLICIES = (
    sa.select(
        *(t.policy.c[name] for name in ("id", "lifecycle", "step", "effective_from", "severity", "campus_id")),
        *(t.policy.c[name] for name in ("days", "working", "ladder_id")),
    )
    .where(t.policy.c.withdrawn_at.is_(None))
    .order_by(t.policy.c.id)
)
_HOLDINGS = sa.select(t.holding.c.person_id, t.holding.c.post_id, t.holding.c.since, t.holding.c.until).order_by(
    t.holding.c.since, t.holding.c.id
)
_VERSION = Prepared(sa.select(t.counter.c.value).where(t.counter.c.name == sa.bindparam("of")))
_snapshots: WeakKeyDictionary[sa.Pool, tuple[int, Organisation]] = WeakKeyDictionary()
# By readers' connections, each of which lasts for one transaction: in there it stays, and a page asks ten times.
_seen: WeakKeyDictionary[sa.Connection, Organisation] = WeakKeyDictionary()


def organisation(connection: sa.Connection) -> Organisation:
    """The organisation as this transaction sees it, out of memory unless it has changed."""
    if not connection.get_execution_options().get(ONE_STATE):
        return _seen_now(connection)
    found = _seen.get(connection)
    if found is None:
        found = _seen[connection] = _seen_now(connection)
    return found


def _seen_now(connection: sa.Connection) -> Organisation:
    pool = connection.engine.pool
    for _ in range(TRIES):
        version = _version(connection)
        kept = _snapshots.get(pool)
        if kept is not None and kept[0] == version:
            return kept[1]
        read = Organisation(connection)
        # Read table by table: whoever changed it meanwhile would have left us half of each.
        if _version(connection) == version:
            if version:
                _snapshots[pool] = (version, read)
            break
    return read


def _version(connection: sa.Connection) -> int:
    found = _VERSION.first(connection, {"of": CHANGED})
    return int(found[0]) if found else 0


def organisation_changed(connection: sa.Connection) -> None:
    """Say, in the transaction that changed people, posts, units, bodies or days, that snapshots are out of date."""
    # Random rather than counted: a number that was rolled back must never mean something else later.
    put(connection, t.counter, {"name": CHANGED, "value": secrets.randbelow(2**31 - 1) + 1}, key="name")


def _on(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day <= until)


def _name(row: sa.Row[tuple[object, ...]]) -> Text:
    return Text(row.name_ky, row.name_ru, row.name_en)


def _role(value: str | None) -> Role | None:
    return Role(value) if value else None
