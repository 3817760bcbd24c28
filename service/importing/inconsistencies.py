"""What a register of documents contradicts itself in: each kind is a group of the report, each row keeps its words.

Groups 1-6 and the slips in titles are those of the register of NSU (seed 001, lines 54-716).
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from service.importing.columns import Entry
from service.importing.report import Report, Severity
from states.text import N_

_CODE = re.compile(r"(?P<prefix>[^\W\d_]+)\s*(?P<group>\d{1,3})\.(?P<number>\d{1,5})(?P<series>:\s*\w+)?")
_CYRILLIC, _LATIN = re.compile(r"[а-яёңөү]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register as it stands. Without a type, the prefix of its code is taken for one."""

    line: int
    group: str
    no: str
    title: str
    type: str
    code: str
    type_given: bool
    prefix: str
    number: tuple[int, int] | None
    is_series: bool
    given: Mapping[str, str]

    @classmethod
    def of(cls, entry: Entry, group: str) -> Self:
        """The row with its code taken apart, under the last heading's `group` where it has no column for it."""
        code = " ".join(entry["code"].split())
        found = _CODE.fullmatch(code)
        prefix = found["prefix"] if found else ""
        number = (int(found["group"]), int(found["number"])) if found else None
        kind = " ".join(entry["type"].split())
        return cls(
            entry.line,
            entry["group"] or group or (found["group"] if found else ""),
            entry["no"].rstrip("."),
            entry["title"],
            kind or prefix or "?",
            code,
            bool(kind),
            prefix,
            number,
            bool(found and found["series"]),
            entry.given,
        )


def inspect(lines: list[Line], legend: frozenset[str], report: Report) -> None:
    """Report what is inconsistent in the rows, and between them and the legend."""
    for line in lines:
        _fields(line, report)
        _against_type(line, report)
        _against_legend(line, legend, report)
        _against_number(line, report)
        _slips(line, report)
    _unused(lines, legend, report)
    _collisions(lines, report)
    _gaps(lines, report)


def _fields(line: Line, report: Report) -> None:
    if not line.type_given:
        report.find(
            line.line,
            "fields",
            "no-type",
            Severity.WARNING,
            N_("“%(code)s” has no type; “%(type)s” was taken."),
            code=line.code,
            type=line.type,
        )
    if line.number is None:
        report.find(
            line.line,
            "fields",
            "code-form",
            Severity.WARNING,
            N_("“%(code)s” is not written as other codes are (abbreviation, group, number)."),
            code=line.code,
        )


def _against_type(line: Line, report: Report) -> None:
    if line.prefix and line.prefix != line.type:
        report.find(
            line.line,
            "1",
            "type-and-code",
            Severity.WARNING,
            N_("The type is %(type)s, the code says %(prefix)s: “%(code)s”."),
            type=line.type,
            prefix=line.prefix,
            code=line.code,
        )


def _against_legend(line: Line, legend: frozenset[str], report: Report) -> None:
    for abbreviation in dict.fromkeys((line.prefix, line.type)):
        if abbreviation and abbreviation not in legend:
            report.find(
                line.line,
                "2",
                "not-in-legend",
                Severity.WARNING,
                N_("The legend does not explain %(abbreviation)s: “%(code)s”."),
                abbreviation=abbreviation,
                code=line.code,
            )


def _against_number(line: Line, report: Report) -> None:
    if line.is_series:
        report.find(
            line.line,
            "6",
            "series",
            Severity.HINT,
            N_("“%(code)s” stands for a series of documents, one for each unit or post."),
            code=line.code,
        )
    if line.number and line.no.isdecimal() and int(line.no) != line.number[1]:
        report.find(
            line.line,
            "5",
            "number-differs",
            Severity.WARNING,
            N_("The row is number %(no)s, the code says %(number)s: “%(code)s”."),
            no=line.no,
            number=line.number[1],
            code=line.code,
        )
    if line.number and line.group.isdecimal() and int(line.group) != line.number[0]:
        report.find(
            line.line,
            "fields",
            "group-differs",
            Severity.WARNING,
            N_("The row stands in group %(group)s, the code says %(number)s: “%(code)s”."),
            group=line.group,
            number=line.number[0],
            code=line.code,
        )


# What can be seen of a title without knowing the language.
_SLIPS = (
    ("full-stop", N_("The title ends with a full stop: “%(title)s”."), lambda title: title.endswith(".")),
    ("double-space", N_("The title has two spaces together: “%(title)s”."), lambda title: "  " in title),
    (
        "two-alphabets",
        N_("A word of the title mixes Cyrillic and Latin letters: “%(title)s”."),
        lambda title: any(_CYRILLIC.search(word) and _LATIN.search(word) for word in re.findall(r"\w+", title)),
    ),
    (
        "formula",
        N_("The title begins like a formula of a spreadsheet: “%(title)s”."),
        lambda title: title[:1] in ("=", "+", "@", "-"),
    ),
)


def _slips(line: Line, report: Report) -> None:
    for code, sentence, shows in _SLIPS:
        if shows(line.title):
            report.find(line.line, "text", code, Severity.HINT, sentence, title=line.title)


def _unused(lines: list[Line], legend: frozenset[str], report: Report) -> None:
    used = {line.type for line in lines} | {line.prefix for line in lines}
    for abbreviation in sorted(legend - used):
        report.find(
            None,
            "3",
            "never-used",
            Severity.HINT,
            N_("The legend has %(abbreviation)s, no row uses it."),
            abbreviation=abbreviation,
        )


def _collisions(lines: list[Line], report: Report) -> None:
    numbers: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.number:
            numbers[line.number].append(line)
    for (group, number), sharing in sorted(numbers.items()):
        if len(sharing) > 1:
            report.find(
                sharing[0].line,
                "4",
                "number-shared",
                Severity.WARNING,
                N_("The number %(number)s is used by %(codes)s."),
                number=f"{group}.{number:02}",
                codes=", ".join(f"{line.code} ({line.line})" for line in sharing),
            )


def _gaps(lines: list[Line], report: Report) -> None:
    used: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        if line.number:
            used[line.number[0]].add(line.number[1])
    for group, numbers in sorted(used.items()):
        # A number far beyond the others is a slip of its own, not thousands of gaps.
        missing = [number for number in range(1, max(numbers)) if number not in numbers]
        if missing and len(missing) <= len(numbers):
            report.find(
                None,
                "gaps",
                "left-out",
                Severity.HINT,
                N_("Numbers that no document has: %(numbers)s."),
                numbers=", ".join(f"{group}.{number:02}" for number in missing),
            )
