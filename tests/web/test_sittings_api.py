"""Minutes by the API, and by the page's own script: kept at once, answered with numbers, never written over unseen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tests.councils.sitting import DAY, Sitting, seat
from tests.support.university import University
from tests.web.programs import Program, refused
from tests.web.sittings import NOW, waiting
from tests.web.visitors import application

MEMBERS = ("rector", "vice", "dean", "head", "librarian")


@pytest.fixture
def api(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def sitting(university: University) -> Sitting:
    seat(university, "ouk", MEMBERS)
    waiting(university, 1, NOW - 14 * DAY)
    found = Sitting.plan(university, NOW)
    found.go("add_item", NOW - 7 * DAY, title="Маселе")
    found.begin(there=MEMBERS[:4])
    return found


@pytest.fixture
def secretary(program: Program) -> Program:
    return program.as_("sec_ouk", Accept_Language="en")


def path(sitting: Sitting) -> str:
    return f"/api/sittings/{sitting.id}/minutes"


class TestTheApi:
    def test_keeps_a_field_and_answers_with_the_numbers(self, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "agenda_item", "no": 1, "values": {"votes_for": 3, "votes_against": 1, "decision": "endorse"}}
        answer = secretary.post(path(sitting), told)
        assert answer.status_code == 200
        found = answer.json()
        assert {name: found[name] for name in ("no", "members", "present", "needed", "quorum")} == {
            "no": 1,
            "members": 5,
            "present": 4,
            "needed": 3,
            "quorum": True,
        }
        assert found["items"][0] == {
            "no": 1,
            "votes_for": 3,
            "votes_against": 1,
            "votes_abstained": 0,
            "needed": 3,
            "carried": True,
            "done": False,
        }
        assert sitting.rows("agenda_item")[0]["decision"] == "endorse"

    def test_finds_the_sitting_by_its_code(self, secretary: Program, sitting: Sitting) -> None:
        code = sitting.university.record(sitting.id)["code"]
        told = {"part": "agenda_item", "no": 1, "values": {"heard": "Угулду"}}
        assert secretary.post(f"/api/sittings/{code}/minutes", told).status_code == 200

    def test_adds_an_instruction_once_and_removes_it(self, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "instruction", "values": {"what": "Тактоо", "item": 1, "owner_post": "dean"}}
        for _ in range(2):
            assert secretary.post(path(sitting), told, Idempotency_Key="бир".encode().hex()).json()["no"] == 1
        assert len(sitting.rows("instruction")) == 1
        assert secretary.post(path(sitting), {"part": "instruction", "no": 1, "removes": True}).status_code == 200
        assert not sitting.rows("instruction")

    def test_marks_the_rest_and_counts_votes_by_name(self, secretary: Program, sitting: Sitting) -> None:
        secretary.post(path(sitting), {"part": "attendee", "values": {"presence": "absent"}})
        assert sorted(str(row["presence"]) for row in sitting.rows("attendee")) == ["absent", *["present"] * 4]
        secretary.post(path(sitting), {"part": "agenda_item", "no": 2, "values": {"ballot": "by_name"}})
        vote = {"item": 2, "person": "dean", "vote": "against"}
        assert secretary.post(path(sitting), {"part": "ballot", "values": vote}).status_code == 200
        answer = secretary.post(path(sitting), {"part": "ballot", "values": {"item": 2, "vote": "for"}}).json()
        assert [answer["items"][1][name] for name in ("votes_for", "votes_against", "carried")] == [3, 1, True]
        refused(
            secretary.post(path(sitting), {"part": "ballot", "values": {**vote, "person": "owner"}}), 422, "incomplete"
        )

    def test_tells_what_stands_there_by_its_code(self, secretary: Program, sitting: Sitting) -> None:
        sitting.add("instruction", what="Тактоо", item="1", owner_post="head")
        told = {"part": "instruction", "no": 1, "values": {"owner_post": "dean"}, "was": {"owner_post": None}}
        problem = refused(secretary.post(path(sitting), told), 409, "typed-over")
        assert "“head”" in problem["title"]
        assert sitting.rows("instruction")[0]["owner_post_id"] == sitting.university.posts["head"]

    @pytest.mark.parametrize(
        ("told", "wrong"),
        [
            ({}, {"part"}),
            ({"part": "sitting"}, {"part"}),
            ({"part": "agenda_item", "no": "1", "values": {}}, {"no"}),
            ({"part": "agenda_item", "no": True, "values": {}}, {"no"}),
            ({"part": "agenda_item", "no": 1, "values": []}, {"values"}),
            ({"part": "agenda_item", "no": 1, "values": {"heard": 3}}, {"heard"}),
            ({"part": "agenda_item", "no": 1, "values": {"votes_for": "3"}}, {"votes_for"}),
            ({"part": "agenda_item", "no": 1, "values": {"place": 3}}, {"place"}),
            ({"part": "attendee", "no": 1, "values": {"person": "owner"}}, {"person"}),
            ({"part": "attendee", "no": 1, "values": {"proxy": "owner"}}, {"proxy"}),
            ({"part": "attendee", "values": {}}, {"presence"}),
            ({"part": "ballot", "values": {"vote": "for"}}, {"item"}),
            ({"part": "ballot", "values": {"item": 1, "person": "dean", "vote": "maybe"}}, {"vote"}),
            ({"part": "instruction", "values": {"item": 1}}, {"what"}),
            ({"part": "instruction", "values": {"what": "x", "item": 77}}, {"item"}),
            ({"part": "instruction", "no": 1, "removes": 1}, {"removes"}),
            ({"part": "agenda_item", "no": 1, "values": {}, "saw": 1}, {"saw"}),
        ],
    )
    def test_says_what_is_wrong(self, secretary: Program, sitting: Sitting, told: Any, wrong: set[str]) -> None:
        assert set(refused(secretary.post(path(sitting), told), 422, "incomplete")["errors"]) == wrong

    @pytest.mark.parametrize(
        "told",
        [
            {"part": "agenda_item", "values": {"title": "Жаңы"}},
            {"part": "agenda_item", "no": 1, "removes": True},
            {"part": "attendee", "no": 1, "removes": True},
        ],
    )
    def test_neither_adds_nor_removes_what_a_move_does(self, secretary: Program, sitting: Sitting, told: Any) -> None:
        refused(secretary.post(path(sitting), told), 400, "malformed")

    def test_is_the_secretarys_while_it_lasts(self, program: Program, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "agenda_item", "no": 1, "values": {"heard": "x"}}
        refused(program.as_("dean").post(path(sitting), told), 403, "not-yours")
        refused(program.as_("owner").post(path(sitting), told), 404, "not-found")
        refused(secretary.post(path(sitting), {**told, "no": 77}), 404, "not-found")
        sitting.go("cancel", reason="Кворум жок")
        refused(secretary.post(path(sitting), told), 422, "guard-unmet")


class TestThePagesScript:
    def send(self, secretary: Program, sitting: Sitting, told: Any) -> Any:
        here = {"Sec_Fetch_Site": "same-origin", "Cookie": "sapat_language=en"}
        return secretary.post(f"/sittings/{sitting.id}/minutes", told, **here)

    def test_is_answered_with_words_and_the_time(self, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "agenda_item", "no": 2, "values": {"votes_for": "3"}, "was": {"votes_for": ""}}
        answer = self.send(secretary, sitting, told).json()
        assert answer["at"] == "14:00:00"
        assert answer["numbers"]["quorum"] == {
            "text": "4 of 5 are here, 3 needed: there is a quorum",
            "met": True,
            "tone": "good",
        }
        item = answer["numbers"]["items"]["2"]
        assert item["counted"] == "3 for, 0 against, 0 abstained; 3 needed of 4: carried"
        assert item["wrong"] == ["There is no decision yet."]
        assert answer["numbers"]["voices"] == sorted(MEMBERS[:4])

    def test_is_told_both_texts_as_the_field_shows_them(self, secretary: Program, sitting: Sitting) -> None:
        sitting.add("instruction", what="Тактоо", item="1", owner_post="head")
        told = {"part": "instruction", "no": 1, "values": {"owner_post": "Dean [dean]"}, "was": {"owner_post": ""}}
        answer = self.send(secretary, sitting, told)
        assert answer.status_code == 409
        assert answer.json()["code"] == "typed-over"
        assert (answer.json()["field"], answer.json()["now"]) == ("owner_post", "Head (post) [head]")

    def test_adds_once_by_its_key(self, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "instruction", "values": {"what": "Тактоо", "item": 1}, "key": "1-2-3-4"}
        assert [self.send(secretary, sitting, told).json()["no"] for _ in range(2)] == [1, 1]
        assert len(sitting.rows("instruction")) == 1

    @pytest.mark.parametrize("told", [{"part": 1}, {"part": "agenda_item", "no": "1"}, {"part": "agenda_item", "x": 1}])
    def test_is_told_what_is_wrong(self, secretary: Program, sitting: Sitting, told: Any) -> None:
        answer = self.send(secretary, sitting, told)
        assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")

    def test_of_another_site_is_refused(self, secretary: Program, sitting: Sitting) -> None:
        told = {"part": "agenda_item", "no": 1, "values": {"heard": "x"}}
        answer = secretary.post(f"/sittings/{sitting.id}/minutes", told, Sec_Fetch_Site="cross-site")
        assert answer.status_code == 403
