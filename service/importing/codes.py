"""Codes that an import gives where the file has none: out of the name, in Latin letters, each once."""

import re
from collections.abc import Iterable
from typing import Final

from states.kyrgyz import file_name, fold

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST: Final = 40


class Codes:
    """The codes of one kind of thing that are in use, whatever their capitals."""

    def __init__(self, there: Iterable[str]) -> None:
        self._there = {fold(code) for code in there}

    def take(self, code: str) -> bool:
        """Use this code; False where it is none, or in use."""
        if not _CODE.fullmatch(code) or fold(code) in self._there:
            return False
        self._there.add(fold(code))
        return True

    def made_of(self, words: str) -> str:
        """A code out of words, with a number behind it where it is in use."""
        base = re.sub(r"[._-]+", "-", file_name(words).lower())[:_LONGEST].strip("-") or "x"
        code, number = base, 1
        while not self.take(code):
            number += 1
            code = f"{base}-{number}"
        return code
