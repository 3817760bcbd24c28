"""Orders and sheets over time: codes that changed since, what ceases by an order, grounds and authors of several."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.codes import change_code
from service.prints.gather_changes import order_draft
from service.reading.records import read_record
from tests.prints.pdfs import text
from tests.support.statements import heard
from tests.support.university import DOCUMENT, University, at, order, protocol
from tests.web.visitors import Visitor, application

NOW, LATER = at(2026, 4, 6), at(2026, 5, 6)


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, LATER, home=tmp_path)
    yield made
    made.state.site.close()


def said_by(app: FastAPI, revision: UUID, name: str, person: str = "rector") -> str:
    """What a print says in Russian."""
    answer = Visitor(app).is_(person, "ru").get(f"/revisions/{revision}/prints/{name}.pdf")
    assert answer.status_code == 200
    return text(answer.content)


def endorsed(university: University, code: str, author: str = "owner", **numbers: str) -> UUID:
    """A revision of another document, which waits for the rector; the protocols' numbers by secretary."""
    row = {**university.one(t.document, t.document.c.code == DOCUMENT), "id": new_id(), "code": code}
    university.change(
        sa.insert(t.document).values({**row, "title": f"{code}-жобо", "owner_post_id": university.posts[author]})
    )
    revision = university.draft(NOW, author, document=code)
    university.go(revision, "submit", author, NOW)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, NOW, **protocol(numbers.get(secretary, "1"), NOW))
    return revision


def change(university: University, code: str, to: str, when: Any) -> None:
    """The document has another code from then on."""
    document = university.one(t.document, t.document.c.code == code)["id"]
    with university.database.write() as connection:
        change_code(connection, document, {"code": to, "reason": "Топ"}, university.as_("quality", when), when)


class TestACodeThatChanged:
    def test_stands_as_it_was_signed_with_the_one_of_now_beside(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        change(university, DOCUMENT, "УСТ 4.10", at(2026, 4, 6, 18))  # on the very day
        change(university, "УСТ 4.10", "УСТ 4.11", LATER)
        beside = f"{DOCUMENT} (ныне УСТ 4.11)"
        for name in ("approval", "sign-off", "acquaintance"):
            assert beside in said_by(app, revision, name), name
        said = said_by(app, revision, "order")
        assert f"({DOCUMENT})" in said
        assert f"1) {beside}" in said
        assert said.count("УСТ 4.11") == 1
        assert "УСТ 4.10" not in said

    def test_before_it_was_signed_is_the_only_one(self, university: University, app: FastAPI) -> None:
        revision = university.endorsed(NOW)
        change(university, DOCUMENT, "УСТ 4.10", at(2026, 4, 7))
        for _ in range(2):
            for name in ("approval", "sign-off", "order"):
                said = said_by(app, revision, name)
                assert "УСТ 4.10" in said
                assert DOCUMENT not in said
            if university.state(revision) == "rector_approval":
                university.go(revision, "approve", "rector", LATER, **order("9", LATER, LATER.date()))


class TestWhatCeases:
    def test_is_nothing_where_the_one_before_was_withdrawn(self, university: University, app: FastAPI) -> None:
        first = university.in_force(NOW)
        university.go(first, "withdraw", "rector", NOW, order_no="8", decided_on=NOW.date(), reason="x")
        second = university.endorsed(NOW)
        for _ in range(2):
            assert "утратившей силу" not in said_by(app, second, "order")
            if university.state(second) == "rector_approval":
                university.go(second, "approve", "rector", NOW, **order("9", NOW, NOW.date()))

    def test_is_what_is_in_force_until_then_and_what_it_superseded(self, university: University, app: FastAPI) -> None:
        first = university.in_force(NOW)
        university.change(
            sa.update(t.revision).where(t.revision.c.record_id == first).values(in_force_on=None)  # imported so
        )
        second = university.endorsed(NOW)
        ceases = "утратившей силу редакцию № 1"
        assert ceases in said_by(app, second, "order")
        university.go(second, "approve", "rector", NOW, **order("9", NOW, date(2026, 4, 20)))
        assert ceases in said_by(app, second, "order")
        university.go(second, "recall", "rector", NOW, reason="ката")
        university.go(second, "approve", "rector", LATER, **order("9", LATER, LATER.date()))
        assert university.state(first) == "superseded"
        assert ceases in said_by(app, second, "order")
        third = university.in_force(at(2026, 5, 6, 12))
        assert ceases in said_by(app, second, "order")
        assert "утратившей силу редакцию № 2" in said_by(app, third, "order")


class TestAnOrderOverSeveral:
    def test_says_which_ground_is_of_which_and_who_wrote_them(self, university: University, app: FastAPI) -> None:
        first = endorsed(university, "ЖЖ 3.02", sec_ouk="11", sec_ok="5")
        second = endorsed(university, "ЖЖ 3.03", "librarian", sec_ouk="12", sec_ok="5")
        for revision in (first, second):
            university.go(revision, "approve", "rector", NOW, **order("17", NOW, NOW.date()))
        said = said_by(app, first, "order")
        assert "протокол № 11, 6 апреля 2026 г. (ЖЖ 3.02)" in said
        assert "протокол № 12, 6 апреля 2026 г. (ЖЖ 3.03)" in said
        assert said.count("протокол № 5, 6 апреля 2026 г.") == 1  # of both
        assert "протокол № 5, 6 апреля 2026 г. (" not in said
        assert "Подготовили: Омур Жазуучу, owner (должность); Китеп Китепов, librarian (должность)" in said
        docx = Visitor(app).is_("rector", "ru").get(f"/revisions/{first}/prints/order.docx?language=ru")
        assert docx.status_code == 200

    def test_asks_the_database_little_for_each(self, university: University) -> None:
        counts = []
        actor = university.as_("rector", NOW)
        for number in range(1, 7):
            revision = endorsed(university, f"ЖЖ 3.0{number}")
            university.go(revision, "approve", "rector", NOW, **order("17", NOW, NOW.date()))
            asked: list[str] = []
            with heard(university.database, asked.append), university.database.read() as connection:
                order_draft(connection, read_record(connection, revision, actor, NOW), actor, NOW)
            counts.append(len(asked))
        assert (counts[5] - counts[1]) / 4 <= 6, counts
