"""A history in a file that needs no database: JSON lines, with gzip where the name ends in .gz.

The last line counts the others and has the SHA-256 of their bytes: that finds what a disk or a transfer has damaged.
Whoever changes a file by intent can write that line anew; then the chain and the seals speak.
"""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from service.verifying.lines import FORMAT, SHAPES, VERSION, Fields, Line, UnreadableError

LONGEST: Final = 32_000_000
EVERY: Final = 1000
Progress = Callable[[str, int, int], None]


def write_export(
    lines: Iterable[Line], path: Path, progress: Progress = lambda _what, _done, _total: None
) -> dict[str, int]:
    """Write the file, whole or not at all, for nobody but its owner to read; gives how many lines of which kind."""
    part = path.with_name(f"{path.name}.part")
    try:
        with _created(part) as bare, _wrapped(bare, "wb", path) as file:
            counts = _write(lines, file, progress)
            file.flush()
        part.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            part.unlink()
        raise
    return counts


def read_export(path: Path) -> Iterator[Line]:
    """The lines of a file. Raises UnreadableError where it is not one, is damaged, or does not go to its end."""
    try:
        with path.open("rb") as bare, _wrapped(bare, "rb", path) as file:
            yield from _read(file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(str(error)) from error


def _write(lines: Iterable[Line], file: IO[bytes], progress: Progress) -> dict[str, int]:
    counts, digest, total = dict.fromkeys(SHAPES, 0), sha256(), 0
    for kind, fields in lines:
        if kind == "header":
            total = fields["entries"]
        counts[kind] += 1
        words = _words({kind: fields})
        digest.update(words)
        file.write(words)
        if kind == "entry" and counts[kind] % EVERY == 0:
            progress("export", counts[kind], total)
    file.write(_words({"end": {"lines": sum(counts.values()), "sha256": digest.hexdigest()}}))
    progress("export", counts["entry"], total)
    return counts


def _read(file: IO[bytes]) -> Iterator[Line]:
    digest, number = sha256(), 0
    while words := file.readline(LONGEST):
        kind, fields = _parsed(words, number + 1)
        if kind == "end":
            if fields != {"lines": number, "sha256": digest.hexdigest()} or words != _words({kind: fields}):
                raise UnreadableError("the file is not what was written: its last line does not fit the others")
            if file.read(1):
                raise UnreadableError("the file goes on after its end")
            return
        if not number and (kind, fields.get("format"), fields.get("version")) != ("header", FORMAT, VERSION):
            raise UnreadableError(f"this is no export of a history, or not of format {VERSION}")
        digest.update(words)
        number += 1
        yield kind, fields
    raise UnreadableError("the file has no end: it was cut off")


def _parsed(words: bytes, number: int) -> tuple[str, Fields]:
    try:
        ((kind, fields),) = json.loads(words).items()
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError(f"line {number} is no line of an export") from error
    if not isinstance(fields, dict):
        raise UnreadableError(f"line {number} is no line of an export")
    return kind, fields


def _words(line: dict[str, Any]) -> bytes:
    # Escaped: what is no proper text in a tampered database must still come through as it is.
    return json.dumps(line, ensure_ascii=True, separators=(",", ":"), default=repr).encode() + b"\n"


def _created(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _wrapped(bare: IO[bytes], mode: str, path: Path) -> Any:
    return gzip.GzipFile("", mode, 6, bare, mtime=0) if path.name.endswith(".gz") else bare
