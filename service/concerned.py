"""Whom a document concerns on a day: what was laid down for it, else for its type, else its unit and its owner."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation
from service.subject import posts_for, unit_of
from states.roles import Role


class Rule(NamedTuple):
    """Everybody on the document's campus, a unit with all that belongs to it, a post, or a person: one of them."""

    everybody: bool = False
    unit_id: UUID | None = None
    post_id: UUID | None = None
    person_id: UUID | None = None


Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """All that was laid down, by type and by document: few rows, however many documents there are."""

    by_type: Mapping[str, Rules]
    by_document: Mapping[UUID, Rules]

    def of(self, document_id: UUID, type_code: str) -> Rules:
        """The rules of a document: its own, else those of its type; none where nothing was laid down."""
        return self.by_document.get(document_id) or self.by_type.get(type_code, ())


def laid_down(connection: sa.Connection) -> Laid:
    """The whole distribution, in the order in which it was laid down."""
    by_type: dict[str, Rules] = {}
    by_document: dict[UUID, Rules] = {}
    for row in connection.execute(sa.select(t.distribution).order_by(t.distribution.c.id)):
        rule = rule_of(dict(row._mapping))
        if row.document_id:
            by_document[row.document_id] = (*by_document.get(row.document_id, ()), rule)
        else:
            by_type[row.type_code] = (*by_type.get(row.type_code, ()), rule)
    return Laid(by_type, by_document)


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A row of the distribution, without what it is of."""
    return Rule(*(row[name] for name in Rule._fields))


def concerned(
    snapshot: Organisation, rules: Iterable[Rule], document: Mapping[str, Any], day: date
) -> dict[UUID, UUID]:
    """By person, the post through which a document concerns them on `day`.

    Of several posts the first by its code; `document` has unit, owner, process and campus. Who holds no post that day
    has left, and nothing concerns them.
    """
    found: dict[UUID, UUID] = {}
    for rule in tuple(rules) or (None,):
        if rule and rule.person_id:
            held = snapshot.posts_of(rule.person_id, day)
            first = min(held, key=lambda post: snapshot.posts[post].code, default=None)
            if first:
                found.setdefault(rule.person_id, first)
            continue
        for post_id in _posts(snapshot, rule, document):
            for person_id in snapshot.holders(post_id, day):
                found.setdefault(person_id, post_id)
    return found


def _posts(snapshot: Organisation, rule: Rule | None, document: Mapping[str, Any]) -> Iterable[UUID]:
    if rule is None:
        fields = {**document, "author_id": None}
        return (*posts_for(Role.OWNER, fields, snapshot), *snapshot.posts_in(unit_of(fields, snapshot)))
    if rule.post_id:
        return (rule.post_id,)
    top = document["campus_id"] if rule.everybody else _standing(snapshot, rule.unit_id)
    return _posts_beneath(snapshot, top)


def _posts_beneath(snapshot: Organisation, unit_id: UUID | None) -> Iterator[UUID]:
    units = snapshot.beneath([unit_id]) if unit_id else frozenset()
    return (post.id for post in snapshot.posts.values() if post.unit_id in units)


def _standing(snapshot: Organisation, unit_id: UUID | None) -> UUID | None:
    """The unit, or whichever has taken over what it had."""
    asked: set[UUID] = set()
    while unit_id and unit_id not in asked and snapshot.units[unit_id].closed_on:
        asked.add(unit_id)
        unit_id = snapshot.units[unit_id].successor_id or unit_id
    return unit_id
