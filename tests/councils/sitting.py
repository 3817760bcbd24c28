"""A body with members, and the verbs with which a test tells of its sitting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service import minutes
from tests.support.university import University

MEMBERS: Final = ("rector", "vice", "dean", "head", "librarian")
DAY: Final = timedelta(days=1)


def seat(university: University, body: str = "ouk", people: Iterable[str] = MEMBERS, **rules: Any) -> UUID:
    """Members for a body, and its rules; the body's identifier."""
    body_id: UUID = university.one(t.body, t.body.c.code == body)["id"]
    since = datetime(2000, 1, 1).date()  # noqa: DTZ001 - only its date is kept
    rows = [
        {"id": new_id(), "body_id": body_id, "person_id": university.people[one], "since": since, "until": None}
        for one in people
    ]
    university.change(sa.insert(t.membership).values(rows))
    if rules:
        university.change(sa.update(t.body).where(t.body.c.id == body_id).values(**rules))
    return body_id


@dataclass
class Sitting:
    """One sitting of a body, as its secretary records it on its day."""

    university: University
    id: UUID
    secretary: str
    day: datetime

    @classmethod
    def plan(cls, university: University, day: datetime, body: str = "ouk", secretary: str = "sec_ouk") -> "Sitting":
        """A sitting planned a week ahead of its day."""
        facts: dict[str, Any] = {
            "held_on": day.date().isoformat(),
            "begins_at": "14:00",
            "held_at": "Башкы корпус, 201",
        }
        planned = university.open("sitting", secretary, day - 7 * DAY, body=body, **facts)
        return cls(university, planned, secretary, day)

    @classmethod
    def closed(cls, university: University, day: datetime) -> "Sitting":
        """One whose protocol is closed, with an instruction for the dean."""
        seat(university)
        sitting = cls.plan(university, day)
        sitting.go("add_item", day - 6 * DAY, title="Отчёт")
        sitting.begin()
        sitting.decide(1, "resolved")
        sitting.add("instruction", what="Тактоо", owner_post="dean", due_on=(day + 30 * DAY).date().isoformat())
        sitting.go("close", protocol_no="4")
        return sitting

    def go(self, name: str, when: datetime | None = None, who: str = "", **given: Any) -> None:
        """The secretary makes a move."""
        self.university.go(self.id, name, who or self.secretary, when or self.day, **given)

    def begin(self, there: Iterable[str] = MEMBERS) -> None:
        """Papers are sent, the sitting is opened on its day, and those who came are marked."""
        self.go("send_papers", self.day - 5 * DAY)
        self.open(there)

    def open(self, there: Iterable[str] = MEMBERS, chair: str = "rector") -> None:
        """The sitting is opened on its day, and those who came are marked."""
        self.go("open_session", chair=chair)
        for one in there:
            self.write("attendee", self.no_of(one), presence="present")

    def write(self, part: str, no: int, who: str = "", was: Mapping[str, Any] | None = None, **given: Any) -> None:
        """Something is typed into the minutes."""
        actor = self.university.as_(who or self.secretary, self.day)
        with self.university.database.write() as connection:
            minutes.keep(connection, self.id, part, no, given, actor, self.day, was=was)

    def add(self, part: str, **given: Any) -> int:
        """A row is added to the minutes; its number."""
        actor = self.university.as_(self.secretary, self.day)
        with self.university.database.write() as connection:
            return minutes.add_row(connection, self.id, part, given, actor, self.day)

    def vote(self, item: int, person: str, vote: str) -> None:
        """A member votes by name."""
        actor = self.university.as_(self.secretary, self.day)
        with self.university.database.write() as connection:
            minutes.cast_vote(connection, self.id, item, person, vote, actor, self.day)

    def rows(self, part: str) -> list[dict[str, Any]]:
        """What a part has now."""
        table = t.record.metadata.tables[part]
        return self.university.rows(table, table.c.record_id == self.id, table.c.removed_at.is_(None))

    def no_of(self, person: str) -> int:
        """The number under which a member's attendance is kept."""
        wanted = self.university.people[person]
        return next(int(row["no"]) for row in self.rows("attendee") if row["person_id"] == wanted)

    def item_on(self, record: UUID) -> int:
        """The number of the item that is about a record."""
        return next(int(row["no"]) for row in self.rows("agenda_item") if row["about_id"] == record)

    def decide(self, item: int, decision: str = "endorse", votes: tuple[int, int, int] = (5, 0, 0)) -> None:
        """An item is decided, in words and votes."""
        words: dict[str, Any] = {"decision": decision, "wording": "Жактырылсын", "heard": "Өмүр Жазуучу баяндады"}
        names = ("votes_for", "votes_against", "votes_abstained")
        votes_said: dict[str, Any] = dict(zip(names, map(str, votes), strict=True))
        self.write("agenda_item", item, **words, **votes_said)
