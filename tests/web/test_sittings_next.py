"""A document that waits for a council leads its secretary to a sitting: on its page, and in the list of tasks."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from tests.councils.sitting import DAY, Sitting, seat
from tests.support.statements import heard
from tests.support.university import University, protocol
from tests.web.sittings import NOW, waiting
from tests.web.visitors import Visitor, application, words

PLAN = "/sittings/new?body=ouk"


@pytest.fixture
def visitor(university: University, tmp_path: Path) -> Iterator[Visitor]:
    app = application(university.database, NOW, home=tmp_path)
    yield Visitor(app).is_("sec_ouk", "en")
    app.state.site.close()


@pytest.fixture
def revision(university: University) -> UUID:
    """One that waits for the first council of its route."""
    seat(university, "ouk", ("rector", "dean"))
    return waiting(university, 1, NOW - 14 * DAY)[0]


@pytest.mark.parametrize("where", ["record", "tasks"])
class TestTheNextStep:
    def page(self, where: str, revision: UUID) -> str:
        return f"/revisions/{revision}" if where == "record" else "/tasks"

    def test_of_what_is_on_no_agenda_is_to_plan_a_sitting(self, where: str, visitor: Visitor, revision: UUID) -> None:
        page = visitor.get(self.page(where, revision))
        assert "It stands on no agenda yet: Educational-methodical council." in words(page)
        assert f'href="{PLAN}"' in page.text
        assert '<option value="ouk" selected>' in visitor.get(PLAN).text

    def test_of_what_is_on_an_agenda_is_its_sitting(
        self, where: str, university: University, visitor: Visitor, revision: UUID
    ) -> None:
        sitting = Sitting.plan(university, NOW + 7 * DAY)
        page = visitor.get(self.page(where, revision))
        assert "It stands on the agenda of the sitting: 22 April 2026, 14:00." in words(page)
        assert f'href="/sittings/{sitting.id}/day"' in page.text
        assert PLAN not in page.text

    def test_of_what_came_later_is_the_sitting_that_is_prepared(
        self, where: str, university: University, visitor: Visitor, revision: UUID
    ) -> None:
        sitting = Sitting.plan(university, NOW + 7 * DAY)
        sitting.go("remove_item", NOW, agenda_item=1)
        page = visitor.get(self.page(where, revision))
        assert "To the sitting that is being prepared: 22 April 2026, 14:00" in words(page)
        assert f'href="/sittings/{sitting.id}/day#agenda"' in page.text
        assert f'href="{PLAN}"' in page.text
        sitting.go("cancel", NOW, reason="Кворум болбойт")
        assert f"/sittings/{sitting.id}" not in visitor.get(f"/revisions/{revision}").text


class TestWhoIsTold:
    def test_only_the_secretary_plans(self, visitor: Visitor, revision: UUID) -> None:
        for who in ("owner", "sec_ok", "dean"):
            page = visitor.is_(who, "en").get(f"/revisions/{revision}")
            assert page.status_code == 200
            assert PLAN not in page.text
            assert "on no agenda" not in words(page)

    def test_who_may_read_the_sitting_is_led_there(
        self, university: University, visitor: Visitor, revision: UUID
    ) -> None:
        sitting = Sitting.plan(university, NOW + 7 * DAY)
        sitting.go("send_papers", NOW)
        assert f"/sittings/{sitting.id}/day" in visitor.is_("dean", "en").get(f"/revisions/{revision}").text
        assert "/sittings/" not in visitor.is_("owner", "en").get(f"/revisions/{revision}").text

    def test_a_document_elsewhere_says_nothing_of_sittings(
        self, university: University, visitor: Visitor, revision: UUID
    ) -> None:
        university.go(revision, "return_for_revision", "sec_ouk", NOW, **protocol("1", NOW, wording="Тактоо"))
        assert "It stands on" not in words(visitor.get(f"/revisions/{revision}"))


def test_a_secretarys_tasks_ask_as_often_for_many_as_for_few(university: University, visitor: Visitor) -> None:
    seat(university, "ouk", ("rector", "dean"))

    def asked() -> int:
        statements: list[str] = []
        with heard(university.database, statements.append):
            for _ in range(2):  # the first also reads what is kept in memory
                statements.clear()
                assert visitor.get("/tasks").status_code == 200
        return len(statements)

    waiting(university, 1, NOW - 14 * DAY)
    few = asked()
    for number in range(2, 7):
        revision = university.draft(NOW, document=one_more(university, number))
        university.go(revision, "submit", "owner", NOW)
    assert asked() == few


def one_more(university: University, number: int) -> str:
    """Another document; its code."""
    code = f"УСТ 8.{number:02}"
    row = {**university.one(t.document, t.document.c.code == "УСТ 6.01"), "id": new_id(), "code": code}
    university.change(sa.insert(t.document).values({**row, "sort_key": code, "folded": code.lower()}))
    return code
