"""A new version of a policy: a form without scripts, tried out before it is kept."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.language import say
from service.organisation import Organisation, organisation
from service.policies.dry_run import dry_run
from service.policies.keeping import COUNT, DAYS, FROM, REASON, make_policy, read_policy
from service.policies.scope import (
    CAMPUS,
    SEVERITY,
    Scope,
    may_keep,
    must_keep_somewhere,
    places_kept,
    severities_of,
)
from service.web.incoming import within
from service.web.pages.forms import LARGEST, Refused, controls, summary
from service.web.pages.frame import show
from service.web.pages.policies import found_step
from service.web.pages.policies_shown import PATH, POLICIES, step_href
from service.web.pages.policies_tried import proposed_shown, tried_shown
from service.web.pages.policies_typed import ANY, SCOPED, Typed, given_by, rows_of, scope_of, values_of
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.lifecycle import Field
from states.policies import TOLD, deadline_of
from states.refusals import Malformed, NotFound, NotYours, Refusal
from states.text import N_, Text

router = APIRouter(include_in_schema=False)

NEW: Final = f"{PATH}/new"
MOST_FIELDS: Final = 400
MORE: Final = 3
EVERYWHERE: Final = Text("Бардык кампустар", "Все кампусы", "All campuses")


@router.get(NEW)
async def new_policy(request: Request, who: Who) -> Response:
    """The form with what holds today for the scope that the address asks for. Raises NotYours."""
    asks = {name: request.query_params[name] for name in SCOPED if request.query_params.get(name)}
    if not {"lifecycle", "step"} <= asks.keys():
        return RedirectResponse(PATH, 303)
    return await _form(request, who, asks, None)


@router.post(NEW)
async def enter(request: Request, who: Who, here: Here) -> Response:
    """More rows, what is declared, what it would send; or, once that has been seen, keep it."""
    typed = await _sent(request)
    asks, do = {name: typed[name] for name in SCOPED if typed.get(name)}, typed.get("do", "try")
    if do in ("more", "declared"):
        return await _form(request, who, asks, typed, do=do)
    try:
        if do == "keep":
            await here.writing(lambda connection: _keep(connection, typed, who))
            one, step = found_step(typed["lifecycle"], typed["step"])
            return RedirectResponse(f"{step_href(one, step)}?done=1", 303)
        return await _form(request, who, asks, typed, do="try")
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await _form(request, who, asks, typed, refused=Refused(NEW, typed, refusal))


async def _sent(request: Request) -> dict[str, str]:
    """The words of the form, which has more fields than others. Raises Malformed."""
    whole = within(request, LARGEST, Malformed())
    async with whole.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _keep(connection: sa.Connection, typed: Typed, who: Visitor) -> None:
    make_policy(connection, given_by(organisation(connection), connection, typed), who.actor, who.now)


async def _form(
    request: Request, who: Visitor, asks: Typed, typed: Typed | None, *, do: str = "", refused: Refused | None = None
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        must_keep_somewhere(snapshot, who.actor)
        scope = scope_of(snapshot, connection, asks)
        if typed is None and not may_keep(snapshot, who.actor, scope.campus_id):
            scope = Scope(scope.lifecycle, scope.step, scope.severity, places_kept(snapshot, who.actor)[0])
        tried = _tried(connection, typed, who) if typed is not None and do == "try" else None
        values = values_of(snapshot, scope, typed, who, declared=do == "declared")
        errors = refused.errors(who.language) if refused else {}
        fields = _fields(scope)
        title = heading(scope.step.label, who.language)
        return {
            "title": title,
            "over": heading(scope.lifecycle.label, who.language),
            "action": NEW,
            "with_days": not deadline_of(scope.step, None).on,
            "hidden_fields": {"lifecycle": scope.lifecycle.name, "step": scope.step.name},
            "controls": _controls(snapshot, scope, fields, values, errors, who),
            "rows": rows_of(values, MORE if do == "more" else 0),
            "parts": [{"name": part.value, "label": heading(part.label, who.language)} for part in TOLD],
            "errors": summary((*fields, *_LADDERS), errors, who.language),
            "wrong": errors,
            "message": refused.message(who.language) if refused and not errors else None,
            "kept": dict(typed or {}),
            "tried": tried,
            "crumbs": [
                {"href": PATH, "label": say(POLICIES, who.language)},
                {"href": step_href(scope.lifecycle, scope.step), "label": title},
                {"label": say(_NEW, who.language)},
            ],
        }

    return await show(request, who, "policies_form.html", read, refused.refusal.status if refused else 200)


def _tried(connection: sa.Connection, typed: Typed, who: Visitor) -> dict[str, Any]:
    """What the version says and what it would send; it must be such that it could be kept. Raises Refusal."""
    snapshot = organisation(connection)
    proposed = read_policy(connection, given_by(snapshot, connection, typed), who.actor, who.now)
    found = dry_run(connection, proposed, who.actor, who.now)
    collection = proposed.scope.lifecycle.collection
    return {
        **proposed_shown(snapshot, proposed, who.language),
        **tried_shown(snapshot, found, collection, who.language),
    }


def _fields(scope: Scope) -> tuple[Field, ...]:
    severities = severities_of(scope.lifecycle, scope.step)
    severity = Field("severity", SEVERITY.label, "choice", choices=(ANY, *severities))
    days = () if deadline_of(scope.step, None).on else (DAYS, COUNT)
    return (*([severity] if severities else []), CAMPUS, FROM, *days, REASON)


def _controls(
    snapshot: Organisation,
    scope: Scope,
    fields: Iterable[Field],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    who: Visitor,
) -> list[dict[str, Any]]:
    places = places_kept(snapshot, who.actor)
    campuses = [
        {"value": snapshot.units[place].code, "label": heading(snapshot.units[place].name, who.language)}
        for place in places
        if place
    ]
    shown = controls(fields, who.language, {"unit": campuses}, values, errors)
    for one in shown:
        if one["name"] == "campus":
            every = [{"value": "", "label": EVERYWHERE.into(who.language)}] if None in places else []
            one |= {"kind": "choice", "choices": [*every, *campuses], "required": True}
        if one["name"] == "days":
            one |= {"least": 1}
    return shown


_NEW = N_("New version")
_LADDERS = (
    Field("rungs", Text("Тепкичтер", "Ступени", "Rungs")),
    Field("again", Text("Кайталоо", "Повторение", "Repetition")),
    Field("ladder", Text("Тепкич", "Лестница", "Ladder")),
)
