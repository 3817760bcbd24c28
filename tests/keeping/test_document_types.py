"""Types of documents and processes: entered, corrected and removed by the quality specialist, each with its line."""

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.document_types import add_type, change_type, remove_type, take_legend
from service.keeping.owners import set_owners
from service.keeping.processes import add_process, change_process, remove_process
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotYours
from tests.keeping.keeping import do, log, snapshot
from tests.support.university import PEOPLE, University

NEW = {"code": "ЖЖ", "name_ky": "Жобо", "name_ru": "Положение", "name_en": "Regulation", "review_months": "24"}
PROCESS = {"code": "3.2.", "name": "Китепкана", "section": "Камсыздоо", "owner": "librarian"}
KEEPERS = {"admin", "quality"}


def type_(university: University, code: str) -> dict[str, object]:
    return university.one(t.document_type, t.document_type.c.code == code)


class TestAType:
    @pytest.mark.parametrize("who", sorted(KEEPERS))
    def test_is_entered_with_its_line(self, university: University, who: str) -> None:
        assert do(university, add_type, NEW, who=who) == "ЖЖ"
        row = type_(university, "ЖЖ")
        assert (row["name_ru"], row["review_months"], row["in_legend"]) == ("Положение", 24, True)
        (line,) = log(university, "document_type.added")
        assert line["actor_id"] == university.people[who]
        assert (line["facts"]["type"], line["facts"]["after"]["review_months"]) == ("ЖЖ", 24)

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who not in KEEPERS])
    def test_is_kept_by_nobody_else(self, university: University, who: str) -> None:
        for told in ((add_type, NEW), (change_type, "УСТ", NEW), (remove_type, "УСТ"), (take_legend,)):
            with pytest.raises(NotYours):
                do(university, *told, who=who)
        assert not log(university)

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"code": "уст"}, Duplicate),
            ({"code": "Ж 3"}, Incomplete),
            ({"code": "Ж3"}, Incomplete),
            ({"code": ""}, Incomplete),
            ({"code": "a/b"}, Incomplete),
            ({"name_ky": ""}, Incomplete),
            ({"review_months": "0"}, Incomplete),
            ({"review_months": "121"}, Incomplete),
        ],
    )
    def test_is_refused_where_it_could_not_begin_a_code(
        self, university: University, wrong: dict[str, str], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            do(university, add_type, {**NEW, **wrong}, who="quality")
        assert not log(university)

    def test_is_corrected_with_what_was_before(self, university: University) -> None:
        given = {"name_ky": "стандарт", "name_ru": "стандарт", "name_en": "Standard", "review_months": "36"}
        assert do(university, change_type, "УСТ", {**given, "in_legend": "yes"}, who="quality")
        (line,) = log(university, "document_type.changed")
        assert line["facts"]["before"] == {"name_en": "standard", "review_months": 12}
        assert line["facts"]["after"] == {"name_en": "Standard", "review_months": 36}
        assert not do(university, change_type, "УСТ", {**given, "in_legend": "yes"}, who="quality")
        assert do(university, change_type, "УСТ", given, who="quality")
        assert type_(university, "УСТ")["in_legend"] is False
        with pytest.raises(NotFound):
            do(university, change_type, "ЖЖ", given, who="quality")

    def test_is_removed_only_where_no_document_has_it(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            do(university, remove_type, "УСТ", who="quality")
        do(university, add_type, NEW, who="quality")
        do(university, remove_type, "ЖЖ", who="quality")
        assert not university.rows(t.document_type, t.document_type.c.code == "ЖЖ")
        (line,) = log(university, "document_type.removed")
        assert line["facts"]["before"]["name_ky"] == "Жобо"

    def test_those_that_come_with_sapat_are_taken_where_there_is_none(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            do(university, take_legend, who="quality")
        university.change(sa.delete(t.document), sa.delete(t.route), sa.delete(t.document_type))
        assert do(university, take_legend, who="quality") == len(university.rows(t.document_type)) > 5
        assert log(university, "document_type.legend")


class TestAProcess:
    def test_is_entered_with_its_owner_and_line(self, university: University) -> None:
        process_id = do(university, add_process, PROCESS, who="quality")
        row = university.one(t.process)
        assert (row["code"], row["name"], row["section"]) == ("3.2", "Китепкана", "Камсыздоо")
        assert snapshot(university).process_owners[process_id] == (university.posts["librarian"],)
        (line,) = log(university, "process.added")
        assert line["about_id"] == process_id
        assert line["facts"]["after"]["owners"] == ["librarian"]

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who not in KEEPERS])
    def test_is_kept_by_nobody_else(self, university: University, who: str) -> None:
        process_id = do(university, add_process, PROCESS, who="quality")
        for told in (
            (add_process, {**PROCESS, "code": "4"}),
            (change_process, process_id, PROCESS),
            (remove_process, process_id),
            (set_owners, process_id, ["owner"]),
        ):
            with pytest.raises(NotYours):
                do(university, *told, who=who)
        assert len(log(university)) == 1

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [({"code": "3.2"}, Duplicate), ({"code": "3 .3"}, Incomplete), ({"owner": "nobody"}, Incomplete)],
    )
    def test_is_refused_where_it_is_none(
        self, university: University, wrong: dict[str, str], refusal: type[Exception]
    ) -> None:
        do(university, add_process, PROCESS, who="quality")
        with pytest.raises(refusal):
            do(university, add_process, {**PROCESS, "code": "3.3", **wrong}, who="quality")

    def test_is_corrected_and_found_by_what_it_is_called_now(self, university: University) -> None:
        process_id = do(university, add_process, PROCESS, who="quality")
        given = {"code": "3.2", "name": "Маалымат ресурстары", "section": ""}
        assert do(university, change_process, process_id, given, who="quality")
        assert "маалымат" in university.one(t.process)["folded"]
        (line,) = log(university, "process.changed")
        assert line["facts"]["before"]["name"] == "Китепкана"
        assert not do(university, change_process, process_id, given, who="quality")
        with pytest.raises(NotFound):
            do(university, change_process, new_id(), given, who="quality")

    def test_is_removed_only_where_nothing_names_it(self, university: University) -> None:
        process_id = do(university, add_process, PROCESS, who="quality")
        university.change(sa.update(t.document).values(process_id=process_id))
        with pytest.raises(GuardUnmet):
            do(university, remove_process, process_id, who="quality")
        university.change(sa.update(t.document).values(process_id=None))
        do(university, remove_process, process_id, who="quality")
        assert not university.rows(t.process)
        assert not university.rows(t.process_owner)
        assert log(university, "process.removed")

    def test_changes_owners_by_the_quality_specialist_too(self, university: University) -> None:
        process_id = do(university, add_process, PROCESS, who="quality")
        assert do(university, set_owners, process_id, ["owner", "librarian"], who="quality")
        assert snapshot(university).process_owners[process_id] == (
            university.posts["owner"],
            university.posts["librarian"],
        )
