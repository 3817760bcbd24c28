"""The process that reads two files and compares them: it may take so much time and memory, write so much, and no more.

It gets a line of JSON (`[{"kind", "size"}, {"kind", "size"}]`) and both contents, and answers with an outcome as JSON.
"""

import json
import resource
import sys
from typing import IO, Any, Final

from service.differences.compare import compare
from service.differences.text import READERS, TooLongError, paragraphs
from service.differences.words import NotCompared, Outcome, Paragraph, packed

MEMORY: Final = 1_500_000_000
SECONDS: Final = 20
WRITTEN: Final = 64_000_000


def limit() -> None:
    """Give up all that reading a file does not need; what is given up cannot be taken back."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def main(source: IO[bytes], target: IO[bytes]) -> None:
    """Read, compare, answer."""
    sides = json.loads(source.readline())
    contents = [source.read(side["size"]) for side in sides]
    outcome = answer([side["kind"] for side in sides], contents)
    target.write(json.dumps(packed(outcome), ensure_ascii=False, separators=(",", ":")).encode())


def answer(kinds: list[str], contents: list[bytes]) -> Outcome:
    """What comparing two contents of these kinds comes to."""
    texts: list[list[Paragraph]] = []
    for side, kind, content in zip(("old", "new"), kinds, contents, strict=True):
        found = _text(kind, content)
        if isinstance(found, str):
            return NotCompared(found, side)
        texts.append(found)
    return compare(*texts)


def _text(kind: str, content: bytes) -> list[Paragraph] | str:
    """The text of a file, or why there is none."""
    if kind not in READERS:
        return "kind"
    try:
        found = paragraphs(kind, content)
    except TooLongError:
        return "long"
    except MemoryError:
        return "slow"
    except Exception:  # noqa: BLE001 - readers raise errors of all kinds on what is damaged, and nothing else is done here
        return "damaged"
    return found or "empty"


def run() -> Any:
    """What the parent starts."""
    limit()
    main(sys.stdin.buffer, sys.stdout.buffer)
