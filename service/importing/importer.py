"""What all imports share: who may, and the one transaction, which a trial run takes back."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from models.database import Database
from service.act import Act
from states.refusals import NotYours
from states.roles import Role
from states.text import Text

WHO = (Role.QUALITY_SPECIALIST, Role.ADMINISTRATOR)


class _TakenBack(Exception):  # noqa: N818 - not a fault: it ends a trial run
    """Ends a trial run's transaction."""


@contextmanager
def writing(database: Database, dry_run: bool) -> Iterator[sa.Connection]:
    """A transaction that is rolled back at its end where it is a trial run."""
    try:
        with database.write() as connection:
            yield connection
            if dry_run:
                raise _TakenBack
    except _TakenBack:
        return


def may_import(act: Act, what: Text) -> None:
    """Raise NotYours unless the actor is the quality specialist, the administrator or Sapat itself."""
    if act.actor.person_id is not None and not any(act.organisation.plays(act.actor, role) for role in WHO):
        raise NotYours(move=what, who=tuple(role.label for role in WHO))
