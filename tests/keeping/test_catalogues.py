"""Catalogues: the quality specialist makes the tree of causes the university's own; what was used stays readable."""

from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from service.keeping.catalogue_change import Key
from service.keeping.catalogue_codes import key, written
from service.keeping.catalogues import (
    add_entry,
    close_edition,
    close_entry,
    place_entry,
    remove_entry,
    rename_entry,
    reopen_entry,
)
from service.reading.catalogues import EntryRow, list_catalogues, read_catalogue
from service.reading.entries import catalogues
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotYours
from tests.keeping.keeping import DAY, NOW, do, log, see
from tests.support.university import PEOPLE, University

NAMES = {"name_ky": "Окуу", "name_ru": "Учёба", "name_en": "Training"}


def add(university: University, code: str, parent: str | None = None, who: str = "quality", **names: str) -> str:
    given: dict[str, Any] = {"code": code, **NAMES, **names, **({"parent": parent} if parent else {})}
    return do(university, add_entry, "cause", "1", given, who=who)


def close(university: University, code: str) -> list[str]:
    return do(university, close_entry, Key("cause", "1", code), who="quality")


def rows(university: University, catalogue: str = "cause", who: str = "quality") -> dict[str, EntryRow]:
    found = see(university, read_catalogue, catalogue, university.as_(who, NOW), NOW)
    return {row.code: row for row in found}


def order(university: University) -> list[str]:
    return [row.code for row in rows(university).values()]


class TestACode:
    @pytest.mark.parametrize(
        ("typed", "kept"), [("М1", "M1"), ("м1", "M1"), ("M1", "M1"), ("7.5.3", "7.5.3"), ("Ж1", "Ж1")]
    )
    def test_is_kept_in_latin_letters_where_all_of_them_look_so(self, typed: str, kept: str) -> None:
        assert written(typed) == kept

    @pytest.mark.parametrize(("one", "other"), [("РС", "PC"), ("м1", "M1"), ("ж-1", "Ж-1"), ("Ө1", "ө1")])
    def test_is_another_one_only_where_people_see_that(self, one: str, other: str) -> None:
        assert key(one) == key(other)

    def test_of_other_letters_is_another_one(self) -> None:
        assert len({key(code) for code in ("M1", "Ж1", "Н1", "N1", "M11", "Ө1", "О1")}) == 7

    @pytest.mark.parametrize("typed", ["", "a b", "1/2", ".1", "x" * 33, "a\u200bb", "№1"])
    def test_holds_nothing_that_an_address_or_a_value_would_trip_over(self, typed: str) -> None:
        with pytest.raises(Incomplete):
            written(typed)


class TestAnEntry:
    def test_is_added_as_the_last_below_its_parent_with_a_line_in_the_log(self, university: University) -> None:
        assert add(university, "М2", "M") == "M2"
        found = rows(university)["M2"]
        assert (found.parent, found.depth, found.name.ru, found.uses) == ("M", 1, "Учёба", 0)
        assert order(university) == ["M", "M1", "M2", "P", "P1"]
        (line,) = log(university, "catalogue.entry_added")
        assert line["actor_id"] == university.people["quality"]
        assert (line["facts"]["catalogue"], line["facts"]["edition"], line["facts"]["code"]) == ("cause", "1", "M2")
        assert line["facts"]["after"]["name_ky"] == "Окуу"

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "quality"])
    def test_is_added_by_nobody_but_the_quality_specialist(self, university: University, who: str) -> None:
        with pytest.raises(NotYours):
            add(university, "M2", "M", who=who)
        assert not log(university)

    @pytest.mark.parametrize("code", ["M1", "m1", "М1", "м1"])
    def test_has_a_code_that_no_other_of_its_edition_reads_like(self, university: University, code: str) -> None:
        with pytest.raises(Duplicate):
            add(university, code, "P")

    def test_stands_below_one_of_its_edition_that_is_in_use(self, university: University) -> None:
        close(university, "P")
        for parent in ("Q", "7.5", "P"):
            with pytest.raises(Incomplete) as refused:
                add(university, "X", parent)
            assert set(refused.value.errors) == {"parent"}
        with pytest.raises(NotFound):
            do(university, add_entry, "cause", "2", {"code": "X", **NAMES}, who="quality")

    def test_is_renamed_and_the_log_keeps_the_name_it_had(self, university: University) -> None:
        one = Key("cause", "1", "M1")
        names = {"name_ky": "Тартип жок", "name_ru": "M1 (ru)", "name_en": "M1 (en)"}
        assert do(university, rename_entry, one, names, who="quality")
        assert not do(university, rename_entry, one, names, who="quality")
        (line,) = log(university, "catalogue.entry_renamed")
        assert (line["facts"]["before"], line["facts"]["after"]) == (
            {"name_ky": "M1 (ky)"},
            {"name_ky": "Тартип жок"},
        )

    def test_is_put_in_order_among_those_below_the_same(self, university: University) -> None:
        add(university, "M2", "M")
        add(university, "M3", "M")
        assert do(university, lambda *told: place_entry(*told, up=True), Key("cause", "1", "M3"), who="quality")
        assert order(university) == ["M", "M1", "M3", "M2", "P", "P1"]
        assert do(university, lambda *told: place_entry(*told, up=False), Key("cause", "1", "M"), who="quality")
        assert order(university) == ["P", "P1", "M", "M1", "M3", "M2"]
        assert not do(university, lambda *told: place_entry(*told, up=False), Key("cause", "1", "M"), who="quality")
        assert len(log(university, "catalogue.entry_placed")) == 2


