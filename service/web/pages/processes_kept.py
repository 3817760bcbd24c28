"""Processes as the quality specialist keeps them: a new one, its code, name and section, and taking one away."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import processes as keeping
from service.keeping.change import QUALITY
from service.language import say
from service.organisation import organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept, must_keep
from service.web.pages.registering import back_to, leads_back
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)

PATH = "/processes"


@router.get(f"{PATH}/new")
async def new_process(request: Request, who: Who) -> Response:
    """The form; `?next=` is the form to go back to. Raises NotYours."""
    return await _new(request, who, None)


@router.post(f"{PATH}/new")
async def add_process(request: Request, who: Who, here: Here) -> Response:
    """A new process; then its page, or the form one came from with it chosen. Raises NotYours."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        given = {name: value for name, value in typed.items() if name != "next"}
        process_id = keeping.add_process(connection, given, who.actor, who.now)
        code = connection.execute(sa.select(t.process.c.code).where(t.process.c.id == process_id)).scalar_one()
        return leads_back(typed.get("next", ""), process=code) or f"{PATH}/{process_id}"

    return await carry_out(request, here, use_case, str, lambda refused: _new(request, who, refused))


@router.get(f"{PATH}/{{process_id:uuid}}")
async def one_process(request: Request, who: Who, process_id: UUID) -> Response:
    """How it is kept. Raises NotYours, NotFound."""
    return await _process(request, who, process_id, None)


@router.post(f"{PATH}/{{process_id:uuid}}/keep/{{verb}}")
async def keep_process(request: Request, who: Who, here: Here, process_id: UUID, verb: str) -> Response:
    """Correct it, or take it away. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        match verb:
            case "change":
                keeping.change_process(connection, process_id, typed, who.actor, who.now)
            case "remove":
                keeping.remove_process(connection, process_id, who.actor, who.now)
                return PATH
            case _:
                raise NotFound
        return f"{PATH}/{process_id}"

    return await carry_out(request, here, use_case, str, lambda refused: _process(request, who, process_id, refused))


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, keeping.WHAT, QUALITY)
        form = keep_form(connection, who, f"{PATH}/new", _ADD, keeping.ADDS, {}, refused)
        return {
            "form": {**form, "hidden": back_to(request, refused)},
            "title": say(_NEW, who.language),
            "lede": say(_NEW_LEDE, who.language),
            "crumbs": [{"href": PATH, "label": say(_PROCESSES, who.language)}, {"label": say(_NEW, who.language)}],
        }

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _process(request: Request, who: Visitor, process_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        must_keep(snapshot, who, keeping.WHAT, QUALITY)
        row = connection.execute(sa.select(t.process).where(t.process.c.id == process_id)).mappings().first()
        if row is None:
            raise NotFound
        path = f"{PATH}/{process_id}/keep"
        forms = {"change": keep_form(connection, who, f"{path}/change", _KEEP, keeping.CHANGES, dict(row), refused)}
        if not keeping.is_used(connection, process_id) or (refused and refused.name == f"{path}/remove"):
            forms["remove"] = keep_form(connection, who, f"{path}/remove", _REMOVE, (), {}, refused, tone="danger")
        owners = snapshot.process_owners.get(process_id, ())
        return {
            "process": row,
            "owners": [heading(snapshot.posts[post].name, language) for post in owners],
            "forms": forms,
            "messages": kept(request, language),
            "crumbs": [{"href": PATH, "label": say(_PROCESSES, language)}, {"label": row["code"]}],
        }

    return await show(request, who, "process.html", read, refused.refusal.status if refused else 200)


_PROCESSES, _NEW, _ADD = N_("Processes"), N_("New process"), N_("Enter the process")
_NEW_LEDE = N_("Whoever holds the owner's post gets the tasks of its documents and nonconformities.")
_KEEP, _REMOVE = N_("Keep the change"), N_("Remove it")
