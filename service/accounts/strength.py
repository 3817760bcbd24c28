"""Which passwords are refused: too short, or made of what is tried first. Nothing is asked of their characters.

The rule: common words (common_passwords.txt), the person's own names, “sapat”, runs of the keyboard or the alphabet,
years and repetitions are taken away; of what is left, at least six letters or digits must be.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from service.accounts.passwords import normal
from states.text import N_

SHORTEST: Final = 12
LONGEST: Final = 256
LEFT: Final = 6
_RUN: Final = 4
_PERIOD: Final = 8

TOO_SHORT = N_("A password needs at least 12 characters; a few words that belong to nothing else are good.")
TOO_LONG = N_("A password may have at most 256 characters.")
COMMON = N_("This is tried first by whoever guesses: common words, your own names, rows of keys. Take something else.")

_SUBSTITUTES: Final = str.maketrans("0134579@$!", "oieastgasi")
_ROWS: Final = (
    *("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p"),
    *("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "1й2ц3у4к5е6н7г8ш9щ0з"),
    *("abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
)


def weakness(password: str, context: Iterable[str]) -> str | None:
    """The sentence that says why the password will not do, if it will not. `context` are the person's own words."""
    typed = normal(password)
    if len(typed) < SHORTEST:
        return TOO_SHORT
    if len(typed) > LONGEST:
        return TOO_LONG
    own = {word for one in context for word in re.findall(r"\w{3,}", normal(one).casefold())}
    plain = _period(typed.casefold())
    readings = (plain, plain.translate(_SUBSTITUTES))
    return COMMON if min(len(_left(one, own)) for one in readings) < LEFT else None


def _left(text: str, own: set[str]) -> str:
    """What of the text nobody would guess."""
    for word in sorted(own | _common(), key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"(?:19|20)\d\d", " ", text)
    text = _runs().sub(" ", text)
    text = re.sub(r"(.)\1{2,}", " ", text)
    return re.sub(r"[\W_]+", "", text)


def _period(text: str) -> str:
    """The part that is repeated, where the text is nothing but a short part repeated."""
    length = (text + text).find(text, 1)
    return text[:length] if length < min(len(text), _PERIOD) else text


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split() if len(word) > 2)


@cache
def _runs() -> re.Pattern[str]:
    pieces = {
        row[start : start + length]
        for one in _ROWS
        for row in (one, one[::-1])
        for length in range(_RUN, len(row) + 1)
        for start in range(len(row) - length + 1)
    }
    return re.compile("|".join(sorted(map(re.escape, pieces), key=len, reverse=True)))
