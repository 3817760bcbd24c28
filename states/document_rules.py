"""What must hold when a document moves, and what is worked out then: its route, its order, the day of its review."""

from datetime import date
from typing import Any
from uuid import UUID

from states.lifecycle import Case, Guard
from states.refusals import GuardUnmet
from states.routes import going_on, usual
from states.text import N_


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


# TalSU manual, section 1: the check that a document is up to date is made not more than once a year.
FEWEST_MONTHS = 12


def more_bodies(case: Case) -> bool:
    """Whether another body of the route comes after the one that decides now."""
    return int(case.fields["position"]) + 1 < len(case.fields["route"])


def approver(case: Case) -> UUID | None:
    """The post that approves by the route of its type; none where the rector does."""
    said = case.fields["type_route"]["approver_post_id"]
    return UUID(said) if said else None


def _going_on(case: Case) -> dict[str, Any]:
    return going_on(case.fields, case.fields["type_route"])


def _goes_already(case: Case) -> bool:
    fields, takes = case.fields, _going_on(case)
    meant = fields["meanings"] or usual(tuple(fields["route"])).facts["meanings"]
    now = ([*fields["route"]], [*meant], fields["approver_post_id"], fields["by_order"] is not False)
    return now == (takes["bodies"], takes["meanings"], approver(case), takes["by_order"])


def _body_left(case: Case) -> bool:
    return len(_going_on(case)["bodies"]) > int(case.fields["position"])


def next_review(case: Case) -> date:
    """The day of its next periodic review, where the last one is on the day of the move."""
    return _review_after(case, case.today)


def first_review(case: Case) -> date:
    """The day of its first periodic review, from the day on which it comes into force, also where that has passed."""
    return _review_after(case, case.given["in_force_on"])


def _review_after(case: Case, start: date) -> date:
    return months_after(start, max(int(case.fields["review_months"]), FEWEST_MONTHS))


DECIDED = Guard(
    lambda case: case.given["decided_on"] <= case.today,
    N_("The decision is dated in the future."),
    N_("Record it on the day of the sitting or after it."),
)
HAS_ROUTE = Guard(
    lambda case: bool((case.fields["type_route"] or {}).get("bodies")),
    N_("This type of document has no route: nobody would review it."),
    N_("Ask the quality specialist to set which bodies review this type."),
)
GOES_ELSEWHERE = Guard(
    lambda case: not _goes_already(case),
    N_("It takes this route already."),
    N_("Change the route of its type first."),
)
A_BODY_LEFT = Guard(
    _body_left,
    N_("All bodies of the route that its type takes now have decided on it."),
    N_("Pass it on for approval instead."),
)
NO_BODY_LEFT = Guard(
    lambda case: not _body_left(case),
    N_("A body of the route that its type takes now has not decided on it yet."),
    N_("Let it take that route instead."),
)
ORDERED = Guard(
    lambda case: bool(case.given["order_no"]) or case.fields["by_order"] is False,
    N_("The order has no number."),
    N_("By its route this document is put in force by an order: give its number."),
)


def _after_councils(case: Case) -> bool:
    decided = case.given["decided_on"]
    last = case.ask("council_day")
    return not last or bool(decided >= last)


def _council_was_later(case: Case) -> GuardUnmet:
    day = f"{case.ask('council_day'):%d.%m.%Y}"
    return GuardUnmet(
        N_("The order is dated before the last council decision on this document, which is of %(day)s."),
        N_("Give the date of the order: that day or a later one."),
        day=day,
    )


def _order_under(case: Case) -> Any:
    """The other order that has the number already, where one has."""
    number, day = case.given["order_no"], case.given["decided_on"]
    find = case.ask("order_under") if number else None
    return find(number, day) if find else None


def _has_the_number(case: Case) -> GuardUnmet:
    one = _order_under(case)
    return GuardUnmet(
        N_("Order № %(number)s of that year is dated %(day)s: by it “%(code)s” was decided."),
        N_("Give the date of that order, or the number of the one that you mean."),
        number=one.number.lstrip("№ "),
        day=f"{one.decided_on:%d.%m.%Y}",
        code=one.code,
    )


AFTER_COUNCILS = Guard(
    _after_councils,
    N_("The order is dated before the last council decision on this document."),
    N_("Give the date of the order: the day of that decision or a later one."),
    tells=_council_was_later,
)
ONE_NUMBER_ONE_DAY = Guard(
    lambda case: _order_under(case) is None,
    N_("An order of that year has this number and another date."),
    N_("Give the date of that order, or the number of the one that you mean."),
    tells=_has_the_number,
)
NOT_BEFORE_ORDER = Guard(
    lambda case: case.given["in_force_on"] >= case.given["decided_on"],
    N_("The entry into force is before the date of the order."),
    N_("Choose the date of the order or a later day."),
)
CARRIED = Guard(
    lambda case: case.given["votes_for"] is None or (case.given["votes_against"] or 0) <= case.given["votes_for"],
    N_("More voted against than for."),
    N_("Check the votes, or record that it was returned or rejected."),
)
HAS_FILES = Guard(
    lambda case: case.given["attachment"] in case.files,
    N_("The record has no file of that name."),
    N_("Choose one of its files."),
)


def _last_looked_at(case: Case) -> date | None:
    days = [case.fields[name] for name in ("reviewed_on", "in_force_on") if case.fields[name]]
    return max(days, default=None)


ONCE_A_YEAR = Guard(
    lambda case: not (day := _last_looked_at(case)) or case.today >= months_after(day, FEWEST_MONTHS),
    N_("This document was approved or reviewed less than a year ago."),
    N_("Start a new revision if it must change now."),
)
# The route that its type takes now, for what is under way: `position` stays, what was done stays done.
REROUTED = {
    "route": lambda case: _going_on(case)["bodies"],
    "meanings": lambda case: _going_on(case)["meanings"],
    "approver_post_id": approver,
    "by_order": lambda case: case.fields["type_route"]["by_order"],
}
