"""Two universities as their own documents tell of them: what they are called, how a document goes, on which days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.organisation import organisation_changed
from states.text import LANGUAGES, Text
from tests.councils.sitting import seat
from tests.support.university import University, at, names

CODE, TYPE = "СК 1.03", "СК"
TITLE: Final = "Сапат менеджмент системасы боюнча колдонмо"
MEMBERS: Final = {
    "ouk": ("vice", "dean", "head", "librarian"),
    "ok": ("rector", "vice", "dean", "head", "librarian"),
}
# Posts as universities call them; those that stay have no part in this.
POSTS: Final = {
    "rector": Text("Ректор", "Ректор", "Rector"),
    "vice": Text("Окуу иштери боюнча проректор", "Проректор по учебной работе", "Vice-rector for academic affairs"),
    "quality": Text("Сапат боюнча адис", "Специалист по качеству", "Quality specialist"),
    "owner": Text("Сапат бөлүмүнүн башчысы", "Начальник отдела качества", "Head of the quality department"),
    "dean": Text("Экономика факультетинин деканы", "Декан факультета экономики", "Dean of Economics"),
    "head": Text("Информатика кафедрасынын башчысы", "Заведующий кафедрой информатики", "Head of Informatics"),
    "librarian": Text("Китепкананын башчысы", "Заведующий библиотекой", "Head of the library"),
    "reader": Text("Китепканачы", "Библиотекарь", "Librarian"),
    "sec_ouk": Text(
        "Окуу-методикалык кеңештин катчысы",
        "Секретарь учебно-методического совета",
        "Secretary of the educational-methodical council",
    ),
    "sec_ok": Text("Окумуштуулар кеңешинин катчысы", "Секретарь Учёного совета", "Secretary of the Academic Council"),
}
BODIES: Final = {
    "ouk": Text("Окуу-методикалык кеңеш", "Учебно-методический совет", "Educational-methodical council"),
    "ok": Text("Окумуштуулар кеңеши", "Учёный совет", "Academic Council"),
}
MINISTRY: Final = Text(
    "Кыргыз Республикасынын Билим берүү жана илим министрлиги",
    "Министерство образования и науки Кыргызской Республики",
    "Ministry of Education and Science of the Kyrgyz Republic",
)


@dataclass(frozen=True, slots=True)
class Sat:
    """A council's sitting in the story: when it was planned, when its papers went, when it met, its protocol's №.

    `does` is what its route has it do, `outcome` what protocols call that. Without `wording` the proposed one is taken.
    """

    body: str
    planned: datetime
    called: datetime
    held: datetime
    number: str
    votes: int
    does: Text
    done: Text
    outcome: Text
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A university's approval of its manual. `order_no` is empty where its route takes no numbered order.

    `head` stands over the rector on the title page; `days` are those of the councils and of the rector, as each
    language writes them.
    """

    name: Text
    place: Text
    routes: str
    drafted: datetime
    sittings: tuple[Sat, ...]
    approved: datetime
    order_no: str
    head: Text
    days: Mapping[str, Text]

    @property
    def approved_on(self) -> date:
        """The day of the rector's approval, on which it is in force too."""
        return self.approved.date()


DISCUSSES: Final = (
    Text("талкуулайт", "обсуждает", "discusses"),
    Text("ТАЛКУУЛАНГАН", "ОБСУЖДЕНО", "DISCUSSED"),
    Text("Талкууланды", "Обсуждено", "Discussed"),
)
ENDORSES: Final = (
    Text("жактырат", "одобряет", "endorses"),
    Text("КАРАЛЫП, ЖАКТЫРЫЛГАН", "РАССМОТРЕНО И ОДОБРЕНО", "CONSIDERED AND ENDORSED"),
    Text("Жактырылды", "Одобрено", "Endorsed"),
)
APPROVES: Final = (
    Text("бекитет", "утверждает", "approves"),
    Text("КАРАЛЫП, БЕКИТИЛГЕН", "РАССМОТРЕНО И УТВЕРЖДЕНО", "CONSIDERED AND APPROVED"),
    Text("Бекитилди", "Утверждено", "Approved"),
)
APPROVED: Final = f"«{TITLE} ({CODE}/1)» бекитилсин."

