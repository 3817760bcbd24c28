"""Reasons in one sentence: why somebody may do something, or may not, or not now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from service.language import say
from service.organisation import Actor, Organisation, PersonFacts, PostFacts
from service.subject import posts_for
from states.kyrgyz import day_in_words
from states.lifecycle import Guard
from states.roles import LABELS, Role
from states.text import N_

Since = Mapping[tuple[UUID, UUID], date]


class Why(StrEnum):
    """Whether somebody may, and what it is that decides."""

    MAY = "may"
    CONDITION = "condition"
    NOT_NOW = "not-now"
    DUTIES = "separation-of-duties"
    NO_PART = "not-yours"


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for the catalogues, with what fills its named places: days and conditions may be among that."""

    says: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def into(self, language: str) -> str:
        """The sentence in the language."""
        return say(self.says, language, {name: _word(fact, language) for name, fact in self.facts.items()})


def _word(fact: object, language: str) -> object:
    if isinstance(fact, date):
        return day_in_words(fact, language)
    return say(fact.says, language) if isinstance(fact, Guard) else fact


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person may do something, and why: `part` and `post` are those through which they may.

    Where it depends on more than on who they are, `reason` says on what, and `otherwise` what would let them.
    """

    person: PersonFacts
    why: Why
    reason: Reason
    otherwise: Reason | None = None
    acting_for: PersonFacts | None = None
    part: Role | None = None
    post: PostFacts | None = None

    @property
    def may(self) -> bool:
        """Whether nothing that can be known beforehand stands in the way."""
        return self.why is Why.MAY

    @property
    def admitted(self) -> bool:
        """Whether a move would be admitted; a condition may still refuse it."""
        return self.why in (Why.MAY, Why.CONDITION)


@dataclass(frozen=True, slots=True)
class Ground:
    """What reasons are made of: who holds what on `day`, and since when (by person and post)."""

    snapshot: Organisation
    day: date
    since: Since

    def actor(self, person_id: UUID) -> Actor:
        """The person as they act on that day."""
        return self.snapshot.actor(person_id, self.day)

    def posts_playing(self, role: Role, fields: Mapping[str, object]) -> tuple[UUID, ...]:
        """The posts that play a part for a record; none where it is played by a person."""
        if role is Role.AUTHOR and not fields.get("author_id"):
            role = Role.OWNER
        return () if role in _PERSONS else posts_for(role, fields, self.snapshot)

    def may(self, person_id: UUID, role: Role, playing: Iterable[UUID], for_id: UUID | None = None) -> Verdict:
        """That the person may, through this part: by a post of theirs among those `playing` it, or of `for_id`'s."""
        actor, people = self.actor(person_id), self.snapshot.people
        lent = next((one for one in actor.lent if one.person_id == for_id), None)
        own = lent.posts if lent else actor.posts
        post_id = next((post for post in playing if post in own), None)
        reason = (
            self._as_deputy(person_id, role, post_id, for_id) if for_id else self._as_self(person_id, role, post_id)
        )
        behalf, post = people[for_id] if for_id else None, self.snapshot.posts[post_id] if post_id else None
        return Verdict(people[person_id], Why.MAY, reason, acting_for=behalf, part=role, post=post)

    def _as_self(self, person_id: UUID, role: Role, post_id: UUID | None) -> Reason:
        if post_id is None:
            return Reason(_AS_ANYONE) if role is Role.ANYONE else Reason(_AS, {"part": LABELS[role]})
        facts = {"part": LABELS[role], "post": self.snapshot.posts[post_id].name}
        if since := self.since.get((person_id, post_id)):
            return Reason(_AS_HOLDER, {**facts, "since": since})
        return Reason(_AS_ABOVE_ABSENT if self.snapshot.holders(post_id, self.day) else _AS_ABOVE, facts)

    def _as_deputy(self, person_id: UUID, role: Role, post_id: UUID | None, for_id: UUID) -> Reason:
        until = self.snapshot.stands_in_until(for_id, self.day) or self.day
        facts = {"person": self.snapshot.people[for_id].name, "part": LABELS[role], "until": until}
        if post_id is None:
            return Reason(_FOR, facts)
        return Reason(_FOR_HOLDER, {**facts, "post": self.snapshot.posts[post_id].name})


_PERSONS = frozenset(
    {Role.AUTHOR, Role.DOER, Role.ANYONE, Role.CLOCK, Role.RELATED, Role.COUNCIL, Role.HOLDER, Role.TOLD}
)
_AS = N_("May, as %(part)s.")
_AS_ANYONE = N_("May, as anybody at the university may.")
_AS_HOLDER = N_("May, as %(part)s: holds the post “%(post)s” since %(since)s.")
_AS_ABOVE = N_("May, as %(part)s: the post “%(post)s” is vacant and falls to them.")
_AS_ABOVE_ABSENT = N_(
    "May, as %(part)s: the holder of the post “%(post)s” is away without a deputy, so it falls to them."
)
_FOR = N_("May, for %(person)s, whose deputy they are until %(until)s: as %(part)s.")
_FOR_HOLDER = N_("May, for %(person)s, whose deputy they are until %(until)s: as %(part)s, by the post “%(post)s”.")
