"""The seals over all histories, and how anybody can check them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.reading.seals import coverage, list_seals
from service.sealing import Sealed
from service.verifying.sealed import printed_line
from service.web.pages.addresses import link
from service.web.pages.frame import show
from service.web.pages.wording import in_all
from service.web.site import Who
from states.kyrgyz import moment_in_words

router = APIRouter(include_in_schema=False)

PATH: Final = "/seals"


@router.get(PATH)
async def seals(request: Request, who: Who) -> Response:
    """The newest first."""
    after = request.query_params.get("after")

    def read(connection: sa.Connection) -> dict[str, Any]:
        page = list_seals(connection, after)
        last = page.rows[0] if page.rows and not after else None
        return {
            "rows": [_line(one, who.language) for one in page.rows],
            "last": last,
            "line": printed_line(asdict(last)) if last else "",
            "coverage": coverage(connection),
            "total": in_all(page.total, who.language),
            "next_href": link(PATH, {}, after=page.next) if page.next else "",
            "first_href": PATH if after else "",
        }

    return await show(request, who, "seals.html", read)


def _line(one: Sealed, language: str) -> dict[str, Any]:
    at = datetime.fromisoformat(one.at)
    return {"number": one.number, "at": moment_in_words(at, language), "leaves": one.leaves, "hash": one.hash}
