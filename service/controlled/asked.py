"""A PDF that somebody has in their hands: it stays where it lies, and few are judged at once."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import IO, Final, TypeVar
from uuid import UUID

from states.refusals import Refusal
from states.text import N_

T = TypeVar("T")

PIECE: Final = 1024 * 1024
# The seal says in plain letters where to ask about the file: a hint at which record is meant, never a proof.
_MARK: Final = re.compile(rb"/check/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_LONGEST: Final = len("/check/") + 36  # of what is looked for: what lies across two pieces is found too
_BEGINS, _ENDS, _SIGNED = b"%PDF-", b"%%EOF", b"/ByteRange"
RETRY_AFTER: Final = 10


class TooBusy(Refusal):
    """As many files as there is room for are being judged, or one from that address; `Retry-After` is in seconds."""

    status = 503
    code = "too-busy"
    says = N_("Other files are being checked just now.")
    next_step = N_("Send it again in a few seconds.")
    headers: Final = {"Retry-After": str(RETRY_AFTER)}


class NotJudged(TooBusy):
    """The file could not be judged in the time there is: that says nothing of what it is."""

    code = "not-judged"
    says = N_("Checking this file took too long: nothing can be said of it.")
    next_step = N_("Try again later, or take the file from the revision's page and compare.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is seen of a file without opening it; `may_be_sealed` where it has what every sealed PDF has."""

    sha256: str
    may_be_sealed: bool
    claims: UUID | None


def look(file: IO[bytes]) -> Asked:
    """Read a file through, a piece at a time, from its beginning."""
    file.seek(0)
    digest, kept, claims = sha256(), b"", None
    begins = ends = signed = False
    while piece := file.read(PIECE):
        begins = begins or (not kept and piece.startswith(_BEGINS))
        digest.update(piece)
        seen = kept + piece
        ends, signed = ends or _ENDS in seen, signed or _SIGNED in seen
        if claims is None and (found := _MARK.search(seen)):
            claims = UUID(found[1].decode())
        kept = seen[-_LONGEST:]
    return Asked(digest.hexdigest(), begins and ends and signed, claims)


class Judges:
    """Room for so many files at once, and for so many that wait; of one network, one.

    A place is free again when the work has ended, not when whoever asked has gone away.
    """

    def __init__(self, at_once: int = 2, waiting: int = 4) -> None:
        self._pool = ThreadPoolExecutor(at_once, "judge")
        self._most = at_once + waiting
        self._in_hand: set[str] = set()
        self._lock = Lock()

    def submit(self, network: str, work: Callable[[], T]) -> Future[T]:
        """Have it done. Raises TooBusy."""
        with self._lock:
            if network in self._in_hand or len(self._in_hand) >= self._most:
                raise TooBusy
            self._in_hand.add(network)

        def done() -> T:
            try:
                return work()
            finally:
                with self._lock:
                    self._in_hand.discard(network)

        return self._pool.submit(done)
