"""The board, lists and figures over 100,000 records, as served: `python -m benchmarks.board [sqlite|postgres]`.

The limit serves the same page from rows of the bare driver through the same Jinja2 template: no permissions, no names
looked up on a day, no numbers by unit and age. Both are processes of their own; clients keep their connections.
"""

import gc
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from http.client import HTTPConnection
from threading import Barrier
from time import perf_counter
from typing import Any, Final

import psycopg
import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from benchmarks.figures import Figure, beside, interleaved, show
from benchmarks.places import Place, place
from benchmarks.running import Running, free_port, running
from benchmarks.university import NOW
from benchmarks.years import fill
from models.database import Database
from service.settings import Settings
from service.web.app import create_app
from service.web.pages.frame import environment
from service.web.site import Site

RECORDS: Final = 100_000
ROUNDS: Final = 3
REQUESTS: Final = 48  # of each client's measurement, together
CLIENTS: Final = (1, 16)
# Who asks for what: an office reads everything, the head of the largest unit a sixth, somebody in a unit a little.
PAGES: Final = {
    "board_office": ("quality_specialist", "/late"),
    "board_head": ("U0-0", "/late"),
    "board_person": ("U11-3", "/late"),
    "board_groups": ("quality_specialist", "/late/by/unit"),
    "list_office": ("quality_specialist", "/nonconformities"),
    "list_person": ("U11-3", "/nonconformities"),
    "figures_year": ("quality_specialist", "/figures/actions"),
}
_LATE: Final = """
    SELECT task.id, record.id, record.code, record.title, record.kind, task.step, post.name_ky, task.due_at, task.rung,
           task.next_notice_at
    FROM task JOIN record ON record.id = task.record_id JOIN post ON post.id = task.holder_post_id
    WHERE task.closed_at IS NULL AND task.due_at < {} ORDER BY task.due_at, task.id LIMIT 51"""
_TOLD: Final = """
    SELECT notice.task_id, notice.sent_at, notice.part, person.name_ky
    FROM notice JOIN person ON person.id = notice.reader_id WHERE notice.task_id IN ({}) AND notice.rung IS NOT NULL
    ORDER BY notice.created_at"""
_COUNT: Final = "SELECT count(*) FROM task WHERE closed_at IS NULL AND due_at < {}"


def measure(kind: str, records: int = RECORDS) -> dict[str, Figure]:
    """Pages per second with 1 and with 16 clients, each beside the limit with as many."""
    with place(kind) as here:
        with closing(here.new("years")) as database:
            fill(database, records)
        url = here.url("years")
        with _served("product", url) as product, _served("limit", url) as limit:
            found: dict[str, Figure] = {}
            for name, (person, path) in PAGES.items():
                for clients in CLIENTS:
                    both = [
                        lambda _, one=one, who=who, path=path, many=clients: rate(one, who, path, many)
                        for one, who, path in ((product, person, path), (limit, "", "/late"))
                    ]
                    found[f"{name}_{kind}_{clients}"] = beside("pages/s", *interleaved(ROUNDS, both))
                    show([(f"{name}_{kind}_{clients}", found[f"{name}_{kind}_{clients}"])])
            found |= _exports(product, here, kind)
            return found


