"""What the demonstration's councils did in the last weeks: a sitting that was held, others that are on their way.

Told as people would have done it, day by day, through the doors they use: moves, and minutes as they are typed.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service import minutes
from service.moves import move
from service.opening import open_record
from service.organisation import CLOCK, Actor, organisation
from service.parts import read_part
from service.readings import ask_readers
from service.signing import Proof
from states.working_days import Calendar, moment

HELD_AT: Final = "Башкы корпус, 201-кабинет"
QUALITY, SECRETARY = "quality_specialist", "secretary_quality_council"
# What the quality council instructed on the day it sat: whom, and by how many working days from today.
INSTRUCTIONS: Final = (
    ("Ички аудиттердин суроо баракчаларын жаңыртуу", "internal_auditor", 5),
    ("Факультеттерде сапат боюнча жооптуулардын окуусун өткөрүү", "dean_pedagogy", 8),
    ("Жылдык отчёттун долбоорун даярдоо", "quality_officer_agro", 12),
    ("Анкетаны кагаздан онлайнга көчүрүү", "quality_officer_economics", 20),
)


class Weeks:
    """The last weeks, in which people act on days that are so many working days ago."""

    def __init__(self, database: Database, calendar: Calendar, last: date) -> None:
        self.database, self.calendar, self.last = database, calendar, last
        self._times: dict[int, int] = {}

    def day(self, ago: int) -> str:
        """The day so many working days ago (ahead, where negative), as forms send it."""
        return self.calendar.add(self.last, -ago).isoformat()

    def at(self, ago: int) -> datetime:
        """A moment of that day, each a few minutes after the one before."""
        place = self._times[ago] = self._times.get(ago, 0) + 1
        return moment(self.calendar.add(self.last, -ago), time(9, 5)) + timedelta(minutes=place)

    def open(self, ago: int, who: str, kind: str, **said: Any) -> UUID:
        """Somebody opens a record."""
        now = self.at(ago)
        with self.database.write() as connection:
            return open_record(connection, kind, said, self._actor(connection, who, now), now).record_id

    def move(self, ago: int, who: str, record: UUID, name: str, **said: Any) -> None:
        """Somebody, or Sapat itself, makes a move."""
        now = self.at(ago)
        with self.database.write() as connection:
            actor = self._actor(connection, who, now) if who else CLOCK
            move(connection, record, name, actor, said, now, proof=Proof("demonstration", now))

    def type(self, ago: int, who: str, keep: Callable[[sa.Connection, Actor, datetime], object]) -> None:
        """The secretary types into the minutes."""
        now = self.at(ago)
        with self.database.write() as connection:
            keep(connection, self._actor(connection, who, now), now)

    def _actor(self, connection: sa.Connection, who: str, now: datetime) -> Actor:
        snapshot, day = organisation(connection), now.date()
        person = next(one.id for one in snapshot.people.values() if one.code == who)
        return snapshot.actor(person, day)


def tell_councils(database: Database, calendar: Calendar, last: date) -> int:
    """Tell all of it; gives how many moves were made."""
    weeks = Weeks(database, calendar, last)
    sitting = _held(weeks)
    _instructed(weeks, sitting)
    _on_their_way(weeks)
    _copies(weeks)
    _read(weeks)
    return sum(weeks._times.values())


def _held(weeks: Weeks) -> UUID:
    """The quality council's sitting, twenty-one working days ago; a day earlier than had been planned."""
    sitting = _planned(weeks, 30, SECRETARY, "quality_council", 22)
    for title in ("Ички аудиттердин жыйынтыгы", "Жылдык максаттар", "Ар кандай маселелер"):
        weeks.move(29, SECRETARY, sitting, "add_item", title=title)
    first, goals, others = _items(weeks, sitting)[-3:]
    weeks.move(28, SECRETARY, sitting, "place_item", agenda_item=goals, place=1)
    weeks.move(28, SECRETARY, sitting, "remove_item", agenda_item=others)
    weeks.move(26, SECRETARY, sitting, "reschedule", held_on=weeks.day(21), begins_at="15:00", held_at=HELD_AT)
    weeks.move(25, SECRETARY, sitting, "send_papers")
    weeks.move(21, SECRETARY, sitting, "open_session", chair="vice_rector")

    def write(connection: sa.Connection, actor: Actor, now: datetime) -> None:
        for row in read_part(connection, sitting, "attendee"):
            minutes.keep(connection, sitting, "attendee", row["no"], {"presence": "present"}, actor, now)
        votes = {"votes_for": "8", "votes_against": "0", "votes_abstained": "1"}
        for no in _items(weeks, sitting):
            said = {"heard": "Сапат боюнча адис баяндады.", "decision": "postpone"}
            if no in (first, goals):
                said |= {"decision": "resolved", "wording": "Маалымат жактырылсын, кемчиликтер жоюлсун.", **votes}
            minutes.keep(connection, sitting, "agenda_item", no, said, actor, now)
        for what, post, ahead in INSTRUCTIONS:
            told = {"what": what, "item": str(first), "owner_post": post, "due_on": weeks.day(-ahead)}
            minutes.add_row(connection, sitting, "instruction", told, actor, now)

    weeks.type(21, SECRETARY, write)
    weeks.move(21, SECRETARY, sitting, "close", protocol_no="3")
    weeks.move(19, SECRETARY, sitting, "correct", item=first, says="Добуштар: 7 макул, 2 калыс.")
    return sitting


