"""The sitting of a body on one page: its agenda before, what is typed during it, the protocol after; and closing it.

What is typed is kept as it is typed (`service.minutes`); all else is a move of the record, as on its own page.
"""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from service.language import say, says
from service.minutes import TypedOver
from service.organisation import organisation
from service.problem import problem
from service.reading.records import RecordView, read_record
from service.reading.sittings import count
from service.taking_down import FIELDS
from service.web.api.asked import body
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import show
from service.web.pages.making import Made, attempt
from service.web.pages.signing import proving
from service.web.pages.sitting_pages import closing_context, context
from service.web.pages.sitting_shown import numbers_shown
from service.web.pages.sitting_typed import from_json, keep_form, written
from service.web.pages.sitting_words import coded_name
from service.web.pages.standing import done, turn
from service.web.pages.told import Told
from service.web.site import Here, Site, Visitor, Who
from states.refusals import NotFound, NotYours, Refusal
from states.registry import lifecycle
from states.text import N_
from states.working_days import BISHKEK

router = APIRouter(include_in_schema=False)

SITTING: Final = "sitting"
ADDRESS: Final = "/sittings/{sitting_id:uuid}"


@router.get(ADDRESS + "/day")
async def day(request: Request, who: Who, sitting_id: UUID) -> Response:
    """The page. `?item=` is open; `?kept=` says that something has been kept. Raises NotFound."""
    return await _page(request, who, sitting_id, None)


@router.get(ADDRESS + "/closing")
async def closing(request: Request, who: Who, sitting_id: UUID) -> Response:
    """What hinders closing, the protocol as it would be signed, and the form that signs it. Raises NotFound."""
    return await _page(request, who, sitting_id, None, closes=True)


@router.get(ADDRESS + "/minutes")
async def back_to_day(who: Who, sitting_id: UUID) -> Response:
    """What is typed is sent; whoever comes here otherwise wants the page."""
    return RedirectResponse(f"/sittings/{sitting_id}/day", 303)


@router.post(ADDRESS + "/minutes")
async def keep_minutes(request: Request, who: Who, here: Here, sitting_id: UUID) -> Response:
    """Keep what was typed: one field as JSON, answered with the numbers; or a form, answered with the page."""
    if request.headers.get("Content-Type", "").startswith("application/json"):
        return await _keep_field(request, who, here, sitting_id)
    typed = await sent(request)
    try:
        await here.writing(lambda connection: keep_form(connection, sitting_id, typed, who))
    except (NotFound, NotYours):
        raise
    except Refusal as refusal:
        return await _page(request, who, sitting_id, Refused(typed.get("part", ""), typed, refusal))
    item = typed.get("item") or (typed.get("no", "") if typed.get("part") == "agenda_item" else "")
    place = f"?kept=1&item={item}#item-{item}" if item.isdigit() else "?kept=1#attendance"
    return RedirectResponse(f"/sittings/{sitting_id}/day{place}", 303)


@router.post(ADDRESS + "/day/moves/{name}")
async def make_move(request: Request, who: Who, here: Here, sitting_id: UUID, name: str) -> Response:
    """Make a move of the sitting and come back to the page; of an item, to where it stands now."""
    made = await attempt(request, who, here, sitting_id, lifecycle(SITTING), name)
    if isinstance(made, Refused):
        return await _page(request, who, sitting_id, made, closes=name == "close")
    return RedirectResponse(f"/sittings/{sitting_id}/day{_ending(made)}", 303)


def _ending(made: Made) -> str:
    if made.move.part != "agenda_item":
        return f"?done={made.moved.version}"
    return "#agenda" if made.move.removes or made.no is None else f"?item={made.no}#item-{made.no}"


async def _keep_field(request: Request, who: Visitor, here: Site, sitting_id: UUID) -> Response:
    told = await body(request)
    try:
        typed = from_json(told)
        no = await here.writing(lambda connection: written(connection, sitting_id, typed, who, told.get("key")))
    except TypedOver as over:
        refusal = over
        return JSONResponse(await here.reading(lambda connection: _over(connection, refusal, typed.part, who)), 409)
    except Refusal as refusal:
        return JSONResponse(problem(refusal, who.language), refusal.status)

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, sitting_id, who.actor, who.now)
        if view.lifecycle.name != SITTING:
            raise NotFound
        numbers = count(view.subject.fields, view.parts)
        return numbers_shown(numbers, organisation(connection), who.language)

    at = f"{here.clock().astimezone(BISHKEK):%H:%M:%S}"
    return JSONResponse({"no": no, "at": at, "numbers": await here.reading(read)})


def _over(connection: sa.Connection, over: TypedOver, part: str, who: Visitor) -> dict[str, Any]:
    """What the script needs to show both texts: what stands there now, as the field would show it."""
    field = next((one for one in FIELDS[part] if one.name == over.field), None)
    now, snapshot = over.now, organisation(connection)
    if field and field.kind in ("post", "person") and now:
        among = snapshot.posts if field.kind == "post" else snapshot.people
        now = next((coded_name(one, who.language) for one in among.values() if one.code == now), now)
    title, next_step = says(over, who.language)
    shown = "" if now is None else str(now)
    return {"code": over.code, "title": title, "next_step": next_step, "field": over.field, "now": shown}


async def _page(
    request: Request, who: Visitor, sitting_id: UUID, refused: Refused | None, *, closes: bool = False
) -> Response:
    asked = request.query_params
    template = ""

    def read(connection: sa.Connection) -> dict[str, Any]:
        nonlocal template
        view = read_record(connection, sitting_id, who.actor, who.now)
        if view.lifecycle.name != SITTING:
            raise NotFound
        told = Told(connection, view, who, refused, proving(connection, request, who))
        make = closing_context if closes and any(one.name == "close" for one in view.moves) else context
        template, found = make(told, asked.get("item", ""))
        kept = [{"tone": "good", "text": say(_KEPT, who.language)}] if asked.get("kept") and refused is None else []
        messages = [*_done(view, who, asked.get("done", "")), *found.get("messages", []), *kept]
        return {**found, "stands": template, "messages": messages}

    answer = await show(request, who, "sitting.html", read, refused.refusal.status if refused else 200)
    answer.headers.update(getattr(refused.refusal, "headers", {}) if refused else {})
    return answer


def _done(view: RecordView, who: Visitor, version: str) -> list[dict[str, str]]:
    """What somebody has just done; that they “opened” a record would be read as that the sitting has begun."""
    if version == "1" and view.subject.fields["version"] == 1:
        return [{"tone": "good", "text": f"{say(_PLANNED, who.language)} {turn(view, who.language)}"}]
    return done(view, who, version)


_PLANNED = N_("The sitting is planned. Whatever waits for the body stands on its agenda.")
_KEPT = N_("What was typed is kept.")
