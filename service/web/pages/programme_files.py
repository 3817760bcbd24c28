"""The programme of audits to take away: the matrix, and the list of the year's audits, for people and for programs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.exporting import Cell, Column
from service.language import say
from service.reading.audits import AuditRow, Programme, read_programme
from service.web.pages.addresses import asked_for
from service.web.pages.exports import Listed, answered
from service.web.pages.programme import ASKED, FILE, LIST_FILE, MONTHS, named, order_of, year_of
from service.web.pages.wording import heading, late_by
from service.web.site import Here, Site, Visitor, Who
from states.kyrgyz import day_short
from states.text import N_

router = APIRouter(include_in_schema=False)

_MARK: Final = " · "


@router.get(f"{FILE}.{{ending}}")
async def programme_file(request: Request, who: Who, here: Here, ending: str) -> Response:
    """The matrix: a row for each process. Raises Malformed for a year that is none."""
    return await _file(request, who, here, ending, _matrix)


@router.get(f"{LIST_FILE}.{{ending}}")
async def audits_file(request: Request, who: Who, here: Here, ending: str) -> Response:
    """The audits of the year: a row for each."""
    return await _file(request, who, here, ending, _list)


async def _file(
    request: Request, who: Visitor, here: Site, ending: str, listed: Callable[[Programme, str], Listed]
) -> Response:
    asked = asked_for(request, *ASKED)
    year, order = year_of(asked.get("year", "")), order_of(asked)

    def read(connection: sa.Connection) -> Listed:
        return listed(read_programme(connection, who.actor, who.now, year, order), who.language)

    return await answered(here, who, ending, read)


def _matrix(found: Programme, language: str) -> Listed:
    columns = [
        Column(say(_WHAT, language), width=48),
        *(Column(heading(month, language), width=14) for month in MONTHS),
        Column(say(_LAST, language), "date"),
        Column(say(_FOUND, language), "number"),
        Column(say(_CHANGES, language), "number"),
    ]
    rows: list[Sequence[Cell]] = [
        (
            named(line, language),
            *("\n".join(_cell(audit, language) for audit in month) or None for month in line.months),
            line.last_on,
            line.nonconformities,
            line.changes,
        )
        for line in found.lines
    ]
    return Listed(f"{say(_PROGRAMME, language)} {found.year}", columns, iter(rows))


def _cell(audit: AuditRow, language: str) -> str:
    state = audit.lifecycle.steps[audit.state].label.into(language)
    late = [late_by(audit.late, language)] if audit.late else []
    return _MARK.join([day_short(audit.planned_on, language), audit.code, state, *late])


def _list(found: Programme, language: str) -> Listed:
    columns = [
        Column(say(_CODE, language), width=14),
        Column(say(_TITLE, language), width=48),
        Column(say(_PROCESS, language)),
        Column(say(_UNIT, language)),
        Column(say(_LEAD, language)),
        *(Column(say(label, language), "date") for label in (_PLANNED, _FIRST, _DONE)),
        Column(say(_STATE, language)),
        Column(say(_LATE, language), "number"),
        Column(say(_RAISED, language), "number"),
    ]
    processes = {line.process_id: named(line, language) for line in found.lines if line.process_id}
    return Listed(f"{say(_AUDITS, language)} {found.year}", columns, _audits(found, processes, language))


def _audits(found: Programme, processes: dict[Any, str], language: str) -> Iterator[Sequence[Cell]]:
    for audit in found.audits:
        yield (
            audit.code,
            audit.title,
            processes.get(audit.process_id),
            heading(audit.unit, language) if audit.unit else None,
            audit.lead.into(language) if audit.lead else None,
            audit.planned_on,
            audit.original_planned_on,
            audit.carried_out_on,
            heading(audit.lifecycle.steps[audit.state].label, language),
            audit.late or None,
            audit.raised,
        )


_PROGRAMME, _AUDITS = N_("Programme of audits"), N_("Internal audits")
_WHAT, _LAST = N_("Process or unit"), N_("Last audit")
_FOUND, _CHANGES = N_("Nonconformities within a year"), N_("Changed documents within a year")
_CODE, _TITLE, _PROCESS, _UNIT = N_("Code"), N_("Title"), N_("Process"), N_("Unit")
_LEAD, _PLANNED, _FIRST = N_("Lead auditor"), N_("Planned for"), N_("First planned for")
_DONE, _STATE, _LATE = N_("Carried out on"), N_("State"), N_("Late, working days")
_RAISED = N_("Nonconformities raised")
