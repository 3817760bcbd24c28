"""The store: each content once, under its SHA-256, in a folder of which nothing else can be named."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256 as sha256_of
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from service.files.kinds import what_is
from service.files.refusals import FileDamagedError, FileTooLarge, NotAccepted
from states.refusals import NotFound

MOST_BYTES: Final = 50 * 1024 * 1024
_PIECE: Final = 1 << 18
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_INCOMING: Final = "incoming"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds: the SHA-256 (hex) of the content, its size in bytes, and what it was found to be."""

    sha256: str
    size: int
    media_type: str


class Incoming:
    """A file on its way into the store: hashed while it is written, refused as soon as it is too large."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self.file = file
        self.size = 0
        self._most = most
        self._hash = sha256_of()

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises FileTooLarge."""
        self.size += len(piece)
        if self.size > self._most:
            raise FileTooLarge
        self._hash.update(piece)
        self.file.write(piece)

    def judged(self) -> Kept:
        """What has come in, safe on the disk. Raises NotAccepted."""
        self.file.flush()
        if not self.size:
            raise NotAccepted
        found = what_is(self.file, self.size)
        os.fsync(self.file.fileno())
        return Kept(self._hash.hexdigest(), self.size, found.media_type)


class Store:
    """Files below `folder`, by their SHA-256: `ab/cd/abcd…`. Whoever runs Sapat can read them, nobody else."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most = most

    def keep(self, content: bytes | IO[bytes]) -> Kept:
        """Keep what can be kept. Raises FileTooLarge, NotAccepted; nothing is left behind then."""
        source = BytesIO(content) if isinstance(content, bytes) else content
        with self._incoming() as incoming:
            while piece := source.read(_PIECE):
                incoming.write(piece)
            kept = incoming.judged()
            self._place(Path(incoming.file.name), kept.sha256)
        return kept

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content in pieces. Raises NotFound for what is no hash, FileDamagedError for what is not that content.

        The last piece is given only when all of it has been found to be right: nobody gets a wrong file whole.
        """
        found, last = sha256_of(), b""
        try:
            with self._path(sha256).open("rb") as file:
                while piece := file.read(_PIECE):
                    if last:
                        yield last
                    found.update(piece)
                    last = piece
        except FileNotFoundError as error:
            raise FileDamagedError(sha256, "is missing") from error
        if found.hexdigest() != sha256:
            raise FileDamagedError(sha256, "has another content")
        yield last

    def check(self, sha256: str) -> None:
        """Read it through. Raises NotFound, FileDamagedError."""
        for _ in self.read(sha256):
            pass

    def holds(self, sha256: str) -> bool:
        """Whether there is such a file, without a look into it."""
        return bool(_SHA256.fullmatch(sha256)) and self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Take a file away; one that is not there is no error."""
        self._path(sha256).unlink(missing_ok=True)

    def old(self, before: datetime) -> Iterator[tuple[str, int, datetime]]:
        """What was written before that moment: hash, size, when. Unfinished files of that age are taken away."""
        for path in self.folder.glob(f"{_INCOMING}/*"):
            if _written(path) < before:
                path.unlink(missing_ok=True)
        for path in self.folder.glob("??/??/*"):
            if _SHA256.fullmatch(path.name) and (written := _written(path)) < before:
                yield path.name, path.stat().st_size, written

    @contextmanager
    def _incoming(self) -> Iterator[Incoming]:
        folder = self.folder / _INCOMING
        _make(self.folder)
        _make(folder)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield Incoming(file, self.most)
            finally:
                with suppress(FileNotFoundError):
                    Path(file.name).unlink()

    def _place(self, written: Path, sha256: str) -> None:
        # Also over the same content that is there already: a copy that has gone bad is made good.
        path = self._path(sha256)
        _make(path.parent.parent)
        _make(path.parent)
        written.replace(path)
        for folder in (path.parent, path.parent.parent, self.folder):
            _sync(folder)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise NotFound
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def is_hash(name: str) -> bool:
    """Whether it is a SHA-256 in hex, as files are named."""
    return bool(_SHA256.fullmatch(name))


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
