"""Headers written once, as they go over the wire."""

import re
from base64 import b64encode
from collections.abc import Iterator
from email.headerregistry import BaseHeader
from email.message import MIMEPart
from email.policy import EmailPolicy
from email.utils import formataddr, parseaddr
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from notifications.message import safe_address, safe_header

_LONGEST_ID = 180
# RFC 2047: a line with encoded words has at most 76 characters. 36 bytes become 48, `=?utf-8?b?` and `?=` take 12, the
# name of the header has room beside the first.
_WORD_BYTES = 36


class AsWritten(EmailPolicy):
    """A header is kept as written and decoded when somebody reads it, as for a mail that came over the wire.

    The standard policy parses each header when it is set and again when it is folded, which costs more than rendering.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep an encoded value as it is. Raises `UnsafeHeaderError` for a line break that is not a fold."""
        for line in value.split("\n "):
            safe_header(name, line)
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Decode a value. The few kinds of content are asked for many times per mail, so they are remembered."""
        kind = name.lower()
        if kind in ("content-type", "content-transfer-encoding"):
            return _kind_of_content(kind, value)
        return super().header_fetch_parse(name, value)

    def header_max_count(self, name: str) -> int | None:
        """How often a header may stand in a mail. The standard policy builds a class to answer, at each header."""
        return _max_count(name)


AS_WRITTEN = AsWritten(linesep="\r\n", refold_source="none")


def as_written(mail: MIMEPart) -> bytes:
    """The bytes of a mail under `AS_WRITTEN`: what `as_bytes()` gives, where nothing is left to be encoded or folded.

    The standard generator writes line by line, which for two hundred lines of base64 costs as much as sending them.
    """
    return _lines(mail).encode("ascii")


def _lines(mail: MIMEPart) -> str:
    # Where a value has a line break it is a fold: nothing else is let in.
    head = [f"{name}: {value.replace(_NEWLINE, _CRLF)}\r\n" for name, value in mail.raw_items()]
    content = mail.get_payload()
    if isinstance(content, str):
        return "".join((*head, _CRLF, content))
    line = f"--{mail['Content-Type'].params['boundary']}"
    parts = [f"{line}\r\n{_lines(part)}\r\n" for part in mail.iter_parts()]
    return "".join((*head, _CRLF, *parts, line, "--\r\n"))


_NEWLINE, _CRLF = "\n", "\r\n"


@lru_cache(maxsize=64)
def _kind_of_content(name: str, value: str) -> BaseHeader:
    parsed: BaseHeader = AS_WRITTEN.header_factory(name, value)
    return parsed


@lru_cache(maxsize=256)
def _max_count(name: str) -> int | None:
    return EmailPolicy().header_max_count(name)


def text_header(name: str, value: str) -> str:
    """Encode `value`, in any alphabet, for the header `name`; long values are folded. Raises `UnsafeHeaderError`."""
    safe_header(name, value)
    if value.isascii() and len(name) + len(value) < 76 and "=?" not in value:
        return value
    return "\n ".join(_encoded_words(value))


def address_header(header: str, name: str, address: str) -> str:
    """Encode one mailbox with its name. Raises `UnsafeHeaderError` or `AddressError`."""
    safe_header(header, name)
    safe_address(header, address)
    if name.isascii() and len(name) < 60 and "=?" not in name:
        return formataddr((name, address))
    return "\n ".join([*_encoded_words(name), f"<{address}>"])


def _encoded_words(value: str) -> Iterator[str]:
    """Cut `value` between characters, never inside one, into words of base64."""
    raw = value.encode()
    start = 0
    while start < len(raw):
        end = min(start + _WORD_BYTES, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:  # the middle of a character in UTF-8
            end -= 1
        yield f"=?utf-8?b?{b64encode(raw[start:end]).decode('ascii')}?="
        start = end


def disposition(name: str) -> str:
    """The value of Content-Disposition for a file to be saved under this name, in any alphabet (RFC 2183, RFC 2231)."""
    safe_header("Content-Disposition", name)
    if name.isascii() and len(name) < 50 and '"' not in name and "\\" not in name:
        return f'attachment; filename="{name}"'
    pieces = ["utf-8''"]
    for sign in name:  # cut between characters, as above
        coded = quote(sign, safe="")
        if len(pieces[-1]) + len(coded) > _PIECE:
            pieces.append("")
        pieces[-1] += coded
    return ";\n ".join(["attachment", *(f"filename*{no}*={one}" for no, one in enumerate(pieces))])


_PIECE = 60


def mailbox(header: str, written: str) -> tuple[str, str]:
    """Split "Name <address>" or "address" into name and address. Raises `UnsafeHeaderError` or `AddressError`."""
    name, address = parseaddr(safe_header(header, written))
    return name, safe_address(header, address)


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter `key`: always the same, and never that of another key."""
    safe = re.sub(r"[^A-Za-z0-9-]", lambda found: "".join(f"_{byte:02x}" for byte in found[0].encode()), key)
    if len(safe) > _LONGEST_ID:
        safe = "_sha256_" + sha256(key.encode()).hexdigest()
    return f"<{safe}@{domain}>"
