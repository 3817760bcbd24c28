"""Whom somebody stands in for, until when, and which of their tasks are theirs for that time only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.organisation import Actor, Organisation
from states.text import Text


@dataclass(frozen=True, slots=True)
class StandingIn:
    """One who is away, for whom somebody acts until a day (included)."""

    code: str
    name: Text
    until: date


def standing_in(snapshot: Organisation, actor: Actor, day: date) -> dict[UUID | None, StandingIn]:
    """Those whose deputy the actor is on `day`, by person."""
    found: dict[UUID | None, StandingIn] = {}
    for lent in actor.lent:
        if until := snapshot.stands_in_until(lent.person_id, day):
            person = snapshot.people[lent.person_id]
            found[person.id] = StandingIn(person.code, person.name, until)
    return found


def held_for(actor: Actor, post_id: UUID | None, person_id: UUID | None) -> UUID | None:
    """For whom the actor has a task of this post or person: None where it is their own anyway, or not with them."""
    if person_id == actor.person_id or post_id in actor.posts:
        return None
    return next((one.person_id for one in actor.lent if person_id == one.person_id or post_id in one.posts), None)
