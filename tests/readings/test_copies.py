"""Printed copies: numbered, registered, recalled when what they were printed from is no longer in force."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep
from uuid import UUID

import pytest
from fastapi import FastAPI

from models import tables as t
from service.moves import move
from service.signing import Proof
from service.sweep import sweep
from states.refusals import GuardUnmet, NotYours
from tests.support.together import together
from tests.support.university import DOCUMENT, University, at, order
from tests.web.visitors import Visitor, application, forms, words

DAY = at(2026, 4, 6)


def printed(university: University, owner: str = "librarian") -> UUID:
    return university.open("printed_copy", "quality", DAY, document=DOCUMENT, owner_post=owner, kept_at="204-кабинет")


def numbers(university: University) -> list[int]:
    return sorted(row["number"] for row in university.rows(t.printed_copy))


class TestACopy:
    def test_is_numbered_by_its_document_and_says_what_it_was_printed_from(self, university: University) -> None:
        university.in_force(DAY)
        first, second = printed(university), printed(university, "owner")
        assert numbers(university) == [1, 2]
        assert university.record(first)["title"].endswith(f"({DOCUMENT}/1)")
        assert university.record(second)["owner_post_id"] == university.posts["owner"]
        assert university.record(first)["code"].startswith("PC-2026-")

    def test_is_not_made_of_what_is_not_in_force(self, university: University) -> None:
        university.draft(DAY)
        with pytest.raises(GuardUnmet):
            printed(university)
        assert not university.rows(t.printed_copy)

    def test_is_registered_by_the_quality_specialist_alone(self, university: University) -> None:
        university.in_force(DAY)
        with pytest.raises(NotYours):
            university.open("printed_copy", "owner", DAY, document=DOCUMENT, owner_post="owner", kept_at="1")

    def test_never_has_the_number_of_another(self, university: University) -> None:
        university.in_force(DAY)
        done = together([lambda: printed(university)] * 8)
        assert all(isinstance(one, UUID) for one in done), done
        assert numbers(university) == list(range(1, 9))

    @pytest.mark.parametrize("ends", ["approve", "withdraw"])
    def test_is_never_left_of_what_is_ending_in_that_moment(self, university: University, ends: str) -> None:
        """Each in a transaction of its own, at once: the copy is of what is in force then, or is recalled."""
        first = university.in_force(DAY)
        later = DAY + timedelta(days=1)
        record_id, given = (
            (university.endorsed(later), order("2", later, later.date()))
            if ends == "approve"
            else (first, {"order_no": "9", "decided_on": later.date(), "reason": "Кереги жок"})
        )
        rector, proof = university.as_("rector", later), Proof("demonstration", later)
        asked = Event()

        def end() -> None:
            with university.database.write() as connection:
                move(connection, record_id, ends, rector, given, later, proof=proof)
                asked.set()
                sleep(0.5)  # the copy is asked for while this is not there yet

        def copy() -> UUID:
            asked.wait(5)
            return printed(university)

        _, made = together([end, copy])
        if isinstance(made, UUID):
            force = university.rows(t.revision, t.revision.c.in_force)
            of_now = [f"({DOCUMENT}/{row['number']})" for row in force]
            is_of_now = any(university.record(made)["title"].endswith(one) for one in of_now)
            assert is_of_now or university.state(made) == "recalled"
        else:
            assert isinstance(made, GuardUnmet)


class TestRecall:
    def test_when_another_revision_comes_into_force(self, university: University) -> None:
        university.in_force(DAY)
        held, given_back, lost = (printed(university) for _ in range(3))
        university.go(given_back, "give_back", "librarian", DAY, returned_on=DAY.date())
        university.go(lost, "report_lost", "quality", DAY, reason="Көчүүдө жоголду")
        university.in_force(DAY + timedelta(days=1))
        assert [university.state(one) for one in (held, given_back, lost)] == ["recalled", "returned", "lost"]
        (task,) = university.open_tasks(held)
        assert task["holder_post_id"] == university.posts["librarian"]
        assert university.history(held)[-1]["actor_id"] is None

    def test_when_it_is_withdrawn(self, university: University) -> None:
        revision = university.in_force(DAY)
        held = printed(university)
        given = {"order_no": "9", "decided_on": DAY.date(), "reason": "Кереги жок"}
        university.go(revision, "withdraw", "rector", DAY, **given)
        assert university.state(held) == "recalled"
        cause = university.history(held)[-1]["cause_id"]
        assert cause == university.history(revision)[-1]["id"]

    def test_is_not_of_other_documents(self, university: University) -> None:
        university.in_force(DAY)
        held = printed(university)
        university.draft(DAY + timedelta(days=1))
        assert university.state(held) == "issued"

    def test_is_reminded_of_until_it_is_given_back(self, university: University) -> None:
        university.in_force(DAY)
        held = printed(university)
        university.in_force(DAY + timedelta(days=1))
        for days in range(2, 20):
            sweep(university.database, DAY + timedelta(days=days))
        told = university.rows(t.notice, t.notice.c.record_id == held, t.notice.c.rung.is_not(None))
        assert university.people["librarian"] in {row["reader_id"] for row in told}
        with pytest.raises(GuardUnmet):
            university.go(held, "give_back", "librarian", DAY, returned_on=DAY.date() + timedelta(days=1))
        university.go(held, "give_back", "librarian", DAY + timedelta(days=20), returned_on=DAY.date())
        assert not university.open_tasks(held)
        assert university.one(t.printed_copy)["returned_on"] == DAY.date()

    def test_a_new_copy_has_the_next_number(self, university: University) -> None:
        university.in_force(DAY)
        printed(university)
        university.in_force(DAY + timedelta(days=1))
        assert university.record(printed(university))["title"].endswith(f"({DOCUMENT}/2)")
        assert numbers(university) == [1, 2]


class TestPages:
    @pytest.fixture
    def visitor(self, university: University, tmp_path: Path) -> Iterator[Visitor]:
        made: FastAPI = application(university.database, DAY, home=tmp_path)
        yield Visitor(made)
        made.state.site.close()

    def test_one_is_registered_from_the_documents_page(self, university: University, visitor: Visitor) -> None:
        university.in_force(DAY)
        document = university.one(t.document)["id"]
        page = visitor.is_("quality", "en").get(f"/documents/{document}")
        assert "Register a printed copy" in words(page)
        form = next(
            one
            for one in forms(visitor.get("/printed-copies/new?document=%D0%A3%D0%A1%D0%A2%204.09"))
            if one.action == "/printed-copies/new"
        )
        assert form.fields["document"] == DOCUMENT
        answer = visitor.post(form.action, {**form.fields, "owner_post": "librarian", "kept_at": "204-кабинет"})
        assert answer.status_code == 303
        said = words(visitor.get(f"/documents/{document}"))
        assert "Printed copies in hand" in said
        assert "204-кабинет" in said

    def test_in_hand_are_those_that_are_open(self, university: University, visitor: Visitor) -> None:
        university.in_force(DAY)
        first, second = printed(university), printed(university)
        university.go(first, "give_back", "librarian", DAY, returned_on=DAY.date())
        page = visitor.is_("librarian", "en").get(f"/documents/{university.one(t.document)['id']}")
        assert f"/printed-copies/{second}" in page.text
        assert f"/printed-copies/{first}" not in page.text
        assert "Register a printed copy" not in words(page)

    def test_whoever_may_not_read_them_sees_none(self, university: University, visitor: Visitor) -> None:
        university.in_force(DAY)
        copy = printed(university)
        page = visitor.is_("auditor", "en").get(f"/documents/{university.one(t.document)['id']}")
        assert str(copy) not in page.text
        assert "Printed copies" not in words(page).partition("Register of documents")[2].partition("Now")[2]

    def test_the_list_is_narrowed_by_document(self, university: University, visitor: Visitor) -> None:
        university.in_force(DAY)
        copy, document = printed(university), university.one(t.document)["id"]
        visitor.is_("quality", "en")
        assert f"/printed-copies/{copy}" in visitor.get(f"/printed-copies?document={document}").text
        assert f"/printed-copies/{copy}" not in visitor.get(f"/printed-copies?document={copy}").text
        assert visitor.get("/printed-copies?document=nonsense").status_code == 400
        assert visitor.get(f"/exports/printed-copies.csv?document={document}").status_code == 200
