"""A post office over a real SMTP server in this process, whose moods a test decides."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from models.database import Database
from notifications.render import Renderer
from notifications.sink import Mail, Mailbox, Sink
from notifications.smtp import SmtpServer
from service.language import translations
from service.letters import Letterhead
from service.outbox import PostOffice, deliver
from states.text import Text

HEAD: Final = Letterhead(Text("Нарын МУ", "Нарынский ГУ", "Naryn SU"), "https://sapat.example")


def office_of(database: Database, url: str) -> PostOffice:
    """The post office of a university whose mails go to the server at `url`."""
    renderer = Renderer(translations, "Sapat <sapat@uni.example>", "uni.example")
    return PostOffice(database, renderer, SmtpServer.from_url(url, timeout=5), HEAD)


class Moody(Sink):
    """A sink that may refuse some recipients, and tells of each mail it has kept and not yet answered."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(mailbox)
        self.refused: dict[str, str] = {}
        self.on_kept: Callable[[int], None] = lambda count: None

    async def handle_RCPT(  # noqa: N802 - its caller names it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its caller names it so
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.to_thread(self.on_kept, self.mailbox.transmissions())
        return answer


class Post:
    """The sink, the office that sends to it, and what has arrived."""

    def __init__(self, database: Database, sink: Moody) -> None:
        self.sink = sink
        self.mailbox = sink.mailbox
        self.office = office_of(database, sink.url)

    def deliver(self, now: datetime) -> dict[str, int]:
        """Send what waits at `now`."""
        return asyncio.run(deliver(self.office, now))

    def mails(self) -> list[Mail]:
        """Every mail kept, in the order of arrival."""
        entries = self.mailbox.entries(limit=100_000)
        return [self.mailbox.read(entry.id) for entry in reversed(entries)]

    def readers(self) -> list[str]:
        """To whom the mails went, by their code."""
        return sorted(mail.entry.recipient.partition("@")[0] for mail in self.mails())


@contextmanager
def post_of(database: Database, folder: Path) -> Iterator[Post]:
    """A post office for the time of a test."""
    mailbox = Mailbox(folder / "mails.db")
    with Moody(mailbox) as sink:
        yield Post(database, sink)  # type: ignore[arg-type]  # a sink is all it asks of it
    mailbox.close()
