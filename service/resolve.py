"""From the codes people give (a post, a unit, a process) to what they name."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation
from states.lifecycle import Field
from states.refusals import Incomplete
from states.text import N_


def resolve(
    organisation: Organisation, connection: sa.Connection, fields: Iterable[Field], given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given` with the codes of posts, units and processes replaced by identifiers. Raises Incomplete."""
    values = dict(given)
    errors: dict[str, str] = {}
    for field in fields:
        if field.kind not in ("post", "unit", "process") or values[field.name] is None:
            continue
        found = _find(organisation, connection, field.kind, values[field.name])
        if found is None:
            errors[field.name] = N_("Nothing here has this code. Choose one from the list.")
        values[field.name] = found
    if errors:
        raise Incomplete(errors)
    return values


def _find(organisation: Organisation, connection: sa.Connection, kind: str, code: str) -> UUID | None:
    if kind == "process":
        found: UUID | None = connection.execute(sa.select(t.process.c.id).where(t.process.c.code == code)).scalar()
        return found
    among = organisation.posts if kind == "post" else organisation.units
    return next((one.id for one in among.values() if one.code == code), None)
