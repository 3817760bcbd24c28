"""People as programs name them: by code."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from states.refusals import NotFound
from states.text import N_
from states.working_days import today


def actor_by_code(connection: sa.Connection, code: str, now: datetime) -> Actor:
    """The person of that code, with the posts they answer for at `now`. Raises NotFound."""
    found: UUID | None = connection.execute(sa.select(t.person.c.id).where(t.person.c.code == code)).scalar()
    if found is None:
        raise NotFound(N_("There is nobody with the code “%(code)s”."), code=code)
    return organisation(connection).actor(found, today(now))
