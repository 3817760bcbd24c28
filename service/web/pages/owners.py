"""Who answers for a process: zero, one or many posts in their order."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import owners
from service.keeping.change import QUALITY
from service.language import say
from service.organisation import organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, kept, must_keep, post_choices
from service.web.pages.reporting import report_href
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)

MORE = 3  # empty places behind the owners there are


@router.get("/processes/{process_id:uuid}/owners")
async def owners_of(request: Request, who: Who, process_id: UUID) -> Response:
    """The form with the owners there are. Raises NotYours, NotFound."""
    return await _page(request, who, process_id, None)


@router.post("/processes/{process_id:uuid}/owners")
async def set_owners(request: Request, who: Who, here: Here, process_id: UUID) -> Response:
    """These, in this order. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        places = sorted((name for name in typed if name.startswith("owner_")), key=lambda name: (len(name), name))
        owners.set_owners(connection, process_id, [typed[name] for name in places], who.actor, who.now)

    path = f"/processes/{process_id}/owners"
    return await carry_out(request, here, use_case, path, lambda refused: _page(request, who, process_id, refused))


async def _page(request: Request, who: Visitor, process_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        must_keep(snapshot, who, owners.WHAT, QUALITY)
        row = connection.execute(sa.select(t.process).where(t.process.c.id == process_id)).first()
        if row is None:
            raise NotFound
        there = [snapshot.posts[post].code for post in snapshot.process_owners.get(process_id, ())]
        if refused:
            there = [str(code) for name, code in refused.typed.items() if name.startswith("owner_") and code]
        return {
            "process": row,
            "owners": [*there, *[""] * MORE],
            "posts": post_choices(snapshot, who),
            "names": [
                heading(snapshot.posts[post].name, language) for post in snapshot.process_owners.get(process_id, ())
            ],
            "refused": refused.message(language) if refused else None,
            "report_href": report_href(who, snapshot, row.code),
            "messages": kept(request, language),
            "crumbs": [{"href": "/processes", "label": say(_PROCESSES, language)}, {"label": row.code}],
        }

    return await show(request, who, "process_owners.html", read, refused.refusal.status if refused else 200)


_PROCESSES = N_("Processes")
