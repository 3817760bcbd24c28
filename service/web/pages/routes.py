"""Routes: which bodies a type takes on each campus; changing one shows first what it does to what is under way."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.keeping.routes import MOST_BODIES, change_routes, copied, must_keep, read_set, read_way
from service.language import say
from service.organisation import Organisation, organisation
from service.policies.scope import places_kept
from service.reading.routes import Effects, Proposed, TypeRoutes, effects, keepers_everywhere, routes, sets
from service.web.pages.choosing import bodies
from service.web.pages.forms import Refused, sent, summary
from service.web.pages.frame import show
from service.web.pages.keeping import kept, post_choices
from service.web.pages.routes_shown import PATH, effects_shown, way_shown
from service.web.pages.wording import heading, unless
from service.web.site import Here, Visitor, Who
from states.lifecycle import Field
from states.refusals import NotFound, NotYours, Refusal
from states.routes import Does, Way
from states.text import N_, Text
from states.working_days import today

router = APIRouter(include_in_schema=False)

SETS: Final = f"{PATH}/sets"
SPARE: Final = 2  # empty places that are always there
EVERYWHERE: Final = Text("Бардык жерде", "Везде", "Everywhere")
Typed = Mapping[str, str]
Proposes = Callable[[sa.Connection, Organisation, UUID | None], Proposed]


@router.get(PATH)
async def every_route(request: Request, who: Who) -> Response:
    """All types with their routes, everywhere and on each campus."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        places = places_kept(snapshot, who.actor)
        campuses = [unit for unit in snapshot.units.values() if unit.is_campus and not unit.closed_on]
        columns = [(None, EVERYWHERE), *((unit.id, unit.name) for unit in campuses)]
        everywhere = keepers_everywhere(snapshot, today(who.now))
        return {
            "types": [
                {
                    "code": one.code,
                    "name": heading(one.name, who.language),
                    "short": " → ".join(step["label"] for step in way_shown(snapshot, one.everywhere, who.language)),
                    "own": [heading(name, who.language) for place, name in columns if place in one.own],
                    "places": [
                        {
                            "label": heading(name, who.language),
                            "chain": way_shown(snapshot, _own(one, place), who.language),
                            "href": _href(snapshot, one.code, place),
                            "may": place in places,
                            "campus": snapshot.units[place].code if place else "",
                            "copies": bool(place in places and place and place not in one.own and one.everywhere),
                            "action": f"{PATH}/{quote(one.code)}",
                        }
                        for place, name in columns
                    ],
                }
                for one in routes(connection)
            ],
            "everywhere": {
                "keepers": [_keeper(snapshot, post, people, who.language) for post, people in everywhere],
                "mine": None in places,
                "side_by_side": len(campuses) > 1,
            },
            "sets": sets(),
            "places": _places(snapshot, places, who),
            "action": SETS,
            "messages": kept(request, who.language),
        }

    return await show(request, who, "routes.html", read)


@router.get(f"{PATH}/{{code}}")
async def one_route(request: Request, who: Who, code: str) -> Response:
    """The form with the route that a type takes now; `?campus=` a campus's code. Raises NotYours, NotFound."""
    return await _page(request, who, code, {"campus": request.query_params.get("campus", "")}, None)


@router.post(SETS)
async def take_set(request: Request, who: Who, here: Here) -> Response:
    """All types on a campus by a set that ships: first what it does, then it is done. Raises NotYours, NotFound."""
    typed = await sent(request)

    def proposes(connection: sa.Connection, _: Organisation, campus: UUID | None) -> Proposed:
        return read_set(connection, typed.get("set", ""), campus)

    return await _step(request, who, here, "", typed, proposes)


@router.post(f"{PATH}/{{code}}")
async def set_route(request: Request, who: Who, here: Here, code: str) -> Response:
    """Look at what a route would do, or set it. Raises NotYours, NotFound."""
    typed = await sent(request)

    def proposes(connection: sa.Connection, snapshot: Organisation, campus: UUID | None) -> Proposed:
        if typed.get("copy") and campus:
            return copied(connection, code, campus)
        return Proposed(campus, {code: None if typed.get("remove") else read_way(snapshot, typed)})

    return await _step(request, who, here, code, typed, proposes)


async def _step(request: Request, who: Visitor, here: Here, code: str, typed: Typed, proposes: Proposes) -> Response:
    """One form serves for looking (`do=look`) and for doing: `new` submissions alone, `all` with what is under way."""
    do = typed.get("do", "look")

    def write(connection: sa.Connection) -> None:
        snapshot = organisation(connection)
        campus = _campus(snapshot, typed)
        must_keep(snapshot, who.actor, campus)
        proposed = proposes(connection, snapshot, campus)
        # A copy is the route that holds already: there is nothing to be seen first.
        seen, reason = None if typed.get("copy") else typed.get("seen", ""), typed.get("reason", "").strip()
        change_routes(connection, proposed, who.actor, who.now, seen=seen, under_way=do == "all", reason=reason)

    try:
        if do in ("new", "all"):
            await here.writing(write)
            # Who has copied a route means to change it.
            own = f"/{quote(code)}?campus={quote(typed.get('campus', ''))}&done=1" if typed.get("copy") else "?done=1"
            return RedirectResponse(f"{PATH}{own}", 303)
        return await _page(request, who, code, typed, proposes)
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await _page(request, who, code, typed, None, Refused(request.url.path, typed, refusal))


