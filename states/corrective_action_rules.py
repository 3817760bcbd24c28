"""What must hold when an action moves, and what is worked out then: the days of its plan and of its check."""

from collections.abc import Callable
from datetime import date, timedelta

from states.lifecycle import Case, Guard, Then
from states.text import N_

CHECK_AFTER_DAYS = 30
CHECK_WITHIN_DAYS = 7


def check_on(case: Case) -> date:
    """The day on which its effectiveness is to be checked."""
    if case.given["check_on"]:
        said: date = case.given["check_on"]
        return said
    # Recorded late, the check is not late already: its checker has a week.
    implemented_on: date = case.given["implemented_on"]
    after = implemented_on + timedelta(days=CHECK_AFTER_DAYS)
    return max(after, case.today + timedelta(days=CHECK_WITHIN_DAYS))


def planned_for(case: Case) -> date:
    """The day by which it is to be done, as the plan says now."""
    planned: date = case.given["due_on"] or case.fields["due_on"]
    return planned


def first_planned_for(case: Case) -> date:
    """The day of the plan that was approved first: until then it may still change, afterwards it stays."""
    first: date = case.fields["original_due_on"] if case.fields["implemented_on"] else planned_for(case)
    return first


def _ends_by(case: Case) -> date | None:
    """The day by which its nonconformity is to be finished, once that is planned."""
    above = case.above()
    day: date | None = above["complete_by"] if above.get("state") == "acting" else None
    return day


def is_within(due: Callable[[Case], date]) -> Guard:
    """That it is due no later than its nonconformity is to be finished."""
    return Guard(
        lambda case: not (last := _ends_by(case)) or due(case) <= last,
        N_("Its nonconformity is to be finished by then."),
        N_("Choose an earlier day, or have the nonconformity rescheduled first."),
    )


# Whoever gives the action more time than its nonconformity has gives it to both.
TAKES_ALONG = Then(
    "parent",
    "reschedule",
    when=lambda case: bool((last := _ends_by(case)) and case.fields["due_on"] > last),
    gives={
        "complete_by": lambda case: case.fields["due_on"],
        # One that was asked for before reasons were kept is named by its action.
        "reason": lambda case: case.given.get("reason") or case.fields["extension_reason"] or case.fields["code"],
    },
)
LATER = Guard(
    lambda case: case.given["new_due_on"] > max(case.fields["due_on"], case.today),
    N_("The new date is not later than the due date and today."),
    N_("Ask for a later date."),
)
STILL_AHEAD = Guard(
    lambda case: (case.given["other_due_on"] or case.fields["requested_due_on"]) >= case.today,
    N_("The date that was asked for has passed."),
    N_("Grant another date, or refuse."),
)
AHEAD = Guard(
    lambda case: (case.given["due_on"] or case.fields["due_on"]) >= case.today,
    N_("The due date has passed."),
    N_("Choose today or a later day."),
)
NOT_THE_OWNER = Guard(
    lambda case: not case.given["checker_post"] or case.given["checker_post"] != case.fields["owner_post_id"],
    N_("Who carries it out does not check whether it was effective."),
    N_("Choose another post, or leave it empty."),
)
NOT_WHO_DOES_IT = Guard(
    lambda case: not case.given["checker_post"] or case.given["checker_post"] != case.given["owner_post"],
    N_("Who carries it out does not check whether it was effective."),
    N_("Choose another post, or leave it empty."),
)
CHECK_AHEAD = Guard(
    lambda case: case.given["check_on"] > case.today,
    N_("The day of the next check is not ahead."),
    N_("Choose a later day."),
)
CHECK_IN_TIME = Guard(
    lambda case: not case.given["check_on"] or case.given["check_on"] >= case.today + timedelta(days=CHECK_WITHIN_DAYS),
    N_("The check would be less than a week from now."),
    N_("Choose a later day, or leave it empty."),
)
STEPS_DONE = Guard(
    lambda case: all(step["done_on"] for step in case.parts.get("work_step", ())),
    N_("A step of it is not done yet."),
    N_("Say of each step when it was done, or remove it."),
)
DONE_BY_TODAY = Guard(
    lambda case: case.given["implemented_on"] <= case.today,
    N_("The date of implementation is in the future."),
    N_("Record it once it is done."),
)
CORRECTION_FIRST = Guard(
    lambda case: case.above().get("state") != "correction" or case.given["action_kind"] == "correction",
    N_("While it is being corrected only a correction can be planned: its causes are not known yet."),
    N_("Choose the kind “correction”, or record the correction first."),
)
