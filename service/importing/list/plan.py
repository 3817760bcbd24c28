"""From a group of rows to the nonconformity that will be brought in: every cell has its place, or stays in the text."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from service.importing.list.cells import LINE, TITLE, Cells, short_day, shortened
from service.importing.list.planned import Candidate, Planned, PlannedAction
from service.importing.list.rows import Entry, Group
from service.importing.list.steps import OVER, Said, from_now_on, may_have_actions, settle_actions, step_of
from service.importing.list.tally import Tally
from service.organisation import Organisation
from states.nonconformity import LIFECYCLE
from states.text import N_

_CLAUSE: Final = re.compile(r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){0,3}(?![\d.]*\d)")
_STANDARD: Final = re.compile(r"(?:ISO|ИСО|ГОСТ)(?:[ \w/]*?)\b9001(?:\s*[:–-]\s*\d{4})?", re.IGNORECASE)


class Known:
    """What rows may name: units, processes, clauses and documents by their folded codes and names."""

    def __init__(
        self,
        units: Mapping[str, UUID],
        processes: Mapping[str, UUID],
        clauses: Mapping[str, str],
        documents: Mapping[str, UUID],
        campus_id: UUID | None,
    ) -> None:
        self.units, self.processes, self.clauses = units, processes, clauses
        self.documents, self.campus_id = documents, campus_id


class Planner:
    """Plans group after group, on a day."""

    def __init__(self, university: Organisation, known: Known, tally: Tally, today: date) -> None:
        self._university, self._known, self._tally, self._today = university, known, tally, today

    def plan(self, candidate: Candidate) -> Planned:
        """The nonconformity of these rows, with findings for whatever is doubtful in them."""
        group, first = candidate.group, candidate.group.first
        cells = Cells(group, self._tally, self._today)
        found = cells.text("found") or cells.text("title") or ""
        owner = cells.owner(first, "responsible", "action_owner")
        causes = tuple(dict.fromkeys(cells.causes()))
        severity = cells.said(first, "severity")
        actions = [made for entry in group.entries if (made := self._action(cells, entry, owner))]
        status, closed_on, is_closed = self._closing(cells, group)
        correction = cells.text("correction")
        is_minor = (severity or self._tally.default_of("severity")) == "minor"
        said = Said(status, is_closed, owner is not None, bool(correction), bool(causes), is_minor)
        step = step_of(said, actions)
        self._limited(cells, status, step)
        if not may_have_actions(step):
            for action in actions:
                cells.keep("action", action.title)
                cells.keep("resources", action.resources)
            actions = []
        settle_actions(step, actions, self._today, self._university.calendar)
        self._restarted(cells, actions)
        unit_id = cells.one_of(first, "unit", self._known.units)
        found_on = cells.day(first, "found_on") or self._found_on(cells, first, closed_on, actions)
        if closed_on and closed_on < found_on:
            cells.doubt(first, "days", "order", _ORDER, closed=short_day(closed_on), day=short_day(found_on))
            cells.keep("closed_on" if first["closed_on"] else "status", first["closed_on"] or first["status"])
            closed_on = None
        typed = {
            "nc_kind": cells.choice(first, "kind"),
            "source": cells.choice(first, "source"),
            # What is over, or not assessed yet, has none but that which the list gives it.
            "severity": severity or (None if step in ("reported", *OVER) else self._tally.default("severity")),
            "found_on": found_on,
            "object": self._line(cells, "object"),
            "requirement": cells.text("requirement"),
            "requirement_document_id": cells.one_of(first, "document", self._known.documents),
            "clause": self._clause(cells, first),
            "occurred_on": self._occurred_on(cells, first, found_on),
            "known_on": cells.day(first, "known_on"),
            "impact": cells.text("impact"),
            "risk": cells.said(first, "risk") or None,
            "similar": cells.text("similar"),
            "risk_changes": cells.text("risk_changes"),
            "correction": correction,
            "corrected_on": cells.day(first, "corrected_on"),
            "evaluation": cells.text("evaluation") if step == "closed" else None,
            **self._complete_by(step, actions),
        }
        if step != "closed":
            cells.keep("evaluation", cells.text("evaluation"))
        cells.keep("note", cells.text("note"))
        planned = Planned(
            candidate,
            shortened(" ".join((first["title"] or found).split()), TITLE),
            typed,
            step=step,
            status=first["status"],
            owner_post_id=owner or (self._tally.fallback if step not in ("reported", *OVER) else None),
            unit_id=unit_id,
            process_id=cells.one_of(first, "process", self._known.processes),
            campus_id=self._university.campus_of(unit_id) or self._known.campus_id,
            causes=causes,
            actions=actions,
            closed_on=closed_on if step in OVER else None,
        )
        if step in OVER and closed_on is None:
            planned.closed_on = self._last_day(cells, planned)
        planned.typed["found"] = _text(found, cells.left)
        return planned

    def _action(self, cells: Cells, entry: Entry, owner: UUID | None) -> PlannedAction | None:
        """The action that a row plans; without a due date it stays in the text."""
        words = entry["action"]
        due_on, done_on = cells.day(entry, "due_on", ahead=True), cells.day(entry, "done_on")
        evidence, resources = entry["evidence"] or None, entry["resources"] or None
        kind = cells.said(entry, "action_kind") if words else ""
        if words and (day := due_on or done_on):
            names = ("action_owner",) if entry is cells.group.first else ("action_owner", "responsible")
            post = cells.owner(entry, *names) or owner
            said = cells.group.first["responsible"] or entry["action_owner"] or entry["responsible"]
            if post is None and not said:
                cells.hint(entry, "people", "action-nobody", _NOBODY, post=self._tally.post_name(self._tally.fallback))
            if due_on is None:
                cells.hint(entry, "days", "due-from-done", _DUE_IS_DONE, day=short_day(day))
            return PlannedAction(
                entry.line,
                entry.words,
                cells.line("action", words, LINE),
                entry["criterion"],
                post or self._tally.fallback,
                day,
                day,
                done_on,
                evidence,
                kind=kind or "corrective",
                resources=resources,
            )
        if words:
            cells.hint(entry, "days", "no-due", _NO_DUE, words=shortened(words, TITLE))
            cells.keep("action", words)
        elif due_on:
            cells.keep("due_on", entry["due_on"])
        cells.keep("done_on", entry["done_on"] if done_on else None)
        cells.keep("evidence", evidence)
        cells.keep("resources", resources)
        return None

    def _closing(self, cells: Cells, group: Group) -> tuple[str, date | None, bool]:
        """What the status says, the closing day, and whether it is closed by that day alone."""
        entry = next((one for one in reversed(group.entries) if one["status"]), group.first)
        status, day = cells.status(entry)
        dated = next((one for one in reversed(group.entries) if one["closed_on"]), group.first)
        is_closed, closed_on = cells.closing(dated)
        if is_closed and status and status not in OVER:
            step = LIFECYCLE.steps.get(status)
            label = step.label if step else entry["status"]
            cells.doubt(dated, "steps", "closed-and-not", _CONTRADICTS, step=label, words=dated["closed_on"])
            cells.keep("closed_on", dated["closed_on"])
            return status, None, False
        return status, closed_on or day, is_closed

    def _limited(self, cells: Cells, status: str, step: str) -> None:
        if status in LIFECYCLE.steps and status != step:
            steps = LIFECYCLE.steps
            facts = {"wanted": steps[status].label, "step": steps[step].label}
            cells.doubt(cells.group.first, "steps", "limited", _LIMITED, **facts)

    def _restarted(self, cells: Cells, actions: list[PlannedAction]) -> None:
        for action in actions:
            if action.due_on != action.original_due_on:
                first, due = (short_day(day) for day in (action.original_due_on, action.due_on))
                entry = next(one for one in cells.group.entries if one.line == action.line)
                cells.doubt(entry, "days", "was-due", _WAS_DUE, first=first, day=due)

    def _complete_by(self, step: str, actions: list[PlannedAction]) -> dict[str, Any]:
        """By when all is done: when the last action is."""
        if not actions or step not in ("acting", "verification", "closed"):
            return {"complete_by": None, "original_complete_by": None}
        first, last = max(one.original_due_on for one in actions), max(one.due_on for one in actions)
        calendar = self._university.calendar
        by = max(last, from_now_on(first, self._today, calendar)) if step == "acting" else last
        return {"complete_by": by, "original_complete_by": first}

    def _found_on(self, cells: Cells, entry: Entry, closed_on: date | None, actions: list[PlannedAction]) -> date:
        """The earliest day that the row names, where it does not say when it was found; else today."""
        days = [one.original_due_on for one in actions] + [one.done_on for one in actions if one.done_on]
        days = [day for day in (*days, *((closed_on,) if closed_on else ())) if day <= self._today]
        taken = min(days, default=self._today)
        cells.doubt(entry, "days", "found-on", _FOUND_ON, day=short_day(taken))
        return taken

    def _occurred_on(self, cells: Cells, entry: Entry, found_on: date) -> date | None:
        """The day on which it happened, unless it would have been found before that."""
        day = cells.day(entry, "occurred_on")
        if day is None or day <= found_on:
            return day
        cells.doubt(entry, "days", "found-before", _FOUND_BEFORE, day=short_day(day), found=short_day(found_on))
        cells.keep("occurred_on", entry["occurred_on"])
        return None

    def _last_day(self, cells: Cells, planned: Planned) -> date:
        """The day on which it seems to have been closed: the last one that the row names."""
        days = [planned.typed["found_on"], planned.typed["corrected_on"]]
        days += [day for action in planned.actions for day in (action.done_on, action.original_due_on)]
        taken: date = max(day for day in days if day and day <= self._today)
        cells.hint(cells.group.first, "days", "closed-on", _CLOSED_ON, day=short_day(taken))
        return taken

    def _clause(self, cells: Cells, entry: Entry) -> str | None:
        """The clause of the newest edition, where the cell names exactly one; what else it says stays in the text."""
        words = entry["clause"]
        if not words:
            return None
        named = _CLAUSE.findall(_STANDARD.sub(" ", words))
        known = [self._known.clauses[code] for code in dict.fromkeys(named) if code in self._known.clauses]
        if len(known) == 1 and len(set(named)) == 1:
            return known[0]
        cells.hint(entry, "fields", "no-clause", _NO_CLAUSE, words=words)
        cells.keep("clause", words)
        return None

    def _line(self, cells: Cells, name: str) -> str | None:
        words = cells.text(name)
        return cells.line(name, words) if words else None


def _text(found: str, left: list[tuple[str, str]]) -> str:
    """What was found, and below it the words for which there was no other place, under the file's own headings."""
    return "\n\n".join((found, "\n".join(f"{head}: {words}" for head, words in left))) if left else found


_NO_DUE = N_("The action “%(words)s” has no due date. It is kept in the text.")
_NOBODY = N_("Nobody is named for the action: it is with “%(post)s”.")
_DUE_IS_DONE = N_("The action has no due date; the day it was done was taken: %(day)s.")
_CONTRADICTS = N_("The status says “%(step)s”, the closing day “%(words)s”: the status was believed.")
_LIMITED = N_("The status says “%(wanted)s”, but the row does not hold what that step needs: “%(step)s” was taken.")
_WAS_DUE = N_("The due date %(first)s has passed. It is kept as the first one; from now on it is due on %(day)s.")
_FOUND_ON = N_("The day on which it was found is not clear; %(day)s was taken.")
_CLOSED_ON = N_("The day of closing is not given; the last day that the row names was taken: %(day)s.")
_ORDER = N_("It would have been closed on %(closed)s, before it was found (%(day)s): the words are kept in the text.")
_FOUND_BEFORE = N_("It would have happened on %(day)s, after it was found (%(found)s): the words are kept in the text.")
_NO_CLAUSE = N_("“%(words)s” is not one clause that the catalogue has. It is kept in the text.")
