"""What is told of controlled files: to anybody who asks about one, and to whoever may read the revision."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.codes import asked_for, former_codes
from service.controlled import rows
from states.working_days import today

IN_FORCE, SUPERSEDED, WITHDRAWN = "in_force", "superseded", "withdrawn"


class Other(NamedTuple):
    """Another revision of the same document."""

    record_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a revision stands that is in force, or once was; of any other nothing is told.

    `since` None: an import does not say since when. `until` is the day it ceased; `by` what superseded it, `now` what
    is in force of the document today, where that is another one again. `formerly`: the document's codes before, which
    a paper in somebody's hands may bear, the last first.
    """

    record_id: UUID
    code: str
    title: str
    number: int
    state: str
    since: date | None
    until: date | None = None
    by: Other | None = None
    now: Other | None = None
    formerly: tuple[str, ...] = ()


def standing(connection: sa.Connection, record_id: UUID) -> Standing | None:
    """How the revision stands; None for what is no revision, and for what has never been in force."""
    row = connection.execute(_REVISION.where(t.record.c.id == record_id)).one_or_none()
    state = _state(row) if row else ""
    if not row or not state:
        return None
    after = [one for one in connection.execute(_LATER, {"of": row.document_id, "than": row.number}) if _state(one)]
    by = Other(after[0].record_id, after[0].number) if after and state == SUPERSEDED else None
    now = next((Other(one.record_id, one.number) for one in after if one.in_force), None)
    until = today(row.closed_at) if row.closed_at and state != IN_FORCE else None
    return Standing(
        record_id=record_id,
        code=row.code,
        title=row.title,
        number=row.number,
        state=state,
        since=row.in_force_on,
        until=until,
        by=by,
        now=now if now != by else None,
        formerly=tuple(former_codes(connection, [row.document_id]).get(row.document_id, ())),
    )


def in_force_as(connection: sa.Connection, code: str) -> list[Standing]:
    """What is in force of the documents that have this code, or had it: on each campus one. However it is typed."""
    is_it, document, former = asked_for(code), t.document.c, t.former_code.c
    now = sa.select(document.id, document.code, sa.literal(0).label("before"))
    before = sa.select(former.document_id, former.code, sa.literal(1))
    codes = connection.execute(now.union_all(before).order_by("before")).all()
    meant = list(dict.fromkeys(one.id for one in codes if is_it(one.code)))
    found = connection.execute(_REVISION.where(t.revision.c.in_force, document.id.in_(meant))).all()
    in_order = sorted(found, key=lambda row: (meant.index(row.document_id), row.record_id))
    return [one for row in in_order if (one := standing(connection, row.record_id))]


def whose(connection: sa.Connection, sha256: str) -> UUID | None:
    """The revision whose controlled file has these bytes, if any ever had."""
    digest = t.controlled_digest.c
    found: UUID | None = connection.execute(sa.select(digest.record_id).where(digest.sha256 == sha256)).scalar()
    return found


@dataclass(frozen=True, slots=True)
class FileView:
    """A controlled file, or what becomes of it; `says` is a sentence for the catalogues, with its `facts`."""

    state: str
    asked_at: datetime
    next_try_at: datetime | None
    tried: int
    says: str
    facts: dict[str, Any]
    made_at: datetime | None
    sha256: str | None
    size: int | None
    pages: int | None
    how: tuple[str, ...]


def file_of(connection: sa.Connection, record_id: UUID) -> FileView | None:
    """The controlled file of a revision; None where none was ever asked for."""
    row = connection.execute(sa.select(t.controlled_file).where(t.controlled_file.c.record_id == record_id)).first()
    return _view(row) if row else None


@dataclass(frozen=True, slots=True)
class Unmade:
    """A revision without its file, or with an older one."""

    record_id: UUID
    code: str
    title: str
    file: FileView


def not_made(connection: sa.Connection, most: int = 500) -> Iterator[Unmade]:
    """What has failed, then what waits, the oldest first."""
    failed_first = sa.case((t.controlled_file.c.state == rows.FAILED, 0), else_=1)
    statement = (
        sa.select(t.record.c.code, t.record.c.title, t.controlled_file)
        .join_from(t.controlled_file, t.record)
        .where(t.controlled_file.c.state != rows.MADE)
        .order_by(failed_first, t.controlled_file.c.asked_at, t.record.c.id)
    )
    for row in connection.execute(statement.limit(most)):
        yield Unmade(row.record_id, row.code, row.title, _view(row))


def _view(row: Any) -> FileView:
    says, facts = rows.told(row.says)
    return FileView(
        state=row.state,
        asked_at=row.asked_at,
        next_try_at=row.next_try_at,
        tried=row.tried,
        says=says,
        facts=facts,
        made_at=row.made_at,
        sha256=row.sha256,
        size=row.size,
        pages=row.pages,
        how=tuple((row.how or "").split(",")) if row.how else (),
    )


def _state(row: Any) -> str:
    """In force, or how it ceased to be; nothing for what never was."""
    if row.in_force:
        return IN_FORCE
    return row.state if row.state in (SUPERSEDED, WITHDRAWN) else ""


_REVISION = (
    sa.select(
        t.document.c.code,
        t.record.c.title,
        t.record.c.state,
        t.record.c.closed_at,
        t.revision.c.record_id,
        t.revision.c.document_id,
        t.revision.c.number,
        t.revision.c.in_force,
        t.revision.c.in_force_on,
    )
    .join_from(t.revision, t.record, t.record.c.id == t.revision.c.record_id)
    .join(t.document, t.document.c.id == t.revision.c.document_id)
)
_LATER = _REVISION.where(
    t.revision.c.document_id == sa.bindparam("of"), t.revision.c.number > sa.bindparam("than")
).order_by(t.revision.c.number)
