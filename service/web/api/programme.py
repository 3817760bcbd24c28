"""The programme of audits, for programs: each process with its audits in each month, and what to think of."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.reading.audits import ORDERS, AuditRow, ProgrammeLine, read_programme
from service.web.api.answer import answer
from service.web.api.asked import Asked, query, reading
from service.web.api.describe import operation
from service.web.api.shapes import Shape
from states.lifecycle import Choice, Field
from states.refusals import Incomplete
from states.text import N_, Text

router = APIRouter(prefix="/api", tags=["audits"])

YEAR = Field("year", Text("Жыл", "Год", "Year; without it, this one"), "number", required=False)
ORDER = Field(
    "order",
    Text("Тартиби", "Порядок", "In which order"),
    "choice",
    required=False,
    choices=tuple(Choice(order, Text(order, order, order)) for order in ORDERS),
)
ASKS = (YEAR, ORDER)


class Audit(Shape):
    """An audit of the year; `late` in working days, `raised` how many nonconformities it has led to."""

    id: UUID
    code: str
    title: str
    state: str
    state_label: str
    planned_on: date
    original_planned_on: date
    carried_out_on: date | None
    lead: str | None
    unit: str | None
    late: int
    raised: int
    links: dict[str, str]


class Line(Shape):
    """A process, or a unit audited without one (`process` is null); `months` are twelve lists of audits.

    `unit` is the code of the unit that an audit of it would be of. It `waits` where it was not audited within a year
    and no audit of it is ahead.
    """

    process: str | None
    unit: str | None
    name: str
    months: list[list[Audit]]
    last_on: date | None
    nonconformities: int
    changes: int
    waits: bool


class Programme(Shape):
    """A year's programme. Where `all` is false, there may be audits that whoever asks may not read."""

    year: int
    years: list[int]
    all: bool
    lines: list[Line]


@router.get("/programme", **operation("programme_of_audits", "The programme of audits", Programme, asks=ASKS))
async def programme(request: Request) -> Response:
    """The year's programme, as far as whoever asks may read its audits."""
    asks = query(request, ASKS)
    if asks["year"] is not None and not 1900 <= asks["year"] <= 2200:
        raise Incomplete({"year": N_("The year must be between 1900 and 2200.")})

    def read(asked: Asked) -> Response:
        who = asked.who
        found = read_programme(asked.connection, who.actor, who.now, asks["year"], asks["order"] or ORDERS[0])
        content = {
            "year": found.year,
            "years": list(found.years),
            "all": found.all,
            "lines": [_line(line, who.language) for line in found.lines],
        }
        return answer(content, who.language)

    return await reading(request, read)


def _line(line: ProgrammeLine, language: str) -> dict[str, Any]:
    return {
        "process": line.code or None,
        "unit": line.unit,
        "name": line.name.into(language),
        "months": [[_audit(audit, language) for audit in month] for month in line.months],
        "last_on": line.last_on,
        "nonconformities": line.nonconformities,
        "changes": line.changes,
        "waits": line.waits,
    }


def _audit(audit: AuditRow, language: str) -> dict[str, Any]:
    facts = ("id", "code", "title", "state", "planned_on", "original_planned_on", "carried_out_on", "late", "raised")
    return {
        **{name: getattr(audit, name) for name in facts},
        "state_label": audit.lifecycle.steps[audit.state].label.into(language),
        "lead": audit.lead.into(language) if audit.lead else None,
        "unit": audit.unit.into(language) if audit.unit else None,
        "links": {"self": f"/api/audits/{audit.id}"},
    }
