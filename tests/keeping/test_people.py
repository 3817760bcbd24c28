"""People, councils and process owners."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.bodies import add_body, change_body, seat_member, unseat_member, withdraw_membership
from service.keeping.owners import set_owners
from service.keeping.people import add_person, change_person
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotYours
from tests.keeping.keeping import DAY, NOW, do, log, snapshot
from tests.support.university import PEOPLE, University

SOMEBODY = {"code": "new", "name_ky": "Жаңы", "email": "New.One@uni.example", "language": "ky"}
RULES = {"quorum": "half", "majority": "present"}


class TestAPerson:
    def test_is_added_with_names_address_and_language(self, university: University) -> None:
        person_id = do(university, add_person, {**SOMEBODY, "name_ru": "Новый", "name_en": "New"})
        facts = snapshot(university).people[person_id]
        assert (facts.code, facts.name.ru, facts.email, facts.language) == ("new", "Новый", "New.One@uni.example", "ky")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"email": "nobody"}, "email"),
            ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
            ({"email": "OWNER@UNI.EXAMPLE"}, "email"),
            ({"language": "de"}, "language"),
            ({"code": "не код"}, "code"),
            ({"name_ky": " "}, "name_ky"),
        ],
    )
    def test_is_refused_with_what_is_wrong(self, university: University, wrong: dict[str, str], field: str) -> None:
        with pytest.raises(Incomplete) as refused:
            do(university, add_person, {**SOMEBODY, **wrong})
        assert list(refused.value.errors) == [field]

    def test_is_one_with_a_code_in_capitals(self, university: University) -> None:
        with pytest.raises(Duplicate):
            do(university, add_person, {**SOMEBODY, "code": "Owner"})

    def test_keeps_their_own_address(self, university: University) -> None:
        given = {"name_ky": "Өмүр", "email": "Owner@uni.example", "language": "ru"}
        assert do(university, change_person, university.people["owner"], given)
        before = log(university, "person.changed")[0]["facts"]["before"]
        assert (before["email"], before["language"]) == ("owner@uni.example", "ky")

    def test_is_kept_by_nobody_but_the_administrator(self, university: University) -> None:
        for who in set(PEOPLE) - {"admin"}:
            with pytest.raises(NotYours):
                do(university, change_person, university.people["owner"], {**SOMEBODY}, who=who)


class TestACouncil:
    def test_has_a_secretary_a_chair_and_a_unit(self, university: University) -> None:
        given = {
            "code": "qc",
            "name_ky": "Сапат кеңеши",
            "secretary": "sec_ok",
            "chair": "rector",
            "unit": "UNI",
            **RULES,
        }
        do(university, add_body, given)
        body = snapshot(university).bodies["qc"]
        assert body.secretary_post_id == university.posts["sec_ok"]
        assert (body.chair_post_id, body.unit_id) == (university.posts["rector"], university.units["UNI"])
        assert do(university, change_body, body.id, {"name_ky": "x", "secretary": "reader", **RULES})
        assert snapshot(university).bodies["qc"].chair_post_id is None

    def test_has_rules_by_which_it_decides(self, university: University) -> None:
        body = snapshot(university).bodies["ok"]
        rules = {"quorum": "two_thirds", "majority": "absolute", "proxies": "yes"}
        assert do(university, change_body, body.id, {"name_ky": "ОК", "secretary": "sec_ok", **rules})
        row = university.one(t.body, t.body.c.code == "ok")
        assert (row["quorum"], row["majority"], row["proxies"]) == ("two_thirds", "absolute", True)
        assert log(university, "body.changed")[0]["facts"]["before"]["quorum"] == "half"
        do(university, change_body, body.id, {"name_ky": "ОК", "secretary": "sec_ok", **RULES})
        assert university.one(t.body, t.body.c.code == "ok")["proxies"] is False

    @pytest.mark.parametrize("wrong", [{"quorum": "most"}, {"majority": ""}])
    def test_decides_by_rules_that_there_are(self, university: University, wrong: dict[str, str]) -> None:
        body = snapshot(university).bodies["ok"]
        with pytest.raises(Incomplete) as refused:
            do(university, change_body, body.id, {"name_ky": "ОК", "secretary": "sec_ok", **RULES, **wrong})
        assert refused.value.errors.keys() == wrong.keys()

    def test_gives_its_open_tasks_to_its_new_secretary(self, university: University) -> None:
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        body_id = snapshot(university).bodies["ouk"].id
        do(university, change_body, body_id, {"name_ky": "ОУК", "secretary": "reader", **RULES})
        assert [task["holder_post_id"] for task in university.open_tasks(revision)] == [university.posts["reader"]]

    def test_has_members_from_a_day_to_a_day(self, university: University) -> None:
        body_id = snapshot(university).bodies["ok"].id
        seat = do(university, seat_member, body_id, {"person": "reader", "since": DAY})
        with pytest.raises(Incomplete):
            do(university, seat_member, body_id, {"person": "reader", "since": DAY + timedelta(days=9)})
        do(university, unseat_member, seat, {"until": DAY + timedelta(days=8)})
        ahead = do(university, seat_member, body_id, {"person": "reader", "since": DAY + timedelta(days=9)})
        do(university, withdraw_membership, ahead)
        with pytest.raises(GuardUnmet):
            do(university, withdraw_membership, seat)
        assert [row["until"] for row in university.rows(t.membership)] == [DAY + timedelta(days=8)]
        assert {line["kind"] for line in log(university)} == {"body.seated", "body.left", "body.not_seated"}


class TestAProcess:
    @pytest.fixture
    def process(self, university: University) -> Any:
        process_id = new_id()
        row = {"id": process_id, "code": "1.1", "name": "Башкаруу", "folded": "x", "section": "", "owner_as_given": ""}
        university.change(sa.insert(t.process).values(row))
        return process_id

    def test_has_zero_one_or_many_owners_in_their_order(self, university: University, process: Any) -> None:
        for owners in (["owner"], ["dean", "owner", "librarian"], ["librarian", "dean"], []):
            assert do(university, set_owners, process, owners)
            assert snapshot(university).process_owners.get(process, ()) == tuple(
                university.posts[one] for one in owners
            )
        assert not do(university, set_owners, process, [])
        assert log(university, "process.owners")[2]["facts"] == {
            "before": {"owners": ["dean", "owner", "librarian"]},
            "after": {"owners": ["librarian", "dean"]},
        }

    def test_is_owned_by_posts_that_are_there(self, university: University, process: Any) -> None:
        with pytest.raises(Incomplete):
            do(university, set_owners, process, ["nobody"])
        with pytest.raises(NotYours):
            do(university, set_owners, process, ["owner"], who="owner")
