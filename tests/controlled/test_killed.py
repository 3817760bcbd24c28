"""A process that is really killed while it makes a file: what it began dies with it, and another one makes the file."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from service.controlled import rows
from service.controlled.verify import Verdict, judge
from tests.controlled.making import NOW, Office, document
from tests.support.databases import address

PROGRAM = """
import sys
from pathlib import Path
from models.database import Database
from service.controlled import render
from tests.controlled.making import NOW, Office
from service.controlled.make import make
from service.settings import Settings
from tests.controlled.making import two_sheets

render.libreoffice = lambda: sys.argv[3]
make(Database(sys.argv[1]), Settings(home=Path(sys.argv[2]), base_url="https://sapat.uni.example"), two_sheets, NOW)
"""


class TestKilled:
    def test_in_the_middle_of_rendering(self, office: Office, tmp_path: Path) -> None:
        revision = office.in_force({"жобо.docx": document()})
        slow = tmp_path / "soffice"
        slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/rendering\nexec sleep 120\n")
        slow.chmod(0o755)
        told = [address(office.university.database), str(office.home), str(slow)]
        making = subprocess.Popen([sys.executable, "-c", PROGRAM, *told], cwd=Path(__file__).parents[2])
        rendering = tmp_path / "rendering"
        deadline = time.monotonic() + 60
        while not (rendering.is_file() and rendering.read_text().strip()):
            assert making.poll() is None, "it ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        making.kill()
        making.wait()
        assert _ended(int(rendering.read_text()))
        assert office.row(revision)["state"] == "pending"
        assert office.make(NOW + timedelta(minutes=1)) == {}, "it is in hand still"
        assert office.make(NOW + rows.IN_HAND) == {"controlled_made": 1}
        assert office.row(revision)["tried"] == 2
        assert judge(office.pdf(revision), office.home).verdict is Verdict.SEALED


def _ended(process: int) -> bool:
    """Whether it ends by itself within a moment; ended here where it does not."""
    for _ in range(50):
        try:
            if Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    return False
