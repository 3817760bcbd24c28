"""The organisation: the tree of units with their posts, who holds them today, and what is vacant."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping.change import keeps
from service.language import say
from service.organisation import Organisation, PostFacts, UnitFacts, organisation
from service.web.pages.frame import show
from service.web.pages.keeping import kept, names_of
from service.web.pages.wording import heading, unless
from service.web.site import Visitor, Who
from states.kyrgyz import fold, sort_key
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/organisation"


@router.get(PATH)
async def tree(request: Request, who: Who) -> Response:
    """All units in their order, campuses first; or what a search finds."""
    asked = request.query_params.get("q", "").strip()

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        found = _found(snapshot, fold(asked)) if asked else None
        tops = [unit for unit in snapshot.units.values() if unit.parent_id not in snapshot.units]
        vacant = sum(
            not post.closed_on and not snapshot.holders(post.id, today(who.now)) for post in snapshot.posts.values()
        )
        return {
            "units": [branch for top in _in_order(tops, who) if (branch := _branch(snapshot, top, who, found))],
            "bodies": [
                {"href": f"{PATH}/bodies/{body.id}", "name": heading(body.name, who.language)}
                for body in snapshot.bodies.values()
            ],
            "asked": asked,
            "vacant": vacant,
            "keeps": keeps(snapshot, who.actor),
            "messages": kept(request, who.language),
        }

    return await show(request, who, "organisation.html", read)


def _found(snapshot: Organisation, words: str) -> frozenset[UUID]:
    """The units and posts that a search means: by their names and codes, and those of the people who hold them."""

    def means(one: Any) -> bool:
        return words in fold(one.code) or any(words in fold(name) for name in one.name)

    people = {one.id for one in snapshot.people.values() if means(one)}
    units = {one.id for one in snapshot.units.values() if means(one)}
    posts = {one.id for one in snapshot.posts.values() if means(one)}
    return frozenset(people | units | posts)


def _branch(
    snapshot: Organisation, unit: UnitFacts, who: Visitor, found: frozenset[UUID] | None
) -> dict[str, Any] | None:
    """A unit with its posts and what belongs to it; None where a search finds nothing in it, or it is closed."""
    below = [one for one in snapshot.units.values() if one.parent_id == unit.id]
    units = [branch for one in _in_order(below, who) if (branch := _branch(snapshot, one, who, found))]
    posts = [post for post in snapshot.posts.values() if post.unit_id == unit.id and not post.closed_on]
    if found is not None and unit.id not in found:
        posts = [post for post in posts if _is_found(snapshot, post, found, who)]
        if not posts and not units:
            return None
    if unit.closed_on and not (found and unit.id in found) and not units:
        return None
    return {
        "href": f"{PATH}/units/{unit.id}",
        "name": heading(unit.name, who.language),
        "is_campus": unit.is_campus,
        "closed": unit.closed_on is not None,
        "posts": [post_line(snapshot, post, who) for post in _by_head(posts, who)],
        "units": units,
        "open": unit.parent_id is None or unit.is_campus or found is not None,
        "count": len(posts),
    }


def _is_found(snapshot: Organisation, post: PostFacts, found: frozenset[UUID], who: Visitor) -> bool:
    return post.id in found or any(one in found for one in snapshot.holders(post.id, today(who.now)))


def _in_order(units: list[UnitFacts], who: Visitor) -> list[UnitFacts]:
    return sorted(units, key=lambda unit: (not unit.is_campus, sort_key(unit.name.into(who.language))))


def _by_head(posts: list[PostFacts], who: Visitor) -> list[PostFacts]:
    return sorted(posts, key=lambda post: (not post.heads, sort_key(post.name.into(who.language))))


def post_line(snapshot: Organisation, post: PostFacts, who: Visitor) -> dict[str, Any]:
    """A post with who holds it today, or who answers for it while nobody does."""
    day, language = today(who.now), who.language
    holders = [
        {
            "href": f"{PATH}/people/{one}",
            "name": snapshot.people[one].name.into(language),
            "away": _away(snapshot, one, who),
        }
        for one in snapshot.holders(post.id, day)
    ]
    answering = names_of(snapshot, snapshot.answering(post.id, day), language)
    return {
        "href": f"{PATH}/posts/{post.id}",
        "name": heading(post.name, language),
        "role": unless(post.role.label, post.name, language) if post.role else "",
        "heads": post.heads,
        "holders": holders,
        "answering": ", ".join(answering),
    }


def post_link(post: PostFacts, language: str) -> dict[str, str]:
    """A post as a cell or a fact that leads to it."""
    return {"href": f"{PATH}/posts/{post.id}", "text": heading(post.name, language)}


def _away(snapshot: Organisation, person_id: UUID, who: Visitor) -> str:
    """Who acts for somebody who is away today; nothing where they are here."""
    acting = snapshot.stands_in(person_id, today(who.now))
    if acting == person_id:
        return ""
    name = snapshot.people[acting].name if acting else None
    return say(_AWAY_FOR, who.language, {"name": name}) if name else say(_AWAY, who.language)


_AWAY, _AWAY_FOR = N_("away, nobody acts for them"), N_("away, %(name)s acts for them")
