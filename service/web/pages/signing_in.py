"""Signing in and out, and the link by which a person sets their password."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts import challenges, passkeys
from service.accounts.account import own_words
from service.accounts.links import link_holder, set_password_by_link
from service.accounts.refusals import PasskeyRefused
from service.accounts.sessions import end_sessions
from service.accounts.signing_in import SECOND, Halfway, by_code, by_passkey, by_password
from service.accounts.strength import weakness
from service.web.entering import caller_of, entered, forget, halfway_cookie, set_halfway
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import render, show
from service.web.pages.oidc import button as provider_button
from service.web.pages.wording import local
from service.web.refused import problem_answer
from service.web.site import Anybody, Here, Site, Visitor
from states.refusals import Incomplete, Refusal
from states.text import N_

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def sign_in_page(request: Request, who: Anybody, here: Here) -> Response:
    """Where one says who one is, and proves it."""
    back = local(request.query_params.get("next"))
    if who.session:
        return RedirectResponse(back, 303)
    return _sign_in_page(request, who, here, {"next": back, "was_set": "set" in request.query_params})


@router.post("/sign-in")
async def sign_in(request: Request, who: Anybody, here: Here) -> Response:
    """A name and a password."""
    form = await sent(request)
    name, back = form.get("name", ""), local(form.get("next"))
    try:
        done = await by_password(here, name, form.get("password", ""), caller_of(request, who), back)
    except Refusal as refusal:
        return _sign_in_page(request, who, here, {"next": back, "name": name}, refusal)
    if isinstance(done, Halfway):
        answer = RedirectResponse("/sign-in/second", 303)
        set_halfway(answer, here.settings, done)
        return answer
    return await entered(here, who, done)


@router.get("/sign-in/second")
async def second_page(request: Request, who: Anybody, here: Here) -> Response:
    """Where the code of the second factor is given."""
    token = request.cookies.get(halfway_cookie(here.settings), "")
    asked = await here.reading(lambda connection: challenges.asked(connection, SECOND, token, who.now))
    return render(request, who, "second.html") if asked else RedirectResponse("/sign-in", 303)


@router.post("/sign-in/second")
async def second(request: Request, who: Anybody, here: Here) -> Response:
    """The code of the second factor, or a recovery code."""
    form = await sent(request)
    token = request.cookies.get(halfway_cookie(here.settings), "")
    try:
        return await entered(here, who, await by_code(here, token, form.get("code", ""), caller_of(request, who)))
    except Refusal as refusal:
        return _refused(request, who, "second.html", refusal, {})


@router.post("/sign-in/passkey/options")
async def passkey_options(who: Anybody, here: Here) -> Response:
    """What the browser needs to show a passkey (JSON)."""
    party = passkeys.Party.at(here.settings.address)
    if party is None:
        return problem_answer(PasskeyRefused(), who.language)
    options = await here.writing(lambda connection: passkeys.ask(connection, party, who.now))
    return Response(options, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.post("/sign-in/passkey")
async def sign_in_by_passkey(request: Request, who: Anybody, here: Here) -> Response:
    """A passkey: it names its owner, and proves two things at once."""
    form = await sent(request)
    back = local(form.get("next"))
    try:
        done = await by_passkey(here, form.get("passkey", ""), caller_of(request, who), back)
    except Refusal as refusal:
        return _sign_in_page(request, who, here, {"next": back}, refusal)
    return await entered(here, who, done)


@router.post("/sign-out")
async def sign_out(who: Anybody, here: Here) -> Response:
    """End the session."""
    session = who.session
    if session:
        await here.writing(
            lambda connection: end_sessions(
                connection, session.person_id, session.person_id, who.now, only=session.token_hash, address=who.address
            )
        )
    answer = RedirectResponse("/", 303)
    forget(answer, here.settings)
    return answer


@router.get("/link/{token}")
async def link_page(request: Request, who: Anybody, token: str) -> Response:
    """Where a link's owner sets a password."""
    return await _link_page(request, who, token)


@router.post("/link/{token}")
async def set_password(request: Request, who: Anybody, here: Here, token: str) -> Response:
    """Keep the password; from then on one signs in with it."""
    form = await sent(request)
    person = await here.reading(lambda connection: link_holder(connection, token, who.now))
    try:
        password = new_password(form, own_words(person))
        kept = await here.passwords.hash(password)
        await here.writing(lambda connection: set_password_by_link(connection, token, kept, who.now, who.address))
    except Incomplete as refusal:
        return await _link_page(request, who, token, refusal)
    return RedirectResponse("/sign-in?set=yes", 303)


def new_password(form: Mapping[str, str], words: Any) -> str:
    """The password that was typed twice. Raises Incomplete."""
    password = form.get("new_password", "")
    if wrong := weakness(password, words):
        raise Incomplete({"new_password": wrong})
    if password != form.get("again", ""):
        raise Incomplete({"again": N_("This is not the same password.")})
    return password


async def _link_page(request: Request, who: Visitor, token: str, refusal: Refusal | None = None) -> Response:
    refused = Refused("", {}, refusal) if refusal else None
    errors = refused.errors(who.language) if refused else {}

    def read(connection: Any) -> dict[str, Any]:
        return {"whose": link_holder(connection, token, who.now), "action": request.url.path, "wrong": errors}

    return await show(request, who, "link.html", read, refusal.status if refusal else 200)


def _sign_in_page(
    request: Request, who: Visitor, here: Site, context: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    more = {
        "passkeys": passkeys.Party.at(here.settings.address) is not None,
        "anybody": here.demo_sign_in(request.headers),
        "provider": provider_button(here.settings),
        "complaints": here.settings.complaints,
        **context,
    }
    return _refused(request, who, "sign_in.html", refusal, more)


def _refused(
    request: Request, who: Visitor, template: str, refusal: Refusal | None, context: dict[str, Any]
) -> Response:
    message = Refused("", {}, refusal).message(who.language) if refusal else None
    answer = render(request, who, template, status=refusal.status if refusal else 200, refused=message, **context)
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer
