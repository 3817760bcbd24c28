"""The one write path: all of a move in one transaction, or nothing of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.moves import move
from service.opening import open_record
from service.organisation import CLOCK
from service.tasks import NobodyThere
from states.refusals import (
    Duties,
    GuardUnmet,
    Incomplete,
    Malformed,
    NotFound,
    NotFromHere,
    NotYours,
    Refusal,
    Stale,
)
from tests.support.chain import assert_whole
from tests.support.dump import dump
from tests.support.university import DOCUMENT, University, at, order, protocol

SPRING = at(2017, 4, 5)
LATER = at(2017, 4, 6)


def new_rows(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, int]:
    return {table: len(rows) - len(before[table]) for table, rows in after.items() if len(rows) != len(before[table])}


class TestAMove:
    def test_writes_state_history_task_notice_and_decision_together(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        before = dump(university.database)
        moved = university.go(revision, "endorse", "sec_ouk", LATER, votes_for="11", **protocol("4", LATER))
        assert new_rows(before, dump(university.database)) == {
            "history": 1,
            "task": 1,
            "notice": 2,
            "decision": 1,
            "signature": 1,
        }
        record = university.record(revision)
        assert (record["state"], record["version"], record["moved_at"]) == ("council_review", 3, LATER)
        entry = university.history(revision)[-1]
        assert (entry["id"], entry["move"], entry["at"]) == (moved.history_id, "endorse", LATER)
        assert entry["actor_id"] == university.people["sec_ouk"]
        assert entry["given"]["wording"] == "Жактырылсын"
        decision = university.one(t.decision)
        assert (decision["history_id"], decision["number"], decision["votes_for"]) == (moved.history_id, "4", 11)
        assert decision["body_id"] == university.one(t.body, t.body.c.code == "ouk")["id"]
        (task,) = university.open_tasks(revision)
        assert task["holder_post_id"] == university.posts["sec_ok"]
        told = {university.who(n["reader_id"]): n for n in university.rows(t.notice) if n["created_at"] == LATER}
        assert {who: notice["message"] for who, notice in told.items()} == {
            "sec_ok": "task/opened",
            "owner": "record/moved",
        }
        assert told["sec_ok"]["task_id"] == task["id"]
        assert {notice["history_id"] for notice in told.values()} == {moved.history_id}

    def test_closes_the_task_of_the_step_it_leaves(self, university: University) -> None:
        revision = university.draft(SPRING)
        (task,) = university.open_tasks(revision)
        university.go(revision, "submit", "owner", LATER)
        closed = university.one(t.task, t.task.c.id == task["id"])
        assert (closed["closed_at"], closed["outcome"]) == (LATER, "submit")

    def test_leaves_no_task_behind_in_a_final_step(self, university: University) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "abandon", "owner", LATER, reason="Кереги жок")
        assert university.open_tasks(revision) == []
        assert university.record(revision)["closed_at"] == LATER

    def test_tells_its_own_actor_nothing(self, university: University) -> None:
        university.draft(SPRING)
        assert university.rows(t.notice) == []

    def test_says_the_code_of_the_record_only_once_for_each_reader(self, university: University) -> None:
        """Owner and author are one person here, who is told once."""
        revision = university.endorsed(SPRING)
        university.go(revision, "approve", "rector", LATER, **order("1", LATER, LATER.date()))
        told = [university.who(n["reader_id"]) for n in university.rows(t.notice, t.notice.c.created_at == LATER)]
        assert sorted(told) == ["owner", "quality"]

    def test_is_by_nobody_where_the_clock_makes_it(self, university: University) -> None:
        found, action = university.under_way(SPRING, date(2017, 5, 5))
        university.go(action, "cancel", "vice", LATER, reason="Кереги жок")
        entry = university.history(found)[-1]
        assert (entry["move"], entry["actor_id"]) == ("actions_done", None)
        assert entry["cause_id"] == university.history(action)[-1]["id"]


class TestTheVersion:
    def test_counts_the_moves(self, university: University) -> None:
        revision = university.draft(SPRING)
        assert university.record(revision)["version"] == 1
        assert university.go(revision, "submit", "owner", SPRING).version == 2

    def test_is_refused_where_it_is_not_what_the_person_saw(self, university: University) -> None:
        revision = university.draft(SPRING)
        actor = university.as_("owner", SPRING)
        for expects in (0, 2, -1):
            with pytest.raises(Stale), university.database.write() as connection:
                move(connection, revision, "submit", actor, {}, SPRING, expects=expects)
        with university.database.write() as connection:
            move(connection, revision, "submit", actor, {}, SPRING, expects=1)
        with pytest.raises(Stale), university.database.write() as connection:
            move(connection, revision, "submit", actor, {}, SPRING, expects=1)


class TestTheChain:
    def test_is_recomputed_from_what_is_kept(self, university: University) -> None:
        revision = university.in_force(SPRING)
        found, action = university.under_way(SPRING, date(2017, 5, 5))
        for record in (revision, found, action):
            assert_whole(university, record)

    def test_is_the_same_whatever_zone_the_moment_came_in(self, university: University) -> None:
        revision = university.draft(at(2017, 4, 5, 23, 59))
        assert_whole(university, revision)

    @pytest.mark.parametrize(
        "reason",
        [
            'Кыргызча: ң, ө, ү — "тырмакча" \\ жана / сызык',
            "emoji 🦅 and 𝔘𝔫𝔦",
            "line\nbreak\tand\rreturn",
            "nul\x00inside",
            "half \ud83d of one",
            "e\u0301 in pieces",
            "\u2028 separators \u0085",
            " spaces around ",
        ],
    )
    def test_holds_whatever_is_written(self, university: University, reason: str) -> None:
        revision = university.draft(SPRING)
        university.go(revision, "abandon", "owner", SPRING, reason=reason)
        assert_whole(university, revision)
        kept = university.history(revision)[-1]["given"]["reason"]
        assert "\x00" not in kept
        assert kept.encode()

    def test_would_show_an_entry_that_was_changed(self, university: University) -> None:
        """Somebody with all rights switches the triggers off, changes one word and switches them on again."""
        revision = university.in_force(SPRING)
        with university.database.write() as connection:
            if university.database.is_sqlite:
                connection.exec_driver_sql("DROP TRIGGER history_no_update")
            else:
                connection.exec_driver_sql("ALTER TABLE history DISABLE TRIGGER USER")
            connection.execute(sa.update(t.history).where(t.history.c.seq == 3).values(move="reject"))
        with pytest.raises(AssertionError):
            assert_whole(university, revision)


Refused = Callable[[University], tuple[UUID, str, str, dict[str, Any]]]


def _not_from_here(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.draft(SPRING), "approve", "rector", dict(order("1", SPRING, SPRING.date()))


def _unknown_move(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.draft(SPRING), "no_such_move", "owner", {}


def _unknown_record(_: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return new_id(), "submit", "owner", {}


def _not_yours(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.endorsed(SPRING), "approve", "quality", dict(order("1", SPRING, SPRING.date()))


def _clocks_own(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.in_force(SPRING), "supersede", "rector", {}


def _incomplete(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.endorsed(SPRING), "approve", "rector", {"order_no": "1"}


def _malformed_date(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.endorsed(SPRING), "approve", "rector", {**order("1", SPRING, SPRING.date()), "in_force_on": "эртең"}


def _not_asked_for(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.draft(SPRING), "submit", "owner", {"state": "effective"}


def _unknown_post(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.reported(SPRING), "register", "quality", {"severity": "minor", "owner_post": "nobody"}


def _future_decision(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    revision = u.draft(SPRING)
    u.go(revision, "submit", "owner", SPRING)
    return revision, "endorse", "sec_ouk", dict(protocol("1", SPRING + timedelta(days=1)))


def _force_before_order(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.endorsed(SPRING), "approve", "rector", dict(order("1", SPRING, date(2017, 4, 4)))


def _other_council(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    revision = u.draft(SPRING)
    u.go(revision, "submit", "owner", SPRING)
    return revision, "endorse", "sec_ok", dict(protocol("1", SPRING))


def _no_plan(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    return u.planning(SPRING), "submit_plan", "owner", {"complete_by": date(2017, 5, 5)}


def _own_work(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    _, action = u.under_way(SPRING, date(2017, 5, 5), owner="quality")
    u.go(action, "implement", "quality", SPRING, evidence="Бүттү", implemented_on=SPRING.date())
    return action, "find_effective", "quality", {"rationale": "Жакшы"}


def _earlier_extension(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    _, action = u.under_way(SPRING, date(2017, 5, 5))
    return action, "request_extension", "owner", {"new_due_on": date(2017, 5, 5), "reason": "Жетишпейбиз"}


def _evidence_of_tomorrow(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    _, action = u.under_way(SPRING, date(2017, 5, 5))
    return action, "implement", "owner", {"evidence": "Бүтөт", "implemented_on": date(2017, 4, 7)}


def _dispute_too_late(u: University) -> tuple[UUID, str, str, dict[str, Any]]:
    found = u.reported(SPRING)
    u.go(found, "register", "quality", SPRING, severity="major", owner_post="owner")
    u.go(found, "record_correction", "owner", SPRING, correction="Түзөтүлдү")
    u.analysed(found, SPRING)
    u.action(found, SPRING, date(2017, 6, 6))
    return found, "dispute", "owner", {"reason": "Биздики эмес"}


REFUSALS: list[tuple[type[Refusal], Refused]] = [
    (NotFromHere, _not_from_here),
    (NotFromHere, _unknown_move),
    (NotFound, _unknown_record),
    (NotYours, _not_yours),
    (NotYours, _clocks_own),
    (NotYours, _other_council),
    (Incomplete, _incomplete),
    (Incomplete, _malformed_date),
    (Incomplete, _not_asked_for),
    (Incomplete, _unknown_post),
    (GuardUnmet, _future_decision),
    (GuardUnmet, _force_before_order),
    (GuardUnmet, _no_plan),
    (GuardUnmet, _earlier_extension),
    (GuardUnmet, _evidence_of_tomorrow),
    (GuardUnmet, _dispute_too_late),
    (Duties, _own_work),
]


class TestARefusal:
    @pytest.mark.parametrize(("kind", "refused"), REFUSALS, ids=[refused.__name__[1:] for _, refused in REFUSALS])
    def test_leaves_the_database_byte_for_byte(
        self, university: University, kind: type[Refusal], refused: Refused
    ) -> None:
        record, name, who, given = refused(university)
        before = dump(university.database)
        with pytest.raises(kind) as caught:
            university.go(record, name, who, LATER if kind is not GuardUnmet else SPRING, **given)
        assert type(caught.value) is kind
        assert dump(university.database) == before

    def test_of_a_stale_version_leaves_it_too(self, university: University) -> None:
        revision = university.draft(SPRING)
        before = dump(university.database)
        with pytest.raises(Stale), university.database.write() as connection:
            move(connection, revision, "submit", university.as_("owner", SPRING), {}, SPRING, expects=7)
        assert dump(university.database) == before

    @pytest.mark.parametrize(
        ("kind", "name", "who", "given"),
        [
            (NotFound, "document", "owner", {"document": "ЖОК 1", "summary": "x"}),
            (GuardUnmet, "document", "owner", {"document": DOCUMENT, "summary": "x"}),
            (NotYours, "document", "reader", {"document": DOCUMENT, "summary": "x"}),
            (Incomplete, "document", "owner", {"document": DOCUMENT}),
            (Incomplete, "nonconformity", "reader", {"title": "x", "owner_post": "quality"}),
            (NotFound, "no_such_lifecycle", "owner", {}),
        ],
    )
    def test_to_open_leaves_it_too(
        self, university: University, kind: type[Refusal], name: str, who: str, given: dict[str, Any]
    ) -> None:
        draft = university.draft(SPRING)
        if kind is NotYours:
            university.go(draft, "abandon", "owner", SPRING, reason="x")
        before = dump(university.database)
        with pytest.raises(kind):
            university.open(name, who, LATER, **given)
        assert dump(university.database) == before

    def test_to_hang_something_on_what_is_closed_leaves_it_too(self, university: University) -> None:
        found = university.reported(SPRING)
        university.go(found, "reject", "quality", SPRING, reason="Негизсиз")
        before = dump(university.database)
        with pytest.raises(GuardUnmet):
            university.action(found, SPRING, date(2017, 5, 5), who="quality")
        with pytest.raises(Malformed):
            university.open("nonconformity", "quality", SPRING, parent=found, **_report())
        assert dump(university.database) == before

    def test_below_rolls_back_what_was_done_above(self, university: University) -> None:
        """One transaction: what a caller did before a refused move is not kept either."""
        revision = university.draft(SPRING)
        before = dump(university.database)
        actor = university.as_("owner", SPRING)

        def both() -> None:
            with university.database.write() as connection:
                move(connection, revision, "submit", actor, {}, SPRING)
                move(connection, revision, "submit", actor, {}, SPRING)

        with pytest.raises(NotFromHere):
            both()
        assert dump(university.database) == before

    def test_below_that_comes_after_something_was_written_leaves_nothing_either(self, university: University) -> None:
        due = date(2017, 6, 1)
        found, action = university.under_way(SPRING, due)
        other = university.action(found, SPRING, due)
        university.go(action, "implement", "owner", SPRING, evidence="Протоколдор", implemented_on=SPRING.date())
        university.go(action, "find_effective", "quality", SPRING, rationale="Бардыгы бар")
        university.change(sa.update(t.post).values(role=None))
        before = dump(university.database)
        with pytest.raises(NobodyThere):
            university.go(other, "withdraw", "owner", SPRING, reason="Кереги жок")
        assert dump(university.database) == before
        assert_whole(university, found)

    def test_to_open_gives_back_its_reference_number(self, university: University) -> None:
        def lost() -> None:
            with university.database.write() as connection:
                open_record(connection, "nonconformity", _report(), university.as_("owner", SPRING), SPRING)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            lost()
        assert university.record(university.reported(SPRING))["code"] == "NC-2017-001"


class TestTheClock:
    def test_makes_no_persons_move(self, university: University) -> None:
        revision = university.endorsed(SPRING)
        before = dump(university.database)
        with pytest.raises(NotYours), university.database.write() as connection:
            move(connection, revision, "approve", CLOCK, order("1", SPRING, SPRING.date()), SPRING)
        assert dump(university.database) == before


def _report() -> dict[str, Any]:
    return {
        "title": "Кыскача",
        "found": "Табылды",
        "nc_kind": "programme",
        "source": "monitoring",
        "found_on": SPRING.date(),
    }
