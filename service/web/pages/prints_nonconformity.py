"""The act of a nonconformity in its five parts, in the words of its page."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from service.prints.common import Signatory
from service.prints.shapes import ActedAction, ActedCause, Line, NonconformityAct
from service.reading.causes import CATALOGUE, causes_of
from service.reading.entries import Catalogue, catalogues
from service.reading.mentioned import fields_of, kept, mentioned_by
from service.reading.records import RecordView
from service.web.pages.exports_records import plain
from service.web.pages.facts import Known, cell
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.roles import Role
from states.text import Text
from states.working_days import today

# What is said in which part, in this order.
FOUND: Final = (
    *("found_on", "occurred_on", "known_on", "nc_kind", "source", "process", "unit", "object", "found"),
    *("requirement", "requirement_document", "clause", "impact", "severity", "risk", "reported_by"),
)
CORRECTED: Final = ("correction", "corrected_on", "concession", "concession_until")
CAUSES_TOO: Final = ("similar_checked", "similar", "similar_records")
CHECKED: Final = ("evaluation", "risk_changes", "risks")
ACTION: Final = "corrective_action"
_CLOSED: Final = Text("Жабылган күнү", "Дата закрытия", "Closed on")
_CHECK: Final = Text("{code}: натыйжалуулугу", "{code}: результативность", "{code}: effectiveness")


def nonconformity_act(connection: sa.Connection, view: RecordView, who: Visitor) -> NonconformityAct:
    """What whoever asks may read of it: its fields, causes, actions, what came of them."""
    snapshot, one = organisation(connection), view.lifecycle
    entries = {field.of for field in fields_of(one).values() if field.kind == "entry"}
    known = Known(
        who.language,
        snapshot,
        catalogues(connection, entries | {CATALOGUE}),
        mentioned_by(connection, view, who.actor, who.now),
    )
    actions = list(_actions(connection, view, who))
    checked = [*_lines(view, known, CHECKED), *(line for _, line in actions if line)]
    if view.subject.fields["closed_at"]:
        checked.append(Line(_CLOSED, today(view.subject.fields["closed_at"])))
    return NonconformityAct(
        code=view.subject.fields["code"],
        title=view.subject.fields["title"],
        dated=today(who.now),
        found=tuple(_lines(view, known, FOUND)),
        corrected=tuple(_lines(view, known, CORRECTED)),
        causes=tuple(_causes(view, known.catalogues.get(CATALOGUE) or Catalogue(), who.language)),
        actions=tuple(action for action, _ in actions),
        checked=(*_lines(view, known, CAUSES_TOO), *checked),
        state=one.steps[view.subject.state].label,
        signatories=tuple(_signatories(connection, view, who)),
    )


def _lines(view: RecordView, known: Known, names: Iterable[str]) -> Iterator[Line]:
    fields = fields_of(view.lifecycle)
    for name in names:
        if name not in fields:
            continue
        value = view.process if name == "process" else kept(view.subject.fields, name)
        if value in (None, "", []):
            continue
        said: Any = value if name == "process" or isinstance(value, date) else plain(cell(fields[name], value, known))
        yield Line(heading(fields[name].label, known.language), said if isinstance(said, date) else str(said))


def _causes(view: RecordView, kinds: Catalogue, language: str) -> Iterator[ActedCause]:
    for one in causes_of(view, kinds):
        kind = one.entry.name.into(language) if one.entry else ""
        yield ActedCause(one.no, one.text, kind, one.depth)


def _actions(connection: sa.Connection, view: RecordView, who: Visitor) -> Iterator[tuple[ActedAction, Line | None]]:
    """Each action that may be read, and what its check said."""
    readable = {child.id: child for child in view.children if child.lifecycle.name == ACTION}
    if not readable:
        return
    of = t.corrective_action.c
    rows = connection.execute(sa.select(t.corrective_action).where(of.record_id.in_(readable)).order_by(of.record_id))
    for row in rows:
        child = readable[row.record_id]
        action = ActedAction(
            child.code, child.title, child.owner or "", row.due_on, child.state_label, row.implemented_on
        )
        label = _CHECK.into(who.language).format(code=child.code)
        yield action, Line(label, row.rationale) if row.rationale else None


def _signatories(connection: sa.Connection, view: RecordView, who: Visitor) -> Iterator[Signatory]:
    """Who answers for it, and the quality specialist: by their posts, with who holds them today."""
    snapshot, fields = organisation(connection), view.subject.fields
    posts = (fields["owner_post_id"], snapshot.post_of(Role.QUALITY_SPECIALIST, fields["campus_id"]))
    for post in dict.fromkeys(filter(None, posts)):
        holders = snapshot.holders(post, today(who.now))
        name = heading(snapshot.posts[post].name, who.language)
        yield Signatory(name, snapshot.people[holders[0]].name if holders else "")
