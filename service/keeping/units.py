"""Units: the tree of the university with its campuses, as the administrator keeps it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import begin, held_anew, insert, row_of, update
from service.keeping.given import CODE, NAMES, Fields, named, new_code, not_ahead, read_given, works
from service.keeping.posts import close_each
from service.keeping.ties import refuse_tied, ties_of_unit
from service.organisation import Actor
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete
from states.text import N_, Text

WHAT: Final = Text("бөлүмдөрдү жүргүзүү", "ведение подразделений", "keeping the units")
CHANGES: Final[Fields] = (
    *NAMES,
    Field("parent", Text("Эмнеге карайт", "Куда входит", "Belongs to"), "unit", required=False),
    Field(
        "is_campus",
        Text("Кампус", "Кампус", "A campus"),
        "flag",
        required=False,
        help=Text(
            "Өзүнүн реестри, кеңештери жана жетекчилери бар",
            "Свой реестр, свои советы и руководители",
            "With a register, councils and heads of its own",
        ),
    ),
)
ADDS: Final[Fields] = (CODE, *CHANGES)


def add_unit(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new unit; its identifier. Raises NotYours, Incomplete, Duplicate, GuardUnmet."""
    act = begin(connection, actor, now, WHAT)
    values = read_given(act, ADDS, given)
    code = new_code(act, t.unit, values["code"])
    _stands(act, None, values)
    row = {"code": code, **named(values), "parent_id": values["parent"], "is_campus": values["is_campus"]}
    return insert(act, t.unit, "unit.added", row)


def change_unit(
    connection: sa.Connection, unit_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Another name or place for a unit; False where nothing differs. Raises as `add_unit`, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row, values = row_of(act, t.unit, unit_id), read_given(act, CHANGES, given)
    _stands(act, unit_id, values)
    _keeps_its_register(act, unit_id, values)
    changed = {**named(values), "parent_id": values["parent"], "is_campus": values["is_campus"]}
    done = update(act, t.unit, "unit.changed", row, changed)
    if done and (row["parent_id"] != values["parent"] or row["is_campus"] != values["is_campus"]):
        held_anew(act)  # another place may mean another head above, another campus
    return done


def close_unit(connection: sa.Connection, unit_id: UUID, day: date, actor: Actor, now: datetime) -> None:
    """A unit that works no more from `day` on; its vacant posts go with it.

    Raises GuardUnmet while anything hangs on it: then a successor takes it over. Raises NotYours, NotFound, Incomplete.
    """
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.unit, unit_id)
    if row["closed_on"] is not None:
        raise GuardUnmet(N_("This unit is closed already."))
    not_ahead(act, day)
    refuse_tied(ties_of_unit(act, unit_id), N_("Let a successor take it over, or move these first."))
    posts = posts_of_unit(act, unit_id)
    close_each(act, posts, day)
    update(act, t.unit, "unit.closed", row, {"closed_on": day})
    held_anew(act, posts)


def reopen_unit(connection: sa.Connection, unit_id: UUID, actor: Actor, now: datetime) -> None:
    """A unit that was closed by mistake works again; what a successor took over stays there."""
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.unit, unit_id)
    works(act.organisation.units, row["parent_id"], "parent")
    if update(act, t.unit, "unit.reopened", row, {"closed_on": None, "successor_id": None}):
        held_anew(act)


def posts_of_unit(act: Act, unit_id: UUID) -> list[UUID]:
    """The posts of the unit itself that are not closed."""
    return [post.id for post in act.organisation.posts.values() if post.unit_id == unit_id and not post.closed_on]


def _stands(act: Act, unit_id: UUID | None, values: Mapping[str, Any]) -> None:
    """Whether a unit may stand where `values` put it: in a tree, campuses at its top."""
    units, parent_id = act.organisation.units, values["parent"]
    works(units, parent_id, "parent")
    above = act.organisation.lineage(parent_id)
    if unit_id is not None and unit_id in above:
        raise Incomplete({"parent": N_("A unit cannot belong to itself, nor to what belongs to it.")})
    if values["is_campus"] and (len(above) > 1 or any(units[unit].is_campus for unit in above)):
        raise Incomplete({"is_campus": N_("A campus stands at the top, or directly under the university.")})
    beneath = act.organisation.beneath([unit_id]) - {unit_id} if unit_id else frozenset()
    campuses = [unit for unit in beneath if units[unit].is_campus]
    if campuses and (values["is_campus"] or above):
        raise Incomplete({"parent": N_("A campus stands at the top, or directly under the university.")})
    roots = [unit for unit in units.values() if unit.parent_id is None and not (unit.is_campus or unit.closed_on)]
    if parent_id is None and not values["is_campus"] and any(unit.id != unit_id for unit in roots):
        raise Incomplete({"parent": N_("Only campuses and the university itself stand at the top.")})


def _keeps_its_register(act: Act, unit_id: UUID, values: Mapping[str, Any]) -> None:
    """Documents stand in the register of their campus: a unit does not leave it with them, nor does it vanish."""
    snapshot = act.organisation
    was = snapshot.campus_of(unit_id)
    becomes = unit_id if values["is_campus"] else snapshot.campus_of(values["parent"])
    if was == becomes:
        return
    beneath = snapshot.beneath([unit_id])
    document = t.document.c
    there = sa.select(document.id).where(document.unit_id.in_(beneath) | (document.campus_id == unit_id)).limit(1)
    if act.connection.execute(there).first():
        raise GuardUnmet(
            N_("Documents of this unit stand in the register of their campus; it cannot leave it with them."),
            N_("Let a unit of the other campus take it over as its successor."),
        )
