"""Records: lists with filters, and one record whole, with what this person may do to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.parts import children
from service.reading.asked import Asked, narrowed
from service.reading.authors import CONFIDENTIAL, knows_author, told_fields, withheld
from service.reading.gathered import gathered_by
from service.reading.happened import DecisionView as DecisionView
from service.reading.happened import Entry as Entry
from service.reading.happened import decisions_of, history_of
from service.reading.page import Page, read_page, ready_page
from service.reading.permitted import campuses_of, readable_by, require_readable
from service.reading.tasks import TaskView, Telling, days_late, tasks_on, told
from service.subject import Subject, load
from states.lifecycle import Case, Lifecycle, Move
from states.refusals import NotFound
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
    """A record whole, as one person may read it. `moves` are exactly those that they may make; `child_lifecycles` what
    can be opened on it; `knows_author` whether they are told who its author is.

    `parts` are the rows of what it has several of, by name, and `below` the fields of all that hangs on it, whoever may
    read that: both are read when somebody first looks at them, on the same connection. `case` is the record as its
    lifecycle sees it, for asking conditions.
    """

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
    knows_author: bool = True
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    below: Sequence[Mapping[str, Any]] = ()
    case: Case | None = None

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
MOST_GIVEN = 12  # a list that is asked for more than this is put together anew: nobody asks so twice
_TOLD = ("id", "kind", "code", "title", "state", "version", "owner_post_id", "unit_id")
_SHOWN = sa.select(*(t.record.c[name] for name in (*_TOLD, "opened_at", "moved_at", "closed_at")), _DUE)


def asked_records(connection: sa.Connection, actor: Actor, now: datetime, name: str, **asked: Any) -> sa.Select[Any]:
    """Records of one lifecycle that the actor may read, each with `due_at`; `asked` is what `Asked` holds.

    Raises Malformed for a filter the lifecycle does not have, NotFound for an unknown lifecycle.
    """
    one, wanted = lifecycle(name), Asked(**asked)
    return narrowed(sa.select(t.record, _DUE), one, gathered_by(connection, actor, now, one.name), wanted, now)


def list_records(
    connection: sa.Connection,
    actor: Actor,
    now: datetime,
    name: str,
    *,
    cursor: str | None = None,
    limit: int = 50,
    most: int | None = None,
    **asked: Any,
) -> Page[RecordRow]:
    """Records of one lifecycle that the actor may read, the newest first; `asked` is what `Asked` holds.

    Raises Malformed for a filter the lifecycle does not have, NotFound for an unknown lifecycle.
    """
    one, wanted, snapshot = lifecycle(name), Asked(**asked), organisation(connection)
    order = (t.record.c.id,)

    def which() -> sa.Select[Any]:
        may = gathered_by(connection, actor, now, one.name)
        return narrowed(sa.select(t.record.c.id), one, may, wanted, now)

    def shown(found: sa.Select[Any]) -> sa.Select[Any]:
        # Of all that is asked for only which they are; what is said of them is read of those that are shown.
        found = found.with_only_columns(t.record.c.id, maintain_column_froms=True)
        them = _SHOWN.where(t.record.c.id.in_(found.correlate(None)))
        return them.add_columns(t.record.c.id).order_by(t.record.c.id.desc())

    def make(row: Any) -> RecordRow:
        return _row(row, snapshot, now)

    given = wanted.given(now)
    if wanted.more or len(given) > MOST_GIVEN:
        return read_page(connection, which(), order, make, cursor, limit, newest_first=True, most=most, shown=shown)
    key = ("records", actor, today(now), one.name, tuple(given), wanted.is_open, wanted.late)
    return ready_page(
        connection, key, given, which, order, make, cursor, limit, shown=shown, newest_first=True, most=most
    )


def find_record(connection: sa.Connection, name: str, actor: Actor, now: datetime, kind: str = "") -> UUID:
    """The record that `name` means: its identifier, or its code, of those that the actor may read. Raises NotFound.

    Of several with a code that of the actor's campus is meant, then the newest. With `kind`, of that lifecycle only.
    """
    found = sa.select(t.record.c.id).where(readable_by(connection, actor, now, kind))
    if kind:
        found = found.where(t.record.c.kind == kind)
    try:
        found = found.where(t.record.c.id == UUID(name))
    except ValueError:
        found = found.where(t.record.c.code == name.replace("\0", ""))  # PostgreSQL knows no such sign
        here = t.record.c.campus_id.in_(campuses_of(organisation(connection), actor))
        found = found.order_by(sa.case((here, 0), else_=1), t.record.c.id.desc()).limit(1)
    record_id: UUID | None = connection.execute(found).scalar()
    if record_id is None:
        raise NotFound(N_("There is no record with the code “%(code)s”."), code=name)
    return record_id


def read_record(connection: sa.Connection, record_id: UUID, actor: Actor, now: datetime) -> RecordView:
    """One record with its tasks, history, decisions, relations and the moves open to `actor`.

    Raises NotFound where there is none that they may read; of what it hangs on, and what hangs on it, likewise.
    """
    require_readable(connection, record_id, actor, now)
    subject = load(connection, record_id)
    snapshot = organisation(connection)
    under = children(connection, subject)
    case = subject.case(actor, snapshot, today(now), under)
    roles = case.roles.union(*case.lent.values())
    # The task of the step it is in comes last: where another goes on beside it, this one is asked for now.
    tasks = sorted(tasks_on(connection, record_id, now), key=lambda task: task.step.name == subject.state)
    fields = subject.fields
    knows = knows_author(snapshot, actor, subject.lifecycle, fields)
    untold = withheld(snapshot, actor, subject.lifecycle, fields)
    related = _SHOWN.where(readable_by(connection, actor, now))
    below = connection.execute(related.where(t.record.c.parent_id == record_id).order_by(t.record.c.id)).all()
    above = (
        connection.execute(related.where(t.record.c.id == fields["parent_id"])).first() if fields["parent_id"] else None
    )
    return RecordView(
        subject=Subject(subject.lifecycle, told_fields(fields, untold)),
        moves=subject.lifecycle.offers(case),
        tasks=tasks,
        told=told(connection, [task.id for task in tasks]),
        history=history_of(connection, record_id, subject.lifecycle, knows_author=knows, untold=untold),
        decisions=decisions_of(connection, record_id, subject.lifecycle, fields),
        children=[_row(row, snapshot, now) for row in below],
        parent=_row(above, snapshot, now) if above else None,
        author=(snapshot.people[fields["author_id"]].name if knows else CONFIDENTIAL) if fields["author_id"] else None,
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
        knows_author=knows,
        parts=under.parts,
        below=under.rows,
        case=case,
    )


def read_decided(connection: sa.Connection, record_id: UUID, actor: Actor) -> RecordView:
    """One record with its history and decisions only, for many at once: whoever asks knows that `actor` may read it.

    It has no tasks, moves or relations. Raises NotFound.
    """
    subject, snapshot = load(connection, record_id), organisation(connection)
    fields = subject.fields
    knows = knows_author(snapshot, actor, subject.lifecycle, fields)
    untold = withheld(snapshot, actor, subject.lifecycle, fields)
    return RecordView(
        subject=Subject(subject.lifecycle, told_fields(fields, untold)),
        moves=[],
        tasks=[],
        told=[],
        history=history_of(connection, record_id, subject.lifecycle, knows_author=knows, untold=untold),
        decisions=decisions_of(connection, record_id, subject.lifecycle, fields),
        children=[],
        parent=None,
        author=(snapshot.people[fields["author_id"]].name if knows else CONFIDENTIAL) if fields["author_id"] else None,
        owner=None,
        unit=None,
        process=None,
        document=_document(connection, fields.get("document_id")),
        knows_author=knows,
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
