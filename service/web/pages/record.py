"""One record of any lifecycle: where it stands, what was decided, what this person may do, and doing it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.files.attachments import attachments_of
from service.policies.reading import read_version
from service.policies.words import said
from service.reading.causes import PART as CAUSE
from service.reading.causes import has_causes
from service.reading.ladder import ladder_of
from service.reading.permissions import may_explain
from service.reading.records import RecordView, read_record
from service.reading.signatures import signatures_of
from service.reading.tasks import TaskView
from service.web.pages import wording
from service.web.pages.beside import beside_one
from service.web.pages.decisions import decision_cards
from service.web.pages.explained import asks
from service.web.pages.facts import history_entries, typed_facts
from service.web.pages.files import entry
from service.web.pages.foreseen import notices_of
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.kept import kept_facts
from service.web.pages.making import attempt
from service.web.pages.parts import Asked, Page, may_add, sections, why_not
from service.web.pages.picture import drawn
from service.web.pages.policies_shown import step_href
from service.web.pages.records import record_line
from service.web.pages.reporting import reports_about
from service.web.pages.routes_shown import chain_shown
from service.web.pages.signing import proving, signature_cards
from service.web.pages.sitting_next import sitting_of
from service.web.pages.standing import done, ladder_rungs, turn
from service.web.pages.told import Told, more_columns
from service.web.pages.whom import warned
from service.web.site import Here, Site, Visitor, Who
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles

router = APIRouter(include_in_schema=False)


@router.get("/{collection:collection}/{record_id:uuid}")
async def record(request: Request, who: Who, here: Here, collection: str, record_id: UUID) -> Response:
    """The record whole. `?done=` is the version that a move just left behind."""
    return await record_page(request, who, here, collection, record_id, None)


@router.get("/{collection:collection}/{record_id:uuid}/moves/{name}")
async def back_to_record(who: Who, collection: str, record_id: UUID, name: str) -> Response:
    """A move is made by sending its form; whoever comes here otherwise wants the record."""
    return RedirectResponse(f"/{collection}/{record_id}", 303)


@router.post("/{collection:collection}/{record_id:uuid}/moves/{name}")
async def make_move(request: Request, who: Who, here: Here, collection: str, record_id: UUID, name: str) -> Response:
    """Make the move and show the record; or the same page with what is wrong, nothing typed lost."""
    made = await attempt(request, who, here, record_id, lifecycle(collection), name)
    if isinstance(made, Refused):
        return await record_page(request, who, here, collection, record_id, made)
    return RedirectResponse(f"/{collection}/{record_id}{made.stays_at()}", 303)


async def record_page(
    request: Request, who: Visitor, here: Site, collection: str, record_id: UUID, refused: Refused | None
) -> Response:
    """The page of a record, with the form that was refused open. Raises NotFound."""
    asked = request.query_params

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not lifecycle(collection):
            raise NotFound
        open_form = Asked(asked.get("move", ""), asked.get("no", "")) if refused is None else Asked()
        told = Told(connection, view, who, refused, proving(connection, request, who))
        context = _context(told, asked.get("done", ""), open_form)
        return {
            **context,
            "foreseen": notices_of(connection, view.subject, here.settings.home, who.language),
            "nobody_reads": warned(connection, who, view.subject, acts=bool(view.moves)),
        }

    answer = await show(request, who, "record.html", read, refused.refusal.status if refused else 200)
    answer.headers.update(getattr(refused.refusal, "headers", {}) if refused else {})
    return answer


def _context(told: Told, version: str, asked: Asked) -> dict[str, Any]:
    view, who, refused, snapshot = told.view, told.who, told.refused, told.known.snapshot
    one, language, fields = view.lifecycle, who.language, view.subject.fields
    signatures = signatures_of(told.connection, view.subject.id, one)
    files = [entry(one, language) for one in attachments_of(told.connection, view.subject.id)]
    page = Page(told.forms, told.known, {one["name"]: one for one in files}, asked, more_columns(told))
    offered = refused is not None and _offered(view, refused)
    mine = any(task.is_with(who.actor) for task in view.tasks)
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
                "by": {"href": step_href(task.lifecycle, task.step), "text": _policy(told, task)},
                "rungs": ladder_rungs(ladder_of(task, view.told, snapshot.calendar), language),
            }
            for task in view.tasks
        ],
        "messages": done(view, who, version),
        "turn": turn(view, language),
        "mine": mine,
        "sits": sitting_of(told),
        "firsts": [below for below in view.child_lifecycles if mine and not _is_raised(one, below)],
        "moves": told.forms.of_the_record(),
        "parts": sections(page),
        "beside": beside_one(one.name, view.subject.state),
        "causes": bool(has_causes(view) and (view.parts[CAUSE] or may_add(view, CAUSE))),
        "documents": told.forms.choices.get("document", []),
        "refused": refused.message(language) if refused else None,
        "stray": refused is not None and not offered,
        "typed": [] if refused is None or offered else refused.words(),
        "asks": asks(view.subject, language) if may_explain(snapshot, who.actor) else [],
        "facts": [*typed_facts(view, told.known), *kept_facts(view, who)],
        "files": files,
        "decisions": decision_cards(told.connection, view, view.decisions, signatures, who.actor, who.now, language),
        "signatures": signature_cards(signatures, one, language, view.decisions),
        "children": {
            below.name: [record_line(child, language) for child in view.children if child.lifecycle is below]
            for below in lifecycles().values()
        },
        "child_lifecycles": [below for below in lifecycles().values() if below.child_of == one.name],
        "route": chain_shown(told.connection, view, language) if one.name == "document" else [],
        "reports": reports_about(view, who, snapshot),
        "history": history_entries(view.history, one, told.known),
        "picture": drawn(one, language, view.subject.state, frozenset(entry.to_state for entry in view.history)),
    }


def _policy(told: Told, task: TaskView) -> str:
    """By which policy a task is due."""
    version = read_version(told.connection, task.policy_id, told.who.now) if task.policy_id else None
    return said(task.lifecycle, task.step, version.policy if version else None, told.who.language)


def _is_raised(one: Lifecycle, below: Lifecycle) -> bool:
    """Whether a move opens records of that kind by itself, with all that is known: then this is the better way."""
    return any(then.opens == below.name for move in one.moves.values() for then in move.then)


def _offered(view: RecordView, refused: Refused) -> bool:
    """Whether the form that was refused is still on the page: its move is theirs, and what it is about is there."""
    move = next((one for one in view.moves if one.name == refused.name), None)
    if move is None:
        return False
    if not move.part or move.adds:
        return True
    about = str(refused.typed.get(move.part))
    row = next((row for row in view.parts[move.part] if str(row["no"]) == about), None)
    return row is not None and why_not(move, view.case, row["no"]) is None
