"""Letting a unit be taken over: what would go to the successor is seen first, which post follows which is said."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.keeping.successor import WHAT, HandOver, preview, take_over
from service.language import say
from service.organisation import Organisation, organisation
from service.web.pages.forms import Refused, controls, sent, summary
from service.web.pages.frame import show
from service.web.pages.keeping import CLOSES, choices, must_keep, post_choices
from service.web.pages.organisation import PATH
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import Incomplete, NotFound, NotYours, Refusal
from states.text import N_, Text
from states.working_days import today

router = APIRouter(include_in_schema=False)

FIELDS = (Field("successor", Text("Мураскор", "Преемник", "Successor"), "unit"), *CLOSES)
_FOLLOWS = "post_"


@router.get("/organisation/units/{unit_id:uuid}/successor")
async def choose_successor(request: Request, who: Who, unit_id: UUID) -> Response:
    """The form. Raises NotYours, NotFound."""
    return await _page(request, who, unit_id, {"day": today(who.now).isoformat()}, None)


@router.post("/organisation/units/{unit_id:uuid}/successor")
async def hand_over(request: Request, who: Who, here: Here, unit_id: UUID) -> Response:
    """First what would go over; done once that has been seen. Raises NotYours, NotFound."""
    typed = await sent(request)
    typed.pop("form_token", None)
    # Only what was seen is done: another successor chosen after the preview is seen first.
    seen = typed.pop("seen", "") == _digest(typed) and typed.get("step") == "do"

    def use_case(connection: sa.Connection) -> HandOver:
        snapshot = organisation(connection)
        must_keep(snapshot, who, WHAT)
        values = parse_given(FIELDS, {name: typed.get(name, "") for name in ("successor", "day")})
        successor, posts = _successor(snapshot, values["successor"]), _posts(snapshot, typed)
        if seen:
            return take_over(connection, unit_id, successor, values["day"], who.actor, who.now, posts)
        return preview(connection, unit_id, successor, who.actor, who.now, posts)

    try:
        plan = await (here.writing if seen else here.reading)(use_case)
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await _page(request, who, unit_id, typed, None, Refused(request.url.path, typed, refusal))
    if seen:
        return RedirectResponse(f"{PATH}/units/{plan.successor_id}?done=1", 303)
    return await _page(request, who, unit_id, typed, plan)


def _digest(typed: Mapping[str, str]) -> str:
    chosen = {name: typed[name] for name in typed if name in ("successor", "day") or name.startswith(_FOLLOWS)}
    return sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def _successor(snapshot: Organisation, code: str) -> UUID:
    found = next((unit.id for unit in snapshot.units.values() if unit.code == code), None)
    if found is None:
        raise Incomplete({"successor": N_("Nothing here has this code. Choose one from the list.")})
    return found


def _posts(snapshot: Organisation, typed: Mapping[str, str]) -> dict[UUID, UUID]:
    """Which post follows which, out of the form's fields `post_<code>`."""
    by_code = {post.code: post.id for post in snapshot.posts.values()}
    pairs = {name.removeprefix(_FOLLOWS): code for name, code in typed.items() if name.startswith(_FOLLOWS) and code}
    if not {*pairs, *pairs.values()} <= by_code.keys():
        raise Incomplete({"successor": N_("Nothing here has this code. Choose one from the list.")})
    return {by_code[old]: by_code[new] for old, new in pairs.items()}


async def _page(
    request: Request,
    who: Visitor,
    unit_id: UUID,
    typed: Mapping[str, str],
    plan: HandOver | None,
    refused: Refused | None = None,
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        must_keep(snapshot, who, WHAT)
        if unit_id not in snapshot.units:
            raise NotFound
        unit = snapshot.units[unit_id]
        errors = refused.errors(language) if refused else {}
        closing = [post for post in snapshot.posts.values() if post.unit_id == unit_id and not post.closed_on]
        others = [one for one in post_choices(snapshot, who) if one["value"] not in {post.code for post in closing}]
        offered = choices(connection, FIELDS, who)
        offered["unit"] = [one for one in offered["unit"] if one["value"] != unit.code]
        return {
            "unit": unit,
            "path": f"{PATH}/units/{unit_id}/successor",
            "controls": controls(FIELDS, language, offered, typed, errors),
            "errors": summary(FIELDS, errors, language),
            "message": refused.message(language) if refused and not errors else None,
            "posts": [
                {
                    "name": f"{_FOLLOWS}{post.code}",
                    "label": heading(post.name, language),
                    "value": typed.get(f"{_FOLLOWS}{post.code}", ""),
                    "needed": plan is not None and post.id in plan.unfollowed,
                }
                for post in closing
            ],
            "others": others,
            "plan": _plan(snapshot, plan, language) if plan else None,
            "seen": _digest(typed),
            "ready": plan is not None and not plan.unfollowed,
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, language)},
                {"href": f"{PATH}/units/{unit_id}", "label": heading(unit.name, language)},
                {"label": say(_SUCCESSOR, language)},
            ],
        }

    return await show(request, who, "successor.html", read, refused.refusal.status if refused else 200)


def _plan(snapshot: Organisation, plan: HandOver, language: str) -> dict[str, Any]:
    return {
        "documents": str(len(plan.documents)),
        "records": str(len(plan.records)),
        "register": heading(snapshot.units[plan.campus_id].name, language) if plan.campus_id else "",
        "units": ", ".join(heading(snapshot.units[one].name, language) for one in plan.units),
        "bodies": str(len(plan.bodies)),
        "people": ", ".join(snapshot.people[one].name.into(language) for one in plan.people),
        "clashes": [{"code": {"text": "", "code": clash.code}, "title": clash.title} for clash in plan.clashes],
        "unfollowed": ", ".join(heading(snapshot.posts[one].name, language) for one in plan.unfollowed),
    }


_ORGANISATION, _SUCCESSOR = N_("Organisation"), N_("Let a successor take it over")
