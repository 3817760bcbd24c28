"""Who plays a part for a record today: posts with those who answer for them, or the person it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from service.organisation import PersonFacts, PostFacts
from service.reading.reasons import Ground, Reason
from service.subject import said_players
from states.roles import Role
from states.text import N_

# In the place of an author whose name is confidential: nobody at all.
UNNAMED: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class HolderView:
    """Somebody who answers for a post today: `note` says how, `acts` whether they are there."""

    person: PersonFacts
    note: Reason
    acts: bool = True


@dataclass(frozen=True, slots=True)
class PostView:
    """A post that plays a part for the record, and everybody who answers for it today."""

    post: PostFacts
    people: tuple[HolderView, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """A part: the posts that play it for the record, or the person it is, who may be `hidden`."""

    role: Role
    posts: tuple[PostView, ...] = ()
    person: PersonFacts | None = None
    hidden: bool = False


def part_of(ground: Ground, role: Role, fields: Mapping[str, Any]) -> PartView:
    """Who plays the part for the record with these fields."""
    people = {Role.AUTHOR: fields.get("author_id"), Role.DOER: fields.get("implemented_by_id")}
    if (person_id := people.get(role)) == UNNAMED:
        return PartView(role, hidden=True)
    if person_id:
        return PartView(role, person=ground.snapshot.people[person_id])
    said = tuple(view for one in said_players(role, fields) if (view := _named(ground, one)))
    return PartView(role, said or tuple(_post(ground, post_id) for post_id in ground.posts_playing(role, fields)))


def _named(ground: Ground, person_id: UUID) -> PostView | None:
    """Somebody whom the record itself names for a part, in their first post, with whoever stands in for them."""
    posts = sorted(ground.snapshot.posts_of(person_id, ground.day)) if person_id in ground.snapshot.people else []
    if not posts:
        return None
    return PostView(ground.snapshot.posts[posts[0]], tuple(_held(ground, person_id, posts[0])))


def _post(ground: Ground, post_id: UUID) -> PostView:
    snapshot, day = ground.snapshot, ground.day
    holders = snapshot.holders(post_id, day)
    people = [line for person_id in holders for line in _held(ground, person_id, post_id)]
    if not any(line.acts for line in people):
        note = Reason(_FALLS_ABSENT if holders else _FALLS)
        above = [person for person in snapshot.answering(post_id, day) if person not in holders]
        people += [HolderView(snapshot.people[person], note) for person in above]
    return PostView(snapshot.posts[post_id], tuple(people))


def _held(ground: Ground, person_id: UUID, post_id: UUID) -> Iterator[HolderView]:
    snapshot, day = ground.snapshot, ground.day
    person, since = snapshot.people[person_id], ground.since[person_id, post_id]
    deputy = snapshot.stands_in(person_id, day)
    yield HolderView(person, Reason(_SINCE if deputy == person_id else _AWAY, {"since": since}), deputy == person_id)
    if deputy and deputy != person_id:
        until = snapshot.stands_in_until(person_id, day) or day
        yield HolderView(snapshot.people[deputy], Reason(_DEPUTY, {"person": person.name, "until": until}))


_SINCE = N_("since %(since)s")
_AWAY = N_("since %(since)s, away now")
_DEPUTY = N_("for %(person)s until %(until)s")
_FALLS = N_("as the head above, for the post is vacant")
_FALLS_ABSENT = N_("as the head above, for the holder is away without a deputy")
