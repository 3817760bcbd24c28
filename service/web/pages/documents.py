"""The register of documents, and one document with all its revisions."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.act import Act
from service.codes import CHANGES, change_code, former_codes, may_change, propose
from service.controlled.given import file_of
from service.document_card import SAYS, correct_card, corrections
from service.language import say
from service.organisation import organisation
from service.reading.documents import (
    KIND,
    DocumentRow,
    RegisterChoices,
    list_documents,
    read_document,
    register_choices,
)
from service.reading.doubts import doubts_about
from service.reading.records import list_records
from service.registering import may_register
from service.subject import all_roles
from service.web.pages import whom, wording
from service.web.pages.addresses import active_filters, asked_for, identifier, link
from service.web.pages.beside import beside
from service.web.pages.facts import given_facts
from service.web.pages.forms import Options, Refused, processes
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept
from service.web.pages.printed_copies import copies_in_hand
from service.web.pages.prints_links import print_link
from service.web.pages.records import record_line
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_in_words, day_short
from states.registry import lifecycle
from states.text import N_, Text
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/documents"
FILTERS = ("q", "type", "group", "state", "owner", "process")


@router.get(PATH)
async def register(request: Request, who: Who) -> Response:
    """The register with its filters, in the order of its codes."""
    asked, after = asked_for(request, *FILTERS), request.query_params.get("after")

    def read(connection: sa.Connection) -> dict[str, Any]:
        page = list_documents(
            connection,
            who.actor,
            who.now,
            type_code=asked.get("type"),
            process_group=asked.get("group"),
            process_id=identifier(asked.get("process")),
            state=asked.get("state"),
            owner_post_id=identifier(asked.get("owner")),
            text=asked.get("q"),
            cursor=after,
        )
        fields = _filters(register_choices(connection), processes(connection, by_code=False), asked, who.language)
        return {
            "rows": _lines(connection, page.rows, who.language),
            "may_register": may_register(connection, who.actor),
            "beside": beside(KIND, who, organisation(connection)),
            "fields": fields,
            "active": active_filters(fields, PATH, asked),
            "total": wording.in_all(page.total, who.language),
            "next_href": link(PATH, asked, after=page.next) if page.next else "",
            "first_href": link(PATH, asked) if after else "",
            "exports": [print_link(PATH, asked)] if page.total else [],
        }

    return await show(request, who, "documents.html", read)


@router.get("/documents/{document_id:uuid}")
async def document(request: Request, who: Who, document_id: UUID) -> Response:
    """One document: what is in force, what is on its way, what the source said."""
    return await _page(request, who, document_id, None)


@router.post("/documents/{document_id:uuid}/code")
async def another_code(request: Request, who: Who, here: Here, document_id: UUID) -> Response:
    """Give it another code; the old one stays findable. Raises NotYours, NotFound."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: change_code(connection, document_id, typed, who.actor, who.now),
        f"{PATH}/{document_id}",
        lambda refused: _page(request, who, document_id, refused),
        "code",
    )


