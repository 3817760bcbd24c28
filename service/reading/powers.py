"""Everything that one person may do today, and why: their posts, whom they stand in for, offices, open records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.accounts.administration import is_administrator
from service.keeping.change import keeps
from service.language import say
from service.organisation import CLOCK, Actor, PersonFacts, PostFacts
from service.parts import children
from service.reading.permissions import EXPLAINS, OPEN, acts_of, ground_at, may_explain, seen
from service.reading.permitted import readable_by
from service.reading.reasons import Ground, Reason, Verdict
from service.reading.verdicts import verdict_on, verdict_on_opening
from service.subject import Subject, load
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycles
from states.roles import Role
from states.text import N_, Text

MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Held:
    """A post that a person answers for today, and why."""

    post: PostFacts
    note: Reason


@dataclass(frozen=True, slots=True)
class Office:
    """Something one may do that is about no record in particular."""

    says: str
    what: Text | None
    verdict: Verdict

    def into(self, language: str) -> str:
        """What it is, in the language."""
        return say(self.says, language, {"what": self.what} if self.what else None)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A record on which the person may do something: only its code is told, not what it is about."""

    subject: Subject
    verdict: Verdict


@dataclass(slots=True)
class Power:
    """A move (or opening) that the person may make now, with the open records on which they may."""

    lifecycle: Lifecycle
    name: str
    label: Text
    records: list[OnRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Powers:
    """Everything that a person may do. `complete` is False where there are more open records than are looked at."""

    person: PersonFacts
    held: tuple[Held, ...]
    stands_in: tuple[tuple[PersonFacts, Reason], ...]
    offices: tuple[Office, ...]
    moves: tuple[Power, ...]
    complete: bool


def explain_person(connection: sa.Connection, person_id: UUID, now: datetime, viewer: Actor = CLOCK) -> Powers:
    """What the person may do at `now`, and why. Raises NotFound."""
    ground = ground_at(connection, now)
    person = ground.snapshot.people.get(person_id)
    if person is None:
        raise NotFound
    actor = ground.actor(person_id)
    record = t.record.c
    mine = record.closed_at.is_(None) & readable_by(connection, actor, now)
    found = (
        connection.execute(sa.select(record.id).where(mine).order_by(record.id.desc()).limit(MOST + 1)).scalars().all()
    )
    return Powers(
        person,
        tuple(_held(ground, person_id)),
        tuple(_stands_in(ground, actor)),
        tuple(_offices(connection, ground, person)),
        tuple(_moves(connection, ground, person, found[:MOST], viewer)),
        len(found) <= MOST,
    )


def _held(ground: Ground, person_id: UUID) -> Iterator[Held]:
    snapshot = ground.snapshot
    for post_id in sorted(ground.actor(person_id).posts, key=lambda post: snapshot.posts[post].code):
        since = ground.since.get((person_id, post_id))
        fallen = Reason(_FALLEN_ABSENT if snapshot.holders(post_id, ground.day) else _FALLEN)
        yield Held(snapshot.posts[post_id], Reason(_SINCE, {"since": since}) if since else fallen)


def _stands_in(ground: Ground, actor: Actor) -> Iterator[tuple[PersonFacts, Reason]]:
    for lent in actor.lent:
        until = ground.snapshot.stands_in_until(lent.person_id, ground.day) or ground.day
        yield ground.snapshot.people[lent.person_id], Reason(_UNTIL, {"until": until})


def _offices(connection: sa.Connection, ground: Ground, person: PersonFacts) -> Iterator[Office]:
    snapshot, actor = ground.snapshot, ground.actor(person.id)
    asked = (
        (_KEEP, keeps(snapshot, actor), (Role.ADMINISTRATOR,)),
        (_ACCOUNTS, is_administrator(snapshot, person.id, ground.day), (Role.ADMINISTRATOR,)),
        (_WEBHOOKS, snapshot.plays(actor, Role.ADMINISTRATOR), (Role.ADMINISTRATOR,)),
        (_REGISTER, snapshot.plays(actor, Role.QUALITY_SPECIALIST), (Role.QUALITY_SPECIALIST,)),
        (_EXPLAIN, may_explain(snapshot, actor), EXPLAINS),
    )
    for says, holds, roles in asked:
        if holds:
            yield Office(says, None, _by_office(ground, actor, person, roles))
    owned = [process for process, posts in snapshot.process_owners.items() if not actor.all_posts.isdisjoint(posts)]
    if owned:
        posts = tuple(post for process in owned for post in snapshot.process_owners[process])
        yield Office(_REGISTER_OWN, None, _by_posts(ground, actor, person, Role.OWNER, posts))
    for one in lifecycles().values():
        if Role.ANYONE in one.opened_by and not one.child_of:
            yield Office(_OPEN, one.label, ground.may(person.id, Role.ANYONE, ()))


def _by_office(ground: Ground, actor: Actor, person: PersonFacts, roles: tuple[Role, ...]) -> Verdict:
    posts = ground.snapshot.posts
    role = next(role for role in roles if any(posts[post].role is role for post in actor.all_posts))
    return _by_posts(ground, actor, person, role, tuple(post for post in posts if posts[post].role is role))


def _by_posts(ground: Ground, actor: Actor, person: PersonFacts, role: Role, posts: tuple[UUID, ...]) -> Verdict:
    lent = (one.person_id for one in actor.lent if not one.posts.isdisjoint(posts))
    for_id = None if not actor.posts.isdisjoint(posts) else next(lent, None)
    return ground.may(person.id, role, posts, for_id)


def _moves(
    connection: sa.Connection, ground: Ground, person: PersonFacts, records: Sequence[UUID], viewer: Actor
) -> list[Power]:
    ones = lifecycles().values()
    found = {(one.name, name): Power(one, name, label) for one in ones for name, label in acts_of(one).items()}
    for record_id in records:
        subject = seen(load(connection, record_id), viewer, ground.snapshot)
        for name, verdict in _on_record(connection, ground, person, subject):
            found[subject.lifecycle.name, name].records.append(OnRecord(subject, verdict))
    return [power for power in found.values() if power.records]


def _on_record(
    connection: sa.Connection, ground: Ground, person: PersonFacts, subject: Subject
) -> Iterator[tuple[str, Verdict]]:
    """The moves that the person may make on the record, and what they may open on it."""
    under = children(connection, subject)
    case = subject.case(ground.actor(person.id), ground.snapshot, ground.day, under)
    for move in subject.lifecycle.offers(case):
        yield move.name, verdict_on(subject, move, under, person, ground)
    for below in (one for one in lifecycles().values() if one.child_of == subject.lifecycle.name):
        verdict = verdict_on_opening(subject, below, subject.fields, person, ground)
        if verdict.may:
            yield f"{OPEN}{below.name}", verdict


_SINCE = N_("since %(since)s")
_UNTIL = N_("until %(until)s")
_FALLEN = N_("as the head above, for the post is vacant")
_FALLEN_ABSENT = N_("as the head above, for the holder is away without a deputy")
_KEEP = N_("Keep people, units, posts and councils, and enter absences for others")
_ACCOUNTS = N_("Keep the accounts of others")
_WEBHOOKS = N_("Keep webhooks")
_REGISTER = N_("Put documents into the register")
_REGISTER_OWN = N_("Put documents of their processes into the register")
_EXPLAIN = N_("See who may do what, and why")
_OPEN = N_("Open: %(what)s")