def rate(one: Running, person: str, path: str, clients: int, requests: int = REQUESTS) -> float:
    """Pages per second that so many clients get together."""
    each = max(1, requests // clients)
    barrier = Barrier(clients + 1)
    with ThreadPoolExecutor(clients) as pool:
        asked = [pool.submit(_ask, one.port, person, path, each, barrier) for _ in range(clients)]
        barrier.wait()
        begun = perf_counter()
        for client in asked:
            client.result()
    return each * clients / (perf_counter() - begun)


def _ask(port: int, person: str, path: str, times: int, barrier: Barrier) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        barrier.wait()
        for _ in range(times):
            connection.request("GET", path, headers={"Sapat-Person": person, "Accept-Language": "ky"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)


def _exports(product: Running, here: Place, kind: str) -> dict[str, Figure]:
    """Rows per second of a list taken away, beside the bare driver reading the same rows; and what memory it takes."""
    before = sum(process.memory_info().rss for process in product.tree())

    def taken(_: int) -> float:
        begun = perf_counter()
        with closing(HTTPConnection("127.0.0.1", product.port, timeout=600)) as connection:
            connection.request("GET", "/exports/nonconformities.csv", headers={"Sapat-Person": "rector"})
            lines = connection.getresponse().read().count(b"\r\n")
        return lines / (perf_counter() - begun)

    def read(_: int) -> float:
        begun = perf_counter()
        with closing(here.bare("years")) as bare:
            statement = "SELECT * FROM record JOIN nonconformity ON record_id = id ORDER BY id DESC"
            rows = sum(1 for _ in bare.execute(statement))
        return rows / (perf_counter() - begun)

    rates = beside("rows/s", *interleaved(2, [taken, read]))
    after = sum(process.memory_info().rss for process in product.tree())
    grown = Figure(round((after - before) / 1e6, 1), "MB more", round(before / 1e6, 1), round(after / before, 3))
    found = {f"export_{kind}": rates, f"export_memory_{kind}": grown}
    show(found.items())
    return found


@contextmanager
def _served(what: str, url: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.board", what, url, str(port)]
    with running(command, port, "/static/favicon.svg" if what == "product" else "/late") as found:
        yield found


def _product(url: str, port: int) -> None:
    """Sapat's pages over that database, on the day on which it ends; anybody is believed who they say they are."""
    site = Site(Settings(base_url=f"http://127.0.0.1:{port}"), Database(url), lambda: NOW)
    serve(create_app(site), port)


def _limit(url: str, port: int) -> None:
    """The page of the board from the driver's rows."""
    address = sa.make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    environment("ky").globals["drawn"] = partial  # plain Jinja2 draws each row again
    template = environment("ky").get_template("late.html")
    mark = "?" if is_sqlite else "%s"

    def connect() -> Any:
        if is_sqlite:
            return sqlite3.connect(str(address.database), isolation_level=None)
        return psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))

    bare = connect()
    now = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else NOW

    async def late(_: Request) -> HTMLResponse:
        rows = bare.execute(_LATE.format(mark), (now,)).fetchall()[:50]
        told: dict[Any, list[dict[str, Any]]] = {}
        for task, at, part, reader in bare.execute(
            _TOLD.format(",".join([mark] * len(rows))), [row[0] for row in rows]
        ):
            told.setdefault(task, []).append({"at": str(at)[:10], "part": part, "reader": reader, "note": ""})
        total = bare.execute(_COUNT.format(mark), (now,)).fetchone()[0]
        lines = [_line(row, told.get(row[0], [])[:8]) for row in rows]
        return HTMLResponse(template.render(_frame(total, lines)))

    serve(Starlette(routes=[Route("/late", late)]), port)


def _line(row: Sequence[Any], told: list[dict[str, Any]]) -> dict[str, Any]:
    _, record, code, title, kind, step, holder, due, rung, after = row
    day = due if isinstance(due, datetime) else datetime.fromisoformat(due)
    days = (NOW.date() - day.date()).days
    return {
        "text": step,
        "href": f"/{kind}/{record}",
        "code": code,
        "title": title,
        "holder": holder,
        "people": [holder],
        "due": {"days": -days, "date": str(due)[:10], "iso": str(due)[:10]},
        "first_due": "",
        "rung": f"{rung}/7",
        "told": told,
        "last": told[-2:],
        "next": {"text": holder, "names": holder, "at": str(after)[:10], "note": ""},
        "nudge": f"/tasks/{record}/nudge",
        "asked": False,
        "others": [],
        "days": [],
    }


def _frame(total: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    links = [{"href": "/late", "label": "Мөөнөтү өткөндөр", "current": True}] * 12
    fields = [{"name": "kind", "label": "Түрү", "value": "", "choices": [{"value": "1", "label": "Бөлүм"}] * 12}] * 5
    around = {"lang": "ky", "version": "0", "navigation": links, "languages": [], "person": None, "soon": False}
    board = {"tabs": links[:2], "tiles": [], "groupings": links[:5], "fields": fields, "active": [], "exports": []}
    return {**around, **board, "path": "/late", "here": "/late", "every": total, "rows": lines, "total": str(total)}


def serve(app: Any, port: int) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def main(arguments: list[str]) -> int:
    """Measure on the databases named (SQLite, where none is), or be what is measured."""
    if arguments[:1] == ["product"] or arguments[:1] == ["limit"]:
        (_product if arguments[0] == "product" else _limit)(arguments[1], int(arguments[2]))
        return 0
    for kind in arguments or ["sqlite"]:
        measure(kind)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
