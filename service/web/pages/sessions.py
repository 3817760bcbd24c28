"""One's sessions: every browser that is signed in, and its end."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts.proving import session_of
from service.accounts.sessions import end_sessions, list_sessions
from service.web.pages.account import account_page
from service.web.pages.browsers import browser_named
from service.web.pages.forms import sent
from service.web.site import Here, Who

router = APIRouter(include_in_schema=False)

PATH = "/account/sessions"
# Enough of a hash to tell sessions of one person apart.
REFERENCE = 16


@router.get(PATH)
async def page(request: Request, who: Who, here: Here) -> Response:
    """My sessions, the one used last first."""
    session = session_of(who)

    def read(connection: sa.Connection) -> dict[str, Any]:
        rows = list_sessions(connection, session.person_id, who.now)
        return {
            "sessions": [
                {
                    "reference": row.token_hash[:REFERENCE],
                    "method": row.method,
                    "agent": browser_named(row.agent),
                    "address": row.address,
                    "created_at": row.created_at,
                    "seen_at": row.seen_at,
                    "this": row.token_hash == session.token_hash,
                }
                for row in rows
            ]
        }

    return await account_page(request, who, here, "sessions.html", read)


@router.post(f"{PATH}/end")
async def end(request: Request, who: Who, here: Here) -> Response:
    """End one of my sessions, or all others."""
    wanted, session = (await sent(request)).get("session", ""), session_of(who)
    mine = session.person_id

    def write(connection: sa.Connection) -> None:
        for row in list_sessions(connection, mine, who.now):
            others = wanted == "others" and row.token_hash != session.token_hash
            if others or row.token_hash[:REFERENCE] == wanted:
                end_sessions(connection, mine, mine, who.now, only=row.token_hash, address=who.address)

    await here.writing(write)
    return RedirectResponse(f"{PATH}?done=ended", 303)
