"""Policies are made by the quality specialist, version by version, and withdrawn while they have not begun."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.events import log_event
from service.keeping.change import alone, row_of
from service.organisation import Actor, Organisation, organisation, organisation_changed
from service.policies.given import ladder_given
from service.policies.scope import SCOPE, Scope, must_keep, must_keep_somewhere, read_scope
from service.tasks import kept_ladder
from states.given import parse_given
from states.lifecycle import Choice, Field
from states.policies import MOST_DAYS, Policy, policy_for
from states.refusals import GuardUnmet, Incomplete
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

COUNTS: Final = (
    Choice("working", Text("жумуш күндөрү", "рабочие дни", "working days")),
    Choice("calendar", Text("календарлык күндөр", "календарные дни", "calendar days")),
)
FROM: Final = Field(
    "effective_from",
    Text("Кайсы күндөн тартып", "С какого дня", "From which day"),
    "date",
    help=Text(
        "Бүгүн же кийин. Ушул күндөн тартып ачылган тапшырмаларга колдонулат.",
        "Сегодня или позже. Действует для задач, открытых с этого дня.",
        "Today or later. It holds for tasks that are opened from that day on.",
    ),
)
DAYS: Final = Field(
    "days",
    Text("Канча күн", "Сколько дней", "How many days"),
    "number",
    required=False,
    help=Text(
        "Кадам башталган күн эсептелбейт.",
        "День начала шага не считается.",
        "The day on which the step begins is not counted.",
    ),
)
COUNT: Final = Field(
    "count", Text("Кандай күндөр", "Какие дни", "Which days"), "choice", required=False, choices=COUNTS
)
REASON: Final = Field("reason", Text("Себеби", "Причина", "Reason"), "line")
SAYS: Final = (FROM, DAYS, COUNT, REASON)
LADDER: Final = "ladder"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A policy that has been read and not been written."""

    scope: Scope
    policy: Policy
    reason: str


def read_policy(
    connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime, *, trying: bool = False
) -> Proposed:
    """The version that would be made, with nothing written; only `trying` it out needs neither day nor reason.

    `given` has `ladder` beside what SCOPE and SAYS name: None, or as `service.policies.given` reads it. Neither days
    nor ladder: as declared again. Raises NotYours, Incomplete.
    """
    snapshot = organisation(connection)
    actor = snapshot.anew(actor, today(now))
    must_keep_somewhere(snapshot, actor)
    return _read(Act(connection, snapshot, actor, now), given, trying)


