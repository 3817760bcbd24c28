"""What is said about who may do what is what happens: explanations and moves agree, for everybody and everything."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.demo.story import first_start
from service.keeping.change import begin
from service.moves import move
from service.opening import open_record
from service.organisation import organisation, organisation_changed
from service.reading.permissions import OPEN, READ, acts_of, explain, explain_declaration, judge, may_explain
from service.reading.permitted import readable_by
from service.reading.powers import explain_person
from service.reading.reasons import Why
from service.registering import register_document
from service.signing import Proof, ProofNeeded
from states.refusals import Duties, GuardUnmet, Incomplete, NotFound, NotFromHere, NotYours, Refusal
from states.registry import lifecycles
from states.text import LANGUAGES, Text
from states.working_days import today
from tests.support.databases import SqliteTemplate
from tests.support.university import University, at
from tests.web.permission_stage import NOW, Stage

TODAY = at(2026, 11, 20, 15)


@pytest.fixture(scope="module")
def demonstration(sqlite_template: SqliteTemplate) -> Iterator[Database]:
    """The demonstration's university, with some away, one post vacant and one held by two."""
    with sqlite_template.copy() as database:
        first_start(database, TODAY)
        with database.write() as connection:
            snapshot = organisation(connection)
            people = {person.code: person.id for person in snapshot.people.values()}
            posts = {post.code: post.id for post in snapshot.posts.values()}
            day = TODAY.date()
            for away, deputy in (
                ("rector", "vice_rector"), ("quality_specialist", "dean_pedagogy"), ("dean_agro", None),
                ("head_library", "quality_specialist"),
            ):  # fmt: skip
                connection.execute(sa.insert(t.absence).values(
                    id=new_id(), person_id=people[away], deputy_id=people[deputy] if deputy else None,
                    since=day, until=day + timedelta(days=5), entered_at=TODAY,
                ))  # fmt: skip
            held = t.holding.c.post_id == posts["head_economics"]
            connection.execute(sa.update(t.holding).where(held).values(until=date(2026, 11, 1)))
            connection.execute(sa.insert(t.holding).values(
                id=new_id(), person_id=people["head_hr"], post_id=posts["rector"], since=day
            ))  # fmt: skip
            organisation_changed(connection)
        yield database


class _Undo(Exception):  # noqa: N818 - what a test has tried is taken back
    pass


def really(
    connection: sa.Connection, record_id: UUID, name: str, person_id: UUID, now: datetime
) -> type[Refusal] | None:
    """What the write path itself says to that person; whatever it writes is taken back."""
    actor = organisation(connection).actor(person_id, today(now))
    tried = connection.begin_nested()
    try:
        move(connection, record_id, name, actor, {}, now, proof=Proof("demonstration", now))
    except Refusal as refusal:
        return type(refusal)
    finally:
        tried.rollback()
    return None


def expected(why: Why, refusal: type[Refusal] | None, *, moves: bool, reads: bool) -> bool:
    """Whether what was explained is what happened."""
    if not moves:  # the write path asks first whether it starts here
        return refusal is (NotFromHere if reads else NotFound)
    if why in (Why.DUTIES, Why.NO_PART):
        return refusal is ((Duties if why is Why.DUTIES else NotYours) if reads else NotFound)
    if why is Why.CONDITION:  # what it records is read before its conditions
        return refusal in (GuardUnmet, Incomplete)
    return refusal in (None, Incomplete, GuardUnmet, ProofNeeded)


