"""Comparing files of the store: in a process of its own, once for each two contents, kept by their SHA-256.

What is kept is never out of date, for a content never changes; the least used of it is taken away.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from threading import Lock
from time import monotonic
from typing import Final

from service.differences.words import NotCompared, Outcome, packed, unpacked
from service.files.at import store_at
from service.files.attachments import AttachmentView
from service.files.kinds import BY_MEDIA_TYPE, KINDS
from service.files.store import Store
from service.settings import Settings

# How results are written; and what they would say, were they worked out anew.
EDITION: Final = "1"
MOST_KEPT: Final = 300
SECONDS: Final = 30
COMPARED: Final = ("docx", "pdf", "xlsx", "txt", "csv")
_ROOT: Final = Path(__file__).parents[2]
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from service.differences.child import run; run()"

# Not kept: where there is more time or memory, it comes to something else. Remembered for so many seconds.
SLOW: Final = NotCompared("slow")
FOR: Final = 600


def kind_of(media_type: str) -> str:
    """The kind of a file as KINDS has it; nothing for what is not kept here."""
    found = BY_MEDIA_TYPE.get(media_type)
    return next((name for name, kind in KINDS.items() if kind is found), "")


class Comparer:
    """Compares files of `store`. What it came to is kept in `folder`; that it took too long is forgotten after a while,
    for the machine may only have been busy. `clock` counts seconds.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        *,
        seconds: float = SECONDS,
        most: int = MOST_KEPT,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._folder, self._seconds, self._most = store, folder, seconds, most
        self._pool = ThreadPoolExecutor(2, "compare")
        self._asked: dict[tuple[str, str], Future[Outcome]] = {}
        self._slow: dict[tuple[str, str], float] = {}  # and when each was found so
        self._clock = clock
        self._door = Lock()

    def asked(self, old: AttachmentView, new: AttachmentView) -> "Future[Outcome]":
        """The outcome, when it is there; of two who ask for the same, one lets it be worked out.

        The future raises FileDamagedError where the store has lost a file.
        """
        pair = (old.sha256, new.sha256)
        with self._door:
            for long_ago in [one for one, at in self._slow.items() if at + FOR <= self._clock()]:
                del self._slow[long_ago], self._asked[long_ago]
            if pair in self._asked:
                return self._asked[pair]
            future = self._asked[pair] = self._pool.submit(self._outcome, old, new)
        future.add_done_callback(self._forget(pair))
        return future

    def _forget(self, pair: tuple[str, str]) -> "Callable[[Future[Outcome]], None]":
        def forget(done: "Future[Outcome]") -> None:
            if done.exception() is not None or done.result() != SLOW:
                with self._door:
                    self._asked.pop(pair, None)

        return forget

    def _outcome(self, old: AttachmentView, new: AttachmentView) -> Outcome:
        for side, one in (("old", old), ("new", new)):
            if kind_of(one.media_type) not in COMPARED:
                return NotCompared("kind", side)
        path = self._folder / f"{EDITION}-{old.sha256}-{new.sha256}.json.gz"
        kept = _read(path)
        if kept is not None:
            return kept
        outcome = self._worked_out(old, new)
        if outcome == SLOW:
            with self._door:
                self._slow[old.sha256, new.sha256] = self._clock()
        else:
            self._keep(path, outcome)
        return outcome

    def _worked_out(self, old: AttachmentView, new: AttachmentView) -> Outcome:
        contents = [b"".join(self._store.read(one.sha256)) for one in (old, new)]
        sides = [
            {"kind": kind_of(one.media_type), "size": len(content)}
            for one, content in zip((old, new), contents, strict=True)
        ]
        sent = json.dumps(sides).encode() + b"\n" + b"".join(contents)
        with TemporaryFile() as answer:
            try:
                # Without the environment: a reader that is taken over finds no secret in it.
                done = subprocess.run(  # noqa: S603 - nothing of it comes from people
                    [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_ROOT)],
                    input=sent,
                    stdout=answer,
                    stderr=subprocess.DEVNULL,
                    timeout=self._seconds,
                    env={},
                    cwd="/",
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return SLOW
            if done.returncode:
                return SLOW
            answer.seek(0)
            with suppress(ValueError, KeyError, TypeError):
                return unpacked(json.loads(answer.read()))
        return SLOW

    def _keep(self, path: Path, outcome: Outcome) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as file:
            file.write(gzip.compress(json.dumps(packed(outcome), ensure_ascii=False).encode(), 5))
        Path(file.name).replace(path)
        used = sorted(self._folder.iterdir(), key=_used, reverse=True)
        for one in used[self._most :]:
            one.unlink(missing_ok=True)


def _read(path: Path) -> Outcome | None:
    """What is kept there; nothing where that is not so, or it was written halfway."""
    try:
        found = unpacked(json.loads(gzip.decompress(path.read_bytes())))
        os.utime(path)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None
    return found


def _used(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def comparer_at(settings: Settings) -> Comparer:
    """The one of the Sapat with these settings: its files may be on the disk or in a bucket."""
    files = settings.files.get_secret_value() if settings.files else ""
    with _making:
        if (settings.home, files) not in _made:
            _made[settings.home, files] = Comparer(store_at(settings), settings.home / "differences")
        return _made[settings.home, files]


# One for each place where files are, so that two who ask for the same find each other.
_made: Final[dict[tuple[Path, str], Comparer]] = {}
_making: Final = Lock()
