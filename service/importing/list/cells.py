"""One nonconformity's cells turned into what is kept; what cannot be turned stays in its text, and is reported."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from unicodedata import normalize
from uuid import UUID

from service.importing.list.answers import Answer, read_answer
from service.importing.list.days import day_within, read_day
from service.importing.list.people import Who
from service.importing.list.rows import Entry, Group
from service.importing.list.tally import Tally
from service.importing.report import Severity
from states.kyrgyz import day_short, fold
from states.text import LANGUAGES, N_, Text

LINE: Final = 500
TITLE: Final = 120
_ITEM: Final = re.compile(r"(?:\d{1,2}[.)]|[-–—•*])\s*")
_YES: Final = frozenset(map(fold, ("yes", "+", "x", "х", "ооба", "да", "sí", "✓", "v", "закрыто", "жабылды", "closed")))


class Cells:
    """The cells of a group's rows. `left` are words for which there was no place, under their own headings."""

    def __init__(self, group: Group, tally: Tally, day: date) -> None:
        self.group, self.tally, self._today = group, tally, day
        self.left: list[tuple[str, str]] = []
        self._owners: dict[tuple[int, str], UUID | None] = {}

    def text(self, name: str) -> str | None:
        """All that its rows say of it, each thing once."""
        said = dict.fromkeys(filter(None, (entry[name] for entry in self.group.entries)))
        return normalize("NFC", "\n".join(said)) or None

    def keep(self, name: str, words: str | None) -> None:
        """Keep words in the text, under their heading."""
        head = " ".join(self.group.heads.get(name, name).split())
        if words and (head, words) not in self.left:
            self.left.append((head, words))

    def day(self, entry: Entry, name: str, *, ahead: bool = False) -> date | None:
        """The day in a cell; None where there is none, or none that can be believed: then the words are kept."""
        words = entry[name]
        if not words:
            return None
        found = read_day(words)
        head = self.group.heads.get(name, name)
        if found is None:
            self.doubt(entry, "days", "no-day", _NO_DAY, head=head, words=words)
        elif not ahead and found.day > self._today:
            self.doubt(entry, "days", "ahead", _AHEAD, head=head, words=words)
        else:
            if not found.is_sure:
                self.hint(entry, "days", "short-year", _SHORT_YEAR, words=words, day=short_day(found.day))
            return found.day
        self.keep(name, words)
        return None

    def closing(self, entry: Entry) -> tuple[bool, date | None]:
        """Whether the row says by its closing day that it is closed, and on which day."""
        words = entry["closed_on"]
        if fold(words).strip(" .") in _YES:
            return True, None
        day = self.day(entry, "closed_on")
        return day is not None, day

    def status(self, entry: Entry) -> tuple[str, date | None]:
        """The step that the status names ("" where it names none, or there is none), and a day that stands within."""
        words, day = day_within(entry["status"])
        if not words:
            return "", day.day if day else None
        given = self.tally.mapping.statuses.get(fold(words))
        answer = Answer(given, is_sure=True) if given else read_answer("status", words)
        self.tally.status(words, answer, entry.line)
        if not answer.value:
            self.doubt(entry, "steps", "no-step", _NO_STEP, words=words)
            self.keep("status", words)
        return answer.value, day.day if day and day.day <= self._today else None

    def choice(self, entry: Entry, name: str) -> str:
        """One of our answers; where the words are none of them, or there are none, what was said for all such rows."""
        return self.said(entry, name) or self.tally.default(name)

    def said(self, entry: Entry, name: str) -> str:
        """One of our answers, "" where the words are none of them, or there are none."""
        words = entry[name]
        answer = read_answer(name, words)
        if answer.value:
            if not answer.is_sure:
                self.tally.guess(name, words, answer.value, entry.line)
            return answer.value
        if words:
            self.doubt(entry, "fields", f"no-{name}", _NO_ANSWER, head=self.group.heads[name], words=words)
            self.keep(name, words)
        return ""

    def one_of(self, entry: Entry, name: str, known: Mapping[str, UUID]) -> UUID | None:
        """A unit or process by its code or name."""
        words = entry[name]
        if not words:
            return None
        found = known.get(fold(words))
        if found is None:
            self.doubt(entry, "fields", f"no-{name}", _NO_ANSWER, head=self.group.heads[name], words=words)
            self.keep(name, words)
        return found

    def owner(self, entry: Entry, *names: str) -> UUID | None:
        """The post that the first of these cells names; None where nobody is known by its words."""
        name = next((one for one in names if entry[one]), "")
        if not name:
            return None
        if (entry.line, name) not in self._owners:
            self._owners[entry.line, name] = self._owner(entry, name, entry[name])
        return self._owners[entry.line, name]

    def _owner(self, entry: Entry, name: str, words: str) -> UUID | None:
        who = self.tally.people.find(words)
        if who.post_id is None:
            self._unknown(entry, words, who)
            self.keep(name, words)
            return None
        if who.how in ("initials", "within"):
            self.hint(entry, "people", who.how, _READ_AS, words=words, post=self.tally.post_name(who.post_id))
        if who.rest:
            self.hint(entry, "people", "others", _OTHERS, words=", ".join(who.rest))
            self.keep(name, words)
        return who.post_id

    def causes(self) -> Iterator[str]:
        """Each cause in one line; a long one is cut there and kept whole in the text."""
        for words in dict.fromkeys(filter(None, (entry["cause"] for entry in self.group.entries))):
            for cause in _items(words):
                yield self.line("cause", cause)

    def line(self, name: str, words: str, most: int = LINE) -> str:
        """Words on one line; a long one is cut there and kept whole in the text."""
        joined = " ".join(normalize("NFC", words).split())
        if len(joined) > most:
            self.keep(name, words)
        return shortened(joined, most)

    def doubt(self, entry: Entry, group: str, code: str, sentence: str, /, **facts: object) -> None:
        """Report something that somebody should decide."""
        self.tally.report.find(entry.line, group, code, Severity.WARNING, sentence, **facts)

    def hint(self, entry: Entry, group: str, code: str, sentence: str, /, **facts: object) -> None:
        """Report something that is worth a look."""
        self.tally.report.find(entry.line, group, code, Severity.HINT, sentence, **facts)

    def _unknown(self, entry: Entry, words: str, who: Who) -> None:
        self.tally.unknown(words, who, entry.line)
        instead = self.tally.post_name(self.tally.fallback)
        if who.how == "several":
            self.doubt(entry, "people", "several", _SEVERAL, words=words, post=instead)
        elif who.proposed:
            proposed = self.tally.post_name(who.proposed)
            self.doubt(entry, "people", "proposed", _PROPOSED, words=words, post=instead, proposed=proposed)
        else:
            self.doubt(entry, "people", "unknown", _UNKNOWN, words=words, post=instead)


