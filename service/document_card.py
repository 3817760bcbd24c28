"""What the register says of a document, corrected by the quality specialist: all but its code (`service.codes`).

Revisions keep what they were begun with; the next one takes what is said here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.codes import former_codes, may_change
from service.events import log_event
from service.organisation import Actor, organisation
from service.resolve import resolve
from states.given import parse_given
from states.kyrgyz import fold
from states.lifecycle import Field
from states.refusals import Incomplete, NotFound, NotYours
from states.roles import LABELS, Role
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text("реестрдеги маалыматты оңдоо", "исправление сведений реестра", "correcting what the register says")
KIND: Final = "document.corrected"
SAYS: Final = (
    Field("title", Text("Аталышы", "Название", "Title"), "line"),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    Field("owner_post", Text("Жооптуу кызмат", "Ответственная должность", "Responsible post"), "post", required=False),
)
# The column of each field.
COLUMNS: Final = {"title": "title", "process": "process_id", "unit": "unit_id", "owner_post": "owner_post_id"}


class Correction(NamedTuple):
    """Who corrected what of a document, and when; `fields` by their names."""

    person_id: UUID | None
    at: datetime
    fields: tuple[str, ...]


def correct_card(
    connection: sa.Connection, document_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Say what is right; False where it is said already. Raises NotFound, NotYours, Incomplete."""
    locked = sa.select(t.document).where(t.document.c.id == document_id).with_for_update(key_share=True)
    found = connection.execute(locked).mappings().first()
    if found is None:
        raise NotFound
    row = dict(found)
    snapshot = organisation(connection)
    act = Act(connection, snapshot, snapshot.anew(actor, today(now)), now)
    if not may_change(act, row["campus_id"]):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))
    values = resolve(snapshot, connection, SAYS, parse_given(SAYS, given), day=today(now), present=row)
    for name, unit_id in (("unit", values["unit"]), ("owner_post", _unit_of(act, values["owner_post"]))):
        campus = snapshot.campus_of(unit_id) if unit_id else None
        if campus not in (None, row["campus_id"]):
            raise Incomplete({name: N_("This is of another campus; the document stands in the register of its own.")})
    said = {column: values[name] for name, column in COLUMNS.items()}
    after = {column: value for column, value in said.items() if row[column] != value}
    if not after:
        return False
    former = former_codes(connection, [document_id]).get(document_id, [])
    folded = {"folded": fold(" ".join([row["code"], said["title"], *former]))}
    connection.execute(sa.update(t.document).where(t.document.c.id == document_id).values({**after, **folded}))
    log_event(
        connection,
        KIND,
        now,
        actor_id=act.actor.person_id,
        about_id=document_id,
        before={column: _plain(row[column]) for column in after},
        after={column: _plain(value) for column, value in after.items()},
    )
    return True


def corrections(connection: sa.Connection, document_id: UUID) -> list[Correction]:
    """All there were, the last first."""
    event = t.event.c
    rows = sa.select(event.actor_id, event.at, event.facts).where(event.kind == KIND, event.about_id == document_id)
    by_column = {column: name for name, column in COLUMNS.items()}
    return [
        Correction(row.actor_id, row.at, tuple(by_column[column] for column in row.facts["after"]))
        for row in connection.execute(rows.order_by(event.number.desc()))
    ]


def _unit_of(act: Act, post_id: UUID | None) -> UUID | None:
    return act.organisation.posts[post_id].unit_id if post_id else None


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
