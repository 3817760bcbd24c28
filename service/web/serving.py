"""Serving: the database brought up to date, mail, pages, and what runs beside them, started and ended in order."""

import gc
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, Protocol

import sqlalchemy as sa
import uvicorn

from models import tables as t
from models.database import Database
from models.schema import upgrade
from notifications.render import Renderer
from notifications.sink import Mailbox, Sink
from notifications.smtp import SmtpServer
from service.accounts.administration import first_link
from service.accounts.demonstration import LOOPBACK, demo_sign_in, is_demonstration
from service.files.at import store_at
from service.language import translations
from service.letters import Letterhead
from service.outbox import PostOffice
from service.settings import Settings
from service.web.app import create_app
from service.web.site import Site
from states.text import Text

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


def _now() -> datetime:
    return datetime.now(UTC)


def serve(
    settings: Settings,
    beside_of: Callable[[PostOffice], Beside],
    first_start: Callable[[Database], None],
    say: Callable[[str], None],
    clock: Callable[[], datetime] = _now,
) -> int:
    """Run until told to stop; gives the exit code. Other machines are served only where people sign in."""
    if not _is_free(settings):
        say(f"Port {settings.port} is taken. Choose another one: SAPAT_PORT=8001 make run")
        return 2
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    upgrade(database)
    begins = settings.demonstration and is_empty(database)
    demonstration = begins or _asked(database, is_demonstration)
    if demonstration and settings.host not in LOOPBACK:
        say(f"A demonstration serves this machine only; SAPAT_HOST={settings.host} is refused. {_NO_DEMONSTRATION}")
        database.close()
        return 2
    if begins:
        first_start(database)
    sink = None if settings.smtp_url else Sink(Mailbox(settings.home / "mailbox.db"))
    if sink:
        sink.start()
    try:
        office = _office(settings, database, sink, demonstration)
        beside = beside_of(office)
        # Mails of real people are nobody else's to read.
        mailbox = sink.mailbox if sink and demonstration else None
        site = Site(settings, database, clock, beside.nudge, mailbox, _health(office, beside))
        site.demo_sign_in = demo_sign_in(settings, demonstration)
        config = server_config(settings, site)

        def ready() -> None:
            # What is loaded by now stays: no need to look through it at every collection.
            gc.collect()
            gc.freeze()
            gc.set_threshold(20_000)
            say(f"Sapat answers at {settings.address}")
            _invite(settings, database, say, clock())
            if sink and not demonstration:
                say("Mails stay here and reach nobody: SAPAT_SMTP_URL names the server that delivers them.")
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


_NO_DEMONSTRATION = "SAPAT_DEMONSTRATION=false with another SAPAT_HOME or SAPAT_DATABASE_URL begins with an empty one."


def server_config(settings: Settings, site: Site) -> uvicorn.Config:
    """What uvicorn needs. What a proxy says of who asks is believed of the proxies that are named, of nobody else."""
    return uvicorn.Config(
        create_app(site),
        settings.host,
        settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxy),
        forwarded_allow_ips=settings.proxy or None,
    )


def _invite(settings: Settings, database: Database, say: Callable[[str], None], now: datetime) -> None:
    """Where nobody can sign in yet, say how the administrator can; and what is dangerous."""
    with database.write() as connection:
        token = first_link(connection, now)
    if token:
        say("Nobody can sign in yet. The administrator sets a password here, once, within 24 hours:")
        say(f"{settings.address}/link/{token}")
    if settings.host not in LOOPBACK and not settings.address.startswith("https://"):
        say("Passwords will travel unprotected: put a proxy with TLS before Sapat, SAPAT_BASE_URL=https://… names it.")


def is_empty(database: Database) -> bool:
    """Whether there is nothing that a demonstration could be mixed with."""
    there = sa.or_(sa.exists().where(t.document.c.id.is_not(None)), sa.exists().where(t.person.c.id.is_not(None)))
    return not _asked(database, lambda connection: connection.execute(sa.select(there)).scalar_one())


def _asked(database: Database, question: Callable[[sa.Connection], bool]) -> bool:
    with database.read() as connection:
        return question(connection)


def _is_free(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def _office(settings: Settings, database: Database, sink: Sink | None, demonstration: bool) -> PostOffice:
    domain = settings.sender.rpartition("@")[2].rstrip(">")
    return PostOffice(
        database=database,
        renderer=Renderer(translations, settings.sender, domain),
        server=SmtpServer.from_url(sink.url if sink else settings.smtp_url),
        head=Letterhead(
            UNIVERSITY,
            settings.address,
            demonstration,
            sender=parseaddr(settings.sender)[1],
            files=store_at(settings),
            forms=settings.forms,
        ),
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
