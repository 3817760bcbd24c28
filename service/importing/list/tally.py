"""What is gathered while the rows of a list are read: statuses and names as they occur, guesses, what was taken."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from service.importing.list.answers import ANSWERS, Answer
from service.importing.list.mapping import FALLBACK, ListMapping
from service.importing.list.people import People, Who
from service.importing.report import Report, Severity
from service.organisation import Organisation
from states.kyrgyz import fold
from states.nonconformity import LIFECYCLE
from states.text import N_, Text

EMPTY = Text("", "", "")


@dataclass(slots=True)
class Met:
    """Words that occur in the list: how often, in which line first, and what they were read as."""

    words: str
    line: int
    count: int = 0
    answer: Answer = field(default_factory=Answer)
    proposed: UUID | None = None


class Tally:
    """The mapping that is being followed, the university it is about, and what has been met so far."""

    def __init__(
        self, university: Organisation, mapping: ListMapping, people: People, fallback: UUID, report: Report
    ) -> None:
        self.mapping, self.people, self.fallback, self.report = mapping, people, fallback, report
        self._university = university
        self.statuses: dict[str, Met] = {}
        self.unknown_people: dict[str, Met] = {}
        self._guesses: dict[tuple[str, str], Met] = {}
        self._defaults: Counter[str] = Counter()

    def post_name(self, post_id: UUID) -> Text:
        """What a post is called."""
        return self._university.posts[post_id].name

    def status(self, words: str, answer: Answer, line: int) -> None:
        """A status has been met."""
        met = self.statuses.setdefault(fold(words), Met(words, line, answer=answer))
        met.count += 1

    def guess(self, name: str, words: str, value: str, line: int) -> None:
        """An answer has been guessed from words that are not ours."""
        met = self._guesses.setdefault((name, fold(words)), Met(words, line, answer=Answer(value)))
        met.count += 1

    def unknown(self, words: str, who: Who, line: int) -> None:
        """Words have been met by which nobody is known."""
        met = self.unknown_people.setdefault(fold(words), Met(words, line, proposed=who.proposed))
        met.count += 1

    def default(self, name: str) -> str:
        """What is taken where the list does not say it; counted."""
        self._defaults[name] += 1
        return self.default_of(name)

    def default_of(self, name: str) -> str:
        """The same, not counted."""
        return self.mapping.defaults.get(name) or FALLBACK[name]

    def tell(self) -> None:
        """Report what was guessed and what was taken for many rows at once."""
        for met in self.statuses.values():
            if met.answer.value and not met.answer.is_sure:
                step = LIFECYCLE.steps.get(met.answer.value)
                self._hint(met, "steps", "status-read", _STATUS if step else _OPEN, step=step.label if step else EMPTY)
        for (name, _), met in self._guesses.items():
            label = labels(name)[met.answer.value]
            self._hint(met, "fields", f"{name}-read", _READ, label=label)
        for name, count in self._defaults.items():
            taken = self.mapping.defaults.get(name)
            label = labels(name)[self.default_of(name)]
            severity = Severity.HINT if taken else Severity.WARNING
            self.report.find(None, "fields", f"default-{name}", severity, _DEFAULTS[name], count=count, label=label)

    def _hint(self, met: Met, group: str, code: str, sentence: str, /, **facts: object) -> None:
        facts = {"words": met.words, "count": met.count, **facts}
        self.report.find(met.line, group, code, Severity.HINT, sentence, **facts)


def labels(name: str) -> Mapping[str, Text]:
    """What the answers of a field are called."""
    return {choice.value: choice.label for choice in ANSWERS[name]}


def by_count(met: Iterable[Met]) -> list[Met]:
    """The most frequent first, then as they stand in the file."""
    return sorted(met, key=lambda one: (-one.count, one.line))


_STATUS = N_("“%(words)s” was read as “%(step)s” (rows: %(count)s).")
_OPEN = N_("“%(words)s” says only that it is open: the step follows from what else the row says (rows: %(count)s).")
_READ = N_("“%(words)s” was read as “%(label)s” (rows: %(count)s).")
_DEFAULTS: Mapping[str, str] = {
    "kind": N_("Rows that do not say the kind: %(count)s. “%(label)s” was taken."),
    "source": N_("Rows that do not say the source: %(count)s. “%(label)s” was taken."),
    "severity": N_("Rows that do not say the severity: %(count)s. “%(label)s” was taken."),
}
