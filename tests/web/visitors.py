"""Somebody at a browser without scripts: the application in this process, cookies, and the forms a page offers."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from models.database import Database
from notifications.sink import Mailbox
from service.settings import Settings
from service.web.app import create_app
from service.web.site import LANGUAGE, PERSON, Site

HOST = "http://sapat.test"


@dataclass
class Form:
    """One form of a page: where it goes, and what it holds before anybody types."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(has.get("action", ""), has.get("method", "get")))
        elif tag in ("input", "select", "textarea") and self.found and "name" in has:
            self.found[-1].fields.setdefault(has["name"], has.get("value", ""))


def forms(page: httpx.Response) -> list[Form]:
    """The forms of a page, in their order."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.found


def moves(page: httpx.Response) -> dict[str, Form]:
    """The forms of moves that a page offers, by the names of the moves."""
    return {
        form.action.rpartition("/moves/")[2]: form
        for form in forms(page)
        if "/moves/" in form.action and form.method == "post"
    }


def words(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@dataclass
class Visitor:
    """One browser. It follows no redirect, so that tests see them."""

    app: FastAPI
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, data: Mapping[str, str] | None = None, **headers: str) -> httpx.Response:
        """Send a form, as this site's own pages do unless `headers` say otherwise."""
        return self._send("POST", path, data or {}, {"Sec-Fetch-Site": "same-origin", **headers})

    def make(self, page: httpx.Response, name: str, **typed: str) -> httpx.Response:
        """Fill in the form of a move, and send it."""
        form = moves(page)[name]
        return self.post(form.action, {**form.fields, **typed})

    def is_(self, person: str, language: str = "") -> "Visitor":
        """Choose who one is, and perhaps a language."""
        self.cookies = {PERSON: person, **({LANGUAGE: language} if language else {})}
        return self

    def _send(self, method: str, path: str, data: Mapping[str, str] | None, headers: dict[str, str]) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=self.cookies) as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                answer = await client.request(method, path, data=data, headers=named)
                self.cookies.update(answer.cookies.items())
                return answer

        return asyncio.run(send())


def application(database: Database, now: datetime, mailbox: Path | None = None, **settings: Any) -> FastAPI:
    """The application over this database, on a day that stands still."""
    kept = Mailbox(mailbox) if mailbox else None
    return create_app(Site(Settings(base_url=HOST, **settings), database, lambda: now, mailbox=kept))
