"""The seals over all histories: what an auditor keeps elsewhere, to hold the database to it."""

from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.reading.seals import list_seals
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, query, reading
from service.web.api.describe import operation
from service.web.api.shapes import Shape

router = APIRouter(prefix="/api", tags=["seals"])


class Seal(Shape):
    """A seal. `hash` is SHA-256 over the other fields as canonical JSON: keep it elsewhere, it vouches for all before.

    `root` is the Merkle root (RFC 9162, 2.1) over the heads of the `leaves` histories that moved since the seal before.
    """

    number: int
    at: datetime
    leaves: int
    root: str = Field(pattern="^[0-9a-f]{64}$")
    events_until: int
    events_hash: str = Field(pattern="^[0-9a-f]{64}$")
    previous: str = Field(description="The hash of the seal before; empty in the first.")
    hash: str = Field(pattern="^[0-9a-f]{64}$")


@router.get("/seals", **operation("list_seals", "List the seals", schemas.listed(Seal), asks=PAGING))
async def seals(request: Request) -> Response:
    """The seals, the newest first."""
    wanted = query(request, PAGING)

    def read(asked: Asked) -> Response:
        page = list_seals(asked.connection, wanted["cursor"], wanted["limit"] or 50)
        return answer(listed(page, asdict), asked.who.language)

    return await reading(request, read)
