"""Bringing in the register of documents or of processes from a table: a trial run first, then the import itself."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.importing.processes import WHAT as WHAT_PROCESSES
from service.importing.processes import import_processes
from service.importing.register import WHAT as WHAT_DOCUMENTS
from service.importing.register import import_register
from service.importing.report import Report
from service.keeping.change import QUALITY
from service.language import say, says
from service.organisation import organisation
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.keeping import must_keep
from service.web.pages.noticed import noticed
from service.web.pages.organisation_import import SHOWN, sent_table, waiting_tables
from service.web.site import Here, Site, Visitor, Who
from states.refusals import NotYours, Refusal
from states.text import N_, Text

router = APIRouter(include_in_schema=False)


class Brought(NamedTuple):
    """What can be brought in: by which import, what it is called in a refusal, on the page, and its columns."""

    bring: Callable[..., Report]
    what: Text
    list: str
    lede: str
    columns: str


KINDS: Final = {
    "documents": Brought(
        import_register,
        WHAT_DOCUMENTS,
        N_("Register of documents"),
        N_(
            "Each row becomes a document whose first revision is in force; its type is added where there is none "
            "of that abbreviation. Nothing is corrected: what is doubtful is said. What is there already is not "
            "changed."
        ),
        N_(
            "A row of headings, in Kyrgyz, Russian or English, in any order: code and title, which are needed; "
            "process group, number, type."
        ),
    ),
    "processes": Brought(
        import_processes,
        WHAT_PROCESSES,
        N_("Processes"),
        N_(
            "Each row becomes a process; its owners are linked as far as they can be read, and stay as they were "
            "given. What is there already is not changed."
        ),
        N_(
            "A row of headings, in Kyrgyz, Russian or English, in any order: code and name, which are needed; "
            "section, owner."
        ),
    ),
}


@router.get("/documents/import")
@router.get("/processes/import")
async def choose_table(request: Request, who: Who) -> Response:
    """The form for the table. Raises NotYours."""
    return await _page(request, who, _kind(request))


@router.post("/documents/import")
@router.post("/processes/import")
async def try_table(request: Request, who: Who, here: Here) -> Response:
    """A trial run of the table that was sent: nothing is written. Raises NotYours."""
    kind = _kind(request)
    await here.reading(lambda connection: must_keep(organisation(connection), who, KINDS[kind].what, QUALITY))
    try:
        name, content = await sent_table(request)
        key = await asyncio.to_thread(waiting_tables(here).keep, content, name, who.now)
        report = await _run(here, who, kind, key, name, dry_run=True)
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, kind, refusal=refusal)
    return await _page(request, who, kind, report=report, key=key)


@router.post("/documents/import/confirm")
@router.post("/processes/import/confirm")
async def bring_in(request: Request, who: Who, here: Here) -> Response:
    """The import itself, of the table whose trial run was seen. Raises NotYours."""
    kind, typed = _kind(request), await sent(request)
    try:
        report = await _run(here, who, kind, typed.get("key", ""), typed.get("name", ""), dry_run=False)
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, kind, refusal=refusal)
    here.nudge()
    return await _page(request, who, kind, report=report)


def _kind(request: Request) -> str:
    return request.url.path.split("/")[1]


async def _run(here: Site, who: Visitor, kind: str, key: str, name: str, *, dry_run: bool) -> Report:
    def run() -> Report:
        waiting, bring = waiting_tables(here), KINDS[kind].bring
        if dry_run:
            return bring(here.database, waiting.path(key, name), who.actor, who.now, dry_run=True, name=name)
        with waiting.taken(key, name) as path:
            return bring(here.database, path, who.actor, who.now, name=name)

    return await asyncio.to_thread(run)


async def _page(
    request: Request,
    who: Visitor,
    kind: str,
    *,
    report: Report | None = None,
    key: str = "",
    refusal: Refusal | None = None,
) -> Response:
    brought, language = KINDS[kind], who.language

    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, brought.what, QUALITY)
        return {
            "report": report,
            "groups": noticed(report, language, SHOWN) if report else [],
            "key": key,
            "path": f"/{kind}/import",
            "back": f"/{kind}",
            "lede": say(brought.lede, language),
            "columns": say(brought.columns, language),
            "refused": dict(zip(("title", "text"), says(refusal, language), strict=True)) if refusal else None,
            "crumbs": [
                {"href": f"/{kind}", "label": say(brought.list, language)},
                {"label": say(_BRING_IN, language)},
            ],
        }

    return await show(request, who, "organisation_import.html", read, refusal.status if refusal else 200)


_BRING_IN = N_("Bring in from a table")
