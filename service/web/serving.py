"""Serving: the database brought up to date, mail, pages, and what runs beside them, started and ended in order."""

import gc
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa
import uvicorn

from models import tables as t
from models.database import Database
from models.schema import upgrade
from notifications.render import Renderer
from notifications.sink import Mailbox, Sink
from notifications.smtp import SmtpServer
from service.language import translations
from service.letters import Letterhead
from service.outbox import PostOffice
from service.settings import Settings
from service.web.app import create_app
from service.web.site import Site
from states.text import Text

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Seconds that the pages have to themselves: what runs beside them is long to import, and shares the interpreter.
HEAD_START = 1.0


class Beside(Protocol):
    """What runs beside the web: the chores, and Prefect around them."""

    def start(self) -> None:
        """Begin; return at once."""

    def nudge(self) -> None:
        """Something has been put into the outbox."""

    def stop(self) -> bool:
        """End within a few seconds."""

    def status(self) -> Mapping[str, Any]:
        """How it is doing."""


class _Server(uvicorn.Server):
    """Starts what runs beside only once pages are being answered: the first page waits for nothing."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    settings: Settings,
    beside_of: Callable[[PostOffice], Beside],
    first_start: Callable[[Database], None],
    say: Callable[[str], None],
) -> int:
    """Run until told to stop; gives the exit code. Whoever can reach it can be anybody: so loopback only, for now."""
    if settings.host not in LOOPBACK:
        say(f"Sapat cannot sign people in yet, so it serves this machine only; SAPAT_HOST={settings.host} is refused.")
        return 2
    if not _is_free(settings):
        say(f"Port {settings.port} is taken. Choose another one: SAPAT_PORT=8001 make run")
        return 2
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    upgrade(database)
    if settings.demonstration and _is_empty(database):
        first_start(database)
    sink = None if settings.smtp_url else Sink(Mailbox(settings.home / "mailbox.db"))
    if sink:
        sink.start()
    try:
        office = _office(settings, database, sink)
        beside = beside_of(office)
        site = Site(settings, database, _now, beside.nudge, sink.mailbox if sink else None, _health(office, beside))
        config = uvicorn.Config(create_app(site), settings.host, settings.port, log_level="warning", access_log=False)

        def ready() -> None:
            # What is loaded by now stays: no need to look through it at every collection.
            gc.collect()
            gc.freeze()
            gc.set_threshold(20_000)
            say(f"Sapat answers at {settings.address}")
            late.start()

        server = _Server(config, ready)
        late = threading.Timer(HEAD_START, beside.start)
        try:
            server.run()
        finally:
            late.cancel()
            beside.stop()
        return 0 if server.started else 1
    finally:
        if sink:
            sink.stop()
            sink.mailbox.close()
        database.close()


def _is_empty(database: Database) -> bool:
    with database.read() as connection:
        return not connection.execute(sa.select(sa.exists().select_from(t.document))).scalar_one()


def _now() -> datetime:
    return datetime.now(UTC)


def _is_free(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def _office(settings: Settings, database: Database, sink: Sink | None) -> PostOffice:
    domain = settings.sender.rpartition("@")[2].rstrip(">")
    return PostOffice(
        database=database,
        renderer=Renderer(translations, settings.sender, domain),
        server=SmtpServer.from_url(sink.url if sink else settings.smtp_url),
        head=Letterhead(UNIVERSITY, settings.address, settings.demo),
    )


UNIVERSITY = Text("Университет", "Университет", "University")


def _health(office: PostOffice, beside: Beside) -> Callable[[], Mapping[str, Any]]:
    def look() -> Mapping[str, Any]:
        return {**beside.status(), "smtp": _smtp_answers(office.server)}

    return look


def _smtp_answers(server: SmtpServer) -> str:
    try:
        with socket.create_connection((server.host, server.port), timeout=3) as connection:
            connection.settimeout(3)
            return "ok" if connection.recv(3) == b"220" or server.security == "smtps" else "no greeting"
    except OSError as error:
        return str(error)
