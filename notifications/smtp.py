"""The wire: many mails over a few connections to the one configured server."""

import asyncio
import re
import socket
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from notifications.headers import AS_WRITTEN, as_written

Addressed = tuple[str, EmailMessage]

# How often in a row a connection may fail to open, or be lost without an answer, until it is given up.
TRIES = 3
# Seconds before the second try, twice that before the third.
PAUSE = 0.3
# Mails answered by the server from which the caller has not come back yet, per connection: what a crash may send twice.
AHEAD = 2
# Bytes in a second: a mail may take so long beyond the timeout. Given up while it is still on its way, it goes twice.
SLOWEST = 100_000
# Seconds for saying goodbye.
QUIT_TIMEOUT = 3.0

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_CLOSING = 421
_TOO_LARGE = 552  # told before the content, where a server says how much it takes (RFC 1870)
# 5xx answers that are about our login, at whatever command they come.
_LOGIN = frozenset({530, 534, 535, 538})


class SmtpUrlError(ValueError):
    """The address of the SMTP server cannot be understood. The text never repeats it: it may hold a password."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails go. `security` is "smtp" (no TLS), "smtps" (TLS from the start) or "smtp+starttls" (TLS or nothing).

    `timeout` is in seconds, for connecting and for each answer. `own_name` is what we call ourselves in EHLO.
    """

    host: str
    port: int
    security: str = "smtp"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    own_name: str = field(default_factory=lambda: _own_name())

    @classmethod
    def from_url(cls, url: str, timeout: float = 30.0) -> "SmtpServer":
        """Read `smtp://host:port`, `smtps://user:password@host`, `smtp+starttls://...`. Raises `SmtpUrlError`.

        User and password are percent-encoded. The port is 25, 465 or 587 unless given.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii")
        except ValueError:
            raise SmtpUrlError("the SMTP server's host or port cannot be understood: smtp://host:port") from None
        if parts.scheme not in _PORTS:
            raise SmtpUrlError("the SMTP server's address must begin with smtp://, smtps:// or smtp+starttls://")
        if not host or port == 0 or re.search(r"\s", url):
            raise SmtpUrlError("the SMTP server's address must name a host: smtp://user:password@host:port")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise SmtpUrlError("nothing may follow the SMTP server's port; is the password percent-encoded?")
        if (parts.username is None) != (parts.password is None):
            raise SmtpUrlError("the SMTP server needs a user and a password, or neither")
        user, password = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
        return cls(host, port or _PORTS[parts.scheme], parts.scheme, user, password, timeout)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail. `permanent`: sent again as it is, it would be refused again."""

    key: str
    accepted: bool
    permanent: bool
    reply: str


async def send_all(
    server: SmtpServer, letters: Iterable[Addressed] | AsyncIterable[Addressed], connections: int = 4
) -> AsyncGenerator[Outcome, None]:
    """Send each (key, mail) over at most `connections` reused connections; yield each outcome as the server answers.

    One outcome for each mail, in the order of the answers. Mails are taken from `letters` one by one as connections
    become free, and only a few outcomes ahead of the caller, so that a crash repeats no more than those.

    Temporary: no connection, no answer, a lost connection, any 4xx, and a 5xx that is about us (login, sender) rather
    than this mail. Permanent: a 5xx to the recipient or to the content, and a mail that cannot be sent as it is.
    Whatever `letters` raises is raised here, after the outcomes of what was on its way.
    """
    post = _Post(server, letters, connections * AHEAD)
    crew = asyncio.create_task(post.work(connections))
    try:
        while (outcome := await post.outcomes.get()) is not None:
            yield outcome
            post.unmarked.release()
        await crew
    finally:
        crew.cancel()
        await asyncio.wait([crew])


