"""What follows from a move in the same transaction: moves of related records, where those are possible."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.organisation import CLOCK
from service.resolve import coded
from service.subject import Subject
from states.lifecycle import Case, Each, Then
from states.refusals import Duties, GuardUnmet, Incomplete, NotFromHere, NotMovedOn, NotYours
from states.registry import lifecycle

if TYPE_CHECKING:
    from service.signing import Proof


def follow(act: Act, subject: Subject, then: Then, cause_id: UUID, case: Case) -> None:
    """Carry out a Then. A related record for which the move is not possible now stays as it is."""
    from service.moves import move  # the write path and what follows from it need each other

    given = case.given
    gives = {name: given[said] if isinstance(said, str) else said(case) for name, said in then.gives.items()}
    if then.relation == "successor":
        _open_successor(act, subject, cause_id, gives)
        return
    if then.relation == "new":
        _open_below(act, subject, then.opens, cause_id, gives)
        return
    for record_id in _RELATED[then.relation](act, subject):
        try:
            move(act.connection, record_id, then.move, CLOCK, gives, act.now, cause_id=cause_id)
        except (NotFromHere, GuardUnmet):
            continue


def follow_each(act: Act, subject: Subject, each: Each, cause_id: UUID, case: Case, proof: "Proof | None") -> None:
    """Carry out an Each: by the actor of the move, with their proof. Raises NotMovedOn where one of them cannot be."""
    from service.moves import move

    rows = [row for row in case.parts[each.part] if each.when(row)]
    # In the order of their identifiers, as all records are locked.
    for row in sorted(rows, key=lambda row: row.get(each.about) or row["no"]):
        try:
            gives = {name: value for name, value in each.gives(case, row).items() if value is not None}
            if each.opens:
                _open_below(act, subject, each.opens, cause_id, gives)
            else:
                one = row[each.about]
                move(act.connection, one, each.move(row), act.actor, gives, act.now, cause_id=cause_id, proof=proof)
        except (NotFromHere, NotYours, Duties, GuardUnmet, Incomplete) as refusal:
            raise NotMovedOn(refusal, row["title"] if "title" in row else row["what"]) from refusal


def _open_below(act: Act, subject: Subject, opens: str, cause_id: UUID, gives: Mapping[str, Any]) -> None:
    """Open a record that hangs on this one, by the same actor. Raises any Refusal: then nothing was moved."""
    from service.opening import open_record

    fields = {field.name: field for field in lifecycle(opens).opens}
    codes = {name: coded(act.connection, fields[name].kind, value) for name, value in gives.items()}
    open_record(
        act.connection, opens, codes, act.actor, act.now, parent_id=subject.id, cause_id=cause_id, present=gives
    )


def _open_successor(act: Act, subject: Subject, cause_id: UUID, gives: Mapping[str, Any]) -> None:
    from service.opening import open_record

    code = act.connection.execute(
        sa.select(t.document.c.code).where(t.document.c.id == subject.fields["document_id"])
    ).scalar_one()
    fields = {"document": code, **gives}
    try:
        open_record(act.connection, "document", fields, CLOCK, act.now, cause_id=cause_id)
    except GuardUnmet:
        return  # a draft is under way already: the review has what it asked for


def _parent(act: Act, subject: Subject) -> list[UUID]:
    parent = subject.fields["parent_id"]
    return [parent] if parent else []


def _children(act: Act, subject: Subject) -> list[UUID]:
    rows = act.connection.execute(
        sa.select(t.record.c.id).where(t.record.c.parent_id == subject.id).order_by(t.record.c.id)
    )
    return list(rows.scalars())


def _in_force(act: Act, subject: Subject) -> list[UUID]:
    rows = act.connection.execute(
        sa.select(t.revision.c.record_id).where(
            t.revision.c.document_id == subject.fields["document_id"], t.revision.c.in_force
        )
    )
    return list(rows.scalars())


def _copies(act: Act, subject: Subject) -> list[UUID]:
    """The copies on paper that are in somebody's hands."""
    copy, record = t.printed_copy.c, t.record.c
    rows = (
        sa.select(copy.record_id)
        .join(t.record, record.id == copy.record_id)
        .where(copy.document_id == subject.fields["document_id"], record.closed_at.is_(None))
        .order_by(copy.record_id)
    )
    return list(act.connection.execute(rows).scalars())


_RELATED = {"parent": _parent, "children": _children, "in_force": _in_force, "copies": _copies}
