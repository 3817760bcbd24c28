"""Units, posts and people come in from tables: nothing is lost, what is doubtful is said, twice changes nothing."""

from datetime import date
from pathlib import Path

import pytest

from models import tables as t
from models.database import Database
from service.importing.facts import DATA
from service.importing.organisation import import_organisation
from service.importing.report import Report
from service.organisation import CLOCK, organisation
from states.refusals import Malformed, NotYours
from states.roles import Role
from tests.importing.files import write_csv, write_tsv, write_xlsx
from tests.support.university import University, at

NOW = at(2026, 4, 6)
HEAD = ["ФИО", "E-mail", "Подразделение", "Должность", "С какого дня"]
STAFF = [
    ["Асанов Үсөн", "asanov@uni.example", "LIBRARY", "Библиограф", "1.09.2021-жылы"],
    ["Бекова Айгүл", "bekova@uni.example", "Жаңы кафедра", "Кафедра башчысы", "« 28 » март 2024 ж."],
    ["Бекова Айгүл", "Bekova@uni.example", "Жаңы кафедра", "Окутуучу", "2024-09-01"],
]


def bring_in(university: University, path: Path, *, dry_run: bool = False, who: str = "admin") -> Report:
    return import_organisation(university.database, path, university.as_(who, NOW), NOW, dry_run=dry_run)


def staff(folder: Path, *rows: list[str], head: list[str] = HEAD) -> Path:
    return write_tsv(folder / "staff.tsv", [head, *rows])


def found(report: Report) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.code) for finding in report.findings if finding.code != "code-made"]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.rows, report.taken, report.unchanged, report.refused


class TestOneTableWithAll:
    def test_brings_in_units_posts_people_and_holdings(self, university: University, tmp_path: Path) -> None:
        report = bring_in(university, staff(tmp_path, *STAFF))
        assert counts(report) == (3, 3, 0, 0)
        assert found(report) == [(3, "put-under")]
        with university.database.read() as connection:
            snapshot = organisation(connection)
        (aigul,) = [one for one in snapshot.people.values() if one.email == "bekova@uni.example"]
        held = {snapshot.posts[post].name.ky for post in snapshot.posts_of(aigul.id, NOW.date())}
        assert (aigul.code, held) == ("bekova", {"Кафедра башчысы", "Окутуучу"})
        chair = next(one for one in snapshot.units.values() if one.name.ky == "Жаңы кафедра")
        assert (chair.code, chair.parent_id) == ("jangy-kafedra", university.units["UNI"])
        since = {row["since"] for row in university.rows(t.holding, t.holding.c.person_id == aigul.id)}
        assert since == {date(2024, 3, 28), date(2024, 9, 1)}

    def test_changes_nothing_a_second_time(self, university: University, tmp_path: Path) -> None:
        path = staff(tmp_path, *STAFF)
        bring_in(university, path)
        tables = (t.unit, t.post, t.person, t.holding, t.event)
        before = [university.rows(table) for table in tables]
        report = bring_in(university, path)
        assert counts(report) == (3, 0, 3, 0)
        assert report.findings == []
        assert [university.rows(table) for table in tables] == before

    def test_writes_nothing_where_it_is_a_trial(self, university: University, tmp_path: Path) -> None:
        report = bring_in(university, staff(tmp_path, *STAFF), dry_run=True)
        assert (report.taken, report.dry_run) == (3, True)
        assert not university.rows(t.event)
        assert len(university.rows(t.person)) == len(university.people)

    def test_is_the_same_in_every_kind_of_file(self, university: University, tmp_path: Path) -> None:
        rows = [HEAD, *STAFF]
        kinds = [
            write_xlsx(tmp_path / "a.xlsx", rows),
            write_csv(tmp_path / "a.csv", rows, ";"),
            write_tsv(tmp_path / "a.tsv", rows),
        ]
        reports = [bring_in(university, path, dry_run=True) for path in kinds]
        assert {counts(report) for report in reports} == {(3, 3, 0, 0)}

    @pytest.mark.parametrize(
        "head",
        [
            ["Аты-жөнү", "Электрондук дареги", "Бөлүмү", "Кызматы", "Качантан"],
            ["full name", "email", "department", "position", "from"],
        ],
    )
    def test_has_headings_in_each_language(self, university: University, tmp_path: Path, head: list[str]) -> None:
        assert counts(bring_in(university, staff(tmp_path, *STAFF, head=head))) == (3, 3, 0, 0)


