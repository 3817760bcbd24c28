"""A shape as plain data for a form: words in one language, days as that language writes them.

A day becomes `{"words": "2024-жылдын 28-марты", "short": "28.03.2024", "year": "2024"}`, a moment the same with `time`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final
from unicodedata import category

from states.kyrgyz import day_in_words, day_short
from states.text import Text
from states.working_days import BISHKEK

# Words longer than this are given places where they may be broken: no form has room for them otherwise.
LONGEST_WORD: Final = 28
_EVERY: Final = 8
_LONG: Final = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
_BREAK: Final = "\u200b"  # a space of no width: nothing is seen of it, and searching passes over it


def plain(value: Any, language: str, *, breaks: bool = True) -> Any:
    """The value as JSON knows it, with places to break long words at. Raises TypeError for what no shape holds."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Text):
        return in_print(value.into(language), breaks=breaks)
    if isinstance(value, str):
        return in_print(value, breaks=breaks)
    if isinstance(value, datetime):
        here = value.astimezone(BISHKEK)
        return {**_day(here.date(), language), "time": f"{here:%H:%M}"}
    if isinstance(value, date):
        return _day(value, language)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), language, breaks=breaks) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one, language, breaks=breaks) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [plain(one, language, breaks=breaks) for one in value]
    raise TypeError(f"a print cannot hold {type(value).__name__}")


def in_print(text: str, *, breaks: bool = True) -> str:
    """The text without signs that nothing can show; where it `breaks`, long words with places to be broken at."""
    shown = "".join(sign for sign in text if sign in "\n\t" or category(sign) not in ("Cc", "Cs", "Cn"))
    return _LONG.sub(_breakable, shown.replace("\t", " ")) if breaks else shown


def _breakable(found: re.Match[str]) -> str:
    word = found[0]
    return _BREAK.join(word[at : at + _EVERY] for at in range(0, len(word), _EVERY))


def _day(day: date, language: str) -> dict[str, str]:
    return {"words": day_in_words(day, language), "short": day_short(day, language), "year": str(day.year)}