# The manual's title page: Academic Council 28 March 2024, protocol № 7, the rector the same day; discussed before that
# in the educational-methodical council, whose day and number it does not say.
TALSU: Final = Way(
    name=Text("Талас мамлекеттик университети", "Таласский государственный университет", "Talas State University"),
    place=Text("Талас шаары", "город Талас", "Talas"),
    routes="TalSU",
    drafted=at(2024, 3, 11, 9, 30),
    sittings=(
        Sat("ouk", at(2024, 3, 13, 10), at(2024, 3, 18, 10), at(2024, 3, 22, 14, 10), "6", 4, *DISCUSSES),
        Sat("ok", at(2024, 3, 25, 9), at(2024, 3, 25, 9, 20), at(2024, 3, 28, 14, 10), "7", 5, *ENDORSES),
    ),
    approved=at(2024, 3, 28, 16, 40),
    order_no="",
    head=Text("БЕКИТЕМИН", "УТВЕРЖДАЮ", "APPROVED"),
    days={
        "ouk": Text("2024-жылдын 22-марты", "22 марта 2024 г.", "22 March 2024"),
        "ok": Text("2024-жылдын 28-марты", "28 марта 2024 г.", "28 March 2024"),
        "rector": Text("2024-жылдын 28-марты", "28 марта 2024 г.", "28 March 2024"),
    },
)
# Academic Council 5 April 2017, protocol № 5; in force by the rector's order № 01-12/138 of 19 April 2017.
NSU: Final = Way(
    name=Text("Нарын мамлекеттик университети", "Нарынский государственный университет", "Naryn State University"),
    place=Text("Нарын шаары", "город Нарын", "Naryn"),
    routes="NSU",
    drafted=at(2017, 3, 23, 9, 30),
    sittings=(
        Sat("ok", at(2017, 3, 27, 10), at(2017, 3, 30, 10), at(2017, 4, 5, 14, 10), "5", 5, *APPROVES, APPROVED),
    ),
    approved=at(2017, 4, 19, 11, 0),
    order_no="01-12/138",
    head=Text("ИШКЕ КИРГИЗИЛГЕН", "ВВЕДЕНО В ДЕЙСТВИЕ", "PUT INTO FORCE"),
    days={
        "ok": Text("2017-жылдын 5-апрели", "5 апреля 2017 г.", "5 April 2017"),
        "rector": Text("2017-жылдын 19-апрели", "19 апреля 2017 г.", "19 April 2017"),
    },
)


def founded(database: Database, way: Way) -> University:
    """The small university under that name, its councils with members; of its register, nothing but the type."""
    university = University.founded(database)
    kind = Text("Сапат боюнча колдонмо", "Руководство по качеству", "Quality manual")
    with database.write() as connection:
        connection.execute(sa.delete(t.document))
        connection.execute(sa.delete(t.route))
        connection.execute(
            sa.insert(t.document_type).values(code=TYPE, review_months=12, in_legend=True, **names(kind))
        )
        connection.execute(sa.update(t.unit).where(t.unit.c.code == "UNI").values(**names(way.name)))
        for table, named in ((t.post, POSTS), (t.body, BODIES)):
            for code, text in named.items():
                connection.execute(sa.update(table).where(table.c.code == code).values(**names(text)))
        organisation_changed(connection)
    for body, members in MEMBERS.items():
        seat(university, body, members)
    return university


def letterhead(folder: Path, way: Way) -> Path:
    """The folder of the university's own forms: nothing but its place and its ministry."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {"name": way.name, "place": way.place, "ministry": MINISTRY}
    told = {name: {one: text.into(one) for one in LANGUAGES} for name, text in named.items()}
    folder.joinpath("university.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return folder
