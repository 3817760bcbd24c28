"""A sitting whose members are sent papers by a real SMTP server, and their mails as they read them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from icalendar import Calendar

from models import tables as t
from service.files.attachments import remember
from service.files.store import Store
from tests.councils.sitting import DAY, Sitting
from tests.support.post import Post
from tests.support.university import DOCUMENT, University

APRIL: Final = datetime(2026, 4, 15, 5, tzinfo=UTC)
BEFORE: Final = APRIL - 14 * DAY
CALLED: Final = APRIL - 5 * DAY
PAPERS: Final = {
    "Жобо, өзгөртүүлөрү менен.txt": "Окуу процесси жөнүндө жобо: ң, ө, ү\n".encode() * 50,
    "b.txt": b"two\n",
}


class Counting(Store):
    """A store that counts what is read from it, and may be asked to do something then."""

    def read(self, sha256: str) -> Iterator[bytes]:
        """As it is kept."""
        self.reads.append(sha256)
        self.meanwhile()
        return super().read(sha256)

    reads: list[str]

    def meanwhile(self) -> None:
        """Nothing, unless a test wants it."""


@dataclass
class Told:
    """One mail as its reader's program has it."""

    mail: EmailMessage
    raw: bytes

    @property
    def to(self) -> str:
        """The code of whoever got it."""
        return str(self.mail["To"].addresses[0].username)

    def part(self, kind: str) -> str:
        """A part of its text."""
        (found,) = (one for one in self.mail.walk() if one.get_content_type() == kind and not one.get_filename())
        return str(found.get_content())

    @property
    def text(self) -> str:
        """What it says."""
        found = self.mail.get_body(("plain",))
        assert found is not None
        return str(found.get_content())

    @property
    def files(self) -> dict[str, bytes]:
        """What is enclosed, by name."""
        found = [(str(one.get_filename()), one.get_payload(decode=True)) for one in self.mail.iter_attachments()]
        assert len(dict(found)) == len(found)
        return {name: content for name, content in found if isinstance(content, bytes)}

    @property
    def calendar(self) -> Calendar:
        """What a calendar reads; the file beside is the same."""
        said = self.part("text/calendar")
        assert self.files["invite.ics"].decode() == said.replace("\r\n", "\n").replace("\n", "\r\n")
        return Calendar.from_ical(said)

    @property
    def event(self) -> Any:
        """The one event in it."""
        (found,) = self.calendar.walk("VEVENT")
        return found


@dataclass
class Invited:
    """The university, its post, and a store of files."""

    university: University
    post: Post
    store: Counting
    seen: set[int] = field(default_factory=set)

    @classmethod
    def by(cls, university: University, post: Post, store: Counting) -> "Invited":
        """A post office that has the files to enclose."""
        store.reads = []
        head = replace(post.office.head, files=store, sender="council@uni.example")
        post.office = replace(post.office, head=head)
        return cls(university, post, store)

    def attach(self, revision: UUID, name: str, content: bytes) -> str:
        """Its author attaches a file; its SHA-256."""
        kept = self.store.keep(content)
        with self.university.database.write() as connection:
            remember(connection, self.store, kept, BEFORE, self.university.people["owner"])
        told = {"sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type, "name": name}
        self.university.go(revision, "attach_file", "owner", BEFORE, file=told)
        return kept.sha256

    def waiting(self, papers: dict[str, bytes], document: str = DOCUMENT) -> UUID:
        """A revision with these files that waits for the council."""
        revision = self.university.draft(BEFORE, document=document)
        for name, content in papers.items():
            self.attach(revision, name, content)
        self.university.go(revision, "submit", "owner", BEFORE)
        return revision

    def planned(self) -> Sitting:
        """A sitting with what waits and an item of its own."""
        sitting = Sitting.plan(self.university, APRIL)
        sitting.go("add_item", BEFORE + 8 * DAY, title="Кышкы сессиянын жыйынтыгы", speaker="Бакыт уулу Нурлан")
        return sitting

    def deliver(self, now: datetime) -> dict[str, int]:
        """Send what waits at `now`."""
        return self.post.deliver(now)

    def told(self) -> list[Told]:
        """The invitations that have come since the last time, by whom they went to."""
        new = [mail for mail in self.post.mails() if mail.entry.id not in self.seen]
        self.seen |= {mail.entry.id for mail in new}
        read = (Told(_read(mail.raw), mail.raw) for mail in new)
        return sorted((one for one in read if one.mail.get_content_type() == "multipart/mixed"), key=lambda one: one.to)

    def to(self, person: str) -> Told:
        """The one that somebody got since the last time."""
        (found,) = (one for one in self.told() if one.to == person)
        return found

    def notices(self, *where: Any) -> list[dict[str, Any]]:
        """The notices of invitations."""
        return self.university.rows(t.notice, t.notice.c.message.like("sitting/%"), *where)


def _read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found
