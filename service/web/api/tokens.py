"""The tokens of whoever asks: made, listed and revoked by people who signed in, never by a token."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.accounts import api_tokens
from service.accounts.proving import confirm, session_of
from service.web.api import registered, schemas
from service.web.api.answer import answer
from service.web.api.asked import Asked, body, reading, signature, strict, writing
from service.web.api.describe import operation
from service.web.site import signed_in, site, visitor

router = APIRouter(prefix="/api", tags=["me"])

_FORM = schemas.form(api_tokens.FIELDS)
_SIGNATURE = {"type": "object", "properties": {name: {"type": "string"} for name in ("password", "passkey")}}
SENDS = {
    **_FORM,
    "properties": {
        **_FORM["properties"],
        "days": {"title": "For how many days", "type": "integer", "minimum": 1, "maximum": api_tokens.LONGEST_DAYS},
        "signature": {**_SIGNATURE, "additionalProperties": False, "title": "That it is you"},
    },
}


@router.get("/me/tokens", **operation("my_tokens", "My tokens", schemas.listed(registered.Token)))
async def tokens(request: Request) -> Response:
    """Those that are good, the newest first; never the tokens themselves."""

    def read(asked: Asked) -> Response:
        rows = api_tokens.list_tokens(asked.connection, session_of(asked.who).person_id, asked.who.now)
        items = [_view(row) for row in rows]
        return answer({"items": items, "next": None, "total": len(items)}, asked.who.language)

    return await reading(request, read)


@router.post("/me/tokens", **operation("make_token", "Make a token", registered.NewToken, status=201, sends=SENDS))
async def make(request: Request) -> Response:
    """A token of mine for a program; it is answered this once. Ten minutes after signing in `signature` is needed."""
    here, given = site(request), await body(request)
    typed = signature(given)
    strict(api_tokens.FIELDS, given)
    who = await signed_in(request, await visitor(request))
    await confirm(here, who, typed)

    def write(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        session = session_of(who)
        token_id, token = api_tokens.make_token(connection, session.person_id, given, who.now, who.address)
        row = connection.execute(sa.select(t.api_token).where(t.api_token.c.id == token_id)).one()
        return answer({**_view(row), "token": token}, who.language, 201, {"Cache-Control": "no-store"})

    return await writing(request, write)


@router.delete("/me/tokens/{token}", **operation("revoke_token", "Revoke a token", None, status=204, refuses=[404]))
async def revoke(request: Request, token: UUID) -> Response:
    """The token is worth nothing from now on."""

    def write(asked: Asked) -> Response:
        mine = session_of(asked.who).person_id
        api_tokens.revoke_token(asked.connection, mine, token, mine, asked.who.now)
        return Response(status_code=204)

    return await writing(request, write)


def _view(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in registered.Token.model_fields}
