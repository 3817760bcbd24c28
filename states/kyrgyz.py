"""The Kyrgyz language where libraries do not know it: searching, sorting, dates, file names."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

from states.text import Text
from states.working_days import BISHKEK

ALPHABET: Final = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"

# As they stand after the number of a day: 28-марты, 28 марта, 28 March.
MONTHS: Final = (
    Text("январы", "января", "January"),
    Text("февралы", "февраля", "February"),
    Text("марты", "марта", "March"),
    Text("апрели", "апреля", "April"),
    Text("майы", "мая", "May"),
    Text("июну", "июня", "June"),
    Text("июлу", "июля", "July"),
    Text("августу", "августа", "August"),
    Text("сентябры", "сентября", "September"),
    Text("октябры", "октября", "October"),
    Text("ноябры", "ноября", "November"),
    Text("декабры", "декабря", "December"),
)

# People type Kyrgyz on Russian keyboards, and ё as е.
_FOLDED: Final = str.maketrans("ёңөү", "еноу")


def fold(text: str) -> str:
    """The form in which words are compared when searching; apply it to what is kept and to what is asked."""
    return normalize("NFC", " ".join(normalize("NFC", text).casefold().split())).translate(_FOLDED)


# Sorting: a key's characters are, from low to high, the end of the word, a space, any mark, a number, the 36 letters,
# other letters. All are printable, so the key can be stored in any database and compared by code point.
_END, _SPACE, _MARK, _NUMBER, _OTHER = " ", "!", "#", ord("0"), "\u0500"
_LETTERS: Final = {letter: chr(ord("а") + place) for place, letter in enumerate(ALPHABET)}
_PIECE: Final = re.compile(r"[0-9]+|\s+|.", re.DOTALL)
_LONGEST: Final = 60


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> str:
    """A string that sorts by code point as `text` does in Kyrgyz, numbers by their value, small letters first.

    A database must compare the column by code point: SQLite does, PostgreSQL with `COLLATE "C"`.
    """
    shown = "".join(sign for sign in normalize("NFC", text) if category(sign)[0] != "C" or sign.isspace())
    words = " ".join(shown.split())
    pieces: list[str] = _PIECE.findall(normalize("NFC", words.casefold()))
    return f"{''.join(map(_ranked, pieces))}{_END}{words.swapcase()}"


def _ranked(piece: str) -> str:
    if piece in _LETTERS:
        return _LETTERS[piece]
    if piece[0] in "0123456789":
        # How many digits, then the digits: 10 comes after 9, and 09 beside 9.
        digits = piece.lstrip("0")
        return "".join(
            chr(_NUMBER + len(part)) + part
            for part in (digits[i : i + _LONGEST] for i in range(0, max(len(digits), 1), _LONGEST))
        )
    if piece.isspace():
        return _SPACE
    if piece.isalnum():
        return _OTHER + piece
    return _MARK


def day_in_words(day: date, language: str) -> str:
    """The day as official texts write it: 2024-жылдын 28-марты · 28 марта 2024 г. · 28 March 2024."""
    month = MONTHS[day.month - 1].into(language)
    if language == "ru":
        return f"{day.day} {month} {day.year} г."
    if language == "en":
        return f"{day.day} {month} {day.year}"
    return f"{day.year}-жылдын {day.day}-{month}"


def day_short(day: date, language: str) -> str:
    """The day in a table: 28.03.2024, in English 28 Mar 2024."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1].en[:3]} {day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year}"


def moment_in_words(moment: datetime, language: str) -> str:
    """The day and the time in Bishkek of an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is not a moment")
    here = moment.astimezone(BISHKEK)
    return f"{day_in_words(here.date(), language)}, {here:%H:%M}"


_STEMS: Final = tuple(month.ru[:-1] for month in MONTHS)
_ENGLISH: Final = tuple(month.en.casefold() for month in MONTHS)
# The month's name in the cases that dates of documents have: июль, июлу, июлда, июлдагы, июлунда, июлундагы, июля.
_MONTH: Final = (
    rf"(?:(?!ма(?![йяр]))(?P<stem>{'|'.join(_STEMS)})"
    r"(?:[ьйяа]|(?:[йь]?[ыиу])?н?(?:[дт][ае](?:[гк][ыи])?)?|й[дт][ае](?:[гк][ыи])?)"
    rf"|(?P<english>{'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in _ENGLISH)}))"
)
_YEAR: Final = r"(?P<year>[0-9]{4})"
_YEARS: Final = r"(?:[- ]?(?:жыл(?:ы|дын|дагы|да|ы?нда|ы?ндагы)?|ж\.?|г\.?|года?))"
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_DATES: Final = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
        rf"{_DAY}([./ ])(?P<month>[0-9]{{1,2}})\2{_YEAR}{_YEARS}?",
        rf"{_DAY}[- ]{{0,3}}{_MONTH},? {_YEAR}{_YEARS}?",
        rf"{_YEAR}{_YEARS},? ?{_DAY}[- ]{{0,3}}{_MONTH}",
    )
)
_QUOTES: Final = str.maketrans("", "", "«»“”„\"'")


def parse_day(text: str) -> date | None:
    """The day that `text` names, in any form that documents here use; None where it names none, or not one alone."""
    plain = " ".join(normalize("NFC", text).casefold().translate(_QUOTES).split()).rstrip(",;")
    for form in _DATES:
        if found := form.fullmatch(plain):
            break
    else:
        return None
    parts = found.groupdict()
    year, day = int(parts["year"]), int(parts["day"])
    if not 1900 <= year <= 2200:
        return None
    try:
        return date(year, _month(parts), day)
    except ValueError:
        return None


def _month(parts: dict[str, str | None]) -> int:
    if number := parts.get("month"):
        return int(number)
    if stem := parts.get("stem"):
        return _STEMS.index(stem) + 1
    english = parts.get("english") or ""
    return next(number for number, month in enumerate(_ENGLISH, start=1) if month.startswith(english))


# Letter by letter, after the BGN system for Kyrgyz, without the marks above letters.
_LATIN: Final = {
    "а": "a",
    "б": "b",
    "в": "v",
    "г": "g",
    "д": "d",
    "е": "e",
    "ё": "yo",
    "ж": "j",
    "з": "z",
    "и": "i",
    "й": "y",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "ң": "ng",
    "о": "o",
    "ө": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ү": "u",
    "ф": "f",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "№": "No",
}
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def file_name(text: str) -> str:
    """A name for a file in plain ASCII that every system takes: «УСТ 4.09: жобо» becomes UST-4.09-jobo."""
    latin = "".join(map(_plain, normalize("NFC", text)))
    name = re.sub(r"[^A-Za-z0-9._]+", "-", latin)
    name = re.sub(r"-*\.[.-]*", ".", name).strip("-._")[:100].rstrip("-._")
    if not name or _RESERVED.fullmatch(name):
        return f"file-{name}".rstrip("-")
    return name


def _plain(sign: str) -> str:
    small = sign.lower()
    if small not in _LATIN:
        return normalize("NFKD", sign).encode("ascii", "ignore").decode() or ("" if category(sign) == "Mn" else "-")
    latin = _LATIN[small]
    return latin if small == sign else latin.capitalize()
