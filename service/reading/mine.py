"""Which tasks are whose."""

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor

OPEN = t.task.c.closed_at.is_(None)


def belongs_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Which tasks are a person's: their own, those of the posts they answer for, those of whom they stand in for."""
    return sa.or_(*held_by(actor))


def held_by(actor: Actor) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The same apart: as people, and by posts. No task is both."""
    return t.task.c.holder_person_id.in_(actor.people), t.task.c.holder_post_id.in_(actor.all_posts)
