"""The register of processes: who answers for each, its documents, what is open in it."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping.change import QUALITY, keeps
from service.organisation import organisation
from service.reading.processes import ProcessRow, list_processes
from service.web.pages.frame import show
from service.web.pages.keeping import kept
from service.web.pages.reporting import report_href
from service.web.pages.wording import heading
from service.web.site import Who
from states.registry import lifecycles

router = APIRouter(include_in_schema=False)


@router.get("/processes")
async def register(request: Request, who: Who) -> Response:
    """All processes, by section, in the order of their codes."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        sections: dict[str, list[dict[str, Any]]] = {}
        for row in list_processes(connection, who.actor, who.now):
            report = report_href(who, snapshot, row.code)
            sections.setdefault(row.section, []).append({**_line(row, who.language), "report_href": report})
        return {
            "sections": sections,
            "messages": kept(request, who.language),
            "keeps": keeps(snapshot, who.actor, QUALITY),
        }

    return await show(request, who, "processes.html", read)


def _line(row: ProcessRow, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "owners": [heading(owner, language) for owner in row.owners],
        "as_given": row.owner_as_given,
        "documents": {"number": row.documents, "href": f"/documents?process={row.id}"},
        "open": [
            {
                "label": heading(one.plural, language),
                "number": row.open[one.name],
                "href": f"/{one.collection}?process={row.id}&show=open",
            }
            for one in lifecycles().values()
            if row.open[one.name]
        ],
    }
