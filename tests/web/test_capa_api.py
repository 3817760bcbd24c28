"""Programs and the new kinds: parts under their record, numbers and lists in moves, all of it described."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from models import tables as t
from states.registry import lifecycles
from tests.support.university import DOCUMENT, University, at
from tests.web.capa import NOW, analysed, audit
from tests.web.programs import NONCONFORMITY, Program, refused

MINE = "/api/nonconformities"


class TestParts:
    def test_stand_under_their_record_as_moves_take_them(self, program: Program, university: University) -> None:
        record = audit(university)
        path = f"/api/audits/{record}"
        ask = program.as_("auditor")
        assert ask.move(path, "begin").status_code == 200
        finding = {"kind": "nonconformity", "title": "Журнал жок", "found": "Жок", "nc_kind": "programme"}
        given = {**finding, "requirement_document": DOCUMENT, "clause": "7.5", "requirement": None}
        assert ask.move(path, "add_finding", given).status_code == 200
        told = ask.get(path).json()
        assert told["parts"]["finding"] == [{"no": 1, **given, "clause": "2015/7.5", "raised": False}]
        assert (told["parts"]["question"], told["parts"]["evidence"]) == ([], [])
        (kept,) = told["parts"]["finding"]
        again = {name: value for name, value in kept.items() if name not in ("no", "raised")}
        assert ask.move(path, "amend_finding", {"finding": kept["no"], **again}).status_code == 200
        assert ask.get(path).json()["parts"]["finding"] == [kept], "what is read can be given again"

    def test_are_named_by_the_moves_that_are_about_them(self, program: Program, university: University) -> None:
        found = analysed(university, "Журнал жок")
        offers = {one["name"]: one for one in program.as_("owner").get(f"{MINE}/{found}").json()["moves"]}
        assert offers["add_cause"]["part"] == {"name": "cause", "does": "adds"}
        assert offers["amend_cause"]["part"] == {"name": "cause", "does": "amends"}
        assert offers["remove_cause"]["part"] == {"name": "cause", "does": "removes"}
        assert offers["record_causes"]["part"] is None
        assert offers["amend_cause"]["given"]["required"] == ["cause", "text"]

    def test_are_added_changed_and_removed_by_number(self, program: Program, university: University) -> None:
        found = analysed(university)
        ask, path = program.as_("owner"), f"{MINE}/{found}"
        assert ask.move(path, "add_cause", {"text": "Журнал жок"}).status_code == 200
        assert ask.move(path, "add_cause", {"text": "Тартип жок", "because_of": 1, "code": "M1"}).status_code == 200
        assert ask.move(path, "amend_cause", {"cause": 2, "text": "Тартип жок", "because_of": 1}).status_code == 200
        assert ask.get(path).json()["parts"]["cause"] == [
            {"no": 1, "text": "Журнал жок", "because_of": None, "code": None, "no_action": None},
            {"no": 2, "text": "Тартип жок", "because_of": 1, "code": None, "no_action": None},
        ]
        assert ask.move(path, "remove_cause", {"cause": 2}).status_code == 200
        assert [row["no"] for row in ask.get(path).json()["parts"]["cause"]] == [1]

    @pytest.mark.parametrize("number", ["1", True, 1.0, 7, -1, 2**31, [1]])
    def test_take_nothing_but_a_number_that_is_there(
        self, program: Program, university: University, number: Any
    ) -> None:
        found = analysed(university, "Журнал жок")
        answer = program.as_("owner").move(f"{MINE}/{found}", "remove_cause", {"cause": number})
        assert set(refused(answer, 422, "incomplete")["errors"]) == {"cause"}
        assert university.one(t.cause)["removed_at"] is None


class TestLists:
    def opened(self, program: Program, university: University) -> tuple[Program, str]:
        """An action on a cause, and whoever answers for it."""
        found = university.planning(NOW)
        action = university.action(found, NOW, at(2026, 5, 1).date())
        return program.as_("owner"), f"/api/actions/{action}"

    @pytest.mark.parametrize("numbers", ["1", 1, ["1"], [True], [1, None], [7], {"1": 1}, [1] * 201])
    def test_of_numbers_are_lists_of_numbers_that_are_there(
        self, program: Program, university: University, numbers: Any
    ) -> None:
        ask, path = self.opened(program, university)
        answer = ask.move(path, "link_causes", {"causes": numbers})
        assert set(refused(answer, 422, "incomplete")["errors"]) == {"causes"}
        assert ask.get(path).json()["fields"]["causes"] == [1]

    def test_of_numbers_replace_what_there_was(self, program: Program, university: University) -> None:
        ask, path = self.opened(program, university)
        (offer,) = [one for one in ask.get(path).json()["moves"] if one["name"] == "link_causes"]
        assert offer["now"] == {"causes": [1]}
        assert ask.move(path, "link_causes", {"causes": []}).status_code == 200
        assert ask.get(path).json()["fields"]["causes"] == []

    @pytest.mark.parametrize("codes", ["NC-2026-001", [1], [""], ["NC-1999-001"], [["NC-2026-001"]], {}])
    def test_of_codes_are_lists_of_codes_that_are_there(
        self, program: Program, university: University, codes: Any
    ) -> None:
        found = analysed(university, "Журнал жок")
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Журнал жок", code="1/M1")
        given = {"similar_checked": "found", "similar": "Бар", "similar_records": codes}
        answer = program.as_("owner").move(f"{MINE}/{found}", "record_causes", given)
        assert set(refused(answer, 422, "incomplete")["errors"]) == {"similar_records"}

    def test_of_people_are_given_back_as_codes(self, program: Program, university: University) -> None:
        record = audit(university, auditors=["librarian"])
        offers = {one["name"]: one for one in program.as_("quality").get(f"/api/audits/{record}").json()["moves"]}
        assert offers["appoint"]["now"] == {"lead_auditor": "auditor", "auditors": ["librarian"]}
        schema = offers["appoint"]["given"]["properties"]["auditors"]["anyOf"][0]
        assert (schema["type"], schema["items"]["type"]) == ("array", "string")


class TestWhatThereIsNow:
    def test_is_told_where_it_can_be_given_again(self, program: Program, university: University) -> None:
        told = {**NONCONFORMITY, "clause": "7.5", "requirement_document": DOCUMENT, "impact": "Көп"}
        path = program.as_("reader").post(MINE, told).json()["links"]["self"]
        ask = program.as_("quality")
        (offer,) = [one for one in ask.get(path).json()["moves"] if one["name"] == "describe"]
        there = {"title": told["title"], "requirement_document": DOCUMENT, "clause": "2015/7.5", "impact": "Көп"}
        assert offer["now"].items() >= there.items()
        assert ask.move(path, "describe", {**offer["now"], "object": "Журнал"}).status_code == 200
        fields = ask.get(path).json()["fields"]
        assert (fields["clause"], fields["object"], fields["impact"]) == ("2015/7.5", "Журнал", "Көп")


class TestARefusal:
    @pytest.mark.parametrize("language", ["ky", "ru", "en"])
    def test_is_told_in_the_language_that_is_asked_for(
        self, program: Program, university: University, language: str
    ) -> None:
        found = analysed(university, "Журнал жок")
        answer = program.as_("owner", Accept_Language=language).move(f"{MINE}/{found}", "remove_cause", {"cause": 9})
        problem = refused(answer, 422, "incomplete")
        assert answer.headers["content-language"] == language
        assert set(problem["errors"]) == {"cause"}


class TestTheDescription:
    def test_has_the_parts_of_each_lifecycle(self, api: FastAPI) -> None:
        shapes = api.openapi()["components"]["schemas"]
        for one in lifecycles().values():
            name = "".join(word.capitalize() for word in one.label.en.split())
            assert set(shapes[f"{name}Parts"]["properties"]) == set(one.parts)
        cause = shapes["NonconformityCause"]["properties"]
        assert set(cause) == {"no", "text", "because_of", "code", "no_action"}
        assert "raised" in shapes["InternalAuditFinding"]["properties"]

    def test_says_what_each_kind_of_field_takes(self, api: FastAPI) -> None:
        body = api.openapi()["paths"][f"{MINE}/{{record}}/moves"]["post"]["requestBody"]
        forms = {
            form["properties"]["move"]["enum"][0]: form["properties"]["given"]["properties"]
            for form in body["content"]["application/json"]["schema"]["oneOf"]
        }
        assert forms["amend_cause"]["cause"]["type"] == "integer"
        assert "(cause)" in forms["amend_cause"]["code"]["description"]
        assert forms["record_causes"]["similar_records"]["anyOf"][0]["items"]["type"] == "string"
        assert "sha256" in forms["add_evidence"]["file"]["anyOf"][0]["properties"]
        assert "$defs" not in str(body), "within another schema a reference would lead nowhere"

    def test_has_what_is_declared(self, program: Program) -> None:
        told = program.get("/api/lifecycles/nonconformity").json()
        assert [part["name"] for part in told["parts"]] == ["cause", "evidence"]
        moves = {move["name"]: move["part"] for move in told["moves"]}
        assert moves["add_evidence"] == {"name": "evidence", "does": "adds"}
        assert moves["close"] is None

    def test_of_a_record_that_hangs_on_none_asks_for_no_parent(self, program: Program, university: University) -> None:
        answer = program.as_("reader").post(MINE, NONCONFORMITY)
        assert answer.status_code == 201
        record = UUID(answer.json()["id"])
        assert university.record(record)["parent_id"] is None
