"""Verdicts: one person asked of the functions that decide, and the reason for their answer.

A move is asked of `allowed`, `Lifecycle.admit` and its guards, reading of `reads_as`, opening of `may_open`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from service.opening import may_open
from service.organisation import Actor, Organisation, PersonFacts
from service.reading.conditions import holds
from service.reading.parts import UNNAMED
from service.reading.permitted import reads_as
from service.reading.reasons import Ground, Reason, Verdict, Why
from service.subject import Below, Subject, lent_roles, roles_of
from states.lifecycle import Case, Lifecycle, Move, allowed
from states.refusals import Duties, NotFromHere, NotYours
from states.roles import LABELS, Role
from states.text import N_


def verdict_on(subject: Subject, move: Move, under: Below, person: PersonFacts, ground: Ground) -> Verdict:
    """Whether a person may make the move, and why: by `allowed`, `admit` and the move's guards."""
    case = subject.case(ground.actor(person.id), ground.snapshot, ground.day, under)
    try:
        principal = allowed(move, case)
    except Duties:
        return Verdict(person, Why.DUTIES, _forbidden(move, case, ground.snapshot))
    except NotYours:
        return Verdict(person, Why.NO_PART, _none(move.by))
    roles = case.lent[principal] if principal else case.roles
    part = next(role for role in move.by if role in roles)
    for_id = principal if isinstance(principal, UUID) else None
    verdict = ground.may(person.id, part, ground.posts_playing(part, subject.fields), for_id)
    try:
        subject.lifecycle.admit(case, move.name)
    except NotFromHere:
        return _but(verdict, Why.NOT_NOW, _not_from_here(subject, move.sources))
    unmet = next((guard for guard in move.guards if holds(guard, case) is False), None)
    return _but(verdict, Why.CONDITION, Reason(_CONDITION, {"condition": unmet})) if unmet else verdict


def _but(verdict: Verdict, why: Why, reason: Reason) -> Verdict:
    return Verdict(
        verdict.person, why, reason, verdict.reason, verdict.acting_for, verdict.part, verdict.post
    )  # fmt: skip


def verdict_on_reading(
    connection: sa.Connection, subject: Subject, person: PersonFacts, now: datetime, ground: Ground
) -> Verdict:
    """Whether a person may read the record, and why: by `reads_as`."""
    actor = ground.actor(person.id)
    parts = reads_as(connection, subject.id, actor, now)
    if subject.fields["author_id"] == UNNAMED:
        parts = tuple(part for part in parts if part not in _TELLS_AUTHOR)
    if not parts:
        return Verdict(person, Why.NO_PART, _none(subject.lifecycle.readers(subject.state)))
    return _through(person, parts, subject.fields, actor, ground)


def verdict_on_opening(
    subject: Subject, below: Lifecycle, fields: Mapping[str, Any], person: PersonFacts, ground: Ground
) -> Verdict:
    """Whether a person may open another record on this one, and why: `fields` say whose it would be."""
    actor = ground.actor(person.id)
    if not may_open(below, actor, fields, ground.snapshot):
        return Verdict(person, Why.NO_PART, _none(below.opened_by))
    verdict = _through(person, below.opened_by, fields, actor, ground)
    if below.child_of and subject.state not in below.opened_in:
        return _but(verdict, Why.NOT_NOW, _not_from_here(subject, below.opened_in))
    return verdict


def _through(
    person: PersonFacts, parts: tuple[Role, ...], fields: Mapping[str, Any], actor: Actor, ground: Ground
) -> Verdict:
    """That somebody may, through the first of these parts that they play themselves, else as a deputy."""
    played: dict[Any, frozenset[Role]] = {None: roles_of(actor, fields, ground.snapshot)}
    played |= lent_roles(actor, fields, ground.snapshot)
    for for_id, roles in played.items():
        for role in parts:
            if role in roles:
                return ground.may(person.id, role, ground.posts_playing(role, fields), for_id)
    return ground.may(person.id, parts[0], ())


def _forbidden(move: Move, case: Case, snapshot: Organisation) -> Reason:
    for person_id, roles in ((None, case.roles), *case.lent.items()):
        if part := next((role for role in move.never_by if role in roles), None):
            if not isinstance(person_id, UUID):
                return Reason(_OWN_WORK, {"part": LABELS[part]})
            return Reason(_THEIR_WORK, {"person": snapshot.people[person_id].name, "part": LABELS[part]})
    raise AssertionError("somebody was forbidden by no part")


def _none(roles: tuple[Role, ...]) -> Reason:
    people = tuple(LABELS[role] for role in roles if role is not Role.CLOCK)
    return Reason(_NO_PART, {"parts": people}) if people else Reason(_CLOCK)


def _not_from_here(subject: Subject, sources: tuple[str, ...]) -> Reason:
    steps = subject.lifecycle.steps
    facts = {"state": steps[subject.state].label, "sources": tuple(steps[name].label for name in sources)}
    return Reason(_NOT_NOW, facts)


# Who reads as the author, or because they were told how it goes on, may well be the author.
_TELLS_AUTHOR = frozenset({Role.AUTHOR, Role.HOLDER, Role.TOLD})
_NO_PART = N_("May not: has none of the parts that may (%(parts)s).")
_CLOCK = N_("May not: Sapat does it itself, on its day.")
_OWN_WORK = N_("May not: it would be checking their own work (%(part)s).")
_THEIR_WORK = N_("May not: stands in for %(person)s, whose work it would be checking (%(part)s).")
_NOT_NOW = N_("Not now: the state is “%(state)s”, and this starts from: %(sources)s.")
_CONDITION = N_("A condition is not met: %(condition)s")
