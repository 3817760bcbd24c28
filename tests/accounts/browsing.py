"""A browser that keeps its cookies, an application whose people must prove who they are, and a clock that one turns."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import httpx
import pyotp
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.database import Database
from models.group_commit import GroupCommit
from service.accounts import second_factor
from service.accounts.account import keep_password
from service.accounts.passwords import Passwords
from service.settings import Settings
from service.vault import Vault
from service.web.app import create_app
from service.web.site import LANGUAGE, Site
from tests.support.university import University, at

HOST = "http://sapat.test"
NOW = at(2026, 4, 6)
PASSWORD = "жол боюндагы көк терек 41"


def quick() -> Passwords:
    """Argon2id that costs nothing worth waiting for."""
    return Passwords(time_cost=1, memory_kib=64, lanes=1)


@dataclass
class Clock:
    """The moment it is; turned by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Later by that much."""
        self.now += timedelta(**by)


@dataclass
class Browser:
    """One browser; it follows no redirect, so that tests see them."""

    app: FastAPI
    base: str = HOST
    jar: httpx.Cookies = field(default_factory=httpx.Cookies)
    address: str = "192.0.2.7"

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self.send("GET", path, headers=headers)

    def post(self, path: str, headers: Mapping[str, str] | None = None, **typed: str) -> httpx.Response:
        """Send a form, as this site's own pages do."""
        return self.send("POST", path, data=typed, headers=headers)

    def sign_in(self, name: str, password: str = PASSWORD, **typed: str) -> httpx.Response:
        """Give a name and a password."""
        return self.post("/sign-in", None, name=name, password=password, **typed)

    def send(self, method: str, path: str, **told: Any) -> httpx.Response:
        """Any request; from this site's own pages unless its headers say otherwise."""
        told["headers"] = {"Sec-Fetch-Site": "same-origin", **(told.get("headers") or {})}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 4242))
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.jar) as client:
                answer = await client.request(method, path, **told)
                self.jar = client.cookies
                return answer

        return asyncio.run(ask())

    @property
    def token(self) -> str:
        """What the session's cookie holds."""
        return next((cookie.value or "" for cookie in self.jar.jar if cookie.name.endswith("sapat_session")), "")


def application(
    database: Database, clock: Clock, home: Path, passwords: Passwords | None = None, **settings: Any
) -> FastAPI:
    """The application over this database, where nobody is believed."""
    known = Settings(**{"base_url": HOST, "home": home, **settings})
    site = Site(known, database, clock, demo_sign_in=lambda _: False, passwords=passwords or quick())
    return create_app(site)


@dataclass
class Accounts:
    """The university's accounts, as tests set them up."""

    university: University
    app: FastAPI
    clock: Clock
    home: Path

    @property
    def database(self) -> Database:
        return self.university.database

    def browser(self, language: str = "en", address: str = "192.0.2.7") -> Browser:
        """A new browser, which reads English."""
        made = Browser(self.app, address=address)
        made.jar.set(LANGUAGE, language, "sapat.test", "/")
        return made

    def person(self, code: str) -> UUID:
        return self.university.people[code]

    def give_password(self, *codes: str, password: str = PASSWORD) -> None:
        """These people have this password."""
        passwords = quick()
        kept = asyncio.run(passwords.hash(password))
        with self.database.write() as connection:
            for code in codes:
                keep_password(connection, self.person(code), kept, None, self.clock.now - timedelta(days=30))
        passwords.close()

    def give_second_factor(self, code: str) -> tuple[pyotp.TOTP, list[str]]:
        """A device that shows codes, and recovery codes."""
        vault, then = Vault.at(self.home), self.clock.now - timedelta(days=2)
        with self.database.write() as connection:
            second_factor.begin(connection, vault, self.person(code), then)
            secret = second_factor.shown_secret(connection, vault, self.person(code)) or ""
            device = pyotp.TOTP(secret)
            codes = second_factor.confirm(connection, vault, self.person(code), device.at(then), then)
        return device, codes

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        return self.university.rows(table, *where)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The lines of the log of that kind."""
        return self.rows(t.event, t.event.c.kind == kind)

    def settle(self) -> None:
        """Wait until what is written later has been written: each of the writers is done with all that came before."""
        writers = self.app.state.site.writers
        if isinstance(writers, GroupCommit):
            writers.submit(lambda _: None).result(30)
            return
        all_here = Barrier(writers._max_workers)
        for one in [writers.submit(all_here.wait, 30) for _ in range(writers._max_workers)]:
            one.result(30)


def words(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
