"""What Sapat does by itself, in a process of its own that may be killed -9.

Importing costs seconds, so one process has imported everything and forks a worker for each job: a line of JSON
(database, SMTP server, moment, and n: die, as of kill -9, just before the n-th statement that writes; 0 to live) is
answered with the worker's pid; the next line lets it begin; then comes how it ended.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.database import Database
from service.daily import daily
from service.outbox import deliver
from service.sweep import sweep
from states.registry import lifecycles
from tests.support.post import office_of
from tests.support.statements import heard, is_write

ROOT = Path(__file__).parent.parent.parent
KILLED = -signal.SIGKILL


@dataclass
class Worker:
    """One worker, forked and waiting to begin."""

    pid: int
    nursery: "Nursery"

    def ended(self) -> int:
        """Let it work and wait for its end; how it ended. Anything but success and kill -9 fails the test."""
        self.nursery.say("go")
        status = int(self.nursery.hear())
        assert status in (0, KILLED), f"the worker ended with {status}; its complaint is above"
        return status


class Nursery:
    """The process that forks workers, one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def worker(self, database_url: str, smtp_url: str, now: datetime, die_before: int = 0) -> Worker:
        """A worker for one moment."""
        self.say(json.dumps([database_url, smtp_url, now.isoformat(), die_before]))
        return Worker(int(self.hear()), self)

    def say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the nursery is gone"
        return line

    def close(self) -> None:
        self._process.communicate(timeout=30)


def work(database_url: str, smtp_url: str, moment: str, die_before: int) -> None:
    """Do the daily work, the sweep and a delivery of one moment."""
    database, now = Database(database_url), datetime.fromisoformat(moment)
    left = die_before

    def count(statement: str) -> None:
        nonlocal left
        left -= is_write(statement)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def do() -> None:
        daily(database, now)
        sweep(database, now)
        asyncio.run(deliver(office_of(database, smtp_url), now))

    if die_before:
        with heard(database, count):
            do()
    else:
        do()


def _forked(job: str) -> None:
    begin, let = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(let)
            if os.read(begin, 1):
                work(*json.loads(job))
        except BaseException:  # noqa: BLE001 - a child must never go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(pid, flush=True)  # noqa: T201 - the answer
    sys.stdin.readline()
    os.write(let, b"!")
    os.close(let)
    os.close(begin)
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    lifecycles()  # imported before the first fork
    for line in iter(sys.stdin.readline, ""):
        _forked(line)
