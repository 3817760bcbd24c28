"""Asking people to read, as tests tell it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.readings import ask_readers
from states.text import Text
from tests.support.university import University, names

# The document's owner sits in the department; beside them its head. Whoever wrote it is not asked.
DEPARTMENT = {"head"}
_LONG_AGO = date(2000, 1, 1)


def lay_down(university: University, **row: Any) -> None:
    """A row of the distribution, past its pages: `of` is the type's or the document's code."""
    of = row.pop("of")
    document = university.rows(t.document, t.document.c.code == of)
    whose = {"document_id": document[0]["id"]} if document else {"type_code": of}
    university.change(
        sa.insert(t.distribution).values(id=new_id(), everybody=row.pop("everybody", False), **whose, **row)
    )


def asked(university: University, revision: UUID) -> dict[str, dict[str, Any]]:
    """By the reader's code, the record of their reading with its typed side; each reader once."""
    with university.database.read() as connection:
        rows = connection.execute(
            sa.select(t.record, t.acknowledgement)
            .join(t.acknowledgement, t.acknowledgement.c.record_id == t.record.c.id)
            .where(t.acknowledgement.c.revision_id == revision)
            .order_by(t.record.c.id)
        )
        found = [dict(row._mapping) for row in rows]
    by_reader = {university.who(row["reader_id"]): row for row in found}
    assert len(by_reader) == len(found)
    return by_reader


def given_out(university: University, when: datetime) -> UUID:
    """A revision in force whose readers have been asked."""
    revision = university.in_force(when)
    ask_readers(university.database, when)
    return revision


def joins(university: University, code: str, post: str, when: datetime) -> None:
    """Somebody new holds a post from that day on, beside whoever holds it."""
    person = university.people[code] = new_id()
    named = names(Text(f"{code} К", f"{code} К", f"{code} K"))
    university.change(
        sa.insert(t.person).values(id=person, code=code, email=f"{code}@uni.example", language="ky", **named),
        sa.insert(t.holding).values(
            id=new_id(), person_id=person, post_id=university.posts[post], since=when.date(), until=None
        ),
    )


def crowd(university: University, unit: str, count: int) -> list[str]:
    """So many more people in a unit, each in a post of their own; their codes."""
    codes = [f"p{number:04d}" for number in range(count)]
    people, posts, holdings = [], [], []
    for code in codes:
        person, post = new_id(), new_id()
        university.people[code], university.posts[code] = person, post
        named = names(Text(code, code, code))
        people.append({"id": person, "code": code, "email": f"{code}@uni.example", "language": "ky", **named})
        posts.append(
            {"id": post, "code": code, "unit_id": university.units[unit], "role": None, "heads": False, **named}
        )
        holdings.append({"id": new_id(), "person_id": person, "post_id": post, "since": _LONG_AGO})
    university.change(
        sa.insert(t.person).values(people), sa.insert(t.post).values(posts), sa.insert(t.holding).values(holdings)
    )
    return codes
