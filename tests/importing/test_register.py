"""The register of NSU comes in whole, with everything it contradicts itself in (seed_traps.md, groups 1-6)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.chain import entry_hash
from service.importing.register import import_register
from service.importing.report import Finding, Report
from service.organisation import CLOCK
from states.refusals import Malformed, NotYours
from tests.importing.files import HEAD, REGISTER, rows_of, write_csv, write_tsv, write_xlsx
from tests.support.university import University

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CODES = {line: row[3] for line, row in enumerate(rows_of(REGISTER), start=1)}


def bring_in(database: Database, path: Path = REGISTER, dry_run: bool = False) -> Report:
    return import_register(database, path, CLOCK, NOW, dry_run=dry_run)


def codes(found: list[Finding]) -> list[str]:
    return [str(finding.facts["code"]) for finding in found]


def kept(database: Database) -> list[tuple[object, ...]]:
    statement = sa.select(
        *(t.document.c[name] for name in ("code", "title", "type_code", "process_group", "is_series", "sort_key"))
    )
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(t.document.c.code))]


class TestTheRealRegisterLosesNothing:
    def test_every_row_becomes_a_document_as_it_stands(self, database: Database) -> None:
        report = bring_in(database)
        assert (report.rows, report.taken, report.unchanged, report.refused) == (74, 74, 0, 0)
        with database.read() as connection:
            documents = connection.execute(sa.select(t.document)).all()
        given = {row.code: (row.process_group, row.given["words"]["no"], row.title, row.type_code) for row in documents}
        expected = {row[4]: tuple(cell.strip() for cell in row[:4]) for row in rows_of(REGISTER)[1:]}
        assert given == expected
        assert sorted(row.given["line"] for row in documents) == list(range(2, 76))
        assert Counter(row.process_group for row in documents) == {"1": 16, "2": 19, "3": 26, "4": 13}

    def test_each_has_a_first_revision_in_force_with_its_history(self, database: Database) -> None:
        bring_in(database)
        with database.read() as connection:
            rows = connection.execute(
                sa.select(t.record, t.revision).join(t.revision, t.revision.c.record_id == t.record.c.id)
            ).all()
            entries = connection.execute(sa.select(t.history)).mappings().all()
            tasks = connection.execute(sa.select(sa.func.count()).select_from(t.task)).scalar()
        assert {(row.state, row.number, row.in_force, row.in_force_on) for row in rows} == {
            ("effective", 1, True, None)
        }
        assert {(entry["move"], entry["seq"], entry["to_state"]) for entry in entries} == {("import", 1, "effective")}
        assert all(entry["hash"] == entry_hash(dict(entry)) for entry in entries)
        assert tasks == 0

    def test_reviews_are_spread_over_a_year(self, database: Database) -> None:
        bring_in(database)
        with database.read() as connection:
            days = [row[0] for row in connection.execute(sa.select(t.revision.c.review_due_on))]
        assert len(set(days)) == 74
        assert min(days) > NOW.date()
        assert max(days) <= NOW.date() + timedelta(days=366)

    def test_they_stand_in_the_order_of_the_register(self, database: Database) -> None:
        bring_in(database)
        with database.read() as connection:
            found = list(connection.execute(sa.select(t.document.c.code).order_by(t.document.c.sort_key)).scalars())
        numbers = [(int(code.split()[1][0]), int(code.split()[1][2:4])) for code in found]
        assert numbers == sorted(numbers)
        assert found[:3] == ["УД 1.01", "ЖЖ 1.02", "СК 1.03"]

    def test_types_that_the_legend_lacks_are_added_and_marked(self, database: Database) -> None:
        bring_in(database)
        with database.read() as connection:
            types = {row.code: row for row in connection.execute(sa.select(t.document_type))}
            routes = {row.type_code: row.facts["bodies"] for row in connection.execute(sa.select(t.route))}
        assert {code for code, row in types.items() if not row.in_legend} == {"ПО", "СТУ", "МР", "МИ"}
        assert {code for code, row in types.items() if row.in_legend} == {
            *("УД", "ЖЖ", "СК", "ЖС", "ПЛ", "УСТ", "АС", "УН", "УС", "КН", "ЖИ", "ДП", "НД")
        }
        assert routes.keys() == types.keys()
        assert all(routes.values())


class TestGroupsOfTheReport:
    @pytest.fixture
    def report(self, database: Database) -> Report:
        return bring_in(database)

    def test_1_type_and_code(self, report: Report) -> None:
        found = codes(report.in_group("1"))
        numbers = (
            *("1.05", "1.11", "2.03", "2.04", *(f"2.{n:02}" for n in range(8, 20))),
            *(f"3.{n:02}" for n in (*range(1, 7), 10, 11, *range(13, 18), 20, 21, 22)),
        )
        assert len(found) == 33
        assert set(found) == {f"ПО {number}" for number in numbers} | {"СТУ 1.12"}

    def test_2_not_in_the_legend(self, report: Report) -> None:
        found = Counter(str(finding.facts["abbreviation"]) for finding in report.in_group("2"))
        assert found == {"ПО": 32, "СТУ": 1, "МР": 1, "МИ": 1}

    def test_3_never_used(self, report: Report) -> None:
        assert [finding.facts["abbreviation"] for finding in report.in_group("3")] == ["ДП", "НД", "УС"]

    def test_4_numbers_shared(self, report: Report) -> None:
        assert {finding.facts["number"]: finding.facts["codes"] for finding in report.in_group("4")} == {
            "3.19": "ЖЖ 3.19:nn (55), УН 3.19 (57)",
            "3.20": "КН 3.20:nn (56), ПО 3.20 (58)",
        }

    def test_5_running_numbers(self, report: Report) -> None:
        assert [(f.line, f.facts["no"], f.facts["code"]) for f in report.in_group("5")] == [
            (57, "21", "УН 3.19"),
            (58, "22", "ПО 3.20"),
            (59, "23", "ПО 3.21"),
            (60, "24", "ПО 3.22"),
        ]

    def test_6_series(self, report: Report) -> None:
        assert codes(report.in_group("6")) == ["ЖЖ 3.19:nn", "КН 3.20:nn"]

    def test_slips_and_gaps(self, report: Report) -> None:
        assert Counter(finding.code for finding in report.in_group("text")) == {"full-stop": 10, "double-space": 1}
        assert [finding.facts["numbers"] for finding in report.in_group("gaps")] == ["3.23, 3.24"]

    def test_it_can_be_read_and_parsed(self, report: Report) -> None:
        for language in ("ky", "ru", "en"):
            assert "ПО 1.05" in report.in_words(language)
        assert report.to_json()["taken"] == 74
        assert len(report.to_json()["findings"]) == len(report.findings)


class TestASecondTime:
    def test_nothing_changes(self, database: Database) -> None:
        bring_in(database)
        before = kept(database)
        again = bring_in(database)
        assert (again.taken, again.unchanged, again.in_group("there")) == (0, 74, [])
        assert kept(database) == before

    def test_what_differs_is_reported_and_left(self, database: Database, tmp_path: Path) -> None:
        bring_in(database)
        before = kept(database)
        report = bring_in(database, write_tsv(tmp_path / "b.tsv", [HEAD, ("1", "8", "Аудит", "ЖЖ", "уст  1.08")]))
        assert [finding.code for finding in report.in_group("there")] == ["title-differs", "type-differs"]
        assert (report.taken, report.unchanged) == (0, 1)
        assert kept(database) == before

    def test_a_trial_run_leaves_the_database_as_it_was(self, database: Database) -> None:
        report = bring_in(database, dry_run=True)
        assert (report.taken, report.dry_run) == (74, True)
        assert kept(database) == []
        with database.read() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(t.document_type)).scalar() == 0

    def test_every_kind_of_file_gives_the_same(self, database: Database, tmp_path: Path) -> None:
        rows = rows_of(REGISTER)
        for path in (write_csv(tmp_path / "a.csv", rows, ";"), write_xlsx(tmp_path / "a.xlsx", rows)):
            bring_in(database, path, dry_run=True)
        bring_in(database, write_xlsx(tmp_path / "register.xlsx", rows))
        again = bring_in(database)
        assert (again.unchanged, again.in_group("there")) == (74, [])


class TestRowsThatCannotBeTaken:
    def test_are_listed_and_the_others_go_in(self, database: Database, tmp_path: Path) -> None:
        rows = [
            ("Реестр",),
            ("№", "Наименование", "Тип", "Шифр"),
            ("1. ЖЕТЕКТӨӨЧҮ ПРОЦЕССТЕР",),
            ("1", "Ички аудит", "УСТ", "УСТ 1.08"),
            ("2", "Кайталанган", "УСТ", "УСТ 1.08"),
            ("3", "Шифри жок", "УСТ", ""),
            ("4", "", "УСТ", "УСТ 1.09"),
            ("5", "Тиби жок", "", "ЖЖ 1.10"),
            ("6", "Башка", "ЖЖ", "жобо-7", "ашыкча"),
        ]
        report = bring_in(database, write_csv(tmp_path / "a.csv", rows, ";"))
        assert (report.rows, report.taken, report.refused) == (6, 3, 3)
        assert [(f.line, f.code) for f in report.in_group("fields")] == [
            (5, "code-twice"),
            (6, "no-code"),
            (7, "no-title"),
            (8, "no-type"),
            (9, "code-form"),
        ]
        assert [row[0] for row in kept(database)] == ["ЖЖ 1.10", "УСТ 1.08", "жобо-7"]

    def test_a_table_without_headings_is_refused(self, database: Database, tmp_path: Path) -> None:
        with pytest.raises(Malformed, match="columns"):
            bring_in(database, write_tsv(tmp_path / "a.tsv", [("1", "Ички аудит", "УСТ", "УСТ 1.08")]))

    @pytest.mark.parametrize("title", ['=cmd|"/c calc"!A1', "'; DROP TABLE document; --", "Жо\x00бо \x1b[2J", '"ачык'])
    def test_words_that_mean_harm_are_words(self, database: Database, tmp_path: Path, title: str) -> None:
        filler = [("1", str(n), "Ички аудит жөнүндө жобо", "УСТ", f"УСТ 1.{n:02}") for n in range(1, 10)]
        path = write_tsv(tmp_path / "a.tsv", [HEAD, ("1", "10", title, "УСТ", "УСТ 1.10"), *filler])
        assert bring_in(database, path).taken == 10
        expected = title.replace("\x00", "").replace("\x1b", "")
        assert {row[0]: row[1] for row in kept(database)}["УСТ 1.10"] == expected


class TestWhoMay:
    def test_the_quality_specialist_and_the_administrator_only(self, university: University) -> None:
        with pytest.raises(NotYours):
            import_register(university.database, REGISTER, university.as_("rector", NOW), NOW)
        report = import_register(university.database, REGISTER, university.as_("quality", NOW), NOW)
        assert report.taken + report.unchanged == 74
