"""One record of any lifecycle: where it stands, what was decided, what this person may do, and doing it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.moves import move
from service.organisation import organisation
from service.reading.ladder import ladder_of
from service.reading.records import RecordView, read_record
from service.web.pages import wording
from service.web.pages.facts import decision_card, history_entries, typed_facts
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import show
from service.web.pages.moving import cards
from service.web.pages.picture import drawn
from service.web.pages.records import record_line
from service.web.pages.standing import done, ladder_rungs, turn
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound, Refusal
from states.registry import lifecycle, lifecycles

router = APIRouter(include_in_schema=False)


@router.get("/{collection:collection}/{record_id:uuid}")
async def record(request: Request, who: Who, collection: str, record_id: UUID) -> Response:
    """The record whole. `?done=` is the version that a move just left behind."""
    return await _page(request, who, collection, record_id, None)


@router.get("/{collection:collection}/{record_id:uuid}/moves/{name}")
async def back_to_record(who: Who, collection: str, record_id: UUID, name: str) -> Response:
    """A move is made by sending its form; whoever comes here otherwise wants the record."""
    return RedirectResponse(f"/{collection}/{record_id}", 303)


@router.post("/{collection:collection}/{record_id:uuid}/moves/{name}")
async def make_move(request: Request, who: Who, here: Here, collection: str, record_id: UUID, name: str) -> Response:
    """Make the move and show the record; or the same page with what is wrong, nothing typed lost."""
    given = await sent(request)
    version = given.pop("version", "")
    expects = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        moved = await here.writing(
            lambda connection: move(connection, record_id, name, who.actor, given, who.now, expects=expects)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, who, collection, record_id, Refused(name, given, refusal))
    return RedirectResponse(f"/{collection}/{record_id}?done={moved.version}", 303)


async def _page(request: Request, who: Visitor, collection: str, record_id: UUID, refused: Refused | None) -> Response:
    version = request.query_params.get("done", "")

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not lifecycle(collection):
            raise NotFound
        return _context(connection, view, who, version, refused)

    return await show(request, who, "record.html", read, refused.refusal.status if refused else 200)


def _context(
    connection: sa.Connection, view: RecordView, who: Visitor, version: str, refused: Refused | None
) -> dict[str, Any]:
    one, language, fields = view.lifecycle, who.language, view.subject.fields
    snapshot = organisation(connection)
    return {
        "view": view,
        "lifecycle": one,
        "fields": fields,
        "state": wording.badge(one, view.subject.state, language),
        "tasks": [
            {
                "task": task,
                "due": wording.due(task.due_at, task.days, language),
                "people": ", ".join(
                    filter(None, (wording.unless(name, task.holder, language) for name in task.people))
                ),
                "rungs": ladder_rungs(ladder_of(task, view.told, snapshot.calendar), language),
            }
            for task in view.tasks
        ],
        "messages": done(view, who, version),
        "turn": turn(view, language),
        "mine": any(task.is_with(who.actor) for task in view.tasks),
        "moves": cards(connection, view, who, refused),
        "refused": refused.message(language) if refused else None,
        "typed": [] if refused is None or _offered(view, refused) else list(refused.typed.values()),
        "facts": typed_facts(view.subject, language),
        "decisions": [decision_card(decision, one, language) for decision in reversed(view.decisions)],
        "children": {
            below.name: [record_line(child, language) for child in view.children if child.lifecycle is below]
            for below in lifecycles().values()
        },
        "child_lifecycles": [below for below in lifecycles().values() if below.child_of == one.name],
        "history": history_entries(view.history, one, snapshot, language),
        "picture": drawn(one, language, view.subject.state, frozenset(entry.to_state for entry in view.history)),
    }


def _offered(view: RecordView, refused: Refused) -> bool:
    return any(one.name == refused.name for one in view.moves)
