"""Laws and other acts, entered by hand by the quality specialist: for a process, for a document, or for all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import delete, insert, row_of, update
from service.keeping.given import Fields
from service.organisation import Actor, Organisation, organisation
from service.resolve import resolve
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import Incomplete, NotYours
from states.roles import LABELS, Role
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text("мыйзам актыларын киргизүү", "ввод правовых актов", "entering legal acts")
SAYS: Final[Fields] = (
    Field("title", Text("Аталышы", "Название", "Title"), "line"),
    Field("number", Text("№", "№", "№"), "line", required=False),
    Field("in_force_on", Text("Күчүнө кирген күнү", "Вступает в силу", "In force on"), "date"),
    Field(
        "says",
        Text("Эмне дейт", "О чём говорит", "What it says"),
        "text",
        required=False,
        help=Text(
            "Документтерде эмнени өзгөртүүгө туура келиши мүмкүн, бир-эки сүйлөм менен.",
            "Что, возможно, придётся изменить в документах, одной-двумя фразами.",
            "What may have to change in documents, in a sentence or two.",
        ),
    ),
    Field(
        "process",
        Text("Кайсы процесс үчүн", "Для какого процесса", "For which process"),
        "process",
        required=False,
        help=Text(
            "Процесс да, документ да тандалбаса, бардыгы үчүн.",
            "Если не выбрано ни процесса, ни документа, то для всех.",
            "Neither a process nor a document: for all.",
        ),
    ),
    Field(
        "document",
        Text("Кайсы документ үчүн", "Для какого документа", "For which document"),
        "document",
        required=False,
    ),
)


def keeps(snapshot: Organisation, actor: Actor) -> bool:
    """Whether the actor enters acts: a quality specialist, or Sapat itself."""
    return actor.person_id is None or snapshot.plays(actor, Role.QUALITY_SPECIALIST)


def enter_act(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new act; its identifier. Raises NotYours, Incomplete."""
    act = _begin(connection, actor, now)
    row = {**_columns(act, given), "entered_at": now, "entered_by_id": act.actor.person_id}
    return insert(act, t.legal_act, "legal_act.entered", row)


def correct_act(connection: sa.Connection, act_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """What it says, written rightly; False where nothing differs. Raises NotYours, NotFound, Incomplete."""
    act = _begin(connection, actor, now)
    return update(act, t.legal_act, "legal_act.corrected", row_of(act, t.legal_act, act_id), _columns(act, given))


def remove_act(connection: sa.Connection, act_id: UUID, actor: Actor, now: datetime) -> None:
    """Take away what was entered by mistake; the log keeps what it said. Raises NotYours, NotFound."""
    act = _begin(connection, actor, now)
    delete(act, t.legal_act, "legal_act.removed", row_of(act, t.legal_act, act_id))


def _begin(connection: sa.Connection, actor: Actor, now: datetime) -> Act:
    snapshot = organisation(connection)
    actor = snapshot.anew(actor, today(now))
    if not keeps(snapshot, actor):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))
    return Act(connection, snapshot, actor, now)


def _columns(act: Act, given: Mapping[str, Any]) -> dict[str, Any]:
    values = resolve(act.organisation, act.connection, SAYS, parse_given(SAYS, given))
    if values["process"] and values["document"]:
        raise Incomplete({"document": N_("Choose a process or a document, not both.")})
    return {
        **{name: values[name] for name in ("title", "number", "in_force_on", "says")},
        "process_id": values["process"],
        "document_id": values["document"],
    }