class TestEveryPersonEveryMoveEveryRecord:
    def test_is_explained_as_it_happens(self, demonstration: Database) -> None:
        tried, seen = 0, set()
        with demonstration.write() as connection:
            chosen = sa.select(t.record.c.id, t.record.c.kind, t.record.c.state).order_by(t.record.c.id)
            people = list(organisation(connection).people)
            read = {one: _read_by(connection, one) for one in people}
            for record in connection.execute(chosen).all():
                first = (record.kind, record.state) not in seen
                seen.add((record.kind, record.state))
                readers = {one for one in people if record.id in read[one]}
                for name, declared in lifecycles()[record.kind].moves.items():
                    moves = record.state in declared.sources
                    if moves or first:  # that a move does not start here is the same for all records of a state
                        asked = people if moves and first else people[::9]
                        tried += self._agree(connection, record.id, name, asked, readers, moves=moves)
        assert tried > 5000

    @staticmethod
    def _agree(
        connection: sa.Connection, record: UUID, name: str, people: list[UUID], readers: set[UUID], *, moves: bool
    ) -> int:
        verdicts = {one.person.id: one for one in explain(connection, record, name, TODAY).verdicts}
        for person in people:
            reads = person in readers
            why, refusal = verdicts[person].why, really(connection, record, name, person, TODAY)
            assert expected(why, refusal, moves=moves, reads=reads), (record, name, person, why, refusal)
        return len(people)

    def test_is_explained_to_one_as_to_all(self, demonstration: Database) -> None:
        with demonstration.read() as connection:
            record = (
                connection.execute(sa.select(t.record.c.id).where(t.record.c.kind == "nonconformity")).scalars().first()
            )
            assert record is not None
            for name in acts_of(lifecycles()["nonconformity"]):
                for verdict in explain(connection, record, name, TODAY).verdicts:
                    assert judge(connection, record, name, verdict.person.id, TODAY) == verdict

    def test_has_a_sentence_in_each_language(self, demonstration: Database) -> None:
        with demonstration.read() as connection:
            for record in connection.execute(sa.select(t.record.c.id, t.record.c.kind)).all()[::7]:
                for name in acts_of(lifecycles()[record.kind]):
                    for verdict in explain(connection, record.id, name, TODAY).verdicts:
                        assert all("%(" not in verdict.reason.into(language) for language in LANGUAGES)


def _read_by(connection: sa.Connection, person_id: UUID) -> set[UUID]:
    readable = readable_by(connection, _actor(connection, person_id), TODAY)
    return set(connection.execute(sa.select(t.record.c.id).where(readable)).scalars())


def _actor(connection: sa.Connection, person_id: UUID) -> Any:
    return organisation(connection).actor(person_id, today(TODAY))


class TestReadingAndOpening:
    def test_reading_is_explained_as_it_is_permitted(self, demonstration: Database) -> None:
        with demonstration.read() as connection:
            read = {one: _read_by(connection, one) for one in organisation(connection).people}
            for record in connection.execute(sa.select(t.record.c.id)).scalars().all()[::3]:
                for verdict in explain(connection, record, READ, TODAY).verdicts:
                    assert verdict.may == (record in read[verdict.person.id])

    def test_opening_an_action_is_explained_as_it_happens(self, university: University) -> None:
        found = university.planning(NOW)
        given = {"title": "Тартип", "action_kind": "corrective", "criterion": "Бар", "due_on": "2026-06-01"}
        given["owner_post"] = "owner"
        with university.database.read() as connection:
            verdicts = explain(connection, found, f"{OPEN}corrective_action", NOW).verdicts
        assert {one.person.code for one in verdicts if one.may} == {"owner", "quality", "vice"}
        for verdict in verdicts:
            refused = self._refused(university, "corrective_action", verdict.person.code, given, found)
            assert verdict.may != refused

    def test_opening_a_revision_is_explained_as_it_happens(self, university: University) -> None:
        revision = university.in_force(at(2025, 1, 9))
        with university.database.read() as connection:
            verdicts = explain(connection, revision, f"{OPEN}document", NOW).verdicts
        assert {one.person.code for one in verdicts if one.may} == {"owner", "quality"}
        for verdict in verdicts:
            given = {"document": "УСТ 4.09", "summary": "Такталат"}
            assert verdict.may != self._refused(university, "document", verdict.person.code, given, None)

    @staticmethod
    def _refused(university: University, kind: str, who: str, given: dict[str, Any], parent: UUID | None) -> bool:
        try:
            with university.database.write() as connection:
                actor = organisation(connection).actor(university.people[who], NOW.date())
                open_record(connection, kind, given, actor, NOW, parent_id=parent)
                raise _Undo
        except _Undo:
            return False
        except (NotYours, NotFound):  # who may not even know of it is told that there is nothing
            return True


