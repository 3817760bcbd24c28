"""Sapat as it is served: how soon it answers, what it needs at rest, how soon a decision is in somebody's mailbox."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import UUID

import aiosmtplib

from benchmarks.decision import GIVEN
from benchmarks.figures import Figure, beside, interleaved
from benchmarks.null_smtp import null_smtp
from benchmarks.running import Running, bare_prefect, bare_web, sapat
from benchmarks.university import found, persons, submit_revisions
from models.database import Database
from models.schema import upgrade
from service.accounts.proving import note_signed
from service.accounts.sessions import find_session, open_session
from service.settings import Settings
from service.web.site import session_cookie

STARTS = 5
SETTLING, RESTING = 45.0, 60.0
DECISIONS, MAILS_EACH = 50, 2


@contextmanager
def _home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="sapat-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def start() -> dict[str, Figure]:
    """From the process's start to the first page, on a database that is there; beside a FastAPI that says hello."""
    with _home() as home:
        with sapat(home):
            pass

        def product(_round: int) -> float:
            with sapat(home) as one:
                return one.started_in

        def limit(_round: int) -> float:
            with bare_web() as one:
                return one.started_in

        return {"start": beside("s", *interleaved(STARTS, [product, limit]))}


def idle() -> dict[str, Figure]:
    """Memory and processor of the whole tree at rest, beside a bare Prefect server resting at the same time."""
    with _home() as home, _home() as other:
        with sapat(home):
            pass
        with sapat(home) as product, bare_prefect(other) as limit:
            time.sleep(SETTLING)
            before, begun = [_cpu(product), _cpu(limit)], time.monotonic()
            time.sleep(RESTING)
            took = time.monotonic() - begun
            busy = [(_cpu(one) - was) / took * 100 for one, was in zip((product, limit), before, strict=True)]
            return {
                "idle": beside("MB resident", [_memory(product)], [_memory(limit)]),
                "idle_cpu": beside("% of a core", busy[:1], busy[1:]),
            }


def _cpu(one: Running) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in one.tree())


def _memory(one: Running) -> float:
    return float(sum(process.memory_info().rss for process in one.tree())) / 1e6


def mail_latency() -> dict[str, Figure]:
    """Milliseconds from a decision's request over HTTP to each of its mails at the server.

    The limit commits one row durably and sends one ready mail of that size over a connection of its own.
    """
    with _home() as home, null_smtp() as (port, came):
        records, session = _prepare(home)
        settings = {"smtp_url": f"smtp://127.0.0.1:{port}", "demonstration": False}
        with sapat(home, **settings) as one, closing(_ledger(home)) as ledger:
            time.sleep(10)  # until Prefect is ready: deliver runs as its flow
            # Further apart than the second that the dispatcher lets pass between two deliveries.
            random, latencies, limits = Random(7), list[float](), list[float]()
            for record_id in records:
                time.sleep(random.uniform(1.2, 2.2))
                latencies += _arrivals(came, partial(_decide, one.port, session, record_id), MAILS_EACH)
                time.sleep(random.uniform(0.1, 0.3))
                limits += _arrivals(came, partial(_bare, ledger, port), 1)
    p50, p95 = _figure(latencies, limits, 50), _figure(latencies, limits, 95)
    return {"mail_latency": p50, "mail_latency_p95": p95}


def _figure(latencies: list[float], limits: list[float], percent: int) -> Figure:
    value, limit = (quantiles(some, n=100)[percent - 1] for some in (latencies, limits))
    return Figure(round(value, 2), f"ms p{percent}", round(limit, 2), round(value / limit, 3))


def _arrivals(came: "Queue[int]", work: Callable[[], object], mails: int) -> list[float]:
    while not came.empty():  # reminders that were due when Sapat started
        came.get()
    begun = time.monotonic_ns()
    work()
    return [(came.get(timeout=30) - begun) / 1e6 for _ in range(mails)]


def _prepare(home: Path) -> tuple[list[UUID], str]:
    """Revisions to be decided, and the secretary's session: a signature was made in it just now, others may follow."""
    now = datetime.now(UTC)
    with closing(Database(f"sqlite:///{home / 'sapat.db'}")) as database:
        upgrade(database)
        records = submit_revisions(database, found(database), DECISIONS)
        secretary = persons(database)["secretary_ouk"]
        with database.write() as connection:
            token = open_session(connection, secretary, "password", now)
            note_signed(connection, find_session(connection, token, now), now)
        return records, token


def _decide(port: int, session: str, record_id: UUID) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        told = json.dumps({"move": "endorse", "given": {**GIVEN, "votes_for": 11}})
        cookie = {"Cookie": f"{session_cookie(Settings())}={session}", "Sec-Fetch-Site": "same-origin"}
        headers = {"Content-Type": "application/json", **cookie}
        connection.request("POST", f"/api/revisions/{record_id}/moves", told, headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()


def _ledger(home: Path) -> sqlite3.Connection:
    ledger = sqlite3.connect(home / "ledger.db", isolation_level=None)
    ledger.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE said (what TEXT)")
    return ledger


def _bare(ledger: sqlite3.Connection, port: int) -> None:
    ledger.execute("INSERT INTO said VALUES ('endorsed')")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "sapat@u.example", "secretary@u.example", "Чечим"
    mail.set_content("Чечим кабыл алынды. " * 300)
    asyncio.run(aiosmtplib.send(mail, hostname="127.0.0.1", port=port))
