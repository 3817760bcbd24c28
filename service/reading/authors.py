"""Who told of it, where that is confidential: told to themselves, and to those whom the declaration names.

What they did as its author is told without them; what they do in a post of theirs is the post's, as of anybody. Fields
that name somebody from outside are told only to those whom the declaration names, whoever wrote them down.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from service.organisation import Actor, Organisation
from service.subject import posts_for
from states.lifecycle import Lifecycle
from states.roles import Role
from states.text import Text

CONFIDENTIAL: Final = Text("купуя", "конфиденциально", "confidential")
# The field of an opening that asks for it: its answer tells nobody else anything.
FLAG: Final = "confidential"
# The typed fields that name somebody who told of it, of whichever lifecycle.
PRIVATE: Final = frozenset({"reported_by"})


def knows_author(snapshot: Organisation, actor: Actor, one: Lifecycle, fields: Mapping[Any, Any]) -> bool:
    """Whether the actor is told who the author of a record is: everybody, unless that is confidential."""
    if not fields["author_hidden"]:
        return True
    if actor.person_id is None:
        return False
    return fields["author_id"] == actor.person_id or _is_told(snapshot, actor, one, fields)


def withheld(snapshot: Organisation, actor: Actor, one: Lifecycle, fields: Mapping[Any, Any]) -> frozenset[str]:
    """The names of the fields that the actor is not told: in the record, and in what its history recorded."""
    return frozenset() if _is_told(snapshot, actor, one, fields) else PRIVATE


def told_fields(fields: Mapping[str, Any], untold: frozenset[str]) -> dict[str, Any]:
    """A record's fields, without what is said in those that are withheld."""
    return {name: None if name in untold else value for name, value in fields.items()}


def told_given(given: Mapping[str, Any], untold: frozenset[str]) -> dict[str, Any]:
    """What was recorded, without what is withheld."""
    return {name: value for name, value in given.items() if name not in untold}


def _is_told(snapshot: Organisation, actor: Actor, one: Lifecycle, fields: Mapping[Any, Any]) -> bool:
    return actor.person_id is not None and any(
        not actor.all_posts.isdisjoint(posts_for(role, fields, snapshot)) for role in one.tells_author
    )


def is_the_authors(one: Lifecycle, entry: Any, author_id: UUID | None) -> bool:
    """Whether an entry of history is of the record's author as such: the opening, or a move declared to be theirs.

    `entry` has `move`, `from_state` and `actor_id`. Others who may make the same move are named as ever.
    """
    declared = one.moves.get(entry.move)
    theirs = declared is not None and Role.AUTHOR in declared.by and entry.actor_id == author_id
    return not entry.from_state or theirs


def without_flag(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was recorded, without that it was asked to be confidential."""
    return {name: value for name, value in given.items() if name != FLAG}
