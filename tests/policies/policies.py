"""What tests of policies share: what is given for one, who makes it, and ladders at random."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st

from models import tables as t
from models.base import new_id
from service.policies.keeping import make_policy
from service.policies.scope import Scope
from states.lifecycle import Channel, Ladder, Rung
from states.registry import lifecycles
from states.roles import Role
from states.text import Text
from tests.keeping.keeping import do
from tests.support.university import University, at, names

NOW: Final = at(2026, 4, 6)  # a Monday
DAY: Final = NOW.date()

ESCALATED = st.lists(
    st.sampled_from([Role.HOLDER, Role.HOLDERS_HEAD, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR]),
    min_size=1, max_size=3, unique=True,
)  # fmt: skip


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any ladder that works."""
    before = sorted(draw(st.sets(st.integers(-12, 0), max_size=4)))
    after = sorted(draw(st.sets(st.integers(1, 20), min_size=1, max_size=5)))
    rungs = [Rung(days, (Role.HOLDER,)) for days in before]
    rungs += [Rung(days, tuple(draw(ESCALATED)), draw(st.sampled_from(Channel))) for days in after]
    return Ladder(tuple(rungs), Rung(draw(st.integers(1, 8)), (Role.HOLDER,)))


def given_ladder(*rungs: tuple[int, str], again: int = 5) -> dict[str, Any]:
    """A ladder as it is given: days and the part that is told."""
    return {"rungs": [{"days": days, "to": [part]} for days, part in rungs], "again": {"days": again}}


def policy(step: str = "correction", lifecycle: str = "nonconformity", **more: Any) -> dict[str, Any]:
    """What is given for a policy from today on."""
    return {"lifecycle": lifecycle, "step": step, "effective_from": DAY, "reason": "Кеңештин чечими", **more}


def make(university: University, who: str = "quality", when: datetime = NOW, **more: Any) -> UUID:
    """Somebody makes a policy."""
    given = {"effective_from": when.date(), **more}
    return do(university, make_policy, policy(**given), who=who, when=when)


def with_second_campus(university: University) -> University:
    """A second campus beneath the university, with a quality specialist of its own."""
    unit, post, person = new_id(), new_id(), new_id()
    named = names(Text("x", "x", "x"))
    row = {"id": unit, "code": "CAMPUS2", "parent_id": university.units["UNI"], "is_campus": True}
    office = {"id": post, "code": "quality_2", "unit_id": unit, "role": "quality_specialist", "heads": False}
    who = {"id": person, "code": "quality_2", "email": "q2@uni.example", "language": "ky"}
    held = {"id": new_id(), "person_id": person, "post_id": post, "since": DAY}
    university.change(
        sa.insert(t.unit).values(**row, **named),
        sa.insert(t.post).values(**office, **named),
        sa.insert(t.person).values(**who, **named),
        sa.insert(t.holding).values(**held),
    )
    university.units["CAMPUS2"], university.people["quality_2"] = unit, person
    return university


def scope(step: str = "correction", kind: str = "nonconformity", severity: str = "") -> Scope:
    """A step, on all campuses."""
    one = lifecycles()[kind]
    return Scope(one, one.steps[step], severity)


def correcting(university: University, when: datetime, severity: str = "major", owner: str = "owner") -> UUID:
    """A nonconformity whose owner is to correct it within five working days, unless a policy says otherwise."""
    found = university.reported(when - timedelta(hours=1))
    university.go(found, "register", "quality", when, severity=severity, owner_post=owner)
    return found


def task_of(university: University, record: UUID) -> dict[str, Any]:
    """The record's only open task."""
    (task,) = university.open_tasks(record)
    return task


def rungs_told(university: University, record: UUID) -> list[dict[str, Any]]:
    """The record's rung notices, the first told first."""
    notices = university.rows(t.notice, t.notice.c.record_id == record, t.notice.c.rung.is_not(None))
    return sorted(notices, key=lambda notice: (notice["created_at"], notice["key"]))
