"""Figures of what was found and what was done: for a time, a campus, a unit; each leads to the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from service.language import say
from service.organisation import organisation
from service.pictures import Figure, Table, as_table, embed
from service.reading.figures import Figures, Scope, first_day
from service.web.pages.addresses import asked_for, identifier, link
from service.web.pages.behind import unit_choices
from service.web.pages.exported import exports
from service.web.pages.figures_drawn import Drawing, figured, period
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import Malformed, NotFound
from states.registry import lifecycle, lifecycles
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/figures"
NAMES: Final = ("since", "until", "campus", "within")
YEAR: Final = timedelta(days=365)


@router.get(PATH)
async def any_figures(_: Who) -> Response:
    """The first of them."""
    return RedirectResponse(f"{PATH}/{kinds()[0].collection}", 303)


@router.get(f"{PATH}/{{collection:collection}}")
async def figures(request: Request, who: Who, collection: str) -> Response:
    """All figures of one kind of record."""
    one, asked = kind_of(collection), asked_for(request, *NAMES)

    def read(connection: sa.Connection) -> dict[str, Any]:
        first = first_day(connection, who.actor, who.now, one)
        of = scope_of(connection, one, asked, who, first)
        drawing = Drawing(Figures(connection, who.actor, who.now, of), who.language)
        path = f"{PATH}/{one.collection}"
        return {
            "path": path,
            "period": period(of, who.language),
            "tabs": [
                {
                    "href": link(f"{PATH}/{other.collection}", asked),
                    "label": heading(other.plural, who.language),
                    "current": other is one,
                }
                for other in kinds()
            ],
            "fields": _fields(connection, of, asked, who),
            "spans": _spans(one, asked, who, first),
            "figures": [_shown(drawing, name, path, asked) for name in drawing.names()],
        }

    return await show(request, who, "figures.html", read)


def kinds() -> list[Lifecycle]:
    """The lifecycles that there are figures of, each before those that hang on it."""
    found = [one for one in lifecycles().values() if figured(one)]
    names = {one.name for one in found}
    return sorted(found, key=lambda one: one.child_of in names)


def kind_of(collection: str) -> Lifecycle:
    """The lifecycle of that collection. Raises NotFound where there are no figures of it."""
    one = lifecycle(collection)
    if one not in kinds():
        raise NotFound
    return one


def scope_of(
    connection: sa.Connection, one: Lifecycle, asked: Mapping[str, str], who: Visitor, first: date | None = None
) -> Scope:
    """What an address asks for; `first` is the day of the first record, where it is known. Raises Malformed."""
    since, until = (_day(asked.get(name)) for name in ("since", "until"))
    campus, within = (identifier(asked.get(name)) for name in ("campus", "within"))
    if {campus, within} - {None} - organisation(connection).units.keys():
        raise Malformed
    return scope(connection, one, who, since=since, until=until, campus=campus, within=within, begins=first)


def scope(
    connection: sa.Connection,
    one: Lifecycle,
    who: Visitor,
    *,
    since: date | None,
    until: date | None,
    campus: UUID | None,
    within: UUID | None,
    begins: date | None = None,
) -> Scope:
    """What is asked for; the last twelve months where no days are. Raises Malformed for days the wrong way round."""
    last = min(until or today(who.now), today(who.now))
    first = since or last - YEAR + timedelta(days=1)
    if first > last:
        raise Malformed
    # From long before the first record on there is nothing to be seen.
    begins = begins or first_day(connection, who.actor, who.now, one)
    first = min(max(first, begins), last)
    return Scope(one, first, last, campus, within)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Malformed from error


def _fields(connection: sa.Connection, of: Scope, asked: Mapping[str, str], who: Visitor) -> list[dict[str, Any]]:
    snapshot, language = organisation(connection), who.language
    campuses = unit_choices(snapshot, language, campuses=True)
    days = {"since": of.since, "until": of.until}
    selects = (("campus", _CAMPUS, campuses), ("within", _WITHIN, unit_choices(snapshot, language)))
    return [
        *(
            {"name": name, "label": say(label, language), "kind": "date", "value": days[name].isoformat()}
            for name, label in (("since", _SINCE), ("until", _UNTIL))
        ),
        *(
            {"name": name, "label": say(label, language), "choices": choices, "value": asked.get(name, "")}
            for name, label, choices in selects
            if len(choices) > 1
        ),
    ]


def _spans(one: Lifecycle, asked: dict[str, str], who: Visitor, first: date) -> list[dict[str, str]]:
    """Times that people ask for, one click each."""
    day = today(who.now)
    year = day.replace(month=1, day=1)
    before = year - timedelta(days=1)
    known = (
        (_TWELVE, None, None),
        (str(day.year), year, day),
        (str(before.year), before.replace(month=1, day=1), before),
        (_EVER, first, day),
    )
    return [
        {
            "label": say(label, who.language),
            "href": link(
                f"{PATH}/{one.collection}",
                asked,
                since=since.isoformat() if since else None,
                until=until.isoformat() if until else None,
            ),
        }
        for label, since, until in known
    ]


def _shown(drawing: Drawing, name: str, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
    drawn = drawing.draw(name)
    picture, twin = _pictured(_AsItIs(repr(drawn.figure), drawing.language, drawn.figure))
    return {
        "name": name,
        "title": drawn.figure.title,
        "says": drawn.figure.description,
        "picture": picture,
        "twin": twin,
        "exports": exports(f"/exports{path}/{name}", asked, of=drawn.figure.title),
    }


@dataclass(frozen=True, slots=True)
class _AsItIs:
    """A figure in a language; one that says the same of the same numbers is the same."""

    words: str
    language: str
    figure: Figure = field(compare=False)


@lru_cache(maxsize=500)
def _pictured(one: _AsItIs) -> tuple[Markup, Table]:
    """The picture and the table: drawn again once anything in it has changed."""
    say_it = partial(say, language=one.language)
    # Drawn from numbers and names, each escaped where it is written.
    picture = Markup(embed(one.figure, say_it, one.language, caption=False))  # noqa: S704 - drawn by us, its words escaped there
    return picture, as_table(one.figure, say_it, one.language)


_SINCE, _UNTIL, _CAMPUS = N_("From which day"), N_("Until which day"), N_("Campus")
_WITHIN, _TWELVE, _EVER = N_("Unit and what belongs to it"), N_("The last twelve months"), N_("All the time")
