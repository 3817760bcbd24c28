"""Decisions over HTTP: sixteen clients, one web process on SQLite: `python -m benchmarks decision_http`.

The limit is a web application of the same kind that reads the same request and commits one durable row for it. Nobody
signs in: who decides is believed. Both are processes of their own; clients keep their connections.
"""

import asyncio
import gc
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from benchmarks.decision import GIVEN
from benchmarks.figures import Figure, beside, interleaved
from benchmarks.places import place
from benchmarks.running import Running, free_port, running
from benchmarks.university import NOW, found, submit_revisions
from models.database import Database
from service.settings import Settings
from service.web.app import create_app
from service.web.site import Site

CLIENTS: Final = 16
ROUNDS: Final = 7
DECISIONS: Final = 800  # in each round, of all clients together


def measure() -> dict[str, Figure]:
    """Decisions per second that sixteen clients get together, and how long the slowest twentieth waits."""
    with place("sqlite") as here:
        with closing(here.new("decided")) as database:
            records = submit_revisions(database, found(database), ROUNDS * DECISIONS)
        waits: dict[str, list[float]] = {"product": [], "limit": []}
        with _served("product", here.url("decided")) as product, _served("limit", here.url("ledger")) as limit:

            def rate(what: str, one: Running, number: int) -> float:
                mine = records[number * DECISIONS : (number + 1) * DECISIONS]
                begun = perf_counter()
                seen = asyncio.run(_all(one.port, mine))
                took = perf_counter() - begun
                waits[what].append(quantiles(seen, n=20)[-1])
                return DECISIONS / took

            both = [lambda number: rate("product", product, number), lambda number: rate("limit", limit, number)]
            rates = interleaved(ROUNDS, both)
    return {
        "decision_http": beside("decisions/s", *rates),
        "decision_http_p95": beside("ms p95", waits["product"], waits["limit"]),
    }


async def _all(port: int, records: Sequence[UUID]) -> list[float]:
    """How long (ms) each of the decisions took, made by the clients side by side."""
    shares = (records[one::CLIENTS] for one in range(CLIENTS))
    return [one for some in await asyncio.gather(*(_client(port, mine) for mine in shares)) for one in some]


async def _client(port: int, records: Sequence[UUID]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = json.dumps({"move": "endorse", "given": {**GIVEN, "votes_for": 11}}).encode()
    took = []
    for record_id in records:
        begun = perf_counter()
        writer.write(
            f"POST /api/revisions/{record_id}/moves HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nSapat-Person: secretary_ouk\r\nContent-Length: {len(told)}\r\n\r\n"
            "".encode()
            + told
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        answer = await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
        assert head.split()[1] == str(HTTPStatus.OK.value), answer
        took.append((perf_counter() - begun) * 1e3)
    writer.close()
    await writer.wait_closed()
    return took


@contextmanager
def _served(what: str, url: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.deciding", what, url, str(port)]
    with running(command, port, "/static/favicon.svg" if what == "product" else "/") as one:
        yield one


def _product(url: str, port: int) -> FastAPI:
    return create_app(Site(Settings(base_url=f"http://127.0.0.1:{port}"), Database(url), lambda: NOW))


def _limit(url: str, _port: int) -> FastAPI:
    ledger = sqlite3.connect(Path(str(sa.make_url(url).database)), isolation_level=None)
    ledger.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE said (of TEXT, what TEXT)")
    app = FastAPI()

    @app.get("/")
    async def ready() -> str:
        return "ready"

    @app.post("/api/revisions/{record_id}/moves")
    async def decide(record_id: str, told: dict[str, Any]) -> dict[str, str]:
        ledger.execute("INSERT INTO said VALUES (?, ?)", (record_id, json.dumps(told)))
        return {"said": record_id}

    return app


if __name__ == "__main__":
    served = {"product": _product, "limit": _limit}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    uvicorn.run(served, host="127.0.0.1", port=int(sys.argv[3]), log_level="warning", access_log=False)