def make_policy(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new version; its identifier. Raises NotYours, Incomplete, and GuardUnmet where it would change nothing."""
    must_keep_somewhere(organisation(connection), actor)
    act = _alone(connection, actor, now)
    made = _read(act, given, trying=False)
    policy, scope = made.policy, made.scope
    if _is_so_already(act.organisation, made):
        raise GuardUnmet(N_("This is how it is already."), N_("Change the days or the ladder, or leave it as it is."))
    row = {
        "id": policy.id,
        "lifecycle": policy.lifecycle,
        "step": policy.step,
        "severity": policy.severity,
        "campus_id": scope.campus_id,
        "effective_from": policy.effective_from,
        "days": policy.days,
        "working": policy.working,
        "ladder_id": kept_ladder(connection, act.organisation, policy.ladder) if policy.ladder else None,
        "reason": made.reason,
        "made_by_id": act.actor.person_id,
        "made_at": now,
        "withdrawn_at": None,
    }
    connection.execute(sa.insert(t.policy), row)
    tell(act, "policy.made", UUID(str(policy.id)), {name: _plain(value) for name, value in row.items()})
    organisation_changed(connection)  # again: who looked meanwhile, in this transaction, saw what was before
    return UUID(str(policy.id))


def withdraw_policy(connection: sa.Connection, policy_id: UUID, actor: Actor, now: datetime) -> None:
    """It will not come to hold. Raises NotFound, NotYours, and GuardUnmet once its day has come."""
    must_keep_somewhere(organisation(connection), actor)
    act = _alone(connection, actor, now)
    row = row_of(act, t.policy, policy_id)
    must_keep(act.organisation, act.actor, row["campus_id"])
    if row["withdrawn_at"] is not None:
        raise GuardUnmet(N_("This version was withdrawn already."))
    if row["effective_from"] <= act.day:
        raise GuardUnmet(
            N_("This version holds already, or has held: what was is not unmade."), N_("Make a newer version instead.")
        )
    connection.execute(sa.update(t.policy).where(t.policy.c.id == policy_id).values(withdrawn_at=now))
    tell(act, "policy.withdrawn", policy_id, {name: _plain(row[name]) for name in ("lifecycle", "step", "severity")})
    organisation_changed(connection)


def tell(act: Act, kind: str, about_id: UUID | None, facts: Mapping[str, Any]) -> None:
    """A line in the log, with whose deputy it was, where the actor was one."""
    behalf = _acting_for(act)
    more = {"acting_for": str(behalf)} if behalf else {}
    log_event(act.connection, kind, act.now, actor_id=act.actor.person_id, about_id=about_id, **facts, **more)


def _alone(connection: sa.Connection, actor: Actor, now: datetime) -> Act:
    act = alone(connection, actor, now)
    return Act(connection, act.organisation, act.organisation.anew(actor, act.day), now)


def _read(act: Act, given: Mapping[str, Any], trying: bool) -> Proposed:
    names = {field.name for field in SCOPE}
    says = _fields(trying)
    values, errors = _parsed(says, {name: value for name, value in given.items() if name not in {*names, LADDER}})
    try:
        scope = read_scope(act.organisation, act.connection, {name: given[name] for name in names & given.keys()})
    except Incomplete as incomplete:
        raise Incomplete({**incomplete.errors, **errors}) from incomplete
    must_keep(act.organisation, act.actor, scope.campus_id)
    try:
        ladder = ladder_given(given.get(LADDER))
    except Incomplete as incomplete:
        errors |= incomplete.errors
    day = values.get("effective_from") or act.day
    if day < act.day:
        errors["effective_from"] = N_("This day has passed: a version holds from today on, or from a later day.")
    days = values.get("days")
    if days is not None and scope.step.deadline and scope.step.deadline.on:
        errors["days"] = N_("This step is due on a date of its own: only its ladder can be set.")
    elif days is not None and not 1 <= days <= MOST_DAYS:
        errors["days"] = N_("Give between 1 and 400 days.")
    if errors:
        raise Incomplete(errors)
    working = days is None or values.get("count") != "calendar"
    policy = Policy(new_id(), *scope.key[:2], day, scope.severity, scope.campus_id, days, working, ladder)
    return Proposed(scope, policy, values.get("reason") or "")


def _fields(trying: bool) -> tuple[Field, ...]:
    return tuple(replace(one, required=False) for one in SAYS) if trying else SAYS


def _parsed(fields: tuple[Field, ...], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is right and what is wrong: all that is wrong is told at once."""
    try:
        return parse_given(fields, given), {}
    except Incomplete as incomplete:
        fine = [replace(one, required=False) for one in fields if one.name not in incomplete.errors]
        return parse_given(fine, {one.name: given.get(one.name) for one in fine}), dict(incomplete.errors)


def _is_so_already(snapshot: Organisation, made: Proposed) -> bool:
    """Whether the newest version of the same says the same by then; or, where there is none, none holds at all."""
    policy, scope = made.policy, made.scope
    known = [one for one in snapshot.policies.get(policy.lifecycle, ()) if one.effective_from <= policy.effective_from]
    same = [one for one in known if (one.lifecycle, one.step, one.severity, one.campus_id) == scope.key]
    if same:
        newest = max(same, key=lambda one: (one.effective_from, str(one.id)))
        return _said(newest) == _said(policy)
    above = snapshot.campuses_above(scope.campus_id)
    holds = policy_for(known, policy.step, policy.severity or None, above, policy.effective_from)
    return holds is None and _said(policy) == (None, True, None)


def _said(policy: Policy) -> tuple[Any, ...]:
    return policy.days, policy.days is None or policy.working, policy.ladder


def _acting_for(act: Act) -> UUID | None:
    posts = act.organisation.posts
    if any(posts[post].role is Role.QUALITY_SPECIALIST for post in act.actor.posts):
        return None
    lent = (one.person_id for one in act.actor.lent if any(posts[p].role is Role.QUALITY_SPECIALIST for p in one.posts))
    return next(lent, None)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
