"""One's second factor: set up with a device, shown to work by a code, taken away."""

from collections.abc import Callable
from typing import Any

import segno
import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from service.accounts import second_factor
from service.accounts.proving import confirm, session_of
from service.accounts.sessions import renew
from service.accounts.views import account_view, recovery_codes_left
from service.web.entering import set_session
from service.web.pages.account import account_page
from service.web.pages.forms import sent
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Refusal

router = APIRouter(include_in_schema=False)

PATH = "/account/second-factor"


@router.get(PATH)
async def page(request: Request, who: Who, here: Here) -> Response:
    """Whether there is one, and the secret while it waits for its first code."""
    return await _page(request, who, here)


@router.post(f"{PATH}/new")
async def begin(request: Request, who: Who, here: Here) -> Response:
    """Show a new secret."""
    form, session, vault = await sent(request), session_of(who), here.vault()
    return await _doing(
        request,
        who,
        here,
        form,
        lambda connection: second_factor.begin(connection, vault, session.person_id, who.now),
    )


@router.post(PATH)
async def set_up(request: Request, who: Who, here: Here) -> Response:
    """The device shows the right code: it is asked for from now on. The recovery codes are shown this once."""
    form, session, vault = await sent(request), session_of(who), here.vault()

    def write(connection: sa.Connection) -> tuple[list[str], str]:
        codes = second_factor.confirm(connection, vault, session.person_id, form.get("code", ""), who.now)
        return codes, renew(connection, session)

    try:
        codes, token = await here.writing(write)
    except Refusal as refusal:
        return await _page(request, who, here, refusal)
    answer = await account_page(request, who, here, "recovery_codes.html", lambda _: {"codes": codes})
    set_session(answer, here.settings, token)
    return answer


@router.post(f"{PATH}/codes")
async def new_codes(request: Request, who: Who, here: Here) -> Response:
    """Ten new recovery codes in place of those there were."""
    form, session = await sent(request), session_of(who)
    try:
        await confirm(here, who, form, always=True)
        codes = await here.writing(lambda connection: second_factor.renew_codes(connection, session.person_id, who.now))
    except Refusal as refusal:
        return await _page(request, who, here, refusal)
    return await account_page(request, who, here, "recovery_codes.html", lambda _: {"codes": codes})


@router.post(f"{PATH}/remove")
async def remove(request: Request, who: Who, here: Here) -> Response:
    """No second factor any more."""
    form, session = await sent(request), session_of(who)
    return await _doing(
        request,
        who,
        here,
        form,
        lambda connection: second_factor.remove(connection, session.person_id, session.person_id, who.now),
        always=True,
    )


async def _doing(
    request: Request,
    who: Visitor,
    here: Site,
    form: dict[str, str],
    use_case: Callable[[sa.Connection], None],
    *,
    always: bool = False,
) -> Response:
    try:
        await confirm(here, who, form, always=always)
        await here.writing(use_case)
    except Refusal as refusal:
        return await _page(request, who, here, refusal)
    return RedirectResponse(PATH, 303)


async def _page(request: Request, who: Visitor, here: Site, refusal: Refusal | None = None) -> Response:
    session, vault = session_of(who), here.vault()

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = account_view(connection, session.person_id, who.now)
        secret = second_factor.shown_secret(connection, vault, session.person_id)
        return {
            "account": view,
            "codes_left": recovery_codes_left(connection, view),
            "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)) if secret else "",
            "picture": _picture(secret, who) if secret else "",
        }

    return await account_page(request, who, here, "second_factor.html", read, refusal)


def _picture(secret: str, who: Visitor) -> Markup:
    name = who.person.code if who.person else ""
    code = segno.make(second_factor.address_of(secret, name), error="m")
    # segno writes numbers and colours of ours only.
    return Markup(code.svg_inline(scale=5, border=4, dark="#000", light="#fff"))  # noqa: S704 - our own picture
