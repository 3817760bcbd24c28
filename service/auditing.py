"""The day of an audit: a checklist taken over or made of clauses, and answered; each line by a move, all in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.moves import move
from service.organisation import Actor
from service.parts import read_part
from service.reading.audits import AUDIT
from service.reading.entries import catalogues
from service.reading.permitted import require_readable
from service.subject import load
from states.refusals import Incomplete, NotFound
from states.text import N_

Row = Mapping[str, Any]
QUESTION: Final = "question"
CLAUSE: Final = "clause"
_CHOOSE: Final = N_("Choose at least one.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of a question; `saw` is the mark of what they were shown of it."""

    no: int
    answer: str
    note: str
    saw: str


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers were kept, and the numbers of those that somebody else had changed meanwhile: they were not."""

    kept: int
    overtaken: tuple[int, ...]


def copy_checklist(
    connection: sa.Connection, audit_id: UUID, source_id: UUID, numbers: Iterable[int], actor: Actor, now: datetime
) -> int:
    """Add these questions of another audit, without their results; those that are there already are left out.

    How many were added. Raises NotFound where the other one may not be read, Incomplete where none was chosen, and what
    `move` raises.
    """
    require_readable(connection, source_id, actor, now)
    if load(connection, source_id).lifecycle.name != AUDIT:
        raise NotFound
    wanted = set(numbers)
    rows = [row for row in read_part(connection, source_id, QUESTION) if row["no"] in wanted]
    still = _chosen_still(connection, (row[CLAUSE] for row in rows))
    return _add(connection, audit_id, [(still.get(row[CLAUSE]), row["text"]) for row in rows], actor, now)


def ask_clauses(
    connection: sa.Connection, audit_id: UUID, clauses: Sequence[str], language: str, actor: Actor, now: datetime
) -> int:
    """Add a question for each of these clauses (edition/code), named as the catalogue names it in the language.

    How many were added. Raises as `copy_checklist`.
    """
    wanted = set(clauses)
    found = catalogues(connection, [CLAUSE])[CLAUSE]
    lines = [(one.value, one.name.into(language)) for one in found.entries if one.value in wanted and not one.closed]
    return _add(connection, audit_id, lines, actor, now)


def answer_checklist(
    connection: sa.Connection, audit_id: UUID, answers: Iterable[Answer], actor: Actor, now: datetime
) -> Answered:
    """Record what is new of these answers, a move for each. Raises Incomplete by `note-3` and the like, and as `move`.

    Several people answer one checklist at a time: what somebody changed after it was shown here stays as they left it.
    """
    rows = {row["no"]: row for row in read_part(connection, audit_id, QUESTION)}
    kept, overtaken = 0, []
    for one in answers:
        if mark(one.answer, one.note) == one.saw:
            continue  # as it was shown: nothing was said here
        row = rows.get(one.no)
        if row is None or mark_of(row) not in (one.saw, mark(one.answer, one.note)):
            overtaken.append(one.no)
        elif mark_of(row) == one.saw:
            given = {QUESTION: one.no, CLAUSE: row[CLAUSE], "text": row["text"], "answer": one.answer, "note": one.note}
            try:
                move(connection, audit_id, "answer_question", actor, given, now)
            except Incomplete as incomplete:
                raise Incomplete({f"{name}-{one.no}": says for name, says in incomplete.errors.items()}) from incomplete
            kept += 1
    return Answered(kept, tuple(overtaken))


def mark_of(row: Row) -> str:
    """The mark of what a question holds now."""
    return mark(row["answer"] or "", row["note"] or "")


def mark(answer: str, note: str) -> str:
    """A few letters by which one result is told from another; how a form ends its lines makes no other one of it."""
    return sha256(f"{answer}\n{' '.join(note.split())}".encode()).hexdigest()[:12]


def _add(
    connection: sa.Connection, audit_id: UUID, lines: Iterable[tuple[str | None, str]], actor: Actor, now: datetime
) -> int:
    lines = list(dict.fromkeys(lines))
    if not lines:
        raise Incomplete({QUESTION: _CHOOSE})
    there = {(row[CLAUSE], row["text"]) for row in read_part(connection, audit_id, QUESTION)}
    new = [line for line in lines if line not in there]
    for clause, text in new:
        move(connection, audit_id, "add_question", actor, {CLAUSE: clause, "text": text}, now)
    return len(new)


def _chosen_still(connection: sa.Connection, clauses: Iterable[str | None]) -> dict[str | None, str]:
    """The same clauses as they can be chosen now: of one that is closed, that of the newest edition with its code."""
    known = catalogues(connection, [CLAUSE])[CLAUSE]
    found: dict[str | None, str] = {}
    for value in {one for one in clauses if one}:
        same = [one for one in known.entries if one.code == value.rpartition("/")[2] and not one.closed]
        exact = next((one for one in same if one.value == value), None)
        if chosen := exact or next(iter(same), None):
            found[value] = chosen.value
    return found
