"""Re-planning the open tasks of a step: first what would change, then, once it was seen, done."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.language import say
from service.organisation import organisation
from service.policies.replan import Change, Preview, preview_replan, replan
from service.policies.scope import Scope
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import show
from service.web.pages.policies_shown import PATH, POLICIES, for_whom, step_href
from service.web.pages.policies_typed import SCOPED, scope_of
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short
from states.refusals import GuardUnmet
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

REPLAN: Final = f"{PATH}/replan"
MOST: Final = 40


@router.get(REPLAN)
async def look(request: Request, who: Who) -> Response:
    """What would change for the open tasks of the scope that the address asks for. Raises NotYours, Incomplete."""
    asks = {name: request.query_params.get(name, "") for name in SCOPED}
    if not asks["lifecycle"] or not asks["step"]:
        return RedirectResponse(PATH, 303)
    return await _page(request, who, asks, None)


@router.post(REPLAN)
async def do(request: Request, who: Who, here: Here) -> Response:
    """Re-plan them, if what holds is still what was looked at. Raises NotYours, Incomplete."""
    typed = await sent(request)
    asks = {name: typed.get(name, "") for name in SCOPED}

    def write(connection: sa.Connection) -> tuple[Scope, Preview]:
        scope = scope_of(organisation(connection), connection, asks)
        return scope, replan(connection, scope, typed.get("seen", ""), who.actor, who.now)

    try:
        scope, done = await here.writing(write)
    except GuardUnmet as unmet:
        return await _page(request, who, asks, Refused(REPLAN, typed, unmet))
    return RedirectResponse(f"{step_href(scope.lifecycle, scope.step)}?replanned={done.changing}", 303)


async def _page(request: Request, who: Visitor, asks: Mapping[str, str], refused: Refused | None) -> Response:
    language = who.language

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        scope = scope_of(snapshot, connection, asks)
        found = preview_replan(connection, scope, who.actor, who.now)
        title = heading(scope.step.label, language)
        return {
            "title": title,
            "over": heading(scope.lifecycle.label, language),
            "whom": for_whom(snapshot, scope, language),
            "action": REPLAN,
            "asks": {**asks, "seen": found.seen},
            "found": found,
            "counts": [
                {"term": say(label, language), "value": str(number)}
                for label, number in (
                    (_CHANGING, found.changing),
                    (_MOVED, found.moved),
                    (_CLIMBING, found.climbing),
                    (_AT_ONCE, found.at_once),
                    (_PLANNED, found.planned),
                )
            ],
            "due": _days(found.due, language),
            "next": _days(found.next, language),
            "more": max(len(found.due), len(found.next)) > MOST,
            "examples": [_example(one, scope, who) for one in found.examples],
            "message": refused.message(language) if refused else None,
            "back": step_href(scope.lifecycle, scope.step),
            "crumbs": [
                {"href": PATH, "label": say(POLICIES, language)},
                {"href": step_href(scope.lifecycle, scope.step), "label": title},
                {"label": say(_REPLAN, language)},
            ],
        }

    return await show(request, who, "policies_replan.html", read, refused.refusal.status if refused else 200)


def _days(counted: Counter[tuple[date, date]], language: str) -> list[dict[str, Any]]:
    """How many tasks go from which day to which, by the day they come from."""
    return [
        {"before": day_short(before, language), "after": day_short(after, language), "tasks": str(tasks)}
        for (before, after), tasks in sorted(counted.items())[:MOST]
    ]


def _example(one: Change, scope: Scope, who: Visitor) -> dict[str, Any]:
    def both(before: datetime, after: datetime) -> str:
        days = [day_short(today(at), who.language) for at in (before, after)]
        return " → ".join(dict.fromkeys(days))

    return {
        "record": {"code": one.code, "text": one.title, "href": f"/{scope.lifecycle.collection}/{one.record_id}"},
        "due": both(one.due_at, one.new_due_at),
        "next": both(one.next_at, max(one.new_next_at, who.now)),
    }


_REPLAN = N_("Re-plan open tasks")
_CHANGING, _PLANNED = N_("Open tasks that change"), N_("Open tasks that stay as they are")
_MOVED, _CLIMBING = N_("of them due on another day"), N_("of them on another ladder")
_AT_ONCE = N_("of them told of at once: the loudest rung that has passed")
