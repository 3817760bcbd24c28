"""A trial of a list: every line read, planned and compared with what is there. Nothing is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.importing.list.blocks import Aside
from service.importing.list.existing import Existing, differences
from service.importing.list.look import Look, fallback_of, known_in, look_at
from service.importing.list.mapping import ListMapping, check
from service.importing.list.people import People
from service.importing.list.plan import Planner
from service.importing.list.planned import Candidate, Planned
from service.importing.list.report import ListReport
from service.importing.list.rows import Group, Refused, gather
from service.importing.list.tally import Tally
from service.importing.list.words import FIELDS
from service.importing.report import Severity
from service.organisation import Actor, organisation
from states.kyrgyz import fold
from states.refusals import Incomplete, Malformed
from states.text import N_
from states.working_days import today

# Counts what is written, so that two who bring in the same list at once see each other.
COUNTER: Final = "lists-brought-in"


@dataclass(slots=True)
class Trial:
    """What would be brought in, and how the words of the list were read."""

    look: Look
    report: ListReport
    tally: Tally
    planned: list[Planned] = field(default_factory=list)
    seen: int = 0

    @property
    def steps(self) -> Counter[str]:
        """How many would begin in each step."""
        return Counter(one.step for one in self.planned)


def try_list(
    connection: sa.Connection,
    path: Path,
    actor: Actor,
    now: datetime,
    *,
    name: str = "",
    campus: str = "",
    mapping: ListMapping | None = None,
) -> Trial:
    """What a file would bring in; nothing is written. Raises as `import_nonconformities`."""
    report = ListReport("nonconformities", name or Path(path).name, dry_run=True)
    look = look_at(connection, path, actor, now, report, campus=campus, sheet=mapping.sheet if mapping else "")
    followed = mapping or look.mapping
    try:
        check(followed)
    except Incomplete as wrong:
        if mapping:
            raise
        raise Malformed(_NO_COLUMN, _MAP_IT) from wrong
    university, day = organisation(connection), today(now)
    fallback = fallback_of(university, look.campus_id)
    tally = Tally(university, followed, People(university, day, followed.owners), fallback, report)
    trial = Trial(look, report, tally, seen=_seen(connection))
    _tell_columns(look, followed, report, is_said=mapping is not None)
    planner = Planner(university, known_in(connection, university, look.campus_id), tally, day)
    candidates = _once(report, _candidates(trial, followed))
    trial.planned = [planner.plan(one) for one in _new(connection, trial, candidates)]
    tally.tell()
    report.taken = len(trial.planned)
    report.actions = sum(len(one.actions) for one in trial.planned)
    report.causes = sum(len(one.causes) for one in trial.planned)
    return trial


def _candidates(trial: Trial, mapping: ListMapping) -> list[Candidate]:
    """What the file holds; every line of it is counted, and what is none is reported."""
    report, found = trial.report, list[Candidate]()
    prose = [one for one in trial.look.asides if one.why == "text" and trial.look.source.kind == "markdown"]
    for aside in trial.look.asides:
        if aside not in prose:
            report.aside(aside)
    report.asides += len(prose)
    if prose:
        report.find(prose[0].line, "rows", "prose", Severity.HINT, _PROSE, count=len(prose))
    for block in trial.look.blocks:
        for one in gather(block, mapping.fields(block), trial.look.source, report):
            if isinstance(one, Aside):
                report.aside(one)
            elif isinstance(one, Refused):
                report.rows += 1
                report.refuse(one.line, one.code, one.sentence, **one.facts)
            else:
                report.rows += 1
                _joined(report, one)
                found.append(Candidate.of(one))
    return found


def _joined(report: ListReport, group: Group) -> None:
    report.joined += len(group.more)
    for entry in group.more:
        report.find(entry.line, "rows", "joined", Severity.HINT, _JOINED, line=group.first.line)


def _new(connection: sa.Connection, trial: Trial, candidates: list[Candidate]) -> list[Candidate]:
    """Those that are not there yet; what is there is left as it is, and reported where the row says otherwise now."""
    report, campus, new = trial.report, trial.look.campus, list[Candidate]()
    existing = Existing.load(connection)
    there = existing.match(candidates, campus)
    for place, one in enumerate(candidates):
        kept = there.get(place)
        if kept is None:
            new.append(one)
            if one.reference and (other := existing.same_number(one, campus)):
                facts = {"reference": one.reference, "code": other.code}
                report.find(one.line, "there", "number-used", Severity.WARNING, _NUMBER_USED, **facts)
            continue
        report.unchanged += 1
        if kept.print.row != one.print.row and (differs := differences(connection, kept.record_id, one.group)):
            report.changed += 1
            told = "; ".join(f"{head}: “{ours}” → “{theirs}”" for head, ours, theirs in differs)
            report.find(one.line, "there", "changed", Severity.WARNING, _CHANGED, code=kept.code, differs=told)
    return new


def _once(report: ListReport, candidates: list[Candidate]) -> list[Candidate]:
    """The rows without those that say the same as one before: the same number and words, or all the same words."""
    seen: dict[tuple[str, ...], int] = {}
    by_text: dict[tuple[str, ...], int] = {}
    by_number: dict[str, int] = {}
    once = []
    for one in candidates:
        number, text = fold(one.reference), (one.print.text, one.print.day)
        key = (number, *text) if number else one.print
        if (first := seen.setdefault(key, one.line)) != one.line:
            report.refuse(one.line, "twice", _TWICE, first=first)
            continue
        if not number and (first := by_text.setdefault(text, one.line)) != one.line:
            report.find(one.line, "rows", "same-words", Severity.WARNING, _SAME_WORDS, first=first)
        if number and (first := by_number.setdefault(number, one.line)) != one.line:
            facts = {"reference": one.reference, "first": first}
            report.find(one.line, "rows", "number-twice", Severity.WARNING, _NUMBER_TWICE, **facts)
        once.append(one)
    return once


def _tell_columns(look: Look, mapping: ListMapping, report: ListReport, *, is_said: bool) -> None:
    """Report the columns that nobody knows, and those that were only guessed."""
    for block in look.blocks:
        if not {"found", "title"} & set(mapping.fields(block)):
            continue
        remembered = look.remembered is not None and block.print in look.remembered.mapping.columns
        for head, name, guess in zip(block.heads, mapping.fields(block), block.guesses, strict=True):
            if head and not name:
                report.find(block.lines[-1], "file", "no-column", Severity.HINT, _UNMAPPED, head=head)
            elif name and not guess.is_sure and not is_said and not remembered:
                facts = {"head": head, "field": FIELDS[name]}
                report.find(block.lines[-1], "file", "guessed-column", Severity.WARNING, _GUESSED, **facts)


def _seen(connection: sa.Connection) -> int:
    counted = sa.select(t.counter.c.value).where(t.counter.c.name == COUNTER)
    return int(connection.execute(counted).scalar() or 0)


_NO_COLUMN = N_("No column of the list says what was found.")
_MAP_IT = N_("Say which column is what on the page of the import; it is remembered for lists with these headings.")
_PROSE = N_("Lines of text outside the tables, which were not read: %(count)s.")
_JOINED = N_("The line goes on with the nonconformity of line %(line)s.")
_NUMBER_USED = N_(
    "The number “%(reference)s” is that of %(code)s already, whose text and day are others: both are kept."
)
_CHANGED = N_("It is there as %(code)s, but the row says something else now: %(differs)s. Nothing was changed.")
_TWICE = N_("Not taken: the same stands in line %(first)s already.")
_SAME_WORDS = N_("The same words of the same day stand in line %(first)s too. Both were taken.")
_NUMBER_TWICE = N_("The number “%(reference)s” stands in line %(first)s too, for something else. Both were taken.")
_UNMAPPED = N_("Nobody has said what the column “%(head)s” is. Its words are kept with the source only.")
_GUESSED = N_("The column “%(head)s” was taken for “%(field)s”.")
