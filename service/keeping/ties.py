"""What hangs on a post or a unit, and so keeps it from being closed."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from states.refusals import GuardUnmet
from states.text import N_, Text

Ties = Mapping[Text, int]

HOLDERS = Text("кызматты ээлеген адам", "кто занимает должность", "holders")
_BODIES = Text("кеңеш", "совет", "councils")
_PROCESSES = Text("процесс", "процесс", "processes")
_DOCUMENTS = Text("документ", "документ", "documents")
_RECORDS = Text("ачык жазуу", "открытая запись", "open records")
_CHECKS = Text("текшериле турган иш аракет", "действия на проверку", "actions to check")
_ROUTES = Text("багыт (бекитүүчү катары)", "маршруты (как утверждающий)", "routes (as their approver)")
_REVISIONS = Text("бекитилчү редакция", "редакции на утверждение", "revisions to approve")
_TASKS = Text("ачык тапшырма", "открытая задача", "open tasks")
_UNITS = Text("бөлүм", "подразделение", "units")
OPEN_RECORD = t.record.c.closed_at.is_(None)


def ties_of_post(act: Act, post_id: UUID) -> Ties:
    """How many people hold the post today or later, and what it answers for."""
    holding, body = t.holding.c, t.body.c
    return _counted(
        act,
        {
            HOLDERS: (holding.post_id == post_id) & (holding.until.is_(None) | (holding.until >= act.day)),
            _BODIES: (body.secretary_post_id == post_id) | (body.chair_post_id == post_id),
            _PROCESSES: t.process_owner.c.post_id == post_id,
            _DOCUMENTS: t.document.c.owner_post_id == post_id,
            _RECORDS: (t.record.c.owner_post_id == post_id) & OPEN_RECORD,
            _CHECKS: t.corrective_action.c.record_id.in_(sa.select(t.record.c.id).where(OPEN_RECORD))
            & (t.corrective_action.c.checker_post_id == post_id),
            _ROUTES: approves(post_id),
            _REVISIONS: to_approve(post_id),
            _TASKS: (t.task.c.holder_post_id == post_id) & t.task.c.closed_at.is_(None),
        },
    )


def approves(post_id: UUID) -> sa.ColumnElement[bool]:
    """The routes at whose end the post approves."""
    said: sa.ColumnElement[str] = t.route.c.facts["approver_post_id"].as_string()
    return said == post_id.hex


def to_approve(post_id: UUID) -> sa.ColumnElement[bool]:
    """The revisions under way that the post is to approve."""
    revision = t.revision.c
    under_way = sa.select(t.record.c.id).where(OPEN_RECORD, t.record.c.kind == "document")
    not_yet = revision.in_force.is_(None) & revision.record_id.in_(under_way)
    return (revision.approver_post_id == post_id) & not_yet


def ties_of_unit(act: Act, unit_id: UUID) -> Ties:
    """What belongs to the unit, and what its posts have."""
    unit, body = t.unit.c, t.body.c
    ties = dict(
        _counted(
            act,
            {
                _UNITS: (unit.parent_id == unit_id) & unit.closed_on.is_(None),
                _BODIES: body.unit_id == unit_id,
                _DOCUMENTS: (t.document.c.unit_id == unit_id) | (t.document.c.campus_id == unit_id),
                _RECORDS: ((t.record.c.unit_id == unit_id) | (t.record.c.campus_id == unit_id)) & OPEN_RECORD,
            },
        )
    )
    for post in act.organisation.posts.values():
        if post.unit_id == unit_id and not post.closed_on:
            for what, number in ties_of_post(act, post.id).items():
                ties[what] = ties.get(what, 0) + number
    return ties


def refuse_tied(ties: Ties, next_step: str) -> None:
    """Raise GuardUnmet where anything hangs on it, saying what and how much."""
    if ties:
        said = tuple(Text(*(f"{word}: {number}" for word in what)) for what, number in ties.items())
        raise GuardUnmet(N_("It cannot be closed while something hangs on it: %(what)s."), next_step, what=said)


def _counted(act: Act, wanted: Mapping[Text, sa.ColumnElement[bool]]) -> Ties:
    def found() -> Iterator[tuple[Text, int]]:
        for what, where in wanted.items():
            number: int = act.connection.execute(sa.select(sa.func.count()).where(where)).scalar_one()
            if number:
                yield what, number

    return dict(found())
