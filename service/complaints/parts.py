"""What a mail says, out of its parts (MIME): its words, and the names of what hangs on it."""

from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final

from service.complaints.charsets import header, letters
from service.complaints.html_text import text_of_html
from service.complaints.words import one_line

# Nobody writes deeper than this, or in more parts: what lies beyond is not read.
DEEPEST: Final = 20
MOST_PARTS: Final = 200
# Bytes and letters of one part: a page of HTML is mostly not words.
_MOST_BYTES: Final = 400_000
_MOST_LETTERS: Final = 30_000


@dataclass(slots=True)
class Said:
    """The words of a mail, and the names of its files."""

    text: str = ""
    files: list[str] = field(default_factory=list)


def said_in(mail: "Message[Any, Any]") -> Said:
    """What a mail says: of the same said twice (multipart/alternative) the plain one. Raises RecursionError."""
    return _said(mail, DEEPEST, [MOST_PARTS])


def _said(part: "Message[Any, Any]", depth: int, left: list[int]) -> Said:
    left[0] -= 1
    if depth < 0 or left[0] < 0:
        return Said()
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        below = part.get_payload()
        told = [_said(one, depth - 1, left) for one in below if isinstance(one, Message)]
        if part.get_content_subtype() == "alternative":
            return Said(
                next((one.text for one in told if one.text.strip()), ""), [name for one in told for name in one.files]
            )
        return Said("\n\n".join(one.text for one in told if one.text), [name for one in told for name in one.files])
    kind = part.get_content_type()
    if kind not in ("text/plain", "text/html") or _name(part) or part.get_content_disposition() == "attachment":
        return Said(files=[_name(part) or kind])
    content = part.get_payload(decode=True)
    raw = content[:_MOST_BYTES] if isinstance(content, bytes) else b""
    text = letters(raw, part.get_content_charset()).replace("\r\n", "\n").replace("\r", "\n")
    return Said((text_of_html(text) if kind == "text/html" else text)[:_MOST_LETTERS])


def _name(part: "Message[Any, Any]") -> str:
    return one_line(header(part.get_filename() or ""), 100)
