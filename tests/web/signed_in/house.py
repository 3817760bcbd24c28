"""A university that is really served, with its own mail and its own clock, and not yet one password."""

import asyncio
import gc
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from notifications.sink import Mail, Mailbox
from service.daily import whole_day
from service.outbox import PostOffice, deliver
from service.settings import Settings
from service.web import serving
from states.kyrgyz import fold, sort_key
from tests.accounts.browsing import Clock
from tests.support.databases import address
from tests.support.university import University

# Two documents besides `УСТ 4.09`, of the same owner: for a series of approvals.
MORE = {"УСТ 4.10": "Жазууларды башкаруу", "УСТ 4.11": "Ички аудит"}


class Quiet:
    """Nothing runs beside the pages: mails and days come when the story lets them."""

    def start(self) -> None:
        """Nothing to begin."""

    nudge = start

    def stop(self) -> bool:
        return True

    def status(self) -> Mapping[str, Any]:
        return {}


@dataclass
class House:
    """`said` is what the start printed; `office` sends mails to the sink of the server, whose `mailbox` keeps them."""

    home: Path
    address: str
    university: University
    clock: Clock
    office: PostOffice
    mailbox: Mailbox
    said: list[str] = field(default_factory=list)

    @property
    def first_link(self) -> str:
        """The one-time link of the first administrator, as it was printed."""
        (found,) = [line for line in self.said if "/link/" in line]
        return found

    def day_passes(self) -> dict[str, int]:
        """What the calendar does at this moment."""
        return whole_day(self.university.database, self.clock.now, self.home / "seals.txt")

    def mails_go(self) -> None:
        """Everything in the outbox is delivered."""
        with ThreadPoolExecutor(1) as aside:  # Playwright has a loop of its own in this thread
            aside.submit(lambda: asyncio.run(deliver(self.office, self.clock.now))).result(60)

    def mails_of(self, person: str) -> list[Mail]:
        """What the person got, the newest first."""
        address = self.facts_of(person)["email"]
        return [self.mailbox.read(one.id) for one in self.mailbox.entries(address, limit=1000)]

    def facts_of(self, person: str) -> dict[str, Any]:
        """What is known of the person of that code."""
        return self.university.one(t.person, t.person.c.code == person)

    def link_in(self, mail: Mail) -> str:
        """The page of ours that a mail leads to."""
        found = re.search(rf"{re.escape(self.address)}/\w+/[0-9a-f-]{{36}}", mail.text)
        assert found, mail.text
        return found.group()


def _more_documents(database: Database, university: University) -> None:
    with database.write() as connection:
        like = connection.execute(sa.select(t.document)).mappings().one()
        for code, title in MORE.items():
            named = {"title": title, "folded": fold(f"{code} {title}"), "sort_key": sort_key(code)}
            connection.execute(sa.insert(t.document), {**like, "id": new_id(), "code": code, **named})


@contextmanager
def served(
    database: Database, home: Path, university: University | None = None, clock: Clock | None = None
) -> Iterator[House]:
    """`sapat serve` on that database, without a demonstration, in threads of this process.

    The small university is founded in it, unless there is a `university` in it already.
    """
    if university is None:
        university = University.founded(database)
        _more_documents(database, university)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(
        home=home,
        port=port,
        base_url=f"http://localhost:{port}",  # a name: passkeys do not work for bare numbers
        database_url=address(database),
        demonstration=False,
    )
    servers: list[serving._Server] = []
    offices: list[PostOffice] = []
    clock, said, collects = clock or Clock(), list[str](), gc.get_threshold()

    class Kept(serving._Server):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            servers.append(self)

    def beside(office: PostOffice) -> Quiet:
        offices.append(office)
        return Quiet()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "_Server", Kept)
        run = (settings, beside, lambda _: pytest.fail("this is no demonstration"), said.append, clock)
        thread = threading.Thread(target=serving.serve, args=run, daemon=True)
        thread.start()
        for _ in range(1000):
            if any("/link/" in line for line in said):
                break
            time.sleep(0.02)
        mailbox = Mailbox(home / "mailbox.db")
        yield House(home, settings.address, university, clock, offices[0], mailbox, said)
        servers[0].should_exit = True
        thread.join(20)
        mailbox.close()
    gc.unfreeze()
    gc.set_threshold(*collects)
