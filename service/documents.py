"""Documents: what a new revision takes from its document, and documents brought in from a register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.moves import Moved, begin
from service.subject import Subject, typed_table
from states.kyrgyz import fold, sort_key
from states.refusals import GuardUnmet, NotFound
from states.registry import lifecycle
from states.text import N_


def prepare(act: Act, code: str, fields: dict[str, Any], typed: dict[str, Any]) -> None:
    """Fill the fields of a new revision from its document and its type. Raises NotFound, GuardUnmet."""
    # The document is locked: of two who begin a revision at once, the second sees the first one's.
    locked = _DOCUMENT.where(t.document.c.code == code).with_for_update(of=t.document, key_share=True)
    found = act.connection.execute(locked).mappings().first()
    if found is None:
        raise NotFound(N_("There is no document with the code “%(code)s”."), code=code)
    revisions = act.connection.execute(_REVISIONS.where(t.revision.c.document_id == found["id"])).all()
    if any(under_way for _, under_way in revisions):
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


def add_document(act: Act, document: Mapping[str, Any]) -> dict[str, Any]:
    """Put a document into the register, without any revision yet; gives its row. `document` needs code and title."""
    row = {
        "id": new_id(),
        "unit_id": None,
        "process_id": None,
        "owner_post_id": None,
        "folded": fold(f"{document['code']} {document['title']}"),
        # In the order of the register: by number, then by abbreviation ("УСТ 4.09" as "4.09 УСТ").
        "sort_key": sort_key(" ".join(reversed(document["code"].split(maxsplit=1)))),
        **document,
    }
    act.connection.execute(sa.insert(t.document), row)
    return row


def bring_into_register(act: Act, document: Mapping[str, Any], review_due_on: date) -> Moved:
    """Add a document that exists already, with its first revision in force; since when, a register does not say."""
    row = add_document(act, document)
    kind = act.connection.execute(_TYPE.where(t.document_type.c.code == row["type_code"])).one()
    typed = {
        "document_id": row["id"],
        "number": 1,
        "route": kind.route,
        "review_months": kind.review_months,
        "in_force": True,
        "review_due_on": review_due_on,
    }
    code = f"{row['code']}/1"
    fields = {
        **dict.fromkeys(column.name for column in typed_table("document").c if column.name != "record_id"),
        "id": new_id(),
        "kind": "document",
        "code": code,
        "title": row["title"],
        "folded": fold(f"{code} {row['title']}"),
        "state": "effective",
        "version": 1,
        "head": "",
        "author_id": None,
        "owner_post_id": row["owner_post_id"],
        "unit_id": row["unit_id"],
        "process_id": row["process_id"],
        "parent_id": None,
        "opened_at": act.now,
        "moved_at": act.now,
        **typed,
    }
    return begin(act, Subject(lifecycle("document"), fields), typed, document.get("given", {}), name="import")


_TYPE = sa.select(t.document_type.c.route, t.document_type.c.review_months)
_DOCUMENT = sa.select(t.document, t.document_type.c.route, t.document_type.c.review_months).join(
    t.document_type, t.document_type.c.code == t.document.c.type_code
)
# On its way: not at its end, and not in force.
_REVISIONS = sa.select(t.revision.c.number, t.record.c.closed_at.is_(None) & t.revision.c.in_force.is_(None)).join(
    t.record, t.record.c.id == t.revision.c.record_id
)
