"""From a mail, whoever wrote it with whatever program, to a complaint; or why it is none."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from service.complaints.charsets import LONGEST_HEADER, header
from service.complaints.fields import LONGEST
from service.complaints.parts import Said, said_in
from service.complaints.words import cut, one_line, several_lines, title_of

# What is read of a mail; what lies beyond is in the mailbox, or with whoever sent it.
MOST_BYTES: Final = 1024 * 1024
# Letters kept of what somebody wrote; of what they answered to, and of what stands under each of their mails.
OWN: Final = 14_000
HISTORY: Final = 3_000
MOST_FILES: Final = 20
# Servers that a mail has passed: more of them are a circle.
MOST_SERVERS: Final = 30
# Parts within parts: Python looks at each line of a mail once for each of them.
MOST_MULTIPARTS: Final = 40


class Why(StrEnum):
    """Why a mail is no complaint."""

    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    LIST = "list"
    OURS = "ours"
    LOOP = "loop"
    SPAM = "spam"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


# What nobody has written for us; at everything else that is no complaint a person should look.
CLEAR: Final = frozenset({Why.AUTOMATIC, Why.BOUNCE, Why.LIST, Why.OURS})


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody wrote. `key` is the mail's for ever; `sender` the address it says it is from, in small letters."""

    title: str
    found: str
    name: str
    sender: str
    key: str

    @property
    def given(self) -> dict[str, str]:
        """As `service.complaints.complain` asks for it."""
        return {"title": self.title, "found": self.found, "name": self.name, "reach": self.sender}


@dataclass(frozen=True, slots=True)
class Refused:
    """A mail that is no complaint, and why."""

    why: Why
    key: str = ""


def read_mail(raw: bytes) -> Complaint | Refused:
    """What a mail (RFC 5322) says as a complaint. Never raises, and reads no more than MOST_BYTES of it."""
    key = sha256(raw[:MOST_BYTES]).hexdigest()
    try:
        if len(_MULTIPART.findall(raw[:MOST_BYTES])) > MOST_MULTIPARTS:
            return Refused(Why.UNREADABLE, key)
        mail = message_from_bytes(raw[:MOST_BYTES], policy=_SHORT)
        name, address = _sender(mail)
        key = _key(mail, address) or key
        if why := _none(mail, address):
            return Refused(why, key)
        return _complaint(mail, name, address, key, whole=len(raw) <= MOST_BYTES)
    except Exception:  # noqa: BLE001 - Python's parser is known to break on what nobody has thought of
        return Refused(Why.UNREADABLE, key)


class _Short(Compat32):
    """Headers as they came, to a length that no honest one has: for a megabyte of them Python needs minutes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_SHORT: Final = _Short()
_MULTIPART: Final = re.compile(rb"(?i)content-type:\s*multipart/")


def _complaint(mail: "Message[Any, Any]", name: str, address: str, key: str, *, whole: bool) -> Complaint | Refused:
    said, subject = said_in(mail), _subject(mail)
    text = _shortened(several_lines(said.text))
    if not (text or subject or said.files):
        return Refused(Why.EMPTY, key)
    more = _files(said, whole)
    found = "\n\n".join(filter(None, (text or subject, more)))
    title = subject or title_of(text) or one_line(said.files[0])
    return Complaint(title, found, name, address.lower(), key)


def _files(said: Said, whole: bool) -> str:
    """What belongs to the complaint and is not kept with it."""
    names = [*said.files[:MOST_FILES], *(["…"] if len(said.files) > MOST_FILES or not whole else [])]
    return f"{_IN_THE_MAILBOX} {', '.join(names)}" if names else ""


# In the three languages, for it stands in the record for whoever reads it.
_IN_THE_MAILBOX: Final = "📎 Каттын тиркемелери / Вложения письма / Attached to the mail:"


def _none(mail: "Message[Any, Any]", address: str) -> Why | None:
    """Why a mail is none that a person has written for us."""
    value = {name: _first(mail, name).lower() for name in _HEADERS}
    known = frozenset(name.lower() for name in mail)
    if "x-sapat-key" in known or _OUR_ID.search(value["message-id"]):
        return Why.OURS
    if len(mail.get_all("Received", [])) > MOST_SERVERS or "x-loop" in known:
        return Why.LOOP
    nobody = (mail.get_unixfrom() or "").lower().startswith("from mailer-daemon")
    if value["return-path"] == "<>" or nobody or address.lower().partition("@")[0] in ("mailer-daemon", "postmaster"):
        return Why.BOUNCE
    if mail.get_content_type() == "multipart/report":
        return Why.BOUNCE
    if known & _LISTS or value["precedence"] in ("list", "bulk", "junk"):
        return Why.LIST
    if value["auto-submitted"].partition(";")[0].strip() not in ("", "no") or known & _ANSWERS:
        return Why.AUTOMATIC
    if value["precedence"] == "auto_reply":
        return Why.AUTOMATIC
    return Why.SPAM if value["x-spam-flag"].startswith("yes") else None


_HEADERS: Final = ("message-id", "return-path", "precedence", "auto-submitted", "x-spam-flag")
_LISTS: Final = frozenset({"list-id", "list-unsubscribe", "list-post"})
_ANSWERS: Final = frozenset({"x-autoreply", "x-autorespond", "x-autoresponse"})
# A notice's key ends with its reader's identifier (notifications/headers.py).
_OUR_ID: Final = re.compile(r"<[\w-]*_3a[0-9a-f]{32}@")


def _first(mail: "Message[Any, Any]", name: str) -> str:
    return str(mail.get(name, "")).strip()


def _subject(mail: "Message[Any, Any]") -> str:
    return one_line(_ANSWER.sub("", one_line(header(_first(mail, "subject")))), 200)


# “Re: Fwd: ” says nothing of what happened.
_ANSWER: Final = re.compile(r"^\s*(?:(?:re|fw|fwd|ответ|пересылка|жооп)\s*:\s*){1,5}", re.IGNORECASE)


def _sender(mail: "Message[Any, Any]") -> tuple[str, str]:
    """The name and the address that a mail says it is from."""
    name, address = parseaddr(_first(mail, "from"))
    return one_line(header(name), LONGEST["name"]), one_line(header(address), LONGEST["reach"])


def _key(mail: "Message[Any, Any]", address: str) -> str:
    """The mail's own: its Message-ID, together with its sender, so that nobody takes it from somebody else's mail."""
    identifier = _first(mail, "message-id")
    return sha256(f"{identifier}\n{address.lower()}".encode("utf-8", "replace")).hexdigest() if identifier else ""


def _shortened(text: str) -> str:
    """What they wrote themselves, to `OWN` letters, and to `HISTORY` letters what they answered to and signed with."""
    own: list[str] = []
    left = {True: HISTORY, False: OWN}
    below = gap = False
    for line in text.split("\n"):
        below = below or bool(_BELOW.match(line))
        old = below or line.startswith(">")
        left[old] -= len(line) + 1
        if left[old] >= 0:
            own.append(line)
            gap = False
        elif not gap:
            room = left[old] + len(line) + 1
            own.append(cut(line, room) if room > 20 else "[…]")
            gap, left[old] = True, 0
    return "\n".join(own).strip()


_BELOW: Final = re.compile(
    r"-- ?$|-{2,}\s*(Original Message|Исходное сообщение|Оригинальное сообщение)\b", re.IGNORECASE
)
