"""Which column is which: guessed from its heading, with how sure the guess is. Nothing is decided here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from hashlib import sha256
from typing import Final
from unicodedata import combining, normalize

from service.importing.list.words import ALIASES, BARE, COUNTING, SEVERAL, UNDER
from states.kyrgyz import fold

EXACT: Final = 1.0
SURE: Final = 0.93
ENOUGH: Final = 0.74
LONGEST: Final = 160
BETWEEN: Final = " / "
_BRACKETS: Final = re.compile(r"[(\[].*?[)\]]")
# As few letters as can stand within a longer heading and still mean something there.
_PART: Final = 8
_TYPO: Final = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to be, "" where nobody knows, and how sure that is: 1 as it is written, less the further."""

    field: str = ""
    score: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether it needs no second look."""
        return self.score >= SURE


def guess(heads: Sequence[str]) -> list[Guess]:
    """A guess for each heading; two columns are never the same thing, but for notes."""
    scored = [(one.score, -place, one.field) for place, head in enumerate(heads) for one in _guesses(head) if one.field]
    found: dict[int, Guess] = {}
    taken: set[str] = set()
    for score, place, field in sorted(scored, reverse=True):
        if score >= ENOUGH and -place not in found and field not in taken:
            found[-place] = Guess(field, score)
            taken |= {field} - SEVERAL
    return [found.get(place, Guess()) for place in range(len(heads))]


def plain(heading: str) -> str:
    """A heading as it is compared: folded, without accents and marks."""
    letters = (sign for sign in normalize("NFD", fold(heading)) if not combining(sign) or sign == "\u0306")
    words = normalize("NFC", "".join(letters)).replace("nº", "№").replace("n°", "№")
    return " ".join(re.sub(r"[^\w№#]+", " ", words.replace("_", " ")).split())


def print_of(heads: Sequence[str]) -> str:
    """The fingerprint (hex) of a row of headings: what a mapping is remembered by."""
    return sha256("\x1f".join(map(plain, heads)).encode()).hexdigest()


def known(heading: str) -> str:
    """The field whose name this is, as it is written; "" where it is none."""
    return _aliases().get(plain(heading), "") if heading and len(heading) <= LONGEST else ""


@lru_cache(maxsize=2_000)
def _guesses(heading: str) -> tuple[Guess, ...]:
    if not heading.strip() or len(heading) > LONGEST:
        return ()
    best: dict[str, float] = {}
    for field, score in _scores(heading):
        best[field] = max(score, best.get(field, 0.0))
    return tuple(Guess(field, score) for field, score in best.items())


def _scores(heading: str) -> Iterator[tuple[str, float]]:
    whole, bare = plain(heading), plain(_BRACKETS.sub(" ", heading))
    over, _, under = (plain(part) for part in heading.rpartition(BETWEEN))
    known = _aliases()
    if whole in known:
        yield known[whole], EXACT
    elif bare in known:
        yield known[bare], 0.98
    if whole in _counting() or bare in _counting():
        yield "reference", 0.95
    if over:
        yield from _below(over, under)
    elif whole not in known:
        yield from _nearly(bare or whole)


def _below(over: str, under: str) -> Iterator[tuple[str, float]]:
    """Of a heading that stands below a wider one."""
    known = _aliases()
    above = {known[over]} if over in known else {field for field, score in _nearly(over) if score >= ENOUGH}
    for field in above:
        for sort, found in UNDER.get(field, {}).items():
            if under in map(plain, BARE[sort]):
                yield found, EXACT
    if under in known:
        yield known[under], 0.96
    elif under in _counting():
        yield "reference", 0.9
    else:
        yield from ((field, score - 0.02) for field, score in _nearly(under))


def _nearly(heading: str) -> Iterator[tuple[str, float]]:
    """By what it holds within itself, and by what it is misspelt from."""
    padded = f" {heading} "
    for alias, field in _aliases().items():
        if len(alias) >= _PART and f" {alias} " in padded:
            yield field, 0.76 + 0.15 * len(alias) / len(heading)
        elif len(alias) >= _TYPO and len(heading) >= _TYPO and abs(len(alias) - len(heading)) <= 4:
            matcher = SequenceMatcher(None, alias, heading, autojunk=False)
            if matcher.quick_ratio() >= 0.82 and (ratio := matcher.ratio()) >= 0.82:
                yield field, 0.92 * ratio


@cache
def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, names in ALIASES.items():
        for name in names:
            found.setdefault(plain(name), field)
    return found


@cache
def _counting() -> frozenset[str]:
    return frozenset(map(plain, COUNTING))
