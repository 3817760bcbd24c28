"""The rector's desk: what waits for their approval, and what the councils will bring next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, Organisation, organisation
from service.reading.happened import DecisionView
from service.reading.mine import OPEN, belongs_to
from service.reading.page import Page, read_page
from service.reading.permitted import readable_by
from service.reading.records import RecordView
from service.reading.tasks import TASK, TaskView, task_views
from states.lifecycle import Step
from states.refusals import NotYours
from states.registry import lifecycle
from states.roles import Role
from states.text import N_, Text

KIND: Final = "document"
SHOWN: Final = 20
WHAT: Final = Text("ректордун столу", "стол ректора", "the rector's desk")
# Before these steps a document is with its author or a council; after them it comes to the rector.
BEFORE: Final = ("council_review", "amendment")


def has_desk(connection: sa.Connection, actor: Actor) -> bool:
    """Whether documents come to this person for approval: as rector, as whoever a route names, or as their deputy."""
    if actor.person_id is None:
        return False
    if decides(organisation(connection), actor):
        return True
    return bool(connection.execute(sa.select(sa.exists(_mine(actor).with_only_columns(t.task.c.id)))).scalar())


def decides(snapshot: Organisation, actor: Actor) -> bool:
    """The same as far as the organisation and its routes say it."""
    return snapshot.plays(actor, Role.RECTOR) or not actor.all_posts.isdisjoint(snapshot.approvers)


def desk_name(*, rector: bool) -> str:
    """What the desk is called: an English sentence for the catalogues."""
    return _RECTORS if rector else _APPROVERS


def require_desk(connection: sa.Connection, actor: Actor) -> None:
    """Raise NotYours where there is no desk for them."""
    if not has_desk(connection, actor):
        raise NotYours(move=WHAT, who=(Role.RECTOR.label,))


@dataclass(frozen=True, slots=True)
class Coming:
    """A document that comes to the rector next: with which council it is (None: with its author), and until when.

    `councils` are those that still come after it.
    """

    id: UUID
    code: str
    title: str
    step: Step
    council: Text | None
    councils: tuple[Text, ...]
    due_at: datetime | None


def steps() -> list[str]:
    """The steps in which a document is the rector's to decide on."""
    return [one.name for one in lifecycle(KIND).steps.values() if one.owner is Role.RECTOR]


def waiting(connection: sa.Connection, actor: Actor, now: datetime, cursor: str | None = None) -> Page[TaskView]:
    """What waits for the actor, or for whom they stand in for: the most urgent first."""
    page = read_page(connection, _mine(actor), (t.task.c.due_at, t.task.c.id), lambda row: row, cursor, SHOWN)
    return Page(task_views(connection, page.rows, now), page.next, page.total)


def _mine(actor: Actor) -> sa.Select[Any]:
    return TASK.where(OPEN, belongs_to(actor), t.task.c.lifecycle == KIND, t.task.c.step.in_(steps()))


def of_this_round(view: RecordView) -> list[DecisionView]:
    """The councils' decisions since the revision was submitted last, the first one first."""
    begun = max((entry.seq for entry in view.history if entry.move_name == "submit"), default=0)
    since = {entry.id for entry in view.history if entry.seq > begun}
    return [one for one in view.decisions if one.kind == "body" and one.history_id in since]


def coming(connection: sa.Connection, actor: Actor, now: datetime, limit: int = 10) -> Page[Coming]:
    """What the councils have before them and comes to the actor then: what has waited longest first."""
    record, revision = t.record.c, t.revision.c
    due = (
        sa.select(sa.func.min(t.task.c.due_at))
        .where(t.task.c.record_id == record.id, OPEN)
        .scalar_subquery()
        .label("due_at")
    )
    statement = (
        sa.select(record.id, record.code, record.title, record.state, revision.route, revision.position, due)
        .join(t.revision, revision.record_id == record.id)
        .where(record.kind == KIND, record.state.in_(BEFORE), _comes_to(organisation(connection), actor))
        .where(readable_by(connection, actor, now, KIND))
    )
    total = connection.execute(sa.select(sa.func.count()).select_from(statement.subquery())).scalar_one()
    rows = connection.execute(statement.order_by(record.moved_at, record.id).limit(limit)).all()
    names = {code: body.name for code, body in organisation(connection).bodies.items()}
    return Page([_coming(row, names) for row in rows], None, total)


def _comes_to(snapshot: Organisation, actor: Actor) -> sa.ColumnElement[bool]:
    """What they approve by its route, or as its campus's rector where it names nobody."""
    approver, posts = t.revision.c.approver_post_id, actor.all_posts
    campuses = [unit.id for unit in snapshot.units.values() if unit.is_campus]
    theirs = [one for one in campuses if not posts.isdisjoint(snapshot.posts_of_role(Role.RECTOR, one))]
    return approver.in_(posts) | (approver.is_(None) & t.record.c.campus_id.in_(theirs))


def _coming(row: Any, names: dict[str, Text]) -> Coming:
    bodies = [names[code] for code in row.route if code in names]
    with_council = row.state == "council_review"
    after = row.position + 1
    return Coming(
        id=row.id,
        code=row.code,
        title=row.title,
        step=lifecycle(KIND).steps[row.state],
        council=bodies[row.position] if with_council and row.position < len(bodies) else None,
        councils=tuple(bodies[after:]),
        due_at=row.due_at,
    )


def type_names(connection: sa.Connection) -> dict[str, Text]:
    """What the types of documents are called, by their codes."""
    rows = connection.execute(sa.select(t.document_type))
    return {row.code: Text(row.name_ky, row.name_ru, row.name_en) for row in rows}


@dataclass(frozen=True, slots=True)
class Done:
    """A revision that somebody approved under an order of theirs, and how it stands now."""

    id: UUID
    code: str
    title: str
    state: str
    number: str
    in_force_on: Any


def done_by(connection: sa.Connection, actor: Actor, now: datetime, records: Iterable[UUID]) -> Sequence[Done]:
    """Of these records those that the actor themselves has decided on by an order last, and may read."""
    record, decision, history = t.record.c, t.decision.c, t.history.c
    last = (history.record_id == record.id) & (history.seq == record.version)
    rows = connection.execute(
        sa.select(record.id, record.code, record.title, record.state, decision.number, decision.in_force_on)
        .join(t.history, last)
        .join(t.decision, decision.history_id == history.id)
        .where(
            record.id.in_(list(records)),
            decision.kind == "order",
            history.actor_id == actor.person_id,
            readable_by(connection, actor, now),
        )
        .order_by(record.code)
    )
    return [Done(*row) for row in rows]


_RECTORS, _APPROVERS = N_("The rector's desk"), N_("Documents for approval")
