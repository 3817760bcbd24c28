"""Letters out of bytes, whatever they say they are: what is claimed, else UTF-8, else a Cyrillic one."""

import re
from base64 import b64decode
from binascii import Error
from codecs import lookup
from quopri import decodestring
from typing import Final

# Only what turns bytes into letters in one pass; Python knows more, some of which take hours (punycode) or run code
# points together (unicode_escape).
_KNOWN: Final = frozenset(
    {
        *("ascii", "utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-7", "koi8-r", "koi8-u", "koi8-t", "kz1048"),
        *("cp866", "cp855", "ptcp154", "mac-cyrillic", "iso8859-1", "cp1252", "mac-roman"),
        *(f"cp125{number}" for number in range(9)),
        *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
        *("gb2312", "gbk", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr", "cp949"),
    }
)
# A claim that says nothing: mailers write it over whatever they send.
_NOTHING: Final = frozenset({"", "ascii", "unknown-8bit"})
LONGEST_HEADER: Final = 4000
_ENCODED: Final = re.compile(r"=\?(?P<charset>[^?\s*]{1,40})(?:\*[^?\s]*)?\?(?P<how>[bqBQ])\?(?P<what>[^?\s]*)\?=")


def letters(raw: bytes, claimed: str | None = "") -> str:
    """What the bytes say. Never raises: what cannot be read becomes U+FFFD."""
    name = _name(claimed or "")
    for charset in (name, "utf-8"):
        if charset and charset not in _NOTHING:
            try:
                return raw.decode(charset)
            except UnicodeDecodeError:
                continue
    if name and name not in (*_NOTHING, "utf-8"):
        return raw.decode(name, "replace")
    return raw.decode(_cyrillic(raw), "replace")


def header(value: str) -> str:
    """A header as it is meant: unfolded, its encoded words (RFC 2047) and its bytes read. Never raises."""
    # Bytes above 127 came into the header as surrogates (PEP 383).
    whole = " ".join(letters(value[:LONGEST_HEADER].encode("utf-8", "surrogateescape")).split())
    read, end = "", 0
    charset, gathered = "", b""
    for word in _ENCODED.finditer(whole):
        between = whole[end : word.start()]
        # Letters may be cut in two between words: those of one charset are read together.
        if between.strip() or word["charset"].lower() != charset:
            read += letters(gathered, charset) + (between if between.strip() or not gathered else "")
            charset, gathered = word["charset"].lower(), b""
        gathered += _encoded(word["how"], word["what"])
        end = word.end()
    return (read + letters(gathered, charset) + whole[end:]).strip()


def _encoded(how: str, what: str) -> bytes:
    if how in "qQ":
        return decodestring(what, header=True)
    try:
        return b64decode(what + "=" * (-len(what) % 4))
    except Error:
        return what.encode()


def _name(claimed: str) -> str:
    try:
        name = lookup(claimed.strip().strip("'\"")[:40]).name
    except (LookupError, ValueError):
        return ""
    return name if name in _KNOWN else ""


def _cyrillic(raw: bytes) -> str:
    """Windows-1251 or KOI8-R: small letters are far more frequent, and the two have them where the other has not."""
    small_in_koi = sum(0xC0 <= byte <= 0xDF for byte in raw)
    small_in_windows = sum(0xE0 <= byte <= 0xFF for byte in raw)
    return "koi8-r" if small_in_koi > small_in_windows else "cp1251"
