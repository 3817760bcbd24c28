"""Words and numbers as figures write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from states.drawing.letters import width

Say = Callable[[str], str]
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_PIECE: Final = 3
_LONGEST: Final = 2_000  # letters of a name that are measured at all


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: `say` puts a marked sentence into their language, `language` says how they write numbers."""

    say: Say
    language: str

    def told(self, sentence: str, **facts: object) -> str:
        """A marked sentence with its places filled."""
        return self.say(sentence) % facts if facts else self.say(sentence)

    def number(self, value: float) -> str:
        """1 234 567,8: at most one place after the comma."""
        shown = f"{round(value, 1):,.1f}".removesuffix(".0")
        if self.language == "en":
            return shown
        return shown.replace(",", "\u00a0").replace(".", ",")

    def per_cent(self, part: float, whole: float) -> str:
        """Whole per cent; never 100 % while one is missing, never 0 % while there is one."""
        exact = 100 * part / whole if whole else 0
        shown = round(exact)
        if 0 < exact < 100:
            shown = min(max(shown, 1), 99)
        return f"{shown}\u00a0%" if self.language == "ru" else f"{shown}%"


def plain(words: str) -> str:
    """On one line, without what is not seen."""
    return " ".join(_UNSEEN.sub("", words).split())


def fit(words: str, size: float, limit: float, most: int) -> tuple[str, ...]:
    """The words in at most `most` lines no wider than `limit`; what does not fit ends with an ellipsis."""
    lines: list[str] = []
    for word in _pieces(plain(words[:_LONGEST]), size, limit):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= limit:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            return (*lines[:-1], _cut(lines[-1], size, limit))
    return tuple(lines)


def _pieces(words: str, size: float, limit: float) -> list[str]:
    """The words; one that is wider than a line, in pieces of three letters or more."""
    found: list[str] = []
    for word in words.split():
        rest = word
        while width(rest, size) > limit and len(rest) > 2 * _PIECE:
            fits = next((k for k in range(len(rest), 1, -1) if width(f"{rest[:k]}-", size) <= limit), 1)
            at = max(1, min(fits, len(rest) - _PIECE))
            found.append(f"{rest[:at]}-")
            rest = rest[at:]
        found.append(rest)
    return found


def _cut(line: str, size: float, limit: float) -> str:
    while line and width(f"{line}…", size) > limit:
        line = line[:-1]
    return f"{line.rstrip(' ,.;:–-')}…"
