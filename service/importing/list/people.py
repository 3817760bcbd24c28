"""Who answers for a row: the post that its words name, by post, person or unit. A likely one is proposed, not taken."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final
from uuid import UUID

from service.importing.owners import read_owners
from service.organisation import Organisation
from states.kyrgyz import fold

_BETWEEN: Final = re.compile(r"[,;/\n]|\s(?:жана|и|and|y|e)\s")
_INITIALS: Final = re.compile(r"(?<!\w)(\w)\.")
_LIKE: Final = 0.72


@dataclass(frozen=True, slots=True)
class Who:
    """A post, or None where nobody is known by these words. `how`: exact, initials, within, unit, or why not.

    `proposed` is a post that may be meant; `rest` are words of others that stand beside.
    """

    post_id: UUID | None = None
    how: str = ""
    proposed: UUID | None = None
    rest: tuple[str, ...] = ()


class People:
    """The posts, people and units of a university on a day, by what they are called."""

    def __init__(self, university: Organisation, day: date, given: Mapping[str, str] | None = None) -> None:
        self._university, self._day = university, day
        self._posts = {post.code: post.id for post in university.posts.values() if not post.closed_on}
        self._given = {fold(words): self._posts[code] for words, code in (given or {}).items() if code in self._posts}
        self._by_name: dict[str, dict[UUID, str]] = {}
        self._names: list[tuple[frozenset[str], UUID]] = []
        self._known: dict[str, Who] = {}
        for post in university.posts.values():
            if not post.closed_on:
                self._call((post.code, *post.name), post.id, "exact")
        for unit in university.units.values():
            head = university.head_of(unit.id) if not unit.closed_on else None
            if head is not None:
                self._call((unit.code, *unit.name), head, "unit")
        for person in university.people.values():
            held = self._post_of(person.id)
            if held is not None:
                turned = (" ".join(reversed(name.split())) for name in person.name)
                self._call((person.code, person.email, *person.name, *turned), held, "exact")
                self._names += [(frozenset(fold(name).split()), held) for name in set(person.name)]

    def find(self, words: str) -> Who:
        """The post that the words name; the same words are looked up once."""
        key = fold(words)
        if key not in self._known:
            self._known[key] = self._find(words)
        return self._known[key]

    def _find(self, words: str) -> Who:
        if given := self._given.get(fold(words)):
            return Who(given, "given")
        whole = self._one(words)
        if whole.post_id:
            return whole
        parts = [part.strip() for part in _BETWEEN.split(words) if part.strip(" .")]
        if len(parts) > 1:
            for part in parts:
                if (found := self._one(part)).post_id:
                    return Who(found.post_id, found.how, rest=tuple(one for one in parts if one != part))
        return whole

    def _one(self, words: str) -> Who:
        for found, how in self._ways(words):
            if len(found) == 1:
                return Who(next(iter(found)), how)
            if found:
                return Who(None, "several")
        return Who(None, "unknown", self._proposal(words))

    def _ways(self, words: str) -> Iterator[tuple[set[UUID], str]]:
        named = self._by_name.get(fold(words).strip(" ."), {})
        for how in ("exact", "unit"):
            yield {post for post, way in named.items() if way == how}, how
        posts = read_owners(words)
        if not posts.unknown and posts.posts:
            yield {self._posts[code] for code in posts.posts if code in self._posts}, "exact"
        spoken = _spoken(words)
        yield set(self._with_initials(spoken, set(_INITIALS.findall(fold(words))))), "initials"
        yield {post for name, post in self._names if len(name) > 1 and name <= spoken}, "within"

    def _with_initials(self, spoken: frozenset[str], initials: set[str]) -> Iterator[UUID]:
        """Those of whom a whole name stands there, and of the others the first letters."""
        whole = {word for word in spoken if len(word) > 1}
        for name, post in self._names:
            said = name & whole
            if initials and said and name - said and initials >= {word[0] for word in name - said}:
                yield post

    def _post_of(self, person_id: UUID) -> UUID | None:
        """The post in which a person answers: the one that heads a unit, else their first."""
        held = [self._university.posts[post] for post in self._university.posts_of(person_id, self._day)]
        held = [post for post in held if not post.closed_on]
        return min(held, key=lambda post: (not post.heads, post.code)).id if held else None

    def _proposal(self, words: str) -> UUID | None:
        near = get_close_matches(fold(words), self._by_name, 1, _LIKE)
        return next(iter(self._by_name[near[0]])) if near else None

    def _call(self, names: Iterable[str], post_id: UUID, how: str) -> None:
        for name in {fold(name) for name in names} - {""}:
            self._by_name.setdefault(name, {}).setdefault(post_id, how)


def _spoken(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _INITIALS.sub(" ", fold(words))))
