"""The register of processes of TalSU comes in whole, with owners as far as they can be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.demo.organisation import load_organisation
from service.importing.owners import read_owners
from service.importing.processes import import_processes
from service.importing.report import Report
from service.organisation import CLOCK
from tests.importing.files import PROCESSES, rows_of, write_tsv

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def founded(database: Database) -> Database:
    load_organisation(database, NOW)
    return database


def bring_in(database: Database, path: Path = PROCESSES) -> Report:
    return import_processes(database, path, CLOCK, NOW)


def lines(report: Report, code: str) -> list[int | None]:
    return [finding.line for finding in report.findings if finding.code == code]


CODES = {row[1]: line for line, row in enumerate(rows_of(PROCESSES), start=1)}


class TestTheRealRegister:
    def test_fifteen_processes_come_in_and_stay_as_they_are(self, founded: Database) -> None:
        report = bring_in(founded)
        assert (report.rows, report.taken, report.refused) == (15, 15, 0)
        again = bring_in(founded)
        assert (again.taken, again.unchanged, again.in_group("there")) == (0, 15, [])

    def test_owners_are_zero_one_or_many_posts(self, founded: Database) -> None:
        bring_in(founded)
        owners = (
            sa.select(t.process.c.code, t.post.c.code)
            .outerjoin(t.process_owner, t.process_owner.c.process_id == t.process.c.id)
            .outerjoin(t.post, t.post.c.id == t.process_owner.c.post_id)
            .order_by(t.process.c.code, t.process_owner.c.position)
        )
        found: dict[str, list[str | None]] = {}
        with founded.read() as connection:
            for process, post in connection.execute(owners):
                found.setdefault(process, []).append(post)
        assert found["1.1"] == ["rector"]
        assert found["2.2"] == [None]
        assert len(found["2.4"]) == 6
        assert found["3.3"] == ["head_administration", "head_library"]
        assert found["3.4"] == ["head_distance_learning"]
        assert found["3.5"] == ["chief_accountant", "head_planning"]
        assert found["4.1"][0] == "quality_specialist"
        assert len(found["4.1"]) == 7

    def test_what_the_source_leaves_open_is_reported(self, founded: Database) -> None:
        report = bring_in(founded)
        assert lines(report, "none") == [CODES["2.2"]]
        assert lines(report, "ambiguous") == [CODES["3.4"]]
        assert {CODES[code] for code in ("3.2", "4.1")} <= set(lines(report, "unit"))
        assert {CODES[code] for code in ("2.4", "3.3", "3.5", "4.1")} <= set(lines(report, "several"))
        assert lines(report, "not-in-text") == [CODES["4.1"]]
        assert lines(report, "name-differs") == [CODES["2.4"], CODES["3.3"]]
        assert lines(report, "full-stop") == [CODES["1.2"], CODES["2.7"]]
        assert lines(report, "unknown") == []

    def test_words_are_kept_whatever_they_were_read_as(self, founded: Database) -> None:
        bring_in(founded)
        with founded.read() as connection:
            kept = {row.code: row.owner_as_given for row in connection.execute(sa.select(t.process))}
        assert kept == {row[1]: row[3].strip() for row in rows_of(PROCESSES)[1:]}


class TestOwnersWords:
    def test_the_longest_words_win(self) -> None:
        assert read_owners("Окуу бөлүмүнүн башчысы").posts == ("head_academic_office",)
        assert read_owners("Илимий жана окуу иштери боюнча проректор").posts == ("vice_rector_science",)

    def test_what_nobody_knows_is_left_over(self) -> None:
        owners = read_owners("Ректор, Айдоочу; Бухгалтерия")
        assert owners.posts == ("rector", "chief_accountant")
        assert owners.unknown == ("айдоочу",)


class TestOtherRegisters:
    def test_without_an_organisation_nothing_is_linked_but_all_is_kept(self, database: Database) -> None:
        report = bring_in(database)
        assert report.taken == 15
        assert lines(report, "no-such-post")

    def test_incomplete_and_repeated_rows_are_listed(self, database: Database, tmp_path: Path) -> None:
        rows = [("№", "Процесс", "Владелец"), ("1.1", "Пландоо", ""), ("1.1", "Кайра", ""), ("", "Аты гана", "")]
        report = bring_in(database, write_tsv(tmp_path / "p.tsv", rows))
        assert (report.rows, report.taken, report.refused) == (3, 1, 2)
