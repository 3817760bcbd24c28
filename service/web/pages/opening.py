"""Opening a record of any lifecycle: the form out of its declaration, and the record that comes of it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.idempotency import Answered, once
from service.opening import open_record
from service.organisation import Organisation, organisation
from service.subject import Subject, load, roles_of
from service.web.pages.addresses import identifier
from service.web.pages.forms import Refused, controls, options, sent, summary
from service.web.pages.frame import show
from service.web.site import Here, Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import NotFound, NotYours, Refusal
from states.registry import lifecycle
from states.roles import POSTS, Role

router = APIRouter(include_in_schema=False)


@router.get("/{collection:collection}/new")
async def new_record(request: Request, who: Who, collection: str) -> Response:
    """The form; what the address names already is filled in."""
    return await _form(request, who, lifecycle(collection), dict(request.query_params), None)


@router.post("/{collection:collection}/new")
async def open_new(request: Request, who: Who, here: Here, collection: str) -> Response:
    """Open it, and go there; or the form again with what is wrong, nothing typed lost."""
    one, given = lifecycle(collection), await sent(request)
    form, parent_id = given.pop("form_token", ""), identifier(given.get("parent"))
    typed = {name: value for name, value in given.items() if name != "parent"}

    def open_once(connection: sa.Connection) -> Mapping[str, Any]:
        def do() -> Answered:
            opened = open_record(connection, one.name, typed, who.actor, who.now, parent_id=parent_id)
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
    return RedirectResponse(f"/{one.collection}/{opened['id']}?done={opened['version']}", 303)


async def _form(
    request: Request, who: Visitor, one: Lifecycle, typed: Mapping[str, str], refused: Refused | None
) -> Response:
    errors = refused.errors(who.language) if refused else {}
    parent_id = identifier(typed.get("parent"))

    def read(connection: sa.Connection) -> dict[str, Any]:
        parent = _parent(connection, one, parent_id)
        if not may_open(one, who, organisation(connection), parent):
            raise NotYours(move=one.label, who=tuple(role.label for role in one.opened_by))
        choices = options(connection, one.opens, who)
        return {
            "lifecycle": one,
            "parent": parent,
            "token": typed.get("form_token") or token_urlsafe(16),
            "controls": controls(one.opens, who.language, choices, typed, errors),
            "errors": summary(one.opens, errors, who.language),
            "refused": refused.message(who.language) if refused else None,
        }

    return await show(request, who, "new.html", read, refused.refusal.status if refused else 200)


def may_open(one: Lifecycle, who: Visitor, snapshot: Organisation, parent: Subject | None) -> bool:
    """Whether the form is this person's: an owner shows only by what is filled in, so any post may be one."""
    roles = _roles(who, snapshot) | (roles_of(who.actor, parent.fields, snapshot) if parent else frozenset())
    return not roles.isdisjoint(one.opened_by) or (
        Role.OWNER in one.opened_by and parent is None and bool(who.actor.posts)
    )


def is_offered(one: Lifecycle, who: Visitor, snapshot: Organisation) -> bool:
    """Whether a list offers to open one: not where only the owner of something yet to be named may do it."""
    names_owner = any(field.kind in ("post", "process") for field in one.opens)
    return not _roles(who, snapshot).isdisjoint(one.opened_by) or (names_owner and may_open(one, who, snapshot, None))


def _roles(who: Visitor, snapshot: Organisation) -> frozenset[Role]:
    held = {role for role in POSTS if snapshot.post_of(role) in who.actor.posts}
    return frozenset({Role.ANYONE, *held})


def _parent(connection: sa.Connection, one: Lifecycle, parent_id: UUID | None) -> Subject | None:
    if parent_id is None:
        return None
    parent = load(connection, parent_id)
    if parent.lifecycle.name != one.child_of:
        raise NotFound
    return parent
