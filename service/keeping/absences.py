"""Absences: who is away, and who acts for them; entered by the person themselves or by the administrator."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import alone, insert, keeps, row_of, update
from service.keeping.given import SINCE, UNTIL, Fields, in_order, overlap, read_given
from service.organisation import Actor, Organisation, organisation
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete, NotYours
from states.roles import LABELS, Role
from states.text import N_, Text

WHAT: Final = Text("жок болуу мөөнөтүн жазуу", "запись отсутствия", "entering an absence")
LONGEST: Final = timedelta(days=3 * 366)  # three years: leave to care for a child
_THEMSELVES: Final = Text("адамдын өзү", "сам человек", "the person themselves")
DEPUTY: Final = Field(
    "deputy",
    Text("Орун басары", "Заместитель", "Deputy"),
    "person",
    required=False,
    help=Text(
        "Бош калса, жогорку жетекчи жооп берет",
        "Если пусто, отвечает вышестоящий руководитель",
        "Left empty, the head above answers",
    ),
)
CHANGES: Final[Fields] = (
    SINCE,
    UNTIL,
    DEPUTY,
    Field(
        "reason",
        Text("Себеби", "Причина", "Reason"),
        "line",
        required=False,
        help=Text(
            "Аны адамдын өзү, администратор жана билим берүүнүн сапаты боюнча адис гана көрөт",
            "Её видят только сам человек, администратор и специалист по качеству образования",
            "Seen only by the person, the administrator and the quality specialist",
        ),
    ),
)
ENTERS: Final[Fields] = (Field("person", Text("Ким жок", "Кто отсутствует", "Who is away"), "person"), *CHANGES)


def may_enter(snapshot: Organisation, actor: Actor, person_id: UUID) -> bool:
    """Whether the actor may enter, change or cancel absences of that person."""
    return actor.person_id == person_id or keeps(snapshot, actor)


def may_see(snapshot: Organisation, actor: Actor, person_id: UUID) -> bool:
    """Whether the actor may see why that person is away, and what falls into the gap."""
    return may_enter(snapshot, actor, person_id) or snapshot.plays(actor, Role.QUALITY_SPECIALIST)


def read_absence(
    connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime, absence_id: UUID | None = None
) -> dict[str, Any]:
    """The absence that would be entered (or that one as it would be changed), with nothing written.

    Raises NotYours, NotFound, Incomplete, GuardUnmet.
    """
    return _read(Act(connection, organisation(connection), actor, now), given, absence_id)


def enter_absence(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """Somebody is away; the absence's identifier. Raises NotYours, Incomplete."""
    act = alone(connection, actor, now)
    row = _read(act, given, None)
    entered = {**row, "entered_by_id": actor.person_id, "entered_at": now, "cancelled_at": None}
    return insert(act, t.absence, "absence.entered", entered, about_id=row["person_id"])


def change_absence(
    connection: sa.Connection, absence_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Other days, another deputy or reason; False where nothing differs. What has been is not changed.

    Raises NotYours, NotFound, Incomplete, GuardUnmet.
    """
    act = alone(connection, actor, now)
    after = _read(act, given, absence_id)
    before = row_of(act, t.absence, absence_id)
    return update(act, t.absence, "absence.changed", before, after, about_id=before["person_id"])


def cancel_absence(connection: sa.Connection, absence_id: UUID, actor: Actor, now: datetime) -> None:
    """It does not take place. Raises GuardUnmet once it has begun before today; NotYours, NotFound."""
    act = alone(connection, actor, now)
    row = _changeable(act, absence_id)
    if row["since"] < act.day:
        raise GuardUnmet(N_("This absence has begun already."), N_("End it early instead: what was is not unmade."))
    update(act, t.absence, "absence.cancelled", row, {"cancelled_at": now}, about_id=row["person_id"])


def end_early(connection: sa.Connection, absence_id: UUID, until: date, actor: Actor, now: datetime) -> None:
    """Its last day is `until`: yesterday (they are back today) or later. Raises Incomplete, NotYours, NotFound."""
    act = alone(connection, actor, now)
    row = _changeable(act, absence_id)
    in_order(row["since"], until)
    if until > row["until"]:
        raise Incomplete({"until": N_("This is after its last day: change the absence instead.")})
    if until < act.day - timedelta(days=1):
        raise Incomplete({"until": N_("This day has passed: the last day can be yesterday or later.")})
    update(act, t.absence, "absence.ended", row, {"until": until}, about_id=row["person_id"])


def _read(act: Act, given: Mapping[str, Any], absence_id: UUID | None) -> dict[str, Any]:
    before = _changeable(act, absence_id) if absence_id else None
    values = read_given(act, CHANGES if before else ENTERS, given)
    person_id: UUID = before["person_id"] if before else values["person"]
    _may(act, person_id)
    since, until, deputy_id = values["since"], values["until"], values["deputy"]
    in_order(since, until)
    if until - since > LONGEST:
        raise Incomplete({"until": N_("An absence lasts three years at most: then another holds the post.")})
    if deputy_id == person_id:
        raise Incomplete({"deputy": N_("Nobody stands in for themselves.")})
    if before and before["since"] < act.day and since != before["since"]:
        raise Incomplete({"since": N_("It has begun already: its first day stays as it is.")})
    if before and until < min(before["until"], act.day - timedelta(days=1)):
        raise Incomplete({"until": N_("This day has passed: the last day can be yesterday or later.")})
    _alone(act, person_id, since, until, absence_id)
    reason = values["reason"] or ""
    return {"person_id": person_id, "since": since, "until": until, "deputy_id": deputy_id, "reason": reason}


def _changeable(act: Act, absence_id: UUID) -> dict[str, Any]:
    row = row_of(act, t.absence, absence_id)
    _may(act, row["person_id"])
    if row["cancelled_at"] is not None or row["until"] < act.day:
        raise GuardUnmet(N_("This absence is over, or was cancelled."), N_("Enter a new one."))
    return row


def _may(act: Act, person_id: UUID) -> None:
    if not may_enter(act.organisation, act.actor, person_id):
        raise NotYours(move=WHAT, who=(_THEMSELVES, LABELS[Role.ADMINISTRATOR]))


def _alone(act: Act, person_id: UUID, since: date, until: date, absence_id: UUID | None) -> None:
    mine = (t.absence.c.person_id == person_id) & t.absence.c.cancelled_at.is_(None)
    for other in act.connection.execute(sa.select(t.absence).where(mine)):
        if other.id != absence_id and overlap(since, until, other.since, other.until):
            raise Incomplete({"since": N_("They are away then already, by another absence: change that one.")})


# The last day alone, for whoever comes back early.
ENDS: Final[Fields] = (replace(UNTIL, label=Text("Акыркы күнү", "Последний день", "Last day")),)
