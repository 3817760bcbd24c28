"""The stage of any story: the small university, made larger so that every part can be played by several people.

A branch with offices of its own, a quality representative, somebody with two posts and somebody with none, a process
that several answer for, and documents of each route there is.
"""

from datetime import date
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.organisation import organisation_changed
from states.kyrgyz import fold, sort_key
from states.routes import usual
from states.text import Text
from tests.support.university import DOCUMENT, University, at, names

LONG_AGO: Final = at(2026, 1, 5)
# Each unit: what it belongs to, whether it is a campus.
_UNITS: Final = {"BRANCH": ("UNI", True), "FACULTY": ("BRANCH", False)}
# Each post: its unit, its role, whether it heads the unit, who holds it.
_POSTS: Final = {
    "representative": ("DEPARTMENT", "quality_representative", False, "representative"),
    "archivist": ("LIBRARY", None, False, "reader"),
    "director": ("BRANCH", None, True, "director"),
    "branch_quality": ("BRANCH", "quality_specialist", False, "branch_quality"),
    "branch_dean": ("FACULTY", None, True, "branch_dean"),
    "branch_teacher": ("FACULTY", None, False, "branch_teacher"),
}
_PEOPLE: Final = ("representative", "director", "branch_quality", "branch_dean", "branch_teacher", "guest")
# Each document: its type, its campus, its unit, the post that answers for it.
_DOCUMENTS: Final[dict[str, tuple[str, str, str | None, str | None]]] = {
    "УСТ 4.10": ("УСТ", "UNI", None, "head"),
    "КН 3.1": ("КН", "UNI", "LIBRARY", None),
    "КН 3.2": ("КН", "UNI", None, "rector"),
    "КН 3.3": ("КН", "BRANCH", "FACULTY", "branch_dean"),
    "ПЛ 1.1": ("ПЛ", "UNI", None, "owner"),
}
_ROUTES: Final[dict[str, list[str]]] = {"КН": ["ok"], "ПЛ": []}
PROCESS: Final = "4.1"
# Who answers for each document; where its unit does, the head of that.
# Who sits in each council, and by which rules.
_MEMBERS: Final = {
    "ouk": ("rector", "vice", "dean", "head", "librarian"),
    "ok": ("rector", "director", "representative", "guest", "reader", "branch_dean"),
}
_RULES: Final[dict[str, dict[str, object]]] = {"ok": {"quorum": "two_thirds", "majority": "simple", "proxies": True}}
DOCUMENTS: Final = {DOCUMENT: "owner", **{code: post or "librarian" for code, (_, _, _, post) in _DOCUMENTS.items()}}
# Where whoever keeps its printed copies is asked: the campus of each document.
CAMPUSES: Final = {DOCUMENT: "UNI", **{code: campus for code, (_, campus, _, _) in _DOCUMENTS.items()}}
# What everybody has sent.
FILE: Final = {"sha256": "ab" * 32, "size": 5, "media_type": "text/plain"}


def founded(database: Database) -> University:
    """The university; everybody has been in their post since long ago."""
    university = University.founded(database)
    with database.write() as connection:
        _people(connection, university)
        _documents(connection, university)
        _councils(connection, university)
        connection.execute(sa.insert(t.file), {**FILE, "kept_at": LONG_AGO})
        sent = [{"sha256": FILE["sha256"], "person_id": one, "at": LONG_AGO} for one in university.people.values()]
        connection.execute(sa.insert(t.upload), sent)
        organisation_changed(connection)
    return university


def _people(connection: sa.Connection, university: University) -> None:
    for code, (above, is_campus) in _UNITS.items():
        university.units[code] = new_id()
        row: dict[str, object] = {"id": university.units[code], "code": code, "parent_id": university.units[above]}
        connection.execute(sa.insert(t.unit), {**row, "is_campus": is_campus, **_named(code)})
    for code in _PEOPLE:
        university.people[code] = new_id()
        row = {"id": university.people[code], "code": code, "email": f"{code}@uni.example", "language": "ky"}
        connection.execute(sa.insert(t.person), {**row, **_named(code)})
    for code, (unit, role, heads, holder) in _POSTS.items():
        university.posts[code] = new_id()
        row = {"id": university.posts[code], "code": code, "unit_id": university.units[unit]}
        connection.execute(sa.insert(t.post), {**row, "role": role, "heads": heads, **_named(code)})
        held = {"person_id": university.people[holder], "post_id": university.posts[code], "since": date(2000, 1, 1)}
        connection.execute(sa.insert(t.holding), {"id": new_id(), **held})


def _documents(connection: sa.Connection, university: University) -> None:
    process = {"id": new_id(), "code": PROCESS, "name": "Процесс", "folded": "процесс"}
    connection.execute(sa.insert(t.process), process)
    for position, post in enumerate(("librarian", "head")):
        owner = {"process_id": process["id"], "post_id": university.posts[post], "position": position}
        connection.execute(sa.insert(t.process_owner), {"id": new_id(), **owner})
    for code, route in _ROUTES.items():
        row = {"code": code, "review_months": 12, "in_legend": True}
        connection.execute(sa.insert(t.document_type), {**row, **_named(code)})
        takes = {"type_code": code, "campus_id": None, "facts": usual(tuple(route)).facts}
        connection.execute(sa.insert(t.route), {"id": new_id(), **takes})
    for document in _DOCUMENTS:
        connection.execute(sa.insert(t.document), _document(university, document))


def _councils(connection: sa.Connection, university: University) -> None:
    """Their members and rules; whom a document of the whole university concerns."""
    bodies = {row.code: row.id for row in connection.execute(sa.select(t.body))}
    for code, members in _MEMBERS.items():
        since = {"body_id": bodies[code], "since": date(2000, 1, 1)}
        rows = [{"id": new_id(), "person_id": university.people[one], **since} for one in members]
        connection.execute(sa.insert(t.membership), rows)
    for code, rules in _RULES.items():
        connection.execute(sa.update(t.body).where(t.body.c.code == code).values(**rules))
    document = connection.execute(sa.select(t.document.c.id).where(t.document.c.code == "КН 3.2")).scalar_one()
    concerns = [{"person_id": university.people["director"]}, {"post_id": university.posts["archivist"]}]
    for whom in concerns:
        connection.execute(sa.insert(t.distribution).values(id=new_id(), document_id=document, **whom))


def _document(university: University, code: str) -> dict[str, object]:
    kind, campus, unit, post = _DOCUMENTS[code]
    return {
        "id": new_id(),
        "campus_id": university.units[campus],
        "code": code,
        "title": code,
        "folded": fold(code),
        "sort_key": sort_key(code),
        "type_code": kind,
        "process_group": "4",
        "is_series": False,
        "unit_id": university.units[unit] if unit else None,
        "owner_post_id": university.posts[post] if post else None,
        "given": {},
    }


def _named(code: str) -> dict[str, str]:
    return names(Text(code, code, code))
