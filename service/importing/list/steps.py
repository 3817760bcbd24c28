"""The step in which a nonconformity of a list begins, and its actions with it: what the row says, as far as it can be.

A task that a row should have had long ago is due from now on: a due date that has passed is kept as the first one, and
the ladder begins anew. Nobody is told at once of what is years late.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.importing.list.answers import BY_CONTENT
from service.importing.list.planned import PlannedAction
from states.corrective_action_rules import CHECK_AFTER_DAYS, CHECK_WITHIN_DAYS
from states.working_days import Calendar

# Working days from now for what was due before it was brought in.
GRACE: Final = 10
OVER: Final = ("closed", "rejected", "withdrawn")
_WITH_ACTIONS: Final = ("cause_analysis", "action_planning", "acting")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of where it stands: by its status, by a closing day, and by what it holds."""

    status: str
    is_closed: bool
    has_owner: bool
    has_correction: bool
    has_cause: bool
    is_minor: bool


def step_of(said: Said, actions: list[PlannedAction]) -> str:
    """The step: what the status names, where the row holds what that step needs."""
    if said.status in (*OVER, "reported", "verification"):
        return said.status
    wanted = said.status
    if wanted == "acting":
        return "acting" if actions else "action_planning"
    if wanted == "correction" and actions:
        wanted = BY_CONTENT
    return wanted if wanted and wanted != BY_CONTENT else _by_content(said, actions)


def _by_content(said: Said, actions: list[PlannedAction]) -> str:
    if said.is_closed:
        return "closed"
    if actions:
        return "acting"
    if said.has_cause:
        return "action_planning"
    if said.has_correction:
        return "verification" if said.is_minor else "cause_analysis"
    return "correction" if said.has_owner or said.status else "reported"


def settle_actions(step: str, actions: list[PlannedAction], today: date, calendar: Calendar) -> None:
    """Put each action into the step that fits that of its nonconformity; a due date that has passed begins anew."""
    for action in actions:
        if step in ("closed", "verification"):
            action.step = "closed"
        elif step != "acting":
            action.step = "planned"
        elif action.done_on:
            action.step = "implemented"
            later = action.done_on + timedelta(days=CHECK_AFTER_DAYS)
            action.check_on = max(later, today + timedelta(days=CHECK_WITHIN_DAYS))
        else:
            action.step = "in_progress"
        if action.step in ("planned", "in_progress"):
            action.due_on = from_now_on(action.due_on, today, calendar)


def may_have_actions(step: str) -> bool:
    """Whether actions may hang on a nonconformity in that step."""
    return step in (*_WITH_ACTIONS, "verification", "closed")


def from_now_on(day: date, today: date, calendar: Calendar) -> date:
    """The day, or one that is ahead where it has passed."""
    return day if day >= today else calendar.add(today, GRACE)
