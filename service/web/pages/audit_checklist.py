"""Filling the checklist of an audit: out of a former audit of this process or unit, or of clauses of the standard."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.auditing import ask_clauses, copy_checklist
from service.parts import read_part
from service.reading.audits import AUDIT
from service.reading.checklists import FormerAudit, former_audits
from service.reading.entries import Catalogue, EntryView, catalogues
from service.reading.permitted import require_readable
from service.reading.records import RecordView, read_record
from service.subject import load
from service.web.incoming import within, words_of
from service.web.pages.addresses import identifier
from service.web.pages.audit_day_shown import RESULTS, by_clause
from service.web.pages.choosing import entry_name
from service.web.pages.facts import shown
from service.web.pages.forms import LARGEST, MOST, Refused
from service.web.pages.frame import show
from service.web.pages.signing import proving
from service.web.pages.told import Told
from service.web.pages.wording import badge, capital
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short
from states.lifecycle import Field
from states.refusals import Malformed, NotFound, NotFromHere, NotYours, Refusal
from states.text import Text

router = APIRouter(include_in_schema=False)

ADDS: Final = "add_question"
_NONE: Final = Text("", "", "")
# What comes as several check boxes of one name.
CHOSEN: Final = (Field("question", _NONE, "parts"), Field("clause", _NONE, "people"))


@router.get("/audits/{audit_id:uuid}/checklist")
async def fill(request: Request, who: Who, audit_id: UUID) -> Response:
    """What can be taken over; `?from=` shows the questions of a former audit. Raises NotFound, NotYours.

    Where the audit is not in a step in which questions are added, the checklist is shown as it was recorded.
    """
    return await _page(request, who, audit_id, None)


@router.post("/audits/{audit_id:uuid}/checklist")
async def add(request: Request, who: Who, here: Here, audit_id: UUID) -> Response:
    """Add the questions that were chosen, all or none. Raises NotFound, NotYours."""
    async with within(request, LARGEST, Malformed()).form(max_files=0, max_fields=MOST) as form:
        chosen = words_of(form, CHOSEN)
    source = identifier(chosen.get("from"))

    def write(connection: sa.Connection) -> int:
        if source:
            numbers = [int(no) for no in chosen.get("question", []) if no.isascii() and no.isdigit() and len(no) < 6]
            return copy_checklist(connection, audit_id, source, numbers, who.actor, who.now)
        return ask_clauses(connection, audit_id, chosen.get("clause", []), who.language, who.actor, who.now)

    try:
        await here.writing(write)
    except (NotFound, NotYours):
        raise
    except Refusal as refusal:
        return await _page(request, who, audit_id, Refused(ADDS, chosen, refusal), source)
    return RedirectResponse(f"/audits/{audit_id}/day#checklist", 303)


async def _page(
    request: Request, who: Visitor, audit_id: UUID, refused: Refused | None, source: UUID | None = None
) -> Response:
    asked = source or identifier(request.query_params.get("from"))

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, audit_id, who.actor, who.now)
        if view.lifecycle.name != AUDIT:
            raise NotFound
        if _is_shut(view, refused):
            return _recorded(Told(connection, view, who, None, proving(connection, request, who)))
        clauses = catalogues(connection, ["clause"])["clause"]
        there = {(row["clause"], row["text"]) for row in view.parts["question"]}
        return {
            "view": view,
            "fields": view.subject.fields,
            "former": [_former(one, who) for one in former_audits(connection, view.subject.fields, who.actor, who.now)],
            "source": _source(connection, view, asked, who, clauses, there) if asked else None,
            "chapters": [] if asked else _chapters(clauses, who.language, there),
            "count": len(there),
            "refused": refused.message(who.language) if refused else None,
            "errors": list(refused.errors(who.language).values()) if refused else [],
        }

    return await show(request, who, "audit_checklist.html", read, refused.refusal.status if refused else 200)


def _is_shut(view: RecordView, refused: Refused | None) -> bool:
    """Whether no questions are added in this step. Raises NotYours; NotFromHere where somebody has just tried."""
    try:
        if view.case:
            view.lifecycle.admit(view.case, ADDS)
    except NotFromHere:
        if refused:
            raise
        return True
    return False


def _recorded(told: Told) -> dict[str, Any]:
    """The checklist as it was recorded, to be read."""
    view, questions = told.view, told.view.parts["question"]
    return {
        "view": view,
        "fields": view.subject.fields,
        "state": badge(view.lifecycle, view.subject.state, told.who.language),
        "count": len(questions),
        "groups": by_clause(questions, told, {}),
        "shut": True,
    }


def _former(one: FormerAudit, who: Visitor) -> dict[str, Any]:
    return {
        "id": one.id,
        "code": one.code,
        "title": one.title,
        "on": day_short(one.on, who.language),
        "questions": one.questions,
        "alike": one.alike,
    }


def _source(
    connection: sa.Connection, view: RecordView, source_id: UUID, who: Visitor, clauses: Catalogue, there: set[Any]
) -> dict[str, Any]:
    """The former audit with its questions, each with its result then. Raises NotFound."""
    require_readable(connection, source_id, who.actor, who.now)
    subject = load(connection, source_id)
    if subject.lifecycle is not view.lifecycle or source_id == view.subject.id:
        raise NotFound
    answers = next(one for one in subject.lifecycle.parts["question"].fields if one.name == "answer")
    rows = []
    for row in read_part(connection, source_id, "question"):
        entry = clauses.find(row["clause"])
        result = row["answer"]
        rows.append(
            {
                "no": row["no"],
                "text": row["text"],
                "clause": entry_name(entry, who.language) if entry else row["clause"],
                "result": {"text": capital(shown(answers, result, who.language, None)), "tone": RESULTS[result]}
                if result
                else None,
                "there": (row["clause"], row["text"]) in there,
            }
        )
    return {"id": source_id, "code": subject.fields["code"], "title": subject.fields["title"], "rows": rows}


def _chapters(clauses: Catalogue, language: str, there: set[Any]) -> list[dict[str, Any]]:
    """The clauses of the newest edition in use, below the tops of its tree."""
    in_use = [one for one in clauses.entries if not one.closed]
    newest = next((one.edition for one in in_use), "")
    chapters: list[dict[str, Any]] = []
    for one in in_use:
        if one.edition != newest:
            break
        if one.depth == 0:
            chapters.append({"title": entry_name(one, language), "entries": []})
        if chapters:
            chapters[-1]["entries"].append(_clause(one, language, there))
    return chapters


def _clause(one: EntryView, language: str, there: set[Any]) -> dict[str, Any]:
    asked = (one.value, one.name.into(language)) in there
    return {"value": one.value, "text": entry_name(one, language), "depth": one.depth, "there": asked}
