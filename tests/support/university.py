"""A small university: people, posts, councils, one document; and the verbs with which a test tells its story."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.moves import Moved, move
from service.opening import open_record
from service.organisation import Actor, organisation, organisation_changed
from service.signing import Proof
from states.kyrgyz import fold, sort_key
from states.routes import usual
from states.text import Text
from states.working_days import BISHKEK

# Each unit: what it belongs to.
UNITS: Final = {"UNI": None, "ACADEMIC": "UNI", "DEPARTMENT": "ACADEMIC", "LIBRARY": "UNI"}
# Each post: its unit, its role, whether it heads the unit. `owner` works under `head`, who works under `dean`.
POSTS: Final = {
    "rector": ("UNI", "rector", True),
    "vice": ("UNI", "vice_rector", False),
    "quality": ("UNI", "quality_specialist", False),
    "admin": ("UNI", "administrator", False),
    "sec_ouk": ("UNI", None, False),
    "sec_ok": ("UNI", None, False),
    "auditor": ("UNI", None, False),
    "dean": ("ACADEMIC", None, True),
    "head": ("DEPARTMENT", None, True),
    "owner": ("DEPARTMENT", None, False),
    "librarian": ("LIBRARY", None, True),
    "reader": ("LIBRARY", None, False),
}
# Each person holds the post of the same name and reads this language.
PEOPLE: Final = {
    "rector": (Text("Айбек Ректоров", "Айбек Ректоров", "Aibek Rektorov"), "ky"),
    "vice": (Text("Жылдыз Окуева", "Жылдыз Окуева", "Jyldyz Okueva"), "ru"),
    "quality": (Text("Сапат Сапаров", "Сапат Сапаров", "Sapat Saparov"), "ky"),
    "admin": (Text("Админ Админов", "Админ Админов", "Admin Adminov"), "en"),
    "sec_ouk": (Text("Үмүт Катчы", "Умут Катчы", "Umut Katchy"), "ru"),
    "sec_ok": (Text("Назгүл Кеңешова", "Назгуль Кенешова", "Nazgul Kengeshova"), "en"),
    "auditor": (Text("Текшер Аудиторов", "Текшер Аудиторов", "Teksher Auditorov"), "en"),
    "dean": (Text("Декан Деканов", "Декан Деканов", "Dekan Dekanov"), "en"),
    "head": (Text("Башчы Башчиев", "Башчы Башчиев", "Bashchy Bashchiev"), "ru"),
    "owner": (Text("Өмүр Жазуучу", "Омур Жазуучу", "Omur Jazuuchu"), "ky"),
    "librarian": (Text("Китеп Китепов", "Китеп Китепов", "Kitep Kitepov"), "en"),
    "reader": (Text("Окурман Окуров", "Окурман Окуров", "Okurman Okurov"), "ru"),
}
BODIES: Final = {
    "ouk": ("sec_ouk", Text("Окуу-усулдук кеңеш", "Учебно-методический совет", "Educational-methodical council")),
    "ok": ("sec_ok", Text("Окумуштуулар кеңеши", "Учёный совет", "Academic Council")),
}
# Entries of catalogues: catalogue, edition, code, parent.
ENTRIES: Final = (
    ("cause", "1", "M", None),
    ("cause", "1", "M1", "M"),
    ("cause", "1", "P", None),
    ("cause", "1", "P1", "P"),
    ("clause", "2015", "7", None),
    ("clause", "2015", "7.5", "7"),
)
DOCUMENT: Final = "УСТ 4.09"
TITLE: Final = "Алдын алуучу жана түзөтүүчү иш-аракеттер"


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """That moment in Bishkek, with Bishkek's own zone: whoever forgets to turn it into UTC shall be found out."""
    return datetime(year, month, day, hour, minute, tzinfo=BISHKEK)


def names(text: Text) -> dict[str, str]:
    """The columns of a name in three languages."""
    return {"name_ky": text.ky, "name_ru": text.ru, "name_en": text.en}


