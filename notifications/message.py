"""What is to be said to one person, before it is written: a letter."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Everything str.splitlines() splits at, and every other control character: one of them ends a header early.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# One plain ASCII mailbox. Quoted local parts and addresses that need SMTPUTF8 are refused: few servers take them.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FOLDER = re.compile(r"[a-z_]+/[a-z_]+")
_LONGEST_ADDRESS = 254


class LetterError(ValueError):
    """A letter that cannot be sent as it is. Sending it again would not help."""


class UnsafeHeaderError(LetterError):
    """A header value with a line break or another control character in it: somebody could add headers of their own."""

    def __init__(self, header: str) -> None:
        super().__init__(f"{header} holds a line break or a control character")
        self.header = header


class AddressError(LetterError):
    """Not one plain e-mail address."""


def safe_header(header: str, value: str) -> str:
    """Return `value` as it is, or raise `UnsafeHeaderError` if it could break out of the header."""
    if _CONTROL.search(value):
        raise UnsafeHeaderError(header)
    return value


def safe_address(header: str, address: str) -> str:
    """Return `address` as it is. Raises `UnsafeHeaderError` or `AddressError`."""
    safe_header(header, address)
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise AddressError(f"{header} is not one plain e-mail address: {address!r}")
    return address


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in a mail. `content` are its bytes, or what gives them when the mail is written.

    What gives them is hashable, and equal to whatever gives the same: a file that goes to many is made once. With
    `alternative` it is one more way of saying what the letter says, for programs that understand it; it has no name.
    """

    name: str
    media_type: str
    content: bytes | Callable[[], bytes] = field(repr=False)
    alternative: bool = False

    def __post_init__(self) -> None:
        safe_header("the name of an enclosure", self.name)
        safe_header("Content-Type", self.media_type)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person.

    `key` names the letter for ever: sent twice, it is the same letter. `language` ("ky", "ru", "en") is the reader's,
    and everything in `context` is already worded in it. `folder` is a folder of templates, for example "task/opened".
    Raises `UnsafeHeaderError`, `AddressError` or `LetterError`.
    """

    key: str
    to: str
    to_name: str
    language: str
    folder: str
    context: Mapping[str, Any] = field(repr=False)
    enclosures: tuple[Enclosure, ...] = ()

    def __post_init__(self) -> None:
        if not safe_header("the key", self.key):
            raise LetterError("a letter needs a key")
        safe_address("To", self.to)
        safe_header("To", self.to_name)
        if not _LANGUAGE.fullmatch(self.language):
            raise LetterError(f"not the code of a language: {self.language!r}")
        if not _FOLDER.fullmatch(self.folder):
            raise LetterError(f"not a folder of templates: {self.folder!r}")
