"""Bringing in a university's own list of nonconformities: its columns said once, a trial run, then the list itself."""

import asyncio
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from typing import Annotated, Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from service.exporting import file_name, xlsx_file
from service.exporting.as_xlsx import MEDIA_TYPE
from service.importing.list.look import WHAT, Look, campuses_of, look_at
from service.importing.list.mapping import ListMapping
from service.importing.list.report import ListReport
from service.importing.list.trial import Trial, try_list
from service.importing.waiting import WaitingTables
from service.language import say
from service.organisation import organisation
from service.web.incoming import within
from service.web.pages.files import disposition
from service.web.pages.frame import show
from service.web.pages.list_import_forms import Sent, columns_page, kept_mapping, said_mapping, typed_mapping
from service.web.pages.list_import_runs import find_run, start_run
from service.web.pages.list_import_shown import doubts, first_page, run_page, trial_page
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Incomplete, Malformed, NotFound, NotYours, Refusal
from states.roles import LABELS, Role
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/nonconformities/import"
LARGEST: Final = 5 * 1024 * 1024
FORM: Final = 2 * 1024 * 1024
MOST_FIELDS: Final = 3_000


async def quality_specialist(who: Who, here: Here) -> Visitor:
    """Whoever asks, if they may bring in a list: before anything else is said about it. Raises NotYours."""
    await here.reading(lambda connection: _must(connection, who))
    return who


Keeper = Annotated[Visitor, Depends(quality_specialist)]


@router.get(PATH)
async def choose_list(request: Request, who: Keeper) -> Response:
    """The form for the file. Raises NotYours."""
    return await _first(request, who)


@router.post(PATH)
async def send_list(request: Request, who: Keeper, here: Here) -> Response:
    """The file: its columns to be said, or the trial run where lists of these headings are known. Raises NotYours."""
    try:
        file = await _sent_file(request, here, who)
        remembered = await here.reading(lambda connection: _look(connection, here, who, file).remembered)
        if remembered and remembered.is_whole:
            return await _tried(request, who, here, file, remembered.mapping, remembered_at=today(remembered.at))
        return await _columns(request, who, here, file)
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await _first(request, who, refusal)


@router.post(f"{PATH}/columns")
async def say_columns(request: Request, who: Keeper, here: Here) -> Response:
    """The columns once more: to change them, or of another sheet. Raises NotYours."""
    sent = await _sent(request)
    mapping = kept_mapping(sent, is_whole=False)
    return await _columns(request, who, here, sent, mapping if mapping.sheet == sent.sheet else None)


@router.post(f"{PATH}/try")
async def try_it(request: Request, who: Keeper, here: Here) -> Response:
    """A trial run with what was said: nothing is written. Raises NotYours."""
    sent = await _sent(request)
    look = await here.reading(lambda connection: _look(connection, here, who, sent))
    try:
        return await _tried(request, who, here, sent, typed_mapping(sent, look))
    except Incomplete as refusal:
        return await _columns(request, who, here, sent, said_mapping(sent, look), refusal)


@router.post(f"{PATH}/confirm")
async def bring_in(request: Request, who: Keeper, here: Here) -> Response:
    """The list itself, as its trial run was seen; those who wait long are shown how far it is. Raises NotYours."""
    sent = await _sent(request)
    run = start_run(request.app, here, who, sent, kept_mapping(sent), waiting(here))
    await asyncio.to_thread(run.wait)
    return RedirectResponse(f"{PATH}/{run.token}", 303)


@router.post(f"{PATH}/doubts")
async def all_doubts(request: Request, who: Keeper, here: Here) -> Response:
    """All that a trial run noticed, as XLSX. Raises NotYours."""
    sent = await _sent(request)
    mapping = kept_mapping(sent)
    trial = await here.reading(lambda connection: _try(connection, here, who, sent, mapping))
    return await _as_xlsx(trial.report, who)


@router.get(f"{PATH}/{{token}}")
async def see_run(request: Request, who: Keeper, here: Here, token: str) -> Response:
    """How far an import is, or what became of it. Raises NotYours, NotFound, and what ended it."""
    run = find_run(request.app, token, who)
    if run is None:
        raise NotFound(N_("This import is not known here any more."), N_("Send the file again: what is in stays."))
    if run.is_over:
        run.outcome()
    return await run_page(request, who, run)


