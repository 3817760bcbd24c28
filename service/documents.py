"""Documents: what a new revision takes from its document, and documents brought in from a register."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.codes import formerly
from service.moves import Moved, begin
from service.organisation import organisation_changed
from service.subject import Subject, typed_table, unit_of
from states.kyrgyz import fold, sort_key
from states.refusals import GuardUnmet, NotFound
from states.registry import lifecycle
from states.text import N_


def prepare(act: Act, values: Mapping[str, Any], fields: dict[str, Any], typed: dict[str, Any]) -> None:
    """Fill the fields of a new revision from its document and its type. Raises NotFound."""
    code = values["document"]
    # The document is locked: of two who begin a revision at once, the second sees the first one's.
    locked = _DOCUMENT.with_for_update(of=t.document, key_share=True).order_by(t.document.c.id)
    every = act.connection.execute(locked.where(t.document.c.code == code)).mappings().all()
    if not every:  # it may have been called so before
        every = act.connection.execute(locked.where(t.document.c.id.in_(formerly(code)))).mappings().all()
    # Two campuses may use one code: the one of whoever asks is meant.
    found = min(every, key=lambda row: row["campus_id"] not in _campuses(act), default=None)
    if found is None:
        raise NotFound(N_("There is no document with the code “%(code)s”."), code=code)
    revisions = act.connection.execute(_REVISIONS.where(t.revision.c.document_id == found["id"])).all()
    number = max((number for number, _ in revisions), default=0) + 1
    fields |= {
        "code": f"{found['code']}/{number}",
        "title": found["title"],
        "unit_id": found["unit_id"],
        "process_id": found["process_id"],
        "owner_post_id": found["owner_post_id"],
        "campus_id": found["campus_id"],
    }
    typed |= {
        "document_id": found["id"],
        "number": number,
        "route": route_of(act.connection, found["type_code"], found["campus_id"]).get("bodies", []),
        "review_months": found["review_months"],
    }


def route_of(connection: sa.Connection, type_code: str, campus_id: UUID) -> Mapping[str, Any]:
    """The facts of the route (`states.routes`) that a type takes on a campus; empty where it has none."""
    route = t.route.c
    theirs = route.campus_id.is_(None) | (route.campus_id == campus_id)
    there = sa.select(route.facts).where(route.type_code == type_code, theirs)
    found: Mapping[str, Any] | None = connection.execute(
        there.order_by(route.campus_id.is_(None), route.id).limit(1)
    ).scalar()
    return found or {}


def require_none_under_way(act: Act, document_id: UUID) -> None:
    """Raise GuardUnmet where a revision of the document is under way: for those who may begin one."""
    revisions = act.connection.execute(_REVISIONS.where(t.revision.c.document_id == document_id)).all()
    if any(under_way for _, under_way in revisions):
        raise GuardUnmet(
            N_("A revision of this document is already under way."), N_("Open that revision and go on with it.")
        )


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
    row["campus_id"] = row.get("campus_id") or campus_for(act, row)
    act.connection.execute(sa.insert(t.document), row)
    return row


def campus_for(act: Act, document: Mapping[str, Any]) -> UUID:
    """The campus in whose register a document stands: its unit's, its owner's, the actor's, else the first there is."""
    snapshot = act.organisation
    if (unit_id := unit_of(document, snapshot)) and (campus := snapshot.campus_of(unit_id)):
        return campus
    known = [*_campuses(act), *(unit.id for unit in snapshot.units.values() if unit.is_campus), *snapshot.units]
    return known[0] if known else _first_campus(act)


def _campuses(act: Act) -> list[UUID]:
    """The campuses in which the actor holds a post."""
    snapshot = act.organisation
    held = snapshot.posts_of(act.actor.person_id, act.day) if act.actor.person_id else ()
    return [campus for post in sorted(held) if (campus := snapshot.campus_of(snapshot.posts[post].unit_id))]


def _first_campus(act: Act) -> UUID:
    # A register may be brought in before anybody has said what the university is made of.
    known: UUID | None = act.connection.execute(sa.select(t.unit.c.id).where(t.unit.c.is_campus)).scalar()
    if known is None:
        known = new_id()
        names = {"name_ky": "Университет", "name_ru": "Университет", "name_en": "University"}
        act.connection.execute(sa.insert(t.unit), {"id": known, "code": "university", "is_campus": True, **names})
        organisation_changed(act.connection)
    return known


def bring_into_register(act: Act, document: Mapping[str, Any], review_due_on: date) -> Moved:
    """Add a document that exists already, with its first revision in force; since when, a register does not say."""
    row = add_document(act, document)
    months = act.connection.execute(_MONTHS.where(t.document_type.c.code == row["type_code"])).scalar_one()
    typed = {
        "document_id": row["id"],
        "number": 1,
        "route": route_of(act.connection, row["type_code"], row["campus_id"]).get("bodies", []),
        "review_months": months,
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
        "campus_id": row["campus_id"],
        "author_hidden": False,
        "parent_id": None,
        "opened_at": act.now,
        "moved_at": act.now,
        **typed,
    }
    return begin(act, Subject(lifecycle("document"), fields), typed, document.get("given", {}), name="import")


_MONTHS = sa.select(t.document_type.c.review_months)
_DOCUMENT = sa.select(t.document, t.document_type.c.review_months).join(
    t.document_type, t.document_type.c.code == t.document.c.type_code
)
# On its way: not at its end, and not in force.
_REVISIONS = sa.select(t.revision.c.number, t.record.c.closed_at.is_(None) & t.revision.c.in_force.is_(None)).join(
    t.record, t.record.c.id == t.revision.c.record_id
)
