"""What of a list is there already: brought in before, from this file or an earlier one, as it stands or otherwise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.importing.list.planned import Candidate, Print
from service.importing.list.rows import Group
from states.kyrgyz import fold


@dataclass(frozen=True, slots=True)
class Kept:
    """A nonconformity that is there: its number of then, and the print of its rows of then."""

    record_id: UUID
    code: str
    campus: str
    reference: str
    print: Print


class Existing:
    """Those that were brought in before. Each is the answer to one row of a file, never to two."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._by_text: dict[tuple[str, str, str], list[Kept]] = {}
        self._by_reference: dict[tuple[str, str], list[Kept]] = {}
        self._claimed: set[UUID] = set()
        for one in kept:
            self._by_text.setdefault((one.campus, one.print.text, one.print.day), []).append(one)
            if one.reference:
                self._by_reference.setdefault((one.campus, fold(one.reference)), []).append(one)

    @classmethod
    def load(cls, connection: sa.Connection, but: Collection[UUID] = ()) -> "Existing":
        """All of them `but` these, with the codes of the campuses whose lists they came in with."""
        given = t.history.c.given
        rows = connection.execute(
            sa.select(
                t.record.c.id,
                t.record.c.code,
                t.nonconformity.c.their_reference,
                given["fingerprint"].as_string().label("print"),
                sa.func.coalesce(given["campus"].as_string(), t.unit.c.code, "").label("campus"),
            )
            .select_from(t.record)
            .join(t.nonconformity, t.nonconformity.c.record_id == t.record.c.id)
            .join(t.history, (t.history.c.record_id == t.record.c.id) & (t.history.c.seq == 1))
            .outerjoin(t.unit, t.unit.c.id == t.record.c.campus_id)
            .where(t.record.c.kind == "nonconformity", t.history.c.move == "import")
            .order_by(t.record.c.id)
        )
        found = ((row, Print.read(row.print or "")) for row in rows)
        return cls(
            [
                Kept(row.id, row.code, row.campus, row.their_reference or "", one)
                for row, one in found
                if one and row.id not in but
            ]
        )

    def match(self, candidates: Sequence[Candidate], campus: str) -> dict[int, Kept]:
        """For each row (by its place) that is there already, which one it is.

        The closest are found first, so that a row which was changed never takes the place of one that was not: the same
        words; else the same text on the same day; else the same number with either text or day.
        """
        found: dict[int, Kept] = {}
        for closeness in (3, 2, 1):
            for place, one in enumerate(candidates):
                if place not in found and (kept := self._like(one, campus, closeness)):
                    self._claimed.add(kept.record_id)
                    found[place] = kept
        return found

    def same_number(self, candidate: Candidate, campus: str) -> Kept | None:
        """One that has the number of the row, and is another one."""
        return next(iter(self._by_reference.get((campus, fold(candidate.reference)), ())), None)

    def _like(self, one: Candidate, campus: str, closeness: int) -> Kept | None:
        mine, reference = one.print, fold(one.reference)
        alike = (
            self._by_text.get((campus, mine.text, mine.day), ())
            if closeness > 1
            else self._by_reference.get((campus, reference), ())
        )
        for kept in alike:
            if kept.record_id in self._claimed:
                continue
            numbers = {reference, fold(kept.reference)} - {""}
            if closeness == 3 and kept.print == mine:
                return kept
            if closeness == 2 and len(numbers) < 2:
                return kept
            if closeness == 1 and (kept.print.text == mine.text or kept.print.day == mine.day):
                return kept
        return None


def differences(connection: sa.Connection, record_id: UUID, group: Group, most: int = 3) -> list[tuple[str, str, str]]:
    """The headings under which a row says something else now: heading, what it said, what it says."""
    given = connection.execute(
        sa.select(t.history.c.given).where(t.history.c.record_id == record_id, t.history.c.seq == 1)
    ).scalar_one()
    before, after = _words(given), [entry.words for entry in group.entries]
    found = [
        (head, old.get(head, "—"), new.get(head, "—"))
        for old, new in zip_longest(before, after, fillvalue=_NOTHING)
        for head in dict.fromkeys((*old, *new))
        if old.get(head, "") != new.get(head, "")
    ]
    return found[:most]


_NOTHING: Mapping[str, str] = {}


def _words(given: Mapping[str, Any]) -> list[Mapping[str, str]]:
    further = given.get("further", {})
    return [given.get("words", {}), *(further[line] for line in sorted(further, key=int))]
