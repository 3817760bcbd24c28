"""Legal acts: a list for everybody; entering, correcting and removing them for the quality specialist."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping.legal_acts import SAYS, correct_act, enter_act, keeps, remove_act
from service.language import say
from service.organisation import organisation
from service.reading.legal_acts import ActView, list_acts
from service.web.pages.choosing import documents, processes
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short
from states.refusals import NotFound
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/reviews/acts"
Shown = dict[str, Any]


@router.get(PATH)
async def acts(request: Request, who: Who) -> Response:
    """All of them, the newest first."""
    return await _page(request, who, None)


@router.post(PATH)
async def enter(request: Request, who: Who, here: Here) -> Response:
    """A new one, or the form again. Raises NotYours."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: enter_act(connection, typed, who.actor, who.now),
        PATH,
        lambda refused: _page(request, who, refused),
    )


@router.post(f"{PATH}/{{act_id:uuid}}/{{verb}}")
async def keep(request: Request, who: Who, here: Here, act_id: UUID, verb: str) -> Response:
    """Correct it, or take it away. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        if verb == "correct":
            correct_act(connection, act_id, typed, who.actor, who.now)
        elif verb == "remove":
            remove_act(connection, act_id, who.actor, who.now)
        else:
            raise NotFound

    return await carry_out(request, here, use_case, PATH, lambda refused: _page(request, who, refused))


async def _page(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> Shown:
        may = keeps(organisation(connection), who.actor)
        known: Shown = {"process": processes(connection), "document": documents(connection)} if may else {}

        def form(action: str, button: str, typed: Shown) -> Shown:
            shown = keep_form(connection, who, action, say(button, who.language), SAYS, typed, refused)
            for control in shown["controls"]:
                if control["name"] == "process":
                    control["choices"] = known["process"]
            return shown

        return {
            "acts": [
                act_shown(one, who.language) | (_forms(connection, who, one, form, refused) if may else {})
                for one in list_acts(connection)
            ],
            "form": form(PATH, _ENTER, {}) if may else None,
            "documents": known.get("document", []),
            "messages": kept(request, who.language),
            "crumbs": [{"href": "/reviews", "label": say(_PLAN, who.language)}, {"label": say(_ACTS, who.language)}],
        }

    return await show(request, who, "legal_acts.html", read, refused.refusal.status if refused else 200)


def _forms(connection: sa.Connection, who: Visitor, one: ActView, form: Any, refused: Refused | None) -> Shown:
    typed = {
        "title": one.title,
        "number": one.number or "",
        "in_force_on": one.in_force_on,
        "says": one.says or "",
        "process": one.process or "",
        "document": one.document or "",
    }
    path = f"{PATH}/{one.id}"
    return {
        "correct": form(f"{path}/correct", _CORRECT, typed),
        "remove": keep_form(connection, who, f"{path}/remove", _REMOVE, (), {}, refused, tone="danger"),
    }


def act_shown(one: ActView, language: str) -> Shown:
    """An act as lists show it: what it is called, since when it holds, for whom it is."""
    if one.document_id:
        concerns: Any = {"code": one.document, "text": "", "href": f"/documents/{one.document_id}"}
    elif one.process:
        concerns = f"{one.process} {one.process_name}"
    else:
        concerns = say(_ALL, language)
    by = one.entered_by.into(language) if one.entered_by else say(_BY_ITSELF, language)
    return {
        "title": one.title if not one.number else f"{one.title}, {one.number}",
        "day": day_short(one.in_force_on, language),
        "says": one.says or "",
        "concerns": concerns,
        "entered": f"{by}, {day_short(today(one.entered_at), language)}",
    }


_PLAN, _ACTS = N_("Periodic reviews"), N_("Legal acts")
_ENTER, _CORRECT, _REMOVE = N_("Enter the act"), N_("Keep the correction"), N_("Remove it: it was entered by mistake")
_ALL, _BY_ITSELF = N_("all documents"), N_("by itself")
