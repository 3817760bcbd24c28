"""Policies as people see them: what holds for a step today, what comes, and every version there was."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation, PersonFacts, organisation
from service.policies.scope import Scope, steps_of
from service.reading.page import Page, read_page
from states.lifecycle import Lifecycle, Step
from states.policies import Policy, policy_for
from states.registry import lifecycles
from states.text import Text
from states.working_days import today


class Standing(StrEnum):
    """How a version stands on a day."""

    HOLDS = "holds"
    AHEAD = "ahead"
    PAST = "past"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _STANDINGS[self]


_STANDINGS = {
    Standing.HOLDS: Text("күчүндө", "действует", "holds"),
    Standing.AHEAD: Text("алдыда", "впереди", "comes"),
    Standing.PAST: Text("мурунку", "прежняя", "past"),
    Standing.WITHDRAWN: Text("кайтарып алынды", "отозвана", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One version: what it says, who made it when and why, how it stands."""

    id: UUID
    scope: Scope
    policy: Policy
    reason: str
    made_by: PersonFacts
    made_at: datetime
    withdrawn_at: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds today for a scope, perhaps by a version that is for more (None: what its step declares).

    `ahead` are its own versions that come, the next first.
    """

    scope: Scope
    now: PolicyView | None
    ahead: tuple[PolicyView, ...] = ()


def read_version(connection: sa.Connection, policy_id: UUID, now: datetime) -> PolicyView:
    """One version. Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(sa.select(t.policy).where(t.policy.c.id == policy_id)).one()
    return _view(row, organisation(connection), today(now))


def list_versions(
    connection: sa.Connection,
    now: datetime,
    *,
    lifecycle_name: str | None = None,
    step: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PolicyView]:
    """All versions of what is declared still, by cursor, the newest made first."""
    snapshot, day, policy = organisation(connection), today(now), t.policy.c
    known = (
        (policy.lifecycle == one.name) & policy.step.in_([step.name for step in steps_of(one)])
        for one in lifecycles().values()
    )
    wanted = sa.select(t.policy).where(sa.or_(*known))
    if lifecycle_name:
        wanted = wanted.where(policy.lifecycle == lifecycle_name)
    if step:
        wanted = wanted.where(policy.step == step)
    return read_page(
        connection, wanted, (policy.id,), lambda row: _view(row, snapshot, day), cursor, limit, newest_first=True
    )


def versions_of(connection: sa.Connection, one: Lifecycle, step: Step, now: datetime) -> list[PolicyView]:
    """Every version for a step, the one that begins last first."""
    policy = t.policy.c
    rows = connection.execute(
        sa.select(t.policy)
        .where(policy.lifecycle == one.name, policy.step == step.name)
        .order_by(policy.effective_from.desc(), policy.id.desc())
    )
    snapshot, day = organisation(connection), today(now)
    return [_view(row, snapshot, day) for row in rows]


def what_holds(snapshot: Organisation, one: Lifecycle, step: Step, versions: list[PolicyView]) -> list[Holding]:
    """For any severity on all campuses first; then what has, or will have, a version of its own."""
    scopes = dict.fromkeys(
        version.scope for version in versions if version.standing in (Standing.HOLDS, Standing.AHEAD)
    )
    every = Scope(one, step)
    narrower = sorted((scope for scope in scopes if scope != every), key=lambda scope: _order(snapshot, scope))
    return [_holding(snapshot, scope, versions) for scope in (every, *narrower)]


def _order(snapshot: Organisation, scope: Scope) -> tuple[str, str]:
    return (snapshot.units[scope.campus_id].code if scope.campus_id else "", scope.severity)


def _holding(snapshot: Organisation, scope: Scope, versions: list[PolicyView]) -> Holding:
    holding = {version.policy.id: version for version in versions if version.standing is Standing.HOLDS}
    above = snapshot.campuses_above(scope.campus_id)
    policies = [version.policy for version in holding.values()]
    closest = policy_for(policies, scope.step.name, scope.severity or None, above, date.max)
    ahead = (one for one in reversed(versions) if one.scope == scope and one.standing is Standing.AHEAD)
    return Holding(scope, holding[closest.id] if closest else None, tuple(ahead))


def _view(row: Any, snapshot: Organisation, day: date) -> PolicyView:
    one = lifecycles()[row.lifecycle]
    scope = Scope(one, one.steps[row.step], row.severity, row.campus_id)
    ladder = snapshot.ladders[row.ladder_id] if row.ladder_id else None
    policy = Policy(row.id, *scope.key[:2], row.effective_from, *scope.key[2:], row.days, row.working, ladder)
    return PolicyView(
        row.id,
        scope,
        policy,
        row.reason,
        snapshot.people[row.made_by_id],
        row.made_at,
        row.withdrawn_at,
        _standing(row, scope, snapshot, day),
    )


def _standing(row: Any, scope: Scope, snapshot: Organisation, day: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if row.effective_from > day:
        return Standing.AHEAD
    begun = [
        one
        for one in snapshot.policies.get(row.lifecycle, ())
        if (one.lifecycle, one.step, one.severity, one.campus_id) == scope.key and one.effective_from <= day
    ]
    newest = max(begun, key=lambda one: (one.effective_from, str(one.id)))
    return Standing.HOLDS if newest.id == row.id else Standing.PAST
