"""Bringing in units, posts and people from a table: a trial run first, shown line by line, then the import itself."""

import asyncio
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from service.importing.organisation import WHAT, import_organisation
from service.importing.report import Report
from service.importing.waiting import WaitingTables
from service.language import say, says
from service.organisation import organisation
from service.web.incoming import within
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.keeping import must_keep
from service.web.pages.noticed import noticed
from service.web.pages.organisation import PATH
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Malformed, NotYours, Refusal
from states.text import N_

router = APIRouter(include_in_schema=False)

LARGEST = 5 * 1024 * 1024
SHOWN = 500


@router.get("/organisation/import")
async def choose_table(request: Request, who: Who) -> Response:
    """The form for the table. Raises NotYours."""
    return await _page(request, who)


@router.post("/organisation/import")
async def try_table(request: Request, who: Who, here: Here) -> Response:
    """A trial run of the table that was sent: nothing is written. Raises NotYours."""
    await here.reading(lambda connection: must_keep(organisation(connection), who, WHAT))
    try:
        name, content = await sent_table(request)
        key = await asyncio.to_thread(waiting_tables(here).keep, content, name, who.now)
        report = await _run(here, who, key, name, dry_run=True)
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, refusal=refusal)
    return await _page(request, who, report=report, key=key)


@router.post("/organisation/import/confirm")
async def bring_in(request: Request, who: Who, here: Here) -> Response:
    """The import itself, of the table whose trial run was seen. Raises NotYours."""
    typed = await sent(request)
    try:
        report = await _run(here, who, typed.get("key", ""), typed.get("name", ""), dry_run=False)
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, refusal=refusal)
    here.nudge()  # tasks may have changed hands
    return await _page(request, who, report=report)


async def sent_table(request: Request) -> tuple[str, bytes]:
    """The name and content of the file. Raises Malformed."""
    async with within(request, LARGEST + 64 * 1024, Malformed(_TOO_LARGE, _SPLIT)).form(max_files=1) as form:
        table = form.get("table")
        if not isinstance(table, UploadFile) or not table.filename:
            raise Malformed(N_("No table was chosen."), N_("Choose a file: XLSX, CSV or TSV."))
        content = await table.read()
    if len(content) > LARGEST:
        raise Malformed(_TOO_LARGE, _SPLIT)
    return PurePosixPath(table.filename.replace("\\", "/")).name[:200], content


async def _run(here: Site, who: Visitor, key: str, name: str, *, dry_run: bool) -> Report:
    def run() -> Report:
        waiting = waiting_tables(here)
        if dry_run:
            path = waiting.path(key, name)
            return import_organisation(here.database, path, who.actor, who.now, dry_run=True, name=name)
        with waiting.taken(key, name) as path:
            return import_organisation(here.database, path, who.actor, who.now, name=name)

    return await asyncio.to_thread(run)


def waiting_tables(here: Site) -> WaitingTables:
    """The tables whose trial run was seen."""
    return WaitingTables(here.settings.home / "imports")


async def _page(
    request: Request, who: Visitor, *, report: Report | None = None, key: str = "", refusal: Refusal | None = None
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, WHAT)
        return {
            "report": report,
            "groups": noticed(report, who.language, SHOWN) if report else [],
            "key": key,
            "path": f"{PATH}/import",
            "back": PATH,
            "lede": say(_LEDE, who.language),
            "columns": say(_COLUMNS, who.language),
            "refused": dict(zip(("title", "text"), says(refusal, who.language), strict=True)) if refusal else None,
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, who.language)},
                {"label": say(_BRING_IN, who.language)},
            ],
        }

    return await show(request, who, "organisation_import.html", read, refusal.status if refusal else 200)


_ORGANISATION, _BRING_IN = N_("Organisation"), N_("Bring in from a table")
_TOO_LARGE = N_("The table is larger than 5 MB.")
_SPLIT = N_("Split it into smaller files and import them one after the other.")
_LEDE = N_(
    "Units, posts and people with what they hold: one table with all of it, or one of each. What is there already "
    "is not changed."
)
_COLUMNS = N_(
    "A row of headings, in Kyrgyz, Russian or English, in any order: person, person code, e-mail, language; unit, "
    "unit code, belongs to, campus; post, post code, role, heads its unit; since, until. A person needs a code or "
    "an e-mail address."
)
