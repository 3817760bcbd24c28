"""Who is asked to read a revision that comes into force, and that each is asked once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service import readings
from service.daily import whole_day
from service.moves import move
from service.reading.records import read_record
from service.readings import ask_readers, is_due, of_the_day
from service.signing import ProofNeeded, content_of
from service.subject import load
from service.sweep import sweep
from states.refusals import NotFound, NotYours
from tests.readings.asking import DEPARTMENT, asked, crowd, given_out, joins, lay_down
from tests.support.chain import assert_whole
from tests.support.together import together
from tests.support.university import DOCUMENT, University, at, order, protocol

DAY = at(2026, 4, 6)
EVERYBODY_BUT = {"owner", "rector"}  # who wrote it, who approved it


def due(university: University) -> bool:
    with university.database.read() as connection:
        return is_due(connection, DAY)


class TestWhoIsAsked:
    def test_without_a_distribution_the_unit_and_the_owner(self, university: University) -> None:
        joins(university, "second", "owner", DAY)
        revision = given_out(university, DAY)
        assert set(asked(university, revision)) == {*DEPARTMENT, "second"}

    def test_the_owner_is_asked_where_the_document_concerns_another_unit(self, university: University) -> None:
        joins(university, "second", "owner", DAY)
        university.change(sa.update(t.document).values(unit_id=university.units["LIBRARY"]))
        assert set(asked(university, given_out(university, DAY))) == {"second", "librarian", "reader"}

    def test_everybody_but_the_author_and_whoever_approved_it(self, university: University) -> None:
        lay_down(university, of="УСТ", everybody=True)
        assert set(asked(university, given_out(university, DAY))) == set(university.people) - EVERYBODY_BUT

    def test_a_unit_with_what_belongs_to_it(self, university: University) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["ACADEMIC"])
        assert set(asked(university, given_out(university, DAY))) == {"dean", "head"}

    def test_the_successor_of_a_closed_unit(self, university: University) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["DEPARTMENT"])
        closed = {"closed_on": DAY.date(), "successor_id": university.units["LIBRARY"]}
        university.change(sa.update(t.unit).where(t.unit.c.code == "DEPARTMENT").values(closed))
        assert set(asked(university, given_out(university, DAY))) == {"librarian", "reader"}

    def test_posts_and_people(self, university: University) -> None:
        lay_down(university, of="УСТ", post_id=university.posts["auditor"])
        lay_down(university, of="УСТ", person_id=university.people["reader"])
        assert set(asked(university, given_out(university, DAY))) == {"auditor", "reader"}

    def test_the_documents_own_rows_stand_before_its_types(self, university: University) -> None:
        lay_down(university, of="УСТ", everybody=True)
        lay_down(university, of=DOCUMENT, post_id=university.posts["auditor"])
        assert set(asked(university, given_out(university, DAY))) == {"auditor"}

    def test_nobody_who_has_left_or_has_not_come_yet(self, university: University) -> None:
        lay_down(university, of="УСТ", everybody=True)
        lay_down(university, of="УСТ", person_id=university.people["reader"])
        university.vacate("reader", DAY.date())
        joins(university, "second", "owner", DAY + timedelta(days=1))
        assert set(asked(university, given_out(university, DAY))) == set(university.people) - EVERYBODY_BUT - {
            "reader",
            "second",
        }

    def test_nobody_of_another_campus(self, university: University) -> None:
        lay_down(university, of="УСТ", everybody=True)
        university.change(
            sa.update(t.unit).where(t.unit.c.code.in_(("LIBRARY", "ACADEMIC"))).values(parent_id=None),
            sa.update(t.unit).where(t.unit.c.code == "LIBRARY").values(is_campus=True),
        )
        found = set(asked(university, given_out(university, DAY)))
        assert "quality" in found
        assert found.isdisjoint({"librarian", "reader", "head"})


class TestWhatIsAsked:
    def test_a_record_in_the_readers_place_bound_to_what_the_revision_says(self, university: University) -> None:
        revision = given_out(university, DAY)
        row = asked(university, revision)["head"]
        with university.database.read() as connection:
            content = content_of(connection, load(connection, revision)).hash
        assert (row["content"], row["author_id"], row["state"]) == (content, None, "to_read")
        assert (row["unit_id"], row["campus_id"]) == (university.units["DEPARTMENT"], university.units["UNI"])
        assert row["title"] == university.record(revision)["title"]
        assert row["code"] == f"{university.record(revision)['code']}-001"
        (task,) = university.open_tasks(row["id"])
        assert task["holder_person_id"] == university.people["head"]
        assert_whole(university, row["id"])

    def test_the_reader_is_told_once(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        (notice,) = university.rows(t.notice, t.notice.c.record_id == row["id"])
        assert (notice["reader_id"], notice["message"]) == (university.people["head"], "task/opened")


class TestEachOnce:
    def test_again_changes_nothing(self, university: University) -> None:
        given_out(university, DAY)
        assert not due(university)
        for _ in range(2):
            counts = of_the_day(university.database, DAY)
            assert counts == {"readers_asked": 0, "readings_lapsed": 0}

    def test_what_is_not_in_force_asks_nobody(self, university: University) -> None:
        revision = university.endorsed(DAY)
        later = DAY.date() + timedelta(days=3)
        university.go(revision, "approve", "rector", DAY, **order("1", DAY, later))
        assert not due(university)
        whole_day(university.database, DAY)
        assert not asked(university, revision)
        whole_day(university.database, DAY + timedelta(days=3))
        assert set(asked(university, revision)) == DEPARTMENT

    def test_in_batches_that_each_hold(self, university: University, monkeypatch: pytest.MonkeyPatch) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
        crowd(university, "LIBRARY", 23)
        monkeypatch.setattr(readings, "AT_ONCE", 10)
        revision = university.in_force(DAY)
        assert ask_readers(university.database, DAY)["readers_asked"] == 25
        found = asked(university, revision)
        assert len({row["code"] for row in found.values()}) == len(found) == 25

    def test_several_processes_at_once(self, university: University, monkeypatch: pytest.MonkeyPatch) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
        crowd(university, "LIBRARY", 30)
        monkeypatch.setattr(readings, "AT_ONCE", 4)
        revision = university.in_force(DAY)
        done = together([lambda: ask_readers(university.database, DAY)] * 4)
        assert sum(one["readers_asked"] for one in done if isinstance(one, dict)) == 32, done
        assert len(asked(university, revision)) == 32

    def test_one_that_cannot_be_given_out_stops_no_other(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad, there = university.in_force(DAY), content_of

        def fails(connection: sa.Connection, subject: object) -> object:
            if getattr(subject, "id", None) == bad:
                raise ValueError("broken")
            return there(connection, subject)  # type: ignore[arg-type]  # both are what it takes

        university.change(*_another_document(university))
        good = university.draft(DAY, document="УСТ 4.10")
        university.go(good, "submit", "owner", DAY)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(good, "endorse", secretary, DAY, **protocol("1", DAY))
        university.go(good, "approve", "rector", DAY, **order("2", DAY, DAY.date()))
        monkeypatch.setattr(readings, "content_of", fails)
        assert ask_readers(university.database, DAY)["readers_asked"] == 1
        assert set(asked(university, good)) == DEPARTMENT
        monkeypatch.undo()
        ask_readers(university.database, DAY)
        assert set(asked(university, bad)) == DEPARTMENT


class TestWhoCameLater:
    def test_is_asked_the_next_day(self, university: University) -> None:
        revision = given_out(university, DAY)
        of_the_day(university.database, DAY)
        joins(university, "second", "owner", DAY)
        assert of_the_day(university.database, DAY + timedelta(days=1))["readers_asked"] == 1
        assert set(asked(university, revision)) == {*DEPARTMENT, "second"}

    def test_is_asked_on_the_day_they_begin(self, university: University) -> None:
        revision = given_out(university, DAY)
        joins(university, "second", "owner", DAY + timedelta(days=5))
        for day in range(5):
            assert not of_the_day(university.database, DAY + timedelta(days=day))["readers_asked"]
        assert of_the_day(university.database, DAY + timedelta(days=7))["readers_asked"] == 1
        assert set(asked(university, revision)) == {*DEPARTMENT, "second"}

    def test_of_what_is_not_in_force_any_more_nobody_is_asked(self, university: University) -> None:
        first = given_out(university, DAY)
        university.in_force(DAY + timedelta(days=1))
        joins(university, "second", "owner", DAY)
        of_the_day(university.database, DAY + timedelta(days=2))
        assert set(asked(university, first)) == DEPARTMENT


class TestWhatNobodyNeedsToRead:
    def test_lapses_when_another_revision_is_in_force(self, university: University) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
        first = given_out(university, DAY)
        university.go(asked(university, first)["reader"]["id"], "acknowledge", "reader", DAY)
        second = university.in_force(DAY + timedelta(days=1))
        assert ask_readers(university.database, DAY + timedelta(days=1)) == {"readers_asked": 2, "readings_lapsed": 1}
        assert {code: row["state"] for code, row in asked(university, first).items()} == {
            "reader": "read",
            "librarian": "lapsed",
        }
        assert {row["state"] for row in asked(university, second).values()} == {"to_read"}
        assert not university.open_tasks(asked(university, first)["librarian"]["id"])

    def test_lapses_when_it_is_withdrawn(self, university: University) -> None:
        revision = given_out(university, DAY)
        later = DAY + timedelta(days=1)
        reason = {"order_no": "9", "decided_on": later.date(), "reason": "Кереги жок"}
        university.go(revision, "withdraw", "rector", later, **reason)
        assert of_the_day(university.database, later)["readings_lapsed"] == 1
        assert asked(university, revision)["head"]["state"] == "lapsed"

    def test_lapses_when_its_reader_has_left(self, university: University) -> None:
        revision = given_out(university, DAY)
        university.vacate("head", DAY.date() + timedelta(days=1))
        for later in (0, 1, 14):
            counts = whole_day(university.database, DAY + timedelta(days=later))
            assert (counts["readings_lapsed"], counts["reheld"]) == (0, 0)
        assert asked(university, revision)["head"]["state"] == "to_read"
        counts = whole_day(university.database, DAY + timedelta(days=15))
        assert (counts["readings_lapsed"], counts["reheld"]) == (1, 0)
        assert asked(university, revision)["head"]["state"] == "lapsed"

    @pytest.mark.parametrize(("back_after", "entered_after"), [(2, 0), (12, 12), (70, 5)])
    def test_stays_for_whoever_is_back_after_a_gap(
        self, university: University, back_after: int, entered_after: int
    ) -> None:
        revision = given_out(university, DAY)
        university.vacate("head", DAY.date() + timedelta(days=1))
        for day in range(back_after + 2):
            if day == entered_after:
                since = DAY.date() + timedelta(days=back_after)
                person, post = university.people["head"], university.posts["head"]
                held = {"id": new_id(), "person_id": person, "post_id": post, "since": since, "until": None}
                university.change(sa.insert(t.holding).values(held))
            whole_day(university.database, DAY + timedelta(days=day))
        row = asked(university, revision)["head"]
        assert row["state"] == "to_read"
        (task,) = university.open_tasks(row["id"])
        assert task["holder_person_id"] == university.people["head"]
        university.go(row["id"], "acknowledge", "head", DAY + timedelta(days=back_after + 2))

    def test_one_that_cannot_lapse_stops_no_other(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
        found = asked(university, given_out(university, DAY))
        later = DAY + timedelta(days=1)
        university.in_force(later)

        def fails(connection: sa.Connection, record_id: UUID, *rest: Any) -> Any:
            done = move(connection, record_id, *rest)
            if record_id == found["librarian"]["id"]:
                raise ValueError("broken")
            return done

        monkeypatch.setattr(readings, "move", fails)
        assert of_the_day(university.database, later)["readings_lapsed"] == 1
        assert university.state(found["reader"]["id"]) == "lapsed"
        assert university.state(found["librarian"]["id"]) == "to_read"
        monkeypatch.undo()
        assert of_the_day(university.database, later)["readings_lapsed"] == 1


class TestReading:
    def test_is_signed_over_what_the_revision_says(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        university.go(row["id"], "acknowledge", "head", DAY)
        signature = university.one(t.signature, t.signature.c.record_id == row["id"])
        assert (signature["meaning"], signature["person_id"]) == ("read", university.people["head"])
        assert signature["facts"]["content"]["content"] == row["content"]
        assert_whole(university, row["id"])

    def test_without_a_proof_is_none(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        with university.database.write() as connection, pytest.raises(ProofNeeded):
            move(connection, row["id"], "acknowledge", university.as_("head", DAY), {}, DAY)

    def test_nobody_else_can_have_read_it(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        for other, refusal in {"librarian": NotFound, "owner": NotYours, "dean": NotYours, "quality": NotYours}.items():
            with pytest.raises(refusal):
                university.go(row["id"], "acknowledge", other, DAY)

    def test_a_deputy_cannot_have_read_it_for_somebody(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        away = {"person_id": university.people["head"], "deputy_id": university.people["owner"]}
        spell = {"since": DAY.date(), "until": DAY.date() + timedelta(days=9)}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell, entered_at=DAY))
        assert university.as_("owner", DAY).lent
        with university.database.read() as connection:
            offered = read_record(connection, row["id"], university.as_("owner", DAY), DAY).moves
        assert "acknowledge" not in [one.name for one in offered]
        with pytest.raises(NotYours):
            university.go(row["id"], "acknowledge", "owner", DAY)
        assert university.state(row["id"]) == "to_read"
        university.go(row["id"], "acknowledge", "head", DAY)
        assert university.state(row["id"]) == "read"

    def test_reminders_of_one_who_is_away_go_to_them_alone_and_the_ladder_still_rises(
        self, university: University
    ) -> None:
        """Beside a task of theirs that their deputy can do: of that one the deputy hears."""
        away = {"person_id": university.people["head"], "deputy_id": university.people["librarian"]}
        spell = {"since": DAY.date(), "until": DAY.date() + timedelta(days=99)}
        university.change(sa.insert(t.absence).values(id=new_id(), **away, **spell, entered_at=DAY))
        row = asked(university, given_out(university, DAY))["head"]
        (task,) = university.open_tasks(row["id"])
        draft = university.draft(DAY)
        theirs = {"holder_post_id": None, "holder_person_id": task["holder_person_id"]}
        university.change(sa.update(t.task).where(t.task.c.record_id == draft).values(theirs))
        (other,) = university.open_tasks(draft)
        for days in range(1, 45):
            sweep(university.database, DAY + timedelta(days=days))
        told = university.rows(t.notice, t.notice.c.task_id == task["id"])
        assert {university.who(one["reader_id"]) for one in told if one["part"] in (None, "holder")} == {"head"}
        assert {(one["part"], university.who(one["reader_id"])) for one in told if one["rung"] in (5, 10)} == {
            ("holders_head", "dean"),
            ("quality_specialist", "quality"),
        }
        told = university.rows(t.notice, t.notice.c.task_id == other["id"], t.notice.c.part == "holder")
        assert {university.who(one["reader_id"]) for one in told} == {"librarian"}

    def test_reminders_follow_the_ladder(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        (task,) = university.open_tasks(row["id"])
        for days in range(1, 45):
            sweep(university.database, DAY + timedelta(days=days))
        told = university.rows(t.notice, t.notice.c.task_id == task["id"], t.notice.c.rung.is_not(None))
        by_rung = {(one["rung"], one["part"], university.who(one["reader_id"]), one["channel"]) for one in told}
        assert {one for one in by_rung if one[0] <= 10} == {
            (-3, "holder", "head", "mail"),
            (0, "holder", "head", "mail"),
            (3, "holder", "head", "mail"),
            (5, "holders_head", "dean", "page"),
            (10, "quality_specialist", "quality", "page"),
        }

    def test_excused_by_the_quality_specialist(self, university: University) -> None:
        row = asked(university, given_out(university, DAY))["head"]
        university.go(row["id"], "excuse", "quality", DAY, reason="Өргүүдө")
        assert university.state(row["id"]) == "lapsed"
        assert of_the_day(university.database, DAY + timedelta(days=1))["readers_asked"] == 0


def _another_document(university: University) -> list[sa.Executable]:
    row = university.one(t.document)
    other = {**row, "id": new_id(), "code": "УСТ 4.10", "folded": "уст 4.10", "given": {}}
    return [sa.insert(t.document).values(other)]
