"""Verifying: one walk over the lines of a source, which remembers the seals and one record at a time."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from service.verifying import findings as say
from service.verifying.dossier import Dossier, Problem
from service.verifying.findings import MOST, Finding, Report
from service.verifying.lines import (
    OF_A_RECORD,
    SHAPES,
    Fields,
    Line,
    UnreadableError,
    in_utc,
    well_formed,
)
from service.verifying.sealed import Seals

Progress = Callable[[str, int, int], None]
EVERY: Final = 1000
A_DAY: Final = timedelta(days=1)


def verify(
    lines: Iterable[Line],
    *,
    printed: Iterable[str] = (),
    roots: Iterable[str] = (),
    progress: Progress = lambda _what, _done, _total: None,
) -> Report:
    """Verify what a source gives; never raises for what it finds.

    `printed` are lines of a seals.txt, `roots` roots or hashes of seals that were kept elsewhere.
    """
    walk = _Walk(progress)
    try:
        for kind, fields in lines:
            walk.take(kind, fields)
    except UnreadableError as error:
        walk.report.add(Finding(say.DAMAGED, {"why": str(error)}, record_id=walk.at_record))
    walk.finish()
    walk.seals.compare(printed, roots)
    return walk.report


class _Walk:
    """Where the walk is."""

    def __init__(self, progress: Progress) -> None:
        self.report = Report()
        self.seals = Seals(self.report.add)
        self._progress = progress
        self._header: Fields | None = None
        self._place = 0
        self._dossier: Dossier | None = None
        self._last_number = 0
        self._newest = 0
        self._a_day_before: dict[int, str] = {}

    @property
    def at_record(self) -> str | None:
        """The record that the walk is at."""
        return self._dossier.record_id if self._dossier else None

    def take(self, kind: str, fields: Fields) -> None:
        """Take in the next line."""
        if kind not in SHAPES:
            self.report.add(Finding(say.NOT_OURS))
        elif kind in OF_A_RECORD:
            self._take_of_record(kind, fields)
        elif not well_formed(kind, fields):
            self.report.add(Finding(say.NOT_OURS, seal=fields.get("number") if kind == "seal" else None))
        elif kind == "header":
            self._take_header(fields)
        else:
            self._take_numbered(kind, fields)

    def finish(self) -> None:
        """Close the last record, and say what does not add up."""
        self._close()
        self.seals.finish()
        counts, seals = self.report.counts, self.seals.by_number
        if self._header is None or any(
            self._header[said] != counts[kind] for said, kind in (("records", "record"), ("entries", "entry"))
        ):
            self.report.add(Finding(say.COUNTS))
        self.report.last_seal = seals[max(seals)] if seals else None
        self._progress("verify", counts["entry"], counts["entry"])

    def _take_header(self, fields: Fields) -> None:
        if self._header is not None or self._place:
            self.report.add(Finding(say.OUT_OF_PLACE))
        self._header = fields

    def _take_numbered(self, kind: str, fields: Fields) -> None:
        place = 1 if kind == "seal" else 2
        if place > self._place:
            self._place, self._last_number = place, 0
        if place < self._place or fields["number"] <= self._last_number:
            self.report.add(Finding(say.OUT_OF_PLACE, seal=fields["number"] if kind == "seal" else None))
        self._last_number = fields["number"]
        self.report.counts[kind] += 1
        if kind == "seal":
            self.seals.add(fields)
            self._newest = fields["number"]
            self._a_day_before[self._newest] = _a_day_before(fields["at"])
        else:
            self.report.events_since += not self.seals.add_event(fields)

    def _take_of_record(self, kind: str, fields: Fields) -> None:
        self._place = 3
        record_id = str(fields.get("id" if kind == "record" else "record_id"))
        if self._dossier is None or record_id != self._dossier.record_id:
            before = self.at_record
            self._close()
            self._dossier = Dossier(record_id)
            if before is not None and record_id < before:
                self._dossier.odd.append(Problem(say.OUT_OF_PLACE, None, {}))
        self.report.counts[kind] += 1
        if not well_formed(kind, fields):
            seq = fields.get("seq")
            self._dossier.odd.append(Problem(say.NOT_OURS, seq if type(seq) is int else None, {}))
            return
        self._put(self._dossier, kind, fields)

    def _put(self, dossier: Dossier, kind: str, fields: Fields) -> None:
        place = OF_A_RECORD.index(kind)
        if place < dossier.place or (kind == "record" and dossier.record is not None):
            dossier.odd.append(Problem(say.OUT_OF_PLACE, None, {}))
        dossier.place = place
        if kind == "entry":
            dossier.entries.append(fields)
            if self.report.counts["entry"] % EVERY == 0:
                total = self._header["entries"] if self._header else 0
                self._progress("verify", self.report.counts["entry"], total)
        elif kind == "record":
            dossier.record = fields
        elif kind == "leaf":
            dossier.leaves.append(fields)
            self.seals.add_leaf(fields)
        else:
            dossier.signatures.append(fields)

    def _close(self) -> None:
        """Verify the record that has gone by."""
        dossier = self._dossier
        if dossier is None:
            return
        self.report.since_seal += dossier.since_seal()
        self.report.dated_back += self._dated_back(dossier)
        problem = next(dossier.problems(), None)
        if problem is None:
            return
        self.report.touched += 1
        if len(self.report.records) < MOST:
            number = dossier.sealed_in(problem.seq)
            seal = self.seals.by_number.get(number) if number is not None else None
            self.report.records.append(
                Finding(
                    problem.sentence,
                    problem.facts,
                    dossier.record_id,
                    dossier.record["code"] if dossier.record else None,
                    problem.seq,
                    number,
                    seal["at"] if seal else None,
                )
            )

    def _dated_back(self, dossier: Dossier) -> int:
        """How many entries give a moment by which an earlier seal than their first should have had them."""
        leaves = iter(dossier.leaves)
        leaf = next(leaves, None)
        found = 0
        for entry in dossier.entries:
            while leaf is not None and leaf["seq"] < entry["seq"]:
                leaf = next(leaves, None)
            before = leaf["seal_number"] - 1 if leaf is not None else self._newest
            found += entry["at"] < self._a_day_before.get(before, "")
        return found


def _a_day_before(moment: str) -> str:
    try:
        return in_utc(datetime.fromisoformat(moment) - A_DAY)
    except (ValueError, OverflowError):
        return ""
