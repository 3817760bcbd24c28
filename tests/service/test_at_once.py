"""Several people at the same moment, on threads with connections of their own: nothing is lost, nothing is twice."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.moves import Moved, move
from service.opening import open_record
from service.organisation import Actor, Organisation
from service.signing import Proof
from states.refusals import GuardUnmet, NotFound, NotFromHere, NotYours, Refusal, Stale
from tests.support.chain import assert_whole
from tests.support.together import together
from tests.support.university import DOCUMENT, University, at, protocol

SPRING = at(2017, 4, 5)
ROUNDS = 25
PROOF = Proof("demonstration", SPRING)


def deciding(
    university: University, record: UUID, name: str, who: str, expects: int | None = None, **given: Any
) -> Callable[[], Moved]:
    """One decision, its actor known beforehand, to be made when called."""
    actor = university.as_(who, SPRING)

    def decide() -> Moved:
        with university.database.write() as connection:
            return move(connection, record, name, actor, given, SPRING, expects=expects, proof=PROOF)

    return decide


def assert_one_won(university: University, record: UUID, before: int, results: list[Moved | Exception]) -> Moved:
    """One result is a move, the others are refusals, and only that one move has left anything behind."""
    winners = [result for result in results if isinstance(result, Moved)]
    assert len(winners) == 1, results
    assert all(isinstance(result, Moved | Refusal) for result in results), results
    history = university.history(record)
    assert len(history) == before + 1
    assert history[-1]["id"] == winners[0].history_id
    assert university.record(record)["version"] == before + 1
    assert_whole(university, record)
    assert len(university.open_tasks(record)) <= 1
    known = {entry["id"] for entry in history}
    for table in (t.notice, t.decision):
        assert {row["history_id"] for row in university.rows(table, table.c.record_id == record)} <= known
    decisions = university.rows(t.decision, t.decision.c.record_id == record)
    assert len(decisions) == len({decision["history_id"] for decision in decisions})
    return winners[0]


class TestTwoWhoDecideAtOnce:
    def test_one_wins_and_the_other_is_told_that_it_is_too_late(self, university: University) -> None:
        for _ in range(ROUNDS):
            found = university.reported(SPRING)
            results = together(
                [
                    deciding(university, found, "register", "quality", severity="minor", owner_post="owner"),
                    deciding(university, found, "withdraw", "auditor", reason="Ката болду"),
                ]
            )
            assert_one_won(university, found, 1, results)
            assert [type(result) for result in results if isinstance(result, Refusal)] == [NotFromHere]

    def test_the_other_is_told_that_it_is_stale_where_it_says_what_it_saw(self, university: University) -> None:
        for _ in range(ROUNDS):
            found = university.reported(SPRING)
            register = partial(deciding, university, found, "register", "quality", severity="minor", owner_post="owner")
            results = together([register(expects=1), register(expects=1), register(expects=1)])
            assert_one_won(university, found, 1, results)
            assert [type(result) for result in results if isinstance(result, Refusal)] == [Stale, Stale]

    def test_a_council_decides_once_although_the_next_is_in_the_same_state(self, university: University) -> None:
        for _ in range(ROUNDS):
            revision = university.draft(SPRING)
            university.go(revision, "submit", "owner", SPRING)
            endorse = deciding(university, revision, "endorse", "sec_ouk", **protocol("3", SPRING))
            results = together([endorse, endorse])
            assert_one_won(university, revision, 2, results)
            assert len(university.rows(t.decision, t.decision.c.record_id == revision)) == 1
            assert university.one(t.revision, t.revision.c.record_id == revision)["position"] == 1
            university.go(revision, "abandon", "owner", SPRING, reason="кийинки айлампа")

    def test_an_extension_is_not_granted_twice(self, university: University) -> None:
        for _ in range(8):
            _, action = university.under_way(SPRING, date(2017, 5, 5))
            university.go(
                action, "request_extension", "owner", SPRING, new_due_on=date(2017, 6, 6), reason="Кызматкер жок"
            )
            grant = deciding(university, action, "grant_extension", "vice")
            refuse = deciding(university, action, "refuse_extension", "vice", reason="Жок")
            assert_one_won(university, action, 5, together([grant, grant, refuse]))
            typed = university.one(t.corrective_action, t.corrective_action.c.record_id == action)
            assert typed["requested_due_on"] is None
            assert (typed["extensions"], typed["due_on"]) in [(1, date(2017, 6, 6)), (0, date(2017, 5, 5))]


class TestTwoWhoOpenAtOnce:
    def test_a_document_gets_one_draft(self, university: University) -> None:
        actor = university.as_("owner", SPRING)

        def draft() -> Moved:
            with university.database.write() as connection:
                given = {"document": DOCUMENT, "summary": "Жаңы"}
                return open_record(connection, "document", given, actor, SPRING)

        for number in range(1, 9):
            results = together([draft, draft, draft])
            opened = [result for result in results if isinstance(result, Moved)]
            assert len(opened) == 1, results
            assert [type(result) for result in results if not isinstance(result, Moved)] == [GuardUnmet] * 2
            assert len(university.rows(t.revision)) == number
            university.go(opened[0].record_id, "abandon", "owner", SPRING, reason="кийинки айлампа")

    def test_each_gets_a_reference_number_of_its_own(self, university: University) -> None:
        reports = [partial(university.reported, SPRING) for _ in range(8)]
        for _ in range(3):
            assert all(isinstance(result, UUID) for result in together(reports))
        codes = sorted(record["code"] for record in university.rows(t.record))
        assert codes == [f"NC-2017-{number:03d}" for number in range(1, 25)]


class TestManyWhoWorkOnDifferentRecords:
    def test_lose_nothing(self, university: University) -> None:
        """Eight threads walk eight nonconformities back and forth, more than a thousand moves in all."""
        turns = 21
        records = [university.reported(SPRING) for _ in range(8)]

        def walk(record: UUID) -> int:
            for turn in range(turns):
                when = SPRING + timedelta(minutes=turn)
                university.go(record, "register", "quality", when, severity="minor", owner_post="owner")
                university.go(record, "dispute", "owner", when, reason="Биздики эмес")
            return 2 * turns

        assert together([partial(walk, record) for record in records]) == [2 * turns] * 8
        for record in records:
            assert university.record(record)["version"] == 1 + 2 * turns
            assert [entry["seq"] for entry in university.history(record)] == list(range(1, 2 + 2 * turns))
            assert_whole(university, record)
            tasks = university.rows(t.task, t.task.c.record_id == record)
            assert len(tasks) == 1 + 2 * turns
            assert [task["closed_at"] is None for task in tasks] == [False] * 2 * turns + [True]

    def test_lose_nothing_where_they_belong_together(self, university: University) -> None:
        """The actions of one nonconformity are closed at once while it is rescheduled: nobody waits for ever."""
        for _ in range(5):
            found = university.planning(SPRING)
            actions = [university.action(found, SPRING, date(2017, 5, 5)) for _ in range(4)]
            university.go(found, "submit_plan", "owner", SPRING, complete_by=date(2017, 5, 5))
            cancel = [deciding(university, action, "cancel", "vice", reason="Кереги жок") for action in actions]
            later = deciding(
                university, found, "reschedule", "vice", complete_by=date(2017, 6, 6), reason="Кечигип жатат"
            )
            results = together([*cancel, later])
            assert all(isinstance(result, Moved) for result in results[:4]), results
            assert isinstance(results[4], Moved | NotFromHere), results
            assert university.state(found) == "action_planning"
            for record in (found, *actions):
                assert_whole(university, record)

    def test_lose_nothing_where_one_goes_down_and_the_other_up(self, university: University) -> None:
        """A plan is submitted, which moves its actions, while one of those is cancelled, which would move the plan."""
        for _ in range(10):
            found = university.planning(SPRING)
            actions = [university.action(found, SPRING, date(2017, 5, 5)) for _ in range(3)]
            submit = deciding(university, found, "submit_plan", "owner", complete_by=date(2017, 5, 5))
            cancel = [deciding(university, action, "cancel", "vice", reason="Кереги жок") for action in actions[1:]]
            results = together([submit, *cancel])
            assert all(isinstance(result, Moved) for result in results), results
            assert university.state(found) == "acting"
            assert university.state(actions[0]) == "approval"


class TestAChangeOfTheOrganisation:
    def test_is_seen_by_the_next_decision_on_whatever_connection(self, university: University) -> None:
        for _ in range(5):
            found = university.reported(SPRING)
            everybody = [partial(university.as_, "owner", SPRING) for _ in range(4)]
            assert all(university.posts["quality"] not in actor.posts for actor in together(everybody))  # type: ignore[union-attr]  # nobody failed
            university.change(
                sa.insert(t.holding).values(
                    id=new_id(),
                    person_id=university.people["owner"],
                    post_id=university.posts["quality"],
                    since=date(2017, 1, 1),
                )
            )
            assert all(university.posts["quality"] in actor.posts for actor in together(everybody))  # type: ignore[union-attr]  # nobody failed
            university.go(found, "reject", "owner", SPRING, reason="Негизсиз")
            university.change(sa.delete(t.holding).where(t.holding.c.since == date(2017, 1, 1)))

    def test_counts_at_the_move_whatever_was_true_when_its_maker_came(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        spell = {"person_id": university.people["sec_ouk"], "deputy_id": university.people["reader"]}
        days = {"since": SPRING.date(), "until": SPRING.date(), "entered_at": SPRING}
        university.change(sa.insert(t.absence).values(id=new_id(), **spell, **days))
        for_her = deciding(university, revision, "endorse", "reader", **protocol("1", SPRING))
        university.change(sa.update(t.absence).values(cancelled_at=SPRING))
        with pytest.raises((NotYours, NotFound)):
            for_her()
        herself = deciding(university, revision, "endorse", "sec_ouk", **protocol("1", SPRING))
        university.vacate("sec_ouk", SPRING.date())
        with pytest.raises((NotYours, NotFound)):
            herself()

    def test_is_whole_for_whoever_asks_while_a_day_is_being_worked_out(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        vice, asked = university.people["vice"], Organisation.holders
        spell = {"person_id": university.people["owner"], "deputy_id": vice, "entered_at": SPRING}
        university.change(sa.insert(t.absence).values(id=new_id(), since=SPRING.date(), until=SPRING.date(), **spell))
        with university.database.read() as connection:
            snapshot = Organisation(connection)
        meanwhile: list[Actor | Exception] = []

        def holders(self: Organisation, post_id: UUID, day: date) -> tuple[UUID, ...]:
            if not meanwhile:
                meanwhile.append(RuntimeError("not asked yet"))
                meanwhile[:] = together([partial(self.actor, vice, day)])
            return asked(self, post_id, day)

        monkeypatch.setattr(Organisation, "holders", holders)
        assert [snapshot.actor(vice, SPRING.date())] == meanwhile
        assert [lent.person_id for one in meanwhile if isinstance(one, Actor) for lent in one.lent] == [
            spell["person_id"]
        ]