def _instructed(weeks: Weeks, sitting: UUID) -> None:
    """One is accepted, one was returned and given more time, one reported, one withdrawn."""
    with weeks.database.read() as connection:
        theirs = sa.select(t.record.c.id).where(t.record.c.parent_id == sitting).order_by(t.record.c.id)
        accepted, returned, reported, withdrawn = connection.execute(theirs).scalars()
    (_, auditor, _), (_, dean, _), (_, officer, _), _ = INSTRUCTIONS
    weeks.move(15, auditor, accepted, "report_done", done="Баракчалар жаңырды", done_on=weeks.day(15))
    weeks.move(13, SECRETARY, accepted, "accept")
    weeks.move(12, dean, returned, "report_done", done="Эки факультетте өттү", done_on=weeks.day(12))
    weeks.move(11, SECRETARY, returned, "return_it", reason="Үчүнчү факультет калды")
    weeks.move(10, SECRETARY, returned, "extend", new_due_on=weeks.day(-14), reason="Сессия бүткөндөн кийин")
    weeks.move(9, SECRETARY, withdrawn, "withdraw", reason="Анкета жоюлду")
    weeks.move(5, officer, reported, "report_done", done="Долбоор даяр", done_on=weeks.day(5))


def _on_their_way(weeks: Weeks) -> None:
    """One that was not held, one that is being recorded, one whose papers have been sent."""
    faculty = _planned(weeks, 12, "secretary_faculty_council", "faculty_council", 6)
    weeks.move(7, "secretary_faculty_council", faculty, "cancel", reason="Мүчөлөрдүн көбү иш сапарда")
    college = _planned(weeks, 9, "secretary_pedagogical_council", "pedagogical_council", 1)
    weeks.move(8, "secretary_pedagogical_council", college, "add_item", title="Жайкы практика")
    weeks.move(5, "secretary_pedagogical_council", college, "send_papers")
    weeks.move(1, "secretary_pedagogical_council", college, "open_session", chair="director_college")
    rectorate = _planned(weeks, 4, "secretary_rectorate", "rectorate", -3)
    weeks.move(4, "secretary_rectorate", rectorate, "add_item", title="Кышка даярдык")
    weeks.move(1, "secretary_rectorate", rectorate, "send_papers")


def _planned(weeks: Weeks, ago: int, who: str, body: str, held: int) -> UUID:
    return weeks.open(ago, who, "sitting", body=body, held_on=weeks.day(held), begins_at="14:00", held_at=HELD_AT)


def _items(weeks: Weeks, sitting: UUID) -> list[int]:
    with weeks.database.read() as connection:
        return [int(row["no"]) for row in read_part(connection, sitting, "agenda_item")]


def _copies(weeks: Weeks) -> None:
    """Copies on paper of the quality manual: in use, recalled, returned, lost."""
    document = "СК 1.03"
    owners = ("dean_pedagogy", "dean_agro", "dean_economics", "head_library")
    copies = [
        weeks.open(16, QUALITY, "printed_copy", document=document, owner_post=post, kept_at="Кабинеттеги папка")
        for post in owners
    ]
    for copy in copies[1:3]:
        weeks.move(6, QUALITY, copy, "recall")
    weeks.move(4, QUALITY, copies[2], "give_back", returned_on=weeks.day(4))
    weeks.move(3, QUALITY, copies[3], "report_lost", reason="Китепкана көчкөндөн бери табылган жок")


def _read(weeks: Weeks) -> None:
    """Those whom the documents of these weeks concern are asked to read them; some have, one was excused."""
    ask_readers(weeks.database, weeks.at(8))
    record, of = t.record.c, t.acknowledgement.c
    with weeks.database.read() as connection:
        asked = connection.execute(
            sa.select(record.id, t.person.c.code)
            .join(t.acknowledgement, of.record_id == record.id)
            .join(t.person, t.person.c.id == of.reader_id)
            .where(record.state == "to_read")
            .order_by(record.code)
        ).all()
    for at, row in enumerate(asked):
        if at == 0:
            weeks.move(6, QUALITY, row.id, "excuse", reason="Бул иш анын милдетине кирбейт")
        elif at == 1:
            weeks.move(6, "", row.id, "lapse")
        elif at % 2:
            weeks.move(5, row.code, row.id, "acknowledge")