@dataclass
class University:
    """The university in a database. `people`, `posts` and `units` hold identifiers by code."""

    database: Database
    people: dict[str, UUID]
    posts: dict[str, UUID]
    units: dict[str, UUID]

    @classmethod
    def founded(cls, database: Database) -> "University":
        """Everybody in their post since long ago; `УСТ 4.09` reviewed by `ouk`, then `ok`, owned by `owner`."""
        people = {code: new_id() for code in PEOPLE}
        posts = {code: new_id() for code in POSTS}
        units = {code: new_id() for code in UNITS}
        rows: dict[sa.Table, list[dict[str, object]]] = {}

        def put(table: sa.Table, **row: object) -> None:
            rows.setdefault(table, []).append(row)

        with database.write() as connection:
            for code, parent in UNITS.items():
                above = units[parent] if parent else None
                named = names(Text(code, code, code))
                put(t.unit, id=units[code], code=code, parent_id=above, is_campus=above is None, **named)
            for code, (unit, role, heads) in POSTS.items():
                named = names(Text(f"{code} (кызмат)", f"{code} (должность)", f"{code} (post)"))
                put(t.post, id=posts[code], code=code, unit_id=units[unit], role=role, heads=heads, **named)
            for code, (name, language) in PEOPLE.items():
                put(t.person, id=people[code], code=code, email=f"{code}@uni.example", language=language, **names(name))
                put(t.holding, id=new_id(), person_id=people[code], post_id=posts[code], since=date(2000, 1, 1))
            for code, (secretary, name) in BODIES.items():
                put(t.body, id=new_id(), code=code, secretary_post_id=posts[secretary], **names(name))
            put(
                t.document_type,
                code="УСТ",
                review_months=12,
                in_legend=True,
                **names(Text("стандарт", "стандарт", "standard")),
            )
            put(t.route, id=new_id(), type_code="УСТ", campus_id=None, facts=usual(tuple(BODIES)).facts)
            put(
                t.document,
                id=new_id(),
                campus_id=units["UNI"],
                code=DOCUMENT,
                title=TITLE,
                folded=fold(f"{DOCUMENT} {TITLE}"),
                sort_key=sort_key(DOCUMENT),
                type_code="УСТ",
                process_group="4",
                is_series=False,
                owner_post_id=posts["owner"],
                given={},
            )
            for catalogue, edition, code, top in ENTRIES:
                named = names(Text(f"{code} (ky)", f"{code} (ru)", f"{code} (en)"))
                put(t.entry, catalogue=catalogue, edition=edition, code=code, parent=top, position=0, **named)
            for table, some in rows.items():
                connection.execute(sa.insert(table), some)
            organisation_changed(connection)
        return cls(database, people, posts, units)

    def as_(self, person: str, when: datetime) -> Actor:
        """The person as they act on that day."""
        with self.database.read() as connection:
            return organisation(connection).actor(self.people[person], when.astimezone(BISHKEK).date())

    def go(self, record: UUID, name: str, who: str, when: datetime, **given: Any) -> Moved:
        """Somebody makes a move, in a transaction of its own."""
        actor = self.as_(who, when)
        with self.database.write() as connection:
            return move(connection, record, name, actor, given, when, proof=Proof("demonstration", when))

    def open(self, kind: str, who: str, when: datetime, parent: UUID | None = None, **given: Any) -> UUID:
        """Somebody opens a record; its identifier."""
        actor = self.as_(who, when)
        with self.database.write() as connection:
            return open_record(connection, kind, given, actor, when, parent_id=parent).record_id

    def draft(self, when: datetime, who: str = "owner", document: str = DOCUMENT) -> UUID:
        """A new revision of the document."""
        return self.open("document", who, when, document=document, summary="4.1-пункт такталат")

    def endorsed(self, when: datetime) -> UUID:
        """A revision that both councils have endorsed on one day: it waits for the rector."""
        revision = self.draft(when)
        self.go(revision, "submit", "owner", when)
        for secretary in ("sec_ouk", "sec_ok"):
            self.go(revision, "endorse", secretary, when, **protocol("1", when))
        return revision

    def in_force(self, when: datetime) -> UUID:
        """A revision that is in force from that day."""
        revision = self.endorsed(when)
        given = sa.select(t.decision.c.decided_on).where(t.decision.c.kind == "order")
        with self.database.read() as connection:  # orders of one day share a number, others have the next
            before = set(connection.execute(given).scalars()) - {when.date()}
        self.go(revision, "approve", "rector", when, **order(str(1 + len(before)), when, when.date()))
        return revision

    def reported(self, when: datetime, who: str = "auditor") -> UUID:
        """A nonconformity that an internal audit found."""
        return self.open(
            "nonconformity",
            who,
            when,
            title="Протоколдор жок",
            found="Кафедранын протоколдору табылган жок",
            nc_kind="programme",
            source="internal_audit",
            found_on=when.date(),
        )

    def planning(self, when: datetime, owner: str = "owner") -> UUID:
        """A nonconformity of `owner`'s whose actions are being planned."""
        found = self.reported(when)
        self.go(found, "register", "quality", when, severity="major", owner_post=owner)
        self.go(found, "record_correction", owner, when, correction="Протоколдор табылды")
        self.analysed(found, when, owner)
        return found

    def analysed(self, found: UUID, when: datetime, owner: str = "owner") -> None:
        """Its causes are recorded, with one more than there was."""
        self.go(found, "add_cause", owner, when, text="Тартип жок", code="1/M1")
        self.go(found, "record_causes", owner, when, similar_checked="none", similar="Башка кафедрада жок")

    def action(self, found: UUID, when: datetime, due: date, owner: str = "owner", who: str = "owner") -> UUID:
        """An action planned under the nonconformity."""
        return self.open(
            "corrective_action",
            who,
            when,
            parent=found,
            title="Тартип киргизүү",
            action_kind="corrective",
            criterion="Бардык протоколдор бар",
            due_on=due,
            owner_post=owner,
            causes=[1],
        )

    def under_way(self, when: datetime, due: date, owner: str = "owner") -> tuple[UUID, UUID]:
        """A nonconformity with one action in progress."""
        found = self.planning(when, owner)
        action = self.action(found, when, due, owner, who=owner)
        self.go(found, "submit_plan", owner, when, complete_by=due)
        self.go(action, "approve", "rector" if owner == "vice" else "vice", when)
        self.go(action, "start", owner, when)
        return found, action

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        """The rows of a table, in the order of its primary key."""
        with self.database.read() as connection:
            found = connection.execute(sa.select(table).where(*where).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def one(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> dict[str, Any]:
        """The only such row."""
        (row,) = self.rows(table, *where)
        return row

    def record(self, record: UUID) -> dict[str, Any]:
        """The record's row."""
        return self.one(t.record, t.record.c.id == record)

    def state(self, record: UUID) -> str:
        """The step the record is in."""
        return str(self.record(record)["state"])

    def open_tasks(self, record: UUID) -> list[dict[str, Any]]:
        """The record's open tasks, the oldest first."""
        return self.rows(t.task, t.task.c.record_id == record, t.task.c.closed_at.is_(None))

    def history(self, record: UUID) -> list[dict[str, Any]]:
        """The record's history, in its order."""
        return sorted(self.rows(t.history, t.history.c.record_id == record), key=lambda entry: int(entry["seq"]))

    def who(self, person_id: UUID) -> str:
        """The code of a person."""
        return next(code for code, known in self.people.items() if known == person_id)

    def change(self, *statements: sa.Executable) -> None:
        """Change the organisation, as its pages would: snapshots are told."""
        with self.database.write() as connection:
            for statement in statements:
                connection.execute(statement)
            organisation_changed(connection)

    def vacate(self, post: str, since: date) -> None:
        """Nobody holds the post from that day on."""
        last = date.fromordinal(since.toordinal() - 1)
        self.change(sa.update(t.holding).where(t.holding.c.post_id == self.posts[post]).values(until=last))


def protocol(number: str, when: datetime, **more: object) -> Mapping[str, Any]:
    """What a body's decision records."""
    return {"protocol_no": number, "decided_on": when.date(), "wording": "Жактырылсын", **more}


def order(number: str, when: datetime, in_force_on: date) -> Mapping[str, Any]:
    """What the rector's approval records."""
    return {"order_no": number, "decided_on": when.date(), "in_force_on": in_force_on}
