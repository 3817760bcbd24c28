"""What the tests of digests have in common: days, readers who chose them, news, and the mails they got."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.digest import choose_digest
from service.outbox import is_due
from tests.support.post import Post
from tests.support.university import University, at

# A Tuesday, and the mornings after it.
TUESDAY = at(2026, 3, 10)
WEDNESDAY = at(2026, 3, 11, 9)
THURSDAY = at(2026, 3, 12, 9)
FRIDAY = at(2026, 3, 13, 9)
MONDAY = at(2026, 3, 16, 9)
DUE = at(2026, 3, 17, 9)  # what was registered on Tuesday is due by 18:00
MINUTE = timedelta(minutes=1)


def chooses(university: University, *people: str, digest: bool = True, when: datetime = TUESDAY) -> None:
    """These have their news once a day, or not any more."""
    with university.database.write() as connection:
        for person in people:
            choose_digest(connection, university.people[person], digest, when)


def registered(university: University, when: datetime, owner: str = "owner") -> UUID:
    """A nonconformity whose correction `owner` has to record by the fifth working day."""
    found = university.reported(when)
    university.go(found, "register", "quality", when, severity="minor", owner_post=owner)
    return found


def of(university: University, person: str, **column: Any) -> list[dict[str, Any]]:
    """Somebody's notices."""
    where = (t.notice.c[name] == value for name, value in column.items())
    return university.rows(t.notice, t.notice.c.reader_id == university.people[person], *where)


def mails_to(post: Post, person: str) -> list[Any]:
    """What somebody got."""
    return [mail for mail in post.mails() if mail.entry.recipient == f"{person}@uni.example"]


def key(university: University, person: str, day: str) -> str:
    """The key of somebody's digest of a day, as 20260311."""
    return f"digest:{day}:{university.people[person].hex}"


def waits(university: University, now: datetime) -> bool:
    """Whether there is anything to send."""
    with university.database.read() as connection:
        return is_due(connection, now)


def away(university: University, spell: dict[str, Any]) -> None:
    """Somebody is away."""
    university.change(sa.insert(t.absence).values({"id": new_id(), "reason": "", "entered_at": TUESDAY, **spell}))
