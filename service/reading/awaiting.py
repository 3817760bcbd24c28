"""What a secretary does next with a document that waits for their body: the sitting that has it, or planning one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.asking import OPEN_SITTINGS
from service.language import say
from service.organisation import BodyFacts, organisation
from states.kyrgyz import day_in_words
from states.text import N_

STEP: Final = "council_review"


@dataclass(frozen=True, slots=True)
class Sits:
    """A sitting that is not over yet."""

    id: UUID
    held_on: date
    begins_at: str


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A document that waits for a body: the sitting on whose agenda it stands, else one that is still prepared."""

    body: BodyFacts
    on_agenda: Sits | None
    prepared: Sits | None


def awaiting(connection: sa.Connection, ids: Collection[UUID]) -> dict[UUID, Awaiting]:
    """Those of these records that wait for a body, in two statements; without any, in none."""
    if not ids:
        return {}
    bodies = organisation(connection).bodies
    record, revision = t.record.c, t.revision.c
    rows = (
        sa.select(record.id, revision.route, revision.position)
        .join(t.revision, revision.record_id == record.id)
        .where(record.id.in_(ids), record.kind == "document", record.state == STEP)
    )
    waits = {
        row.id: bodies[row.route[row.position]]
        for row in connection.execute(rows)
        if row.position < len(row.route) and row.route[row.position] in bodies
    }
    if not waits:
        return {}
    found = _sittings(connection, waits)
    return {
        one: Awaiting(
            body,
            next((sits for about, of, _, sits in found if about == one and of == body.id), None),
            next((sits for _, of, state, sits in found if of == body.id and state == "planned"), None),
        )
        for one, body in waits.items()
    }


def next_step(one: Awaiting, language: str) -> dict[str, Any]:
    """What is to be done with it now: a sentence, and pages (`label`, `href`), the likeliest first."""
    if sits := one.on_agenda:
        text = say(_ON_AGENDA, language, _when(sits, language))
        return {"text": text, "links": [{"label": say(_OPEN, language), "href": f"/sittings/{sits.id}/day"}]}
    links = [{"label": say(_PLAN, language), "href": f"/sittings/new?body={one.body.code}"}]
    if sits := one.prepared:
        label = say(_TAKE_UP, language, _when(sits, language))
        links.insert(0, {"label": label, "href": f"/sittings/{sits.id}/day#agenda"})
    return {"text": say(_ON_NONE, language, {"body": one.body.name.into(language)}), "links": links}


def _sittings(connection: sa.Connection, waits: dict[UUID, BodyFacts]) -> list[tuple[UUID | None, UUID, str, Sits]]:
    """The open sittings of those bodies, the next one first, each with what stands on its agenda."""
    record, sitting, item = t.record.c, t.sitting.c, t.agenda_item.c
    on_it = (item.record_id == record.id) & item.removed_at.is_(None) & item.about_id.in_(waits)
    rows = (
        sa.select(item.about_id, sitting.body_id, record.state, record.id, sitting.held_on, sitting.begins_at)
        .select_from(t.record.join(t.sitting, sitting.record_id == record.id).outerjoin(t.agenda_item, on_it))
        .where(record.state.in_(OPEN_SITTINGS), sitting.body_id.in_({body.id for body in waits.values()}))
        .order_by(sitting.held_on, record.id)
    )
    return [(about, body, state, Sits(*sits)) for about, body, state, *sits in connection.execute(rows)]


def _when(sits: Sits, language: str) -> dict[str, str]:
    return {"day": day_in_words(sits.held_on, language), "time": sits.begins_at}


_ON_AGENDA = N_("It stands on the agenda of the sitting: %(day)s, %(time)s.")
_ON_NONE = N_("It stands on no agenda yet: %(body)s.")
_OPEN, _PLAN = N_("To the sitting"), N_("Plan a sitting")
_TAKE_UP = N_("To the sitting that is being prepared: %(day)s, %(time)s")
