"""Lists of records of any lifecycle, with the filters its declaration offers."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.organisation import organisation
from service.reading.records import RecordRow, list_records
from service.subject import typed_table
from service.web.pages import behind, wording
from service.web.pages.addresses import active_filters, asked_for, identifier, link
from service.web.pages.beside import beside
from service.web.pages.exported import exports
from service.web.pages.facts import fields_of
from service.web.pages.forms import posts, processes, units
from service.web.pages.frame import show
from service.web.pages.opening import is_offered
from service.web.pages.printed_copies import of_documents
from service.web.pages.prints_links import print_link
from service.web.site import Visitor, Who
from states.lifecycle import Field, Lifecycle
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

MOST_COUNTED: Final = 1_000  # beyond that nobody reads on to the end of a list: it is narrowed
_SHOW = {"open": N_("Not finished"), "late": N_("Late"), "closed": N_("Finished")}


@router.get("/{collection:collection}")
async def records(request: Request, who: Who, collection: str) -> Response:
    """The newest first."""
    one, after = lifecycle(collection), request.query_params.get("after")
    choices = choice_fields(one)
    asked = asked_for(request, *names_asked(one))

    def read(connection: sa.Connection) -> dict[str, Any]:
        narrowed = narrowed_by(connection, one, asked)
        page = list_records(connection, who.actor, who.now, one.name, **narrowed, cursor=after, most=MOST_COUNTED)
        path = f"/{one.collection}"
        fields = [*_filters(connection, one, choices, asked, who), *behind.fields(connection, one, asked, who.language)]
        return {
            "lifecycle": one,
            "rows": [record_line(row, who.language) for row in page.rows],
            "fields": fields,
            "active": active_filters(fields, path, asked),
            "path": path,
            "may_open": is_offered(one, who, organisation(connection)),
            "beside": beside(one.name, who, organisation(connection)),
            "total": wording.in_all(page.total, who.language, MOST_COUNTED),
            "next_href": link(path, asked, after=page.next) if page.next else "",
            "first_href": link(path, asked) if after else "",
            "exports": [*exports(f"/exports/{one.collection}", asked), print_link(path, asked)] if page.total else [],
        }

    return await show(request, who, "records.html", read)


def names_asked(one: Lifecycle) -> tuple[str, ...]:
    """What the address of a list may ask for."""
    of_document = ("document",) if "document_id" in typed_table(one.name).c else ()
    choices = (field.name for field in choice_fields(one))
    return ("q", "state", "show", "owner", "unit", "process", *of_document, *choices, *behind.NAMES)


def narrowed_by(connection: sa.Connection, one: Lifecycle, asked: Mapping[str, str]) -> dict[str, Any]:
    """What an address asks for, as `asked_records` takes it. Raises Malformed."""
    return {
        "state": asked.get("state"),
        "text": asked.get("q"),
        "owner_post_id": identifier(asked.get("owner")),
        "unit_id": None if asked.get("unit") == behind.WITHOUT_UNIT else identifier(asked.get("unit")),
        "process_id": identifier(asked.get("process")),
        "document_id": identifier(asked.get("document")),
        "is_open": {"open": True, "closed": False}.get(asked.get("show", "")),
        "late": True if asked.get("show") == "late" else None,
        "typed": {field.name: asked[field.name] for field in choice_fields(one) if field.name in asked},
        "more": behind.narrowing(connection, one, asked),
    }


def choice_fields(one: Lifecycle) -> list[Field]:
    """The declared choices that are kept in the lifecycle's typed table, and so can be filtered by."""
    columns = typed_table(one.name).c
    return [field for field in fields_of(one).values() if field.kind == "choice" and field.name in columns]


def record_line(row: RecordRow, language: str) -> dict[str, Any]:
    """A record as a row of a table."""
    return {
        "title": {"code": row.code, "text": row.title, "href": f"/{row.lifecycle.collection}/{row.id}"},
        "state": wording.badge(row.lifecycle, row.state, language),
        "owner": wording.heading(row.owner, language) if row.owner else None,
        "unit": wording.heading(row.unit, language) if row.unit else None,
        "due": wording.due(row.due_at, row.days, language) if row.due_at and row.days is not None else None,
        "opened": wording.short(today(row.opened_at), language),
    }


def _filters(
    connection: sa.Connection, one: Lifecycle, choices: list[Field], asked: dict[str, str], who: Visitor
) -> list[dict[str, Any]]:
    language, snapshot = who.language, organisation(connection)
    steps = [{"value": step.name, "label": wording.heading(step.label, language)} for step in one.steps.values()]
    selects: list[tuple[str, str, list[dict[str, str]]]] = [
        ("state", say(_STATE, language), steps),
        ("show", say(_WHICH, language), [{"value": key, "label": say(text, language)} for key, text in _SHOW.items()]),
        *(
            (
                field.name,
                wording.heading(field.label, language),
                [{"value": choice.value, "label": wording.heading(choice.label, language)} for choice in field.choices],
            )
            for field in choices
        ),
        ("owner", say(_OWNER, language), posts(snapshot, who)),
        ("unit", say(_UNIT, language), [*units(snapshot, language), behind.no_unit(language)]),
        ("process", say(_PROCESS, language), processes(connection, by_code=False)),
        ("document", say(_DOCUMENT, language), of_documents(connection, one)),
    ]
    search = {"name": "q", "label": say(_SEARCH, language), "kind": "search", "value": asked.get("q", "")}
    return [
        search,
        *(
            {"name": name, "label": label, "choices": values, "value": asked.get(name, "")}
            for name, label, values in selects
            if values
        ),
    ]


_STATE, _WHICH, _OWNER, _UNIT = N_("State"), N_("Show"), N_("Owner"), N_("Unit")
_PROCESS, _DOCUMENT, _SEARCH = N_("Process"), N_("Document"), N_("Code or words of a title")
