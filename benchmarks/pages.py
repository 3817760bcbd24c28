"""The pages of a quality specialist's day over simulated years, as served: `python -m benchmarks pages`.

Five years of `sapat simulate`, at full size, and ten days more: 2,000 nonconformities and 5,000 actions. The limit of a
page reads its rows by the bare driver and puts the very context that the product had into the same Jinja2 template: no
permissions, no organisation, no words looked up, and each row drawn again. `page_…_unseen` are the product's pages when
nothing of them has ever been drawn. All are processes of their own; clients keep their connections.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import httpx
import jinja2
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.board import rate, serve
from benchmarks.figures import Figure, beside, interleaved, show
from benchmarks.places import place
from benchmarks.running import Running, free_port, running
from models import tables as t
from models.database import Database
from service.importing.facts import DATA
from service.importing.register import import_register
from service.organisation import CLOCK
from service.settings import Settings
from service.simulating.simulate import Plan, simulate
from service.sweep import sweep
from service.web.app import create_app
from service.web.pages.frame import environment
from service.web.site import Site

UNTIL: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW: Final = UNTIL + timedelta(days=10)
PERSON: Final = "quality_specialist"
LANGUAGE: Final = "ky"
ROUNDS: Final = 5
REQUESTS: Final = 96  # of all clients together, in each round
CLIENTS: Final = (1, 16)
# Each page with the rows that it shows, as the bare driver reads them. `:post` and `:person` are the specialist's,
# `:now` is the moment, `:of` the nonconformity that has the most actions.
PAGES: Final = {
    "tasks": (
        "/tasks",
        "SELECT * FROM task JOIN record ON record.id = task.record_id WHERE task.closed_at IS NULL"
        " AND holder_post_id = :post ORDER BY due_at LIMIT 200",
    ),
    "late": (
        "/late",
        "SELECT * FROM task JOIN record ON record.id = task.record_id JOIN notice ON notice.task_id = task.id"
        " WHERE task.id IN (SELECT id FROM task WHERE closed_at IS NULL AND due_at < :now ORDER BY due_at, id LIMIT 50)"
        " AND notice.rung IS NOT NULL",
    ),
    "told": (
        "/told",
        "SELECT * FROM notice JOIN record ON record.id = notice.record_id WHERE reader_id = :person"
        " ORDER BY created_at DESC, key DESC LIMIT 51",
    ),
    "figures": (
        "/figures/nonconformities",
        "SELECT record.id, record.opened_at, record.closed_at, task.step, task.opened_at, task.closed_at, due_at"
        " FROM record JOIN task ON task.record_id = record.id WHERE kind = 'nonconformity' AND task.opened_at > :year",
    ),
    "list": (
        "/nonconformities",
        "SELECT * FROM record JOIN nonconformity ON record_id = id ORDER BY id DESC LIMIT 51",
    ),
    "search": (
        "/nonconformities?q=протокол",
        "SELECT * FROM record JOIN nonconformity ON record_id = id WHERE folded LIKE '%протокол%'"
        " ORDER BY id DESC LIMIT 51",
    ),
    "record": (
        "/nonconformities/{of}",
        "SELECT * FROM record JOIN history ON history.record_id = record.id WHERE record.id = :of",
    ),
}


def measure() -> dict[str, Figure]:
    """Pages per second with 1 and with 16 clients, each beside the limit with as many."""
    with place("sqlite") as here:
        with closing(here.new("simulated")) as database:
            simulate(database, Plan(UNTIL))
            import_register(database, DATA / "nsu_register.tsv", CLOCK, UNTIL)  # a university has documents, too
            for day in range((NOW - UNTIL).days + 1):
                sweep(database, UNTIL + timedelta(days=day))
            of = _most_actions(database)
        url = here.url("simulated")
        with _served("product", url) as product, _served("unseen", url) as unseen, _served("limit", url) as limit:
            found: dict[str, Figure] = {}
            for name, (path, _) in PAGES.items():
                asked = path.format(of=of).replace("протокол", "%D0%BF%D1%80%D0%BE%D1%82%D0%BE%D0%BA%D0%BE%D0%BB")
                for clients in CLIENTS:
                    measures = [partial(_rate, limit, f"/{name}", clients), partial(_rate, product, asked, clients)]
                    if clients == 1:
                        measures.append(partial(_rate, unseen, asked, clients))
                    limits, *ours = interleaved(ROUNDS, measures)
                    for what, values in zip((clients, "unseen"), ours, strict=False):
                        found[f"page_{name}_{what}"] = beside("pages/s", values, limits)
                        show([(f"page_{name}_{what}", found[f"page_{name}_{what}"])])
            return found


def _rate(one: Running, path: str, clients: int, _round: int) -> float:
    return rate(one, PERSON, path, clients, REQUESTS)


def _most_actions(database: Database) -> str:
    with database.read() as connection:
        parent = t.record.c.parent_id
        rows = sa.select(parent).where(parent.is_not(None)).group_by(parent)
        return str(connection.execute(rows.order_by(sa.func.count().desc(), parent).limit(1)).scalar_one())


@contextmanager
def _served(what: str, url: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.pages", what, url, str(port)]
    with running(command, port, "/list" if what == "limit" else "/static/favicon.svg") as found:
        yield found


def _application(url: str, port: int) -> Any:
    return create_app(Site(Settings(base_url=f"http://127.0.0.1:{port}"), Database(url), lambda: NOW))


def _unseen(url: str, port: int) -> ASGIApp:
    """The product, when nothing that stands on the page has been drawn before."""
    product: ASGIApp = _application(url, port)
    drawn: Any = environment(LANGUAGE).globals["drawn"]

    async def forgetful(scope: Scope, receive: Receive, send: Send) -> None:
        drawn.forget()
        await product(scope, receive, send)

    return forgetful


def _limit(url: str, port: int) -> Starlette:
    """Each page from the driver's rows, and from what the product had to say of them."""
    with closing(Database(url)) as database:
        of = _most_actions(database)
        with database.read() as connection:
            person = connection.execute(sa.select(t.person.c.id).where(t.person.c.code == PERSON)).scalar_one()
            post = connection.execute(sa.select(t.post.c.id).where(t.post.c.code == PERSON)).scalar_one()
    bare = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None)
    told = {"person": person.hex, "post": post.hex, "of": of.replace("-", "")}
    told |= {"now": f"{NOW:%Y-%m-%d %H:%M:%S}", "year": f"{NOW - timedelta(days=365):%Y-%m-%d}"}
    # Plain Jinja2 draws each row again.
    environment(LANGUAGE).globals["drawn"] = partial
    said = _contexts(_application(url, port), port, {name: path.format(of=of) for name, (path, _) in PAGES.items()})

    async def page(request: Request) -> HTMLResponse:
        name = request.path_params["name"]
        bare.execute(PAGES[name][1], told).fetchall()
        template, context = said[name]
        return HTMLResponse(template.render(context))

    return Starlette(routes=[Route("/{name}", page)])


