"""Codes of entries and names of editions: how they are written, and which two of them are one."""

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from states.refusals import Duplicate, Incomplete
from states.text import N_

# Cyrillic letters that look like Latin ones: whoever types M1 on a Kyrgyz keyboard means M1.
_TWINS: Final = str.maketrans("АВЕКМНОРСТУХІасеорухі", "ABEKMHOPCTYXIaceopyxi")
_LETTERS: Final = "0-9A-Za-zА-Яа-яЁёҢңӨөҮү"
_CODE: Final = re.compile(rf"[{_LETTERS}][{_LETTERS}._-]{{0,31}}")
_CYRILLIC: Final = re.compile("[А-Яа-яЁёҢңӨөҮүІі]")
_EDITION: Final = re.compile("[0-9]{1,4}")

_ODD_CODE = N_("Write a code of letters, digits, dots and dashes, without spaces, at most 32 signs.")
_ODD_EDITION = N_("Name the edition by a number of at most four digits, such as its year.")
_OLD_EDITION = N_("Editions are in the order of their first digits, so the next one cannot be named like this.")


def written(code: str) -> str:
    """The code as it is kept: in Latin letters where each of its letters has a Latin twin. Raises Incomplete."""
    code = normalize("NFC", code).strip()
    ways = (code.translate(_TWINS), code.upper().translate(_TWINS))
    kept = next((latin for latin in ways if not _CYRILLIC.search(latin)), code)
    if not _CODE.fullmatch(kept):
        raise Incomplete({"code": _ODD_CODE})
    return kept


def key(code: str) -> str:
    """What two codes that people take for one have in common, whatever alphabet and capitals they are typed in."""
    return normalize("NFC", code).upper().translate(_TWINS).casefold()


def new_code(code: str, there: Iterable[str]) -> str:
    """The code as it is kept, if none of those that are `there` reads like it. Raises Incomplete, Duplicate."""
    kept = written(code)
    if any(key(one) == key(kept) for one in there):
        raise Duplicate(what=kept)
    return kept


def new_edition(edition: str, there: Iterable[str]) -> str:
    """The name of an edition that comes after all that are `there`. Raises Incomplete."""
    edition = edition.strip()
    if not (_EDITION.fullmatch(edition) and edition.isascii()):
        raise Incomplete({"edition": _ODD_EDITION})
    # Wherever a bare code means the newest edition, editions are compared as text.
    if any(edition <= one for one in there):
        raise Incomplete({"edition": _OLD_EDITION})
    return edition
