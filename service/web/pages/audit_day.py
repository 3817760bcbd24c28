"""The day of an audit, on a phone: the checklist answered clause by clause, findings, nonconformities raised from them.

Everything here is a move of the record, as on the record's own page; here several are made at once.
"""

from collections.abc import Iterator, Mapping
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.auditing import Answer, answer_checklist
from service.idempotency import Answered, once
from service.moves import move
from service.reading.audits import AUDIT
from service.reading.checklists import RAISES, raised_from
from service.reading.records import read_record
from service.web.pages import wording
from service.web.pages.audit_day_shown import (
    ANSWERS,
    adding,
    as_many_as_fit,
    by_clause,
    choices,
    finding,
    said_after,
)
from service.web.pages.forms import Refused, sent, sent_with_files
from service.web.pages.frame import show
from service.web.pages.signing import proving
from service.web.pages.told import Told
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound, NotYours, Refusal
from states.registry import lifecycle

router = APIRouter(include_in_schema=False)

FINDS: Final = "add_finding"


@router.get("/audits/{audit_id:uuid}/day")
async def day(request: Request, who: Who, audit_id: UUID) -> Response:
    """The checklist and the findings. `?from=` begins a finding with what a question says. Raises NotFound."""
    return await _page(request, who, audit_id, None)


@router.post("/audits/{audit_id:uuid}/day/answers")
async def keep_answers(request: Request, who: Who, here: Here, audit_id: UUID) -> Response:
    """Record the results that are new; then go on with them, or with the finding that is to be begun from one."""
    typed = await sent(request)
    given = list(_answers(typed))
    try:
        done = await here.writing(lambda connection: answer_checklist(connection, audit_id, given, who.actor, who.now))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, who, audit_id, Refused(ANSWERS, typed, refusal))
    if done.overtaken:
        # What was typed of these is shown again, beside what somebody else said meanwhile.
        return await _page(request, who, audit_id, None, overtaken=dict.fromkeys(done.overtaken, typed))
    if begins := typed.get("finding"):
        return RedirectResponse(f"/audits/{audit_id}/day?{urlencode({'from': begins})}#add-finding", 303)
    return RedirectResponse(f"/audits/{audit_id}/day?{urlencode({'kept': done.kept})}#checklist", 303)


@router.post("/audits/{audit_id:uuid}/day/finding")
async def add_finding(request: Request, who: Who, here: Here, audit_id: UUID) -> Response:
    """Record a finding; a form that is sent twice is one."""
    declared = lifecycle(AUDIT).moves[FINDS]
    given = await sent_with_files(request, here, who, declared.records)
    given.pop("version", "")
    form = given.pop("form_token", "")

    def write(connection: sa.Connection) -> str:
        def do() -> Answered:
            made = move(connection, audit_id, FINDS, who.actor, given, who.now)
            return Answered(303, {"version": made.version})

        if not form or who.person is None:
            return str(do().content["version"])
        key = f"finding:{audit_id}:{form[:64]}"
        return str(once(connection, who.person.id, key, given, who.now, do).content["version"])

    try:
        await here.writing(write)
    except (NotFound, NotYours):
        raise
    except Refusal as refusal:
        return await _page(request, who, audit_id, Refused(FINDS, given, refusal))
    return RedirectResponse(f"/audits/{audit_id}/day?found=1#findings", 303)


@router.post("/audits/{audit_id:uuid}/day/raise")
async def raise_nonconformity(request: Request, who: Who, here: Here, audit_id: UUID) -> Response:
    """Raise a nonconformity from a finding, and show its number."""
    typed = await sent(request)
    given = {"finding": typed.get("finding", "")}
    try:
        await here.writing(lambda connection: move(connection, audit_id, RAISES, who.actor, given, who.now))
    except (NotFound, NotYours):
        raise
    except Refusal as refusal:
        return await _page(request, who, audit_id, Refused(RAISES, given, refusal))
    return RedirectResponse(f"/audits/{audit_id}/day?{urlencode({'raised': given['finding']})}#findings", 303)


def _answers(typed: Mapping[str, str]) -> Iterator[Answer]:
    for name, saw in typed.items():
        head, _, no = name.partition("-")
        if head == "saw" and no.isascii() and no.isdigit() and len(no) < 6:
            yield Answer(int(no), typed.get(f"answer-{no}", ""), typed.get(f"note-{no}", "").strip(), saw)


async def _page(
    request: Request,
    who: Visitor,
    audit_id: UUID,
    refused: Refused | None,
    overtaken: Mapping[int, Mapping[str, str]] | None = None,
) -> Response:
    asked = request.query_params

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, audit_id, who.actor, who.now)
        if view.lifecycle.name != AUDIT:
            raise NotFound
        told = Told(connection, view, who, refused, proving(connection, request, who))
        raised, moves = raised_from(connection, view), {one.name: one for one in view.moves}
        typed = refused.typed if refused and refused.name == ANSWERS else {}
        questions = view.parts["question"]
        rows = as_many_as_fit(questions) if ANSWERS in moves else questions
        token = (refused.typed.get("form_token") if refused else "") or token_urlsafe(16)
        sends = f"/audits/{audit_id}/day/finding"
        return {
            "view": view,
            "fields": view.subject.fields,
            "state": wording.badge(view.lifecycle, view.subject.state, who.language),
            "groups": by_clause(rows, told, typed, overtaken),
            "answered": sum(bool(row["answer"]) for row in questions),
            "questions": len(questions),
            "left_out": len(questions) - len(rows),
            "answers": choices(told, "question", "answer"),
            "may_answer": ANSWERS in moves,
            "may_add": "add_question" in moves,
            "findings": [finding(row, told, raised, may_raise=RAISES in moves) for row in view.parts["finding"]],
            "add": adding(told, moves[FINDS], sends, token, asked.get("from", "")) if FINDS in moves else None,
            "finishes": "finish" in moves,
            "messages": [] if refused or overtaken else said_after(asked, raised, who.language),
            "refused": refused.message(who.language) if refused and refused.name != FINDS else None,
            "overtaken": sorted(overtaken or ()),
            "documents": told.forms.choices.get("document", []),
        }

    status = refused.refusal.status if refused else 409 if overtaken else 200
    return await show(request, who, "audit_day.html", read, status)
