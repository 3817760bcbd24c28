"""What a university is made of, as lists: units, posts, people, councils, processes; and a record's history."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import BodyFacts, Organisation, PersonFacts, PostFacts, UnitFacts, organisation
from service.reading.page import Page, read_page

T = TypeVar("T")
Cursor = str | None


def list_units(connection: sa.Connection, cursor: Cursor = None, limit: int = 50) -> Page[UnitFacts]:
    """Units in the order of their codes."""
    units = organisation(connection).units
    return _by_code(connection, t.unit, lambda row: units[row.id], cursor, limit)


def list_posts(
    connection: sa.Connection, cursor: Cursor = None, limit: int = 50, *, unit_id: UUID | None = None
) -> Page[PostFacts]:
    """Posts in the order of their codes."""
    posts = organisation(connection).posts
    where = t.post.c.unit_id == unit_id if unit_id else sa.true()
    return _by_code(connection, t.post, lambda row: posts[row.id], cursor, limit, where)


def list_people(connection: sa.Connection, cursor: Cursor = None, limit: int = 50) -> Page[PersonFacts]:
    """People in the order of their codes."""
    people = organisation(connection).people
    return _by_code(connection, t.person, lambda row: people[row.id], cursor, limit)


def list_bodies(connection: sa.Connection, cursor: Cursor = None, limit: int = 50) -> Page[tuple[BodyFacts, Any]]:
    """Councils in the order of their codes, each with its row, which has the rules it decides by."""
    bodies = organisation(connection).bodies
    return _by_code(connection, t.body, lambda row: (bodies[row.code], row), cursor, limit)


def page_of_processes(
    connection: sa.Connection, cursor: Cursor = None, limit: int = 50
) -> Page[tuple[Any, tuple[UUID, ...]]]:
    """Processes in the order of their codes as text, each with the posts that answer for it."""
    owners: dict[UUID, list[UUID]] = {}
    rows = sa.select(t.process_owner.c.process_id, t.process_owner.c.post_id)
    for process_id, post_id in connection.execute(rows.order_by(t.process_owner.c.position)):
        owners.setdefault(process_id, []).append(post_id)
    return _by_code(connection, t.process, lambda row: (row, tuple(owners.get(row.id, ()))), cursor, limit)


def list_history(
    connection: sa.Connection, record_id: UUID, make: Callable[[Any], T], cursor: Cursor = None, limit: int = 50
) -> Page[T]:
    """A record's history as it is kept, the first entry first."""
    statement = sa.select(t.history).where(t.history.c.record_id == record_id)
    return read_page(connection, statement, (t.history.c.seq,), make, cursor, limit)


def process_named(connection: sa.Connection, process_id: UUID | None) -> tuple[str, str] | None:
    """Code and name of a process."""
    if process_id is None:
        return None
    row = connection.execute(sa.select(t.process.c.code, t.process.c.name).where(t.process.c.id == process_id)).one()
    return row.code, row.name


def people_in(snapshot: Organisation, post_id: UUID, day: Any) -> list[PersonFacts]:
    """Who holds a post on a day."""
    return [snapshot.people[one] for one in snapshot.holders(post_id, day)]


def _by_code(
    connection: sa.Connection,
    table: sa.Table,
    make: Callable[[Any], T],
    cursor: Cursor,
    limit: int,
    where: sa.ColumnElement[bool] | None = None,
) -> Page[T]:
    statement = sa.select(table) if where is None else sa.select(table).where(where)
    return read_page(connection, statement, (table.c.code,), make, cursor, limit)
