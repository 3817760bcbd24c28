"""What must hold when a nonconformity moves: its days in order, its causes answered, its actions done."""

from states.lifecycle import Case, Guard
from states.refusals import Duties
from states.roles import Role
from states.text import N_


def needs_causes(case: Case) -> bool:
    """Whether its causes are analysed: those of a minor one only where that is asked for."""
    return case.fields["severity"] != "minor" or bool(case.given["causes_too"])


def something_was_done(case: Case) -> bool:
    """Whether an action of this round was effective, or the last to end, which may have begun in the round before."""
    ended = max((action["closed_at"] for action in case.below if action["closed_at"]), default=None)
    last = {action["state"] for action in case.below if action["closed_at"] == ended}
    return case.children.get("closed", 0) > 0 or "closed" in last


def _last_due(case: Case) -> bool:
    dates = [action["due_on"] for action in case.below if not action["closed_at"]]
    return all(due <= case.given["complete_by"] for due in dates)


NOT_BEFORE_ACTIONS = Guard(
    _last_due,
    N_("An action is due later than that."),
    N_("Choose a day on which all actions are due and checked."),
)
NO_OPEN_ACTION = Guard(
    lambda case: case.open_children == 0,
    N_("An action is still open."),
    N_("Finish, check or cancel its actions first."),
)
_DAYS = ("occurred_on", "found_on", "known_on")
# Where nobody did, its owner plays the author's part.
HAS_AUTHOR = Guard(
    lambda case: case.fields["author_id"] is not None,
    N_("Whoever reported this does not work here: nobody can withdraw it for them."),
    N_("The quality specialist may reject it, with the reason."),
)
BY_TODAY = Guard(
    lambda case: all((case.given[name] or case.today) <= case.today for name in _DAYS),
    N_("One of the days on which it occurred, was found and became known is in the future."),
    N_("Give days up to today."),
)


def _is_in_order(case: Case) -> bool:
    """It occurs, then it is found and becomes known; a day that is not said is out of nobody's order."""
    found_on = case.given["found_on"] or case.fields["found_on"]
    occurred_on = case.given["occurred_on"] or found_on
    return bool(occurred_on <= found_on and occurred_on <= (case.given["known_on"] or occurred_on))


IN_ORDER = Guard(
    _is_in_order,
    N_("It was found or became known before it occurred."),
    N_("Check the dates."),
)
CORRECTED_BY_TODAY = Guard(
    lambda case: (case.given["corrected_on"] or case.today) <= case.today,
    N_("The date of the correction is in the future."),
    N_("Record it once it is done."),
)
CORRECTED_AFTER = Guard(
    lambda case: (case.given["corrected_on"] or case.today) >= (case.fields["occurred_on"] or case.fields["found_on"]),
    N_("It was corrected before it occurred."),
    N_("Check the date of the correction."),
)
CORRECTIONS_DONE = Guard(
    lambda case: needs_causes(case) or case.open_children == 0,
    N_("A correction is still open."),
    N_("Finish, check or cancel it first, or have the causes analysed as well."),
)
SIMILAR_AGREES = Guard(
    lambda case: case.given["similar_checked"] == "found" or not case.given["similar_records"],
    N_("Similar ones are linked, and it says that none were found."),
    N_("Choose that similar ones were found, or link none."),
)
CONCEDED_AHEAD = Guard(
    lambda case: (case.given["concession_until"] or case.today) >= case.today,
    N_("The concession would have ended already."),
    N_("Choose today or a later day, or leave it without an end."),
)
MORE_TIME = Guard(
    lambda case: case.given["new_due_on"] > case.today,
    N_("The new date is not ahead."),
    N_("Choose a later day."),
)
NOT_THEIR_OWN_UNIT = Guard(
    lambda case: case.given["source"] != "internal_audit" or case.roles.isdisjoint((Role.COLLEAGUE, Role.HEAD)),
    N_("An auditor does not audit their own unit."),
    N_("Ask an auditor of another unit to record what was found."),
    refuses=Duties,
)
AHEAD = Guard(
    lambda case: case.given["complete_by"] >= case.today,
    N_("The date is in the past."),
    N_("Choose today or a later day."),
)
