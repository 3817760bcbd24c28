"""Signing in by the university's identity provider: to it, and back."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts.oidc import CALLBACK, Client, begin, sign_in
from service.language import says
from service.settings import Settings
from service.web.entering import caller_of, entered
from service.web.pages.frame import render
from service.web.pages.wording import local
from service.web.site import Anybody, Here, Site, Visitor
from states.refusals import NotFound, Refusal

router = APIRouter(include_in_schema=False)

PATH = "/oidc"
LASTS = 600


# A link and no form: our own form-action forbids a form that leads elsewhere.
@router.get(PATH)
async def go(request: Request, who: Anybody, here: Here) -> Response:
    """On to the identity provider. Raises NotFound where there is none."""
    back = local(request.query_params.get("next"))
    try:
        begun = await begin(here, _provider(request, here), caller_of(request, who), back)
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(request, who, refusal, back)
    answer = RedirectResponse(begun.url, 303)
    answer.set_cookie(_cookie(here.settings), begun.token, max_age=LASTS, **_how(here.settings))
    return answer


@router.get(CALLBACK)
async def come_back(request: Request, who: Anybody, here: Here) -> Response:
    """Back from the identity provider: signed in, or told why not. Raises NotFound where there is none."""
    provider, token = _provider(request, here), request.cookies.get(_cookie(here.settings), "")
    try:
        done = await sign_in(here, provider, token, dict(request.query_params), caller_of(request, who))
        answer = await entered(here, who, done)
    except Refusal as refusal:
        answer = _refused(request, who, refusal, "/")
    answer.delete_cookie(_cookie(here.settings), **_how(here.settings))
    return answer


def button(settings: Settings) -> str:
    """What the button says by which one signs in at the identity provider; nothing where there is none."""
    client = Client.of(settings)
    return client.label if client else ""


def _provider(request: Request, here: Site) -> Any:
    """The identity provider, with what is known of it; one for each running Sapat."""
    from service.accounts.provider import Provider  # long to import, and most universities have none

    client, kept = Client.of(here.settings), getattr(request.app.state, "identity_provider", None)
    if client is None:
        raise NotFound
    if kept is None or kept.client != client:
        kept = request.app.state.identity_provider = Provider(client)
    return kept


def _refused(request: Request, who: Visitor, refusal: Refusal, back: str) -> Response:
    title, next_step = says(refusal, who.language)
    query = f"?next={quote(back, safe='')}" if back != "/" else ""
    context: dict[str, Any] = {"again": PATH + query, "by_password": f"/sign-in{query}"}
    answer = render(request, who, "oidc.html", status=refusal.status, title=title, next_step=next_step, **context)
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer


def _cookie(settings: Settings) -> str:
    return "__Secure-sapat_oidc" if settings.address.startswith("https://") else "sapat_oidc"


def _how(settings: Settings) -> dict[str, Any]:
    # Lax: the provider leads back here from its own site.
    return {"path": PATH, "httponly": True, "samesite": "lax", "secure": settings.address.startswith("https://")}
