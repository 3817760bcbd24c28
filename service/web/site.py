"""What every request needs: the database, the clock, who asks and in which language, and threads to work in."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from psycopg.errors import DeadlockDetected

from models import tables as t
from models.database import Database
from models.group_commit import GroupCommit
from models.prepared import Prepared
from notifications.sink import Mailbox
from service.accounts import api_tokens, sessions
from service.accounts.passwords import Passwords
from service.accounts.refusals import ReadOnly
from service.accounts.sessions import SessionFacts
from service.organisation import Actor, PersonFacts, organisation
from service.settings import Settings
from service.vault import Vault
from states.refusals import SignedOut
from states.text import LANGUAGES
from states.working_days import today

T = TypeVar("T")
TRIES = 3
PERSON = "sapat_person"
LANGUAGE = "sapat_language"
SESSION, TOKEN, DEMONSTRATION = "session", "token", "demonstration"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Site:
    """One running Sapat, as its web layer sees it.

    `nudge` says that something has been put into the outbox; `mailbox` keeps the mails of a demonstration; `health`
    tells how what runs beside the web is doing. `demo_sign_in` says by a request's headers whether it may simply name
    who asks: `serve` lets it only where service/accounts/demonstration.py does.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    nudge: Callable[[], None] = lambda: None
    mailbox: Mailbox | None = None
    health: Callable[[], Mapping[str, Any]] = dict
    demo_sign_in: Callable[[Mapping[str, str]], bool] = lambda _: True
    passwords: Passwords = field(default_factory=Passwords)
    readers: ThreadPoolExecutor = field(init=False)
    writers: ThreadPoolExecutor | GroupCommit = field(init=False)

    def __post_init__(self) -> None:
        # What SQLite reads is worked out in this process: more threads than these only take turns, and a page with 16
        # clients came at two thirds of its rate. One alone would let an export hold up everybody.
        self.readers = ThreadPoolExecutor(2 if self.database.is_sqlite else 4, "read")
        # SQLite takes one writer at a time: waiting in one queue is fairer and faster than at its lock.
        self.writers = GroupCommit(self.database) if self.database.is_sqlite else ThreadPoolExecutor(8, "write")

    async def reading(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a reading use-case on a connection, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, self._read, use_case)

    async def glancing(self, use_case: Callable[[sa.Connection], T]) -> T:
        """Run a use-case that reads little. Where the database is a file that waits for nobody, here and now.

        A thread and back take as long as fifty rows. Readers of SQLite's log wait neither for writers nor each other.
        """
        return self._read(use_case) if self.database.is_sqlite else await self.reading(use_case)

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

    def later(self, use_case: Callable[[sa.Connection], object]) -> None:
        """Write when there is time; nobody waits for it, and nothing is lost where it fails."""
        with suppress(RuntimeError):  # the writers have ended
            if isinstance(self.writers, GroupCommit):
                self.writers.submit(use_case)
            else:
                self.writers.submit(self._write, use_case)

    def vault(self) -> Vault:
        """Where secrets are sealed that must be read again."""
        return Vault.at(self.settings.home)

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
        self.passwords.close()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, at which moment, in which language. Without a person, somebody who has not said who they are.

    `came_by` is how we know them: by their SESSION, by a program's TOKEN (whose `scope` is `read` or `write`), or
    because a DEMONSTRATION believes anybody.
    """

    person: PersonFacts | None
    actor: Actor
    language: str
    now: datetime
    session: SessionFacts | None = None
    scope: str = "write"
    address: str = ""
    came_by: str = ""


def site(request: Request) -> Site:
    """The site that the request reached."""
    found: Site = request.app.state.site
    return found


def address_of(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else ""


def session_cookie(settings: Settings) -> str:
    """The name of the session's cookie; where pages are protected, one that only they can set (RFC 6265bis, 4.1.3)."""
    return "__Host-sapat_session" if settings.address.startswith("https://") else "sapat_session"


