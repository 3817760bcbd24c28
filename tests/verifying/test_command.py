"""The command: `sapat verify`, `sapat export history`, and the seal at the end of a day."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.daily import whole_day
from tests.support.databases import address
from tests.verifying.archive import Archive

SAPAT = Path(sys.executable).with_name("sapat")


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def sapat(archive: Archive, tmp_path: Path) -> Callable[..., Said]:
    """Run the command on the archive."""

    def run(*words: object, database: bool = True) -> Said:
        known = {name: value for name, value in os.environ.items() if not name.startswith("SAPAT_")}
        where = address(archive.database) if database else "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"
        env = {**known, "SAPAT_HOME": str(tmp_path / "home"), "SAPAT_DATABASE_URL": where}
        done = subprocess.run([SAPAT, *map(str, words)], env=env, capture_output=True, text=True, timeout=60)
        return Said(done.returncode, done.stdout, done.stderr)

    return run


class TestVerify:
    def test_says_that_nothing_was_touched(self, sapat: Callable[..., Said]) -> None:
        said = sapat("verify")
        assert said.code == 0, said.err
        assert "Nothing was touched." in said.out
        assert "Seen: 3 records, 10 history entries, 1 signatures, 4 events, 2 seals." in said.out
        assert "Newer than the last seal: 4 entries" in said.out

    def test_names_what_was_touched_and_exits_with_1(self, archive: Archive, sapat: Callable[..., Said]) -> None:
        archive.strike("UPDATE history SET actor_id = NULL WHERE record_id = ? AND seq = 2", archive.of("B"))
        archive.strike("DELETE FROM history WHERE record_id = ? AND seq = 1", archive.of("C"))
        said = sapat("verify")
        assert said.code == 1
        assert f"B, entry 2 ({archive.of('B')}), sealed by 1 at 2030-" in said.out
        assert "C, entry 1" in said.out
        told = sapat("verify", "--json").json
        assert (told["well"], told["touched"]) == (False, 2)
        assert (told["first"]["code"], told["first"]["seq"], told["first"]["seal"]) == ("B", 2, 1)

    def test_compares_with_what_was_kept_elsewhere(
        self, archive: Archive, sapat: Callable[..., Said], tmp_path: Path
    ) -> None:
        archive.event("signed.in")
        sealed = sapat("daily", "--at", "2030-04-01T09:00", "--json")
        read = {"readers_asked": 0, "readings_lapsed": 0}
        assert sealed.json == {"woken": 0, "refused": 0, **read, "reheld": 0, "seals": 1, "sealed": 2}
        printed = tmp_path / "home" / "seals.txt"
        root = printed.read_text().splitlines()[-1].split()[2]
        assert sapat("verify", "--seals", printed, "--root", root).code == 0
        archive.strike("UPDATE seal SET at = '2030-01-01 00:00:00.000000' WHERE number = 3")
        assert "3 2030-04-01T03:00:00.000000+00:00" in sapat("verify", "--seals", printed).out
        assert sapat("verify", "--root", "0" * 64).code == 1
        assert sapat("verify", "--seals", tmp_path / "absent").code == 2


class TestAnExport:
    def test_is_verified_where_there_is_no_database(
        self, archive: Archive, sapat: Callable[..., Said], tmp_path: Path
    ) -> None:
        file = tmp_path / "history.jsonl.gz"
        assert "entry: 10" in sapat("export", "history", file).out
        assert sapat("verify", file, database=False).code == 0
        archive.strike("UPDATE history SET move = 'x' WHERE record_id = ? AND seq = 2", archive.of("B"))
        sapat("export", "history", file)
        said = sapat("verify", file, "--json", database=False)
        assert said.code == 1
        assert said.json["first"]["code"] == "B"

    def test_that_is_damaged_is_said_to_be_so(self, sapat: Callable[..., Said], tmp_path: Path) -> None:
        (tmp_path / "none").write_bytes(b"nonsense")
        said = sapat("verify", tmp_path / "none", database=False)
        assert said.code == 1
        assert "it cannot be read to its end: line 1 is no line of an export" in said.out


class TestADay:
    def test_ends_with_a_seal_and_a_second_one_makes_none(self, archive: Archive, tmp_path: Path) -> None:
        printed = tmp_path / "seals.txt"
        assert whole_day(archive.database, archive.now, printed)["sealed"] == 2
        assert whole_day(archive.database, archive.now, printed)["seals"] == 0
        assert len(printed.read_text().splitlines()) == 3
        assert archive.verified().since_seal == 0
