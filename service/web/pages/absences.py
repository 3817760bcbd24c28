"""Absences: who is away now and ahead, what falls into the gap before it is entered, and the gaps ahead."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models import tables as t
from service.keeping import absences as keeping
from service.keeping.change import keeps
from service.language import say
from service.organisation import Organisation, organisation
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import show
from service.web.pages.gaps import ahead_shown, gap_shown
from service.web.pages.keeping import carry_out, keep_form, kept, spell
from service.web.site import Here, Visitor, Who
from states.given import parse_given
from states.refusals import NotFound, NotYours, Refusal
from states.roles import Role
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/absences"
MOST = 300


@router.get(PATH)
async def absences(request: Request, who: Who) -> Response:
    """Those of now and ahead that are the visitor's to see; for whoever watches over the university, the gaps ahead."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, day = organisation(connection), today(who.now)
        absence = t.absence.c
        rows = connection.execute(
            sa.select(t.absence)
            .where(absence.cancelled_at.is_(None), absence.until >= day)
            .order_by(absence.since, absence.id)
            .limit(MOST)
        ).all()
        watches = keeps(snapshot, who.actor) or snapshot.plays(who.actor, Role.QUALITY_SPECIALIST)
        mine = [row for row in rows if watches or who.actor.person_id in (row.person_id, row.deputy_id)]
        return {
            "rows": [_row(snapshot, row, who) for row in mine],
            "ahead": ahead_shown(connection, who) if watches else None,
            "messages": kept(request, who.language),
        }

    return await show(request, who, "absences.html", read)


@router.get("/absences/new")
async def new_absence(request: Request, who: Who) -> Response:
    """The form, of the visitor themselves unless the address names somebody else."""
    typed = {name: request.query_params.get(name, "") for name in ("person", "since", "until", "deputy")}
    typed["person"] = typed["person"] or (who.person.code if who.person else "")
    return await _form(request, who, None, typed, None)


@router.post("/absences/new")
async def enter(request: Request, who: Who, here: Here) -> Response:
    """First what would fall into the gap; entered once that has been seen."""
    return await _seen_then_kept(request, who, here, None)


@router.get("/absences/{absence_id:uuid}")
async def absence(request: Request, who: Who, absence_id: UUID) -> Response:
    """One absence, with what falls into it. Raises NotFound."""
    return await _absence(request, who, absence_id, None)


@router.get("/absences/{absence_id:uuid}/change")
async def change_form(request: Request, who: Who, here: Here, absence_id: UUID) -> Response:
    """The form with what it holds. Raises NotYours, NotFound."""
    return await _form(request, who, absence_id, None, None)


@router.post("/absences/{absence_id:uuid}/change")
async def change(request: Request, who: Who, here: Here, absence_id: UUID) -> Response:
    """First what would fall into the gap; changed once that has been seen."""
    return await _seen_then_kept(request, who, here, absence_id)


@router.post("/absences/{absence_id:uuid}/cancel")
async def cancel(request: Request, who: Who, here: Here, absence_id: UUID) -> Response:
    """It does not take place. Raises NotYours, NotFound."""
    return await carry_out(
        request,
        here,
        lambda connection, _: keeping.cancel_absence(connection, absence_id, who.actor, who.now),
        PATH,
        lambda refused: _absence(request, who, absence_id, refused),
    )


