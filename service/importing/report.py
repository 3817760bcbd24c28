"""What an import did and what it noticed: counts, and findings with line numbers, in any of the three languages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from service.language import say
from states.text import N_, Text

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""

# The report's groups in their order. 1-6: the inconsistencies of the register of NSU (seed 001).
GROUPS: Mapping[str, str] = {
    "file": N_("How the file was read"),
    "fields": N_("Missing or unusable fields"),
    "days": N_("Dates"),
    "steps": N_("Where they stand"),
    "people": N_("Who answers for them"),
    "1": N_("The type and the prefix of the code differ"),
    "2": N_("Abbreviations that the legend does not have"),
    "3": N_("Entries of the legend that are never used"),
    "4": N_("One number used more than once"),
    "5": N_("The running number differs from the number in the code"),
    "6": N_("Series: one code for many documents"),
    "gaps": N_("Numbers left out"),
    "text": N_("Slips in titles"),
    "owners": N_("Owners"),
    "codes": N_("Codes that were given"),
    "names": N_("Names that differ within the source"),
    "there": N_("Already there, but different"),
    "rows": N_("Lines that are no rows of their own"),
}


class Severity(StrEnum):
    """ERROR: not taken. WARNING: taken as it stands, and somebody should decide. HINT: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One inconsistency. `line` is the file's (None: the file as a whole); `sentence` is English for the catalogues."""

    line: int | None
    group: str
    code: str
    severity: Severity
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def says(self, language: str) -> str:
        """The finding in words."""
        return say(self.sentence, language, self.facts)


@dataclass(slots=True)
class Report:
    """What became of a file's rows: rows = taken + unchanged + refused; each refused one is a finding with its line."""

    what: str
    source: str = ""
    dry_run: bool = False
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(
        self, line: int | None, group: str, code: str, severity: Severity, sentence: str, /, **facts: object
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(line, group, code, severity, sentence, facts))

    def refuse(self, line: int, code: str, sentence: str, /, **facts: object) -> None:
        """Count a row that is not taken, with its reason."""
        self.refused += 1
        self.find(line, "fields", code, Severity.ERROR, sentence, **facts)

    def in_group(self, group: str) -> list[Finding]:
        """The findings of a group, in the order of their lines."""
        found = [finding for finding in self.findings if finding.group == group]
        return sorted(found, key=lambda finding: (finding.line is None, finding.line or 0))

    def in_words(self, language: str, most: int | None = None) -> str:
        """The report as people read it, with at most so many findings of each group."""
        return "\n".join(self._lines(language, most))

    def more(self, language: str) -> Iterator[str]:
        """Further lines of counts, of a report that has more than these."""
        yield from ()

    def _lines(self, language: str, most: int | None) -> Iterator[str]:
        yield f"{say(WHAT.get(self.what, self.what), language)}: {self.source}".rstrip(": ")
        yield say(_COUNTS, language, {name: getattr(self, name) for name in ("rows", "taken", "unchanged", "refused")})
        yield from self.more(language)
        if self.dry_run:
            yield say(N_("A trial run: nothing was written."), language)
        for group, title in GROUPS.items():
            if found := self.in_group(group):
                yield f"{say(title, language)} ({len(found)})"
                yield from (
                    f"  {say(_LINE, language, {'line': one.line}) if one.line else ''}{one.says(language)}"
                    for one in found[:most]
                )
                if most is not None and len(found) > most:
                    yield "  " + say(N_("… and as many more: %(count)s"), language, {"count": len(found) - most})

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The report for programs; `says` in `language`."""
        counts = {name: value for name, value in asdict(self).items() if name != "findings"}
        found = [
            {
                **{name: getattr(one, name) for name in ("line", "group", "code")},
                "severity": one.severity.value,
                "says": one.says(language),
                "facts": {name: _told(fact, language) for name, fact in one.facts.items()},
            }
            for group in GROUPS
            for one in self.in_group(group)
        ]
        return {**counts, "findings": found}


def _told(fact: object, language: str) -> str | int:
    """A fact as a program reads it: what is written in three languages, in the one it asked for."""
    if isinstance(fact, Text):
        return fact.into(language)
    return fact if isinstance(fact, int) else str(fact)


WHAT: Mapping[str, str] = {
    "register": N_("Register of documents"),
    "nonconformities": N_("List of nonconformities"),
    "processes": N_("Register of processes"),
    "organisation": N_("Organisation"),
    "routes": N_("Routes of documents"),
    "story": N_("Demonstration"),
    "absences": N_("Absences"),
    "legal_acts": N_("Legal acts"),
}
_COUNTS = N_("Rows: %(rows)s. Taken: %(taken)s. Already there: %(unchanged)s. Not taken: %(refused)s.")
_LINE = N_("line %(line)s: ")