@router.get(f"{PATH}/{{token}}/doubts")
async def doubts_of_run(request: Request, who: Keeper, here: Here, token: str) -> Response:
    """All that an import noticed, as XLSX. Raises NotYours, NotFound."""
    run = find_run(request.app, token, who)
    if run is None or not run.is_over:
        raise NotFound
    return await _as_xlsx(run.outcome(), who)


def waiting(here: Site) -> WaitingTables:
    """Where files are between their trial run and the import itself."""
    return WaitingTables(here.settings.home / "imports")


async def _sent_file(request: Request, here: Site, who: Visitor) -> Sent:
    """The file, kept, with the campus it is of. Raises Malformed."""
    async with within(request, LARGEST + 64 * 1024, Malformed(_TOO_LARGE, _SPLIT)).form(max_files=1) as form:
        table = form.get("table")
        if not isinstance(table, UploadFile) or not table.filename:
            raise Malformed(N_("No list was chosen."), N_("Choose a file: XLSX, CSV, TSV or a Markdown text."))
        content = await table.read()
        campus = str(form.get("campus", ""))
    if len(content) > LARGEST:
        raise Malformed(_TOO_LARGE, _SPLIT)
    name = PurePosixPath(table.filename.replace("\\", "/")).name[:200]
    key = await asyncio.to_thread(waiting(here).keep, content, name, who.now)
    return Sent({"key": key, "name": name, "campus": campus})


async def _sent(request: Request) -> Sent:
    """A form of one of these pages. Raises Malformed."""
    refusal = Malformed(N_("This is more than a form can hold."), N_("Shorten it and send it again."))
    async with within(request, FORM, refusal).form(max_files=0, max_fields=MOST_FIELDS) as form:
        return Sent({name: value for name, value in form.items() if isinstance(value, str)})


def _must(connection: sa.Connection, who: Visitor) -> None:
    if not campuses_of(organisation(connection), who.actor, who.now):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def _look(connection: sa.Connection, here: Site, who: Visitor, sent: Sent) -> Look:
    path = sent.path(waiting(here))
    report = ListReport("nonconformities")
    return look_at(connection, path, who.actor, who.now, report, campus=sent.campus, sheet=sent.sheet)


def _try(connection: sa.Connection, here: Site, who: Visitor, sent: Sent, mapping: ListMapping) -> Trial:
    path = sent.path(waiting(here))
    return try_list(connection, path, who.actor, who.now, name=sent.name, campus=sent.campus, mapping=mapping)


async def _first(request: Request, who: Visitor, refusal: Refusal | None = None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        _must(connection, who)
        return first_page(connection, who, refusal)

    return await show(request, who, "list_import.html", read, refusal.status if refusal else 200)


async def _columns(
    request: Request,
    who: Visitor,
    here: Site,
    sent: Sent,
    mapping: ListMapping | None = None,
    refusal: Incomplete | None = None,
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        look = _look(connection, here, who, sent)
        return columns_page(who, sent, look, mapping or look.mapping, refusal)

    return await show(request, who, "list_import_columns.html", read, refusal.status if refusal else 200)


async def _tried(
    request: Request,
    who: Visitor,
    here: Site,
    sent: Sent,
    mapping: ListMapping,
    remembered_at: date | None = None,
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        trial = _try(connection, here, who, sent, mapping)
        return trial_page(connection, who, sent, trial, mapping, remembered_at)

    return await show(request, who, "list_import_trial.html", read)


async def _as_xlsx(report: ListReport, who: Visitor) -> Response:
    columns, rows = doubts(report, who.language)
    written, title = BytesIO(), say(N_("Import of a list"), who.language)
    await asyncio.to_thread(xlsx_file, columns, rows, written, title=title, made=who.now)
    name = file_name(f"{title} {report.source}", today(who.now), "xlsx")
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return Response(written.getvalue(), media_type=MEDIA_TYPE, headers=headers)


_TOO_LARGE = N_("The list is larger than 5 MB.")
_SPLIT = N_("Split it into smaller files and bring them in one after the other.")
