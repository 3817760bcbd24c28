"""Every endpoint of the API: what it answers, to whom, filtered, page by page."""

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from states.registry import lifecycles
from tests.support.university import DOCUMENT, PEOPLE, University, at
from tests.web.programs import NONCONFORMITY, Program, hash_as_described, refused

NOW = at(2026, 4, 6)
LISTS = ["units", "posts", "people", "bodies", "processes", "late", "me/tasks", "documents", "lifecycles", "problems"]


class TestEveryList:
    @pytest.mark.parametrize("path", [*LISTS, *(one.collection for one in lifecycles().values())])
    def test_has_one_shape(self, program: Program, path: str) -> None:
        answer = program.as_("quality").get(f"/api/{path}")
        assert answer.status_code == 200
        assert set(answer.json()) == {"items", "next", "total"}
        assert answer.json()["total"] == len(answer.json()["items"])

    def test_is_walked_by_its_cursor_while_rows_come(self, program: Program, university: University) -> None:
        kept = [str(university.reported(NOW)) for _ in range(7)]
        seen = []
        for page in program.as_("quality").pages("/api/nonconformities", limit=2):
            seen += [row["id"] for row in page]
            university.reported(NOW)
        assert seen == kept[::-1]

    def test_of_what_is_late_is_walked_by_its_cursor(self, program: Program, university: University) -> None:
        kept = {str(university.reported(at(2026, 1, day))) for day in range(5, 12)}
        seen = [row for page in program.as_("rector").pages("/api/late", limit=2) for row in page]
        assert {row["record"]["id"] for row in seen} == kept
        assert [row["due_at"] for row in seen] == sorted(row["due_at"] for row in seen)
        assert all(row["late"] and row["group"] == "late" and row["days"] > 0 for row in seen)

    def test_of_a_register_is_walked_by_its_cursor(self, program: Program) -> None:
        seen = [row["code"] for page in program.as_("reader").pages("/api/people", limit=5) for row in page]
        assert seen == sorted(PEOPLE)


class TestWhoAsks:
    def test_is_told_who_they_are(self, program: Program) -> None:
        answer = program.as_("vice").get("/api/me").json()
        assert (answer["code"], answer["language"], answer["email"]) == ("vice", "ru", "vice@uni.example")
        assert [post["code"] for post in answer["posts"]] == ["vice"]

    def test_sees_what_waits_for_them(self, program: Program, university: University) -> None:
        late, soon = university.reported(at(2026, 2, 2)), university.reported(NOW)
        tasks = program.as_("quality").get("/api/me/tasks").json()["items"]
        assert [task["record"]["id"] for task in tasks] == [str(late), str(soon)]
        assert [task["group"] for task in tasks] == ["late", "soon"]
        assert program.as_("reader").get("/api/me/tasks").json()["total"] == 0

    def test_may_be_known_by_the_cookie_of_the_pages(self, program: Program) -> None:
        assert program.get("/api/me", Cookie="sapat_person=dean").json()["code"] == "dean"


class TestTheUniversity:
    def test_is_read(self, program: Program) -> None:
        ask = program.as_("dean", Accept_Language="en")
        posts = {post["code"]: post for post in ask.get("/api/posts").json()["items"]}
        assert posts["head"]["unit"]["code"] == "DEPARTMENT"
        assert posts["head"]["heads"]
        assert [one["code"] for one in posts["rector"]["holders"]] == ["rector"]
        units = {unit["code"]: unit for unit in ask.get("/api/units").json()["items"]}
        assert units["DEPARTMENT"]["parent"]["code"] == "ACADEMIC"
        assert units["UNI"]["parent"] is None
        bodies = {body["code"]: body for body in ask.get("/api/bodies").json()["items"]}
        assert bodies["ok"] == {
            "code": "ok",
            "name": "Academic Council",
            "secretary": {"code": "sec_ok", "name": "sec_ok (post)"},
            "chair": None,
            "quorum": "half",
            "majority": "present",
            "proxies": False,
            "language": "ky",
        }

    def test_says_who_answers_for_a_process(self, program: Program, university: University) -> None:
        _process(university, "3.1", "owner")
        (one,) = program.as_("reader").get("/api/processes").json()["items"]
        assert one["code"] == "3.1"
        assert [post["code"] for post in one["owners"]] == ["owner"]


