"""What must hold when an audit moves: impartial auditors, every question answered, every nonconformity raised."""

from collections.abc import Callable, Hashable
from typing import Any

from states.lifecycle import Case, Guard, Then
from states.refusals import Duties
from states.roles import Role
from states.text import N_


def _of_finding(name: str) -> Callable[[Case], Any]:
    return lambda case: case.chosen("finding")[name]


def _is_of_the_unit(case: Case, person: Hashable) -> bool:
    return case.plays(person, Role.COLLEAGUE) or case.plays(person, Role.HEAD) or case.plays(person, Role.OWNER)


def _impartial(case: Case) -> bool:
    team = (case.given["lead_auditor"], *(case.given["auditors"] or ()))
    return not any(_is_of_the_unit(case, person) for person in team)


NOT_OF_THE_UNIT = Guard(
    _impartial,
    N_("An auditor does not audit their own unit."),
    N_("Choose auditors of other units."),
    refuses=Duties,
)
IS_NONCONFORMITY = Guard(
    lambda case: case.chosen("finding")["kind"] == "nonconformity",
    N_("This finding is no nonconformity."),
    N_("Change its kind first, if it is one."),
)
HAS_KIND = Guard(
    lambda case: bool(case.chosen("finding")["nc_kind"]),
    N_("The kind of nonconformity is not said."),
    N_("Change the finding and choose the kind of nonconformity."),
)
NOT_RAISED = Guard(
    lambda case: not case.chosen("finding")["raised"],
    N_("A nonconformity has been raised from this finding already."),
    N_("Open that one."),
)
KIND_SAID = Guard(
    lambda case: case.given["kind"] != "nonconformity" or bool(case.given["nc_kind"]),
    N_("The kind of nonconformity is not said."),
    N_("Choose the kind of nonconformity."),
)
ALL_RAISED = Guard(
    lambda case: all(row["raised"] for row in case.parts["finding"] if row["kind"] == "nonconformity"),
    N_("A finding that is a nonconformity has not been raised as one."),
    N_("Raise it, or change its kind."),
)
ALL_ANSWERED = Guard(
    lambda case: all(row["answer"] for row in case.parts["question"]),
    N_("A question of the checklist has no result."),
    N_("Give each question its result, or remove it."),
)
BY_TODAY = Guard(
    lambda case: case.given["carried_out_on"] <= case.today,
    N_("The audit is said to have been carried out on a day to come."),
    N_("Record it once it is done."),
)
AHEAD = Guard(
    lambda case: case.given["planned_on"] >= case.today,
    N_("The date is in the past."),
    N_("Choose today or a later day."),
)

NOTHING_OPEN_FROM_IT = Guard(
    lambda case: not case.open_children,
    N_("A nonconformity raised from it is open."),
    N_("Finish the audit with its report."),
)
BECOMES_A_NONCONFORMITY = Then(
    "new",
    opens="nonconformity",
    gives={
        "title": _of_finding("title"),
        "found": _of_finding("found"),
        "nc_kind": _of_finding("nc_kind"),
        "source": lambda case: "internal_audit",
        "found_on": lambda case: case.fields["carried_out_on"] or case.today,
        "requirement": _of_finding("requirement"),
        "requirement_document": _of_finding("requirement_document_id"),
        "clause": _of_finding("clause"),
        "process": lambda case: case.fields["process_id"],
        "unit": lambda case: case.fields["unit_id"],
    },
)
