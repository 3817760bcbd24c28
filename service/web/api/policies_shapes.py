"""The shapes of deadlines and ladders: what is answered of versions, dry runs and re-planning, and what is sent."""

from collections import Counter
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from service.organisation import Organisation
from service.policies.dry_run import DryRun, Told
from service.policies.given import CHANNELS, PARTS
from service.policies.reading import PolicyView
from service.policies.replan import Preview
from service.policies.words import deadline_words, ladder_words
from service.web.api.shapes import Named, Shape
from states.policies import MOST_DAYS, MOST_RUNGS, ladder_facts, ladder_of


class LadderRung(Shape):
    """One rung: `days` below 0 are working days before the due day, above 0 after it."""

    days: int
    to: list[str]
    channel: Literal["mail", "page"]


class Ladder(Shape):
    """The rungs by their days; after the last one `again` reminds the holder every so many working days."""

    rungs: list[LadderRung]
    again: LadderRung


class PolicyVersion(Shape):
    """A version: from its day on it holds for what opens, until a newer one for the same, or a closer one.

    Without `days` or `ladder` those are as the step declares them. `deadline` and `told` say all of it in words.
    """

    id: UUID
    lifecycle: str
    step: str
    severity: str | None
    campus: Named | None
    effective_from: date
    days: int | None
    count: Literal["working", "calendar"] | None
    ladder: Ladder | None
    deadline: str
    told: str
    reason: str
    made_by: Named
    made_at: datetime
    withdrawn_at: datetime | None
    standing: Literal["holds", "ahead", "past", "withdrawn"]


class ToldPart(Named):
    """How often a part is told, by mail or on the page alone."""

    channel: Literal["mail", "page"]
    times: int


class ToldReader(Named):
    """How often somebody is told."""

    times: int


class ToldDay(Shape):
    """How often anybody is told on a day."""

    day: date
    times: int


class ToldCounts(Shape):
    """How often, on which days, as which parts, to whom."""

    total: int
    days: list[ToldDay]
    parts: list[ToldPart]
    readers: list[ToldReader]


class TriedTask(Shape):
    """An open task: due and told next as it is planned, and by the version."""

    id: UUID
    code: str
    title: str
    due_at: datetime
    due_at_by_it: datetime
    told_at: datetime
    told_at_by_it: datetime


class Tried(Shape):
    """A dry run: the month before `now`, really and by the version; the month after it, as planned and by the version.

    Tasks `open_then` were open in the month before, `open_now` are open; by the version `moved` of these are due on
    another day. `late_now` are late, `late_by_it` would be.
    """

    since: datetime
    now: datetime
    until: datetime
    open_then: int
    open_now: int
    moved: int
    late_now: int
    late_by_it: int
    really: ToldCounts
    would_have: ToldCounts
    as_planned: ToldCounts
    will: ToldCounts
    examples: list[TriedTask]


class DayToDay(Shape):
    """How many tasks go from a day to a day."""

    before: date
    after: date
    tasks: int


class Replanned(Shape):
    """What re-planning would change; has changed, where it is `done`. Send `seen` back to have it done."""

    done: bool
    seen: str
    changing: int
    planned: int
    moved: int
    climbing: int
    at_once: int
    due: list[DayToDay]
    next: list[DayToDay]


_CHANNEL = {"type": "string", "enum": list(CHANNELS)}
LADDER_SCHEMA: Final = {
    "title": "The ladder; as declared where it is not given",
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "rungs": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_RUNGS,
                    "items": {
                        "type": "object",
                        "properties": {
                            "days": {"type": "integer", "minimum": -MOST_DAYS, "maximum": MOST_DAYS},
                            "to": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(PARTS)}},
                            "channel": _CHANNEL,
                        },
                        "required": ["days", "to"],
                        "additionalProperties": False,
                    },
                },
                "again": {
                    "type": "object",
                    "properties": {
                        "days": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS},
                        "channel": _CHANNEL,
                    },
                    "required": ["days"],
                    "additionalProperties": False,
                },
            },
            "required": ["rungs", "again"],
            "additionalProperties": False,
        },
        {"type": "null"},
    ],
}


def version(one: PolicyView, snapshot: Organisation, language: str) -> dict[str, Any]:
    """A version as PolicyVersion has it."""
    scope, policy = one.scope, one.policy
    campus = snapshot.units[scope.campus_id] if scope.campus_id else None
    return {
        "id": one.id,
        "lifecycle": scope.lifecycle.name,
        "step": scope.step.name,
        "severity": scope.severity or None,
        "campus": {"code": campus.code, "name": campus.name.into(language)} if campus else None,
        "effective_from": policy.effective_from,
        "days": policy.days,
        "count": None if policy.days is None else "working" if policy.working else "calendar",
        "ladder": ladder_facts(policy.ladder) if policy.ladder else None,
        "deadline": deadline_words(scope.lifecycle, scope.step, policy, language),
        "told": ladder_words(ladder_of(scope.step, policy), language),
        "reason": one.reason,
        "made_by": {"code": one.made_by.code, "name": one.made_by.name.into(language)},
        # In words already: what is answered again by an Idempotency-Key is the same to the letter.
        "made_at": one.made_at.isoformat(),
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
        "standing": one.standing.value,
    }


def tried(found: DryRun, snapshot: Organisation, language: str) -> dict[str, Any]:
    """A dry run as Tried has it."""
    counts = {"open_then": found.open_then, "open_now": found.open_now, "moved": found.moved}
    four = ("really", "would_have", "as_planned", "will")
    return {
        "since": found.since,
        "now": found.now,
        "until": found.until,
        **counts,
        "late_now": found.late_now,
        "late_by_it": found.late_then,
        **{name: _told(getattr(found, name), snapshot, language) for name in four},
        "examples": [
            {
                "id": one.record_id,
                "code": one.code,
                "title": one.title,
                "due_at": one.due_at,
                "due_at_by_it": one.new_due_at,
                "told_at": one.next_at,
                "told_at_by_it": one.new_next_at,
            }
            for one in found.examples
        ],
    }


def _told(counts: Told, snapshot: Organisation, language: str) -> dict[str, Any]:
    people = ((snapshot.people[reader], times) for reader, times in counts.readers.most_common())
    return {
        "total": counts.total,
        "days": [{"day": day, "times": times} for day, times in sorted(counts.days.items())],
        "parts": [
            {"code": part.value, "name": part.label.into(language), "channel": channel.value, "times": times}
            for (part, channel), times in sorted(counts.parts.items())
        ],
        "readers": [{"code": one.code, "name": one.name.into(language), "times": times} for one, times in people],
    }


def replanned(found: Preview, *, done: bool) -> dict[str, Any]:
    """What re-planning would change or has changed, as Replanned has it."""
    names = ("seen", "changing", "planned", "moved", "climbing", "at_once")
    return {
        "done": done,
        **{name: getattr(found, name) for name in names},
        "due": _days(found.due),
        "next": _days(found.next),
    }


def _days(counted: Counter[tuple[date, date]]) -> list[dict[str, Any]]:
    return [{"before": before, "after": after, "tasks": tasks} for (before, after), tasks in sorted(counted.items())]
