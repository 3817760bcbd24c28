"""Sittings that fall into an absence: of the bodies in which somebody sits, or whose secretary or chair they are."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.asking import OPEN_SITTINGS
from service.organisation import BodyFacts, Organisation
from states.roles import Role
from states.text import Text

_CHAIR: Final = Text("кеңештин төрагасы", "председатель совета", "chair of the council")


class Sits(NamedTuple):
    """A record row of a sitting (with `held_on`), as what somebody is awaited there, and whether as its secretary."""

    row: sa.Row[Any]
    parts: tuple[Text, ...]
    as_secretary: bool


def sittings_of(
    connection: sa.Connection,
    snapshot: Organisation,
    person_id: UUID,
    posts: frozenset[UUID],
    since: date,
    until: date,
    most: int,
) -> Iterator[Sits]:
    """Sittings from a day to a day that await this person or these posts, the first day first."""
    sitting, record = t.sitting.c, t.record.c
    statement = (
        sa.select(t.record, sitting.body_id, sitting.held_on)
        .join(t.sitting, sitting.record_id == record.id)
        .where(sitting.held_on.between(since, until), record.state.in_(OPEN_SITTINGS))
        .order_by(sitting.held_on, record.id)
        .limit(most)
    )
    bodies = {one.id: one for one in snapshot.bodies.values()}
    for row in connection.execute(statement):
        body = bodies[row.body_id]
        sits = person_id in snapshot.sitting_in(body.id, row.held_on)
        if parts := tuple(_parts(body, posts, sits=sits)):
            yield Sits(row, parts, body.secretary_post_id in posts)


def _parts(body: BodyFacts, posts: frozenset[UUID], *, sits: bool) -> Iterator[Text]:
    if body.secretary_post_id in posts:
        yield Role.SECRETARY.label
    if body.chair_post_id in posts:
        yield _CHAIR
    if sits:
        yield Role.MEMBER.label