@router.post("/absences/{absence_id:uuid}/end")
async def end(request: Request, who: Who, here: Here, absence_id: UUID) -> Response:
    """They are back early. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        until = parse_given(keeping.ENDS, typed)["until"]
        keeping.end_early(connection, absence_id, until, who.actor, who.now)

    path = f"{PATH}/{absence_id}"
    return await carry_out(request, here, use_case, path, lambda refused: _absence(request, who, absence_id, refused))


async def _seen_then_kept(request: Request, who: Visitor, here: Here, absence_id: UUID | None) -> Response:
    typed = await sent(request)
    typed.pop("form_token", None)
    seen = typed.pop("seen", "")
    try:
        if seen:
            kept_id = await here.writing(lambda connection: _keep(connection, typed, who, absence_id))
            return RedirectResponse(f"{PATH}/{kept_id}?done=1", 303)
        return await _form(request, who, absence_id, typed, None, seen=True)
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await _form(request, who, absence_id, typed, Refused(request.url.path, typed, refusal))


def _keep(connection: sa.Connection, typed: Mapping[str, str], who: Visitor, absence_id: UUID | None) -> UUID:
    if absence_id is None:
        return keeping.enter_absence(connection, typed, who.actor, who.now)
    keeping.change_absence(connection, absence_id, typed, who.actor, who.now)
    return absence_id


async def _form(
    request: Request,
    who: Visitor,
    absence_id: UUID | None,
    typed: Mapping[str, str] | None,
    refused: Refused | None,
    *,
    seen: bool = False,
) -> Response:
    """The form; `seen`: with what would fall into the gap, and the button that enters it."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        there = _seen(connection, snapshot, who, absence_id) if absence_id else None
        if there and not keeping.may_enter(snapshot, who.actor, there["person_id"]):
            raise NotFound
        values = dict(typed) if typed is not None else _typed(snapshot, there or {})
        path = f"{PATH}/{absence_id}/change" if absence_id else f"{PATH}/new"
        fields = keeping.CHANGES if absence_id else keeping.ENTERS
        absence = keeping.read_absence(connection, values, who.actor, who.now, absence_id) if seen else None
        form = keep_form(connection, who, path, _SHOW, fields, values, refused, tone="quiet" if seen else "primary")
        if not keeps(snapshot, who.actor):  # others enter only their own
            form["controls"] = [
                {**one, "choices": [choice for choice in one["choices"] if choice["value"] == values.get("person")]}
                if one["name"] == "person"
                else one
                for one in form["controls"]
            ]
        title = say(_CHANGE if absence_id else _NEW, language)
        return {
            "title": title,
            "form": form,
            "path": path,
            "values": values,
            "preview": gap_shown(connection, absence, who) if absence else None,
            "crumbs": [{"href": PATH, "label": say(_ABSENCES, language)}, {"label": title}],
        }

    return await show(request, who, "absence_form.html", read, refused.refusal.status if refused else 200)


async def _absence(request: Request, who: Visitor, absence_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language, day = organisation(connection), who.language, today(who.now)
        row = _seen(connection, snapshot, who, absence_id)
        person, path = snapshot.people[row["person_id"]], f"{PATH}/{absence_id}"
        goes_on = row["cancelled_at"] is None and row["until"] >= day
        may = keeping.may_enter(snapshot, who.actor, row["person_id"]) and goes_on
        ends = {"until": day}
        return {
            "somebody": person,
            "days": spell(row["since"], row["until"], language),
            "deputy": snapshot.people[row["deputy_id"]].name.into(language) if row["deputy_id"] else None,
            "reason": row["reason"],
            "cancelled": row["cancelled_at"] is not None,
            "begun": row["since"] < day,
            "change_href": f"{path}/change" if may else "",
            "cancel": keep_form(connection, who, f"{path}/cancel", _CANCEL, (), {}, refused, tone="danger"),
            "end": keep_form(connection, who, f"{path}/end", _END, keeping.ENDS, ends, refused),
            "gap": gap_shown(connection, row, who) if goes_on else None,
            "messages": kept(request, language),
            "crumbs": [{"href": PATH, "label": say(_ABSENCES, language)}, {"label": person.name.into(language)}],
        }

    return await show(request, who, "absence.html", read, refused.refusal.status if refused else 200)


def _seen(connection: sa.Connection, snapshot: Organisation, who: Visitor, absence_id: UUID) -> dict[str, Any]:
    """The absence, if the visitor may see why somebody is away. Raises NotFound."""
    row = connection.execute(sa.select(t.absence).where(t.absence.c.id == absence_id)).mappings().first()
    if row is None or not keeping.may_see(snapshot, who.actor, row["person_id"]):
        raise NotFound
    return dict(row)


def _typed(snapshot: Organisation, row: Mapping[str, Any]) -> dict[str, str]:
    deputy = row.get("deputy_id")
    return {
        "since": row["since"].isoformat(),
        "until": row["until"].isoformat(),
        "deputy": snapshot.people[deputy].code if deputy else "",
        "reason": row["reason"],
    }


def _row(snapshot: Organisation, row: Any, who: Visitor) -> dict[str, Any]:
    sees = keeping.may_see(snapshot, who.actor, row.person_id)
    name = snapshot.people[row.person_id].name.into(who.language)
    now = row.since <= today(who.now)
    return {
        "person": {"text": name, "href": f"{PATH}/{row.id}"} if sees else name,
        "days": spell(row.since, row.until, who.language),
        "deputy": snapshot.people[row.deputy_id].name.into(who.language)
        if row.deputy_id
        else {"text": say(_NOBODY, who.language), "tone": "waiting"},
        "when": {"text": say(_NOW if now else _AHEAD, who.language), "tone": "good" if now else "waiting"},
    }


_ABSENCES, _NEW, _CHANGE = N_("Absences"), N_("Enter an absence"), N_("Change the absence")
_SHOW, _CANCEL, _END = N_("Show what falls into the gap"), N_("It does not take place"), N_("They are back")
_NOW, _AHEAD, _NOBODY = N_("now"), N_("ahead"), N_("nobody")
