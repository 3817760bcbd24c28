"""Zip archives, which may unpack to anything: counted before and while they are unpacked, their XML without a DTD.

Registers that are imported and files of records share this: both come from people, and both are zips of XML.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, NoReturn
from xml.parsers import expat

from states.text import N_

LOCAL: Final = b"PK\x03\x04"
END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_PIECE: Final = 1 << 16
MAX_DEPTH: Final = 1000
_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class UnsafeArchiveError(Exception):
    """An archive that is not unpacked; `says` is a sentence for the catalogues."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


DAMAGED: Final = N_("The file is damaged, or is not what its name says.")
PROTECTED: Final = N_("The file is protected by a password.")
_TOO_MANY = N_("The file has too many parts inside.")
_TOO_MUCH = N_("The file unpacks to far too much.")
_ODD_NAMES = N_("The parts inside the file have names that lead elsewhere, or the same name twice.")
_DEEP = N_("The parts inside the file are nested far too deep.")
_MORE = N_("The file is two files in one.")
_DTD = N_("The file holds XML that defines words of its own (a DTD): office programs write none.")


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many members, so many bytes when unpacked, and so many bytes of one member that is read whole."""

    members: int
    unpacked: int
    whole: int


@contextmanager
def opened(file: IO[bytes], limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, whose directory is sound. Raises UnsafeArchiveError, also for what goes wrong while it is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive, limits)
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnsafeArchiveError(DAMAGED) from error


def ends_as_archive(file: IO[bytes], size: int) -> bool:
    """Whether it is an archive from its first byte to its last: nothing before, nothing after."""
    file.seek(0)
    begins = file.read(4) == LOCAL
    file.seek(max(0, size - _END_SIZE))
    return begins and file.read(4) == END


def hides_archive(file: IO[bytes]) -> bool:
    """Whether readers of archives would find one in it, wherever it begins."""
    return zipfile.is_zipfile(file)


def members(
    archive: zipfile.ZipFile, limits: Limits, whole: Callable[[str], bool]
) -> Iterator[tuple[str, bytes | None]]:
    """Every member: its content where it is wanted `whole`; the others are unpacked and forgotten (None).

    No more is unpacked than the directory claims and the limits allow. Raises UnsafeArchiveError.
    """
    left = limits.unpacked
    for member in archive.infolist():
        wanted = whole(member.filename)
        if member.file_size > min(left, limits.whole if wanted else left):
            raise UnsafeArchiveError(_TOO_MUCH)
        # A reader of ours stops where the directory says, and finds by the checksum that there was more.
        left -= member.file_size
        if wanted:
            yield member.filename, archive.read(member)
            continue
        with archive.open(member) as unpacking:
            while unpacking.read(_PIECE):
                pass
        yield member.filename, None


def reader(
    begins: Callable[[str, dict[str, str]], None] = lambda _name, _facts: None,
    ends: Callable[[str], None] = lambda _name: None,
) -> expat.XMLParserType:
    """A parser that hears where elements begin and end, and is told of no DTD and of nothing nested without end."""
    made, depth = expat.ParserCreate(), 0

    def begin(name: str, facts: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise UnsafeArchiveError(_DEEP)
        begins(name, facts)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ends(name)

    made.StartElementHandler, made.EndElementHandler = begin, end
    made.StartDoctypeDeclHandler = _refuse_dtd
    return made


def parsed(content: bytes, parser: expat.XMLParserType | None = None) -> None:
    """Read XML through. Raises UnsafeArchiveError for a DTD, for what is nested too deep, for what is no XML."""
    try:
        (parser or reader()).Parse(content, True)
    except expat.ExpatError as error:
        raise UnsafeArchiveError(DAMAGED) from error


def _refuse_dtd(*_: object) -> NoReturn:
    # Before any entity is known: a billion laughs end at the first.
    raise UnsafeArchiveError(_DTD)


def _check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    found = archive.infolist()
    if len(found) > limits.members:
        raise UnsafeArchiveError(_TOO_MANY)
    if sum([member.file_size for member in found]) > limits.unpacked:
        raise UnsafeArchiveError(_TOO_MUCH)
    names = [member.filename for member in found]
    if len({name.casefold() for name in names}) != len(names) or any(map(_leads_elsewhere, names)):
        raise UnsafeArchiveError(_ODD_NAMES)
    if any(member.flag_bits & 1 for member in found):
        raise UnsafeArchiveError(PROTECTED)
    if any(member.compress_type not in _PACKINGS for member in found):
        raise UnsafeArchiveError(DAMAGED)
    if min([member.header_offset for member in found], default=0):
        raise UnsafeArchiveError(_MORE)


def _leads_elsewhere(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")