class TestTheRegister:
    def test_is_filtered(self, program: Program, university: University) -> None:
        university.in_force(NOW)
        ask = program.as_("reader")
        for filters, count in (
            ("", 1),
            ("type=УСТ&process_group=4&state=effective&owner=owner&q=түзөтүүчү", 1),
            ("type=ЖЖ", 0),
            ("state=draft", 0),
            ("owner=dean", 0),
            ("q=башка", 0),
        ):
            assert ask.get(f"/api/documents?{filters}").json()["total"] == count, filters

    def test_has_a_document_by_code_and_by_identifier(self, program: Program, university: University) -> None:
        revision = university.in_force(NOW)
        ask = program.as_("reader")
        found = ask.get(f"/api/documents/{quote(DOCUMENT)}").json()
        assert found == ask.get(f"/api/documents/{found['id']}").json()
        assert found["in_force"] == f"/api/revisions/{revision}"
        listed = ask.get(found["links"]["revisions"]).json()
        assert [row["id"] for row in listed["items"]] == [str(revision)]

    def test_takes_a_new_document_from_the_quality_specialist(self, program: Program) -> None:
        answer = program.as_("quality").post("/api/documents", {"type": "УСТ", "code": "УСТ 3.07", "title": "Жаңы"})
        assert answer.status_code == 201
        there = program.as_("quality").get(answer.headers["location"]).json()
        assert (there["code"], there["process_group"], there["state"]) == ("УСТ 3.07", "3", None)

    def test_takes_one_from_who_answers_for_its_process_only(self, program: Program, university: University) -> None:
        _process(university, "3.1", "owner")
        asks = {"type": "УСТ", "code": "УСТ 3.07", "title": "Жаңы", "process": "3.1"}
        refused(program.as_("dean").post("/api/documents", asks), 403, "not-yours")
        refused(program.as_("owner").post("/api/documents", {**asks, "process": None}), 403, "not-yours")
        assert program.as_("owner").post("/api/documents", asks).status_code == 201
        assert university.one(t.document, t.document.c.code == "УСТ 3.07")["owner_post_id"] == university.posts["owner"]

    @pytest.mark.parametrize("code", [DOCUMENT, "уст 4.09", "УСТ4.09"])
    def test_takes_no_code_twice(self, program: Program, code: str) -> None:
        answer = program.as_("quality").post("/api/documents", {"type": "УСТ", "code": code, "title": "Жаңы"})
        refused(answer, 409, "duplicate")

    def test_takes_no_type_it_does_not_know(self, program: Program) -> None:
        answer = program.as_("quality").post("/api/documents", {"type": "??", "code": "X 1", "title": "Жаңы"})
        assert set(refused(answer, 422, "incomplete")["errors"]) == {"type"}


class TestACollection:
    def test_is_filtered(self, program: Program, university: University) -> None:
        found, action = university.under_way(NOW, at(2026, 6, 1).date())
        university.reported(at(2026, 2, 2), "dean")
        code = university.record(found)["code"]
        ask = program.as_("rector")
        for path, count in (
            ("nonconformities?state=acting", 1),
            ("nonconformities?open=true", 2),
            ("nonconformities?open=false", 0),
            ("nonconformities?late=true", 1),
            ("nonconformities?late=false", 1),
            ("nonconformities?owner=owner", 1),
            ("nonconformities?nc_kind=programme&source=internal_audit", 2),
            ("nonconformities?severity=major", 1),
            ("nonconformities?severity=minor", 0),
            (f"nonconformities?q={code}", 1),
            (f"actions?parent={code}", 1),
            (f"actions?parent={found}&action_kind=corrective", 1),
            ("actions?unit=LIBRARY", 0),
        ):
            assert ask.get(f"/api/{path}").json()["total"] == count, path
        assert ask.get(f"/api/actions?parent={code}").json()["items"][0]["id"] == str(action)

    def test_of_revisions_is_filtered_by_document(self, program: Program, university: University) -> None:
        revision = university.draft(NOW)
        listed = program.as_("dean").get(f"/api/revisions?document={quote(DOCUMENT)}").json()
        assert [row["id"] for row in listed["items"]] == [str(revision)]

    def test_opens_a_record(self, program: Program, university: University) -> None:
        answer = program.as_("dean").post("/api/nonconformities", NONCONFORMITY)
        assert answer.status_code == 201
        told = answer.json()
        assert answer.headers["location"] == told["links"]["self"]
        assert answer.headers["etag"] == '"1"'
        assert (told["state"], told["version"], told["code"]) == ("reported", 1, "NC-2026-001")
        kept = university.one(t.nonconformity)
        assert kept["found_on"] == at(2026, 4, 6).date()

    def test_opens_what_hangs_on_another_record(self, program: Program, university: University) -> None:
        found = university.planning(NOW)
        asks = {
            "parent": university.record(found)["code"],
            "title": "Тартип",
            "action_kind": "corrective",
            "criterion": "Бар",
            "due_on": "2026-06-01",
            "owner_post": "owner",
        }
        answer = program.as_("owner").post("/api/actions", asks)
        assert answer.status_code == 201, answer.text
        there = program.as_("owner").get(answer.headers["location"]).json()
        assert there["parent"]["id"] == str(found)
        refused(program.as_("owner").post("/api/actions", {**asks, "parent": "NC-1"}), 404, "not-found")
        problem = refused(program.as_("owner").post("/api/actions", {**asks, "parent": 7}), 422, "incomplete")
        assert set(problem["errors"]) == {"parent"}

    def test_opens_what_hangs_on_none(self, program: Program) -> None:
        asks = {"title": "Тартип", "criterion": "Бар", "due_on": "2026-06-01", "owner_post": "owner"}
        answer = program.as_("owner").post("/api/actions", {**asks, "action_kind": "preventive"})
        assert answer.status_code == 201, answer.text
        assert program.as_("owner").get(answer.headers["location"]).json()["parent"] is None


