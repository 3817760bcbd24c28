"""The command `sapat import … --json`: what it says is JSON whose sentences and facts are words in one language."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importing.nonconformity_lists import LISTS
from tests.support.databases import address
from tests.support.university import University

SAPAT = (sys.executable, "-m", "sapat")


def told(university: University, home: Path, *words: object) -> Any:
    """What the command says, which must be JSON."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("SAPAT_")}
    env = {**known, "SAPAT_HOME": str(home), "SAPAT_DATABASE_URL": address(university.database)}
    done = subprocess.run([*SAPAT, *map(str, words)], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("file", sorted(LISTS.iterdir()), ids=lambda one: one.name)
def test_an_import_says_its_findings_in_one_language(
    university: University, tmp_path: Path, file: Path, language: str
) -> None:
    report = told(
        university, tmp_path, "import", "nonconformities", file, "--dry-run", "--json", "--language", language
    )
    assert report["dry_run"] is True
    assert report["rows"] == report["taken"] + report["unchanged"] + report["refused"]
    assert report["findings"]
    for one in report["findings"]:
        assert one["says"]
        assert "Text(" not in json.dumps(one, ensure_ascii=False)
        assert all(isinstance(fact, str | int) for fact in one["facts"].values())


def test_a_fact_that_is_a_name_is_told_in_the_language(university: University, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Несоответствие,Статус,Ответственный\nЖурнал жок,снято с контроля,Никто\n", "utf-8")
    said = {
        language: told(
            university, tmp_path, "import", "nonconformities", file, "--dry-run", "--json", "--language", language
        )
        for language in ("ky", "ru", "en")
    }
    steps = {
        language: next(one["facts"]["step"] for one in report["findings"] if one["code"] == "status-read")
        for language, report in said.items()
    }
    assert steps == {"ky": "жабылды", "ru": "закрыто", "en": "closed"}
