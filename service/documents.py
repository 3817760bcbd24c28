"""Documents: what a new revision takes from its document, and documents brought in from a register."""

from typing import Any

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from states.refusals import GuardUnmet, NotFound
from states.text import N_

# The steps of a revision that is on its way and not yet in force.
UNDER_WAY = ("draft", "council_review", "amendment", "rector_approval", "scheduled")


def prepare(act: Act, code: str, fields: dict[str, Any], typed: dict[str, Any]) -> None:
    """Fill the fields of a new revision from its document and its type. Raises NotFound, GuardUnmet."""
    found = act.connection.execute(_DOCUMENT.where(t.document.c.code == code)).mappings().first()
    if found is None:
        raise NotFound(N_("There is no document with the code “%(code)s”."), code=code)
    revisions = act.connection.execute(_REVISIONS.where(t.revision.c.document_id == found["id"])).all()
    if any(state in UNDER_WAY for _, state in revisions):
        raise GuardUnmet(
            N_("A revision of this document is already under way."), N_("Open that revision and go on with it.")
        )
    number = max((number for number, _ in revisions), default=0) + 1
    fields |= {
        "code": f"{code}/{number}",
        "title": found["title"],
        "unit_id": found["unit_id"],
        "process_id": found["process_id"],
        "owner_post_id": found["owner_post_id"],
    }
    typed |= {
        "document_id": found["id"],
        "number": number,
        "route": found["route"],
        "review_months": found["review_months"],
    }


_DOCUMENT = sa.select(t.document, t.document_type.c.route, t.document_type.c.review_months).join(
    t.document_type, t.document_type.c.code == t.document.c.type_code
)
_REVISIONS = sa.select(t.revision.c.number, t.record.c.state).join(t.record, t.record.c.id == t.revision.c.record_id)
