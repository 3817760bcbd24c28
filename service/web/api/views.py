"""What is read, as plain JSON in the reader's language; the models in `shapes` describe it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from service.order_fields import asked_by
from service.organisation import Organisation
from service.reading.authors import told_given, without_flag
from service.reading.documents import DocumentRow
from service.reading.open_days import days_open
from service.reading.present import Coder, present
from service.reading.records import DecisionView, RecordRow, RecordView
from service.reading.tasks import TaskView
from service.web.api import schemas
from states.lifecycle import Lifecycle, Move, Part
from states.registry import lifecycle
from states.text import Text

Json = dict[str, Any]


def named(one: Any, language: str) -> Json | None:
    """Something with a code and a name in three languages."""
    return None if one is None else {"code": one.code, "name": one.name.into(language)}


def address(one: Lifecycle, record_id: UUID) -> str:
    """Where a record is."""
    return f"/api/{one.collection}/{record_id}"


def links(one: Lifecycle, record_id: UUID) -> dict[str, str]:
    """Where to go on from a record."""
    here = address(one, record_id)
    return {"self": here, "history": f"{here}/history", "moves": f"{here}/moves"}


def row(one: RecordRow, language: str, day: date) -> Json:
    """A line of a list of records, on a day."""
    dates = {name: getattr(one, name) for name in ("state", "opened_at", "closed_at")}
    return {
        "id": one.id,
        "lifecycle": one.lifecycle.name,
        "code": one.code,
        "title": one.title,
        "state": one.state,
        "state_label": one.state_label.into(language),
        "version": one.version,
        "opened_at": one.opened_at,
        "moved_at": one.moved_at,
        "closed_at": one.closed_at,
        "days_open": days_open(one.lifecycle, dates, day),
        "owner": _into(one.owner, language),
        "unit": _into(one.unit, language),
        "due_at": one.due_at,
        "late": one.late,
        "href": address(one.lifecycle, one.id),
    }


def record(
    view: RecordView,
    snapshot: Organisation,
    process: tuple[str, str] | None,
    language: str,
    signatures: list[Json],
    signing: Mapping[str, Json],
    coder: Coder,
    day: date,
) -> Json:
    """A record whole: what its version determines, and the moves of whoever asks, with what they would sign.

    What it has of its parts, and what moves could be given again, is in the codes that a move takes.
    """
    fields, one = view.subject.fields, view.lifecycle
    parent = view.parent
    go_on = links(one, view.subject.id)
    for child in view.child_lifecycles:
        go_on[child.collection] = f"/api/{child.collection}?parent={view.subject.id}"
    if fields.get("document_id"):
        go_on["document"] = f"/api/documents/{fields['document_id']}"
    return {
        **{name: fields[name] for name in ("id", "code", "title", "state", "version")},
        "lifecycle": one.name,
        "state_label": one.steps[view.subject.state].label.into(language),
        **{name: fields[name] for name in ("opened_at", "moved_at", "closed_at")},
        "days_open": days_open(one, fields, day),
        "author": named(snapshot.people.get(fields["author_id"]), language) if view.knows_author else None,
        "author_hidden": fields["author_hidden"],
        "owner": named(snapshot.posts.get(fields["owner_post_id"]), language),
        "unit": named(snapshot.units.get(fields["unit_id"]), language),
        "process": {"code": process[0], "name": process[1]} if process else None,
        "parent": about(parent.lifecycle, parent.id, parent.code, parent.title) if parent else None,
        "fields": {name: fields[name] for name in schemas.typed(one)},
        "parts": {name: [_part(part, row, coder) for row in view.parts[name]] for name, part in one.parts.items()},
        "tasks": [_record_task(task, language) for task in view.tasks],
        "decisions": [_decision(decision, language) for decision in view.decisions],
        "signatures": signatures,
        "moves": [
            {
                **_offer(move, fields, language),
                "now": present(move, one, fields, coder, day),
                "signs": signing.get(move.name),
            }
            for move in view.moves
        ],
        "links": go_on,
    }


def about(one: Lifecycle, record_id: UUID, code: str, title: str) -> Json:
    """The record that something belongs to."""
    return {
        "id": record_id,
        "code": code,
        "title": title,
        "lifecycle": one.name,
        "href": address(one, record_id),
    }


def task(one: TaskView, language: str) -> Json:
    """A task with its record."""
    return {
        **_record_task(one, language),
        "record": about(one.lifecycle, one.record_id, one.code, one.title),
        "unit": _into(one.unit, language),
        "late": one.late,
        "days": one.days,
        "group": one.group,
    }


def entry(
    kept: Any,
    one: Lifecycle,
    snapshot: Organisation,
    label: Text,
    language: str,
    *,
    hidden: bool = False,
    untold: frozenset[str] = frozenset(),
) -> Json:
    """One line of a history, with all that its hash is made of; of one that is `hidden` nothing that tells who did it.

    Of what is `untold` the names only. Without its identifier, which nobody can guess, neither its hash nor those after
    it can be tried out on people.
    """
    told = {name: getattr(kept, name) for name in _ENTRY}
    withheld = sorted(untold.intersection(kept.given))
    if withheld:
        told |= {"id": None, "hash": None, "given": told_given(kept.given, untold)}
    if hidden:
        told |= {**dict.fromkeys(_OF_ACTOR), "given": without_flag(told["given"])}
    return {
        **told,
        "hidden": hidden,
        "withheld": withheld,
        "actor": named(snapshot.people.get(told["actor_id"]), language),
        "acting_for": named(snapshot.people.get(told["acting_for_id"]), language),
        "move_label": label.into(language),
        "to_label": one.steps[kept.to_state].label.into(language),
    }


def document(one: DocumentRow, language: str) -> Json:
    """A document of the register."""
    revisions = lifecycle("document")
    here = f"/api/documents/{one.id}"
    return {
        "id": one.id,
        "code": one.code,
        "title": one.title,
        "type": one.type_code,
        "process_group": one.process_group,
        "is_series": one.is_series,
        "owner": _into(one.owner, language),
        "unit": _into(one.unit, language),
        "number": one.number,
        "in_force_on": one.in_force_on,
        "review_due_on": one.review_due_on,
        "state": one.state or one.under_way_state,
        "state_label": _into(one.state_label, language),
        "in_force": address(revisions, one.in_force_id) if one.in_force_id else None,
        "under_way": address(revisions, one.under_way_id) if one.under_way_id else None,
        "under_way_state": one.under_way_state,
        "given": one.given,
        "links": {"self": here, "revisions": f"{here}/revisions"},
    }


_ENTRY = (
    *("id", "record_id", "seq", "at", "actor_id", "acting_for_id", "move", "from_state", "to_state"),
    *("post_id", "signature", "given", "cause_id", "previous", "hash"),
)
_OF_ACTOR = ("id", "actor_id", "acting_for_id", "post_id", "signature", "hash")


def _record_task(one: TaskView, language: str) -> Json:
    return {
        "id": one.id,
        "step": one.step.name,
        "task": _into(one.step.task, language) or one.step.label.into(language),
        "holder": one.holder.into(language),
        "opened_at": one.opened_at,
        "due_at": one.due_at,
        "original_due_at": one.original_due_at,
    }


def _decision(one: DecisionView, language: str) -> Json:
    for_it, against, abstained = one.votes
    return {
        "kind": one.kind,
        "who": one.who.into(language),
        "move": one.move.into(language),
        "number": one.number,
        "decided_on": one.decided_on,
        "agenda_item": one.agenda_item,
        "votes_for": for_it,
        "votes_against": against,
        "votes_abstained": abstained,
        "wording": one.wording,
        "in_force_on": one.in_force_on,
    }


def _offer(move: Move, fields: Mapping[str, Any], language: str) -> Json:
    return {
        "name": move.name,
        "label": move.label.into(language),
        "tone": move.tone.value,
        "part": of_part(move),
        "given": schemas.form(asked_by(move, fields), language),
    }


def of_part(move: Move) -> Json | None:
    """Which part a move is about."""
    if not move.part:
        return None
    return {"name": move.part, "does": "adds" if move.adds else "amends" if move.amends else "removes"}


def _part(part: Part, row: Mapping[str, Any], coder: Coder) -> Json:
    files = {field.name: row[field.name] for field in part.fields if field.kind == "file"}
    marks = {name: row[name] for name in schemas.marks_of(part)}
    return {"no": row["no"], **coder.values(part.fields, row), **files, **marks}


def _into(text: Text | None, language: str) -> str | None:
    return text.into(language) if text else None