def said(university: University, record: UUID, name: str, who: str) -> str:
    with university.database.read() as connection:
        return judge(connection, record, name, university.people[who], NOW).reason.into("en")


class TestReasons:
    @pytest.fixture
    def stage(self, university: University) -> Stage:
        made = Stage(university)
        made.app.state.site.close()
        return made

    def test_name_the_post_and_since_when(self, university: University) -> None:
        revision = university.endorsed(NOW)
        told = said(university, revision, "approve", "rector")
        assert told == "May, as rector: holds the post “rector (post)” since 1 January 2000."

    def test_name_whose_deputy_somebody_is_and_until_when(self, stage: Stage) -> None:
        revision = stage.arrive("document", "rector_approval")
        told = said(stage.university, revision, "approve", "dep_rector")
        assert told == (
            "May, for Aibek Rektorov, whose deputy they are until 16 April 2026:"
            " as rector, by the post “rector (post)”."
        )

    def test_name_the_part_that_forbids(self, stage: Stage) -> None:
        action = stage.arrive("corrective_action", "implemented")
        told = said(stage.university, action, "find_effective", "doer")
        assert told == "May not: it would be checking their own work (who carried it out)."
        told = said(stage.university, action, "find_effective", "dep_doer")
        assert told == "May not: stands in for doer, whose work it would be checking (who carried it out)."

    def test_name_the_parts_that_somebody_does_not_have(self, university: University) -> None:
        revision = university.endorsed(NOW)
        assert said(university, revision, "approve", "dean") == "May not: has none of the parts that may (rector)."
        assert said(university, revision, "supersede", "dean") == "May not: Sapat does it itself, on its day."

    def test_name_the_state_that_is_too_early(self, university: University) -> None:
        revision = university.draft(NOW)
        told = said(university, revision, "approve", "rector")
        assert told == "Not now: the state is “draft”, and this starts from: rector approval."

    def test_name_the_condition_that_does_not_hold(self, university: University) -> None:
        revision = university.in_force(at(2026, 1, 9))
        told = said(university, revision, "open_review", "quality")
        assert told == "A condition is not met: This document was approved or reviewed less than a year ago."

    def test_name_the_vacant_post_that_falls_to_the_head(self, university: University) -> None:
        found = university.planning(at(2026, 3, 2))
        university.vacate("owner", date(2026, 4, 1))
        told = said(university, found, "back_to_causes", "head")
        assert told == "May, as owner: the post “owner (post)” is vacant and falls to them."
        with university.database.read() as connection:
            (part,) = explain(connection, found, "back_to_causes", NOW).parts
        (post,) = part.posts
        assert [(one.person.code, one.note.into("en")) for one in post.people] == [
            ("head", "as the head above, for the post is vacant")
        ]

    def test_name_the_post_that_history_keeps(self, stage: Stage) -> None:
        university = stage.university
        for who in ("rector", "dep_rector", "torn"):
            revision = stage.arrive("document", "rector_approval")
            with university.database.read() as connection:
                verdict = judge(connection, revision, "return_to_author", university.people[who], NOW)
            university.go(revision, "return_to_author", who, NOW, reason="Себеп")
            entry = university.history(revision)[-1]
            assert verdict.post is not None
            assert entry["post_id"] == verdict.post.id
            assert entry["acting_for_id"] == (verdict.acting_for.id if verdict.acting_for else None)


