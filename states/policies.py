"""Policies: what a university says of a step's days and ladder, instead of what its lifecycle declares.

A policy is never changed: a newer one for the same step, severity and campus takes its place from its day on. Which one
holds is decided by the closest fit: the own campus before those above it, before none; the severity before any.
"""

import hashlib
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from states.lifecycle import Channel, Deadline, Ladder, Rung, Step
from states.refusals import Incomplete
from states.roles import Role
from states.text import N_
from states.working_days import Calendar

# Whom a rung may tell.
TOLD: Final = (
    Role.HOLDER,
    Role.HOLDERS_HEAD,
    Role.QUALITY_SPECIALIST,
    Role.VICE_RECTOR,
    Role.RECTOR,
    Role.ADMINISTRATOR,
)
MOST_DAYS: Final = 400
MOST_RUNGS: Final = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """Days and ladder of a step from a day on. None: as declared. An empty severity, a campus None: for any."""

    id: Hashable
    lifecycle: str
    step: str
    effective_from: date
    severity: str = ""
    campus_id: Hashable = None
    days: int | None = None
    working: bool = True
    ladder: Ladder | None = None

    def deadline(self, declared: Deadline) -> Deadline:
        """The step's deadline; one that is due on a date of its own stays so."""
        return declared if self.days is None or declared.on else Deadline(self.days, working=self.working)


def policy_for(
    policies: Iterable[Policy], step: str, severity: str | None, campuses: Sequence[Hashable], day: date
) -> Policy | None:
    """Of a lifecycle's policies the one that holds for the step on `day`; None where it is as declared.

    `campuses`: the record's, then those above it.
    """
    places = (*campuses, None)
    fitting = (
        one
        for one in policies
        if one.step == step and one.effective_from <= day and one.severity in ("", severity) and one.campus_id in places
    )
    return max(
        fitting,
        key=lambda one: (-places.index(one.campus_id), bool(one.severity), one.effective_from, str(one.id)),
        default=None,
    )


def ladder_of(step: Step, policy: Policy | None) -> Ladder:
    """The ladder of the step's tasks. Raises TypeError for a step that has none."""
    ladder = (policy.ladder if policy else None) or step.ladder
    if ladder is None:
        raise TypeError(step.name)
    return ladder


def deadline_of(step: Step, policy: Policy | None) -> Deadline:
    """When the step's tasks are due. Raises TypeError for a step that waits for nobody."""
    if step.deadline is None:
        raise TypeError(step.name)
    return policy.deadline(step.deadline) if policy else step.deadline


def day_after(day: date, deadline: Deadline, calendar: Calendar) -> date:
    """The day on which a step entered on `day` is due, where it is so many days."""
    return calendar.add(day, deadline.days) if deadline.working else day + timedelta(days=deadline.days)


def ladder_facts(ladder: Ladder) -> dict[str, Any]:
    """A ladder as it is kept: `{"rungs": [{"days", "to": [role], "channel"}], "again": {…}}`."""
    return {"rungs": [_facts(rung) for rung in ladder.rungs], "again": _facts(ladder.again)}


@lru_cache(maxsize=1_000)
def ladder_id(ladder: Ladder) -> str:
    """SHA-256 (hex) of what it says: two that say the same are one."""
    said = json.dumps(ladder_facts(ladder), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def ladder_from(facts: Mapping[str, Any]) -> Ladder:
    """The ladder that was kept so. Raises Incomplete where it is none that could work."""
    try:
        ladder = Ladder(tuple(_rung(one) for one in facts["rungs"]), _rung(facts["again"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Incomplete({"rungs": N_("Choose one of the answers.")}) from error
    check_ladder(ladder)
    return ladder


def check_ladder(ladder: Ladder) -> None:
    """Raise Incomplete, with a sentence, where a ladder would not remind, not escalate or not go on."""
    days = [rung.days for rung in ladder.rungs]
    if not days or len(days) > MOST_RUNGS or any(abs(day) > MOST_DAYS for day in days):
        raise Incomplete({"rungs": N_("Give between 1 and 20 rungs, none more than 400 days away.")})
    if sorted(set(days)) != days:
        raise Incomplete({"rungs": N_("Each rung comes on a day of its own, the earlier one first.")})
    if any(not rung.to or not set(rung.to) <= set(TOLD) for rung in (*ladder.rungs, ladder.again)):
        raise Incomplete({"rungs": N_("Each rung tells somebody.")})
    if any(len(set(rung.to)) < len(rung.to) for rung in ladder.rungs):
        raise Incomplete({"rungs": N_("Each rung tells each of them once.")})
    if any(rung.to != (Role.HOLDER,) for rung in ladder.rungs if rung.days <= 0):
        raise Incomplete({"rungs": N_("Before the deadline only the holder is reminded.")})
    if days[-1] <= 0:
        raise Incomplete({"rungs": N_("At least one rung comes after the deadline.")})
    if ladder.again.to != (Role.HOLDER,) or not 1 <= ladder.again.days <= MOST_DAYS:
        raise Incomplete({"again": N_("The last reminder is repeated to the holder, every 1 to 400 working days.")})


def _facts(rung: Rung) -> dict[str, Any]:
    return {"days": rung.days, "to": [role.value for role in rung.to], "channel": rung.channel.value}


def _rung(facts: Mapping[str, Any]) -> Rung:
    days = facts["days"]
    if type(days) is not int:  # neither half a day nor a word, and True is an int in Python
        raise TypeError(days)
    return Rung(days, tuple(Role(one) for one in facts["to"]), Channel(facts["channel"]))
