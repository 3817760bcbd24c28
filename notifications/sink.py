"""The SMTP server inside Sapat, for demonstrations and tests: takes every mail, sends none, keeps them to be read."""

import asyncio
import re
import socket
import sqlite3
import threading
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    received_at TEXT NOT NULL,
    transmissions INTEGER NOT NULL DEFAULT 1,
    raw BLOB NOT NULL,
    UNIQUE (message_id, recipient)
);
CREATE INDEX IF NOT EXISTS mail_of_recipient ON mail (recipient, id);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a mailbox. `received_at` is UTC; `transmissions` says how often the mail came over the wire."""

    id: int
    message_id: str
    recipient: str
    sender: str
    subject: str
    received_at: datetime
    transmissions: int


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a mail, under the name it was sent with."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to be read: as text, as HTML ("" if it has none), and as it came; with the files in it."""

    entry: Entry
    text: str
    html: str
    raw: bytes
    enclosures: tuple[Enclosed, ...] = ()


class NoSuchMailError(LookupError):
    """There is no such mail, or it is another person's."""


class Mailbox:
    """The mails of everybody in one SQLite file, each once per (Message-ID, recipient). Several threads may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = self._open()
        self._writer.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; what was kept stays."""
        with self._writing:
            self._writer.close()

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Keep a mail for each recipient; on return it is on the disk. Kept once, however often it comes."""
        headers = BytesHeaderParser(policy=policy.compat32).parsebytes(_HEAD_END.split(raw, 1)[0])
        message_id = headers.get("Message-ID") or f"<{sha256(raw).hexdigest()}@unnamed>"
        subject = str(headers.get("Subject", ""))  # as it came: decoding is left to who reads the list
        now = datetime.now(UTC).isoformat()
        rows = [(str(message_id).strip(), _folded(one), sender, subject, now, raw) for one in recipients]
        with self._writing, self._writer:
            self._writer.executemany(
                "INSERT INTO mail (message_id, recipient, sender, subject, received_at, raw) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (message_id, recipient) DO UPDATE SET transmissions = transmissions + 1",
                rows,
            )

    def entries(self, recipient: str | None = None, limit: int = 50, before: int | None = None) -> list[Entry]:
        """The mails of `recipient` (of all: None), newest first; `before` is the id of the last one already seen."""
        with self._reader() as reader:
            rows = reader.execute(
                "SELECT id, message_id, recipient, sender, subject, received_at, transmissions FROM mail"
                " WHERE (?1 IS NULL OR recipient = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
                (recipient and _folded(recipient), before, limit),
            )
            return [_entry(row) for row in rows]

    def read(self, mail_id: int, recipient: str | None = None) -> Mail:
        """One mail; with `recipient`, only if it is theirs. Raises `NoSuchMailError`."""
        with self._reader() as reader:
            row = reader.execute(
                "SELECT id, message_id, recipient, sender, subject, received_at, transmissions, raw FROM mail"
                " WHERE id = ?1 AND (?2 IS NULL OR recipient = ?2)",
                (mail_id, recipient and _folded(recipient)),
            ).fetchone()
        if row is None:
            raise NoSuchMailError(f"no mail {mail_id}")
        parsed = message_from_bytes(row[7], policy=policy.default)
        text, html = (part.get_content() if (part := parsed.get_body((kind,))) else "" for kind in ("plain", "html"))
        return Mail(_entry(row[:7]), text, html, row[7], tuple(_enclosed(parsed)))

    def count(self) -> int:
        """How many mails there are."""
        return self._number("SELECT count(*) FROM mail")

    def transmissions(self) -> int:
        """How many mails came over the wire: more than `count` if some came twice."""
        return self._number("SELECT coalesce(sum(transmissions), 0) FROM mail")

    def _number(self, query: str) -> int:
        with self._reader() as reader:
            return int(reader.execute(query).fetchone()[0])

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        with closing(self._open()) as connection:
            yield connection


class Sink:
    """An SMTP server on the loopback that puts every mail into a mailbox. Port 0 is any free port.

    While `refuse` is set, every recipient is refused with that reply, for example "451 4.3.0 try later".
    Runs in a thread of its own between `start` and `stop`, or as a context manager.
    """

    def __init__(self, mailbox: Mailbox, port: int = 0, refuse: str | None = None) -> None:
        self.mailbox = mailbox
        self.refuse = refuse
        self._wanted = port
        self._controller: _Loopback | None = None

    @property
    def url(self) -> str:
        """Where mails are to be sent: "smtp://127.0.0.1:port". Raises `RuntimeError` before `start`."""
        if self._controller is None:
            raise RuntimeError("the sink has not been started")
        return f"smtp://{LOOPBACK}:{self._controller.port}"

    def start(self) -> None:
        """Begin to take mails. Raises `OSError` if the port is taken."""
        self._controller = _Loopback(self, socket.create_server((LOOPBACK, self._wanted)))
        self._controller.start()

    def stop(self) -> None:
        """Take no more mails; the mailbox stays open."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> "Sink":
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    async def handle_RCPT(  # noqa: N802  the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or refuse if told so."""
        if self.refuse is not None:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its caller names it so
        """Answer 250 only when the mail is on the disk."""
        try:
            self.mailbox.keep(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b"")
        except sqlite3.Error as failed:  # a full disk is no reason to give a mail up
            return f"452 4.3.1 cannot be kept now: {type(failed).__name__}"
        return "250 2.0.0 OK kept"


class _Loopback(Controller):
    """A controller on a socket that is bound already: aiosmtpd's own does not learn which free port it got."""

    def __init__(self, handler: Sink, listening: socket.socket) -> None:
        super().__init__(handler, hostname=LOOPBACK, port=listening.getsockname()[1], ident="Sapat demonstration")
        self._listening = listening

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


def _entry(row: tuple[int, str, str, str, str, str, int]) -> Entry:
    subject = str(policy.default.header_factory("Subject", "".join(row[4].splitlines())))
    return Entry(*row[:4], subject, datetime.fromisoformat(row[5]), row[6])


def _enclosed(mail: EmailMessage) -> Iterator[Enclosed]:
    for part in mail.iter_attachments():
        name, content = part.get_filename(), part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            yield Enclosed(name, content)


def _folded(address: str) -> str:
    return re.sub(r"\s", "", address).casefold()
