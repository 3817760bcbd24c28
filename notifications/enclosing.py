"""Enclosures on their way into mails: base64, made once for all whom a file goes to."""

from binascii import b2a_base64
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_LINE: Final = 76
# In characters: the papers of two or three sittings.
REMEMBERED: Final = 40_000_000


def base64_lines(content: bytes) -> str:
    """The content as the body of a part."""
    encoded = b2a_base64(content, newline=False).decode("ascii")
    return "\r\n".join([*(encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)), ""])


class Encodings:
    """What was enclosed lately, encoded: the mails of a council share one text in memory. Threads may share it."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._made: OrderedDict[Callable[[], bytes], str] = OrderedDict()
        self._size = 0
        self._one = Lock()

    def of(self, content: bytes | Callable[[], bytes]) -> str:
        """The body of a part. Raises whatever the content raises."""
        if isinstance(content, bytes):
            return base64_lines(content)
        with self._one:  # held while it is made: who comes meanwhile most likely wants the same
            made = self._made.pop(content, None)
            if made is None:
                made = base64_lines(content())
                self._size += len(made)
            self._made[content] = made
            while self._size > self._most:
                _, oldest = self._made.popitem(last=False)
                self._size -= len(oldest)
            return made
