"""What every request needs: the database, the clock, who asks and in which language, and threads to work in."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from fastapi import Depends, Request
from psycopg.errors import DeadlockDetected

from models import tables as t
from models.database import Database
from models.group_commit import GroupCommit
from models.prepared import Prepared
from notifications.sink import Mailbox
from service.organisation import Actor, PersonFacts, organisation
from service.settings import Settings
from states.refusals import SignedOut
from states.text import LANGUAGES
from states.working_days import today

T = TypeVar("T")
TRIES = 3
PERSON = "sapat_person"
LANGUAGE = "sapat_language"


@dataclass(slots=True)
class Site:
    """One running Sapat, as its web layer sees it.

    `nudge` says that something has been put into the outbox; `mailbox` keeps the mails of a demonstration; `health`
    tells how what runs beside the web is doing.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    nudge: Callable[[], None] = lambda: None
    mailbox: Mailbox | None = None
    health: Callable[[], Mapping[str, Any]] = dict
    readers: ThreadPoolExecutor = field(init=False)
    writers: ThreadPoolExecutor | GroupCommit = field(init=False)

    def __post_init__(self) -> None:
        # SQLite takes one writer at a time: waiting in one queue is fairer and faster than at its lock.
        self.readers = ThreadPoolExecutor(4, "read")
        self.writers = GroupCommit(self.database) if self.database.is_sqlite else ThreadPoolExecutor(8, "write")

    async def reading(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a reading use-case on a connection, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, self._read, use_case)

    async def writing(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a writing use-case, durable at its end; then say that the outbox may have grown.

        What it raises undoes all that it wrote. It may be run again, so it touches nothing but its connection.
        """
        if isinstance(self.writers, GroupCommit):
            asked = self.writers.submit(use_case)
        else:
            asked = self.writers.submit(self._write, use_case)
        done = await asyncio.wrap_future(asked)
        self.nudge()
        return done

    def _read(self, use_case: Callable[[sa.Connection], T]) -> T:
        with self.database.read() as connection:
            return use_case(connection)

    def _write(self, use_case: Callable[[sa.Connection], T]) -> T:
        tries = TRIES
        while True:
            try:
                with self.database.write() as connection:
                    return use_case(connection)
            except sa.exc.OperationalError as error:
                # PostgreSQL ends one of two that wait for each other: a move on a record and one on its parent.
                tries -= 1
                if not tries or not isinstance(error.orig, DeadlockDetected):
                    raise

    def close(self) -> None:
        """End the threads."""
        self.readers.shutdown()
        self.writers.shutdown()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, at which moment, in which language. Without a person, somebody who has not said who they are."""

    person: PersonFacts | None
    actor: Actor
    language: str
    now: datetime


def site(request: Request) -> Site:
    """The site that the request reached."""
    found: Site = request.app.state.site
    return found


def identify(connection: sa.Connection, request: Request, now: datetime) -> Visitor:
    """Whoever asks: by the cookie that choosing a person sets, or the header `Sapat-Person` of a program."""
    code = _claimed(request)
    found = _PERSON.first(connection, {"code": code}) if code else None
    if found is None:
        return Visitor(None, Actor(None), language_of(request), now)
    snapshot = organisation(connection)
    person = snapshot.people[found[0]]
    return Visitor(person, snapshot.actor(person.id, today(now)), language_of(request, person.language), now)


async def visitor(request: Request, here: Annotated[Site, Depends(site)]) -> Visitor:
    """Whoever asks, for a page or an answer that is made off the database."""
    now = here.clock()
    if not _claimed(request):
        return Visitor(None, Actor(None), language_of(request), now)
    return await here.reading(lambda connection: identify(connection, request, now))


async def signed_in(who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever asks, once they have said who they are. Raises SignedOut."""
    if who.person is None:
        raise SignedOut
    return who


def language_of(request: Request, own: str = "") -> str:
    """The language to answer in. A browser names its own with every page, so there the choice made here comes first.

    A program names one in `Accept-Language` because it wants it.
    """
    wanted = [request.cookies.get(LANGUAGE, ""), own]
    wanted.insert(0 if request.url.path.startswith("/api/") else 2, _accepted(request))
    return next((language for language in wanted if language in LANGUAGES), "ky")


def _claimed(request: Request) -> str:
    code = request.headers.get("Sapat-Person") or request.cookies.get(PERSON) or ""
    return "" if "\0" in code else code  # no database keeps that sign, PostgreSQL will not even be asked about it


_PERSON = Prepared(sa.select(t.person.c.id).where(t.person.c.code == sa.bindparam("code")))


def _accepted(request: Request) -> str:
    """The best liked of our languages in `Accept-Language`; nothing where none is named (RFC 9110, 12.5.4)."""
    if "Accept-Language" not in request.headers:
        return ""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("Accept-Language", "").split(",")):
        name, _, weight = part.partition(";q=")
        with suppress(ValueError):
            liked.append((-float(weight or 1), place, name.strip().partition("-")[0].lower()))
    return next((language for weight, _, language in sorted(liked) if weight < 0 and language in LANGUAGES), "")


Here = Annotated[Site, Depends(site)]
Who = Annotated[Visitor, Depends(signed_in)]
Anybody = Annotated[Visitor, Depends(visitor)]
