"""Deadlines and ladders: what holds for each step today, since when, what comes, and every version there was."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.language import say, translations
from service.organisation import organisation
from service.policies.keeping import withdraw_policy
from service.policies.reading import read_version, versions_of, what_holds
from service.policies.replan import unplanned
from service.policies.scope import Scope, places_kept, steps_of
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.keeping import kept
from service.web.pages.policies_shown import (
    PATH,
    POLICIES,
    asked,
    holding_row,
    holding_shown,
    step_href,
    version_shown,
)
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.lifecycle import Lifecycle, Step
from states.refusals import GuardUnmet, NotFound, Refusal
from states.registry import lifecycle, lifecycles

router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def policies(request: Request, who: Who) -> Response:
    """Every step that waits for somebody, with what holds for it today."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        return {
            "groups": [
                {
                    "id": one.name,
                    "label": heading(one.label, who.language),
                    "rows": [row for step in steps_of(one) for row in _rows(connection, one, step, who)],
                }
                for one in lifecycles().values()
            ],
            "messages": kept(request, who.language),
        }

    return await show(request, who, "policies.html", read)


@router.get("/policies/{collection}/{step}")
async def policies_of_step(request: Request, who: Who, collection: str, step: str) -> Response:
    """One step: its ladders drawn, what comes, every version. Raises NotFound."""
    one, declared = found_step(collection, step)
    return await _step(request, who, one, declared)


@router.post("/policies/{policy_id:uuid}/withdraw")
async def withdraw(request: Request, who: Who, here: Here, policy_id: UUID) -> Response:
    """A version that has not begun will not hold. Raises NotFound, NotYours."""
    await sent(request)
    try:
        await here.writing(lambda connection: withdraw_policy(connection, policy_id, who.actor, who.now))
        refusal: Refusal | None = None
    except GuardUnmet as unmet:
        refusal = unmet
    version = await here.reading(lambda connection: read_version(connection, policy_id, who.now))
    one, step = version.scope.lifecycle, version.scope.step
    if refusal:
        return await _step(request, who, one, step, refusal)
    return RedirectResponse(f"{step_href(one, step)}?done=1", 303)


def found_step(collection: str, name: str) -> tuple[Lifecycle, Step]:
    """The step that an address names. Raises NotFound."""
    one = lifecycle(collection)
    step = next((step for step in steps_of(one) if step.name == name), None)
    if step is None:
        raise NotFound
    return one, step


def _rows(connection: sa.Connection, one: Lifecycle, step: Step, who: Visitor) -> list[dict[str, Any]]:
    snapshot = organisation(connection)
    # Most steps have no version at all: those are not asked about.
    known = any(policy.step == step.name for policy in snapshot.policies.get(one.name, ()))
    versions = versions_of(connection, one, step, who.now) if known else []
    holdings = what_holds(snapshot, one, step, versions)
    return [holding_row(snapshot, holding, who.language) for holding in holdings]


async def _step(request: Request, who: Visitor, one: Lifecycle, step: Step, refusal: Refusal | None = None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        versions = versions_of(connection, one, step, who.now)
        places = places_kept(snapshot, who.actor)
        mine = Scope(one, step, campus_id=places[0]) if places else None
        waiting = unplanned(connection, mine, who.actor, who.now) if mine else 0
        title = heading(step.label, language)
        return {
            "title": title,
            "over": heading(one.label, language),
            "task": step.task.into(language) if step.task else "",
            "holdings": [
                holding_shown(snapshot, holding, who) for holding in what_holds(snapshot, one, step, versions)
            ],
            "versions": [version_shown(snapshot, version, who) for version in versions],
            "new_href": f"{PATH}/new?{asked(snapshot, mine)}" if mine else "",
            "replan_href": f"{PATH}/replan?{asked(snapshot, mine)}" if mine and waiting else "",
            "waiting": waiting,
            "refusal": refusal and {"title": say(refusal.says, language), "text": say(refusal.next_step, language)},
            "messages": [*kept(request, language), *_replanned(request, language)],
            "crumbs": [{"href": PATH, "label": say(POLICIES, language)}, {"label": title}],
        }

    return await show(request, who, "policies_step.html", read, refusal.status if refusal else 200)


def _replanned(request: Request, language: str) -> list[dict[str, str]]:
    """What the frame says after open tasks were re-planned."""
    told = request.query_params.get("replanned", "")
    if not (told.isascii() and told.isdigit() and len(told) < 8):
        return []
    ngettext, num = translations(language).ngettext, int(told)
    said = ngettext("%(num)s open task was re-planned.", "%(num)s open tasks were re-planned.", num)
    return [{"tone": "good", "text": said % {"num": num}}]
