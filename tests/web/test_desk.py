"""The rector's desk: what waits with all that is needed to decide, for whoever decides, and what comes next."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.web.pages import desk
from tests.support.university import University, order, protocol
from tests.web.desks import NEW_TEXT, NOW, OLD_TEXT, ORDER, WHEN, Desks, sheet, sheets
from tests.web.visitors import Visitor, application, words


@pytest.fixture
def desks(university: University, tmp_path: Path) -> Desks:
    return Desks(university, tmp_path)


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app)


def away(university: University, person: str, deputy: str) -> None:
    who = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    entered = {"entered_by_id": university.people[person], "entered_at": NOW, "reason": "vacation"}
    days = {"since": NOW.date(), "until": NOW.date()}
    university.change(sa.insert(t.absence).values(id=new_id(), **who, **days, **entered))


class TestWhatWaits:
    def test_is_there_with_its_decisions_its_changes_its_author_and_its_history(
        self, desks: Desks, visitor: Visitor
    ) -> None:
        revision = desks.waiting()
        page = visitor.is_("rector", "en").get("/desk")
        assert page.status_code == 200
        said = words(page)
        for expected in (
            "1 document waits.",
            "УСТ 7.01/2",
            "Ички тартиптин 1-жобосу",
            "УСТ · standard",
            "Omur Jazuuchu",
            "4.1-пункт такталат",
            "Differences: 1 paragraph changed.",
            "Academic Council",
            "Educational-methodical council",
            "Protocol № 7, 27 March 2026",
            "Protocol № 3",
            "Жактырылсын",
            "for 21",
            "against 1",
            "27 March 2026, 10:00",
            "Жобо.txt",
            "Submitted for review",
        ):
            assert expected in said, expected
        assert "<del>" in page.text
        assert f'href="/revisions/{revision}/differences"' in page.text
        assert f'href="/revisions/{revision}"' in page.text
        assert "№ 5" not in said  # the order of the former revision is none of a council's decisions

    def test_shows_where_its_text_changes(self, desks: Desks, visitor: Visitor) -> None:
        desks.waiting()
        page = visitor.is_("rector", "en").get("/desk").text
        assert '[removed: </span>беш<span class="unseen">' in page
        assert '[added: </span>он жумушчу<span class="unseen">' in page

    def test_is_there_before_its_files_have_been_compared(
        self, desks: Desks, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desks.waiting()
        monkeypatch.setattr(desk, "PATIENCE", 0.0)
        said = words(visitor.is_("rector", "en").get("/desk"))
        assert "The files are being compared. Open this page again in a moment." in said
        assert "Take into the order" in said

    def test_is_the_first_revision_sometimes_and_has_no_files_sometimes(self, desks: Desks, visitor: Visitor) -> None:
        desks.waiting(former=False)
        said = words(visitor.is_("rector", "en").get("/desk"))
        assert "This is the first revision" in said
        assert "there will be no controlled file" not in said
        desks.waiting(text=[])
        said = words(visitor.get("/desk"))
        assert "As it is now, there will be no controlled file" in said
        assert "There are no two files to compare." in said
        assert "2 documents wait." in said

    def test_comes_with_the_decisions_since_it_was_submitted_last(self, desks: Desks, visitor: Visitor) -> None:
        revision, go = desks.waiting(), desks.university.go
        go(revision, "return_to_author", "rector", NOW, reason="3-пункт так эмес")
        go(revision, "submit", "owner", NOW)
        go(revision, "endorse", "sec_ouk", NOW, **protocol("11", NOW))
        told = protocol("12", NOW, wording="2-пункт кошулсун")
        go(revision, "endorse_with_amendments", "sec_ok", NOW, **told)
        go(revision, "enter_amendments", "owner", NOW, clauses="2-пункт: кошулду")
        page = visitor.is_("rector", "en").get("/desk")
        decided = page.text.partition("What the councils decided")[2].partition("Written by")[0]
        for number, there in (("11", True), ("12", True), ("3,", False), ("7,", False)):
            assert (f"№ {number}" in decided) is there, number
        assert "Amendments entered" in words(page)
        assert "2-пункт: кошулду" in page.text.partition("What the councils decided")[0]

    def test_says_that_it_is_late(self, desks: Desks, visitor: Visitor) -> None:
        desks.waiting()
        said = words(visitor.is_("rector", "en").get("/desk"))
        assert "1 is late" in said
        assert "late 1 working day" in said

    def test_may_be_a_withdrawal_which_is_decided_on_by_itself(self, desks: Desks, visitor: Visitor) -> None:
        university = desks.university
        old = desks.endorsed(desks.document(), OLD_TEXT, WHEN.replace(year=2024))
        university.go(
            old, "approve", "rector", WHEN.replace(year=2024), order_no="1", decided_on=WHEN.replace(year=2024).date(),
            in_force_on=WHEN.replace(year=2024).date(),
        )  # fmt: skip
        university.go(old, "open_review", "quality", WHEN)
        university.go(old, "propose_withdrawal", "quality", WHEN, reason="Башка жобо алмаштырды")
        page = visitor.is_("rector", "en").get("/desk")
        assert "Башка жобо алмаштырды" in words(page)
        assert not [one for one in sheets(page) if one.action == "/desk/order"]
        keep = sheet(page, f"/desk/{old}/moves/keep_in_force")
        answer = visitor.post(keep.action, keep.filled(reason="Керек"))
        assert answer.headers["location"].startswith(f"/desk?moved={old}.")
        assert university.state(old) == "effective"

    def test_can_be_returned_with_a_reason_from_its_card(self, desks: Desks, visitor: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = visitor.is_("rector", "en").get("/desk")
        back = sheet(page, f"/desk/{second}/moves/return_to_author")
        assert visitor.post(back.action, back.filled(reason="")).status_code == 422
        answer = visitor.post(back.action, back.filled(reason="3-пункт так эмес"))
        said = words(visitor.get(answer.headers["location"]))
        assert "Recorded: Returned to the author." in said
        assert "1 document waits." in said
        assert visitor.get(back.action).headers["location"] == "/desk"
        assert "Recorded" not in words(visitor.is_("owner", "en").get(answer.headers["location"]))
        visitor.is_("rector", "en")
        assert desks.university.state(second) == "draft"
        assert desks.university.state(first) == "rector_approval"
        assert "1 document waits." in words(visitor.get("/desk"))

    def test_has_no_identifier_twice(self, desks: Desks, visitor: Visitor) -> None:
        for _ in range(2):
            desks.waiting()
        page = visitor.is_("rector", "en").get("/desk").text
        found = [part.partition('"')[0] for part in page.split(' id="')[1:]]
        assert len(found) == len(set(found))

    def test_stands_in_the_order_of_its_deadlines(self, desks: Desks, visitor: Visitor) -> None:
        codes = [desks.document() for _ in range(2)]
        desks.endorsed(codes[1], NEW_TEXT, WHEN)
        desks.endorsed(codes[0], NEW_TEXT, NOW)
        page = visitor.is_("rector", "en").get("/desk").text
        assert page.index("УСТ 7.02/1") < page.index("УСТ 7.01/1")


class TestWhoDecides:
    @pytest.mark.parametrize("person", ["owner", "quality", "sec_ok", "vice", "admin"])
    def test_nobody_else_has_a_desk(self, desks: Desks, visitor: Visitor, person: str) -> None:
        revision = desks.waiting()
        visitor.is_(person, "en")
        for path in ("/desk", f"/desk/order?record={revision}.6"):
            page = visitor.get(path)
            assert page.status_code == 403
            assert "It may be done by: rector." in words(page)
            assert "УСТ 7.01/2" not in page.text
        sent = {f"version-{revision}": "6", "record": str(revision), "order_no": "1", "decided_on": "2026-04-06"}
        assert visitor.post("/desk/order", sent).status_code == 403
        assert desks.university.state(revision) == "rector_approval"

    def test_whoever_is_signed_out_says_first_who_they_are(self, visitor: Visitor) -> None:
        answer = visitor.get("/desk")
        assert answer.headers["location"] == "/person?next=%2Fdesk"

    def test_a_deputy_has_it_while_the_rector_is_away(self, desks: Desks, visitor: Visitor) -> None:
        desks.waiting()
        away(desks.university, "rector", "vice")
        said = words(visitor.is_("vice", "en").get("/desk"))
        assert "УСТ 7.01/2" in said
        assert "You act for Aibek Rektorov until 6 April 2026" in said
        assert "You act for" not in words(visitor.is_("rector", "en").get("/desk"))

    def test_of_a_route_that_names_another_post_is_whose_that_is(self, desks: Desks, visitor: Visitor) -> None:
        """All of it: the way to the desk, what comes, what waits, the order, and what they approved, for good."""
        university = desks.university
        facts = {"bodies": ["ouk"], "meanings": ["endorses"], "by_order": True}
        facts |= {"approver_post_id": university.posts["librarian"].hex}
        rectors = desks.waiting()
        university.change(sa.update(t.route).values(facts=facts))
        theirs = university.draft(WHEN, document=desks.document())
        university.go(theirs, "submit", "owner", WHEN)
        for person, code, name in (("librarian", "УСТ 7.02/1", "Documents for approval"), ("rector", "", "")):
            page = visitor.is_(person, "en").get("/desk")
            assert page.status_code == 200
            coming = page.text.partition('id="coming"')[2]
            assert code in coming if code else "7.02" not in coming, person
            assert name in words(page)
        assert visitor.is_("librarian", "en").get(f"/revisions/{theirs}").status_code == 200
        university.go(theirs, "endorse", "sec_ouk", WHEN, **protocol("3", WHEN))
        desk = visitor.get("/desk")
        said = words(desk)
        for expected in ("1 document waits.", "УСТ 7.02/1", "Approve or return", "Educational-methodical council"):
            assert expected in said, expected
        for not_theirs in ("УСТ 7.01", "Rector approval", "The rector's desk"):
            assert not_theirs not in said, not_theirs
        assert "7.02" not in words(visitor.is_("rector", "en").get("/desk"))
        assert desks.university.state(rectors) == "rector_approval"
        librarian = visitor.is_("librarian", "en")
        ticked = sheet(librarian.get("/desk"), "/desk/order").offered["record"]
        form = sheet(librarian.get(f"/desk/order?record={ticked[0]}"), "/desk/order")
        answer = librarian.post("/desk/order", form.filled(**ORDER, in_force_on="2026-04-20"))
        assert "in force from 20 April 2026" in words(librarian.get(answer.headers["location"]))
        for person in ("librarian", "rector"):  # while it waits for its day it is nobody's task
            page = visitor.is_(person, "en").get(f"/revisions/{theirs}")
            assert page.status_code == 200
            decided = page.text.partition('<article class="decision')[2].partition("</article>")[0]
            assert "Librarian (post)" in decided
        assert visitor.is_("reader", "en").get(f"/revisions/{theirs}").status_code == 404

    @pytest.mark.parametrize("person", ["librarian", "reader", "rector"])
    def test_what_they_approved_is_read_by_them_after_it_was_superseded(
        self, desks: Desks, visitor: Visitor, person: str
    ) -> None:
        university, code = desks.university, desks.document()
        facts = {"bodies": ["ouk"], "meanings": ["endorses"], "by_order": True}
        facts |= {"approver_post_id": university.posts["librarian"].hex}
        university.change(sa.update(t.route).values(facts=facts))
        approved = []
        for number in ("1", "2"):
            revision = university.draft(WHEN, document=code)
            university.go(revision, "submit", "owner", WHEN)
            university.go(revision, "endorse", "sec_ouk", WHEN, **protocol(number, WHEN))
            university.go(revision, "approve", "librarian", WHEN, **order(number, WHEN, WHEN.date()))
            approved.append(revision)
        assert university.state(approved[0]) == "superseded"
        # A route that names them no more takes nothing away of what they approved.
        university.change(sa.update(t.route).values(facts={**facts, "approver_post_id": None}))
        visitor.is_(person, "en")
        reads = person != "reader"
        assert visitor.get(f"/revisions/{approved[0]}").status_code == (200 if reads else 404)
        assert ("УСТ 7.01/1" in words(visitor.get("/revisions?q=7.01"))) is reads
        assert visitor.get(f"/revisions/{approved[1]}").status_code == 200

    def test_whoever_a_route_names_instead_has_it(self, desks: Desks, visitor: Visitor) -> None:
        university, code = desks.university, desks.document()
        revision = university.draft(WHEN, document=code)
        post = university.posts["vice"]
        set_post = sa.update(t.revision).where(t.revision.c.record_id == revision).values(approver_post_id=post)
        facts = {"bodies": ["ouk"], "meanings": ["endorses"], "approver_post_id": post.hex, "by_order": True}
        university.change(set_post, sa.update(t.route).values(facts=facts))
        university.go(revision, "submit", "owner", WHEN)
        university.go(revision, "endorse", "sec_ouk", WHEN, **protocol("3", WHEN))
        assert "УСТ 7.01/1" in words(visitor.is_("vice", "en").get("/desk"))
        assert "УСТ 7.01/1" not in words(visitor.is_("rector", "en").get("/desk"))

    def test_whoever_wrote_it_does_not_approve_it(self, desks: Desks, visitor: Visitor) -> None:
        university, other = desks.university, desks.waiting()
        own = university.draft(WHEN, document=desks.document())
        university.go(own, "hand_over", "owner", WHEN, author="rector", reason="Өзү жазат")
        university.go(own, "submit", "rector", WHEN)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(own, "endorse", secretary, WHEN, **protocol("3", WHEN))
        page = visitor.is_("rector", "en").get("/desk")
        assert "it would be checking your own work" in words(page)
        assert sheet(page, "/desk/order").offered["record"] == [f"{other}.{university.record(other)['version']}"]


class TestAnEmptyDesk:
    def test_says_so_and_what_comes_next(self, desks: Desks, visitor: Visitor) -> None:
        page = visitor.is_("rector", "en").get("/desk")
        assert page.status_code == 200
        assert "no council has one before it now" in words(page)
        university = desks.university
        first, second = (university.draft(WHEN, document=desks.document()) for _ in range(2))
        for one in (first, second):
            university.go(one, "submit", "owner", WHEN)
        university.go(second, "endorse", "sec_ouk", NOW, **protocol("3", NOW))
        said = words(visitor.get("/desk"))
        assert "What the councils endorse next will be here by itself." in said
        assert "УСТ 7.01/1 Ички тартиптин 1-жобосу Educational-methodical council → Academic Council" in said
        assert "УСТ 7.02/1 Ички тартиптин 2-жобосу Academic Council · due" in said
        assert said.index("УСТ 7.01/1") < said.index("УСТ 7.02/1")

    def test_does_not_name_drafts_as_what_comes_next(self, desks: Desks, visitor: Visitor) -> None:
        desks.university.draft(WHEN, document=desks.document())
        assert "УСТ 7.01" not in words(visitor.is_("rector", "en").get("/desk"))
