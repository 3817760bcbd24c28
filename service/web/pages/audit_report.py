"""The report of an audit as it is printed: criteria, scope, team, results, findings, conclusion, signatures."""

from collections import Counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.reading.audits import AUDIT
from service.reading.checklists import raised_from
from service.reading.mentioned import fields_of, kept
from service.reading.records import RecordView, read_record
from service.reading.signatures import signatures_of
from service.web.pages import wording
from service.web.pages.audit_day_shown import by_clause, choices, finding
from service.web.pages.facts import cell
from service.web.pages.frame import show
from service.web.pages.records import record_line
from service.web.pages.signing import proving, signature_cards
from service.web.pages.told import Told
from service.web.site import Visitor, Who
from states.kyrgyz import day_short, moment_in_words
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)

# What is said of the audit itself, in the order of a report (ISO 19011:2018, 6.5.1).
SAID = ("scope", "criteria", "process", "unit", "lead_auditor", "auditors", "planned_on", "carried_out_on", "talked_to")
WRITTEN = ("acceptance", "accepted")


@router.get("/audits/{audit_id:uuid}/report")
async def report(request: Request, who: Who, audit_id: UUID) -> Response:
    """The report, as far as it is written. Raises NotFound."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, audit_id, who.actor, who.now)
        if view.lifecycle.name != AUDIT:
            raise NotFound
        return _context(connection, view, Told(connection, view, who, None, proving(connection, request, who)), who)

    return await show(request, who, "audit_report.html", read)


def _context(connection: sa.Connection, view: RecordView, told: Told, who: Visitor) -> dict[str, Any]:
    language, questions = who.language, view.parts["question"]
    raised = raised_from(connection, view)
    signatures = signatures_of(connection, view.subject.id, view.lifecycle)
    answered = Counter(row["answer"] for row in questions)
    return {
        "view": view,
        "fields": view.subject.fields,
        "state": wording.badge(view.lifecycle, view.subject.state, language),
        "written": view.subject.state in WRITTEN,
        "facts": _facts(view, told),
        "counts": [
            *(
                {"term": one["label"], "value": str(answered[one["value"]])}
                for one in choices(told, "question", "answer")
            ),
            *([{"term": say(_OPEN, language), "value": str(answered[None])}] if answered[None] else []),
        ],
        "groups": by_clause(questions, told, {}),
        "findings": [finding(row, told, raised) for row in view.parts["finding"]],
        "raised": [record_line(child, language) for child in view.children],
        "unseen": len(view.below) - len(view.children),
        "evidence": [
            {
                "text": row["what"],
                "note": ", ".join(filter(None, (day_short(row["evidence_on"], language), row["file"]))),
            }
            for row in view.parts["evidence"]
        ],
        "signatures": signature_cards(signatures, view.lifecycle, language),
        "printed": moment_in_words(who.now, language),
    }


def _facts(view: RecordView, told: Told) -> list[dict[str, Any]]:
    language, fields = told.who.language, fields_of(view.lifecycle)
    rows = []
    for name in SAID:
        value = view.process if name == "process" else cell(fields[name], kept(view.subject.fields, name), told.known)
        if value not in (None, "", []):
            rows.append({"term": wording.heading(fields[name].label, language), "value": value})
    first, last = (view.subject.fields[name] for name in ("original_planned_on", "planned_on"))
    if first != last:
        rows.append({"term": say(_FIRST, language), "value": day_short(first, language)})
    if view.owner:
        rows.append({"term": say(_OWNER, language), "value": wording.heading(view.owner, language)})
    return rows


_OPEN, _OWNER, _FIRST = N_("Without a result"), N_("Owner"), N_("First planned for")
