"""Routes of documents, for programs: what holds, what a change would do to what is under way, and the change."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field as Property

from service.idempotency import Answered
from service.keeping.routes import MOST_BODIES, change_routes, may_reroute, must_keep, read_set, read_way
from service.organisation import Organisation, organisation
from service.reading.page import Page
from service.reading.routes import Effect, Effects, Proposed, TypeRoutes, effects, routes, sets
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import Asked, body, idempotently, query, reading
from service.web.api.describe import KEY, operation
from service.web.api.sent import Code, Sent, read_sent, schema_of
from service.web.api.shapes import About, Named, Shape
from states.refusals import Incomplete
from states.registry import lifecycle
from states.routes import Way
from states.text import N_

router = APIRouter(prefix="/api", tags=["routes"])


class Stage(Named):
    """A council of a route and what it does; where none has the code any more, that is its name."""

    does: Literal["discusses", "endorses", "approves"]


class RouteWay(Shape):
    """A whole route; the rector approves where `approver` is null."""

    stages: list[Stage]
    approver: Named | None
    by_order: bool


class CampusWay(Shape):
    """The route that a campus has of its own."""

    campus: Named
    way: RouteWay


class TypeRoute(Named):
    """A type of documents with its route everywhere (null: none), and those that campuses have of their own."""

    everywhere: RouteWay | None
    campuses: list[CampusWay]


class UnderWay(Shape):
    """A revision before a council: which one now, and which one then (null: on to approval).

    `routed` is false where there would be no route: it stays as it is. `yours` says whether whoever asks may take it to
    another route.
    """

    record: About
    due_at: datetime | None
    now: Named
    then: Named | None
    changes: bool
    routed: bool
    on_agenda: bool
    yours: bool


class RouteEffects(Shape):
    """What a change would do. Send `seen` back to have it done; `beside` are on their way elsewhere and stay."""

    seen: str
    changing: int
    beside: int
    under_way: list[UnderWay]


class RoutesChanged(Shape):
    """The types whose routes were set, as they are now; how many revisions under way took another one."""

    items: list[TypeRoute]
    rerouted: int


_Set: Any = Literal[tuple(sets())]


class StageSent(Sent):
    """A council, by its code, and what it does."""

    body: Code
    does: Literal["discusses", "endorses", "approves"]


class WaySent(Sent):
    """A whole route; the rector approves where no `approver` (a post's code) is named."""

    stages: Annotated[list[StageSent], Property(min_length=1, max_length=MOST_BODIES)]
    approver: Code | None = None
    by_order: bool = True


class TypeProposed(Sent):
    """The route of a type on a campus, else everywhere; null: the campus's own is to go."""

    type: Code
    campus: Code | None = None
    way: WaySent | None


class SetProposed(Sent):
    """All types by a set that ships with Sapat, on a campus, else everywhere."""

    set: _Set
    campus: Code | None = None


class _Decided(Sent):
    seen: Annotated[str, Property(pattern="^[0-9a-f]{32}$", description="`seen` of the preview.")]
    under_way: Annotated[bool, Property(description="Also for what is before a council now.")] = False
    reason: Annotated[str, Property(min_length=1, max_length=500, pattern=r"\S")] | None = None


class TypeChanged(TypeProposed, _Decided):
    """The route of a type, once it was seen what that does."""


class SetTaken(SetProposed, _Decided):
    """A set for all types, once it was seen what that does."""


_PROPOSES: Final = (TypeProposed, SetProposed)
_CHANGES: Final = (TypeChanged, SetTaken)


@router.get(
    "/routes", **operation("list_routes", "List the routes of all types of documents", schemas.listed(TypeRoute))
)
async def every_route(request: Request) -> Response:
    """Which councils a type takes, everywhere and on each campus, and who approves it."""
    query(request, ())

    def read(asked: Asked) -> Response:
        snapshot, language = organisation(asked.connection), asked.who.language
        rows = routes(asked.connection)
        return answer(listed(Page(rows, None, len(rows)), lambda one: _type(one, snapshot, language)), language)

    return await reading(request, read)


@router.post(
    "/routes/preview",
    **operation(
        "preview_routes",
        "See what a change of routes would do",
        RouteEffects,
        sends=schema_of(*_PROPOSES),
        refuses=[404],
    ),
)
async def preview(request: Request) -> Response:
    """The revisions before a council, each with what would become of it; nothing is written."""
    wanted = _wanted(await body(request), _PROPOSES)

    def read(asked: Asked) -> Response:
        proposed = _proposed(asked, wanted)
        return answer(_effects(asked, effects(asked.connection, proposed)), asked.who.language)

    return await reading(request, read)


@router.post(
    "/routes",
    **operation(
        "change_routes",
        "Set routes",
        RoutesChanged,
        headers=[KEY],
        sends=schema_of(*_CHANGES),
        refuses=[404],
    ),
)
async def change(request: Request) -> Response:
    """By the quality specialist of the place. Where something moved since the preview, nothing is changed (422)."""
    told = await body(request)
    wanted = _wanted(told, _CHANGES)

    def write(asked: Asked) -> Answered:
        connection, who = asked.connection, asked.who
        proposed, said = _proposed(asked, wanted), wanted.model_dump()
        taken = change_routes(
            connection,
            proposed,
            who.actor,
            who.now,
            seen=said["seen"],
            under_way=said["under_way"],
            reason=(said["reason"] or "").strip(),
        )
        snapshot = organisation(connection)
        rows = [_type(one, snapshot, who.language) for one in routes(connection) if one.code in proposed.ways]
        return Answered(200, {"items": rows, "rerouted": taken})

    return await idempotently(request, told, write)


def _wanted(told: dict[str, Any], kinds: tuple[type[Sent], type[Sent]]) -> Sent:
    """The route of a type, or a set. Raises Incomplete."""
    return read_sent(kinds["set" in told and "type" not in told], told)


def _proposed(asked: Asked, wanted: Any) -> Proposed:
    """What is to hold. Raises NotYours, NotFound, Incomplete."""
    snapshot = organisation(asked.connection)
    campus = _campus(snapshot, wanted.campus)
    must_keep(snapshot, asked.who.actor, campus)
    if isinstance(wanted, SetProposed):
        return read_set(asked.connection, wanted.set, campus)
    way: WaySent | None = wanted.way
    return Proposed(campus, {wanted.type: None if way is None else _way(snapshot, way)})


def _way(snapshot: Organisation, way: WaySent) -> Way:
    """The route, read as a form's is. Raises Incomplete."""
    typed: dict[str, Any] = {"approver": way.approver, "by_order": "yes" if way.by_order else "no"}
    for place, stage in enumerate(way.stages, start=1):
        typed |= {f"body_{place}": stage.body, f"does_{place}": stage.does}
    try:
        return read_way(snapshot, typed)
    except Incomplete as wrong:
        errors = {"way." + _PLACE.sub(r"stages.\2.\1", name): says for name, says in wrong.errors.items()}
        raise Incomplete(errors) from wrong


def _campus(snapshot: Organisation, code: str | None) -> UUID | None:
    """The campus of that code; None for everywhere. Raises Incomplete."""
    if code is None:
        return None
    found = (unit.id for unit in snapshot.units.values() if unit.code == code and unit.is_campus and not unit.closed_on)
    campus = next(found, None)
    if campus is None:
        raise Incomplete({"campus": N_("Nothing here has this code. Choose one from the list.")})
    return campus


def _type(one: TypeRoutes, snapshot: Organisation, language: str) -> dict[str, Any]:
    own = sorted(one.own.items(), key=lambda pair: snapshot.units[pair[0]].code)
    return {
        "code": one.code,
        "name": one.name.into(language),
        "everywhere": _shown(one.everywhere, snapshot, language) if one.everywhere else None,
        "campuses": [
            {"campus": views.named(snapshot.units[campus], language), "way": _shown(way, snapshot, language)}
            for campus, way in own
        ],
    }


def _shown(way: Way, snapshot: Organisation, language: str) -> dict[str, Any]:
    approver = snapshot.posts.get(UUID(way.approver)) if way.approver else None
    return {
        "stages": [{**_body(stage.body, snapshot, language), "does": stage.does.value} for stage in way.stages],
        "approver": views.named(approver, language),
        "by_order": way.by_order,
    }


def _body(code: str, snapshot: Organisation, language: str) -> dict[str, str]:
    found = snapshot.bodies.get(code)
    return {"code": code, "name": found.name.into(language) if found else code}


def _effects(asked: Asked, found: Effects) -> dict[str, Any]:
    return {
        "seen": found.seen,
        "changing": sum(one.changes for one in found.under_way),
        "beside": found.beside,
        "under_way": [_effect(asked, one) for one in found.under_way],
    }


def _effect(asked: Asked, one: Effect) -> dict[str, Any]:
    snapshot, language = organisation(asked.connection), asked.who.language
    return {
        "record": views.about(lifecycle("document"), one.record_id, one.code, one.title),
        "due_at": one.due_at,
        "now": _body(one.now, snapshot, language),
        "then": _body(one.then, snapshot, language) if one.then else None,
        "changes": one.changes,
        "routed": one.routed,
        "on_agenda": one.on_agenda,
        "yours": may_reroute(snapshot, asked.who.actor, one),
    }


_PLACE: Final = re.compile(r"^(body|does)_(\d+)$")
