"""A request that comes twice is done once: its answer is kept with what it did, for a day, for that person."""

import asyncio
from datetime import timedelta
from functools import partial

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from psycopg.errors import DeadlockDetected

from models import tables as t
from tests.support.together import together
from tests.support.university import University, at
from tests.web.programs import NONCONFORMITY, Program, refused
from tests.web.visitors import application

NOW = at(2026, 4, 6)
MINE = "/api/nonconformities"


def replayed(answer: object) -> bool:
    return getattr(answer, "headers", {}).get("idempotent-replayed") == "true"


class TestARequestWithAKey:
    def test_that_comes_again_is_answered_as_before_and_done_once(
        self, program: Program, university: University
    ) -> None:
        ask = program.as_("dean", Idempotency_Key="k1", Accept_Language="ru")
        first, again = ask.post(MINE, NONCONFORMITY), ask.post(MINE, dict(reversed(NONCONFORMITY.items())))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert first.headers["location"] == again.headers["location"]
        assert first.headers["etag"] == again.headers["etag"]
        assert (replayed(first), replayed(again)) == (False, True)
        assert len(university.rows(t.record)) == 1

    def test_that_moves_a_record_moves_it_once(self, program: Program, university: University) -> None:
        found = university.reported(NOW)
        ask = program.as_("quality", Idempotency_Key="k1", If_Match='"1"')
        given = {"severity": "major", "owner_post": "owner"}
        answers = [ask.move(f"{MINE}/{found}", "register", given) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert [replayed(answer) for answer in answers] == [False, True, True]
        assert university.record(found)["version"] == 2

    @pytest.mark.parametrize(
        ("path", "told", "headers"),
        [
            (MINE, {**NONCONFORMITY, "title": "Башка"}, {}),
            ("/api/documents", NONCONFORMITY, {}),
            (MINE, NONCONFORMITY, {"If_Match": '"1"'}),
        ],
    )
    def test_must_be_the_same_request(
        self, program: Program, university: University, path: str, told: dict[str, str], headers: dict[str, str]
    ) -> None:
        ask = program.as_("quality", Idempotency_Key="k1")
        assert ask.post(MINE, NONCONFORMITY).status_code == 201
        if path == "/api/documents":
            told = {"type": "УСТ", "code": "X 1", "title": "x"}
        refused(ask.post(path, told, **headers), 422, "idempotency-key-reused")
        assert len(university.rows(t.record)) == 1

    def test_is_another_persons_own(self, program: Program, university: University) -> None:
        for person in ("dean", "head"):
            assert program.as_(person, Idempotency_Key="k1").post(MINE, NONCONFORMITY).status_code == 201
        assert len(university.rows(t.record)) == 2

    def test_that_was_refused_may_come_again(self, program: Program, university: University) -> None:
        ask = program.as_("owner", Idempotency_Key="k1")
        found = university.planning(NOW)
        plan = {"complete_by": "2026-06-01"}
        refused(ask.move(f"{MINE}/{found}", "submit_plan", plan), 422, "guard-unmet")
        assert university.rows(t.idempotent_answer) == []
        university.action(found, NOW, at(2026, 5, 1).date())
        assert ask.move(f"{MINE}/{found}", "submit_plan", plan).status_code == 200

    def test_is_forgotten_after_a_day(self, program: Program, university: University) -> None:
        told = {"Idempotency_Key": "k1"}
        assert program.as_("dean", **told).post(MINE, NONCONFORMITY).status_code == 201
        assert program.as_("dean", Idempotency_Key="k2").post(MINE, NONCONFORMITY).status_code == 201
        for hours, answered_before in ((23, True), (25, False)):
            later = application(university.database, NOW + timedelta(hours=hours))
            assert replayed(Program(later, "dean").post(MINE, NONCONFORMITY, **told)) is answered_before
            later.state.site.close()
        assert [row["key"] for row in university.rows(t.idempotent_answer)] == ["k1"]

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
    def test_needs_a_key_that_can_be_kept(self, program: Program, university: University, key: str) -> None:
        refused(program.as_("dean", Idempotency_Key=key).post(MINE, NONCONFORMITY), 400, "malformed")
        assert university.rows(t.record) == []


class TestTwoAtOnce:
    def test_with_one_key_make_one_write(self, api: FastAPI, university: University) -> None:
        ask = Program(api, "dean", {"Idempotency-Key": "k1"})
        answers = together([lambda: ask.post(MINE, NONCONFORMITY) for _ in range(8)])
        assert [getattr(answer, "status_code", answer) for answer in answers] == [201] * 8
        assert sum(replayed(answer) for answer in answers) == 7
        assert len({answer.json()["id"] for answer in answers if isinstance(answer, httpx.Response)}) == 1
        assert len(university.rows(t.record)) == 1

    def test_with_one_key_and_one_refused_leave_nothing_behind(self, api: FastAPI, university: University) -> None:
        found = university.reported(NOW)
        ask = Program(api, "vice", {"Idempotency-Key": "k1"})
        answers = together([lambda: ask.move(f"{MINE}/{found}", "register") for _ in range(4)])
        assert [getattr(answer, "status_code", answer) for answer in answers] == [403] * 4
        assert university.rows(t.idempotent_answer) == []

    def test_on_one_record_move_it_once(self, api: FastAPI, university: University) -> None:
        found = university.reported(NOW)
        ask = Program(api, "quality")
        given = {"severity": "major", "owner_post": "owner"}
        answers = together([lambda: ask.move(f"{MINE}/{found}", "register", given) for _ in range(6)])
        assert sorted(getattr(answer, "status_code", 0) for answer in answers) == [200] + [409] * 5
        assert university.record(found)["version"] == 2

    def test_of_whom_one_is_refused_both_get_their_own_answer(self, api: FastAPI, university: University) -> None:
        asks = [Program(api, person) for person in ("dean", "reader", "head", "owner") * 4]
        sound, wrong = NONCONFORMITY, {**NONCONFORMITY, "nc_kind": "other"}
        told = [sound if place % 2 else wrong for place in range(len(asks))]
        answers = together([partial(ask.post, MINE, one) for ask, one in zip(asks, told, strict=True)])
        assert [getattr(answer, "status_code", answer) for answer in answers] == [422, 201] * 8
        codes = sorted(row["code"] for row in university.rows(t.record))
        assert codes == [f"NC-2026-{number:03d}" for number in range(1, 9)]


class TestACommitThatFails:
    def test_fails_all_who_shared_it_and_nothing_is_kept(self, api: FastAPI, university: University) -> None:
        ask = Program(api, "dean")

        def fail(_: sa.Connection) -> None:
            raise sa.exc.OperationalError("COMMIT", {}, OSError("disk full"))

        sa.event.listen(university.database.engine, "commit", fail)
        answers = together([lambda: ask.post(MINE, NONCONFORMITY) for _ in range(4)])
        sa.event.remove(university.database.engine, "commit", fail)
        assert [getattr(answer, "status_code", answer) for answer in answers] == [500] * 4
        assert university.rows(t.record) == []
        assert ask.post(MINE, NONCONFORMITY).status_code == 201


class TestTwoWhoWaitForEachOther:
    def test_are_both_done_in_the_end(self, api: FastAPI, university: University) -> None:
        if university.database.is_sqlite:
            return  # one writer waits for nobody
        tried: list[int] = []

        def use_case(connection: sa.Connection) -> int:
            tried.append(1)
            if len(tried) < 3:
                raise sa.exc.OperationalError("UPDATE", {}, DeadlockDetected("waits for the other"))
            return len(tried)

        assert asyncio.run(api.state.site.writing(use_case)) == 3
