"""A university to measure on: units with heads, posts held by people, two councils, revisions under review."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.organisation import organisation, organisation_changed
from service.tasks import kept_ladder
from states.ladders import STANDARD
from states.roles import POSTS
from states.routes import usual

# A Monday at 9:00 in Bishkek: the hour at which reminders go out.
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
UNITS, POSTS_EACH = 12, 4


def _named(code: str) -> dict[str, str]:
    return {"code": code, "name_ky": f"{code} ө", "name_ru": f"{code} й", "name_en": code}


def found(database: Database) -> dict[str, UUID]:
    """Found the university: posts by code; the person of a post has its code too."""
    top = new_id()
    units: list[dict[str, Any]] = [{"id": top, "parent_id": None, "is_campus": True, **_named("NSU")}]
    posts: list[dict[str, Any]] = [_post(role.value, top, role=role.value, heads=role == "rector") for role in POSTS]
    posts += [_post(f"secretary_{body}", top) for body in ("ouk", "ok")]
    for number in range(UNITS):
        unit_id = new_id()
        units.append({"id": unit_id, "parent_id": top, "is_campus": False, **_named(f"U{number}")})
        posts += [_post(f"U{number}-{which}", unit_id, heads=not which) for which in range(POSTS_EACH)]
    people = [
        {**_named(post["code"]), "id": new_id(), "email": f"{post['code'].lower()}@u.example", "language": "ky"}
        for post in posts
    ]
    held = [
        {"id": new_id(), "person_id": person["id"], "post_id": post["id"], "since": date(2000, 1, 1)}
        for person, post in zip(people, posts, strict=True)
    ]
    ids: dict[str, UUID] = {post["code"]: post["id"] for post in posts}
    with database.write() as connection:
        for table, rows in ((t.unit, units), (t.post, posts), (t.person, people), (t.holding, held)):
            connection.execute(sa.insert(table), rows)
        bodies = [
            {"id": new_id(), **_named(body), "secretary_post_id": ids[f"secretary_{body}"]} for body in ("ouk", "ok")
        ]
        connection.execute(sa.insert(t.body), bodies)
        organisation_changed(connection)
    return ids


def _post(code: str, unit_id: UUID, *, role: str | None = None, heads: bool = False) -> dict[str, Any]:
    return {**_named(code), "id": new_id(), "unit_id": unit_id, "role": role, "heads": heads}


def persons(database: Database) -> dict[str, UUID]:
    """People by code."""
    with database.read() as connection:
        return {row.code: row.id for row in connection.execute(sa.select(t.person.c.code, t.person.c.id))}


def submit_revisions(database: Database, ids: dict[str, UUID], count: int) -> list[UUID]:
    """Revisions waiting for the first of their two councils, each with its open task; their records' identifiers."""
    author = persons(database)["U0-1"]
    with database.read() as connection:
        campus = connection.execute(sa.select(t.unit.c.id).where(t.unit.c.is_campus)).scalar_one()
    kind = {"code": "УСТ", "name_ky": "УСТ", "name_ru": "УСТ", "name_en": "УСТ"}
    documents: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    tasks: list[dict[str, Any]] = []
    for number in range(count):
        document, record = new_id(), new_id()
        code, title = f"УСТ {number}", f"Окуу процессинин сапаты жөнүндө жобо {number}"
        owned = {"owner_post_id": ids["U0-0"]}
        documents.append(
            {"id": document, "code": code, "title": title, "folded": title, "sort_key": code, "type_code": "УСТ"}
            | {"process_group": "4", "is_series": False, "given": {}, "campus_id": campus, **owned}
        )
        records.append(
            {"id": record, "kind": "document", "code": f"{code}/1", "title": title, "folded": title, "version": 2}
            | {
                "state": "council_review",
                "head": "0" * 64,
                "author_id": author,
                "author_hidden": False,
                "campus_id": campus,
                **owned,
            }
            | {"opened_at": NOW, "moved_at": NOW}
        )
        revisions.append(
            {"record_id": record, "document_id": document, "number": 1, "summary": "", "route": ["ouk", "ok"]}
            | {"position": 0, "review_months": 12}
        )
        tasks.append(
            {"id": new_id(), "record_id": record, "lifecycle": "document", "step": "council_review", "rung": 0}
            | {"holder_post_id": ids["secretary_ouk"], "opened_at": NOW, "due_at": NOW, "original_due_at": NOW}
            | {"next_notice_at": NOW}
        )
    with database.write() as connection:
        ladder_key = kept_ladder(connection, organisation(connection), STANDARD)
        tasks = [{**task, "ladder_id": ladder_key} for task in tasks]
        connection.execute(sa.insert(t.document_type), {**kind, "review_months": 12, "in_legend": True})
        takes = {"id": new_id(), "type_code": "УСТ", "campus_id": None, "facts": usual(("ouk", "ok")).facts}
        connection.execute(sa.insert(t.route), takes)
        for table, rows in ((t.document, documents), (t.record, records), (t.revision, revisions), (t.task, tasks)):
            connection.execute(sa.insert(table), rows)
    return [record["id"] for record in records]
