"""One order of the rector's over several revisions: all of them are approved, or none is.

Each is a move of its own, through the one write path, and a signature of its own over the content that was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.moves import Moved, move
from service.order_fields import APPROVE, KIND, NUMBER, asked_together
from service.organisation import Actor
from service.reading.desk import require_desk
from service.reading.permitted import readable_by
from service.signing import Proof
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours, Refusal
from states.text import N_

MOST: Final = 50
# What is said once for all, whatever their routes: of the number, when it is needed.
FIELDS: Final[tuple[Field, ...]] = asked_together({True, False})


@dataclass(frozen=True, slots=True)
class Seen:
    """A revision as somebody chose it: its version then, and the hash of the content that they were shown."""

    record_id: UUID
    version: int | None = None
    content: str | None = None


class OrderRefused(Refusal):
    """Some of the revisions of an order cannot be approved, so none was. `refused` says why, by record."""

    status = 409
    code = "order-refused"
    says = N_("Nothing was approved: of the chosen documents %(count)s of %(all)s cannot be.")
    next_step = N_("Look at what is said of each. Leave those out, or put right what is wrong, and send it again.")

    def __init__(self, refused: Mapping[UUID, Refusal] | None = None, of: int = 0) -> None:
        super().__init__(count=len(refused or {}), all=of)
        self.refused: dict[UUID, Refusal] = dict(refused or {})


def approve_all(
    connection: sa.Connection,
    seen: Sequence[Seen],
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    proof: Proof | None,
) -> dict[UUID, Moved]:
    """Approve them all under one order; `proof` begins a series, of which the others are part (21 CFR 11.200).

    Its number is kept of those whose routes take an order.

    Raises NotYours; Incomplete, also where one of them needs the number; GuardUnmet where the order itself is wrong;
    OrderRefused, and then whoever called must undo what was written, as for every refusal.
    """
    order = {name: value for name, value in parse_given(FIELDS, given).items() if value is not None}
    order.setdefault("in_force_on", order["decided_on"])
    without = _without_order(connection, [one.record_id for one in seen], actor, now)
    if NUMBER not in order and False in without.values():
        require_desk(connection, actor)
        raise Incomplete({NUMBER: N_("By its route this document is put in force by an order: give its number.")})
    unnumbered = {name: value for name, value in order.items() if name != NUMBER}
    moved: dict[UUID, Moved] = {}
    refused: dict[UUID, Refusal] = {}
    # In the order of their identifiers, as everybody locks them.
    for one in sorted(seen, key=lambda one: one.record_id):
        how = replace(proof, method="series") if proof and moved and proof.method in _BEGIN_A_SERIES else proof
        try:
            said = unnumbered if without.get(one.record_id) else order
            moved[one.record_id] = move(
                connection, one.record_id, APPROVE, actor, said, now, expects=one.version, proof=how, saw=one.content
            )
        except Refusal as refusal:
            refused[one.record_id] = refusal
    if refused:
        if all(isinstance(one, NotYours | NotFound) for one in refused.values()):
            require_desk(connection, actor)
        raise _common(list(refused.values()), len(seen)) or OrderRefused(refused, len(seen))
    return moved


def _without_order(connection: sa.Connection, ids: list[UUID], actor: Actor, now: datetime) -> dict[UUID, bool]:
    """Of these revisions, as far as the actor may read them, whether by its route it is approved without an order."""
    found = (
        sa.select(t.record.c.id, t.revision.c.by_order)
        .join(t.revision, t.revision.c.record_id == t.record.c.id)
        .where(t.record.c.id.in_(ids), t.record.c.kind == KIND, readable_by(connection, actor, now, KIND))
    )
    return {row.id: row.by_order is False for row in connection.execute(found)}


_BEGIN_A_SERIES: Final = frozenset({"password", "passkey"})


def _common(refused: Sequence[Refusal], of: int) -> Refusal | None:
    """What is wrong with the order itself: a condition that holds for none of them, in the same words."""
    first = refused[0]
    alike = all((type(one), one.says) == (type(first), first.says) for one in refused)
    return first if alike and len(refused) == of and isinstance(first, GuardUnmet) else None