class _Post:
    """The mails still to be taken, the connections that take them, and the outcomes to be handed on."""

    def __init__(self, server: SmtpServer, letters: Iterable[Addressed] | AsyncIterable[Addressed], ahead: int) -> None:
        self.outcomes: asyncio.Queue[Outcome | None] = asyncio.Queue()
        self.unmarked = asyncio.Semaphore(ahead)
        self._server = server
        self._source = aiter(letters if isinstance(letters, AsyncIterable) else _one_by_one(letters))
        self._ended = False
        self._turn = asyncio.Lock()
        self._handed_back: deque[Addressed] = deque()
        self._trouble = "not sent"

    async def work(self, connections: int) -> None:
        """Run the connections, then tell what became of the mails that none of them could take."""
        try:
            ends = await asyncio.gather(*(self._connection() for _ in range(connections)), return_exceptions=True)
            for end in ends:
                if isinstance(end, BaseException):
                    raise end
            well = any(ends)
            while well and self._handed_back:  # the others had come to the end before these were handed back
                well = await self._connection()
            while (letter := await self._take()) is not None:
                await self.unmarked.acquire()
                self.outcomes.put_nowait(Outcome(letter[0], accepted=False, permanent=False, reply=self._trouble))
        finally:
            self.outcomes.put_nowait(None)

    async def _take(self) -> Addressed | None:
        async with self._turn:
            if self._handed_back:
                return self._handed_back.popleft()
            if self._ended:
                return None
            self._ended = True  # and so it stays if the source raises: the other connections come to an end
            letter = await anext(self._source, None)
            self._ended = letter is None
            return letter

    async def _connection(self) -> bool:
        """Take mails until there are none (True), or until the server has failed too often in a row (False)."""
        client: SMTP | None = None
        lost = 0
        try:
            while lost < TRIES and (letter := await self._take()) is not None:
                await self.unmarked.acquire()
                if client is None or not client.is_connected:
                    client = await self._connect()
                if client is None:  # a server may let in fewer than we wanted: another connection takes the mail
                    self._handed_back.append(letter)
                    self.unmarked.release()
                    return False
                outcome, lived = await _send(client, *letter)
                lost = 0 if lived else lost + 1
                if not lived:
                    self._trouble = outcome.reply
                    client.close()
                self.outcomes.put_nowait(outcome)
            if client is not None and client.is_connected:
                with suppress(SMTPException, OSError):
                    await client.quit(timeout=QUIT_TIMEOUT)
            return lost < TRIES
        finally:
            if client is not None:
                client.close()

    async def _connect(self) -> SMTP | None:
        server = self._server
        for again in range(TRIES):
            await asyncio.sleep(PAUSE * again)
            client = SMTP(
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                local_hostname=server.own_name,
                timeout=server.timeout,
                use_tls=server.security == "smtps",
                start_tls=server.security == "smtp+starttls",
            )
            try:
                await client.connect()
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()  # here and not with the first mail, which is not to blame if it is refused
            except SMTPResponseException as refused:
                self._trouble = _reply(refused.code, refused.message)
                if refused.code >= 500:  # trying a wrong password again and again locks accounts
                    return None
            except (SMTPException, OSError) as failed:
                self._trouble = _reply(None, str(failed) or type(failed).__name__)
            else:
                return client
            client.close()
        return None


async def _one_by_one(letters: Iterable[Addressed]) -> AsyncIterator[Addressed]:
    for letter in letters:
        yield letter


async def _send(client: SMTP, key: str, mail: EmailMessage) -> tuple[Outcome, bool]:
    """Send one mail. Returns its outcome, and whether the connection lives on."""
    try:
        sender, recipient = _envelope(mail)
        content = _on_the_wire(mail)
        patience = (client.timeout or 0) + len(content) / SLOWEST
        _, said = await client.sendmail(sender, [recipient], content, timeout=patience)
    except SMTPRecipientsRefused as refused:
        answer = refused.recipients[0]
        return _refused(key, answer.code, answer.message, about_mail=True)
    except SMTPResponseException as refused:
        about_mail = isinstance(refused, SMTPDataError) or refused.code == _TOO_LARGE
        return _refused(key, refused.code, refused.message, about_mail=about_mail)
    except (SMTPNotSupported, ValueError) as impossible:
        return Outcome(key, accepted=False, permanent=True, reply=_reply(None, str(impossible))), True
    except (SMTPException, OSError) as failed:
        reply = _reply(None, str(failed) or type(failed).__name__)
        return Outcome(key, accepted=False, permanent=False, reply=reply), False
    return Outcome(key, accepted=True, permanent=False, reply=_reply(250, said)), True


def _refused(key: str, code: int, message: str, *, about_mail: bool) -> tuple[Outcome, bool]:
    permanent = about_mail and 500 <= code < 600 and code not in _LOGIN
    return Outcome(key, accepted=False, permanent=permanent, reply=_reply(code, message)), code not in (_CLOSING, -1)


def _reply(code: int | None, message: str) -> str:
    line = " ".join(message.split())
    return line if code is None else f"{code} {line}"


def _envelope(mail: EmailMessage) -> tuple[str, str]:
    """Sender and recipient of a mail to one person. Raises `ValueError` if there is not exactly one of each."""
    # raw_items: reading a header through the mail parses its grammar anew, which costs as much as sending it.
    written = {name.lower(): str(value) for name, value in mail.raw_items()}
    if {"cc", "bcc"} & written.keys():
        raise ValueError("a mail goes to one person, without copies")
    return _address(written.get("from", "")), _address(written.get("to", ""))


@lru_cache(maxsize=4096)
def _address(written: str) -> str:
    found = getaddresses([written])
    if len(found) != 1 or "@" not in found[0][1]:
        raise ValueError("a mail goes from one address to one address")
    return found[0][1]


def _on_the_wire(mail: EmailMessage) -> bytes:
    if mail.policy is AS_WRITTEN:
        return as_written(mail)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n", cte_type="7bit"))


def _own_name() -> str:
    """Our name in EHLO, without asking the DNS, which may take long to say nothing."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"
