"""One's tokens for programs: made, seen once, revoked."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts import api_tokens
from service.accounts.proving import confirm, session_of
from service.language import say
from service.web.pages.account import account_page
from service.web.pages.forms import controls, sent
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Incomplete, Refusal

router = APIRouter(include_in_schema=False)

PATH = "/account/tokens"


@router.get(PATH)
async def page(request: Request, who: Who, here: Here) -> Response:
    """My tokens, the newest first."""
    return await _page(request, who, here)


@router.post(PATH)
async def make(request: Request, who: Who, here: Here) -> Response:
    """Make a token, which is shown this once."""
    form, session = await sent(request), session_of(who)
    given = {field.name: form.get(field.name, "") for field in api_tokens.FIELDS}
    try:
        await confirm(here, who, form)
        _, token = await here.writing(
            lambda connection: api_tokens.make_token(connection, session.person_id, given, who.now, who.address)
        )
    except Refusal as refusal:
        return await _page(request, who, here, refusal, given)
    return await _page(request, who, here, made=token)


@router.post(PATH + "/{token_id:uuid}/revoke")
async def revoke(who: Who, here: Here, token_id: UUID) -> Response:
    """The token is worth nothing from now on."""
    mine = session_of(who).person_id
    await here.writing(lambda connection: api_tokens.revoke_token(connection, mine, token_id, mine, who.now))
    return RedirectResponse(f"{PATH}?done=revoked", 303)


async def _page(
    request: Request,
    who: Visitor,
    here: Site,
    refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
    made: str = "",
) -> Response:
    session = session_of(who)
    errors = refusal.errors if isinstance(refusal, Incomplete) else {}
    wrong = {name: say(sentence, who.language) for name, sentence in errors.items()}

    def read(connection: sa.Connection) -> dict[str, Any]:
        return {
            "tokens": api_tokens.list_tokens(connection, session.person_id, who.now),
            "controls": controls(api_tokens.FIELDS, who.language, {}, typed or {"days": "90"}, wrong),
            "made": made,
        }

    return await account_page(request, who, here, "tokens.html", read, refusal)
