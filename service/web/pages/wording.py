"""How values are written on pages: names in the reader's language, days and moments as that language writes them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from service.language import say, translations
from states.kyrgyz import day_in_words, day_short, moment_in_words
from states.lifecycle import Kind, Lifecycle, Tone
from states.text import N_, Text
from states.working_days import BISHKEK, today


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """The templates' filters for one language."""
    return {
        "said": lambda text: said(text, language),
        "capital": lambda text: capital(said(text, language)),
        "day": lambda day: day_in_words(as_day(day), language),
        "short": lambda day: day_short(as_day(day), language),
        "moment": lambda moment: moment_in_words(moment, language),
        "iso": iso,
    }


def said(text: Text | str | None, language: str) -> str:
    """A name in the language; what is not a name of ours stays as it is."""
    return text.into(language) if isinstance(text, Text) else text or ""


def capital(words: str) -> str:
    """The words with a capital letter at their beginning; the rest keeps its case."""
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=10_000)
def heading(text: Text, language: str) -> str:
    """A name as it stands at the beginning of a line."""
    return capital(text.into(language))


@lru_cache(maxsize=10_000)
def unless(name: Text, said_already: Text, language: str) -> str:
    """The name, or nothing where it has just been said: people of a demonstration are called by their posts."""
    shown = name.into(language)
    return "" if shown.casefold() == said_already.into(language).casefold() else shown


def as_day(value: date | datetime) -> date:
    """The day in Bishkek."""
    return today(value) if isinstance(value, datetime) else value


def iso(value: date | datetime) -> str:
    """For machines; moments with Bishkek's offset."""
    return value.astimezone(BISHKEK).isoformat("T", "minutes") if isinstance(value, datetime) else value.isoformat()


def due(due_at: datetime, days: int, language: str) -> dict[str, Any]:
    """A chip that says how long there is: `days` as a task has it (> 0 late) turned round for the component."""
    day = today(due_at)
    return {"days": -days, "date": short(day, language), "iso": day.isoformat()}


short = lru_cache(maxsize=10_000)(day_short)  # the days of a list come again with every page of it


@cache
def badge(one: Lifecycle, state: str, language: str) -> dict[str, str]:
    """The state of a record, with the tone of its kind."""
    return {"text": heading(one.steps[state].label, language), "tone": state_tone(one, state)}


def state_tone(one: Lifecycle, state: str) -> str:
    """How a state looks: somebody is waited for, it holds, it was stopped, or it is over."""
    kind = one.steps[state].kind
    if kind is Kind.WAITING:
        return "waiting"
    if kind is Kind.RESTING:
        return "good"
    leading = [move for move in one.moves.values() if any(way.to == state for way in move.ways)]
    return "stopped" if leading and all(move.tone is Tone.STOP for move in leading) else "resting"


def move_tone(one: Lifecycle, name: str) -> str:
    """How a move looks in a history or a decision."""
    tone = one.moves[name].tone if name in one.moves else Tone.FORWARD
    return {Tone.FORWARD: "good", Tone.ASIDE: "good", Tone.BACK: "waiting", Tone.STOP: "stopped"}[tone]


def local(address: str | None) -> str:
    """The address if it is a path on this site, else the first page: nobody is led elsewhere."""
    wanted = address or "/"
    parts = urlsplit(wanted)
    stays = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if stays and wanted.isprintable() and "\\" not in wanted else "/"


def late_by(days: int, language: str) -> str:
    """How long something has been late."""
    said = translations(language).ngettext("late %(num)s working day", "late %(num)s working days", days)
    return said % {"num": days}


def missed(count: int, language: str) -> str:
    """How many tellings before this one could not be sent in time."""
    said = translations(language).ngettext(
        "%(num)s earlier one could not be sent in time", "%(num)s earlier ones could not be sent in time", count
    )
    return said % {"num": count}


def in_all(total: int, language: str, most: int | None = None) -> str:
    """How many rows a list has; more than `most`, where it was counted no further."""
    beyond = most is not None and total > most
    return say(_BEYOND if beyond else _IN_ALL, language, {"count": number(most if beyond and most else total)})


def number(counted: int) -> str:
    """A number as it is read: 12 345."""
    return f"{counted:,}".replace(",", "\N{NO-BREAK SPACE}")


_IN_ALL, _BEYOND = N_("%(count)s in all"), N_("more than %(count)s in all")
