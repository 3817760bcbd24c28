"""Whom a revision that was given out concerns by now: people come, posts change, another distribution is laid down."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database, put
from service.concerned import concerned, laid_down
from service.organisation import CHANGED, organisation
from states.lifecycle import Meaning
from states.working_days import today

AT_ONCE: Final = 500
# What the last look had seen: the organisation as it was then, and the day.
SEEN, SEEN_ON = "readings:organisation", "readings:day"
_file, _of = t.controlled_file.c, t.acknowledgement.c


def look_again(database: Database, now: datetime) -> int:
    """Mark the revisions in force that concern somebody who was not asked; gives how many those are.

    Where the organisation is as it was, only those are looked at whose posts have begun since the last look.
    """
    day = today(now)
    with database.read() as connection:
        version, last = _counter(connection, CHANGED), _counter(connection, SEEN_ON)
        since = None
        if last and version and version == _counter(connection, SEEN):
            since = date.fromordinal(last)
        found = _lacking(connection, day, since)
    with database.write() as connection:
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            connection.execute(
                sa.update(t.controlled_file).where(_file.record_id.in_(some)).values(distributed_at=None)
            )
        for name, value in ((SEEN, version), (SEEN_ON, day.toordinal())):
            put(connection, t.counter, {"name": name, "value": value}, key="name")
    return len(found)


def approvers(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Who approved records (`record_id`, `person_id`), by signatures that hold."""
    signed = t.signature.c
    approved = (signed.meaning == Meaning.APPROVED) & signed.voided_at.is_(None)
    return sa.select(signed.record_id, signed.person_id).where(where, approved)


def _lacking(connection: sa.Connection, day: date, since: date | None) -> list[UUID]:
    """The revisions given out that concern somebody who was not asked: of those whose posts began after `since`.

    Read set by set, for all revisions together.
    """
    snapshot, laid = organisation(connection), laid_down(connection)
    newcomers = None if since is None else set(connection.execute(_beginners(since, day)).scalars())
    if newcomers is not None and not newcomers:
        return []
    given_out = _file.distributed_at.is_not(None) & t.revision.c.in_force
    ids = sa.select(_file.record_id).join(t.revision, t.revision.c.record_id == _file.record_id).where(given_out)
    known: dict[UUID, set[UUID]] = {}
    asked = sa.select(_of.revision_id, _of.reader_id).where(_of.revision_id.in_(ids))
    for revision_id, person_id in (*connection.execute(asked), *connection.execute(approvers(_of_these(ids)))):
        known.setdefault(revision_id, set()).add(person_id)
    whom: dict[Any, set[UUID]] = {}
    found = []
    for row in connection.execute(_GIVEN_OUT.where(given_out).order_by(_file.record_id)).mappings():
        key = (laid.of(row["id"], row["type_code"]), *(row[name] for name in _PLACES))
        if key not in whom:  # documents of one type and place concern the same people
            whom[key] = set(concerned(snapshot, key[0], dict(row), day))
        lacking = whom[key] - known.get(row["record_id"], set()) - {row["author_id"]}
        if lacking if newcomers is None else lacking & newcomers:
            found.append(row["record_id"])
    return found


def _of_these(ids: sa.Select[Any]) -> sa.ColumnElement[bool]:
    return t.signature.c.record_id.in_(ids)


def _beginners(since: date, day: date) -> sa.Select[Any]:
    holding = t.holding.c
    return sa.select(holding.person_id).where(holding.since > since, holding.since <= day).distinct()


def _counter(connection: sa.Connection, name: str) -> int:
    return connection.execute(sa.select(t.counter.c.value).where(t.counter.c.name == name)).scalar() or 0


_PLACES: Final = ("unit_id", "process_id", "owner_post_id", "campus_id")
_GIVEN_OUT: Final = (
    sa.select(_file.record_id, t.record.c.author_id, *(t.document.c[name] for name in ("id", "type_code", *_PLACES)))
    .join_from(t.controlled_file, t.record, t.record.c.id == _file.record_id)
    .join(t.revision, t.revision.c.record_id == _file.record_id)
    .join(t.document, t.document.c.id == t.revision.c.document_id)
)
