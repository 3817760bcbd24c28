"""The register of documents: each with its revision in force and the one under way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.codes import formerly
from service.organisation import Actor, organisation
from service.reading.page import Page, read_page
from service.reading.permitted import campuses_of, readable_by
from states.kyrgyz import fold, sort_key
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_, Text

# The lifecycle that a document's revisions go through.
KIND = "document"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line of the register. `in_force_id`/`under_way_id` are the records of its revisions, where there are such that
    whoever asks may read.
    """

    id: UUID
    code: str
    title: str
    type_code: str
    process_group: str
    is_series: bool
    owner: Text | None
    unit: Text | None
    owner_post_id: UUID | None
    unit_id: UUID | None
    campus_id: UUID
    in_force_id: UUID | None
    number: int | None
    in_force_on: date | None
    review_due_on: date | None
    state: str | None
    under_way_id: UUID | None
    under_way_state: str | None
    given: dict[str, Any]

    @property
    def state_label(self) -> Text | None:
        """The name of the step that the revision in force, else the one under way, is in."""
        state = self.state or self.under_way_state
        return lifecycle(KIND).steps[state].label if state else None


_force, _force_record = t.revision.alias("force"), t.record.alias("force_record")
_coming, _coming_record = t.revision.alias("coming"), t.record.alias("coming_record")


def _rows(connection: sa.Connection, actor: Actor, now: datetime) -> sa.Select[Any]:
    """The register, of the revisions only those that the actor may read."""
    force, coming = (readable_by(connection, actor, now, KIND, one) for one in (_force_record, _coming_record))
    return (
        sa.select(
            t.document,
            _force.c.record_id.label("in_force_id"),
            _force.c.number,
            _force.c.in_force_on,
            _force.c.review_due_on,
            _force_record.c.state,
            _coming_record.c.id.label("under_way_id"),
            _coming_record.c.state.label("under_way_state"),
        )
        .select_from(t.document)
        .outerjoin(
            _force.join(_force_record, (_force_record.c.id == _force.c.record_id) & force),
            (_force.c.document_id == t.document.c.id) & _force.c.in_force,
        )
        .outerjoin(
            _coming.join(
                _coming_record,
                (_coming_record.c.id == _coming.c.record_id)
                & _coming_record.c.closed_at.is_(None)
                & _coming.c.in_force.is_(None)
                & coming,
            ),
            _coming.c.document_id == t.document.c.id,
        )
    )


def list_documents(
    connection: sa.Connection,
    actor: Actor,
    now: datetime,
    *,
    type_code: str | None = None,
    process_group: str | None = None,
    process_id: UUID | None = None,
    state: str | None = None,
    owner_post_id: UUID | None = None,
    text: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DocumentRow]:
    """The register in the order of its codes, for whoever is signed in; of its revisions what the actor may read.

    `state` is that of the revision in force or of the one under way.
    """
    statement = _rows(connection, actor, now)
    if type_code:
        statement = statement.where(t.document.c.type_code == type_code)
    if process_group:
        statement = statement.where(t.document.c.process_group == process_group)
    if process_id:
        statement = statement.where(t.document.c.process_id == process_id)
    if owner_post_id:
        statement = statement.where(t.document.c.owner_post_id == owner_post_id)
    if state:
        statement = statement.where((_force_record.c.state == state) | (_coming_record.c.state == state))
    for word in fold(text or "").split():
        statement = statement.where(t.document.c.folded.contains(word, autoescape=True))
    make = _maker(connection)
    return read_page(connection, statement, (t.document.c.sort_key, t.document.c.id), make, cursor, limit)


@dataclass(frozen=True, slots=True)
class RegisterChoices:
    """What the register can be filtered by: types with their names, process groups, posts that own documents."""

    types: list[tuple[str, Text]]
    groups: list[str]
    owners: list[tuple[UUID, Text]]


def register_choices(connection: sa.Connection) -> RegisterChoices:
    """Only what some document of the register has."""
    document = t.document.c
    used = connection.execute(sa.select(document.type_code, document.process_group, document.owner_post_id).distinct())
    rows = used.all()
    names = {
        row.code: Text(row.name_ky, row.name_ru, row.name_en) for row in connection.execute(sa.select(t.document_type))
    }
    posts = organisation(connection).posts
    return RegisterChoices(
        types=[(code, names[code]) for code in sorted({row.type_code for row in rows}, key=sort_key)],
        groups=sorted({row.process_group for row in rows if row.process_group}, key=sort_key),
        owners=[(one, posts[one].name) for one in {row.owner_post_id for row in rows if row.owner_post_id}],
    )


def read_document(connection: sa.Connection, document_id: UUID, actor: Actor, now: datetime) -> DocumentRow:
    """One document of the register, with those of its revisions that the actor may read. Raises NotFound."""
    row = connection.execute(_rows(connection, actor, now).where(t.document.c.id == document_id)).first()
    if row is None:
        raise NotFound
    return _maker(connection)(row)


def find_document(connection: sa.Connection, name: str, actor: Actor) -> UUID:
    """The document that `name` means: its identifier or its code, on the actor's campus before others.

    Raises NotFound.
    """
    try:
        wanted = t.document.c.id == UUID(name)
    except ValueError:
        wanted = t.document.c.code == name.replace("\0", "")  # PostgreSQL knows no such sign
    here = t.document.c.campus_id.in_(campuses_of(organisation(connection), actor))
    every = sa.select(t.document.c.id).order_by(sa.case((here, 0), else_=1), t.document.c.id).limit(1)
    found: UUID | None = connection.execute(every.where(wanted)).scalar()
    if found is None:  # it may have been called so before
        found = connection.execute(every.where(t.document.c.id.in_(formerly(name.replace("\0", ""))))).scalar()
    if found is None:
        raise NotFound(N_("There is no document with the code “%(code)s”."), code=name)
    return found


def _maker(connection: sa.Connection) -> Callable[[Any], DocumentRow]:
    snapshot = organisation(connection)

    def make(row: Any) -> DocumentRow:
        return DocumentRow(
            id=row.id,
            code=row.code,
            title=row.title,
            type_code=row.type_code,
            process_group=row.process_group,
            is_series=row.is_series,
            owner=snapshot.posts[row.owner_post_id].name if row.owner_post_id else None,
            unit=snapshot.units[row.unit_id].name if row.unit_id else None,
            owner_post_id=row.owner_post_id,
            unit_id=row.unit_id,
            campus_id=row.campus_id,
            in_force_id=row.in_force_id,
            number=row.number,
            in_force_on=row.in_force_on,
            review_due_on=row.review_due_on,
            state=row.state,
            under_way_id=row.under_way_id,
            under_way_state=row.under_way_state,
            given=row.given,
        )

    return make