def _contexts(product: Any, port: int, paths: dict[str, str]) -> dict[str, tuple[jinja2.Template, dict[str, Any]]]:
    """What the product puts into which template for each of these pages."""
    seen: list[tuple[jinja2.Template, dict[str, Any]]] = []
    render = jinja2.Template.render

    def remembered(template: jinja2.Template, *given: Any, **context: Any) -> str:
        seen.append((template, dict(*given, **context)))
        return render(template, *given, **context)

    async def ask() -> dict[str, tuple[jinja2.Template, dict[str, Any]]]:
        transport = httpx.ASGITransport(product)
        found = {}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{port}") as client:
            for name, path in paths.items():
                seen.clear()
                answer = await client.get(path, headers={"Sapat-Person": PERSON, "Accept-Language": LANGUAGE})
                assert answer.status_code == 200, (path, answer.status_code)
                found[name] = seen[-1]
        return found

    jinja2.Template.render = remembered  # type: ignore[method-assign, assignment]  # for a moment
    try:
        return asyncio.run(ask())
    finally:
        jinja2.Template.render = render  # type: ignore[method-assign]  # for a moment


if __name__ == "__main__":
    serve(
        {"product": _application, "unseen": _unseen, "limit": _limit}[sys.argv[1]](sys.argv[2], int(sys.argv[3])),
        int(sys.argv[3]),
    )
