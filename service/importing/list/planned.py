"""What will be brought in: a nonconformity with its causes and actions, and by what it is known again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple, Self
from uuid import UUID

from service.importing.list.rows import Group
from states.kyrgyz import fold

_DIGITS = 16


class Print(NamedTuple):
    """By what a row is known again: what was found, on which day, and all its words; each as a few hex digits."""

    text: str
    day: str
    row: str

    @classmethod
    def of(cls, group: Group) -> Self:
        """The print of a nonconformity in the file."""
        first = group.first
        words = [dict(entry.words) for entry in group.entries]
        return cls(
            _digest(fold(first["found"] or first["title"])),
            _digest(fold(first["found_on"])),
            _digest(dumps(words, ensure_ascii=False, sort_keys=True)),
        )

    @classmethod
    def read(cls, kept: str) -> Self | None:
        """The print that a history keeps; None for what is none."""
        parts = kept.split("-")
        return cls(*parts) if len(parts) == 3 else None

    def __str__(self) -> str:
        return "-".join(self)


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nonconformity of the file before it is planned: its rows, and by what it is known again."""

    group: Group
    print: Print
    reference: str

    @classmethod
    def of(cls, group: Group) -> Self:
        """That of these rows."""
        return cls(group, Print.of(group), " ".join(group.first["reference"].split()))

    @property
    def line(self) -> int:
        """The line in which it begins."""
        return self.group.first.line


@dataclass(slots=True)
class PlannedAction:
    """An action below it, in the step it begins in. `original_due_on` is the list's, `due_on` may be later."""

    line: int
    words: Mapping[str, str]
    title: str
    criterion: str
    owner_post_id: UUID
    due_on: date
    original_due_on: date
    done_on: date | None = None
    evidence: str | None = None
    step: str = ""
    check_on: date | None = None
    kind: str = "corrective"
    resources: str | None = None


@dataclass(slots=True)
class Planned:
    """A nonconformity as it will begin. `typed` are columns of its table, `given` what its history keeps."""

    candidate: Candidate
    title: str
    typed: dict[str, Any]
    step: str = ""
    status: str = ""
    owner_post_id: UUID | None = None
    unit_id: UUID | None = None
    process_id: UUID | None = None
    campus_id: UUID | None = None
    causes: Sequence[str] = ()
    actions: list[PlannedAction] = field(default_factory=list)
    closed_on: date | None = None

    @property
    def reference(self) -> str:
        """The number that it has in the list."""
        return self.candidate.reference

    def given(self, file: str, encoding: str, campus: str) -> dict[str, Any]:
        """What its history keeps of the file: every word of its rows, under the file's own headings."""
        group = self.candidate.group
        further = {f"{entry.line}": dict(entry.words) for entry in group.more}
        return {
            "file": file,
            "line": group.first.line,
            "words": dict(group.first.words),
            **({"further": further} if further else {}),
            **({"encoding": encoding} if encoding not in ("", "utf-8") else {}),
            **({"campus": campus} if campus else {}),
            "fingerprint": str(self.candidate.print),
        }