class TestWhoHoldsIt:
    def test_is_told_with_deputies_and_those_who_are_away(self, university: University) -> None:
        stage = Stage(university)
        stage.app.state.site.close()
        revision = stage.arrive("document", "rector_approval")
        with university.database.read() as connection:
            (part,) = explain(connection, revision, "approve", NOW).parts
        people = {one.person.code: (one.acts, one.note.into("en")) for post in part.posts for one in post.people}
        assert people == {
            "rector": (False, "since 1 January 2000, away now"),
            "dep_rector": (True, "for Aibek Rektorov until 16 April 2026"),
            "rector2": (False, "since 1 January 2000, away now"),
            "torn": (True, "for rector2 until 16 April 2026"),
        }


class TestTheDeclaration:
    @pytest.mark.parametrize("name", lifecycles())
    def test_is_told_of_every_act_without_a_record(self, name: str) -> None:
        one = lifecycles()[name]
        for act in acts_of(one):
            assert explain_declaration(one, act).parts, act

    def test_of_what_there_is_not_is_refused(self) -> None:
        with pytest.raises(NotFound):
            explain_declaration(lifecycles()["document"], "fly")


class TestAConfidentialAuthor:
    def test_is_told_to_nobody_who_may_not_know(self, university: University) -> None:
        told: dict[str, Any] = {
            "nc_kind": "programme",
            "source": "customers",
            "found_on": NOW.date(),
            "confidential": True,
        }
        found = university.open("nonconformity", "reader", NOW, title="Арыз", found="Арыз", **told)
        for who, knows in (("admin", False), ("quality", True)):
            viewer = university.as_(who, NOW)
            with university.database.read() as connection:
                for name in acts_of(lifecycles()["nonconformity"]):
                    shown = explain(connection, found, name, NOW, viewer)
                    may = {one.person.code for one in shown.verdicts if one.may}
                    named = {part.person.code for part in shown.parts if part.person}
                    assert knows or "reader" not in may | named, name
                shown = explain(connection, found, "withdraw", NOW, viewer)
                assert {one.person.code for one in shown.verdicts if one.may} == ({"reader"} if knows else set())
                powers = explain_person(connection, university.people["reader"], NOW, viewer)
                assert bool(powers.moves) == knows


class TestOnePerson:
    def test_may_do_what_the_moves_let_them(self, demonstration: Database) -> None:
        with demonstration.read() as connection:
            for person in organisation(connection).people:
                powers = explain_person(connection, person, TODAY)
                assert powers.complete
                for power in powers.moves:
                    for on in power.records:
                        assert judge(connection, on.subject.id, power.name, person, TODAY) == on.verdict
                        assert on.verdict.admitted

    def test_has_the_offices_that_are_really_theirs(self, university: University) -> None:
        offices = {}
        for who, person_id in university.people.items():
            with university.database.read() as connection:
                powers = explain_person(connection, person_id, NOW)
            offices[who] = {one.says for one in powers.offices}
            actor = university.as_(who, NOW)
            assert ("Put documents into the register" in offices[who]) == self._registers(university, who)
            assert any(one.startswith("Keep people") for one in offices[who]) == self._keeps(university, who)
            with university.database.read() as connection:
                explains = may_explain(organisation(connection), actor)
            assert ("See who may do what, and why" in offices[who]) == explains
        assert [who for who, those in offices.items() if "Keep webhooks" in those] == ["admin"]

    @staticmethod
    def _registers(university: University, who: str) -> bool:
        try:
            with university.database.write() as connection:
                given = {"type": "УСТ", "code": "УСТ 1.01", "title": "Аталышы"}
                register_document(connection, given, university.as_(who, NOW), NOW)
                raise _Undo
        except _Undo:
            return True
        except NotYours:
            return False

    @staticmethod
    def _keeps(university: University, who: str) -> bool:
        try:
            with university.database.write() as connection:
                begin(connection, university.as_(who, NOW), NOW, Text("", "", ""))
                raise _Undo
        except _Undo:
            return True
        except NotYours:
            return False

    def test_who_is_not_there_is_refused(self, university: University) -> None:
        with university.database.read() as connection, pytest.raises(NotFound):
            explain_person(connection, new_id(), NOW)
