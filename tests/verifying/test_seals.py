"""Sealing: what moved goes into a root, once, whoever seals at the same time."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.sealing import Sealed, seal
from service.verifying import findings as say
from service.verifying.merkle import Tree
from tests.support.together import together
from tests.verifying.archive import START, Archive

# RFC 9162's tree over these leaves; the roots are those of Certificate Transparency's own reference tests.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaves(archive: Archive, number: int) -> dict[str, int]:
    """The records of a seal by code, each with the number of its last entry."""
    codes = {record: code for code, record in archive.records.items()}
    with archive.database.read() as connection:
        found = connection.execute(sa.select(t.seal_leaf).where(t.seal_leaf.c.seal_number == number))
        return {codes[row.record_id]: row.seq for row in found}


class TestATree:
    def test_has_the_roots_of_the_reference(self) -> None:
        tree = Tree()
        assert tree.root() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        for leaf, root in zip(LEAVES, ROOTS, strict=True):
            tree.add(bytes.fromhex(leaf))
            assert tree.root() == root


class TestASeal:
    def test_has_what_moved_since_the_one_before_and_nothing_else(self, archive: Archive) -> None:
        assert leaves(archive, 1) == {"A": 2, "B": 3}
        assert leaves(archive, 2) == {"A": 3}
        archive.seal()
        assert leaves(archive, 3) == {"A": 4, "C": 3}

    def test_is_not_made_where_nothing_has_changed(self, archive: Archive) -> None:
        assert archive.seal() is not None
        assert archive.seal() is None
        archive.event("signed.in")
        made = archive.seal()
        assert made is not None
        assert (made.number, made.leaves) == (4, 0)
        assert archive.seal() is None

    def test_is_not_made_of_nothing(self, database: Database) -> None:
        assert seal(database, START) is None

    def test_chains_to_the_one_before(self, archive: Archive) -> None:
        third = archive.seal()
        assert third is not None
        with archive.database.read() as connection:
            second = connection.execute(sa.select(t.seal.c.hash).where(t.seal.c.number == 2)).scalar_one()
        assert third.previous == second

    def test_has_an_entry_that_was_committed_after_a_newer_one_was_sealed(self, archive: Archive) -> None:
        """Its identifier is older than the newest that is sealed; the day's margin is what finds it."""
        early = new_id()
        archive.seal()
        archive.go("B", 1)
        archive.seal()
        archive.go("D", 1)
        archive.rewrite("D", lambda entries: entries[0].update(id=early))
        archive.seal()
        assert leaves(archive, 5) == {"D": 1}
        assert archive.verified().well

    def test_looks_at_all_records_where_the_clock_has_gone_back(self, archive: Archive) -> None:
        archive.now = START - timedelta(days=365 * 20)
        archive.go("B", 1)
        _made_long_ago(archive, "B")
        archive.seal()
        assert leaves(archive, 3)["B"] == 4

    def test_looks_at_all_records_in_a_new_month(self, archive: Archive) -> None:
        archive.go("B", 1)
        _made_long_ago(archive, "B")
        archive.seal()
        assert "B" not in leaves(archive, 3)
        archive.now += timedelta(days=31)
        archive.seal()
        assert leaves(archive, 4) == {"B": 4}

    @pytest.mark.parametrize("at_once", [2, 8])
    def test_is_one_though_several_seal_at_once(self, archive: Archive, at_once: int) -> None:
        made = together([lambda: seal(archive.database, archive.now)] * at_once)
        assert [one.number for one in made if isinstance(one, Sealed)] == [3]
        assert archive.verified().well

    def test_is_whole_while_others_write(self, archive: Archive) -> None:
        def write(code: str) -> None:
            for _ in range(20):
                archive.event("signed.in", who=code)

        def keep_sealing() -> None:
            for _ in range(10):
                seal(archive.database, archive.now)

        assert together([lambda: write("a"), lambda: write("b"), keep_sealing, keep_sealing]) == [None] * 4
        seal(archive.database, archive.now)
        report = archive.verified()
        assert report.well
        assert (report.since_seal, report.events_since, report.counts["event"]) == (0, 0, 44)


class TestWhatWasPrinted:
    @pytest.fixture
    def printed(self, tmp_path: Path) -> Path:
        return tmp_path / "home" / "seals.txt"

    def test_has_a_line_for_each_seal_once(self, archive: Archive, printed: Path) -> None:
        made = seal(archive.database, archive.now, printed)
        seal(archive.database, archive.now, printed)
        assert made is not None
        lines = printed.read_text().splitlines()
        assert lines[2] == f"3 {made.at} {made.root} {made.hash}"
        assert [line.partition(" ")[0] for line in lines] == ["1", "2", "3"]

    def test_agrees_with_the_database_that_it_came_from(self, archive: Archive, printed: Path) -> None:
        seal(archive.database, archive.now, printed)
        assert archive.verified(printed=printed.read_text().splitlines()).well

    def test_finds_all_seals_written_anew(self, archive: Archive, printed: Path) -> None:
        seal(archive.database, archive.now, printed)
        lines = printed.read_text().splitlines()
        archive.rewrite("B", lambda entries: entries[1].update(given={}))
        archive.strike("DELETE FROM seal_leaf")
        archive.strike("DELETE FROM seal")
        seal(archive.database, archive.now, printed)
        assert archive.verified().well
        report = archive.verified(printed=lines)
        assert {finding.sentence for finding in report.others} == {say.PRINTED}
        assert len(report.others) == 3
        assert printed.read_text().splitlines()[:3] == lines

    def test_finds_that_the_last_seals_were_taken_away(self, archive: Archive, printed: Path) -> None:
        seal(archive.database, archive.now, printed)
        archive.strike("DELETE FROM seal_leaf WHERE seal_number = 3")
        archive.strike("DELETE FROM seal WHERE number = 3")
        (missed,) = archive.verified(printed=printed.read_text().splitlines()).others
        assert (missed.sentence, missed.facts["line"][:2]) == (say.PRINTED, "3 ")

    def test_may_be_the_root_or_the_hash_alone(self, archive: Archive) -> None:
        made = archive.seal()
        assert made is not None
        assert archive.verified(roots=[made.root, made.hash.upper(), f" {made.previous}\n"]).well
        (missed,) = archive.verified(roots=["0" * 64]).others
        assert missed.sentence == say.NO_ROOT


def _made_long_ago(archive: Archive, code: str) -> None:
    """Give the record's entries identifiers of a clock that was years behind."""

    def change(entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            entry["id"] = UUID(int=(1 << 120) + entry["seq"])

    archive.rewrite(code, change)
