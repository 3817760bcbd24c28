"""The next edition of a catalogue: tried out of a table, entered whole; what the old one was named for stays."""

from pathlib import Path
from typing import Any

import pytest

from models import tables as t
from service.importing.report import Severity
from service.keeping.catalogue_editions import Trial, enter_edition, try_edition
from service.reading.entries import catalogues
from states.refusals import GuardUnmet, Incomplete, Malformed, NotFound, NotYours
from tests.keeping.keeping import NOW, do, log, see
from tests.support.university import University

HEADINGS = "code\tparent\tname_ky\tname_ru\tname_en\n"
WHOLE = f"{HEADINGS}4\t\tЧөйрө\tСреда\tContext\n4.1\t4\tТүшүнүү\tПонимание\tKnowing\n4.2\t4\tКерек\tНужды\tNeeds\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "clauses.tsv"


def tried(university: University, table: Path, text: str, edition: str = "2026", who: str = "quality") -> Trial:
    table.write_text(text, "utf-8")
    return do(university, try_edition, "clause", edition, table, who=who)


def entered(university: University, table: Path, text: str = WHOLE, edition: str = "2026") -> Trial:
    table.write_text(text, "utf-8")
    return do(university, enter_edition, "clause", edition, table, who="quality")


def codes(university: University) -> list[str]:
    return [one.value for one in see(university, catalogues, ["clause"])["clause"].entries]


class TestATrial:
    def test_shows_the_tree_and_writes_nothing(self, university: University, table: Path) -> None:
        trial = tried(university, table, WHOLE)
        assert [(one.code, one.parent, one.depth) for one in trial.planned] == [
            ("4", None, 0),
            ("4.1", "4", 1),
            ("4.2", "4", 1),
        ]
        assert trial.fits
        assert codes(university) == ["2015/7", "2015/7.5"]
        assert not log(university)

    def test_reads_headings_in_three_languages_in_any_order_and_of_spreadsheets(
        self, university: University, table: Path
    ) -> None:
        text = "Аталышы кыргызча;Код;Название;Под чем\nЧөйрө;4;Среда;\nТүшүнүү;4.1;Понимание;4\n"
        trial = tried(university, table.with_suffix(".csv"), text)
        assert [(one.code, one.name.ru, one.name.en) for one in trial.planned] == [
            ("4", "Среда", "Чөйрө"),
            ("4.1", "Понимание", "Түшүнүү"),
        ]
        assert {one.severity for one in trial.report.findings} == {Severity.WARNING}

    def test_takes_what_is_above_from_the_code_where_it_is_not_said(self, university: University, table: Path) -> None:
        trial = tried(university, table, f"{HEADINGS}4.1.1\t\tА\n4\t\tБ\n4.1\t\tВ\n")
        assert [(one.code, one.parent, one.depth) for one in trial.planned] == [
            ("4.1.1", "4.1", 2),
            ("4", None, 0),
            ("4.1", "4", 1),
        ]

    @pytest.mark.parametrize(
        ("rows", "line", "code"),
        [
            ("4\t\tА\nЧ Ч\t\tБ\n", 3, "code"),
            ("\t\tА\n", 2, "code"),
            ("М1\t\tА\nM1\t\tБ\n", 3, "twice"),
            ("4\t\t\tСреда\n", 2, "name"),
            ("4\t9\tА\n", 2, "parent"),
            ("4\t5\tА\n5\t4\tБ\n", 2, "circle"),
            ("4\t4\tА\n", 2, "circle"),
        ],
    )
    def test_names_the_line_that_is_wrong(
        self, university: University, table: Path, rows: str, line: int, code: str
    ) -> None:
        trial = tried(university, table, HEADINGS + rows)
        assert not trial.fits
        wrong = [one for one in trial.report.findings if one.severity is Severity.ERROR]
        assert (wrong[0].line, wrong[0].code) == (line, code)
        assert wrong[0].says("ky")

    def test_is_the_quality_specialists(self, university: University, table: Path) -> None:
        with pytest.raises(NotYours):
            tried(university, table, WHOLE, who="admin")

    @pytest.mark.parametrize("edition", ["", "2015", "2014", "20265", "26a", "٢٠٢٦", "2015/2", "1999"])
    def test_needs_a_name_that_comes_after_all_others(self, university: University, table: Path, edition: str) -> None:
        with pytest.raises(Incomplete) as refused:
            tried(university, table, WHOLE, edition)
        assert set(refused.value.errors) == {"edition"}

    def test_of_what_is_no_table_says_what_to_do(self, university: University, table: Path) -> None:
        for text in ("", "бир нерсе\n", "a\tb\n1\t2\n"):
            with pytest.raises(Malformed):
                tried(university, table, text)

    def test_of_no_catalogue_is_not_found(self, university: University, table: Path) -> None:
        table.write_text(WHOLE)
        with pytest.raises(NotFound):
            do(university, try_edition, "colour", "2026", table, who="quality")


class TestANextEdition:
    def test_stands_before_the_old_one_and_is_what_a_bare_code_means(self, university: University, table: Path) -> None:
        entered(university, table, f"{HEADINGS}7\t\tКолдоо\n7.5\t7\tМаалымат\n")
        assert codes(university) == ["2026/7", "2026/7.5", "2015/7", "2015/7.5"]
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        university.open("nonconformity", "quality", NOW, **given, found_on=NOW.date(), clause="7.5")
        assert university.one(t.nonconformity)["clause"] == "2026/7.5"
        (line,) = log(university, "catalogue.edition_entered")
        assert (line["facts"]["edition"], line["facts"]["after"]["entries"]) == ("2026", 2)

    def test_leaves_what_was_recorded_under_the_old_one_as_it_was(self, university: University, table: Path) -> None:
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        record = university.open("nonconformity", "quality", NOW, **given, found_on=NOW.date(), clause="7.5")
        before = (university.record(record), university.history(record))
        entered(university, table)
        assert (university.record(record), university.history(record)) == before
        assert university.one(t.nonconformity)["clause"] == "2015/7.5"
        known = see(university, catalogues, ["clause"])["clause"]
        found = known.find("2015/7.5")
        assert found is not None
        assert found.name.ky == "7.5 (ky)"

    def test_is_entered_whole_or_not_at_all(self, university: University, table: Path) -> None:
        with pytest.raises(GuardUnmet):
            entered(university, table, f"{WHOLE}4.3\t9\tЧөйрө\n")
        assert codes(university) == ["2015/7", "2015/7.5"]
        assert not log(university)

    def test_is_entered_once(self, university: University, table: Path) -> None:
        entered(university, table)
        with pytest.raises(Incomplete):
            entered(university, table)

    def test_takes_parents_that_stand_after_those_below_them(self, university: University, table: Path) -> None:
        entered(university, table, f"{HEADINGS}4.1.1\t4.1\tА\n4.1\t4\tБ\n4\t\tВ\n")
        assert codes(university)[:3] == ["2026/4", "2026/4.1", "2026/4.1.1"]
