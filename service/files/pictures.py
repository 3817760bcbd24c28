"""Pictures: a PNG or a JPEG from its first byte to the end of its picture."""

import struct
from typing import IO, Final

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
_MOST_CHUNKS: Final = 100_000
_SCAN, _END = 0xDA, 0xD9
_ALONE: Final = {0x01, *range(0xD0, 0xD8)}


def is_png(file: IO[bytes], size: int) -> bool:
    """Whether it is a whole PNG and nothing after it (PNG 1.2, 3 and 4.1: IHDR first, IEND last)."""
    file.seek(0)
    if file.read(8) != PNG:
        return False
    place, kind = 8, b""
    for number in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return False
        length, kind = struct.unpack(">I4s", head)
        if number == 0 and (kind, length) != (b"IHDR", 13):
            return False
        place += 12 + length
        if place > size:
            return False
        if kind == b"IEND":
            return bool(place == size)
        file.seek(place)
    return False


def is_jpeg(file: IO[bytes], size: int) -> bool:
    """Whether its segments lead to a scan, and a picture's end follows (telephones put more of their own behind it)."""
    file.seek(2)
    for _ in range(1000):
        head = file.read(2)
        if len(head) < 2 or head[0] != 0xFF:
            return False
        marker = head[1]
        if marker == 0xFF:
            file.seek(-1, 1)
        elif marker == _SCAN:
            return _ends(file)
        elif marker not in _ALONE:
            length = int.from_bytes(file.read(2), "big")
            if length < 2 or file.seek(length - 2, 1) > size:
                return False
    return False


def _ends(file: IO[bytes]) -> bool:
    last = b""
    while piece := file.read(1 << 16):
        if bytes((0xFF, _END)) in last + piece:
            return True
        last = piece[-1:]
    return False
