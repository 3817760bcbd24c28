"""What the university is made of: units, posts, people, councils, processes. All lists, all in the order of codes."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from service.organisation import Organisation, organisation
from service.reading.page import Page
from service.reading.registers import list_bodies, list_people, list_posts, list_units, page_of_processes
from service.web.api import registered, schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, query, reading
from service.web.api.describe import operation
from service.web.api.views import named
from service.web.site import Visitor
from states.working_days import today

View = Callable[[Any, Organisation, Visitor], dict[str, Any]]


def unit(one: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    """A unit and what it belongs to."""
    return {**_named(one, who), "parent": named(snapshot.units.get(one.parent_id), who.language)}


def post(one: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    """A post, its unit, and who holds it today."""
    return {
        **_named(one, who),
        "unit": _named(snapshot.units[one.unit_id], who),
        "role": one.role.value if one.role else None,
        "heads": one.heads,
        "holders": [_named(snapshot.people[person], who) for person in snapshot.holders(one.id, today(who.now))],
    }


def person(one: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    """A person and the posts held today."""
    held = snapshot.posts_of(one.id, today(who.now))
    posts = [_named(post, who) for post in snapshot.posts.values() if post.id in held]
    return {**_named(one, who), "email": one.email, "language": one.language, "posts": posts}


def body(one: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    """A council, its secretary's and its chair's post, and the rules it decides by."""
    facts, row = one
    return {
        **_named(facts, who),
        "secretary": _named(snapshot.posts[facts.secretary_post_id], who),
        "chair": _named(snapshot.posts[facts.chair_post_id], who) if facts.chair_post_id else None,
        "quorum": row.quorum,
        "majority": row.majority,
        "proxies": row.proxies,
        "language": row.language,
    }


def process(one: Any, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    """A process and the posts that answer for it."""
    row, owners = one
    return {
        "code": row.code,
        "name": row.name,
        "section": row.section,
        "owners": [_named(snapshot.posts[owner], who) for owner in owners],
        "owner_as_given": row.owner_as_given,
    }


def _named(one: Any, who: Visitor) -> dict[str, Any]:
    return {"code": one.code, "name": one.name.into(who.language)}


def _lists(pages: Callable[..., Page[Any]], view: View) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        asks = query(request, PAGING)

        def read(asked: Asked) -> Response:
            snapshot, who = organisation(asked.connection), asked.who
            page = pages(asked.connection, asks["cursor"], asks["limit"] or 50)
            return answer(listed(page, lambda one: view(one, snapshot, who)), who.language)

        return await reading(request, read)

    return endpoint


REGISTERS: dict[str, tuple[Callable[..., Page[Any]], View, type[BaseModel]]] = {
    "units": (list_units, unit, registered.Unit),
    "posts": (list_posts, post, registered.Post),
    "people": (list_people, person, registered.Person),
    "bodies": (list_bodies, body, registered.Body),
    "processes": (page_of_processes, process, registered.Process),
}

router = APIRouter(prefix="/api", tags=["university"])
for what, (pages, view, shape) in REGISTERS.items():
    about = operation(f"list_{what}", f"List {what}", schemas.listed(shape), asks=PAGING)
    router.add_api_route(f"/{what}", _lists(pages, view), methods=["GET"], **about)
