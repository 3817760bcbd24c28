"""Setting routes: who may, what it does to revisions under way, and that those only move through the write path."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.importing.facts import facts
from service.keeping.routes import change_routes, read_set, read_way
from service.organisation import organisation, organisation_changed
from service.reading.routes import Proposed, Ways, effects, routes, sets
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours
from states.routes import Does, Stage, Way, usual
from tests.keeping.keeping import NOW, do, log, see
from tests.support.university import University, at, protocol

LATER = at(2026, 4, 7)
OK_ALONE = Way((Stage("ok", Does.APPROVES),))


def submitted(university: University, endorsed: int = 0) -> UUID:
    """A revision before the first or second council."""
    revision = university.draft(NOW)
    university.go(revision, "submit", "owner", NOW)
    if endorsed:
        university.go(revision, "endorse", "sec_ouk", NOW, **protocol("1", NOW))
    return revision


def set_route(university: University, ways: Ways, campus: UUID | None = None, who: str = "quality", **more: Any) -> int:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        return change_routes(connection, Proposed(campus, ways), actor, NOW, **more)


def look(university: University, ways: Ways, campus: UUID | None = None) -> Any:
    return see(university, effects, Proposed(campus, ways))


def open_task(university: University, revision: UUID) -> Mapping[str, Any]:
    (task,) = university.rows(t.task, (t.task.c.record_id == revision) & t.task.c.closed_at.is_(None))
    return task


class TestWhoSetsRoutes:
    @pytest.mark.parametrize("who", ["owner", "rector", "admin", "sec_ok", "vice"])
    def test_nobody_but_the_quality_specialist(self, university: University, who: str) -> None:
        with pytest.raises(NotYours):
            set_route(university, {"УСТ": OK_ALONE}, who=who)
        assert not log(university, "route.set")

    def test_the_log_says_what_was_before(self, university: University) -> None:
        set_route(university, {"УСТ": OK_ALONE})
        (line,) = log(university, "route.set")
        assert line["facts"]["before"] == usual(("ouk", "ok")).facts
        assert line["facts"]["after"] == OK_ALONE.facts
        assert line["actor_id"] == university.people["quality"]

    def test_what_is_so_already_is_refused(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            set_route(university, {"УСТ": usual(("ouk", "ok"))})
        with pytest.raises(GuardUnmet):
            set_route(university, {"УСТ": None}, university.units["UNI"])

    def test_a_type_that_is_not_there_has_none(self, university: University) -> None:
        with pytest.raises(NotFound):
            set_route(university, {"ЖОК": OK_ALONE})


class TestOfACampus:
    def test_its_own_holds_there_and_goes_again(self, university: University) -> None:
        campus = university.units["UNI"]
        set_route(university, {"УСТ": OK_ALONE}, campus)
        (one,) = see(university, routes)
        assert (one.on(campus), one.on(None)) == (OK_ALONE, usual(("ouk", "ok")))
        assert university.record(submitted(university))["id"]
        (revision,) = university.rows(t.revision)
        assert revision["route"] == ["ok"]
        set_route(university, {"УСТ": None}, campus)
        (one,) = see(university, routes)
        assert one.own == {}
        assert log(university, "route.removed")

    def test_what_holds_everywhere_does_not_touch_it(self, university: University) -> None:
        revision = submitted(university)
        assert [one.record_id for one in look(university, {"УСТ": OK_ALONE}).under_way] == [revision]
        set_route(university, {"УСТ": usual(("ouk", "ok"))}, university.units["UNI"])
        assert look(university, {"УСТ": OK_ALONE}).under_way == ()


class TestUnderWay:
    def test_is_shown_with_the_council_it_waits_for_and_the_one_it_would(self, university: University) -> None:
        revision = submitted(university)
        (one,) = look(university, {"УСТ": OK_ALONE}).under_way
        assert (one.record_id, one.now, one.then, one.changes) == (revision, "ouk", "ok", True)
        assert one.due_at == open_task(university, revision)["due_at"]
        (same,) = look(university, {"УСТ": usual(("ouk", "ok"))}).under_way
        assert (same.then, same.changes) == ("ouk", False)

    def test_of_which_all_have_decided_it_would_go_on_to_approval(self, university: University) -> None:
        submitted(university, endorsed=1)
        (one,) = look(university, {"УСТ": Way((Stage("ouk", Does.ENDORSES),))}).under_way
        assert (one.now, one.then) == ("ok", None)

    def test_what_is_with_its_author_or_the_rector_is_counted_and_stays(self, university: University) -> None:
        revision = university.endorsed(NOW)
        found = look(university, {"УСТ": OK_ALONE})
        assert (found.under_way, found.beside) == ((), 1)
        set_route(university, {"УСТ": OK_ALONE}, under_way=True)
        assert university.one(t.revision, t.revision.c.record_id == revision)["route"] == ["ouk", "ok"]

    def test_stays_where_only_new_submissions_are_meant(self, university: University) -> None:
        revision = submitted(university)
        before = university.record(revision)["version"]
        assert set_route(university, {"УСТ": OK_ALONE}) == 0
        assert university.record(revision)["version"] == before
        assert open_task(university, revision)["holder_post_id"] == university.posts["sec_ouk"]

    def test_its_task_is_handed_on_and_stays_due_when_it_was(self, university: University) -> None:
        revision = submitted(university)
        before = open_task(university, revision)
        assert set_route(university, {"УСТ": OK_ALONE}, under_way=True, reason="Мыйзам өзгөрдү") == 1
        after = open_task(university, revision)
        assert (after["id"], after["due_at"]) == (before["id"], before["due_at"])
        assert after["holder_post_id"] == university.posts["sec_ok"]
        last = university.rows(t.history, t.history.c.record_id == revision)[-1]
        assert (last["move"], last["given"]) == ("reroute", {"reason": "Мыйзам өзгөрдү"})
        told = university.rows(t.notice, t.notice.c.history_id == last["id"])
        assert {row["reader_id"] for row in told} == {university.people["sec_ok"], university.people["owner"]}
        university.go(revision, "endorse", "sec_ok", LATER, **protocol("2", LATER))
        assert university.record(revision)["state"] == "rector_approval"

    def test_with_nobody_left_the_rector_has_it(self, university: University) -> None:
        revision = submitted(university, endorsed=1)
        set_route(university, {"УСТ": Way((Stage("ouk", Does.DISCUSSES),), by_order=False)}, under_way=True)
        assert university.record(revision)["state"] == "rector_approval"
        kept = university.one(t.revision, t.revision.c.record_id == revision)
        assert (kept["route"], kept["meanings"], kept["by_order"]) == (["ouk"], ["endorses"], False)
        assert open_task(university, revision)["holder_post_id"] == university.posts["rector"]

    def test_others_than_were_looked_at_are_not_moved(self, university: University) -> None:
        submitted(university)
        seen = look(university, {"УСТ": OK_ALONE}).seen
        (revision,) = university.rows(t.revision)
        university.go(revision["record_id"], "endorse", "sec_ouk", NOW, **protocol("1", NOW))
        with pytest.raises(GuardUnmet):
            set_route(university, {"УСТ": OK_ALONE}, under_way=True, seen=seen)
        assert not log(university, "route.set")
        set_route(university, {"УСТ": OK_ALONE}, under_way=True, seen=look(university, {"УСТ": OK_ALONE}).seen)

    def test_on_another_campus_is_its_own_specialists(self, university: University) -> None:
        far, post, person = new_id(), new_id(), new_id()
        named = {f"name_{language}": "Талас" for language in ("ky", "ru", "en")}
        revision = submitted(university)
        university.change(
            sa.insert(t.unit).values(id=far, code="FAR", is_campus=True, parent_id=None, **named),
            sa.insert(t.post).values(id=post, code="far", unit_id=far, role="quality_specialist", heads=True, **named),
            sa.insert(t.person).values(id=person, code="far", email="far@uni.example", language="ky", **named),
            sa.update(t.document).values(campus_id=far),
            sa.update(t.record).where(t.record.c.id == revision).values(campus_id=far),
        )
        with university.database.write() as connection:
            organisation_changed(connection)
        with pytest.raises(NotYours):
            set_route(university, {"УСТ": OK_ALONE})  # nobody stands above both
        assert university.record(revision)["state"] == "council_review"


class TestAForm:
    GIVEN: Mapping[str, str] = {"body_1": "ouk", "does_1": "discusses", "by_order": "no"}

    def read(self, university: University, **given: str) -> Way:
        with university.database.read() as connection:
            return read_way(organisation(connection), {**self.GIVEN, **given})

    def test_is_read_in_the_order_of_its_places(self, university: University) -> None:
        way = self.read(university, body_3="ok", does_3="endorses", approver="vice", body_2="")
        assert [(stage.body, stage.does) for stage in way.stages] == [("ouk", "discusses"), ("ok", "endorses")]
        assert (way.approver, way.by_order) == (university.posts["vice"].hex, False)

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"body_1": ""}, "body_1"),
            ({"body_1": "gone"}, "body_1"),
            ({"does_1": ""}, "does_1"),
            ({"body_2": "ouk", "does_2": "endorses"}, "body_2"),
            ({"approver": "nobody"}, "approver"),
            ({"by_order": ""}, "by_order"),
        ],
    )
    def test_says_what_is_wrong(self, university: University, given: dict[str, str], wrong: str) -> None:
        with pytest.raises(Incomplete) as refused:
            self.read(university, **given)
        assert list(refused.value.errors) == [wrong]


class TestTheSetsThatShip:
    def test_are_the_two_universities(self) -> None:
        assert sets() == ["TalSU", "NSU"]

    def test_say_who_does_what(self, university: University) -> None:
        talsu = see(university, read_set, "TalSU", None).ways["УСТ"]
        assert talsu
        assert [stage.does for stage in talsu.stages] == [Does.DISCUSSES, Does.ENDORSES]
        assert talsu.by_order is False
        nsu = see(university, read_set, "NSU", None).ways["УСТ"]
        assert nsu
        assert ([stage.does for stage in nsu.stages], nsu.by_order) == ([Does.APPROVES], True)

    def test_are_refused_where_a_council_is_missing(self, university: University) -> None:
        university.change(sa.update(t.body).where(t.body.c.code == "ouk").values(code="other"))
        with pytest.raises(Incomplete):
            do(university, lambda connection, actor, now: read_set(connection, "TalSU", None), who="quality")
        with pytest.raises(NotFound):
            do(university, lambda connection, actor, now: read_set(connection, "KSU", None), who="quality")

    def test_name_councils_that_come_with_sapat(self) -> None:
        known = {row["code"] for row in facts("bodies")}
        for row in facts("routes"):
            assert {pair.partition(":")[0] for pair in row["stages"].split()} <= known
