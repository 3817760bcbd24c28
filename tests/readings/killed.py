"""Asking readers in a process of its own that kills itself -9 before its n-th statement that writes."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from models.database import Database
from service import readings
from tests.support.databases import address
from tests.support.statements import heard, is_write

ROOT = Path(__file__).parents[2]
BATCH = 5


def killed(database: Database, now: datetime, before: int) -> int:
    """Ask until that statement; how the process ended."""
    job = [sys.executable, "-m", "tests.readings.killed", address(database), now.isoformat(), str(before)]
    return subprocess.run(job, cwd=ROOT, check=False, timeout=120).returncode


def _main(url: str, moment: str, before: str) -> None:
    left = int(before)

    def count(statement: str) -> None:
        nonlocal left
        left -= is_write(statement)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    readings.AT_ONCE = BATCH  # type: ignore[misc]  # smaller, for this test
    database = Database(url)
    with heard(database, count):
        readings.ask_readers(database, datetime.fromisoformat(moment))


if __name__ == "__main__":
    _main(*sys.argv[1:])
