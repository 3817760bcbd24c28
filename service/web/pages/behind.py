"""Lists of the records behind a figure: what narrows them stands in the address, is shown, and can be taken away."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.language import say
from service.organisation import Organisation, organisation
from service.reading.entries import Catalogue, catalogues
from service.reading.figures_behind import ANY, NO, UNCODED, YES, Behind, Days, conditions, deadlines
from service.reading.similar import links_alike, naming
from service.web.pages.addresses import identifier
from service.web.pages.wording import heading
from states.kyrgyz import sort_key
from states.lifecycle import Lifecycle
from states.refusals import Malformed
from states.text import N_

_DAYS: Final = {
    "opened_since": N_("Opened from"),
    "opened_until": N_("Opened until"),
    "closed_since": N_("Closed from"),
    "closed_until": N_("Closed until"),
    "open_on": N_("Still open at the end of"),
    "left_since": N_("Step left from"),
    "left_until": N_("Step left until"),
    "ended_since": N_("Done from"),
    "ended_until": N_("Done until"),
}
_OTHERS: Final = {
    "left": N_("Step left"),
    "kept": N_("Its date"),
    "first": N_("Which date"),
    "cause": N_("Root cause"),
    "campus": N_("Campus"),
    "within": N_("Unit and what belongs to it"),
    "similar_to": N_("Names as similar"),
}
# How a list is asked for what belongs to no unit.
WITHOUT_UNIT: Final = "none"
NAMES: Final = (*_OTHERS, *_DAYS)
_KEPT: Final = {ANY: N_("there was one"), YES: N_("kept"), NO: N_("not kept")}
_FIRST: Final = {"yes": N_("the first one")}


def behind_of(asked: Mapping[str, str]) -> Behind:
    """What an address asks for. Raises Malformed for what is no day, no identifier and no answer that is offered."""
    days = {name: _day(asked.get(name)) for name in _DAYS}
    kept, first = asked.get("kept", ""), asked.get("first", "")
    if kept not in ("", *_KEPT) or first not in ("", *_FIRST):
        raise Malformed
    return Behind(
        opened=Days(days["opened_since"], days["opened_until"]),
        closed=Days(days["closed_since"], days["closed_until"]),
        open_on=days["open_on"],
        left=asked.get("left", ""),
        left_on=Days(days["left_since"], days["left_until"]),
        kept=kept,
        first=bool(first),
        ended=Days(days["ended_since"], days["ended_until"]),
        cause=asked.get("cause", ""),
        campus=identifier(asked.get("campus")),
        within=identifier(asked.get("within")),
    )


def asked_of(behind: Behind) -> dict[str, str]:
    """The way back: how an address asks for it."""
    days = {
        "opened_since": behind.opened.since,
        "opened_until": behind.opened.until,
        "closed_since": behind.closed.since,
        "closed_until": behind.closed.until,
        "open_on": behind.open_on,
        "left_since": behind.left_on.since,
        "left_until": behind.left_on.until,
        "ended_since": behind.ended.since,
        "ended_until": behind.ended.until,
    }
    others = {
        "left": behind.left,
        "kept": behind.kept,
        "first": "yes" if behind.first else "",
        "cause": behind.cause,
        "campus": str(behind.campus or ""),
        "within": str(behind.within or ""),
    }
    return {**{name: value for name, value in others.items() if value}, **_said(days)}


def _said(days: Mapping[str, date | None]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in days.items() if day}


def narrowing(connection: sa.Connection, one: Lifecycle, asked: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    """What an address asks for, as conditions on `record`. Raises Malformed."""
    behind, snapshot = behind_of(asked), organisation(connection)
    if {behind.campus, behind.within} - {None} - snapshot.units.keys():
        raise Malformed
    if (behind.left and behind.left not in one.steps) or (behind.kept and deadlines(one) is None):
        raise Malformed
    causes = catalogues(connection, ["cause"])["cause"] if behind.cause else Catalogue()
    found = conditions(behind, one, snapshot, causes, connection.dialect.name)
    if named := identifier(asked.get("similar_to")):
        if not links_alike(one):
            raise Malformed
        found = [*found, naming(one, named)]
    return [*found, *([t.record.c.unit_id.is_(None)] if asked.get("unit") == WITHOUT_UNIT else [])]


def fields(
    connection: sa.Connection, one: Lifecycle, asked: Mapping[str, str], language: str
) -> Iterable[dict[str, Any]]:
    """What a list is narrowed by now, as fields of its filters: nothing of this is offered before it is asked for."""
    for name, label in _OTHERS.items():
        if value := asked.get(name):
            choices = _named(connection, value) if name == "similar_to" else _choices(connection, name, one, language)
            yield {"name": name, "label": say(label, language), "value": value, "choices": choices}
    for name, label in _DAYS.items():
        if value := asked.get(name):
            yield {"name": name, "label": say(label, language), "value": value, "kind": "date"}


def _choices(connection: sa.Connection, name: str, one: Lifecycle, language: str) -> list[dict[str, str]]:
    snapshot = organisation(connection)
    if name == "left":
        return [{"value": step.name, "label": heading(step.label, language)} for step in one.steps.values()]
    if name in ("kept", "first"):
        offered = _KEPT if name == "kept" else _FIRST
        return [{"value": value, "label": say(label, language)} for value, label in offered.items()]
    if name == "cause":
        return cause_choices(catalogues(connection, ["cause"])["cause"], language)
    return unit_choices(snapshot, language, campuses=name == "campus")


def _named(connection: sa.Connection, value: str) -> list[dict[str, str]]:
    """The record that others name, by its number, which tells nobody what it is about."""
    found = sa.select(t.record.c.code).where(t.record.c.id == identifier(value))
    return [{"value": value, "label": code} for code in connection.execute(found).scalars()]


def cause_choices(causes: Catalogue, language: str) -> list[dict[str, str]]:
    """The kinds of causes in their order, and that none has been said."""
    known = [{"value": one.value, "label": f"{one.code} {one.name.into(language)}"} for one in causes.entries]
    return [*known, {"value": UNCODED, "label": say(NOT_CODED, language)}]


def unit_choices(snapshot: Organisation, language: str, *, campuses: bool = False) -> list[dict[str, str]]:
    """The units, or the campuses."""
    shown = [
        {"value": str(unit.id), "label": heading(unit.name, language)}
        for unit in snapshot.units.values()
        if unit.is_campus or not campuses
    ]
    return sorted(shown, key=lambda one: sort_key(one["label"]))


def no_unit(language: str) -> dict[str, str]:
    """That a record belongs to no unit, to be chosen."""
    return {"value": WITHOUT_UNIT, "label": say(NO_UNIT, language)}


def unit_name(snapshot: Organisation, unit_id: UUID | None, language: str) -> str:
    """What a unit is called, or that there is none."""
    return heading(snapshot.units[unit_id].name, language) if unit_id else say(NO_UNIT, language)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Malformed from error


NOT_CODED, NO_UNIT = N_("The kind is not said yet"), N_("Without a unit")
