"""One order over several documents, by a program."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from models.base import new_id
from tests.support.dump import dump
from tests.support.university import University
from tests.web.desks import NOW, ORDER, Desks
from tests.web.programs import Program
from tests.web.visitors import application


@pytest.fixture
def desks(university: University, tmp_path: Path) -> Desks:
    return Desks(university, tmp_path)


@pytest.fixture
def rector(university: University, tmp_path: Path) -> Iterator[Program]:
    app: FastAPI = application(university.database, NOW, home=tmp_path)
    yield Program(app).as_("rector", Accept_Language="en")
    app.state.site.close()


def order(*records: Any, **more: Any) -> dict[str, Any]:
    named = [one if isinstance(one, dict) else {"record": str(one)} for one in records]
    return {**ORDER, "records": named, **more}


def version(desks: Desks, record: UUID) -> int:
    return int(desks.university.record(record)["version"])


class TestAnOrder:
    def test_approves_them_all_by_identifier_or_code(self, desks: Desks, rector: Program) -> None:
        first, second = desks.waiting(), desks.waiting()
        seen = rector.get(f"/api/revisions/{first}").json()
        content = next(one["signs"]["content"] for one in seen["moves"] if one["name"] == "approve")
        known = {"record": str(first), "version": seen["version"], "content": content}
        answer = rector.post("/api/orders", order({"record": "УСТ 7.02/2"}, known, in_force_on="2026-04-20"))
        assert answer.status_code == 200
        assert [one["id"] for one in answer.json()["items"]] == [str(second), str(first)]
        assert {one["state"] for one in answer.json()["items"]} == {"scheduled"}
        assert [one["version"] for one in answer.json()["items"]] == [version(desks, second), version(desks, first)]
        assert [desks.university.state(one) for one in (first, second)] == ["scheduled"] * 2

    def test_needs_a_number_where_a_route_does_and_the_description_says_so(self, desks: Desks, rector: Program) -> None:
        first, second = desks.waiting(), desks.waiting()
        desks.without_order(second)
        asked = {
            one: next(move["given"] for move in seen["moves"] if move["name"] == "approve")
            for one in (first, second)
            for seen in [rector.get(f"/api/revisions/{one}").json()]
        }
        assert "order_no" in asked[first]["required"]
        assert "order_no" not in asked[second]["properties"]
        refused = rector.post("/api/orders", order(first, second, order_no=""))
        assert refused.status_code == 422
        assert set(refused.json()["errors"]) == {"order_no"}
        described = rector.get("/api/openapi.json").json()["paths"]["/api/orders"]["post"]["requestBody"]
        number = described["content"]["application/json"]["schema"]["properties"]["order_no"]
        assert "Required where the route takes an order with a number" in number["description"]
        assert rector.post("/api/orders", order(second, order_no="")).status_code == 200

    def test_is_of_its_own_day_where_none_is_said(self, desks: Desks, rector: Program) -> None:
        first = desks.waiting()
        assert rector.post("/api/orders", order(first)).json()["items"][0]["state"] == "effective"

    def test_is_made_once_however_often_it_comes(self, desks: Desks, rector: Program) -> None:
        first = desks.waiting()
        answers = [rector.post("/api/orders", order(first), Idempotency_Key="one") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["Idempotent-Replayed"] == "true"
        assert len(desks.signatures(first)) == 1

    def test_approves_none_where_one_is_refused_and_says_which(self, desks: Desks, rector: Program) -> None:
        first, second = desks.waiting(), desks.waiting()
        desks.university.go(second, "return_to_author", "rector", NOW, reason="Жок")
        before = dump(desks.university.database)
        answer = rector.post("/api/orders", order(first, second))
        told = answer.json()
        assert (answer.status_code, told["code"]) == (409, "order-refused")
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(told["errors"]) == {str(second)}
        assert "the state is “draft”" in told["errors"][str(second)]
        assert told["title"] == "Nothing was approved: of the chosen documents 1 of 2 cannot be."
        assert dump(desks.university.database) == before

    @pytest.mark.parametrize("outdated", [{"version": 1}, {"content": "0" * 64}])
    def test_is_not_made_on_what_was_not_seen(self, desks: Desks, rector: Program, outdated: dict[str, Any]) -> None:
        first, second = desks.waiting(), desks.waiting()
        answer = rector.post("/api/orders", order(first, {"record": str(second), **outdated}))
        assert answer.status_code == 409
        assert list(answer.json()["errors"]) == [str(second)]
        assert desks.university.state(first) == "rector_approval"

    def test_is_refused_as_a_whole_where_it_is_wrong_itself(self, desks: Desks, rector: Program) -> None:
        answer = rector.post("/api/orders", order(desks.waiting(), desks.waiting(), decided_on="2026-04-07"))
        assert (answer.status_code, answer.json()["code"]) == (422, "guard-unmet")

    @pytest.mark.parametrize("person", ["owner", "quality", "vice"])
    def test_is_nobody_elses(self, desks: Desks, rector: Program, person: str) -> None:
        first = desks.waiting()
        answer = rector.as_(person).post("/api/orders", order(first))
        assert (answer.status_code, answer.json()["code"]) == (403, "not-yours")
        assert desks.university.state(first) == "rector_approval"

    def test_names_what_may_be_read(self, desks: Desks, rector: Program) -> None:
        first = desks.waiting()
        assert rector.as_("reader").post("/api/orders", order(first)).status_code == 404
        assert rector.post("/api/orders", order(new_id())).status_code == 404
        found = desks.university.reported(NOW)
        assert rector.post("/api/orders", order(found)).status_code == 404
        assert rector.as_("").post("/api/orders", order(first)).status_code == 401

    @pytest.mark.parametrize(
        ("told", "wrong"),
        [
            ({"records": []}, "records"),
            ({"records": "УСТ 7.01/2"}, "records"),
            ({"records": [{"record": " "}]}, "records"),
            ({"records": [{}]}, "records"),
            ({"records": ["УСТ 7.01/2"]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2", "more": 1}]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2", "version": True}]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2", "version": 0}]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2", "content": "A" * 64}]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2", "content": "a"}]}, "records"),
            ({"records": [{"record": "УСТ 7.01/2"}] * 2}, "records"),
            ({"records": [{"record": f"{number}"} for number in range(51)]}, "records"),
            ({"decided_on": None}, "decided_on"),
            ({"more": 1}, "more"),
            ({"signature": {"content": "0" * 64}}, "signature"),
        ],
    )
    def test_is_strict(self, desks: Desks, rector: Program, told: dict[str, Any], wrong: str) -> None:
        first = desks.waiting()
        answer = rector.post("/api/orders", order({"record": "УСТ 7.01/2"}, **told))
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [wrong]
        assert desks.university.state(first) == "rector_approval"
