"""What pages and programs show of records that one may not read, and of the tasks of somebody who is away."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from tests.support.university import DOCUMENT, University, at
from tests.web.programs import Program
from tests.web.visitors import Visitor, application, words

NOW = at(2026, 4, 6)
LATE = at(2026, 6, 15)


@pytest.fixture
def shown(university: University) -> Iterator[tuple[University, Visitor, Program, dict[str, Any]]]:
    """A revision under way and a nonconformity with an action, all late."""
    coming = university.draft(NOW)
    found, action = university.under_way(NOW, date(2026, 5, 1))
    app = application(university.database, LATE)
    yield university, Visitor(app), Program(app), {"revisions": coming, "nonconformities": found, "actions": action}
    app.state.site.close()


Shown = tuple[University, Visitor, Program, dict[str, Any]]


class TestWhatOneMayNotRead:
    def test_is_on_no_page(self, shown: Shown) -> None:
        university, visitor, _, ids = shown
        visitor.is_("librarian", "en")
        for collection, record in ids.items():
            code = university.record(record)["code"]
            for path in (f"/{collection}/{record}", f"/{collection}/{record}/moves/withdraw"):
                answer = visitor.get(path) if "moves" not in path else visitor.post(path, {"version": "1"})
                assert answer.status_code == 404, path
                assert code not in answer.text
            page = words(visitor.get(f"/{collection}"))
            assert code not in page
            assert "0 in all" in page
            assert "Nothing is like that" in words(visitor.get(f"/{collection}?q={code}"))

    def test_is_in_no_answer(self, shown: Shown) -> None:
        university, _, program, ids = shown
        librarian = program.as_("librarian")
        for collection, record in ids.items():
            code = university.record(record)["code"]
            assert librarian.get(f"/api/{collection}").json()["total"] == 0
            for name in (record, code):
                for path in (f"/api/{collection}/{name}", f"/api/{collection}/{name}/history"):
                    never = librarian.get(path.replace(str(name), "XX-1")).json()
                    answer = librarian.get(path)
                    assert answer.status_code == 404
                    assert answer.json()["code"] == never["code"]
                assert librarian.move(f"/api/{collection}/{name}", "withdraw").status_code == 404
        assert librarian.get("/api/late").json()["total"] == 0
        assert librarian.get(f"/api/actions?parent={ids['nonconformities']}").status_code == 404

    def test_is_no_part_of_a_document_that_everybody_sees(self, shown: Shown) -> None:
        university, visitor, program, _ = shown
        (document,) = university.rows(t.document)
        for who, seen in (("librarian", False), ("owner", True)):
            answer = program.as_(who).get(f"/api/documents/{document['id']}").json()
            assert bool(answer["under_way"]) is seen
            assert program.as_(who).get(f"/api/documents/{document['id']}/revisions").json()["total"] == seen
            assert program.as_(who).get("/api/documents?state=draft").json()["total"] == seen
            page = words(visitor.is_(who, "en").get(f"/documents/{document['id']}"))
            assert DOCUMENT in page
            assert (f"{DOCUMENT}/1" in page) is seen

    def test_counts_for_whoever_may(self, shown: Shown) -> None:
        university, visitor, program, ids = shown
        for who, number in (("rector", 3), ("librarian", 0)):
            assert program.as_(who).get("/api/late").json()["total"] == number
            board = words(visitor.is_(who, "en").get("/late"))
            assert all((university.record(one)["code"] in board) == bool(number) for one in ids.values())


class TestADeputy:
    def test_sees_for_whom_they_act_and_until_when(self, shown: Shown) -> None:
        university, visitor, _, _ = shown
        away = {"person_id": university.people["owner"], "deputy_id": university.people["librarian"]}
        spell = {"since": LATE.date(), "until": date(2026, 6, 20), "entered_at": NOW}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell))
        page = words(visitor.is_("librarian", "en").get("/tasks"))
        assert "acting for Omur Jazuuchu until 20 June 2026" in page
        assert page.count("for Omur Jazuuchu until 20 June 2026") >= 3
        assert "acting for" not in words(visitor.is_("owner", "en").get("/tasks"))

    def test_is_named_with_whom_they_acted_for_in_the_history(self, shown: Shown) -> None:
        university, visitor, program, ids = shown
        away = {"person_id": university.people["owner"], "deputy_id": university.people["librarian"]}
        spell = {"since": date(2026, 4, 7), "until": date(2026, 4, 9), "entered_at": NOW}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell))
        university.go(ids["revisions"], "submit", "librarian", at(2026, 4, 8))
        page = words(visitor.is_("owner", "en").get(f"/revisions/{ids['revisions']}"))
        assert "Kitep Kitepov for Omur Jazuuchu" in page
        entry = program.as_("owner").get(f"/api/revisions/{ids['revisions']}/history").json()["items"][-1]
        assert (entry["actor"]["code"], entry["acting_for"]["code"]) == ("librarian", "owner")


class TestAnotherAuthor:
    def test_is_chosen_among_those_who_work_here(self, shown: Shown) -> None:
        university, visitor, _, ids = shown
        page = visitor.is_("owner", "en").get(f"/revisions/{ids['revisions']}")
        assert '<option value="librarian"' in page.text
        sent = visitor.make(page, "hand_over", author="librarian", reason="Өргүү")
        assert sent.status_code == 303, words(sent)
        assert university.record(ids["revisions"])["author_id"] == university.people["librarian"]
        assert "Kitep Kitepov" in words(visitor.get(f"/revisions/{ids['revisions']}"))