@router.post("/documents/{document_id:uuid}/card")
async def correct(request: Request, who: Who, here: Here, document_id: UUID) -> Response:
    """Correct what the register says of it. Raises NotYours, NotFound."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: correct_card(connection, document_id, typed, who.actor, who.now),
        f"{PATH}/{document_id}",
        lambda refused: _page(request, who, document_id, refused),
        "card",
    )


async def _page(request: Request, who: Visitor, document_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        return {**_document(connection, who, document_id, refused), "messages": kept(request, who.language, **_DONE)}

    return await show(request, who, "document.html", read, refused.refusal.status if refused else 200)


def _document(connection: sa.Connection, who: Visitor, document_id: UUID, refused: Refused | None) -> dict[str, Any]:
    row, language, one = read_document(connection, document_id, who.actor, who.now), who.language, lifecycle(KIND)
    fields = {"owner_post_id": row.owner_post_id, "unit_id": row.unit_id, "campus_id": row.campus_id, "author_id": None}
    may = not all_roles(who.actor, fields, organisation(connection)).isdisjoint(one.opened_by)
    revisions = list_records(connection, who.actor, who.now, KIND, document_id=document_id, limit=100)
    by_id = {revision.id: revision for revision in revisions.rows}
    kind = connection.execute(sa.select(t.document_type).where(t.document_type.c.code == row.type_code)).one()
    return {
        "document": row,
        "lifecycle": one,
        "state": wording.badge(one, row.state or row.under_way_state or "", language) if row.state_label else None,
        "in_force": by_id.get(row.in_force_id) if row.in_force_id else None,
        "under_way": by_id.get(row.under_way_id) if row.under_way_id else None,
        "revisions": [record_line(revision, language) for revision in revisions.rows],
        "may_start": may and row.under_way_id is None,
        "may_register": may_register(connection, who.actor),
        "formerly": former_codes(connection, [document_id]).get(document_id, []),
        "code_form": _code_form(connection, who, row, refused),
        "card_form": _card_form(connection, who, row, refused),
        "corrected": _corrected(connection, document_id, language),
        "process": _process(connection, document_id),
        "readable": _readable(connection, row.in_force_id),
        "in_force_on": day_in_words(row.in_force_on, language) if row.in_force_on else None,
        "review_due_on": day_in_words(row.review_due_on, language) if row.review_due_on else None,
        "type": f"{kind.code} · {Text(kind.name_ky, kind.name_ru, kind.name_en).into(language)}",
        "doubts": [doubt.says(language) for doubt in doubts_about(connection, document_id)],
        "source": given_facts(row.given, language),
        "copies": copies_in_hand(connection, who, row),
        "nobody_reads": whom.of_document(connection, who, row.under_way_id or row.in_force_id),
    }


def _filters(
    choices: RegisterChoices, of_processes: Options, asked: dict[str, str], language: str
) -> list[dict[str, Any]]:
    steps = lifecycle(KIND).steps.values()
    selects: list[tuple[str, str, Options]] = [
        ("type", _TYPE, [{"value": code, "label": f"{code} · {name.into(language)}"} for code, name in choices.types]),
        ("group", _GROUP, [{"value": group, "label": group} for group in choices.groups]),
        ("state", _STATE, [{"value": step.name, "label": wording.heading(step.label, language)} for step in steps]),
        (
            "owner",
            _OWNER,
            [{"value": str(post_id), "label": wording.heading(name, language)} for post_id, name in choices.owners],
        ),
        ("process", _PROCESS, of_processes),
    ]
    search = {"name": "q", "label": say(_SEARCH, language), "kind": "search", "value": asked.get("q", "")}
    return [
        search,
        *(
            {"name": name, "label": say(label, language), "choices": values, "value": asked.get(name, "")}
            for name, label, values in selects
            if values
        ),
    ]


def _code_form(
    connection: sa.Connection, who: Visitor, row: DocumentRow, refused: Refused | None
) -> dict[str, Any] | None:
    """The form that changes the code, with the next free one of its type and group; None where it is not theirs."""
    if not may_change(Act(connection, organisation(connection), who.actor, who.now), row.campus_id):
        return None
    known = row.process_group.isascii() and row.process_group.isdigit()
    next_free = propose(connection, row.campus_id, row.type_code, row.process_group) if known else ""
    return keep_form(
        connection, who, f"{PATH}/{row.id}/code", _CHANGE, CHANGES, {"code": next_free}, refused, tone="quiet"
    )


def _readable(connection: sa.Connection, in_force_id: UUID | None) -> bool:
    """Whether what is in force has its controlled file."""
    file = file_of(connection, in_force_id) if in_force_id else None
    return file is not None and file.sha256 is not None


def _process(connection: sa.Connection, document_id: UUID) -> Any:
    """The process that it belongs to: its id, code and name, or None."""
    process, document = t.process.c, t.document.c
    theirs = sa.select(process.id, process.code, process.name).join(t.document, document.process_id == process.id)
    return connection.execute(theirs.where(document.id == document_id)).first()


def _card_form(
    connection: sa.Connection, who: Visitor, row: DocumentRow, refused: Refused | None
) -> dict[str, Any] | None:
    """The form that corrects what the register says; None where it is not theirs."""
    snapshot = organisation(connection)
    if not may_change(Act(connection, snapshot, who.actor, who.now), row.campus_id):
        return None
    process = _process(connection, row.id)
    typed = {
        "title": row.title,
        "process": process.code if process else "",
        "unit": snapshot.units[row.unit_id].code if row.unit_id else "",
        "owner_post": snapshot.posts[row.owner_post_id].code if row.owner_post_id else "",
    }
    form = keep_form(connection, who, f"{PATH}/{row.id}/card", _CORRECT, SAYS, typed, refused, tone="quiet")
    for control in form["controls"]:
        if control["name"] == "process":
            control["choices"] = processes(connection)
    return form


def _corrected(connection: sa.Connection, document_id: UUID, language: str) -> list[str]:
    """Who corrected what, and when, in words."""
    people, labels = organisation(connection).people, {field.name: field.label for field in SAYS}
    return [
        say(
            _CORRECTED,
            language,
            {
                "who": people[one.person_id].name if one.person_id else "Sapat",
                "day": day_in_words(today(one.at), language),
                "what": ", ".join(labels[name].into(language) for name in one.fields),
            },
        )
        for one in corrections(connection, document_id)
    ]


def _lines(connection: sa.Connection, rows: list[DocumentRow], language: str) -> list[dict[str, Any]]:
    before = former_codes(connection, [row.id for row in rows])
    return [_line(row, before.get(row.id, []), language) for row in rows]


def _line(row: DocumentRow, before: list[str], language: str) -> dict[str, Any]:
    one, state = lifecycle(KIND), row.state or row.under_way_state
    note = {"note": say(_FORMERLY, language, {"codes": ", ".join(before)})} if before else {}
    return {
        "code": {"text": "", "code": row.code, **note},
        "title": {"text": row.title, "href": f"{PATH}/{row.id}"},
        "type": row.type_code,
        "state": wording.badge(one, state, language) if state else None,
        "since": day_short(row.in_force_on, language) if row.in_force_on else None,
        "review": day_short(row.review_due_on, language) if row.review_due_on else None,
        "owner": wording.heading(row.owner, language) if row.owner else None,
    }


_FORMERLY, _CHANGE = N_("formerly %(codes)s"), N_("Change the code")
_TYPE, _GROUP, _STATE = N_("Type"), N_("Process group"), N_("State")
_OWNER, _PROCESS, _SEARCH = N_("Owner"), N_("Process"), N_("Code or words of a title")
_DONE = {
    "registered": N_("The document stands in the register. Its first revision is begun here."),
    "code": N_("The document has its new code. By the old one it is still found."),
    "card": N_("What the register says of the document is corrected."),
}
_CORRECT, _CORRECTED = N_("Correct it"), N_("%(who)s, %(day)s: %(what)s")
