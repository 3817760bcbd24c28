"""A unit: where it stands, its posts, what belongs to it; how the administrator changes and closes it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping import units as keeping
from service.keeping.change import keeps
from service.language import say
from service.organisation import UnitFacts, organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import CLOSES, carry_out, closing_day, keep_form, kept, must_keep
from service.web.pages.organisation import PATH, post_line
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_in_words
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)


@router.get("/organisation/units/new")
async def new_unit(request: Request, who: Who) -> Response:
    """The form. Raises NotYours."""
    return await _new(request, who, None)


@router.post("/organisation/units/new")
async def add_unit(request: Request, who: Who, here: Here) -> Response:
    """A new unit, or the form again."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: keeping.add_unit(connection, typed, who.actor, who.now),
        lambda unit_id: f"{PATH}/units/{unit_id}",
        lambda refused: _new(request, who, refused),
    )


@router.get("/organisation/units/{unit_id:uuid}")
async def unit(request: Request, who: Who, unit_id: UUID) -> Response:
    """The unit. Raises NotFound."""
    return await _unit(request, who, unit_id, None)


@router.post("/organisation/units/{unit_id:uuid}/{verb}")
async def keep_unit(request: Request, who: Who, here: Here, unit_id: UUID, verb: str) -> Response:
    """Change it, close it, let it work again. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        match verb:
            case "change":
                keeping.change_unit(connection, unit_id, typed, who.actor, who.now)
            case "close":
                day = closing_day(connection, who, typed, keeping.WHAT)
                keeping.close_unit(connection, unit_id, day, who.actor, who.now)
            case "reopen":
                keeping.reopen_unit(connection, unit_id, who.actor, who.now)
            case _:
                raise NotFound

    return await carry_out(
        request, here, use_case, f"{PATH}/units/{unit_id}", lambda refused: _unit(request, who, unit_id, refused)
    )


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, keeping.WHAT)
        form = keep_form(connection, who, f"{PATH}/units/new", _ADD, keeping.ADDS, dict(request.query_params), refused)
        crumbs = [{"href": PATH, "label": say(_ORGANISATION, who.language)}, {"label": say(_NEW, who.language)}]
        return {"form": form, "title": say(_NEW, who.language), "lede": "", "crumbs": crumbs}

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _unit(request: Request, who: Visitor, unit_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        if unit_id not in snapshot.units:
            raise NotFound
        one, may = snapshot.units[unit_id], keeps(snapshot, who.actor)
        above = [snapshot.units[each] for each in reversed(snapshot.lineage(one.parent_id))]
        posts = [post for post in snapshot.posts.values() if post.unit_id == unit_id]
        head = snapshot.head_of(unit_id)
        return {
            "unit": one,
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, language)},
                *(_link(each, language, "label") for each in above),
                {"label": heading(one.name, language)},
            ],
            "closed_on": day_in_words(one.closed_on, language) if one.closed_on else "",
            "successor": _link(snapshot.units[one.successor_id], language) if one.successor_id else None,
            "head": {"href": f"{PATH}/posts/{head}", "text": heading(snapshot.posts[head].name, language)}
            if head
            else None,
            "posts": [post_line(snapshot, post, who) for post in posts if not post.closed_on],
            "closed_posts": [post_line(snapshot, post, who) for post in posts if post.closed_on],
            "units": [_link(each, language) for each in snapshot.units.values() if each.parent_id == unit_id],
            "bodies": [
                {"href": f"{PATH}/bodies/{body.id}", "text": heading(body.name, language)}
                for body in snapshot.bodies.values()
                if body.unit_id == unit_id
            ],
            "forms": _forms(connection, who, one, refused) if may else {},
            "messages": kept(request, language),
        }

    return await show(request, who, "unit.html", read, refused.refusal.status if refused else 200)


def _forms(connection: sa.Connection, who: Visitor, one: UnitFacts, refused: Refused | None) -> dict[str, Any]:
    snapshot, path = organisation(connection), f"{PATH}/units/{one.id}"
    parent = snapshot.units[one.parent_id].code if one.parent_id else ""
    typed = {
        **{f"name_{language}": name for language, name in one.name._asdict().items()},
        "parent": parent,
        "is_campus": "yes" if one.is_campus else "",
    }
    if one.closed_on:
        return {"reopen": keep_form(connection, who, f"{path}/reopen", _REOPEN, (), {}, refused, tone="quiet")}
    return {
        "change": keep_form(connection, who, f"{path}/change", _KEEP, keeping.CHANGES, typed, refused),
        "close": keep_form(connection, who, f"{path}/close", _CLOSE, CLOSES, {}, refused, tone="danger"),
    }


def _link(one: UnitFacts, language: str, label: str = "text") -> dict[str, str]:
    return {"href": f"{PATH}/units/{one.id}", label: heading(one.name, language)}


_ORGANISATION, _NEW, _ADD = N_("Organisation"), N_("New unit"), N_("Enter the unit")
_KEEP, _CLOSE, _REOPEN = N_("Keep the change"), N_("Close the unit"), N_("Let it work again")
