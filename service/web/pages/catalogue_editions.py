"""Entering the next edition of a catalogue: a table that is pasted or sent, a trial run of it, then the edition."""

import asyncio
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from service.importing.report import Severity
from service.importing.waiting import WaitingTables
from service.keeping.catalogue_change import must_keep
from service.keeping.catalogue_editions import Trial, enter_edition, try_edition
from service.language import say, says
from service.organisation import organisation
from service.reading.catalogues import read_catalogue
from service.web.incoming import within
from service.web.pages.catalogues import INDENT, PATH, called
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Incomplete, Malformed, NotYours, Refusal
from states.text import N_

router = APIRouter(include_in_schema=False)

LARGEST = 1024 * 1024
SHOWN = 200
_TONES = {Severity.ERROR: "late", Severity.WARNING: "waiting", Severity.HINT: "resting"}


@router.get(f"{PATH}/{{catalogue}}/next")
async def next_edition(request: Request, who: Who, catalogue: str) -> Response:
    """The form. Raises NotYours, NotFound."""
    return await _page(request, who, catalogue, {})


@router.post(f"{PATH}/{{catalogue}}/next")
async def try_it(request: Request, who: Who, here: Here, catalogue: str) -> Response:
    """A trial run: nothing is written. Raises NotYours, NotFound."""
    await here.reading(lambda connection: must_keep(organisation(connection), who.actor))
    typed: dict[str, str] = {}
    try:
        typed, name, content = await _sent_table(request)
        key = await asyncio.to_thread(_waiting(here).keep, content, name, who.now)
        path = _waiting(here).path(key, name)
        trial = await here.reading(lambda connection: _try(connection, who, catalogue, typed, path, name))
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, catalogue, typed, refusal=refusal)
    return await _page(request, who, catalogue, typed, trial=trial, key=key)


@router.post(f"{PATH}/{{catalogue}}/next/confirm")
async def enter_it(request: Request, who: Who, here: Here, catalogue: str) -> Response:
    """Enter the edition whose trial run was seen. Raises NotYours, NotFound."""
    typed = await sent(request)
    key, name, edition = (typed.get(one, "") for one in ("key", "name", "edition"))
    try:
        with _waiting(here).taken(key, name) as path:
            await here.writing(
                lambda connection: enter_edition(connection, catalogue, edition, path, who.actor, who.now, name=name)
            )
    except NotYours:
        raise
    except Refusal as refusal:
        return await _page(request, who, catalogue, typed, refusal=refusal)
    return RedirectResponse(f"{PATH}/{quote(catalogue)}?done=1", 303)


def _try(
    connection: sa.Connection, who: Visitor, catalogue: str, typed: dict[str, str], path: Path, name: str
) -> Trial:
    return try_edition(connection, catalogue, typed.get("edition", ""), path, who.actor, who.now, name=name)


async def _sent_table(request: Request) -> tuple[dict[str, str], str, bytes]:
    """What was typed, the name of the table, and its content: of a file, else of what was pasted. Raises Malformed."""
    async with within(request, LARGEST, Malformed(_TOO_LARGE)).form(max_files=1, max_fields=10) as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        table = form.get("table")
        if isinstance(table, UploadFile) and table.filename:
            name = PurePosixPath(table.filename.replace("\\", "/")).name[:200]
            return typed, name, await table.read()
    pasted = typed.get("pasted", "").strip("\r\n")
    if not pasted.strip():
        raise Incomplete({"pasted": N_("Paste the table here, or choose a file.")})
    return typed, "pasted.tsv" if "\t" in pasted else "pasted.csv", pasted.encode()


def _waiting(here: Site) -> WaitingTables:
    return WaitingTables(here.settings.home / "imports")


async def _page(
    request: Request,
    who: Visitor,
    catalogue: str,
    typed: dict[str, str],
    *,
    trial: Trial | None = None,
    key: str = "",
    refusal: Refusal | None = None,
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who.actor)
        editions = list(dict.fromkeys(row.edition for row in read_catalogue(connection, catalogue, who.actor, who.now)))
        language, errors = who.language, refusal.errors if isinstance(refusal, Incomplete) else {}
        return {
            "title": called(catalogue, language),
            "path": f"{PATH}/{quote(catalogue)}",
            "editions": editions,
            "typed": typed,
            "trial": trial,
            "key": key,
            "planned": [
                {"code": f"{INDENT * one.depth}{one.code}", "text": heading(one.name, language)}
                for one in (trial.planned if trial else ())
            ],
            "found": _findings(trial, language) if trial else [],
            "errors": {name: say(sentence, language) for name, sentence in errors.items()},
            "refused": dict(zip(("title", "text"), says(refusal, language), strict=True))
            if refusal and not errors
            else None,
        }

    return await show(request, who, "catalogue_next.html", read, refusal.status if refusal else 200)


def _findings(trial: Trial, language: str) -> list[dict[str, Any]]:
    found = sorted(trial.report.findings, key=lambda one: (one.severity is not Severity.ERROR, one.line or 0))
    return [
        {
            "line": str(one.line) if one.line else "—",
            "says": one.says(language),
            "severity": {"text": say(_SEVERITIES[one.severity], language), "tone": _TONES[one.severity]},
        }
        for one in found[:SHOWN]
    ]


_SEVERITIES = {Severity.ERROR: N_("wrong"), Severity.WARNING: N_("doubtful"), Severity.HINT: N_("worth a look")}
_TOO_LARGE = N_("The table is larger than 1 MB.")
