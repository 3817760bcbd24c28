"""Opening a record of any lifecycle: the form out of its declaration, and the record that comes of it."""

import json
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.idempotency import Answered, once
from service.opening import open_record
from service.organisation import organisation
from service.own_page import path_of
from service.parts import read_part
from service.reading.permitted import require_readable
from service.subject import Subject, load
from service.web.incoming import words_of
from service.web.pages.addresses import identifier
from service.web.pages.choosing import Concerned
from service.web.pages.forms import Refused, UnfitFiles, controls, options, sent_with_files, summary
from service.web.pages.frame import show
from service.web.pages.permits import is_offered as is_offered
from service.web.pages.permits import may_open
from service.web.pages.report_files import FILES, NAME, add_files, adding_files, control, sent_report
from service.web.pages.reporting import filled_in
from service.web.site import Here, Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import NotFound, NotYours, Refusal
from states.registry import lifecycle

router = APIRouter(include_in_schema=False)

Controls = list[dict[str, Any]]
# Fewer optional fields than these stand among the others.
FEW: Final = 5


# Where whoever opened it goes on, besides the record itself: the causes that it was planned for.
CAUSES: Final = "causes"


@router.get("/{collection:collection}/new")
async def new_record(request: Request, who: Who, collection: str) -> Response:
    """The form; what the address names already is filled in, and what follows from that."""
    one = lifecycle(collection)
    return await _form(request, who, one, words_of(request.query_params, one.opens), None)


@router.post("/{collection:collection}/new")
async def open_new(request: Request, who: Who, here: Here, collection: str) -> Response:
    """Open it, and go there; or the form again with what is wrong, nothing typed lost."""
    one = lifecycle(collection)
    adding = adding_files(one)
    try:
        given = await (sent_report if adding else sent_with_files)(request, here, who, one.opens)
    except UnfitFiles as unfit:
        return await _form(request, who, one, unfit.typed, Refused("open", unfit.typed, unfit))
    form, parent_id = given.pop("form_token", ""), identifier(given.get("parent"))
    typed = {name: value for name, value in given.items() if name not in ("parent", "then", NAME)}

    def open_once(connection: sa.Connection) -> Mapping[str, Any]:
        def do() -> Answered:
            opened = open_record(connection, one.name, typed, who.actor, who.now, parent_id=parent_id)
            if adding:
                add_files(connection, opened, adding, given, who)
            return Answered(303, {"id": str(opened.record_id), "version": opened.version})

        if not form or who.actor.person_id is None:
            return do().content
        # The same form sent twice (back, a second click) is one record; other words in it are another.
        words = sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
        return once(connection, who.actor.person_id, f"form:{form[:64]}:{words}", words, who.now, do).content

    try:
        opened = await here.writing(open_once)
    except NotYours:
        raise
    except Refusal as refusal:
        return await _form(request, who, one, given, Refused("open", typed, refusal))
    if given.get("then") == CAUSES and parent_id and one.child_of:
        above = lifecycle(one.child_of).collection
        return RedirectResponse(f"/{above}/{parent_id}/{CAUSES}?planned={opened['id']}", 303)
    return RedirectResponse(f"{path_of(one, opened['id'])}?done={opened['version']}", 303)


async def _form(
    request: Request, who: Visitor, one: Lifecycle, typed: Mapping[str, Any], refused: Refused | None
) -> Response:
    errors = refused.errors(who.language) if refused else {}
    parent_id = identifier(typed.get("parent"))

    def read(connection: sa.Connection) -> dict[str, Any]:
        parent = _parent(connection, one, parent_id, who)
        if not may_open(one, who, organisation(connection), parent):
            raise NotYours(move=one.label, who=tuple(role.label for role in one.opened_by))
        filled = typed if refused else filled_in(connection, one, typed, who, parent)
        above = partial(read_part, connection, parent.id) if parent else _nothing
        choices = options(connection, one.opens, who, Concerned(one, above=above))
        shown = controls(one.opens, who.language, choices, filled, errors)
        first, more = _in_two(one, shown)
        return {
            "lifecycle": one,
            "parent": parent,
            "then": CAUSES if typed.get("then") == CAUSES and parent else "",
            "token": typed.get("form_token") or token_urlsafe(16),
            "controls": first,
            "more": more,
            "more_open": refused is not None and any(one["value"] or one["error"] for one in more),
            "filled": ", ".join(one["label"] for one in more if one["value"]),
            "documents": choices.get("document", []),
            "files": control(typed.get(NAME), errors.get(NAME, ""), who.language) if adding_files(one) else None,
            "errors": summary((*one.opens, FILES), errors, who.language),
            "refused": refused.message(who.language) if refused else None,
        }

    return await show(request, who, "new.html", read, refused.refusal.status if refused else 200)


def _in_two(one: Lifecycle, shown: Controls) -> tuple[Controls, Controls]:
    """What must be said, flags, and what it is for first; of a long form the rest apart, for whoever knows more.

    What it is for are parts of what it hangs on: causes wait for the actions that remove them.
    """
    optional = [field for field in one.opens if not field.required and field.kind != "flag"]
    if len(optional) < FEW:
        return shown, []
    apart = {field.name for field in optional if field.kind != "parts"}
    return [each for each in shown if each["name"] not in apart], [each for each in shown if each["name"] in apart]


def _nothing(_part: str) -> list[Mapping[str, Any]]:
    return []


def _parent(connection: sa.Connection, one: Lifecycle, parent_id: UUID | None, who: Visitor) -> Subject | None:
    if parent_id is None:
        return None
    require_readable(connection, parent_id, who.actor, who.now)
    parent = load(connection, parent_id)
    if parent.lifecycle.name != one.child_of:
        raise NotFound
    return parent
