"""What a policy is for: a step of a lifecycle, of one severity or of any, on one campus or on all; and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.opening import INHERITED
from service.organisation import Actor, Organisation
from service.resolve import resolve
from service.subject import typed_table
from states.given import parse_given
from states.lifecycle import Choice, Field, Kind, Lifecycle, Step
from states.refusals import Incomplete, NotYours
from states.registry import lifecycle, lifecycles
from states.roles import LABELS, Role
from states.text import N_, Text

WHAT: Final = Text("мөөнөттөрдү жана тепкичтерди коюу", "настройка сроков и лестниц", "setting deadlines and ladders")


@dataclass(frozen=True, slots=True)
class Scope:
    """A step, a severity (empty: any), a campus (None: all)."""

    lifecycle: Lifecycle
    step: Step
    severity: str = ""
    campus_id: UUID | None = None

    @property
    def key(self) -> tuple[str, str, str, UUID | None]:
        """What two versions of one policy have in common."""
        return self.lifecycle.name, self.step.name, self.severity, self.campus_id


def steps_of(one: Lifecycle) -> list[Step]:
    """The steps that a policy can be for: those that wait for somebody."""
    return [step for step in one.steps.values() if step.kind is Kind.WAITING and step.deadline and step.ladder]


def severities_of(one: Lifecycle, step: Step) -> tuple[Choice, ...]:
    """The severities that its records can have in that step; none where they have none, or not yet."""
    if "severity" not in typed_table(one.name).c:
        return ()
    inherits = "severity" in INHERITED and bool(one.child_of) and "severity" in typed_table(one.child_of).c
    said_first = any(field.name == "severity" for field in one.opens)
    if step.name == one.initial and not (inherits or said_first):
        return ()
    return _severities(one) or (_severities(lifecycle(one.child_of)) if inherits else ())


def _severities(one: Lifecycle) -> tuple[Choice, ...]:
    recorded = (*one.opens, *(field for move in one.moves.values() for field in move.records))
    return next((field.choices for field in recorded if field.name == "severity"), ())


def severity_label(scope: Scope) -> Text | None:
    """What people call the severity; None for any."""
    found = (choice.label for choice in severities_of(scope.lifecycle, scope.step) if choice.value == scope.severity)
    return next(found, Text(*[scope.severity] * 3) if scope.severity else None)


def _every_severity() -> tuple[Choice, ...]:
    found = {choice.value: choice for one in lifecycles().values() for choice in _severities(one)}
    return tuple(found.values())


LIFECYCLE: Final = Field(
    "lifecycle",
    Text("Түрү", "Вид", "Lifecycle"),
    "choice",
    choices=tuple(Choice(one.name, one.label) for one in lifecycles().values()),
)
STEP: Final = Field("step", Text("Кадам", "Шаг", "Step"), "line")
SEVERITY: Final = Field(
    "severity", Text("Олуттуулугу", "Значимость", "Severity"), "choice", required=False, choices=_every_severity()
)
CAMPUS: Final = Field("campus", Text("Кампус", "Кампус", "Campus"), "unit", required=False)
SCOPE: Final = (LIFECYCLE, STEP, SEVERITY, CAMPUS)


def read_scope(snapshot: Organisation, connection: sa.Connection, given: Mapping[str, Any]) -> Scope:
    """The scope that codes name. Raises Incomplete."""
    values = resolve(snapshot, connection, SCOPE, parse_given(SCOPE, given))
    one = lifecycles()[values["lifecycle"]]
    step = next((step for step in steps_of(one) if step.name == values["step"]), None)
    errors = {}
    if step is None:
        raise Incomplete({"step": N_("This is no step that waits for somebody.")})
    if values["severity"] and values["severity"] not in [choice.value for choice in severities_of(one, step)]:
        errors["severity"] = N_("Records have no such severity in this step.")
    campus = snapshot.units[values["campus"]] if values["campus"] else None
    if campus and (not campus.is_campus or campus.closed_on):
        errors["campus"] = N_("This is no campus.")
    if errors:
        raise Incomplete(errors)
    return Scope(one, step, values["severity"] or "", campus.id if campus else None)


def given_of(snapshot: Organisation, scope: Scope) -> dict[str, str]:
    """The way back: what `read_scope` makes this scope of."""
    campus = snapshot.units[scope.campus_id].code if scope.campus_id else ""
    said = {"lifecycle": scope.lifecycle.name, "step": scope.step.name, "severity": scope.severity, "campus": campus}
    return {name: value for name, value in said.items() if value}


def may_keep(snapshot: Organisation, actor: Actor, campus_id: UUID | None) -> bool:
    """Whether the actor sets deadlines for a campus, or for all (None).

    That is its quality specialist; for all of them one who belongs to none or to the one above all others.
    """
    if actor.person_id is None:
        return False
    specialists = snapshot.posts_of_role(Role.QUALITY_SPECIALIST, campus_id)
    if campus_id is None:
        campuses = [unit.id for unit in snapshot.units.values() if unit.is_campus and not unit.closed_on]
        specialists = tuple(post for post in specialists if _stands_above(snapshot, post, campuses))
    return not actor.all_posts.isdisjoint(specialists)


def _stands_above(snapshot: Organisation, post_id: UUID, campuses: list[UUID]) -> bool:
    place = snapshot.campus_of(snapshot.posts[post_id].unit_id)
    return place is None or all(place in snapshot.campuses_above(campus) for campus in campuses)


def places_kept(snapshot: Organisation, actor: Actor) -> list[UUID | None]:
    """The campuses for which the actor sets deadlines; None among them stands for all."""
    campuses = [unit.id for unit in snapshot.units.values() if unit.is_campus and not unit.closed_on]
    return [place for place in (None, *campuses) if may_keep(snapshot, actor, place)]


def must_keep(snapshot: Organisation, actor: Actor, campus_id: UUID | None) -> None:
    """Raise NotYours unless the actor sets deadlines there."""
    if not may_keep(snapshot, actor, campus_id):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def must_keep_somewhere(snapshot: Organisation, actor: Actor) -> None:
    """Raise NotYours unless the actor sets deadlines anywhere."""
    if not places_kept(snapshot, actor):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def severity_column(one: Lifecycle) -> sa.ColumnElement[Any]:
    """Where the severity of its records stands; null where they have none."""
    table = typed_table(one.name)
    return table.c.severity if "severity" in table.c else sa.null().label("severity")


def tasks_in(scope: Scope, snapshot: Organisation, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """A statement over the tasks of a scope, beside their records: these columns of them."""
    typed = typed_table(scope.lifecycle.name)
    statement = (
        sa.select(*columns)
        .select_from(t.task)
        .join(t.record, t.record.c.id == t.task.c.record_id)
        .outerjoin(typed, typed.c.record_id == t.record.c.id)
        .where(t.task.c.lifecycle == scope.lifecycle.name, t.task.c.step == scope.step.name)
    )
    if scope.severity:
        statement = statement.where(severity_column(scope.lifecycle) == scope.severity)
    if scope.campus_id:
        within = [unit.id for unit in snapshot.units.values() if scope.campus_id in snapshot.campuses_above(unit.id)]
        statement = statement.where(t.record.c.campus_id.in_(within))
    return statement
