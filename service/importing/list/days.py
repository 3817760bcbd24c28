"""Days as lists have them: the ways of documents here (states/kyrgyz.py), and a few that only spreadsheets know."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.importing.list.headings import plain
from states.kyrgyz import parse_day

_TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_SHORT: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{2})(?: ?г\.?| ?ж\.?)?")
_SPANISH: Final = re.compile(r"(\d{1,2}) (?:de )?([a-z]{3,10})\.?,? (?:de |del )?(\d{4})")
_MONTHS: Final = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_BY: Final = re.compile(r"(?:до|к|не позднее|by|before|until|hasta(?: el)?)\s+", re.IGNORECASE)
# “15.09.2023гө чейин”, “2023-жылдын 15-сентябрына чейин”: the day stands in the dative.
_UNTIL: Final = re.compile(r"(?:-?[гк][аеоө]|н[ае])?\s+чейин\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and whether it stands there as it was read: 28.03.24 was taken for 2024."""

    day: date
    is_sure: bool = True


def read_day(words: str) -> Day | None:
    """The one day that the words name; None where they name none, or more than one."""
    text = _TIME.sub("", " ".join(words.split()))
    by = _BY.match(text)
    text = _UNTIL.sub("", text[by.end() :] if by else text).strip()
    if day := parse_day(text):
        return Day(day)
    if found := _SHORT.fullmatch(text):
        return _made(2000 + int(found[3]), int(found[2]), int(found[1]), is_sure=False)
    if found := _SPANISH.fullmatch(plain(text)):
        name = found[2].replace("setiem", "septiem")
        months = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name)]
        return _made(int(found[3]), months[0], int(found[1])) if len(months) == 1 else None
    return None


_WITHIN: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}")


def day_within(words: str) -> tuple[str, Day | None]:
    """Words with the one day that stands among them in figures: “закрыто 12.05.2024” is “закрыто” and the day."""
    found = _WITHIN.findall(words)
    day = read_day(found[0]) if len(found) == 1 else None
    if day is None:
        return words, None
    return words.replace(found[0], " ").strip(" ()[],;:–—-\n"), day


def _made(year: int, month: int, day: int, *, is_sure: bool = True) -> Day | None:
    try:
        return Day(date(year, month, day), is_sure)
    except ValueError:
        return None
