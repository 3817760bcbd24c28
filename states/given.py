"""From what a form or a request sends to what a move records: checked against the declaration, nothing guessed."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final
from unicodedata import normalize

from states.lifecycle import Field
from states.refusals import Incomplete
from states.text import N_

LIMITS: Final = {"line": 500, "text": 20_000}
LARGEST: Final = 2**31 - 1
MOST: Final = 200
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK: Final = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
# All of Unicode's Cc but tab and line ends, and all of its Cs.
_UNWANTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class _WrongError(ValueError):
    """One field's value is not of its kind; the sentence says what is asked."""


def parse_given(fields: Iterable[Field], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `fields` out of `raw` (form strings or JSON values), typed; absent optional ones are None.

    Raises Incomplete with a sentence for each field that is missing, malformed or not asked for.
    """
    known = {field.name: field for field in fields}
    errors = {name: N_("This is not asked for here.") for name in raw if name not in known}
    values: dict[str, Any] = {}
    for name, field in known.items():
        try:
            values[name] = _value(field, raw.get(name))
        except _WrongError as wrong:
            errors[name] = str(wrong)
    if errors:
        raise Incomplete(errors)
    return values


def _value(field: Field, raw: Any) -> Any:
    if isinstance(raw, str):
        # Asked before anything looks at the letters: putting marks in order takes long where there are very many.
        if len(raw) > LIMITS.get(field.kind, LIMITS["line"]):
            raise _WrongError(N_("This is too long."))
        raw = _kept(raw).strip()
    if raw is None or raw == "":
        if field.required:
            raise _WrongError(N_("This is needed."))
        return None
    return _KINDS[field.kind](field, raw)


def _kept(raw: str) -> str:
    # Pasted text brings control characters, halves of characters and letters in pieces: no database or page wants them.
    return _UNWANTED.sub("", normalize("NFC", raw))


def _words(field: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _WrongError(N_("Write words here."))
    if len(raw) > LIMITS.get(field.kind, 500):
        raise _WrongError(N_("This is too long."))
    if field.kind != "text" and ("\t" in raw or len(raw.splitlines()) > 1):
        raise _WrongError(N_("Write this on one line."))
    return raw


def _day(field: Field, raw: Any) -> date:
    day = raw if isinstance(raw, date) and not isinstance(raw, datetime) else None
    if isinstance(raw, str) and _ISO.fullmatch(raw):
        with suppress(ValueError):
            day = date.fromisoformat(raw)
    if day is None:
        raise _WrongError(N_("Give a date as year-month-day, for example 2026-03-28."))
    if not 1900 <= day.year <= 2200:
        raise _WrongError(N_("The year must be between 1900 and 2200."))
    return day


def _time(field: Field, raw: Any) -> str:
    """A time of day as 09:30; people write 9:30 and 9.30 too."""
    found = _CLOCK.fullmatch(_words(field, raw))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise _WrongError(N_("Write it as hours and minutes, for example 14:00."))
    return f"{int(found[1]):02}:{found[2]}"


def _number(field: Field, raw: Any) -> int:
    # bool is an int in Python; a client that sends false for a count is mistaken.
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        raw = int(raw.lstrip("0")[:12] or "0")
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= LARGEST:
        raise _WrongError(N_("Give a whole number, 0 or more."))
    return raw


def _choice(field: Field, raw: Any) -> str:
    if raw not in [choice.value for choice in field.choices]:
        raise _WrongError(N_("Choose one of the answers."))
    return str(raw)


def _flag(field: Field, raw: Any) -> bool:
    if raw in (True, "on", "true", "yes", "1"):
        return True
    if raw in (False, "off", "false", "no", "0"):
        return False
    raise _WrongError(N_("Choose one of the answers."))


def _several(field: Field, raw: Any) -> list[str]:
    """Several codes or numbers, each once: a list, or words with commas or spaces between them."""
    words = re.split(r"[,;\s]+", raw) if isinstance(raw, str) else raw
    if not isinstance(words, list) or not all(isinstance(word, str) or type(word) is int for word in words):
        raise _WrongError(N_("Give a list."))
    if len(words) > MOST:
        raise _WrongError(N_("This is too long."))
    cleaned = (_kept(str(word)).strip() for word in words)
    kept = list(dict.fromkeys(_words(field, word) for word in cleaned if word))
    if field.required and not kept:
        raise _WrongError(N_("This is needed."))
    return kept


def _numbers(field: Field, raw: Any) -> list[int]:
    return list(dict.fromkeys(_number(field, word) for word in _several(field, raw)))


def _file(field: Field, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or set(raw) != {"sha256", "name", "size", "media_type"}:
        raise _WrongError(N_("Choose a file."))
    return dict(raw)


_KINDS: Final = {
    "line": _words,
    "text": _words,
    "date": _day,
    "time": _time,
    "number": _number,
    "choice": _choice,
    "post": _words,
    "unit": _words,
    "process": _words,
    "body": _words,
    "person": _words,
    "attachment": _words,
    "document": _words,
    "entry": _words,
    "people": _several,
    "records": _several,
    "part": _number,
    "parts": _numbers,
    "flag": _flag,
    "file": _file,
}
