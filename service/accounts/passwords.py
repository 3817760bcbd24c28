"""Passwords as they are kept: argon2id, worked out in two threads of their own, away from the event loop."""

import asyncio
import os
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from service.accounts.refusals import Busy

T = TypeVar("T")
# RFC 9106, 4 (second recommendation); more than OWASP asks for. About 95 ms and 64 MiB each.
TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4
THREADS: Final = 2
# About three seconds of waiting; whoever comes then is told to come again.
WAITING: Final = 64
_LONGEST_TYPED: Final = 1024


class Verified(NamedTuple):
    """Whether the password was right; `renewed` is its hash by today's parameters where the kept one is older."""

    right: bool
    renewed: str | None = None


class Passwords:
    """Hashes and verifies. `verifications` counts, so that a test can see that unknown accounts cost as much."""

    def __init__(self, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB, lanes: int = LANES) -> None:
        self._hash = PasswordHash((Argon2Hasher(time_cost, memory_kib, lanes),))
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={time_cost},p={lanes}${_random(16)}${_random(32)}"
        self._threads = ThreadPoolExecutor(THREADS, "argon2")
        self._waiting = 0
        self.verifications = 0

    async def hash(self, password: str) -> str:
        """What is kept of a password. Raises Busy."""
        return await self._apart(lambda: self._hash.hash(_bytes(normal(password))))

    async def verify(self, password: str, kept: str | None) -> Verified:
        """Whether it is the password. Where none is kept, it takes as long and is wrong. Raises Busy."""
        typed = _bytes(normal(password[:_LONGEST_TYPED]))

        def work() -> Verified:
            self.verifications += 1
            right, renewed = self._hash.verify_and_update(typed, kept or self._nobodys)
            return Verified(right, renewed) if kept else Verified(right=False)

        return await self._apart(work)

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()


def normal(password: str) -> str:
    """The same password, however a keyboard composes its letters (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    """What is hashed; halves of characters, which JSON can carry, too."""
    return password.encode("utf-8", "surrogatepass")


def _random(length: int) -> str:
    return b64encode(os.urandom(length)).decode().rstrip("=")