class TestTablesOfTheirOwn:
    def test_come_from_the_demonstration_itself(self, database: Database) -> None:
        for name in ("units", "posts"):
            report = import_organisation(database, DATA / f"{name}.tsv", CLOCK, NOW)
            assert (report.refused, found(report)) == (0, [])
            assert report.taken == report.rows
            assert import_organisation(database, DATA / f"{name}.tsv", CLOCK, NOW).taken == 0
        with database.read() as connection:
            snapshot = organisation(connection)
        rector = snapshot.post_of(Role.RECTOR)
        assert rector is not None
        assert snapshot.posts[rector].heads
        assert snapshot.units[snapshot.posts[rector].unit_id].is_campus

    def test_take_units_in_any_order_and_refuse_circles(self, university: University, tmp_path: Path) -> None:
        head = ["Код", "Название", "Входит в", "Кампус"]
        rows = [
            ["C", "Кафедра", "Факультет", ""],
            ["F", "Факультет", "S", ""],
            ["S", "Түштүк кампусу", "", "ооба"],
            ["X", "Экс", "Y", ""],
            ["Y", "Игрек", "X", ""],
            ["Z", "Зет", "нигде", ""],
        ]
        report = bring_in(university, write_tsv(tmp_path / "u.tsv", [head, *rows]))
        assert counts(report) == (6, 3, 0, 3)
        assert sorted(found(report)) == [(5, "no-parent"), (6, "no-parent"), (7, "no-parent")]
        parents = {row["code"]: row["parent_id"] for row in university.rows(t.unit)}
        ids = {row["code"]: row["id"] for row in university.rows(t.unit)}
        assert (parents["C"], parents["F"], parents["S"]) == (ids["F"], ids["S"], None)

    def test_find_people_by_code_then_by_address(self, university: University, tmp_path: Path) -> None:
        head = ["Код сотрудника", "ФИО", "E-mail", "Язык"]
        rows = [
            ["owner", "Өмүр Жазуучу", "owner@uni.example", "ru"],
            ["", "Окурман Окуров", "READER@uni.example", ""],
            ["owner", "Башка Аты", "other@uni.example", ""],
            ["new1", "Кимдир", "dean@uni.example", ""],
            ["", "Ким Экени Белгисиз", "", ""],
            ["new2", "Дарексиз", "", ""],
            ["new3", "Жаңы Адам", "new3@uni.example", "English"],
            ["", "", "nobody@uni.example", ""],
        ]
        report = bring_in(university, write_tsv(tmp_path / "p.tsv", [head, *rows]))
        assert counts(report) == (8, 1, 3, 4)
        lines = [*found(report)]
        assert [line for line, code in lines if code == "differs"] == [2, 4, 4]
        refused = {(5, "email-of-another"), (6, "who"), (7, "who"), (9, "no-name")}
        assert {one for one in lines if one[1] != "differs"} == refused
        assert university.one(t.person, t.person.c.code == "new3")["language"] == "en"
        assert university.one(t.person, t.person.c.code == "owner")["language"] == "ky"


class TestADoubtfulRow:
    @pytest.mark.parametrize(
        ("row", "code"),
        [
            (["Ким", "not-an-address", "LIBRARY", "Окутуучу", "2024-09-01"], "cell"),
            (["Ким", "kim@uni.example", "LIBRARY", "Окутуучу", "жакында"], "cell"),
            (["Ким", "kim@uni.example", "LIBRARY", "Окутуучу", "2024-02-30"], "cell"),
            (["Ким", "kim@uni.example", "", "Окутуучу", "2024-09-01"], "no-post"),
            (["", "", "", "", "2024-09-01"], "nothing"),
            (["", "kim@uni.example", "LIBRARY", "reader (кызмат)", "2024-09-01"], "no-name"),
        ],
    )
    def test_is_refused_with_its_line(self, university: University, tmp_path: Path, row: list[str], code: str) -> None:
        report = bring_in(university, staff(tmp_path, row))
        assert counts(report) == (1, 0, 0, 1)
        assert found(report) == [(2, code)]
        assert not university.rows(t.person, t.person.c.email == "kim@uni.example")

    def test_is_taken_and_reported_where_it_can_be_read(self, university: University, tmp_path: Path) -> None:
        row = ["Ким", "kim@uni.example", "LIBRARY", "librarian (кызмат)", ""]
        report = bring_in(university, staff(tmp_path, row))
        assert found(report) == [(2, "no-day"), (2, "second-holder")]
        (holding,) = university.rows(t.holding, t.holding.c.since == NOW.date())
        assert holding["post_id"] == university.posts["librarian"]

    def test_that_contradicts_what_is_there_changes_nothing(self, university: University, tmp_path: Path) -> None:
        row = ["Кызыл Китепова", "librarian@uni.example", "LIBRARY", "librarian (кызмат)", "2001-01-01"]
        report = bring_in(university, staff(tmp_path, row))
        assert found(report) == [(2, "differs"), (2, "differs")]
        assert not university.rows(t.event)


class TestWhoMay:
    def test_is_the_administrator_alone(self, university: University, tmp_path: Path) -> None:
        for who in ("quality", "rector", "owner"):
            with pytest.raises(NotYours):
                bring_in(university, staff(tmp_path, *STAFF), who=who)

    def test_is_told_where_no_row_names_the_columns(self, university: University, tmp_path: Path) -> None:
        with pytest.raises(Malformed):
            bring_in(university, write_tsv(tmp_path / "x.tsv", [["а", "б"], ["в", "г"]]))

    def test_a_large_university_comes_in_whole(self, university: University, tmp_path: Path) -> None:
        rows = [
            [f"Адам {n}", f"p{n}@uni.example", f"Бөлүм {n % 50}", f"Кызмат {n % 7}", "2024-09-01"] for n in range(1500)
        ]
        report = bring_in(university, staff(tmp_path, *rows))
        assert counts(report) == (1500, 1500, 0, 0)
        assert len(university.rows(t.post)) == len(university.posts) + 350
