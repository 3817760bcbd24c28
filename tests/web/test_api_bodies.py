"""What programs send: JSON objects of the right types, no more and no less; each field that is wrong is named."""

import json
from typing import Any

import pytest

from tests.support.university import University, at
from tests.web.programs import NONCONFORMITY, Program, refused

NOW = at(2026, 4, 6)
MINE = "/api/nonconformities"


class TestABody:
    @pytest.mark.parametrize(
        "content", [b"", b"{", b"\xff", b"nothing", b"[1]", b'"x"', b"null", b'{"a": NaN}', b"[" * 100_000]
    )
    def test_that_is_no_json_object_is_malformed(self, program: Program, content: bytes) -> None:
        for path in (MINE, f"{MINE}/NC-1/moves", "/api/documents"):
            answer = program.as_("dean").raw(path, content)
            refused(answer, 400, "malformed")

    @pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
    def test_that_is_not_said_to_be_json_is_not_read(self, program: Program, kind: str) -> None:
        answer = program.as_("dean").raw(MINE, b"{}", kind)
        refused(answer, 415, "unsupported-media-type")

    def test_may_say_its_encoding(self, program: Program) -> None:
        answer = program.as_("dean").post(MINE, NONCONFORMITY, Content_Type="application/json; charset=utf-8")
        assert answer.status_code == 201

    def test_of_more_than_a_megabyte_is_too_large(self, program: Program) -> None:
        refused(program.as_("dean").post(MINE, {**NONCONFORMITY, "found": "ы" * 600_000}), 413, "too-large")

    @pytest.mark.parametrize(
        ("told", "wrong"),
        [
            ({}, {"title", "found", "nc_kind", "source", "found_on"}),
            ({**NONCONFORMITY, "titel": "x"}, {"titel"}),
            ({**NONCONFORMITY, "titel": None}, {"titel"}),
            ({**NONCONFORMITY, "title": False}, {"title"}),
            ({**NONCONFORMITY, "title": ["x"]}, {"title"}),
            ({**NONCONFORMITY, "title": "a\nb"}, {"title"}),
            ({**NONCONFORMITY, "title": "x" * 501}, {"title"}),
            ({**NONCONFORMITY, "title": "\u0000"}, {"title"}),
            ({**NONCONFORMITY, "found_on": "yesterday"}, {"found_on"}),
            ({**NONCONFORMITY, "found_on": 20260406}, {"found_on"}),
            ({**NONCONFORMITY, "nc_kind": "other"}, {"nc_kind"}),
            ({**NONCONFORMITY, "nc_kind": {"programme": 1}}, {"nc_kind"}),
            ({**NONCONFORMITY, "unit": "nowhere"}, {"unit"}),
        ],
    )
    def test_with_something_wrong_is_told_each_field(self, program: Program, told: Any, wrong: set[str]) -> None:
        problem = refused(program.as_("dean").post(MINE, told), 422, "incomplete")
        assert set(problem["errors"]) == wrong

    @pytest.mark.parametrize("letters", ["\u0000", "\ud800", "\ufffe", "😀"])
    def test_of_strange_letters_is_kept_without_those_nobody_can_keep(self, program: Program, letters: str) -> None:
        told = {**NONCONFORMITY, "title": f"а{letters}б"}
        assert program.as_("dean").raw(MINE, json.dumps(told).encode()).status_code == 201


class TestAMove:
    @pytest.mark.parametrize("number", [False, True, "11", 1.5, -1, 2**31, [1], {}])
    def test_takes_nothing_but_a_number_for_a_number(
        self, program: Program, university: University, number: Any
    ) -> None:
        given = {"protocol_no": "7", "decided_on": "2026-04-06", "wording": "Макул", "votes_for": number}
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        answer = program.as_("sec_ouk").move(f"/api/revisions/{revision}", "endorse", given)
        assert set(refused(answer, 422, "incomplete")["errors"]) == {"votes_for"}

    @pytest.mark.parametrize(
        ("told", "wrong"),
        [
            ({}, {"move"}),
            ({"move": None}, {"move"}),
            ({"move": 1}, {"move"}),
            ({"move": "to_closed"}, {"move"}),
            ({"move": "register", "given": []}, {"given"}),
            ({"move": "register", "given": {}, "severity": "major"}, {"severity"}),
            ({"move": "register", "given": {"unknown": 1}}, {"unknown", "severity", "owner_post"}),
            ({"move": "register", "given": {"severity": "huge"}}, {"severity", "owner_post"}),
            ({"move": "register", "given": {"severity": "major", "owner_post": "nobody"}}, {"owner_post"}),
        ],
    )
    def test_with_something_wrong_is_told_each_field(
        self, program: Program, university: University, told: Any, wrong: set[str]
    ) -> None:
        found = university.reported(NOW)
        problem = refused(program.as_("quality").post(f"{MINE}/{found}/moves", told), 422, "incomplete")
        assert set(problem["errors"]) == wrong
        assert university.state(found) == "reported"

    def test_whose_condition_does_not_hold_is_told_what_to_do(self, program: Program, university: University) -> None:
        found = university.planning(NOW)
        answer = program.as_("owner", Accept_Language="en").move(
            f"{MINE}/{found}", "submit_plan", {"complete_by": "2026-06-01"}
        )
        problem = refused(answer, 422, "guard-unmet")
        assert problem["title"] == "A root cause has neither an action nor a reason why it needs none."
        assert problem["next_step"].startswith("Plan an action that removes it")

    def test_for_another_version_changes_nothing(self, program: Program, university: University) -> None:
        found = university.reported(NOW)
        register = {"severity": "major", "owner_post": "owner"}
        ask = program.as_("quality")
        refused(ask.move(f"{MINE}/{found}", "register", register, If_Match='"2"'), 412, "precondition-failed")
        refused(ask.move(f"{MINE}/{found}", "register", register, If_Match='W/"1"'), 412, "precondition-failed")
        refused(ask.move(f"{MINE}/{found}", "register", register, If_Match="1"), 400, "malformed")
        assert university.state(found) == "reported"
        answer = ask.move(f"{MINE}/{found}", "register", register, If_Match='"1"')
        assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