def short_day(day: date) -> Text:
    """A day as each language writes it."""
    return Text(*(day_short(day, language) for language in LANGUAGES))


def shortened(words: str, most: int) -> str:
    """At most so many letters, cut between words."""
    if len(words) <= most:
        return words
    return f"{words[: most - 1].rsplit(' ', 1)[0] if ' ' in words[: most - 1] else words[: most - 1]}…"


def _items(words: str) -> list[str]:
    """Several things, where each line begins with a number or a dash; else one."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if len(lines) > 1 and all(_ITEM.match(line) for line in lines):
        return [item for line in lines if (item := _ITEM.sub("", line, count=1).strip())]
    return [words]


_NO_DAY = N_("“%(head)s”: “%(words)s” is not one day. It is kept in the text.")
_AHEAD = N_("“%(head)s”: the day “%(words)s” is still to come. It is kept in the text.")
_SHORT_YEAR = N_("“%(words)s” was read as %(day)s.")
_NO_STEP = N_("Nobody knows the status “%(words)s”: the step follows from what else the row says.")
_NO_ANSWER = N_("“%(head)s”: “%(words)s” is not known here. It is kept in the text.")
_READ_AS = N_("“%(words)s” was read as “%(post)s”.")
_OTHERS = N_("One post answers for it; these others are kept in the text: %(words)s.")
_SEVERAL = N_("“%(words)s” are several here: what is still open is with “%(post)s” until somebody else is named.")
_PROPOSED = N_(
    "“%(words)s” is not known here; perhaps “%(proposed)s” is meant. What is still open is with “%(post)s” until then."
)
_UNKNOWN = N_("“%(words)s” is not known here: what is still open is with “%(post)s” until somebody else is named.")