async def _page(
    request: Request, who: Visitor, code: str, typed: Typed, proposes: Proposes | None, refused: Refused | None = None
) -> Response:
    language = who.language

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        campus = _campus(snapshot, typed)
        must_keep(snapshot, who.actor, campus)
        every = {one.code: one for one in routes(connection)}
        if code and code not in every:
            raise NotFound
        errors = refused.errors(language) if refused else {}
        proposed = proposes(connection, snapshot, campus) if proposes else None
        title = heading(every[code].name, language) if code else say(_SET, language, {"set": typed.get("set", "")})
        return {
            "title": title,
            "code": code,
            "whom": heading(snapshot.units[campus].name if campus else EVERYWHERE, language),
            "campus": typed.get("campus", ""),
            "action": f"{PATH}/{quote(code)}" if code else SETS,
            "back": PATH,
            "now": way_shown(snapshot, every[code].on(campus), language) if code else [],
            "own": bool(code and campus and campus in every[code].own),
            "form": _form(snapshot, typed, every[code].on(campus), errors, who) if code else None,
            "tried": _tried(connection, snapshot, proposed, code, who) if proposed else None,
            "kept": {name: value for name, value in typed.items() if name not in ("do", "seen", "reason")},
            "reason": typed.get("reason", ""),
            "errors": summary(_fields(errors), errors, language),
            "messages": kept(request, language),
            "message": refused.message(language) if refused and not errors else None,
            "crumbs": [{"href": PATH, "label": say(_ROUTES, language)}, {"label": title}],
        }

    return await show(request, who, "routes_type.html", read, refused.refusal.status if refused else 200)


def _tried(
    connection: sa.Connection, snapshot: Organisation, proposed: Proposed, code: str, who: Visitor
) -> dict[str, Any]:
    found: Effects = effects(connection, proposed)
    there = {one.code: one for one in routes(connection)}
    way = proposed.ways[code] or there[code].everywhere if code else next(iter(proposed.ways.values()), None)
    return {
        "chain": way_shown(snapshot, way, who.language),
        "removes": bool(code) and proposed.ways[code] is None,
        "rows": effects_shown(snapshot, found, who),
        "changing": sum(one.changes for one in found.under_way),
        "beside": found.beside,
        "seen": found.seen,
    }


def _form(
    snapshot: Organisation, typed: Typed, now: Way | None, errors: Mapping[str, str], who: Visitor
) -> dict[str, Any]:
    """The places of the route, filled in as typed, else as it is now."""
    values = dict(typed)
    if "body_1" not in typed and now:
        for place, stage in enumerate(now.stages, start=1):
            values |= {f"body_{place}": stage.body, f"does_{place}": stage.does.value}
        approver = snapshot.posts.get(UUID(now.approver)) if now.approver else None
        values |= {"approver": approver.code if approver else "", "by_order": "yes" if now.by_order else "no"}
    used = max((place for place in range(1, MOST_BODIES + 1) if values.get(f"body_{place}")), default=0)
    return {
        "places": [
            {
                "n": n,
                "body": values.get(f"body_{n}", ""),
                "does": values.get(f"does_{n}", ""),
                "body_error": errors.get(f"body_{n}", ""),
                "does_error": errors.get(f"does_{n}", ""),
            }
            for n in range(1, min(used + SPARE, MOST_BODIES) + 1)
        ],
        "bodies": bodies(snapshot, who.language),
        "does": [{"value": one.value, "label": heading(one.label, who.language)} for one in Does],
        "approver": values.get("approver", ""),
        "posts": post_choices(snapshot, who),
        "by_order": values.get("by_order", "yes"),
        "wrong": errors,
    }


def _fields(errors: Mapping[str, str]) -> list[Field]:
    return [Field(name, _CALLED.get(name.partition("_")[0], _CALLED["body"])) for name in errors]


def _campus(snapshot: Organisation, typed: Typed) -> UUID | None:
    """The campus of that code; None for everywhere. Raises NotFound."""
    said = typed.get("campus", "")
    if not said:
        return None
    found = (unit.id for unit in snapshot.units.values() if unit.code == said and unit.is_campus and not unit.closed_on)
    campus = next(found, None)
    if campus is None:
        raise NotFound
    return campus


def _places(snapshot: Organisation, places: list[UUID | None], who: Visitor) -> list[dict[str, str]]:
    every = [{"value": "", "label": EVERYWHERE.into(who.language)}] if None in places else []
    units = [snapshot.units[place] for place in places if place]
    return [*every, *({"value": unit.code, "label": heading(unit.name, who.language)} for unit in units)]


def _own(one: TypeRoutes, place: UUID | None) -> Way | None:
    return one.own.get(place) if place else one.everywhere


def _href(snapshot: Organisation, code: str, place: UUID | None) -> str:
    asked = f"?campus={quote(snapshot.units[place].code)}" if place else ""
    return f"{PATH}/{quote(code)}{asked}"


def _keeper(snapshot: Organisation, post_id: UUID, people: tuple[UUID, ...], language: str) -> str:
    """A post, and who holds it."""
    name = snapshot.posts[post_id].name
    held = (unless(snapshot.people[one].name, name, language) for one in people)
    return ", ".join(filter(None, (heading(name, language), *held)))


_CALLED = {
    "body": Text("Кеңеш", "Совет", "Council"),
    "does": Text("Эмне кылат", "Что делает", "What it does"),
    "approver": Text("Ким бекитет", "Кто утверждает", "Who approves"),
    "by": Text("Буйрук", "Приказ", "Order"),
    "set": Text("Топтом", "Набор", "Set"),
}
_ROUTES, _SET = N_("Routes of documents"), N_("The routes of %(set)s")
