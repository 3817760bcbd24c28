"""The pages of readings: what a reader sees and signs, who has read it, whom documents concern."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.files.store import Store
from service.reading.permitted import may_read
from service.reading.readings import readers, tallies
from service.readings import ask_readers
from tests.readings.asking import asked, given_out, joins, lay_down
from tests.support.university import DOCUMENT, University, at, order, protocol
from tests.web.visitors import Visitor, application, forms, moves, words

DAY = at(2026, 4, 6)
TEXT = "Бул документти окугула: анда иштин тартиби жазылган.\n"


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, DAY, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app)


def given_to_the_library(university: University) -> UUID:
    lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
    lay_down(university, of="УСТ", post_id=university.posts["head"])
    return given_out(university, DAY)


class TestAReading:
    def test_is_one_click_from_my_tasks_and_signed_with_one_button(
        self, university: University, visitor: Visitor
    ) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        tasks = visitor.is_("reader", "en").get("/tasks")
        assert f'href="/acknowledgements/{row["id"]}"' in tasks.text
        page = visitor.get(f"/acknowledgements/{row['id']}")
        assert page.status_code == 200
        assert "4.1-пункт такталат" in words(page)
        assert set(moves(page)) == {"acknowledge"}
        form = moves(page)["acknowledge"]
        answer = visitor.post(form.action, form.fields)
        assert answer.status_code == 303
        assert university.state(row["id"]) == "read"
        after = visitor.get(answer.headers["location"])
        assert "Recorded: Read and understood." in words(after)
        assert not moves(after)

    def test_then_the_next_one_is_offered(self, university: University, visitor: Visitor) -> None:
        first = asked(university, given_to_the_library(university))["reader"]
        document = university.one(t.document)
        other = {**document, "id": new_id(), "code": "УСТ 4.10", "title": "Экинчи документ"}
        university.change(sa.insert(t.document).values(other))
        second = university.draft(DAY, document="УСТ 4.10")
        _into_force(university, second)
        ask_readers(university.database, DAY)
        after = asked(university, second)["reader"]
        university.go(first["id"], "acknowledge", "reader", DAY)
        page = visitor.is_("reader", "en").get(f"/acknowledgements/{first['id']}?done=2")
        assert f'href="/acknowledgements/{after["id"]}"' in page.text
        assert "Next to read" in words(page)

    def test_what_was_seen_is_what_is_signed(self, university: University, visitor: Visitor) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        page = visitor.is_("reader", "en").get(f"/acknowledgements/{row['id']}")
        form = moves(page)["acknowledge"]
        answer = visitor.post(form.action, {**form.fields, "content": "0" * 64})
        assert answer.status_code == 409
        assert university.state(row["id"]) == "to_read"

    def test_a_deputy_sees_the_task_but_no_button(self, university: University, visitor: Visitor) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        _away(university, "reader", "auditor")
        page = visitor.is_("auditor", "en").get(f"/acknowledgements/{row['id']}")
        assert page.status_code == 200
        assert not moves(page)
        assert "Nobody can have read a document for somebody else." in words(page)
        answer = visitor.post(f"/acknowledgements/{row['id']}/moves/acknowledge", {"version": "1"})
        assert answer.status_code == 403
        assert university.state(row["id"]) == "to_read"

    def test_is_shown_to_nobody_without_a_part_in_it(self, university: University, visitor: Visitor) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        codes = {
            person: visitor.is_(person, "en").get(f"/acknowledgements/{row['id']}").status_code
            for person in university.people
        }
        assert {person for person, code in codes.items() if code == 200} == {
            *("reader", "librarian", "quality", "vice", "rector"),
        }
        assert set(codes.values()) == {200, 404}

    def test_is_excused_on_the_same_page(self, university: University, visitor: Visitor) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        form = moves(visitor.is_("quality", "en").get(f"/acknowledgements/{row['id']}"))["excuse"]
        assert visitor.post(form.action, form.fields).status_code == 422
        assert visitor.post(form.action, {**form.fields, "reason": "Өргүүдө"}).status_code == 303
        assert university.state(row["id"]) == "lapsed"


class TestOpeningIt:
    def test_comes_before_signing_where_there_is_a_file(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        attachment = _attached(university, visitor, revision)
        row = asked(university, revision)["reader"]
        path = f"/acknowledgements/{row['id']}"
        page = visitor.is_("reader", "en").get(path)
        assert f'href="{path}/text?file={attachment}"' in page.text
        form = moves(page)["acknowledge"]
        refused = visitor.post(form.action, form.fields)
        assert refused.status_code == 422
        assert "You have not opened the document here yet. Open it and read it; then confirm." in words(refused)
        assert university.state(row["id"]) == "to_read"
        on = visitor.get(f"{path}/text?file={attachment}")
        assert (on.status_code, on.headers["location"]) == (303, f"/files/{attachment}/tekst.txt")
        assert visitor.get(on.headers["location"]).text == TEXT
        visitor.get(f"{path}/text?file={attachment}")
        (line,) = university.rows(t.event, t.event.c.kind == "acknowledgement.opened")
        assert (line["actor_id"], line["about_id"]) == (university.people["reader"], row["id"])
        again = visitor.get(path)
        assert "Opened here 6 April 2026" in words(again)
        form = moves(again)["acknowledge"]
        assert visitor.post(form.action, form.fields).status_code == 303

    def test_by_others_is_not_the_readers(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        attachment = _attached(university, visitor, revision)
        row = asked(university, revision)["reader"]
        path = f"/acknowledgements/{row['id']}/text?file={attachment}"
        assert visitor.is_("quality", "en").get(path).status_code == 303
        assert visitor.is_("auditor", "en").get(path).status_code == 404
        assert not university.rows(t.event, t.event.c.kind == "acknowledgement.opened")

    def test_leads_nowhere_where_no_file_is_kept(self, university: University, visitor: Visitor) -> None:
        row = asked(university, given_to_the_library(university))["reader"]
        assert visitor.is_("reader", "en").get(f"/acknowledgements/{row['id']}/text").status_code == 404
        assert visitor.get(f"/acknowledgements/{row['id']}/text?file={new_id()}").status_code == 404


class TestFiles:
    def test_are_there_for_whoever_has_to_read_them(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        attachment = _attached(university, visitor, revision)
        row = asked(university, revision)["reader"]
        path = f"/files/{attachment}/tekst.txt"
        page = visitor.is_("reader", "en").get(f"/acknowledgements/{row['id']}")
        assert f"/text?file={attachment}" in page.text
        assert "What the revision says, with its files (SHA-256)" in words(page)
        assert "Files that are signed with it" in words(page)
        assert visitor.get(path).text == TEXT

    def test_the_controlled_file_is_there_once_it_is_made(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        page = f"/acknowledgements/{asked(university, revision)['reader']['id']}"
        assert f'href="{page}/text"' not in visitor.is_("reader", "en").get(page).text
        made = {"state": "made", "sha256": "0" * 64, "size": 15, "pages": 1, "made_at": DAY}
        university.change(sa.update(t.controlled_file).values(made))
        assert f'href="{page}/text"' in visitor.get(page).text
        assert visitor.get(f"{page}/text").headers["location"] == f"/revisions/{revision}/controlled.pdf"

    def test_none_are_told_of_once_it_is_superseded(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        attachment = _attached(university, visitor, revision)
        row = asked(university, revision)["reader"]
        university.in_force(DAY)
        page = visitor.is_("reader", "en").get(f"/acknowledgements/{row['id']}")
        assert page.status_code == 200
        assert str(attachment) not in page.text
        assert "4.1-пункт" not in words(page)


class TestWhoHasRead:
    def test_is_counted_by_unit_with_names(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        university.go(asked(university, revision)["reader"]["id"], "acknowledge", "reader", DAY)
        page = visitor.is_("quality", "en").get(f"/revisions/{revision}/readings")
        said = words(page)
        assert page.status_code == 200
        assert "1 of 3" in said
        for name in ("Okurman Okurov", "Kitep Kitepov", "Bashchy Bashchiev"):
            assert name in said
        assert f"/revisions/{revision}/readings.xlsx" in page.text
        assert f"/revisions/{revision}/prints/acquaintance.pdf" in page.text

    def test_counts_and_names_are_of_what_one_may_read(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        page = visitor.is_("librarian", "en").get(f"/revisions/{revision}/readings")
        said = words(page)
        assert "0 of 2" in said
        assert "Okurman Okurov" in said
        assert "Bashchy Bashchiev" not in said
        assert "DEPARTMENT" not in said

    def test_no_number_counts_a_reading_that_one_may_not_read(self, university: University) -> None:
        lay_down(university, of="УСТ", everybody=True)
        revision = given_out(university, DAY)
        rows = asked(university, revision)
        university.go(rows["reader"]["id"], "acknowledge", "reader", DAY)
        university.go(rows["dean"]["id"], "excuse", "quality", DAY, reason="Өргүүдө")
        later = DAY + timedelta(days=40)
        totals = set()
        for person in university.people:
            actor = university.as_(person, later)
            with university.database.read() as connection:
                mine = {code for code, row in rows.items() if may_read(connection, row["id"], actor, later)}
                listed = list(readers(connection, revision, actor, later))
                counted = tallies(connection, revision, actor, later)
            assert {university.who(row.reader_id) for row in listed} == mine
            assert sum(one.asked + one.lapsed for one in counted) == len(mine)
            assert sum(one.late for one in counted) == sum(row.late for row in listed)
            totals.add(len(mine))
        assert max(totals) == len(rows)
        assert len(totals) > 2

    def test_is_linked_from_the_revision(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        page = visitor.is_("quality", "en").get(f"/revisions/{revision}")
        assert f'href="/revisions/{revision}/readings"' in page.text

    @pytest.mark.parametrize("person", ["auditor", "sec_ok", "admin"])
    def test_is_nothing_to_whoever_knows_of_none(self, university: University, visitor: Visitor, person: str) -> None:
        revision = given_to_the_library(university)
        page = visitor.is_(person, "en").get(f"/revisions/{revision}/readings")
        assert "Okurov" not in page.text
        assert "of 3" not in words(page)

    def test_says_who_is_late(self, university: University, app: FastAPI, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        later = DAY + timedelta(days=40)
        app.state.site.clock = lambda: later
        said = words(visitor.is_("quality", "en").get(f"/revisions/{revision}/readings"))
        assert "3 are late" in said

    def test_as_a_file_for_whom_it_is_there(self, university: University, visitor: Visitor) -> None:
        revision = given_to_the_library(university)
        answer = visitor.is_("librarian", "en").get(f"/revisions/{revision}/readings.csv")
        assert answer.status_code == 200
        assert "Okurman Okurov" in answer.text
        assert "Bashchiev" not in answer.text
        assert "Okurov" not in visitor.is_("admin", "en").get(f"/revisions/{revision}/readings.csv").text


class TestWhomDocumentsConcern:
    def test_is_laid_down_by_the_quality_specialist_alone(self, university: University, visitor: Visitor) -> None:
        assert visitor.is_("quality", "en").get("/distribution").status_code == 200
        for person in ("rector", "admin", "owner"):
            visitor.is_(person, "en")
            assert visitor.get("/distribution").status_code == 403
            assert visitor.get("/distribution/types/УСТ").status_code == 403
            assert visitor.post("/distribution/types/УСТ/add", {"everybody": "1"}).status_code == 403
        assert not university.rows(t.distribution)

    def test_says_how_many_people_that_is(self, university: University, visitor: Visitor) -> None:
        page = visitor.is_("quality", "en").get("/distribution/types/УСТ")
        assert "This concerns 2 people today." in words(page)
        assert visitor.post("/distribution/types/УСТ/add", {"everybody": "on"}).status_code == 303
        page = visitor.get("/distribution/types/УСТ")
        assert f"This concerns {len(university.people)} people today." in words(page)
        assert "Added: Everybody" in words(page)

    def test_who_was_not_asked_is_asked(self, university: University, visitor: Visitor) -> None:
        revision = given_out(university, DAY)
        assert visitor.is_("quality", "en").post("/distribution/types/УСТ/add", {"unit": "LIBRARY"}).status_code == 303
        assert ask_readers(university.database, DAY)["readers_asked"] == 2
        assert set(asked(university, revision)) == {"head", "librarian", "reader"}

    @pytest.mark.parametrize("typed", [{}, {"everybody": "on", "unit": "LIBRARY"}, {"unit": "NOWHERE"}])
    def test_one_of_them_has_to_be_chosen(
        self, university: University, visitor: Visitor, typed: dict[str, str]
    ) -> None:
        assert visitor.is_("quality", "en").post("/distribution/types/УСТ/add", typed).status_code == 422
        assert not university.rows(t.distribution)

    def test_the_same_is_not_laid_down_twice(self, university: University, visitor: Visitor) -> None:
        visitor.is_("quality", "en")
        assert visitor.post("/distribution/types/УСТ/add", {"post": "auditor"}).status_code == 303
        assert visitor.post("/distribution/types/УСТ/add", {"post": "auditor"}).status_code == 422
        assert len(university.rows(t.distribution)) == 1

    def test_is_taken_away_again_and_what_was_stays_to_be_seen(self, university: University, visitor: Visitor) -> None:
        document = university.one(t.document)["id"]
        path = f"/distribution/documents/{document}"
        visitor.is_("quality", "en").post(f"{path}/add", {"person": "reader"})
        page = visitor.get(path)
        (form,) = (one for one in forms(page) if one.action.endswith("/remove"))
        assert "This concerns 1 person today." in words(page)
        assert visitor.post(form.action.replace(path, "/distribution/types/УСТ")).status_code == 404
        assert visitor.post(form.action).status_code == 303
        said = words(visitor.get(path))
        assert "Taken away: Okurman Okurov" in said
        assert "Added: Okurman Okurov" in said
        assert not university.rows(t.distribution)
        kinds = [row["kind"] for row in university.rows(t.event) if row["kind"].startswith("distribution")]
        assert sorted(kinds) == ["distribution.added", "distribution.removed"]

    def test_what_is_not_there_is_not_laid_down(self, visitor: Visitor) -> None:
        visitor.is_("quality", "en")
        for path in ("/distribution/types/ЖОК", f"/distribution/documents/{new_id()}"):
            assert visitor.get(path).status_code == 404
            assert visitor.post(f"{path}/add", {"everybody": "on"}).status_code == 404

    def test_documents_of_their_own_are_listed(self, university: University, visitor: Visitor) -> None:
        lay_down(university, of=DOCUMENT, post_id=university.posts["auditor"])
        joins(university, "second", "auditor", DAY)
        page = visitor.is_("quality", "en").get("/distribution")
        assert f"/distribution/documents/{university.one(t.document)['id']}" in page.text


def _into_force(university: University, revision: UUID) -> None:
    university.go(revision, "submit", "owner", DAY)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, DAY, **protocol("1", DAY))
    university.go(revision, "approve", "rector", DAY, **order("2", DAY, DAY.date()))


def _away(university: University, person: str, deputy: str) -> None:
    who = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    days = {"since": DAY.date(), "until": DAY.date() + timedelta(days=9)}
    university.change(sa.insert(t.absence).values(id=new_id(), **who, **days, entered_at=DAY))


def _attached(university: University, visitor: Visitor, record: UUID) -> UUID:
    """A file of the record, past its moves: what is in force takes no more of them."""
    kept = Store(visitor.app.state.site.settings.home / "files").keep(TEXT.encode())
    found: UUID = new_id()
    with university.database.write() as connection:
        history = connection.execute(
            sa.select(t.history.c.id).where(t.history.c.record_id == record).limit(1)
        ).scalar_one()
        file = {"sha256": kept.sha256, "size": kept.size, "media_type": "text/plain"}
        if not connection.execute(sa.select(t.file).where(t.file.c.sha256 == kept.sha256)).first():
            connection.execute(sa.insert(t.file).values(**file, kept_at=DAY))
        connection.execute(
            sa.insert(t.attachment).values(
                id=found, record_id=record, name="tekst.txt", sha256=kept.sha256, added_by_id=history
            )
        )
    return found


class TestWhomNobodyChose:
    """A document that concerns nobody but whoever wrote and approves it: said while it can be helped."""

    def alone(self, university: University) -> tuple[str, str]:
        """What waits for the rector and concerns no reader: its address, and the one where that is chosen."""
        revision = university.endorsed(DAY)
        university.vacate("head", DAY.date())
        document = university.one(t.document)["id"]
        return f"/revisions/{revision}", f"/distribution/documents/{document}"

    def test_is_said_where_it_is_approved_and_where_it_is_chosen(
        self, university: University, visitor: Visitor
    ) -> None:
        path, choose = self.alone(university)
        document = choose.replace("/distribution", "")
        for page in (path, document, f"{path}/readings"):
            told = visitor.is_("quality", "en").get(page)
            assert "Nobody will be asked to read this" in words(told), page
            assert f'href="{choose}"' in told.text, page
        told = visitor.is_("rector", "en").get(path)
        assert "The quality specialist can choose." in words(told)
        assert choose not in told.text
        assert "Nobody will be asked" not in words(visitor.is_("reader", "en").get(document))

    def test_is_not_said_once_it_concerns_somebody(self, university: University, visitor: Visitor) -> None:
        path, choose = self.alone(university)
        assert visitor.is_("quality", "en").post(f"{choose}/add", {"unit": "LIBRARY"}).status_code == 303
        for page in (path, choose.replace("/distribution", ""), f"{path}/readings"):
            assert "Nobody will be asked" not in words(visitor.get(page)), page
        assert f'href="{choose}"' in visitor.get(f"{path}/readings").text

    def test_is_said_of_what_is_in_force_too(self, university: University, visitor: Visitor) -> None:
        revision = university.in_force(DAY)
        university.vacate("head", DAY.date())
        ask_readers(university.database, DAY)
        told = words(visitor.is_("quality", "en").get(f"/revisions/{revision}/readings"))
        assert "Nobody will be asked to read this" in told
        assert "Once it comes into force" not in told


class TestWaysFromTheRegister:
    def test_lead_the_quality_specialist_to_what_hangs_on_documents(
        self, university: University, visitor: Visitor
    ) -> None:
        for path in ("/distribution", "/controlled", "/printed-copies"):
            assert f'href="{path}"' in visitor.is_("quality", "en").get("/documents").text
            assert visitor.get(path).status_code == 200
            assert f'href="{path}"' not in visitor.is_("reader", "en").get("/documents").text
