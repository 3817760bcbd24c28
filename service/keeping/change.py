"""What all changes of the organisation share: who may, one at a time, and the line that says what was before."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.base import new_id
from service.act import Act
from service.events import log_event
from service.organisation import Actor, Organisation, organisation, organisation_changed
from service.rehold import rehold
from states.refusals import NotFound, NotYours
from states.roles import Role
from states.text import Text

Row = dict[str, Any]
Roles = tuple[Role, ...]
WHO: Roles = (Role.ADMINISTRATOR,)
# The lists of the quality system that are kept as the organisation is: types of documents, processes.
QUALITY: Roles = (Role.QUALITY_SPECIALIST, Role.ADMINISTRATOR)


def keeps(snapshot: Organisation, actor: Actor, roles: Roles = WHO) -> bool:
    """Whether the actor keeps the organisation, or what is of `roles`: whoever plays one, or Sapat itself."""
    return actor.person_id is None or any(snapshot.plays(actor, role) for role in roles)


def begin(connection: sa.Connection, actor: Actor, now: datetime, what: Text, roles: Roles = WHO) -> Act:
    """A change of the organisation, by somebody who may make it. Raises NotYours."""
    if not keeps(organisation(connection), actor, roles):
        raise NotYours(move=what, who=tuple(role.label for role in roles))
    return alone(connection, actor, now)


def alone(connection: sa.Connection, actor: Actor, now: datetime) -> Act:
    """A change that waits for whoever changes the organisation at this moment, and sees what they did."""
    # Writing the mark locks it until the end: of two that would overlap, the second sees the first one's.
    organisation_changed(connection)
    return Act(connection, organisation(connection), actor, now)


def row_of(act: Act, table: sa.Table, row_id: UUID) -> Row:
    """The row of that identifier. Raises NotFound."""
    found = act.connection.execute(sa.select(table).where(table.c.id == row_id)).mappings().first()
    if found is None:
        raise NotFound
    return dict(found)


def insert(act: Act, table: sa.Table, kind: str, values: Mapping[str, Any], about_id: UUID | None = None) -> UUID:
    """A new row, with its line in the log; its identifier."""
    row_id = new_id()
    row = {"id": row_id, **values}
    act.connection.execute(sa.insert(table), row)
    tell(act, kind, about_id or row_id, {}, row)
    return row_id


def update(
    act: Act, table: sa.Table, kind: str, row: Row, values: Mapping[str, Any], about_id: UUID | None = None
) -> bool:
    """Write what differs, with its line in the log; False, and no line, where nothing does."""
    after = {name: value for name, value in values.items() if row[name] != value}
    if after:
        act.connection.execute(sa.update(table).where(table.c.id == row["id"]).values(after))
        tell(act, kind, about_id or row["id"], {name: row[name] for name in after}, after)
    return bool(after)


def delete(act: Act, table: sa.Table, kind: str, row: Row, about_id: UUID | None = None) -> None:
    """Take a row away that never had any effect, with its line in the log."""
    act.connection.execute(sa.delete(table).where(table.c.id == row["id"]))
    tell(act, kind, about_id or row["id"], row, {})


def tell(
    act: Act,
    kind: str,
    about_id: UUID | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    roles: Roles = WHO,
    **more: Any,
) -> None:
    """Say in the log what was changed, and to every snapshot that it is out of date."""
    acting_for = _acting_for(act, roles)
    log_event(
        act.connection,
        kind,
        act.now,
        actor_id=act.actor.person_id,
        about_id=about_id,
        before=_plain(before),
        after=_plain(after),
        **more,
        **({"acting_for": str(acting_for)} if acting_for else {}),
    )
    organisation_changed(act.connection)


def held_anew(act: Act, posts: Collection[UUID] | None = None) -> int:
    """Give the open tasks of `posts` (without any, all) to whoever has them, now that an office is another's."""
    return rehold(act.connection, act.now, posts)


def _acting_for(act: Act, roles: Roles) -> UUID | None:
    """Whose deputy the actor is, where it is not their own post that lets them."""

    def lets(posts: Iterable[UUID]) -> bool:
        return any(act.organisation.posts[post].role in roles for post in posts)

    if lets(act.actor.posts):
        return None
    return next((lent.person_id for lent in act.actor.lent if lets(lent.posts)), None)


def _plain(row: Mapping[str, Any]) -> Row:
    return {name: _word(value) for name, value in row.items()}


def _word(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
