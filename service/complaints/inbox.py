"""The mailbox that complaints are sent to, over IMAP4rev1 (RFC 3501): what is new in it, and what has been read.

Nothing is ever taken out of it; at most a mail is moved to another folder of it.
"""

import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from imaplib import IMAP4, IMAP4_SSL
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from service.complaints.by_mail import MOST_BYTES

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS: Final = {"imaps": 993, "imap": 143}
# Seconds for connecting, and for each answer.
TIMEOUT: Final = 30.0


class InboxError(Exception):
    """The mailbox cannot be read now, or not as it is set. The text never holds its password."""


@dataclass(frozen=True, slots=True)
class InboxAddress:
    """Where the mailbox is. `done` is the folder that what was read is moved to; without one it stays, as read."""

    host: str
    port: int
    protected: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done: str = ""

    @classmethod
    def from_url(cls, url: str) -> "InboxAddress":
        """Read `imaps://user:password@host/FOLDER?done=FOLDER`, all parts percent-encoded. Raises InboxError.

        `imap://`, which hides nothing, is for a server on this machine.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii")
            asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            raise InboxError("SAPAT_INBOX cannot be understood: imaps://user:password@host/FOLDER") from None
        if parts.scheme not in _PORTS or not host or port == 0 or re.search(r"\s", url):
            raise InboxError("SAPAT_INBOX must name a server: imaps://user:password@host/FOLDER")
        if parts.scheme == "imap" and host not in LOOPBACK:
            raise InboxError("SAPAT_INBOX must be imaps:// where the server is not on this machine")
        if not parts.username or not parts.password:
            raise InboxError("SAPAT_INBOX needs a user and a password, percent-encoded")
        if parts.fragment or asked.keys() - {"done"}:
            raise InboxError("SAPAT_INBOX may end with ?done=FOLDER and nothing else; is the password percent-encoded?")
        folder, done = unquote(parts.path.removeprefix("/")) or "INBOX", asked.get("done", [""])[0]
        if folder == done or any(ord(sign) < 32 for sign in folder + done):
            raise InboxError("SAPAT_INBOX names a folder that cannot be used")
        user, password = unquote(parts.username), unquote(parts.password)
        return cls(host, port or _PORTS[parts.scheme], parts.scheme == "imaps", user, password, folder, done)


class Inbox:
    """A mailbox that is open. Every method raises InboxError."""

    def __init__(self, client: IMAP4, address: InboxAddress, knows: frozenset[str]) -> None:
        self._client = client
        self._address = address
        self._knows = knows

    def new(self, most: int) -> list[str]:
        """The oldest mails that nobody has read, at most so many; with a folder for what is done, all that are here."""
        wanted = ("UNDELETED",) if self._address.done else ("UNSEEN", "UNDELETED")
        (found, *_) = self._uid("SEARCH", *wanted) or [b""]
        uids = (found or b"").decode("ascii", "replace").split()
        return sorted((uid for uid in uids if uid.isdigit()), key=int)[:most]

    def fetch(self, uid: str) -> bytes | None:
        """The beginning of a mail, as far as it is read; it stays unread. None where it has gone meanwhile."""
        answers = self._uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
        return next((answer[1] for answer in answers if isinstance(answer, tuple)), None)

    def put_away(self, uid: str, *, look: bool = False) -> None:
        """A mail has been read; `look` flags it for a person. Where there is a folder for it, it goes there."""
        self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Flagged)" if look else r"(\Seen)")
        if not self._address.done:
            return
        folder = _folder(self._address.done)
        if "MOVE" in self._knows:
            self._uid("MOVE", uid, folder)
            return
        self._uid("COPY", uid, folder)
        self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._knows:  # else it would end what others have marked, too
            self._uid("EXPUNGE", uid)

    def _uid(self, command: str, *told: str) -> list[Any]:
        try:
            status, answers = self._client.uid(command, *told)
        except (IMAP4.error, OSError, UnicodeError) as error:
            raise InboxError(f"the mailbox did not answer {command}: {_why(error, self._address)}") from None
        if status != "OK":
            raise InboxError(f"the mailbox refused {command}: {_why(answers, self._address)}")
        return list(answers)


@contextmanager
def open_inbox(address: InboxAddress, tls: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> Iterator[Inbox]:
    """Sign in and open the folder, until the end of the block. Raises InboxError."""
    with ExitStack() as left:
        try:
            client = _connected(address, tls, timeout)
            left.callback(_leave, client)
            inbox = Inbox(client, address, _opened(client, address))
        except (IMAP4.error, OSError, UnicodeError) as error:
            raise InboxError(f"the mailbox cannot be opened: {_why(error, address)}") from None
        yield inbox


def _connected(address: InboxAddress, tls: ssl.SSLContext | None, timeout: float) -> IMAP4:
    if address.protected:
        context = tls or ssl.create_default_context()
        return IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=timeout)
    return IMAP4(address.host, address.port, timeout=timeout)


def _opened(client: IMAP4, address: InboxAddress) -> frozenset[str]:
    """Sign in, open the folder, and see to the one for what is done; gives what the server knows to do."""
    if (address.user + address.password).isascii():
        client.login(_quoted(address.user), address.password)  # the password it quotes itself
    else:  # LOGIN knows no other letters
        client.authenticate("PLAIN", lambda _: f"\0{address.user}\0{address.password}".encode())
    _, told = client.capability()  # after signing in it may be more
    if address.done:
        client.create(_folder(address.done))  # NO where it is there already
    status, answers = client.select(_folder(address.folder))
    if status != "OK":
        raise IMAP4.error(f"there is no folder {address.folder}: {answers}")
    return frozenset(bytes(told[-1] or b"").decode("ascii", "replace").upper().split())


def _leave(client: IMAP4) -> None:
    with suppress(IMAP4.error, OSError):
        client.logout()


def _folder(name: str) -> str:
    """A folder's name as IMAP wants it: quoted, in its own UTF-7 (RFC 3501, 5.1.3)."""
    coded = re.sub("[^\x20-\x7e]+|&", lambda found: _utf7(found[0]), name)
    return _quoted(coded)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", r"\\").replace('"', r"\"") + '"'


def _utf7(letters: str) -> str:
    if letters == "&":
        return "&-"
    return f"&{b64encode(letters.encode('utf-16-be')).decode('ascii').rstrip('=').replace('/', ',')}-"


def _why(told: object, address: InboxAddress) -> str:
    """What went wrong, without the password, should a server repeat it."""
    said = str(told) or type(told).__name__
    return said.replace(address.password, "…")[:300]