class TestARecord:
    def test_is_read_by_code_and_by_identifier(self, program: Program, university: University) -> None:
        revision = university.endorsed(NOW)
        ask = program.as_("rector", Accept_Language="en")
        one = ask.get(f"/api/revisions/{revision}").json()
        assert one == ask.get(f"/api/revisions/{quote(DOCUMENT)}/1").json()
        assert one == ask.get(f"/api/revisions/{quote(DOCUMENT + '/1', safe='')}").json()
        assert one["fields"]["route"] == ["ouk", "ok"]
        assert one["state"] == "rector_approval"
        assert [decision["number"] for decision in one["decisions"]] == ["1", "1"]
        assert [task["task"] for task in one["tasks"]] == ["Approve or return"]

    def test_says_which_moves_are_theirs_and_what_each_records(self, program: Program, university: University) -> None:
        revision = university.endorsed(NOW)
        moves = {move["name"]: move for move in program.as_("rector").get(f"/api/revisions/{revision}").json()["moves"]}
        assert set(moves) == {"approve", "return_to_author"}
        given = moves["approve"]["given"]
        assert set(given["required"]) == {"order_no", "decided_on", "in_force_on"}  # by its route
        assert given["properties"]["in_force_on"]["format"] == "date"
        assert given["properties"]["order_no"]["title"] == "Буйруктун №"
        assert program.as_("dean").get(f"/api/revisions/{revision}").json()["moves"] == []

    def test_is_in_its_own_collection_only(self, program: Program, university: University) -> None:
        found = university.reported(NOW)
        refused(program.as_("quality").get(f"/api/actions/{found}"), 404, "not-found")
        refused(program.as_("quality").move(f"/api/revisions/{found}", "withdraw"), 404, "not-found")

    def test_keeps_a_history_that_can_be_checked(self, program: Program, university: University) -> None:
        found = university.planning(NOW)
        ask = program.as_("rector")
        entries = [entry for page in ask.pages(f"/api/nonconformities/{found}/history", limit=2) for entry in page]
        assert [entry["move"] for entry in entries] == [
            *("open", "register", "record_correction", "add_cause", "record_causes")
        ]
        previous = ""
        for entry in entries:
            assert entry["previous"] == previous
            previous = entry["hash"]
            assert previous == hash_as_described(entry)

    def test_has_its_version_and_what_its_reader_sees_for_an_etag(
        self, program: Program, university: University
    ) -> None:
        found = university.planning(NOW)
        ask = program.as_("owner")
        tag = ask.get(f"/api/nonconformities/{found}").headers["etag"]
        assert re.fullmatch(r'"5-[0-9a-f]{12}"', tag)
        for known in (tag, f"W/{tag}", f'"3", {tag}', "*"):
            same = ask.get(f"/api/nonconformities/{found}", If_None_Match=known)
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert ask.get(f"/api/nonconformities/{found}", If_None_Match='"5"').status_code == 200

    def test_is_not_the_same_for_whoever_may_do_other_things(self, program: Program, university: University) -> None:
        found = university.planning(NOW)
        tag = program.as_("owner").get(f"/api/nonconformities/{found}").headers["etag"]
        assert program.as_("quality").get(f"/api/nonconformities/{found}", If_None_Match=tag).status_code == 200

    def test_of_an_etag_the_version_counts_where_a_move_is_made(self, program: Program, university: University) -> None:
        found = university.planning(NOW)
        ask = program.as_("owner")
        tag = ask.get(f"/api/nonconformities/{found}").headers["etag"]
        made = ask.move(f"/api/nonconformities/{found}", "back_to_causes", {"reason": "Толук эмес"}, If_Match=tag)
        assert made.status_code == 200


def _process(university: University, code: str, owner: str) -> None:
    process = {"id": new_id(), "code": code, "name": "Персонал", "folded": "персонал", "section": "3"}
    owns = {"id": new_id(), "process_id": process["id"], "post_id": university.posts[owner], "position": 0}
    with university.database.write() as connection:
        connection.execute(sa.insert(t.process), {**process, "owner_as_given": "жетекчи"})
        connection.execute(sa.insert(t.process_owner), owns)