class TestClosing:
    def test_takes_what_is_below_with_it_from_today_on(self, university: University) -> None:
        add(university, "M1a", "M1")
        assert sorted(close(university, "M")) == ["M", "M1", "M1a"]
        found = rows(university)
        assert {code: row.closed_on for code, row in found.items() if row.closed_on} == dict.fromkeys(
            ("M", "M1", "M1a"), DAY
        )

    def test_leaves_what_was_recorded_and_offers_it_no_more(self, university: University) -> None:
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
        university.go(found, "record_correction", "owner", NOW, correction="Табылды")
        university.go(found, "add_cause", "owner", NOW, text="Тартип жок", code="1/M1")
        close(university, "M1")
        assert university.one(t.cause)["code"] == "1/M1"
        assert see(university, catalogues, ["cause"])["cause"].find("1/M1") is not None
        with pytest.raises(Incomplete):
            university.go(found, "add_cause", "owner", NOW, text="Дагы", code="1/M1")

    def test_is_undone_from_above(self, university: University) -> None:
        close(university, "M")
        with pytest.raises(GuardUnmet):
            do(university, reopen_entry, Key("cause", "1", "M1"), who="quality")
        do(university, reopen_entry, Key("cause", "1", "M"), who="quality")
        do(university, reopen_entry, Key("cause", "1", "M1"), who="quality")
        assert not [row for row in rows(university).values() if row.closed_on]
        close(university, "M")
        with pytest.raises(GuardUnmet):
            close(university, "M")

    def test_of_an_edition_waits_for_the_next_one(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            do(university, close_edition, "cause", "1", who="quality")
        next_one = {"catalogue": "cause", "edition": "2", "code": "A", "position": 0}
        university.change(sa.insert(t.entry).values(**next_one, **NAMES))
        assert do(university, close_edition, "cause", "1", who="quality") == 4
        assert do(university, close_edition, "cause", "1", who="quality") == 0
        assert len(log(university, "catalogue.edition_closed")) == 1
        with pytest.raises(GuardUnmet):
            do(university, close_edition, "cause", "2", who="quality")


class TestRemoving:
    def test_takes_away_what_nobody_ever_used(self, university: University) -> None:
        add(university, "M2", "M")
        do(university, remove_entry, Key("cause", "1", "M2"), who="quality")
        assert "M2" not in rows(university)
        (line,) = log(university, "catalogue.entry_removed")
        assert line["facts"]["before"]["name_en"] == "Training"

    def test_refuses_what_others_stand_below(self, university: University) -> None:
        with pytest.raises(GuardUnmet):
            do(university, remove_entry, Key("cause", "1", "M"), who="quality")

    def test_refuses_what_a_record_names(self, university: University) -> None:
        university.planning(NOW)
        self._refused(university, "M1")

    def test_refuses_what_a_record_named_once(self, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/P1")
        assert rows(university)["M1"].uses == 0
        self._refused(university, "M1")

    @pytest.mark.parametrize("code", ["Ж1", "P2"])
    def test_refuses_what_a_history_names_in_whatever_letters(self, university: University, code: str) -> None:
        add(university, code, "P")
        found = university.planning(NOW)
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code=code)
        university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/P1")
        self._refused(university, code)

    def _refused(self, university: University, code: str) -> None:
        with pytest.raises(GuardUnmet):
            do(university, remove_entry, Key("cause", "1", code), who="quality")
        assert code in rows(university)


class TestUses:
    def test_are_counted_as_far_as_whoever_asks_may_read(self, university: University) -> None:
        university.planning(NOW)
        assert rows(university)["M1"].uses == 1
        assert rows(university, who="reader")["M1"].uses == 0

    def test_of_what_was_taken_back_are_none(self, university: University) -> None:
        found = university.planning(NOW)
        university.go(found, "add_cause", "owner", NOW, text="Дагы", code="1/P1")
        assert rows(university)["P1"].uses == 1
        university.go(found, "remove_cause", "owner", NOW, cause=2)
        assert rows(university)["P1"].uses == 0

    def test_of_clauses_are_looked_for_in_records_and_in_their_parts(self, university: University) -> None:
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        university.open("nonconformity", "quality", NOW, **given, found_on=DAY, clause="7.5")
        audit = university.open(
            "audit", "quality", NOW, title="А", planned_on=DAY, unit="LIBRARY", criteria="К", lead_auditor="auditor"
        )
        university.go(audit, "add_question", "auditor", NOW, text="Барбы?", clause="2015/7.5")
        assert rows(university, "clause")["7.5"].uses == 2


class TestTheList:
    def test_has_every_catalogue_that_a_field_asks_for(self, university: University) -> None:
        found = {row.name: row.editions for row in see(university, list_catalogues)}
        assert found == {"cause": {"1": 4}, "clause": {"2015": 2}}
        university.change(sa.delete(t.entry).where(t.entry.c.catalogue == "cause"))
        assert {row.name: row.editions for row in see(university, list_catalogues)}["cause"] == {}
        assert see(university, read_catalogue, "cause", university.as_("quality", NOW), NOW) == []

    def test_knows_no_other(self, university: University) -> None:
        with pytest.raises(NotFound):
            rows(university, "colour")