def identify(connection: sa.Connection, request: Request, now: datetime) -> Visitor:
    """Whoever asks: by a program's token, else by the session's cookie, else as a demonstration believes them.

    Raises ReadOnly where a token that may only read came to write.
    """
    return _may(request, _whoever(connection, request, now))


async def reached(request: Request) -> Site:
    """The site, for a use-case that needs it. FastAPI sends what is no coroutine through a thread and back."""
    return site(request)


async def visitor(request: Request) -> Visitor:
    """Whoever asks, for a page or an answer that is made off the database."""
    here = site(request)
    now = here.clock()
    if not any((_bearer(request), _cookie(request), _named(request))):
        return _nobody(request, now)
    return await here.glancing(lambda connection: _whoever(connection, request, now))


async def signed_in(request: Request, who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever asks, once they have said who they are. Raises SignedOut, ReadOnly."""
    if who.person is None:
        raise SignedOut
    return _may(request, who)


def _may(request: Request, who: Visitor) -> Visitor:
    if who.scope == api_tokens.READ and request.method not in SAFE:
        raise ReadOnly
    return who


def _whoever(connection: sa.Connection, request: Request, now: datetime) -> Visitor:
    bearer, cookie = _bearer(request), _cookie(request)
    if bearer:
        return _by_token(connection, request, bearer, now)
    if cookie and (session := sessions.find_session(connection, cookie, now)):
        if sessions.is_stale(session, now):
            site(request).later(lambda writing: sessions.note_seen(writing, session, now))
        return _known(connection, request, session.person_id, now, session=session, came_by=SESSION)
    name = _named(request)
    found = _PERSON.first(connection, {"code": name}) if name else None
    return _known(connection, request, found[0], now, came_by=DEMONSTRATION) if found else _nobody(request, now)


def _by_token(connection: sa.Connection, request: Request, bearer: str, now: datetime) -> Visitor:
    token = api_tokens.find_token(connection, bearer, now)
    if token is None:
        return _nobody(request, now)
    if api_tokens.is_stale(token, now):
        site(request).later(lambda writing: api_tokens.note_used(writing, token, now))
    return _known(connection, request, token.person_id, now, scope=token.scope, came_by=TOKEN)


def _known(connection: sa.Connection, request: Request, person_id: UUID, now: datetime, **how: Any) -> Visitor:
    snapshot = organisation(connection)
    person = snapshot.people[person_id]
    actor, language = snapshot.actor(person.id, today(now)), language_of(request, person.language)
    return Visitor(person, actor, language, now, address=address_of(request), **how)


def _nobody(request: Request, now: datetime) -> Visitor:
    return Visitor(None, Actor(None), language_of(request), now, address=address_of(request))


def language_of(request: Request, own: str = "") -> str:
    """The language to answer in. A browser names its own with every page, so there the choice made here comes first.

    A program names one in `Accept-Language` because it wants it.
    """
    wanted = [request.cookies.get(LANGUAGE, ""), own]
    wanted.insert(0 if request.url.path.startswith("/api/") else 2, _accepted(request))
    return next((language for language in wanted if language in LANGUAGES), "ky")


def _bearer(request: Request) -> str:
    """The token of a program; pages are for people."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.url.path.startswith("/api/") else ""


def _cookie(request: Request) -> str:
    return request.cookies.get(session_cookie(site(request).settings), "")


def _named(request: Request) -> str:
    """Who the request says it is, where that is believed."""
    code = request.headers.get("Sapat-Person") or request.cookies.get(PERSON) or ""
    if not code or "\0" in code:  # no database keeps that sign, PostgreSQL will not even be asked about it
        return ""
    return code if site(request).demo_sign_in(request.headers) else ""


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


Here = Annotated[Site, Depends(reached)]
Who = Annotated[Visitor, Depends(signed_in)]
Anybody = Annotated[Visitor, Depends(visitor)]
