"""A thousand reminders: claimed, worded, rendered, sent and marked, against the same mails merely sent.

The limit sends ready bytes over as many connections, to the same server (a process that takes and forgets).
"""

import asyncio
from contextlib import closing
from datetime import timedelta

import aiosmtplib
import sqlalchemy as sa

from benchmarks.figures import Figure, beside, interleaved, seconds
from benchmarks.null_smtp import null_smtp
from benchmarks.places import place
from benchmarks.university import NOW, found, submit_revisions
from models import tables as t
from notifications.message import Letter
from notifications.render import Renderer
from notifications.smtp import SmtpServer
from service.language import translations
from service.letters import Letterhead, write_letters
from service.outbox import PostOffice, deliver
from service.sweep import sweep
from states.text import Text

REMINDERS, CONNECTIONS, ROUNDS = 1_000, 4, 5
SENDER = "Sapat <sapat@u.example>"


def measure() -> dict[str, Figure]:
    """Seconds for all of them."""
    with place("sqlite") as here, null_smtp() as (port, _came), closing(here.new("mail")) as database:
        submit_revisions(database, found(database), REMINDERS)
        assert sweep(database, NOW).counts["notices"] == REMINDERS
        head = Letterhead(Text("Университет", "Университет", "University"), "http://127.0.0.1:8000")
        renderer = Renderer(translations, SENDER, "u.example")
        office = PostOffice(database, renderer, SmtpServer.from_url(f"smtp://127.0.0.1:{port}"), head)
        mails = _mails(office)

        def product(_round: int) -> float:
            with database.write() as connection:
                connection.execute(sa.update(t.notice).values(sent_at=None, attempts=0, next_try_at=NOW))
            return seconds(lambda: _all_sent(asyncio.run(deliver(office, NOW + timedelta(minutes=1)))))

        def limit(_round: int) -> float:
            return seconds(lambda: asyncio.run(_send(port, mails)))

        return {"deliver_1000": beside("s", *interleaved(ROUNDS, [product, limit]))}


def _all_sent(counts: dict[str, int]) -> None:
    assert counts["sent"] == REMINDERS, counts


def _mails(office: PostOffice) -> list[tuple[str, bytes]]:
    with office.database.read() as connection:
        notices = connection.execute(sa.select(t.notice)).all()
        letters = write_letters(connection, notices, office.head, NOW)
    written = [letter for letter in letters.values() if isinstance(letter, Letter)]
    return [(letter.to, office.renderer.render(letter, NOW).as_bytes()) for letter in written]


async def _send(port: int, mails: list[tuple[str, bytes]]) -> None:
    async def some(mine: list[tuple[str, bytes]]) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
            for to, mail in mine:
                await client.sendmail("sapat@u.example", [to], mail)

    await asyncio.gather(*(some(mails[one::CONNECTIONS]) for one in range(CONNECTIONS)))
