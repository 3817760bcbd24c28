"""Records: lists with filters, and one record whole, with what this person may do to it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.organisation import Actor, Organisation, organisation
from service.reading.happened import DecisionView as DecisionView
from service.reading.happened import Entry as Entry
from service.reading.happened import decisions_of, history_of
from service.reading.page import Page, read_page
from service.reading.tasks import TaskView, Telling, days_late, tasks_on, told
from service.subject import Subject, children, load, roles_of, typed_table
from states.kyrgyz import fold
from states.lifecycle import Lifecycle, Move
from states.refusals import Malformed, NotFound
from states.registry import lifecycle, lifecycles
from states.text import N_, Text
from states.working_days import today


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A line of a list of records."""

    id: UUID
    lifecycle: Lifecycle
    code: str
    title: str
    state: str
    version: int
    opened_at: datetime
    moved_at: datetime
    closed_at: datetime | None
    owner: Text | None
    unit: Text | None
    due_at: datetime | None
    late: bool
    days: int | None

    @property
    def state_label(self) -> Text:
        """The name of the step it is in."""
        return self.lifecycle.steps[self.state].label


@dataclass(slots=True)
class RecordView:
    """A record whole. `moves` are exactly those this person may make; `child_lifecycle` what can be opened on it."""

    subject: Subject
    moves: list[Move]
    tasks: list[TaskView]
    told: list[Telling]
    history: list[Entry]
    decisions: list[DecisionView]
    children: list[RecordRow]
    parent: RecordRow | None
    author: Text | None
    owner: Text | None
    unit: Text | None
    process: str | None
    document: Any = None
    child_lifecycles: list[Lifecycle] = field(default_factory=list)

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle the record goes through."""
        return self.subject.lifecycle


_DUE = (
    sa.select(sa.func.min(t.task.c.due_at))
    .where(t.task.c.record_id == t.record.c.id, t.task.c.closed_at.is_(None))
    .scalar_subquery()
    .label("due_at")
)


def list_records(
    connection: sa.Connection,
    now: datetime,
    name: str,
    *,
    state: str | None = None,
    text: str | None = None,
    owner_post_id: UUID | None = None,
    unit_id: UUID | None = None,
    process_id: UUID | None = None,
    parent_id: UUID | None = None,
    document_id: UUID | None = None,
    is_open: bool | None = None,
    late: bool | None = None,
    typed: dict[str, str] | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RecordRow]:
    """Records of one lifecycle, the newest first. `typed` filters by choice fields (nc_kind, source, severity, …).

    Raises Malformed for a filter the lifecycle does not have, NotFound for an unknown lifecycle.
    """
    one = lifecycle(name)
    statement = sa.select(t.record, _DUE).where(t.record.c.kind == one.name)
    if state:
        statement = statement.where(t.record.c.state == state)
    for column, value in (
        (t.record.c.owner_post_id, owner_post_id),
        (t.record.c.unit_id, unit_id),
        (t.record.c.process_id, process_id),
        (t.record.c.parent_id, parent_id),
    ):
        if value:
            statement = statement.where(column == value)
    for word in fold(text or "").split():
        statement = statement.where(t.record.c.folded.contains(word, autoescape=True))
    if is_open is not None:
        statement = statement.where(t.record.c.closed_at.is_(None) == is_open)
    if late is not None:
        overdue = sa.exists().where(
            t.task.c.record_id == t.record.c.id, t.task.c.closed_at.is_(None), t.task.c.due_at < now
        )
        statement = statement.where(overdue if late else ~overdue)
    filters = {**(typed or {}), **({"document_id": document_id} if document_id else {})}
    if filters:
        table = typed_table(one.name)
        statement = statement.join(table, table.c.record_id == t.record.c.id)
        for key, wanted in filters.items():
            if key not in table.c:
                raise Malformed(N_("There is no such filter: “%(filter)s”."), filter=key)
            statement = statement.where(table.c[key] == wanted)
    snapshot = organisation(connection)
    return read_page(
        connection, statement, (t.record.c.id,), lambda row: _row(row, snapshot, now), cursor, limit, newest_first=True
    )


def find_record(connection: sa.Connection, name: str, kind: str = "") -> UUID:
    """The record that `name` means: its identifier, or its code (the newest one of that code). Raises NotFound.

    With `kind`, a record of that lifecycle only.
    """
    try:
        known = _KIND_OF.first(connection, {"of": UUID(name)})
        found = UUID(name) if known and kind in ("", known[0]) else None
    except ValueError:
        wanted = t.record.c.code == name.replace("\0", "")  # PostgreSQL knows no such sign
        newest = sa.select(t.record.c.id).where(wanted).order_by(t.record.c.id.desc()).limit(1)
        found = connection.execute(newest.where(t.record.c.kind == kind) if kind else newest).scalar()
    if found is None:
        raise NotFound(N_("There is no record with the code “%(code)s”."), code=name)
    return found


_KIND_OF = Prepared(sa.select(t.record.c.kind).where(t.record.c.id == sa.bindparam("of")))


def read_record(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> RecordView:
    """One record with its tasks, history, decisions, relations and the moves open to `actor`. Raises NotFound."""
    subject = load(connection, record_id)
    snapshot = organisation(connection)
    roles = roles_of(actor, subject.fields, snapshot)
    case = subject.case(today(now), roles, children(connection, subject))
    tasks = tasks_on(connection, record_id, now)
    fields = subject.fields
    related = sa.select(t.record, _DUE)
    below = connection.execute(related.where(t.record.c.parent_id == record_id).order_by(t.record.c.id)).all()
    above = (
        connection.execute(related.where(t.record.c.id == fields["parent_id"])).first() if fields["parent_id"] else None
    )
    return RecordView(
        subject=subject,
        moves=subject.lifecycle.offers(case),
        tasks=tasks,
        told=told(connection, [task.id for task in tasks]),
        history=history_of(connection, record_id, subject.lifecycle),
        decisions=decisions_of(connection, record_id, subject.lifecycle),
        children=[_row(row, snapshot, now) for row in below],
        parent=_row(above, snapshot, now) if above else None,
        author=snapshot.people[fields["author_id"]].name if fields["author_id"] else None,
        owner=snapshot.posts[fields["owner_post_id"]].name if fields["owner_post_id"] else None,
        unit=snapshot.units[fields["unit_id"]].name if fields["unit_id"] else None,
        process=_process(connection, fields["process_id"]),
        document=_document(connection, fields.get("document_id")),
        child_lifecycles=[
            one
            for one in lifecycles().values()
            if one.child_of == subject.lifecycle.name
            and not roles.isdisjoint(one.opened_by)
            and subject.state in one.opened_in
        ],
    )


def _row(row: Any, snapshot: Organisation, now: datetime) -> RecordRow:
    return RecordRow(
        id=row.id,
        lifecycle=lifecycle(row.kind),
        code=row.code,
        title=row.title,
        state=row.state,
        version=row.version,
        opened_at=row.opened_at,
        moved_at=row.moved_at,
        closed_at=row.closed_at,
        owner=snapshot.posts[row.owner_post_id].name if row.owner_post_id else None,
        unit=snapshot.units[row.unit_id].name if row.unit_id else None,
        due_at=row.due_at,
        late=bool(row.due_at and row.due_at < now),
        days=days_late(row.due_at, now, snapshot.calendar) if row.due_at else None,
    )


def _process(connection: sa.Connection, process_id: UUID | None) -> str | None:
    if process_id is None:
        return None
    row = connection.execute(sa.select(t.process.c.code, t.process.c.name).where(t.process.c.id == process_id)).one()
    return f"{row.code} {row.name}"


def _document(connection: sa.Connection, document_id: UUID | None) -> Any:
    if document_id is None:
        return None
    return connection.execute(sa.select(t.document).where(t.document.c.id == document_id)).one()
