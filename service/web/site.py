"""What every request needs: the database, the clock, who asks and in which language, and threads to work in."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request

from models import tables as t
from models.database import Database
from notifications.sink import Mailbox
from service.organisation import Actor, PersonFacts, organisation
from service.settings import Settings
from states.refusals import SignedOut
from states.text import LANGUAGES
from states.working_days import today

T = TypeVar("T")
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
    writers: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        # SQLite takes one writer at a time: waiting in one queue is fairer and faster than at its lock.
        self.readers = ThreadPoolExecutor(4, "read")
        self.writers = ThreadPoolExecutor(1 if self.database.is_sqlite else 8, "write")

    async def reading(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a reading use-case on a connection, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, self._read, use_case)

    async def writing(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a writing use-case in one transaction, committed at its end; then say that the outbox may have grown."""
        done = await asyncio.get_running_loop().run_in_executor(self.writers, self._write, use_case)
        self.nudge()
        return done

    def _read(self, use_case: Callable[[sa.Connection], T]) -> T:
        with self.database.read() as connection:
            return use_case(connection)

    def _write(self, use_case: Callable[[sa.Connection], T]) -> T:
        with self.database.write() as connection:
            return use_case(connection)

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


async def visitor(request: Request, here: Annotated[Site, Depends(site)]) -> Visitor:
    """Whoever asks: by the cookie that choosing a person sets, or the header `Sapat-Person` of a program."""
    now = here.clock()
    code = request.headers.get("Sapat-Person") or request.cookies.get(PERSON) or ""
    person, actor = (
        await here.reading(lambda connection: _person(connection, code, now)) if code else (None, Actor(None))
    )
    language = request.cookies.get(LANGUAGE) or (person.language if person else "") or _accepted(request)
    return Visitor(person, actor, language if language in LANGUAGES else "ky", now)


async def signed_in(who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever asks, once they have said who they are. Raises SignedOut."""
    if who.person is None:
        raise SignedOut
    return who


def _person(connection: sa.Connection, code: str, now: datetime) -> tuple[PersonFacts | None, Actor]:
    found: UUID | None = connection.execute(sa.select(t.person.c.id).where(t.person.c.code == code)).scalar()
    if found is None:
        return None, Actor(None)
    snapshot = organisation(connection)
    return snapshot.people[found], snapshot.actor(found, today(now))


def _accepted(request: Request) -> str:
    wanted = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")]
    return next((language for language in wanted if language in LANGUAGES), "ky")


Here = Annotated[Site, Depends(site)]
Who = Annotated[Visitor, Depends(signed_in)]
Anybody = Annotated[Visitor, Depends(visitor)]
